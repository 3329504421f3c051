// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/masks/mask_topology.hpp"

#include <gtest/gtest.h>

#include "metrics/registry.hpp"
#include "tests/unit/metrics/masks.hpp"

namespace meshassay::metrics {
namespace {

LabelMap empty_mask(int n) { return LabelMap(grid_of({n, n, n})); }

void expect_betti(const LabelMap& mask, int components, int handles, int cavities) {
  const auto topology = mask_topology(mask, 1);
  EXPECT_EQ(topology.components, components);
  EXPECT_EQ(topology.handles, handles);
  EXPECT_EQ(topology.cavities, cavities);
  EXPECT_EQ(topology.euler_characteristic, components - handles + cavities);
}

TEST(MaskTopology, OfNothingAndOfOneVoxel) {
  expect_betti(empty_mask(3), 0, 0, 0);
  LabelMap voxel(grid_of({1, 1, 1}));
  voxel.values = {1};
  expect_betti(voxel, 1, 0, 0);
}

TEST(MaskTopology, OfAFullGridThatTouchesAllBorders) {
  auto mask = empty_mask(4);
  fill_box(mask, {0, 0, 0}, {4, 4, 4});
  expect_betti(mask, 1, 0, 0);
}

TEST(MaskTopology, VoxelsThatShareACornerAreOnePart) {
  auto mask = empty_mask(3);
  mask.at(0, 0, 0) = mask.at(1, 1, 1) = 1;
  expect_betti(mask, 1, 0, 0);
  mask.at(1, 1, 1) = 0;
  mask.at(2, 2, 2) = 1;
  expect_betti(mask, 2, 0, 0);
}

TEST(MaskTopology, ARingHasOneHandleInEveryDirection) {
  for (int normal = 0; normal < 3; ++normal) {
    auto mask = empty_mask(5);
    fill_box(mask, {1, 1, 1}, {4, 4, 4});
    std::array<int, 3> begin = {2, 2, 2}, end = {3, 3, 3};
    begin[static_cast<std::size_t>(normal)] = 1;
    end[static_cast<std::size_t>(normal)] = 4;
    fill_box(mask, begin, end, 0);
    expect_betti(mask, 1, 1, 0);
  }
}

TEST(MaskTopology, AHollowCubeHasACavityThatAFaceOpensAndAnEdgeDoesNot) {
  auto mask = empty_mask(5);
  fill_box(mask, {0, 0, 0}, {5, 5, 5});
  fill_box(mask, {2, 2, 2}, {3, 3, 3}, 0);
  expect_betti(mask, 1, 0, 1);
  // Background that meets at an edge or corner only stays apart (6-connected).
  mask.at(3, 3, 2) = 0;
  expect_betti(mask, 1, 0, 2);
  // A channel of faces to the outside opens the first one.
  mask.at(2, 2, 1) = mask.at(2, 2, 0) = 0;
  expect_betti(mask, 1, 0, 1);
}

TEST(MaskTopology, AFrameOfACubeHasFiveHandles) {
  // The twelve edges of a cube: as a graph 12 - 8 + 1 = 5 independent loops.
  auto mask = empty_mask(7);
  fill_box(mask, {1, 1, 1}, {6, 6, 6});
  fill_box(mask, {2, 2, 1}, {5, 5, 6}, 0);
  fill_box(mask, {2, 1, 2}, {5, 6, 5}, 0);
  fill_box(mask, {1, 2, 2}, {6, 5, 5}, 0);
  expect_betti(mask, 1, 5, 0);
}

TEST(MaskTopology, AHollowTorusHasTwoHandlesAndACavity) {
  // A square ring 9 x 9 x 3 with a 3 x 3 hole, hollow along its middle: the boundary layer of a solid torus,
  // which is a thickened torus surface with Betti numbers 1, 2, 1.
  LabelMap mask(grid_of({11, 11, 5}));
  fill_box(mask, {1, 1, 1}, {10, 10, 4});
  fill_box(mask, {4, 4, 1}, {7, 7, 4}, 0);
  for (int j = 2; j < 9; ++j)
    for (int i = 2; i < 9; ++i)
      if (i == 2 || i == 8 || j == 2 || j == 8) mask.at(i, j, 2) = 0;
  expect_betti(mask, 1, 2, 1);
}

TEST(MaskTopology, NestedShellsAreTwoPartsAndTwoCavities) {
  auto mask = empty_mask(9);
  fill_box(mask, {0, 0, 0}, {9, 9, 9});
  fill_box(mask, {1, 1, 1}, {8, 8, 8}, 0);
  fill_box(mask, {2, 2, 2}, {7, 7, 7});
  fill_box(mask, {3, 3, 3}, {6, 6, 6}, 0);
  expect_betti(mask, 2, 0, 2);
  const auto topology = mask_topology(mask, 1);
  EXPECT_EQ(topology.component_voxels, (std::vector<std::uint64_t>{729 - 343, 125 - 27}));
  EXPECT_EQ(topology.cavity_voxels, (std::vector<std::uint64_t>{343 - 125, 27}));
}

TEST(MaskTopology, AnotherLabelIsBackground) {
  auto mask = empty_mask(3);
  fill_box(mask, {0, 0, 0}, {3, 3, 3});
  mask.at(1, 1, 1) = 2;
  expect_betti(mask, 1, 0, 1);
  EXPECT_EQ(mask_topology(mask, 2).components, 1);
  EXPECT_EQ(mask_topology(mask, 3).components, 0);
}

// Second opinion: cells of the closed cubical complex, counted one by one. Doubled coordinates: a cell of
// dimension d has d odd ones.
std::int64_t cells_with_signs(const LabelMap& mask) {
  const auto& size = mask.grid.size;
  LabelMap cells(grid_of({2 * size[0] + 1, 2 * size[1] + 1, 2 * size[2] + 1}));
  for (int k = 0; k < size[2]; ++k)
    for (int j = 0; j < size[1]; ++j)
      for (int i = 0; i < size[0]; ++i)
        if (mask.at(i, j, k) == 1) fill_box(cells, {2 * i, 2 * j, 2 * k}, {2 * i + 3, 2 * j + 3, 2 * k + 3});
  std::int64_t sum = 0;
  for (int z = 0; z < cells.grid.size[2]; ++z)
    for (int y = 0; y < cells.grid.size[1]; ++y)
      for (int x = 0; x < cells.grid.size[0]; ++x)
        if (cells.at(x, y, z) == 1) sum += (x + y + z) % 2 == 0 ? 1 : -1;
  return sum;
}

// Second opinion: parts of the voxels whose label is (or is not) 1, by flooding.
int flooded_parts(LabelMap mask, std::uint16_t label, int diagonal_steps) {
  int parts = 0;
  const auto& size = mask.grid.size;
  std::vector<std::array<int, 3>> front;
  for (int k = 0; k < size[2]; ++k)
    for (int j = 0; j < size[1]; ++j)
      for (int i = 0; i < size[0]; ++i) {
        if (mask.at(i, j, k) != label) continue;
        ++parts;
        front = {{i, j, k}};
        mask.at(i, j, k) = 9;
        while (!front.empty()) {
          const auto [x, y, z] = front.back();
          front.pop_back();
          for (int dz = -1; dz <= 1; ++dz)
            for (int dy = -1; dy <= 1; ++dy)
              for (int dx = -1; dx <= 1; ++dx) {
                if (std::abs(dx) + std::abs(dy) + std::abs(dz) > diagonal_steps) continue;
                if (!mask.grid.contains(x + dx, y + dy, z + dz)) continue;
                if (mask.at(x + dx, y + dy, z + dz) != label) continue;
                mask.at(x + dx, y + dy, z + dz) = 9;
                front.push_back({x + dx, y + dy, z + dz});
              }
        }
      }
  return parts;
}

class MaskTopologyOnRandomMasks : public ::testing::TestWithParam<unsigned> {};

TEST_P(MaskTopologyOnRandomMasks, AgreesWithCountingCellsAndFlooding) {
  // A linear congruential generator (Numerical Recipes), so that the masks are the same everywhere.
  std::uint32_t state = GetParam();
  LabelMap mask(grid_of({9, 8, 7}));
  const std::uint32_t filled_of_8 = 1 + GetParam() % 7;
  for (auto& value : mask.values) {
    state = state * 1664525u + 1013904223u;
    value = (state >> 29) < filled_of_8 ? 1 : 0;
  }
  LabelMap padded(grid_of({11, 10, 9}));
  for (int k = 0; k < 7; ++k)
    for (int j = 0; j < 8; ++j)
      for (int i = 0; i < 9; ++i) padded.at(i + 1, j + 1, k + 1) = mask.at(i, j, k);
  const auto topology = mask_topology(mask, 1);
  EXPECT_EQ(topology.components, flooded_parts(padded, 1, 3));
  EXPECT_EQ(topology.cavities, flooded_parts(padded, 0, 1) - 1);
  EXPECT_EQ(topology.euler_characteristic, cells_with_signs(mask));
  EXPECT_GE(topology.handles, 0);
}

INSTANTIATE_TEST_SUITE_P(Seeds, MaskTopologyOnRandomMasks, ::testing::Range(0u, 42u));

TEST(MaskTopologyFamily, ComparesWithTheTruth) {
  Trial trial;
  trial.truth.targets.push_back(
      {.label = 1, .betti = BettiNumbers{.components = 1, .handles = 0, .cavities = 1}});
  trial.submissions.emplace_back();
  trial.submissions.front().offers = {"mask"};
  auto mask = empty_mask(3);
  mask.at(0, 0, 0) = mask.at(2, 2, 2) = 1;
  trial.submissions.front().stages.push_back({.name = "segmented", .mask = shared(mask)});
  const auto rows = measure_all(trial, "topology.*");
  ASSERT_EQ(rows.size(), 6u);
  const double expected[] = {2, 0, 0, 1, -1, 0};  // components, cavities, handles and their errors
  for (std::size_t r = 0; r < 6; ++r) EXPECT_EQ(rows[r].value, MeasuredValue(expected[r])) << rows[r].metric;
  EXPECT_EQ(rows[0].stage, "segmented");
  trial.truth.targets[0].betti.reset();
  EXPECT_EQ(measure_all(trial, "topology.components_error")[0].reason, "no_reference");
}

}  // namespace
}  // namespace meshassay::metrics
