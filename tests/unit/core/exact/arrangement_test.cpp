// SPDX-License-Identifier: GPL-3.0-or-later
// Arrangements against the slow way in fractions, on inputs where coincidences abound.
#include "core/exact/arrangement.hpp"

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include <cmath>
#include <random>

#include "tests/unit/core/exact/rational_brute_force.hpp"
#include "tests/unit/core/exact/small_meshes.hpp"

namespace meshassay::exact {
namespace {

TriangleMesh random_soup(std::uint64_t seed, std::size_t triangles, std::uint64_t lattice) {
  std::mt19937_64 random(seed);
  TriangleMesh mesh;
  const auto point = [&] {
    const auto coordinate = [&] { return static_cast<double>(random() % lattice); };
    const double x = coordinate(), y = coordinate(), z = coordinate();
    return Point3(x, y, z);
  };
  for (std::size_t t = 0; t < triangles; ++t) {
    const Point3 a = point(), b = point(), c = point();
    add_triangle(mesh, a, b, c);
  }
  return mesh;
}

TEST(Arrange, TwoTrianglesThatCrossAreCutAlongTheirCommonSegment) {
  // The second passes through the first along x from 0.5 to 1.5 at y = 0.5.
  TriangleMesh mesh;
  add_triangle(mesh, {0, 0, 0}, {4, 0, 0}, {0, 4, 0});
  add_triangle(mesh, {0.5, 0.5, -1}, {1.5, 0.5, -1}, {1, 0.5, 1});
  const auto cut = arrange(mesh);
  EXPECT_EQ(brute_force::fault_of(mesh, cut), "");
  // The second's sides pass z = 0 half way up: (0.75, 0.5, 0) and (1.25, 0.5, 0), two new vertices.
  ASSERT_EQ(cut.vertices_mm.size(), 8u);
  EXPECT_EQ(cut.input_vertices, 6u);
  std::vector<double> xs{cut.vertices_mm[6][0], cut.vertices_mm[7][0]};
  std::sort(xs.begin(), xs.end());
  EXPECT_EQ(xs, (std::vector<double>{0.75, 1.25}));
  EXPECT_EQ(exact_coordinates(cut, 6)[1], "1/2");
  // V - E + F = 1 for each: 3 + 2 vertices inside the first, 3 corners and 2 on edges of the second: with n
  // inner and b border vertices there are 2 n + b - 2 triangles: 5 and 3.
  EXPECT_EQ(std::count(cut.source.begin(), cut.source.end(), 0u), 5);
  EXPECT_EQ(std::count(cut.source.begin(), cut.source.end(), 1u), 3);
}

TEST(Arrange, LeavesAloneWhatMeetsProperly) {
  const auto mesh = welded(box({0, 0, 0}, {1, 2, 3}));
  const auto cut = arrange(mesh);
  EXPECT_EQ(cut.triangles, mesh.triangles);
  EXPECT_EQ(cut.vertices_mm, mesh.vertices_mm);
  EXPECT_TRUE(cut.further_sources.empty());
  EXPECT_TRUE(cut.set_aside.empty());
}

TEST(Arrange, SetsAsideWhatHasNoAreaAndDropsEquivalents) {
  TriangleMesh mesh;
  add_triangle(mesh, {0, 0, 0}, {4, 0, 0}, {0, 4, 0});
  add_triangle(mesh, {0, 0, 5}, {3, 0, 5}, {1, 0, 5});  // a segment from x = 0 to 3
  add_triangle(mesh, {7, 7, 7}, {7, 7, 7}, {7, 7, 7});  // a point
  add_triangle(mesh, {4, 0, 0}, {0, 0, 0}, {0, 4, 0});  // the first, turned round
  const auto cut = arrange(mesh);
  EXPECT_EQ(cut.triangles.size(), 1u);
  ASSERT_EQ(cut.set_aside.size(), 2u);
  EXPECT_EQ(cut.vertices_mm[cut.set_aside[0].from], Point3(0, 0, 5));
  EXPECT_EQ(cut.vertices_mm[cut.set_aside[0].to], Point3(3, 0, 5));
  EXPECT_EQ(cut.set_aside[1].from, cut.set_aside[1].to);
  ASSERT_EQ(cut.further_sources.size(), 1u);
  EXPECT_EQ(cut.further_sources[0].source, 3u);
  EXPECT_FALSE(cut.further_sources[0].same_orientation);
}

TEST(Arrange, ATJunctionIsClosedBySplittingTheLongEdge) {
  TriangleMesh mesh;
  add_triangle(mesh, {0, 0, 0}, {2, 0, 0}, {1, 2, 0});
  add_triangle(mesh, {0, 0, 0}, {1, -1, 0}, {1, 0, 0});  // its corner is in the middle of the first's edge
  add_triangle(mesh, {1, 0, 0}, {1, -1, 0}, {2, 0, 0});
  const auto cut = arrange(mesh);
  EXPECT_EQ(brute_force::fault_of(mesh, cut), "");
  EXPECT_EQ(cut.triangles.size(), 4u);
  EXPECT_EQ(cut.vertices_mm.size(), 5u);  // nothing new
}

TEST(Arrange, GivesUpWhereItIsToldTo) {
  const auto mesh = random_soup(1, 20, 5);
  EXPECT_THROW((void)arrange(mesh, {.max_pairs = 3}), TooManyIntersections);
}

TEST(Arrange, RefusesCornersThatCannotBe) {
  EXPECT_THROW((void)arrange({{Point3(0, 0, 0)}, {{0, 1, 2}}}), InvalidInput);
  EXPECT_THROW((void)arrange({{Point3(0, 0, std::nan(""))}, {{0, 0, 0}}}), InvalidInput);
}

// Lattices of 3 to 6 points a side: coplanar clusters, edges through edges, corners on faces, several planes
// through one line.
class ArrangeOnALattice : public testing::TestWithParam<int> {};

TEST_P(ArrangeOnALattice, IsWhatTheSlowWaySays) {
  std::size_t cuts = 0;
  for (std::uint64_t seed = 0; seed < 25; ++seed) {
    const auto triangles = static_cast<std::size_t>(2 + seed % 6);
    const auto mesh = random_soup(1000 * static_cast<std::uint64_t>(GetParam()) + seed, triangles,
                                  static_cast<std::uint64_t>(GetParam()));
    const auto cut = arrange(mesh);
    ASSERT_EQ(brute_force::fault_of(mesh, cut), "") << "seed " << seed;
    cuts += cut.triangles.size() > triangles ? 1 : 0;
  }
  EXPECT_GT(cuts, 5u);  // Not all of them by nothing to do.
}
INSTANTIATE_TEST_SUITE_P(Sides, ArrangeOnALattice, testing::Values(3, 4, 5, 6));

TEST(Arrange, CoplanarClustersAreCutTogether) {
  for (std::uint64_t seed = 0; seed < 25; ++seed) {
    auto mesh = random_soup(seed, 5, 4);
    for (auto& vertex : mesh.vertices_mm) vertex[2] = vertex[0] + vertex[1];  // all in one oblique plane
    const auto before = mesh.triangles.size();
    add_triangle(mesh, {0, 0, 0}, {3, 3, 4}, {1, 0, 5});  // and one across
    ASSERT_GT(mesh.triangles.size(), before);
    ASSERT_EQ(brute_force::fault_of(mesh, arrange(mesh)), "") << "seed " << seed;
  }
}

TEST(Arrange, ManyTrianglesThroughOneEdge) {
  TriangleMesh mesh;
  for (int i = 0; i < 12;
       ++i)  // A book, its pages longer than each other: the spine is covered in part by each.
    add_triangle(mesh, {0, 0, 0.5 * i}, {0, 0, 10.0 - 0.25 * i}, {std::cos(i), std::sin(i), 3});
  add_triangle(mesh, {-1, -1, 4}, {2, -1, 4}, {-1, 2, 4.5});  // and one through all
  EXPECT_EQ(brute_force::fault_of(mesh, arrange(mesh)), "");
}

TEST(Arrange, SlitsOfOneUlpAndFarOrTinyCoordinates) {
  for (const double scale : {1e-6, 1.0, 1e6}) {
    TriangleMesh mesh;
    const double z = scale * 1.1, above = std::nextafter(z, 2.0 * z);
    for (const double at : {z, above})
      add_triangle(mesh, {scale * 0.1, scale * 0.1, at}, {scale * 2.3, 0, at}, {0, scale * 2.1, at});
    add_triangle(mesh, {scale * 0.3, scale * 0.3, 0}, {scale * 0.7, scale * 0.4, 0},
                 {scale * 0.5, scale * 0.5, scale * 3.3});
    const auto cut = arrange(mesh);
    EXPECT_EQ(brute_force::fault_of(mesh, cut), "") << "scale " << scale;
    EXPECT_EQ(cut.vertices_mm.size(), 9u + 4u);  // two ends on each of the two sheets
  }
}

TEST(Arrange, IsTheSameForAnyNumberOfThreads) {
  const auto mesh = random_soup(5, 40, 9);
  const auto one = [&] {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, 1);
    return arrange(mesh);
  }();
  const auto many = arrange(mesh);
  EXPECT_EQ(one.triangles, many.triangles);
  EXPECT_EQ(one.vertices_mm, many.vertices_mm);
  EXPECT_EQ(one.source, many.source);
}

}  // namespace
}  // namespace meshassay::exact
