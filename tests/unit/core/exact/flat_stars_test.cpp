// SPDX-License-Identifier: GPL-3.0-or-later
// What flat_stars() claims, and what a search that believes it finds: the same as one that does not.
#include "core/exact/flat_stars.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

#include "core/exact/self_intersection.hpp"
#include "tests/unit/core/exact/small_meshes.hpp"

namespace meshassay::exact {
namespace {

// Triangles from (0, 0, 0), vertex 0, to points at the given angles (in turns) and on to the first again.
TriangleMesh cone(const std::vector<double>& turns, double height) {
  TriangleMesh mesh;
  mesh.vertices_mm.emplace_back(0, 0, 0);
  const auto count = static_cast<std::uint32_t>(turns.size());
  for (std::uint32_t i = 0; i < count; ++i) {
    const double angle = 2.0 * std::numbers::pi * turns[i];
    mesh.vertices_mm.emplace_back(std::cos(angle), std::sin(angle), height);
    mesh.triangles.push_back({0, 1 + i, 1 + (i + 1) % count});
  }
  return mesh;
}
std::vector<double> evenly(int points, int turns) {
  std::vector<double> result;
  for (int i = 0; i < points; ++i) result.push_back(static_cast<double>(i * turns) / points);
  return result;
}
std::vector<std::uint8_t> stars_of(const TriangleMesh& mesh) { return flat_stars(mesh, VertexLinks(mesh)); }

TEST(FlatStars, AConeOfOneTurnSeenFromItsAxis) {
  for (const double height : {0.0, 1.0, -5.0}) {
    EXPECT_EQ(stars_of(cone(evenly(7, 1), height)).front(), 1);
    // The rim is open.
    EXPECT_EQ(stars_of(cone(evenly(7, 1), height))[1], 0);
  }
  auto tilted = cone(evenly(7, 1), 0.3);
  for (auto& p : tilted.vertices_mm) p = Eigen::AngleAxisd(0.9, Vector3(1, 2, 3).normalized()) * p;
  EXPECT_EQ(stars_of(tilted).front(), 1);
}

// Each of these has triangles about the vertex that overlap, or may.
TEST(FlatStars, NothingIsSaidOfWhatMayOverlap) {
  EXPECT_EQ(stars_of(cone(evenly(9, 2), 0.0)).front(), 0);  // Twice round, each step onwards.
  EXPECT_EQ(stars_of(cone(evenly(9, 2), 1.0)).front(), 0);
  EXPECT_EQ(stars_of(cone({0.0, 0.3, 0.2, 0.6}, 0.0)).front(), 0);    // A step back.
  EXPECT_EQ(stars_of(cone({0.0, 0.25, 0.25, 0.6}, 0.0)).front(), 0);  // A triangle without area.
  auto open = cone(evenly(7, 1), 0.0);
  open.triangles.pop_back();
  EXPECT_EQ(stars_of(open).front(), 0);
  const auto closed = cone(evenly(7, 1), 0.0);
  std::vector<std::uint8_t> left_out(7, 0);
  left_out[3] = 1;
  EXPECT_EQ(flat_stars(closed, VertexLinks(closed), left_out).front(), 0);
}

TEST(FlatStars, NothingIsSaidOfWhatRoundingCannotTell) {
  // Seen from above: 4 and 3 - x twice the areas of the first two, 3 + 3 x that of the third.
  const auto with = [](double x) {
    TriangleMesh mesh;
    mesh.vertices_mm = {{0, 0, 0}, {1, 3, 0}, {-1, 1, 0}, {x, -3, 0}};
    mesh.triangles = {{0, 1, 2}, {0, 2, 3}, {0, 3, 1}};
    return stars_of(mesh).front();
  };
  EXPECT_EQ(with(-1.0 + 1e-13), 1);
  EXPECT_EQ(with(std::nextafter(-1.0, 0.0)), 0);   // True, and not certain.
  EXPECT_EQ(with(-1.0), 0);                        // Half a turn: no area.
  EXPECT_EQ(with(std::nextafter(-1.0, -2.0)), 0);  // More than that: back over the others.
}

TEST(FlatStars, AllOfAConvexVoxelAndTheStepsOfASlope) {
  for (const auto is : stars_of(voxel_surface({{0, 0, 0}}))) EXPECT_EQ(is, 1);
  // Two voxels that touch in a corner: there are two cones.
  const auto corner = voxel_surface({{0, 0, 0}, {1, 1, 1}});
  const auto stars = stars_of(corner);
  EXPECT_EQ(std::count(stars.begin(), stars.end(), 1), 14);
}

// A grid whose points are off by up to `noise` cells in each direction, so that it folds and crosses itself.
TriangleMesh noisy_grid(double noise, unsigned seed) {
  constexpr std::uint32_t n = 24;
  std::mt19937_64 random(seed);
  const auto off = [&] { return noise * (2.0 * static_cast<double>(random() >> 11) * 0x1p-53 - 1.0); };
  TriangleMesh mesh;
  for (std::uint32_t i = 0; i < n; ++i)
    for (std::uint32_t j = 0; j < n; ++j) {
      const double x = i + off(), y = j + off(), z = off();
      mesh.vertices_mm.emplace_back(x, y, z);
      if (i == 0 || j == 0) continue;
      const std::uint32_t d = i * n + j, c = d - 1, b = d - n, a = b - 1;
      mesh.triangles.insert(mesh.triangles.end(), {{a, b, d}, {a, d, c}});
    }
  return mesh;
}

TEST(FlatStars, ASearchThatBelievesThemFindsAllTheSame) {
  std::size_t intersecting = 0, flat = 0, vertices = 0;
  for (const double noise : {0.3, 0.5, 0.7, 1.2})
    for (unsigned seed = 0; seed < 8; ++seed)
      for (const double angle : {0.0, 0.8}) {
        auto mesh = noisy_grid(noise, seed);
        for (auto& p : mesh.vertices_mm) p = Eigen::AngleAxisd(angle, Vector3(3, 1, 2).normalized()) * p;
        const auto stars = stars_of(mesh);
        const auto believing = self_intersections(mesh, {.flat_star = stars}, 1'000'000);
        const auto thorough = self_intersections(mesh, KnownOfMesh{}, 1'000'000);
        ASSERT_EQ(believing.pairs, thorough.pairs);
        ASSERT_EQ(believing.kinds, thorough.kinds);
        intersecting += thorough.pairs.size();
        flat += static_cast<std::size_t>(std::count(stars.begin(), stars.end(), 1));
        vertices += stars.size();
      }
  // Neither is vacuous.
  EXPECT_GT(intersecting, 10'000u);
  EXPECT_GT(flat, vertices / 10);
  EXPECT_LT(flat, vertices * 9 / 10);
}

TEST(FlatStars, ASearchAmongSuspectsFindsAllPairsWithOne) {
  const auto mesh = noisy_grid(0.7, 1);
  const auto all = self_intersections(mesh);
  ASSERT_GT(all.pairs.size(), 100u);
  std::mt19937_64 random(7);
  std::vector<std::uint8_t> suspect(mesh.triangles.size());
  for (auto& each : suspect) each = random() % 3 == 0 ? 1 : 0;
  const auto found = self_intersections(mesh, {.suspect = suspect}, 1'000'000);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> expected;
  for (const auto& [a, b] : all.pairs)
    if (suspect[a] != 0 || suspect[b] != 0) expected.emplace_back(a, b);
  EXPECT_EQ(found.pairs, expected);
  EXPECT_LT(expected.size(), all.pairs.size());
  // Nothing is suspect: nothing is found.
  const std::vector<std::uint8_t> none(mesh.triangles.size(), 0);
  EXPECT_TRUE(self_intersections(mesh, {.suspect = none}, 1'000'000).pairs.empty());
}

}  // namespace
}  // namespace meshassay::exact
