// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exact/self_intersection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace meshassay::exact {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Pair = std::pair<std::uint32_t, std::uint32_t>;

TriangleMesh soup(const std::vector<std::array<Point3, 3>>& triangles) {
  TriangleMesh mesh;
  for (const auto& corners : triangles) {
    const auto first = static_cast<std::uint32_t>(mesh.vertices_mm.size());
    mesh.vertices_mm.insert(mesh.vertices_mm.end(), corners.begin(), corners.end());
    mesh.triangles.push_back({first, first + 1, first + 2});
  }
  return welded(mesh);
}

const std::array<Point3, 3> base = {Point3(0, 0, 0), Point3(2, 0, 0), Point3(0, 2, 0)};

TEST(SelfIntersections, OfTwoTrianglesByHand) {
  const auto pairs_with = [](const Point3& a, const Point3& b, const Point3& c) {
    return self_intersections(soup({base, {a, b, c}})).pairs;
  };
  // no vertex in common
  EXPECT_THAT(pairs_with({0, 0, 1}, {2, 0, 1}, {0, 2, 1}), IsEmpty());                           // parallel
  EXPECT_THAT(pairs_with({0.5, 0.5, -1}, {0.5, 0.5, 1}, {3, 3, 0.5}), ElementsAre(Pair{0, 1}));  // crossing
  EXPECT_THAT(pairs_with({0.5, 0.5, 0}, {0.5, 0.5, 1}, {0.6, 0.6, 1}),
              ElementsAre(Pair{0, 1}));  // a vertex touches the interior
  EXPECT_THAT(pairs_with({1, 0, 0}, {1, -1, 1}, {1, -1, -1}),
              ElementsAre(Pair{0, 1}));  // ... an edge's interior
  EXPECT_THAT(pairs_with({0.5, 0.5, 0}, {0.6, 0.5, 0}, {0.5, 0.6, 0}),
              ElementsAre(Pair{0, 1}));                                 // coplanar, inside
  EXPECT_THAT(pairs_with({3, 0, 0}, {4, 0, 0}, {3, 1, 0}), IsEmpty());  // coplanar, beside
  // one vertex in common
  EXPECT_THAT(pairs_with({0, 0, 0}, {-1, 0, 1}, {-1, 0, 0}), IsEmpty());
  EXPECT_THAT(pairs_with({0, 0, 0}, {1, 1, 1}, {1, 1, -1}), ElementsAre(Pair{0, 1}));
  EXPECT_THAT(pairs_with({0, 0, 0}, {1, 0, 0}, {0, 0, 1}),
              ElementsAre(Pair{0, 1}));  // an edge lies on half of the other's edge
  EXPECT_THAT(pairs_with({0, 0, 0}, {-1, 0, 0}, {0, -1, 0}), IsEmpty());  // coplanar, apex to apex
  // an edge in common
  EXPECT_THAT(pairs_with({0, 0, 0}, {2, 0, 0}, {0, 0, 1}), IsEmpty());
  EXPECT_THAT(pairs_with({0, 0, 0}, {2, 0, 0}, {0, -2, 0}), IsEmpty());               // flat, other side
  EXPECT_THAT(pairs_with({0, 0, 0}, {2, 0, 0}, {0, 1, 0}), ElementsAre(Pair{0, 1}));  // flat, folded back
  // three in common: equivalent triangles have a predicate of their own
  EXPECT_THAT(pairs_with({0, 0, 0}, {0, 2, 0}, {2, 0, 0}), IsEmpty());
}

TEST(SelfIntersections, SeesATouchOfOneUlpAndNoneAtAGapOfOneUlp) {
  const double ulp = std::nextafter(1.0, 2.0) - 1.0;
  const auto above = [&](double gap) {
    return self_intersections(soup({{Point3(0, 0, 1), Point3(2, 0, 1), Point3(0, 2, 1)},
                                    {Point3(0.5, 0.5, 1 + gap), Point3(0.7, 0.5, 2), Point3(0.5, 0.7, 2)}}))
        .pairs.size();
  };
  EXPECT_EQ(above(0.0), 1u);
  EXPECT_EQ(above(ulp), 0u);
  EXPECT_EQ(above(-ulp), 1u);
}

