// SPDX-License-Identifier: GPL-3.0-or-later
// Each fault does what it says and nothing else: else the harness would be praised for catching something
// else.
#include "tests/saboteurs/faults.hpp"

#include <gtest/gtest.h>

#include <map>
#include <utility>

#include "tests/unit/harness/cube.hpp"

namespace meshassay::saboteurs {
namespace {

const Point3 low_mm(1, 2, 3);

Stage with_fault(std::string_view name) {
  Stage stage{.name = "exported",
              .mask = shared(harness::cube_mask()),
              .surfaces = {{1, harness::unit_cube(low_mm)}},
              .problem = {}};
  Grid grid;
  grid.spacing_mm = Vector3(0.5, 0.5, 2.0);
  for (const auto& fault : fault_catalogue())
    if (fault.name == name) {
      fault.apply(stage, grid);
      return stage;
    }
  ADD_FAILURE() << "no such fault: " << name;
  return stage;
}

const TriangleMesh& surface(const Stage& stage) { return stage.surfaces.at(1); }

/// Edges that do not lie between exactly two triangles, once in each direction.
int open_edges(const TriangleMesh& mesh) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, int> balance;
  for (const auto& triangle : mesh.triangles)
    for (std::size_t i = 0; i < 3; ++i) {
      const auto from = triangle[i], to = triangle[(i + 1) % 3];
      balance[std::minmax(from, to)] += from < to ? 1 : -1;
    }
  int open = 0;
  for (const auto& [edge, sum] : balance) open += sum != 0;
  return open;
}

TEST(Fault, CleanChangesNothing) {
  const auto stage = with_fault("clean");
  EXPECT_EQ(surface(stage).vertices_mm, harness::unit_cube(low_mm).vertices_mm);
  EXPECT_EQ(surface(stage).triangles, harness::unit_cube(low_mm).triangles);
  EXPECT_EQ(stage.mask->values, harness::cube_mask().values);
  EXPECT_EQ(open_edges(surface(stage)), 0);
}

TEST(Fault, OverSmoothedShrinksTheSurfaceAndLeavesItClosed) {
  const auto stage = with_fault("over_smoothed");
  EXPECT_LT(bounding_box(surface(stage)).diagonal_mm(), 0.5);  // sqrt(3) mm before.
  EXPECT_NEAR((bounding_box(surface(stage)).center_mm() - low_mm).maxCoeff(), 0.5, 0.1);
  EXPECT_EQ(open_edges(surface(stage)), 0);
}

TEST(Fault, HalfVoxelShiftMovesTheSurfaceAndNotTheMask) {
  const auto stage = with_fault("half_voxel_shift");
  EXPECT_EQ(bounding_box(surface(stage)).min_mm, low_mm + Vector3(0.25, 0.25, 1.0));
  EXPECT_EQ(stage.mask->values, harness::cube_mask().values);
}

TEST(Fault, MirroredXIsElsewhereWithItsNormalsOutward) {
  const auto stage = with_fault("mirrored_x");
  EXPECT_EQ(bounding_box(surface(stage)).min_mm, Point3(-2, 2, 3));
  EXPECT_NEAR(signed_volume_mm3(surface(stage)), 1.0, 1e-12);
  EXPECT_EQ(open_edges(surface(stage)), 0);
}

TEST(Fault, CentimetresAreATenth) {
  EXPECT_NEAR(signed_volume_mm3(surface(with_fault("centimetres"))), 1e-3, 1e-15);
}

TEST(Fault, ScaledIsLargerAboutItsMiddle) {
  const auto stage = with_fault("scaled");
  EXPECT_NEAR(signed_volume_mm3(surface(stage)), 1.008 * 1.008 * 1.008, 1e-12);
  EXPECT_NEAR((bounding_box(surface(stage)).center_mm() - low_mm - Vector3::Constant(0.5)).norm(), 0.0,
              1e-12);
}

Stage of_mask(std::string_view name, LabelMap mask, TriangleMesh mesh = {}) {
  Stage stage{.name = "segmented"};
  stage.mask = shared(std::move(mask));
  stage.surfaces[1] = std::move(mesh);
  for (const auto& fault : fault_catalogue())
    if (fault.name == name) fault.apply(stage, stage.mask->grid);
  return stage;
}

// Of nine rows of three the fifth is the middle one: its middle and last voxel are gone.
TEST(Fault, DrilledMaskLacksTheRowFromItsMiddleToItsBorder) {
  LabelMap mask(Grid{.size = {5, 5, 5}});
  for (int k = 1; k < 4; ++k)
    for (int j = 1; j < 4; ++j)
      for (int i = 1; i < 4; ++i) mask.at(i, j, k) = 1;
  auto expected = mask;
  expected.at(2, 2, 2) = expected.at(3, 2, 2) = 0;
  EXPECT_EQ(of_mask("drilled_mask", mask).mask->values, expected.values);
  EXPECT_EQ(of_mask("drilled_mask", LabelMap(mask.grid)).mask->values, LabelMap(mask.grid).values);
  // To the end of the image, where the object goes on to there.
  LabelMap row(Grid{.size = {4, 2, 1}}, 1);
  EXPECT_EQ(of_mask("drilled_mask", row).mask->values, (std::vector<std::uint16_t>{1, 1, 1, 1, 1, 1, 0, 0}));
}

TEST(Fault, PartedLabelsLackTheVoxelsThatTouchTheOther) {
  LabelMap mask(Grid{.size = {6, 1, 1}});
  mask.values = {1, 1, 1, 2, 2, 0};
  EXPECT_EQ(of_mask("parted_labels", mask).mask->values, (std::vector<std::uint16_t>{1, 1, 0, 0, 2, 0}));
}

// Each corner moves half a millimetre along the mean of its faces' normals, whose parts are 1 or 2 of 3 or
// so.
TEST(Fault, SwollenLabelsAreLargerAllRound) {
  const auto stage = with_fault("swollen_labels");
  const auto box = bounding_box(surface(stage));
  EXPECT_GT((low_mm - box.min_mm).minCoeff(), 0.1);
  EXPECT_LE((low_mm - box.min_mm).maxCoeff(), 0.5);
  EXPECT_EQ(open_edges(surface(stage)), 0);
  EXPECT_EQ(stage.mask->values, harness::cube_mask().values);
}

TEST(Fault, HoleTakesTrianglesAway) { EXPECT_LT(surface(with_fault("hole")).triangles.size(), 12u); }

TEST(Fault, InvertedNormalsTurnTheVolumeNegative) {
  const auto stage = with_fault("inverted_normals");
  EXPECT_NEAR(signed_volume_mm3(surface(stage)), -1.0, 1e-12);
  EXPECT_EQ(open_edges(surface(stage)), 0);
}

}  // namespace
}  // namespace meshassay::saboteurs
