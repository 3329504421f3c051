// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bridge_cgal/triangulated_region.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace meshassay {
namespace {

using Polygon = std::vector<Eigen::Vector2d>;

double area_of(const Polygon& corners, const std::vector<std::array<std::uint32_t, 3>>& triangles) {
  double sum = 0.0;
  for (const auto& [a, b, c] : triangles) {
    const Eigen::Vector2d u = corners[b] - corners[a];
    const Eigen::Vector2d v = corners[c] - corners[a];
    const double twice = u[0] * v[1] - u[1] * v[0];
    EXPECT_GT(twice, 0.0);  // Counter-clockwise, and none without area.
    sum += 0.5 * twice;
  }
  return sum;
}

Polygon square(double low, double high) { return {{low, low}, {high, low}, {high, high}, {low, high}}; }

TEST(TriangulatedRegion, OfASquareWithAHoleAndAnIslandInItHasTheirArea) {
  const std::vector<Polygon> polygons = {square(0, 10), square(2, 8), square(4, 5)};
  const auto triangles = triangulated_region(polygons);
  ASSERT_TRUE(triangles);
  Polygon corners;
  for (const auto& polygon : polygons) corners.insert(corners.end(), polygon.begin(), polygon.end());
  EXPECT_DOUBLE_EQ(area_of(corners, *triangles), 100.0 - 36.0 + 1.0);
  // A region of V corners and h holes has V + 2 h - 2 triangles: 8 + 2 - 2 in the frame, 2 in the island.
  EXPECT_EQ(triangles->size(), 10u);
  EXPECT_EQ(*triangulated_region(polygons), *triangles);
}

TEST(TriangulatedRegion, OfAStarGoesIntoEveryCorner) {
  Polygon star;
  for (int n = 0; n < 40; ++n) {
    const double radius = n % 2 == 0 ? 5.0 : 1.0;
    const double angle = std::numbers::pi * n / 20.0;
    star.emplace_back(radius * std::cos(angle), radius * std::sin(angle));
  }
  const auto triangles = triangulated_region(std::vector<Polygon>{star});
  ASSERT_TRUE(triangles);
  EXPECT_EQ(triangles->size(), 38u);
  // Forty triangles about the middle with the sides 5 and 1 and the angle pi/20 between.
  EXPECT_NEAR(area_of(star, *triangles), 40.0 * 0.5 * 5.0 * std::sin(std::numbers::pi / 20.0), 1e-12);
}

TEST(TriangulatedRegion, OfPolygonsThatMeetIsNone) {
  EXPECT_FALSE(triangulated_region(std::vector<Polygon>{square(0, 4), square(2, 6)})) << "crossing";
  EXPECT_FALSE(triangulated_region(std::vector<Polygon>{square(0, 4), {{4, 1}, {6, 1}, {6, 2}}}))
      << "a corner on an edge";
  EXPECT_FALSE(triangulated_region(std::vector<Polygon>{square(0, 4), {{4, 4}, {6, 4}, {6, 6}}}))
      << "a common corner";
  EXPECT_FALSE(triangulated_region(std::vector<Polygon>{{{0, 0}, {2, 2}, {2, 0}, {0, 2}}})) << "a bow tie";
  EXPECT_FALSE(triangulated_region(std::vector<Polygon>{{{0, 0}, {1, 1}, {2, 2}}})) << "a line";
  EXPECT_FALSE(triangulated_region(std::vector<Polygon>{})) << "nothing";
}

}  // namespace
}  // namespace meshassay
