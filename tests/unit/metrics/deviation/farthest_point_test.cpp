// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/deviation/farthest_point.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <utility>

#include "metrics/surface/cut_polygon.hpp"
#include "tests/unit/metrics/known_shapes.hpp"

namespace meshassay::metrics {
namespace {

using namespace meshassay::test;

constexpr RefinementOptions to_a_micrometre{
    .width_mm = 0.001, .relative_width = 0.0, .max_bisections = 1'000'000};

TEST(FarthestPoint, OfASquareBesideASquareIsTheFarCorner) {
  // Squares of 10 mm in one plane, 3 mm apart: the far corners are 13 mm away.
  const auto found = farthest_point(square(10.0, 0.0, 3, {13.0, 0.0, 0.0}),
                                    MeshDistance(square(10.0, 0.0, 2)), to_a_micrometre);
  EXPECT_DOUBLE_EQ(found.distance_mm.value, 13.0);
  EXPECT_LE(found.distance_mm.ruler.width(), 0.001 + 1e-9);
  EXPECT_DOUBLE_EQ(found.place_mm[0], 23.0);
}

TEST(FarthestPoint, IsFoundInsideATriangleToo) {
  // A roof over a square of 2 mm: from below, the middle line of the floor is farthest from both slopes.
  // Slopes of 45 degrees meet at (1, *, 1): a point (1, y, 0) is sqrt(1/2) from each.
  TriangleMesh roof;
  roof.vertices_mm = {{0, -9, 0}, {0, 9, 0}, {1, -9, 1}, {1, 9, 1}, {2, -9, 0}, {2, 9, 0}};
  roof.triangles = {{0, 2, 3}, {0, 3, 1}, {2, 4, 5}, {2, 5, 3}};
  const auto found = farthest_point(square(2.0, 0.0, 1), MeshDistance(roof), to_a_micrometre);
  EXPECT_LE(found.distance_mm.ruler.lo, std::sqrt(0.5));
  EXPECT_GE(found.distance_mm.ruler.hi, std::sqrt(0.5));
  EXPECT_LE(found.distance_mm.ruler.width(), 0.001 + 1e-9);
  EXPECT_NEAR(found.place_mm[0], 1.0, 0.01);
}

// Where x is at least so much.
class Beyond final : public PassedOver {
 public:
  explicit Beyond(double x_mm) : x_mm_(x_mm) {}
  [[nodiscard]] bool holds(const Point3& point_mm) const override { return point_mm[0] >= x_mm_; }
  [[nodiscard]] bool holds_all_of(const std::array<Point3, 3>& corners) const override {
    return holds(corners[0]) && holds(corners[1]) && holds(corners[2]);
  }

