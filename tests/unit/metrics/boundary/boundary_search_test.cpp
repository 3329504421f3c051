// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/boundary/boundary_search.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "core/bridge_vtk/mask_boundary.hpp"
#include "metrics/boundary/boundary_cells.hpp"
#include "tests/unit/metrics/boundary/brute_force.hpp"
#include "tests/unit/metrics/boundary/label_masks.hpp"
#include "tests/unit/metrics/masks.hpp"

namespace meshassay::metrics {
namespace {

using test::Random;

// The triangles of a mesh, whatever the order of vertices and triangles.
std::multiset<std::array<double, 9>> triangles_of(const TriangleMesh& mesh) {
  std::multiset<std::array<double, 9>> result;
  for (const auto& triangle : mesh.triangles) {
    std::array<std::array<double, 3>, 3> corners;
    for (std::size_t i = 0; i < 3; ++i) {
      const auto& vertex = mesh.vertices_mm[triangle[i]];
      corners[i] = {vertex[0], vertex[1], vertex[2]};
    }
    std::rotate(corners.begin(), std::min_element(corners.begin(), corners.end()), corners.end());
    std::array<double, 9> flat{};
    for (std::size_t i = 0; i < 9; ++i) flat[i] = corners[i / 3][i % 3];
    result.insert(flat);
  }
  return result;
}

TEST(LabelExtents, AreThoseOfEveryLabelAndSayWhatIsAtTheBorder) {
  LabelMap mask(grid_of({150, 9, 10}));
  fill_box(mask, {3, 2, 1}, {140, 4, 3}, 7);
  fill_box(mask, {0, 5, 5}, {1, 6, 6}, 2);
  mask.at(149, 8, 9) = 2;
  const auto extents = label_extents(mask);
  ASSERT_EQ(extents.size(), 2u);
  EXPECT_EQ(extents.at(7).begin, (std::array<int, 3>{3, 2, 1}));
  EXPECT_EQ(extents.at(7).end, (std::array<int, 3>{140, 4, 3}));
  EXPECT_FALSE(extents.at(7).touches_border(mask.grid));
  EXPECT_EQ(extents.at(2).begin, (std::array<int, 3>{0, 5, 5}));
  EXPECT_EQ(extents.at(2).end, (std::array<int, 3>{150, 9, 10}));
  EXPECT_TRUE(extents.at(2).touches_border(mask.grid));
}

TEST(LabelExtents, AreThoseThatLookingAtEveryVoxelGives) {
  // Runs of all lengths about eight and sixty-four, with other labels and the row's end behind them.
  Random random(7);
  for (int trial = 0; trial < 40; ++trial) {
    LabelMap mask(grid_of({3 + 11 * trial, 3, 2}));
    for (std::size_t n = 0; n < mask.values.size();) {
      const auto length = static_cast<std::size_t>(random.uniform(1.0, trial % 2 == 0 ? 12.0 : 150.0));
      const auto label = static_cast<std::uint16_t>(random.uniform(0.0, 5.0));
      for (std::size_t i = n; i < std::min(mask.values.size(), n + length); ++i) mask.values[i] = label;
      n += length;
    }
    std::map<std::uint16_t, Box3> expected;
    for (int k = 0; k < 2; ++k)
      for (int j = 0; j < 3; ++j)
        for (int i = 0; i < mask.grid.size[0]; ++i)
          if (mask.at(i, j, k) != 0) expected[mask.at(i, j, k)].add(Point3(i, j, k));
    const auto extents = label_extents(mask);
    ASSERT_EQ(extents.size(), expected.size());
    for (const auto& [label, box] : expected)
      for (int a = 0; a < 3; ++a) {
        EXPECT_EQ(extents.at(label).begin[static_cast<std::size_t>(a)], box.min_mm[a]);
        EXPECT_EQ(extents.at(label).end[static_cast<std::size_t>(a)], box.max_mm[a] + 1);
      }
  }
}

TEST(BoundaryCells, AreTheIsosurfaceThatFlyingEdgesMakesTriangleByTriangle) {
  // Noise goes through all 256 cases; sizes on both sides of whole blocks of 4 and whole pieces of 64.
  const std::array<std::array<int, 3>, 4> sizes = {{{9, 7, 6}, {66, 4, 5}, {1, 1, 1}, {63, 8, 3}}};
  std::uint64_t seed = 1;
  for (const auto& size : sizes)
    for (const double share : {0.1, 0.5, 0.9, 1.0}) {
      const auto mask = random_voxels(grid_of(size), share, ++seed);
      const auto expected = bridge_vtk::mask_boundary_index(mask, 1);
      const auto extent = extent_of(mask);
      if (extent.empty()) {
        EXPECT_TRUE(expected.triangles.empty());
        continue;
      }
      const BoundaryCells cells(mask, 1, extent);
      auto mesh = cells.local_mesh();  // Spacing 1: lattice coordinates, which begin a voxel before the box.
      for (auto& vertex : mesh.vertices_mm) vertex = cells.to_world(vertex);
      EXPECT_EQ(triangles_of(mesh), triangles_of(expected)) << "seed " << seed;
      EXPECT_EQ(mesh.vertices_mm.size(), expected.vertices_mm.size());
    }
}

TEST(BoundarySearch, FindsTheNearestTriangleThatBruteForceFinds) {
  std::uint64_t seed = 100;
  for (const Vector3& spacing : {Vector3(1, 1, 1), Vector3(0.5, 0.5, 2), Vector3(0.7, 0.7, 5)})
    for (const double share : {0.002, 0.05, 0.5}) {
      const auto mask = random_voxels(grid_of({23, 17, 21}, spacing), share, ++seed);
      const BoundaryCells cells(mask, 1, extent_of(mask));
      ASSERT_FALSE(cells.empty());
      const BoundarySearch search(cells);
      const auto mesh = cells.local_mesh();
      Random random(seed);
      BoundaryTriangle hint;
      for (int n = 0; n < 100; ++n) {
        // Within, near, and farther away than the object is large.
        const Point3 point = random.point(n % 10 == 0 ? 500.0 : 30.0);
        const double expected = brute_force_mm(point, mesh);
        const auto cold = search.nearest(point);
        EXPECT_NEAR(std::sqrt(cold.squared_mm2), expected, 1e-9);
        const auto hinted = search.nearest(point, hint);  // Any triangle will do.
        EXPECT_NEAR(std::sqrt(hinted.squared_mm2), expected, 1e-9);
        EXPECT_NEAR(std::sqrt(search.squared_distance_mm2(point, hinted.triangle)), expected, 1e-9);
        hint = cold.triangle;
      }
    }
}

TEST(BoundarySearch, FindsTheSameForPointsThatShareANeighbourhood) {
  std::uint64_t seed = 200;
  for (const Vector3& spacing : {Vector3(1, 1, 1), Vector3(0.7, 0.7, 5)})
    for (const double share : {0.002, 0.3}) {
      const auto mask = random_voxels(grid_of({19, 25, 14}, spacing), share, ++seed);
      const BoundaryCells cells(mask, 1, extent_of(mask));
      ASSERT_FALSE(cells.empty());
      const BoundarySearch search(cells);
      const auto mesh = cells.local_mesh();
      Random random(seed);
      BoundaryNeighbourhood about(search);
      for (int n = 0; n < 12; ++n) {
        const Point3 center = random.point(n % 4 == 0 ? 300.0 : 30.0);
        const Vector3 half = Vector3::Constant(n % 3 == 0 ? 0.0 : 3.0);
        about.move_to({center - half, center + half});
        BoundaryTriangle hint;
        for (int i = 0; i < 10; ++i) {
          const Point3 point = center + half.cwiseProduct(random.point(1.0));
          const auto found = about.nearest(point, hint);
          EXPECT_NEAR(std::sqrt(found.squared_mm2), brute_force_mm(point, mesh), 1e-9);
          // The foot is on the surface, and as far as it is said to be.
          EXPECT_NEAR(found.to_foot_mm.norm(), std::sqrt(found.squared_mm2), 1e-9);
          EXPECT_NEAR(brute_force_mm(point + found.to_foot_mm, mesh), 0.0, 1e-9);
          if (i % 4 != 0) hint = found.triangle;
        }
      }
    }
}

}  // namespace
}  // namespace meshassay::metrics
