// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distance/mesh_distance.hpp"

#include <gtest/gtest.h>

#include "tests/unit/metrics/known_shapes.hpp"

namespace meshassay {
namespace {

using namespace meshassay::test;

TEST(MeshDistance, OfABoxHasTheRightSignAtFacesEdgesAndCorners) {
  const MeshDistance distance(box({2, 4, 6}));
  EXPECT_TRUE(distance.has_inside());
  EXPECT_DOUBLE_EQ(distance.sample({0, 0, 0}).signed_mm, -1.0);
  EXPECT_DOUBLE_EQ(distance.sample({2, 1, 0}).signed_mm, 1.0);
  EXPECT_DOUBLE_EQ(distance.sample({4, 6, 0}).signed_mm, 5.0);        // an edge, 3-4-5
  EXPECT_DOUBLE_EQ(distance.sample({2, 4, 5}).signed_mm, 3.0);        // a corner, 1-2-2
  EXPECT_NEAR(distance.sample({1, 0.3, 0.2}).signed_mm, 0.0, 1e-15);  // on it
  EXPECT_EQ(distance.sample({2, 1, 0}).gradient, Vector3(1, 0, 0));
  EXPECT_EQ(distance.sample({0.5, 1, 0}).gradient, Vector3(1, 0, 0));
  EXPECT_EQ(distance.sample({1, 0.3, 0.2}).gradient, Vector3(1, 0, 0));
}

TEST(MeshDistance, HasTheSignOfASphereEverywhere) {
  const MeshDistance distance(bumpy_sphere(10.0, 2.0, 3, 3));
  // Star-shaped: inside is whatever lies nearer to the centre than the surface along the same ray.
  const auto relief = bumpy_sphere(10.0, 2.0, 3, 3);
  for (const auto& vertex : relief.vertices_mm) {
    EXPECT_LT(distance.sample(0.97 * vertex).signed_mm, 0.0);
    EXPECT_GT(distance.sample(1.03 * vertex).signed_mm, 0.0);
  }
}

TEST(MeshDistance, HasNoInsideWhereTheMeshIsOpenTornOrPinched) {
  auto open = box({1, 1, 1});
  open.triangles.pop_back();
  EXPECT_FALSE(MeshDistance(open).has_inside());
  auto flipped = box({1, 1, 1});
  std::swap(flipped.triangles[0][0], flipped.triangles[0][1]);
  EXPECT_FALSE(MeshDistance(flipped).has_inside());
  // Two boxes that meet in one corner: around it the nearest feature does not say which side.
  EXPECT_FALSE(MeshDistance(together(box({1, 1, 1}), box({1, 1, 1}, {1, 1, 1}))).has_inside());
  EXPECT_TRUE(MeshDistance(together(box({1, 1, 1}), box({1, 1, 1}, {3, 3, 3}))).has_inside());
  // Inside out as a whole is turned.
  EXPECT_LT(MeshDistance(inside_out(box({1, 1, 1}))).sample({0, 0, 0}).signed_mm, 0.0);
  // A cavity is outside.
  EXPECT_GT(MeshDistance(together(box({3, 3, 3}), inside_out(box({1, 1, 1})))).sample({0, 0, 0}).signed_mm,
            0.0);
}

TEST(NearestOnTriangle, IsNoFartherThanAnyPointOfTheTriangleDegenerateOnesToo) {
  Random random(11);
  for (int trial = 0; trial < 300; ++trial) {
    Point3 a = random.point(1.0), b = random.point(1.0), c = random.point(1.0);
    if (trial % 5 == 1) c = a + random.uniform(-1.0, 2.0) * (b - a);
    if (trial % 5 == 2) c = b;
    if (trial % 5 == 3) b = c = a;
    const Point3 p = random.point(2.0);
    const Point3 nearest = nearest_on_triangle(p, a, b, c).point_mm;
    ASSERT_TRUE(nearest.allFinite());
    for (int i = 0; i <= 20; ++i)
      for (int j = 0; i + j <= 20; ++j) {
        const Point3 other = a + i / 20.0 * (b - a) + j / 20.0 * (c - a);
        EXPECT_LE((p - nearest).norm(), (p - other).norm() + 1e-7) << trial;
      }
  }
}

}  // namespace
}  // namespace meshassay
