// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference_pipeline/repair/thin_walls.hpp"

#include <gtest/gtest.h>

#include "core/distance/exposed_segments.hpp"
#include "reference_pipeline/repair/convex_pieces.hpp"

namespace meshassay::reference_pipeline::repair {
namespace {

// One triangle in the plane z = 0, 30 thicknesses long, with its middle at the origin.
constexpr double thickness_mm = 1.0;
SheetComplex sheet() {
  return {.mesh = {.vertices_mm = {{-10, -10, 0}, {20, -10, 0}, {-10, 20, 0}}, .triangles = {{0, 1, 2}}},
          .normals = {Vector3::UnitZ()},
          .roots = {}};
}

TriangleMesh box(double bottom_mm, double top_mm) {
  TriangleMesh mesh;
  for (const double z : {bottom_mm, top_mm})
    for (const double y : {-30.0, 30.0})
      for (const double x : {-30.0, 30.0}) mesh.vertices_mm.emplace_back(x, y, z);
  mesh.triangles = {{0, 2, 3}, {0, 3, 1}, {4, 5, 7}, {4, 7, 6}, {0, 1, 5}, {0, 5, 4},
                    {2, 6, 7}, {2, 7, 3}, {0, 4, 6}, {0, 6, 2}, {1, 3, 7}, {1, 7, 5}};
  return mesh;
}

TriangleMesh balls_for(double bottom_mm, double top_mm, double passage_z_mm) {
  return other_side_of_thin_walls(sheet(), box(bottom_mm, top_mm),
                                  icosahedron({0.0, 0.0, passage_z_mm}, 0.02), thickness_mm);
}

TEST(ThinWalls, AWallOfTheThicknessGetsNothing) {
  EXPECT_TRUE(balls_for(-0.5, 0.5, 0.6).triangles.empty());
  EXPECT_TRUE(balls_for(-0.25, 0.75, 0.8).triangles.empty());  // Its middle need not be the sheet.
}

TEST(ThinWalls, WhatReachesTooLittleToOneSideGetsABallOnTheOther) {
  for (const double side : {1.0, -1.0}) {
    // The wall reaches 0.1 mm towards the passage, 0.5 mm away from it: 0.6 mm.
    const auto balls = side > 0 ? balls_for(-0.5, 0.1, 0.15) : balls_for(-0.1, 0.5, -0.15);
    ASSERT_EQ(balls.triangles.size(), 20u);
    // With its middle half a thickness away it holds all from the sheet to a thickness from it.
    EXPECT_TRUE(winds_around(balls, {0.0, 0.0, 0.0}));
    EXPECT_TRUE(winds_around(balls, {0.0, 0.0, -0.99 * side}));
    // Corners of an icosahedron are 1.26 radii away, half a thickness and 0.63 of it from the sheet.
    for (const auto& point : balls.vertices_mm) EXPECT_LE(point.norm(), 1.14);
  }
}

TEST(ThinWalls, AThickBodyBesideTheSheetIsNoWall) {
  // 2 mm of it, but 0.1 mm away: no ball in it touches the sheet.
  EXPECT_EQ(balls_for(0.1, 2.1, -0.2).triangles.size(), 20u);
}

}  // namespace
}  // namespace meshassay::reference_pipeline::repair