 private:
  double x_mm_;
};

TEST(FarthestPoint, WhatIsPassedOverDoesNotCount) {
  // A slope of 45 degrees over a square of 2 mm: the point (x, y, 0) is x / sqrt(2) from it.
  TriangleMesh slope;
  slope.vertices_mm = {{-9, -9, -9}, {9, -9, 9}, {9, 9, 9}, {-9, 9, -9}};
  slope.triangles = {{0, 1, 2}, {0, 2, 3}};
  const auto floor = square(2.0, 0.0, 3);
  const MeshDistance distance(slope);
  for (const double x_mm : {0.3, 1.5}) {
    const Beyond beyond(x_mm);
    const auto found = farthest_point(floor, distance, to_a_micrometre, &beyond);
    EXPECT_LE(found.distance_mm.ruler.lo, x_mm / std::sqrt(2.0));
    EXPECT_GE(found.distance_mm.ruler.hi, x_mm / std::sqrt(2.0));
    EXPECT_LE(found.distance_mm.ruler.width(), 0.001 + 1e-9);
    EXPECT_LT(found.place_mm[0], x_mm);
  }
  const Beyond none(3.0), all(-1.0);
  EXPECT_NEAR(farthest_point(floor, distance, to_a_micrometre, &none).distance_mm.value, std::sqrt(2.0),
              1e-12);
  const auto nothing = farthest_point(floor, distance, to_a_micrometre, &all).distance_mm;
  EXPECT_EQ(nothing.value, 0.0);
  EXPECT_LE(nothing.ruler.hi, 0.001);
}

TEST(FarthestPoint, OfConcentricSpheresEnclosesTheGapHoweverTheyAreCut) {
  Random random(3);
  const auto inner = icosphere(20.0, 4),
             outer = moved(icosphere(21.0, 4), random.rotation(), Vector3::Zero());
  // From outside in: the vertices are at 21, and the inner sphere's facets no deeper than the nearest of
  // their planes.
  double deepest = 20.0;
  for (std::size_t t = 0; t < inner.triangles.size(); ++t)
    deepest = std::min(deepest, inner.corner(t, 0).dot(area_vector_mm2(inner, t).normalized()));
  const auto outside = farthest_point(outer, MeshDistance(inner), to_a_micrometre).distance_mm;
  EXPECT_GE(outside.ruler.hi, 1.0);
  EXPECT_LE(outside.ruler.lo, 21.0 - deepest);
  EXPECT_LE(outside.ruler.width(), 0.001 + 1e-9);
  const auto both = hausdorff_distance(inner, outer, to_a_micrometre);
  EXPECT_GE(both.value, outside.value);
  EXPECT_LE(both.ruler.width(), 0.001 + 1e-9);
  EXPECT_EQ(hausdorff_distance(outer, inner, to_a_micrometre).value, both.value);
}

// Groups of triangles are put aside as wholes: not those with one vertex that stands out.
TEST(FarthestPoint, IsTheTipOfASpikeWhereverItStands) {
  Random random(21);
  const auto reference = bumpy_sphere(10.0, 1.0, 4, 5);
  const MeshDistance distance(reference);
  for (int trial = 0; trial < 40; ++trial) {
    auto surface = moved(reference, random.rotation(), random.point(0.1));
    const auto tip =
        static_cast<std::size_t>(random.uniform(0.0, 1.0) * static_cast<double>(surface.vertices_mm.size()));
    surface.vertices_mm[tip] *= random.uniform(1.4, 1.6);
    const auto found = farthest_point(surface, distance, to_a_micrometre);
    EXPECT_EQ(found.place_mm, surface.vertices_mm[tip]);
    EXPECT_EQ(found.distance_mm.value, distance.nearest(surface.vertices_mm[tip]).distance_mm);
    EXPECT_LE(found.distance_mm.ruler.width(), 0.001 + 1e-9);
    const auto again = farthest_point(MeshDistance(surface), distance, to_a_micrometre);
    EXPECT_EQ(again.distance_mm.value, found.distance_mm.value);
  }
}

TEST(FarthestPoint, IsNoNearerThanAnyVertexAndHoldsWhatSamplesFind) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const auto a = bumpy_sphere(10.0, 2.0, 4, seed), b = bumpy_sphere(10.0, 2.0, 3, seed + 50);
    const MeshDistance distance(b);
    const auto found = farthest_point(a, distance, to_a_micrometre).distance_mm;
    for (const auto& vertex : a.vertices_mm) EXPECT_LE(distance.nearest(vertex).distance_mm, found.value);
    for (std::size_t t = 0; t < a.triangles.size(); ++t)
      for (const auto& [u, v] : {std::pair(0.3, 0.3), std::pair(0.5, 0.5), std::pair(0.1, 0.45)}) {
        const Point3 p = u * a.corner(t, 0) + v * a.corner(t, 1) + (1.0 - u - v) * a.corner(t, 2);
        EXPECT_LE(distance.nearest(p).distance_mm, found.ruler.hi);
      }
  }
}

TEST(FarthestPoint, MayLieOnATriangleWithoutAnArea) {
  auto surface = icosphere(9.0, 2);
  surface.vertices_mm.emplace_back(0.0, 0.0, 15.0);
  const auto tip = static_cast<std::uint32_t>(surface.vertices_mm.size() - 1);
  surface.triangles.push_back({0, tip, tip});
  const MeshDistance distance(icosphere(9.0, 2));
  EXPECT_EQ(farthest_point(surface, distance, to_a_micrometre).place_mm, Point3(0.0, 0.0, 15.0));
  surface.triangles = {{tip, tip, tip}};  // and nothing else
  EXPECT_EQ(farthest_point(surface, distance, to_a_micrometre).place_mm, Point3(0.0, 0.0, 15.0));
}

TEST(FarthestPoint, StaysAnEnclosureWhereItMayNotRefine) {
  const auto a = icosphere(11.0, 1), b = icosphere(10.0, 2);
  const auto fine = farthest_point(a, MeshDistance(b), to_a_micrometre).distance_mm;
  const auto none = farthest_point(a, MeshDistance(b), {.width_mm = 1e-9, .max_bisections = 0}).distance_mm;
  EXPECT_LE(none.ruler.lo, fine.value + 1e-12);
  EXPECT_GE(none.ruler.hi + 1e-12, fine.value);
}

TEST(CutPolygon, KeepsTheAreaAndDropsSlivers) {
  const SmallPolygon triangle(std::array<Point3, 3>{Point3(0, 0, 0), Point3(2, 0, 0), Point3(0, 2, 0)});
  const auto halves = cut(triangle, {1, 0, 0}, {1, 0, 0});
  EXPECT_EQ(halves.positive.size(), 3u);  // (1,0) (2,0) (1,1)
  EXPECT_EQ(halves.negative.size(), 4u);
  const auto beside = cut(triangle, {2, 0, 0}, {1, 0, 0});  // touches one corner
  EXPECT_EQ(beside.positive.size(), 0u);
  EXPECT_EQ(beside.negative.size(), 3u);
}

}  // namespace
}  // namespace meshassay::metrics
