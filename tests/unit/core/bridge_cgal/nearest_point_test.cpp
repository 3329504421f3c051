// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bridge_cgal/nearest_point.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "core/errors.hpp"

namespace meshassay {
namespace {

// Two unit right triangles in the plane z = 0 and one without area between them.
TriangleMesh sheet() {
  TriangleMesh mesh;
  mesh.vertices_mm = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {1, 1, 0}, {0, 0, 9}};
  mesh.triangles = {{0, 4, 0}, {0, 1, 2}, {1, 3, 2}};
  return mesh;
}

TEST(NearestPoint, FindsFacesEdgesAndCorners) {
  const NearestPoint nearest(sheet());
  const auto above = nearest.query({0.25, 0.25, 2.0});
  EXPECT_EQ(above.triangle, 1u);
  EXPECT_DOUBLE_EQ(above.distance_mm, 2.0);
  EXPECT_EQ(above.point_mm, Point3(0.25, 0.25, 0.0));
  EXPECT_DOUBLE_EQ(nearest.query({0.75, 4.0, 4.0}).distance_mm, 5.0);  // edge y = 1, 3-4-5
  EXPECT_DOUBLE_EQ(nearest.query({2.0, 3.0, 2.0}).distance_mm, 3.0);   // corner (1, 1, 0), 1-2-2
}

TEST(NearestPoint, LeavesOutTrianglesWithoutArea) {
  EXPECT_DOUBLE_EQ(NearestPoint(sheet()).query({0, 0, 9}).distance_mm, 9.0);
  EXPECT_TRUE(is_degenerate(sheet(), 0));
  EXPECT_FALSE(is_degenerate(sheet(), 1));
  auto lone = sheet();
  lone.triangles.resize(1);
  EXPECT_THROW(NearestPoint{lone}, InvalidInput);
  EXPECT_THROW(NearestPoint{TriangleMesh{}}, InvalidInput);
}

TEST(NearestPoint, RefusesWhatIsNotAMesh) {
  auto mesh = sheet();
  mesh.vertices_mm[1][2] = std::numeric_limits<double>::infinity();
  EXPECT_THROW(NearestPoint{mesh}, InvalidInput);
  mesh = sheet();
  mesh.triangles[2][0] = 5;
  EXPECT_THROW(NearestPoint{mesh}, InvalidInput);
}

}  // namespace
}  // namespace meshassay
