// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference_pipeline/flying_edges.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "reference_pipeline/as_written.hpp"
#include "reference_pipeline/surface_pieces.hpp"
#include "tests/unit/reference_pipeline/surface_checks.hpp"
#include "tests/unit/reference_pipeline/synthetic_ct.hpp"

namespace meshassay::reference_pipeline {
namespace {

using testing::is_closed_two_manifold;

struct Scene {
  Image<float> hu;
  LabelMap mask;
};

// A mask with HU that do not matter: 1 inside, 0 outside.
Scene scene_of(const LabelMap& mask) {
  Scene scene{.hu = Image<float>(mask.grid), .mask = mask};
  for (std::size_t v = 0; v < mask.values.size(); ++v) scene.hu.values[v] = mask.values[v] == 1 ? 1.0F : 0.0F;
  return scene;
}

TriangleMesh surface_of(const LabelMap& mask) {
  const Scene scene = scene_of(mask);
  return extract_surface({scene.mask, scene.hu, {{1, 0.5}}}, 1, VertexPlacement::middle);
}

LabelMap empty_mask(const std::array<int, 3>& size) {
  Grid grid;
  grid.size = size;
  return LabelMap(grid);
}

// Voxels of one value that hang together, by a walk that knows nothing of the library's: 6 neighbours, or 18
// (faces and edges, as the surface joins them). Parts that reach the border can be left out.
int count_parts(const LabelMap& mask, std::uint16_t value, int most_steps, bool with_those_at_border) {
  std::vector<bool> seen(mask.values.size(), false);
  const auto& n = mask.grid.size;
  int parts = 0;
  for (int k = 0; k < n[2]; ++k)
    for (int j = 0; j < n[1]; ++j)
      for (int i = 0; i < n[0]; ++i) {
        if (mask.at(i, j, k) != value || seen[mask.grid.offset(i, j, k)]) continue;
        bool at_border = false;
        std::vector<std::array<int, 3>> todo = {{i, j, k}};
        seen[mask.grid.offset(i, j, k)] = true;
        while (!todo.empty()) {
          const auto [x, y, z] = todo.back();
          todo.pop_back();
          at_border =
              at_border || x == 0 || y == 0 || z == 0 || x == n[0] - 1 || y == n[1] - 1 || z == n[2] - 1;
          for (int c = -1; c <= 1; ++c)
            for (int b = -1; b <= 1; ++b)
              for (int a = -1; a <= 1; ++a) {
                if (std::abs(a) + std::abs(b) + std::abs(c) > most_steps) continue;
                if (!mask.grid.contains(x + a, y + b, z + c)) continue;
                const auto v = mask.grid.offset(x + a, y + b, z + c);
                if (seen[v] || mask.values[v] != value) continue;
                seen[v] = true;
                todo.push_back({x + a, y + b, z + c});
              }
        }
        if (with_those_at_border || !at_border) ++parts;
      }
  return parts;
}

// Each part of the object and each cavity has one surface of its own; those of cavities have negative
// volumes.
void expect_one_piece_for_each_part_and_cavity(const LabelMap& mask, const TriangleMesh& mesh) {
  const int parts = count_parts(mask, 1, 2, true);
  const int cavities = count_parts(mask, 0, 1, false);
  const auto pieces = find_pieces(mesh);
  const auto volumes_mm3 = piece_volumes_mm3(mesh, pieces);
  EXPECT_EQ(pieces.count, static_cast<std::size_t>(parts + cavities));
  EXPECT_EQ(std::count_if(volumes_mm3.begin(), volumes_mm3.end(), [](double v) { return v < 0.0; }),
            cavities);
}

TEST(FlyingEdges, IsClosedAndTwoManifoldForAllConfigurationsOfTwoNeighbouringCells) {
  // Two cells that share a face have 3 x 2 x 2 corners: 2^12 masks, along each axis. The padding adds the
  // cells around them, so that every face, edge and corner of the two is met in all its cases.
  for (int axis = 0; axis < 3; ++axis) {
    std::array<int, 3> size = {2, 2, 2};
    size[static_cast<std::size_t>(axis)] = 3;
    LabelMap mask = empty_mask(size);
    for (unsigned bits = 1; bits < 4096; ++bits) {
      for (unsigned v = 0; v < 12; ++v) mask.values[v] = static_cast<std::uint16_t>(bits >> v & 1U);
      const auto mesh = surface_of(mask);
      ASSERT_TRUE(is_closed_two_manifold(mesh)) << "axis " << axis << ", bits " << bits;
      expect_one_piece_for_each_part_and_cavity(mask, mesh);
      if (HasFailure()) FAIL() << "axis " << axis << ", bits " << bits;
    }
  }
}

TEST(FlyingEdges, IsClosedAndTwoManifoldForRandomMasks) {
  for (unsigned seed = 0; seed < 90; ++seed) {
    std::mt19937 random(seed);  // Its sequence is fixed by the standard.
    LabelMap mask = empty_mask({8, 8, 8});
    const unsigned tenths = 1 + seed % 9;
    for (auto& value : mask.values) value = random() % 10 < tenths ? 1 : 0;
    const auto mesh = surface_of(mask);
    ASSERT_TRUE(is_closed_two_manifold(mesh)) << "seed " << seed;
    expect_one_piece_for_each_part_and_cavity(mask, mesh);
    if (HasFailure()) FAIL() << "seed " << seed;
  }
}

TEST(FlyingEdges, StaysTwoManifoldInFloat32WhenEveryVoxelIsExactlyAtTheThreshold) {
  // Ties put every vertex as near to a voxel's centre as it may come; far from the origin float32 is coarse.
  for (unsigned seed = 0; seed < 20; ++seed) {
    std::mt19937 random(seed);
    LabelMap mask = empty_mask({8, 8, 8});
    mask.grid.origin_mm = Point3(-812.34, 655.1, 1203.7);
    mask.grid.spacing_mm = Vector3(0.2, 0.3, 0.7);
    for (auto& value : mask.values) value = random() % 2 == 0 ? 1 : 0;
    Scene scene = scene_of(mask);
    const auto mesh = extract_surface({scene.mask, scene.hu, {{1, 1.0}}}, 1, VertexPlacement::grey_values);
    const auto written = as_written(mesh);
    EXPECT_EQ(written.vertices_mm.size(), mesh.vertices_mm.size());
    ASSERT_TRUE(is_closed_two_manifold(written)) << "seed " << seed;
  }
}

TEST(FlyingEdges, OfOneVoxelIsAnOctahedron) {
  // Corners half a voxel from the centre along each axis: volume 4/3 * 0.5^3 in voxels, times 0.5 * 0.5 * 2
  // mm3.
  LabelMap mask = empty_mask({1, 1, 1});
  mask.grid.spacing_mm = Vector3(0.5, 0.5, 2.0);
  mask.values = {1};
  const auto mesh = surface_of(mask);
  EXPECT_EQ(mesh.vertices_mm.size(), 6U);
  EXPECT_EQ(mesh.triangles.size(), 8U);
  EXPECT_NEAR(signed_volume_mm3(mesh), 4.0 / 3.0 * 0.125 * 0.5, 1e-12);
}

TEST(FlyingEdges, CapsWhatTheVolumeCutsHalfAVoxelOutside) {
  LabelMap mask = empty_mask({3, 4, 5});
  std::fill(mask.values.begin(), mask.values.end(), std::uint16_t{1});
  const auto scene = scene_of(mask);
  const auto mesh = extract_surface({scene.mask, scene.hu, {{1, 0.5}}}, 1, VertexPlacement::grey_values);
  const auto box = bounding_box(mesh);
  EXPECT_EQ(box.min_mm, Point3(-0.5, -0.5, -0.5));
  EXPECT_EQ(box.max_mm, Point3(2.5, 3.5, 4.5));
}

TEST(FlyingEdges, PutsAVertexWhereTheInterpolatedValueReachesTheThreshold) {
  // 300 HU inside, -100 HU outside, threshold 200: (300 - 200) / 400 = a quarter of the way out.
  LabelMap mask = empty_mask({3, 1, 1});
  mask.values = {0, 1, 0};
  Image<float> hu(mask.grid);
  hu.values = {-100.0F, 300.0F, -100.0F};
  const auto box = bounding_box(extract_surface({mask, hu, {{1, 200.0}}}, 1, VertexPlacement::grey_values));
  EXPECT_DOUBLE_EQ(box.min_mm[0], 0.75);
  EXPECT_DOUBLE_EQ(box.max_mm[0], 1.25);
}

TEST(FlyingEdges, PutsAVertexInTheMiddleWhereTheValuesDoNotBracketTheThreshold) {
  LabelMap mask = empty_mask({3, 1, 1});
  mask.values = {0, 1, 0};
  Image<float> hu(mask.grid);
  hu.values = {500.0F, 300.0F, std::numeric_limits<float>::quiet_NaN()};
  const auto box = bounding_box(extract_surface({mask, hu, {{1, 200.0}}}, 1, VertexPlacement::grey_values));
  EXPECT_DOUBLE_EQ(box.min_mm[0], 0.5);
  EXPECT_DOUBLE_EQ(box.max_mm[0], 1.5);
}

TEST(FlyingEdges, OfTwoLabelsThatTouchCoincideAtTheThresholdOfTheDenser) {
  // 100 | 500 at thresholds 50 and 400: the step from 100 to 500 reaches 400 at three quarters.
  LabelMap mask = empty_mask({2, 1, 1});
  mask.values = {1, 2};
  Image<float> hu(mask.grid);
  hu.values = {100.0F, 500.0F};
  const SurfaceSource source{mask, hu, {{1, 50.0}, {2, 400.0}}};
  EXPECT_DOUBLE_EQ(bounding_box(extract_surface(source, 1, VertexPlacement::grey_values)).max_mm[0], 0.75);
  EXPECT_DOUBLE_EQ(bounding_box(extract_surface(source, 2, VertexPlacement::grey_values)).min_mm[0], 0.75);
}

TEST(FlyingEdges, OfAnEmptyLabelIsEmpty) { EXPECT_TRUE(surface_of(empty_mask({4, 4, 4})).triangles.empty()); }

Matrix3 oblique() {
  return (Eigen::AngleAxisd(0.3, Vector3::UnitX()) * Eigen::AngleAxisd(-0.5, Vector3::UnitZ()))
      .toRotationMatrix();
}
Matrix3 left_handed() {
  Matrix3 direction = oblique();
  direction.col(2) = -direction.col(2);
  return direction;
}

struct GridCase {
  const char* name;
  Vector3 spacing_mm;
  Matrix3 direction;
};
class FlyingEdgesOnGrids : public ::testing::TestWithParam<GridCase> {};

TEST_P(FlyingEdgesOnGrids, FindsTheBallInItsPlaceOutwardWhateverTheGrid) {
  const auto& [name, spacing_mm, direction] = GetParam();
  const auto ct = testing::ball(testing::centered_grid(spacing_mm, 11.0, direction), 10.0);
  LabelMap mask(ct.hu.grid);
  for (std::size_t v = 0; v < mask.values.size(); ++v) mask.values[v] = ct.hu.values[v] >= 0.0F ? 1 : 0;
  const auto mesh = extract_surface({mask, ct.hu, {{1, 0.0}}}, 1, VertexPlacement::grey_values);
  ASSERT_TRUE(is_closed_two_manifold(mesh));
  // Between two partial volumes the crossing is not exactly at the sphere: up to a few hundredths of the
  // spacing.
  const double coarse_mm = spacing_mm.maxCoeff();
  for (const auto& vertex : mesh.vertices_mm) EXPECT_NEAR(vertex.norm(), 10.0, 0.15 * coarse_mm);
  // The bias that the issue asks for at 0.5 mm, of the ball with the same volume; it grows with spacing
  // squared.
  EXPECT_NEAR(testing::radius_of_volume_mm(signed_volume_mm3(mesh)), 10.0,
              0.01 * coarse_mm * coarse_mm / 0.25);
}
INSTANTIATE_TEST_SUITE_P(, FlyingEdgesOnGrids,
                         ::testing::Values(GridCase{"isotropic", Vector3(0.5, 0.5, 0.5), Matrix3::Identity()},
                                           GridCase{"anisotropic", Vector3(0.5, 0.5, 2.0),
                                                    Matrix3::Identity()},
                                           GridCase{"oblique", Vector3(0.5, 0.6, 0.8), oblique()},
                                           GridCase{"left_handed", Vector3(0.5, 0.6, 0.8), left_handed()}),
                         [](const auto& grid) { return std::string(grid.param.name); });

TEST(FlyingEdges, MovesWithTheGrid) {
  auto ct = testing::ball(testing::centered_grid(Vector3(1.0, 1.0, 1.0), 6.0), 5.0);
  LabelMap mask(ct.hu.grid);
  for (std::size_t v = 0; v < mask.values.size(); ++v) mask.values[v] = ct.hu.values[v] >= 0.0F ? 1 : 0;
  const auto here = extract_surface({mask, ct.hu, {{1, 0.0}}}, 1, VertexPlacement::grey_values);
  const Vector3 shift_mm(10.0, -20.0, 30.0);
  ct.hu.grid.origin_mm += shift_mm;
  mask.grid = ct.hu.grid;
  const auto there = extract_surface({mask, ct.hu, {{1, 0.0}}}, 1, VertexPlacement::grey_values);
  ASSERT_EQ(here.triangles, there.triangles);
  for (std::size_t v = 0; v < here.vertices_mm.size(); ++v)
    EXPECT_LT((there.vertices_mm[v] - here.vertices_mm[v] - shift_mm).norm(), 1e-12);
}

}  // namespace
}  // namespace meshassay::reference_pipeline