TEST(SelfIntersections, DoNotDependOnTheOrderOfTrianglesNorOnTheirOrientation) {
  std::mt19937_64 random(7);
  const auto coordinate = [&] {
    return static_cast<double>(random() % 5);
  };  // a lattice: coincidences abound
  for (int trial = 0; trial < 200; ++trial) {
    std::vector<std::array<Point3, 3>> triangles(6);
    for (auto& corners : triangles)
      for (auto& corner : corners) corner = {coordinate(), coordinate(), coordinate()};
    auto reversed = triangles;
    std::reverse(reversed.begin(), reversed.end());
    for (auto& corners : reversed) std::swap(corners[0], corners[1]);
    std::vector<Pair> renamed;
    for (const auto& [a, b] : self_intersections(soup(reversed)).pairs) renamed.emplace_back(5 - b, 5 - a);
    std::sort(renamed.begin(), renamed.end());
    EXPECT_EQ(self_intersections(soup(triangles)).pairs, renamed) << "trial " << trial;
  }
}

TEST(SelfIntersections, StopsAtTheGivenNumberOfPairsAndSaysSo) {
  std::vector<std::array<Point3, 3>> fan;
  for (int i = 1; i <= 10; ++i)
    fan.push_back({Point3(-1, -i, -1), Point3(3, 2.0 * i, -1), Point3(1, 0.1 * i, 1)});
  const auto all = self_intersections(soup(fan));
  ASSERT_GT(all.pairs.size(), 3u);
  EXPECT_TRUE(all.complete);
  const auto some = self_intersections(soup(fan), 3);
  EXPECT_EQ(some.pairs.size(), 3u);
  EXPECT_FALSE(some.complete);
}

// Some hundreds of blocks of candidates; the limit is in the midst of them, where threads meet.
TEST(SelfIntersections, WithinALimitAreTheSameWithOneThreadAndWithFour) {
  std::mt19937_64 random(11);
  const auto coordinate = [&](double size) { return size * static_cast<double>(random() >> 11) * 0x1p-53; };
  std::vector<std::array<Point3, 3>> triangles(4000);
  for (auto& corners : triangles) {
    const Point3 place(coordinate(10), coordinate(10), coordinate(10));
    for (auto& corner : corners) corner = place + Vector3(coordinate(1), coordinate(1), coordinate(1));
  }
  const auto mesh = soup(triangles);
  const auto with_threads = [&](std::size_t threads, std::size_t max_pairs) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    return self_intersections(mesh, max_pairs);
  };
  const auto all = with_threads(4, 1'000'000);
  ASSERT_TRUE(all.complete);
  ASSERT_GT(all.pairs.size(), 500u);
  for (const std::size_t max_pairs : {all.pairs.size() / 2, all.pairs.size() - 1, all.pairs.size()}) {
    const auto one = with_threads(1, max_pairs), four = with_threads(4, max_pairs);
    EXPECT_EQ(one.pairs, four.pairs) << max_pairs;
    EXPECT_EQ(one.pairs.size(), max_pairs);
    EXPECT_EQ(one.complete, max_pairs == all.pairs.size());
    EXPECT_EQ(four.complete, one.complete);
    EXPECT_TRUE(std::includes(all.pairs.begin(), all.pairs.end(), one.pairs.begin(), one.pairs.end()));
  }
}

TEST(DegenerateTriangles, AreTheCollinearOnesExactly) {
  const auto mesh =
      soup({base,
            {Point3(0, 0, 0), Point3(1, 1, 1), Point3(3, 3, 3)},            // collinear
            {Point3(0, 0, 0), Point3(0, 0, 0), Point3(1, 0, 0)},            // two corners equal
            {Point3(0, 0, 0), Point3(1, 1, 1), Point3(3, 3, 3 + 1e-15)}});  // thin, not collinear
  EXPECT_THAT(degenerate_triangles(mesh), ElementsAre(1u, 2u));
}

}  // namespace
}  // namespace meshassay::exact
