// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference_pipeline/repair/float_rounding.hpp"

#include <gtest/gtest.h>

#include "core/exact/self_intersection.hpp"
#include "tests/support/small_solids.hpp"

namespace meshassay::reference_pipeline::repair {
namespace {

using test_support::add_box;
using test_support::add_triangle;

TEST(FloatRounding, ToleranceIsAPartOfTheBoxOrFourUlp) {
  Box3 box;
  box.add(Point3(0, 0, 0));
  box.add(Point3(300, 400, 0));
  EXPECT_DOUBLE_EQ(rounding_tolerance_mm(box), 1e-5 * 500);
  Box3 far;
  far.add(Point3(1e6, 0, 0));
  far.add(Point3(1e6 + 1, 0, 0));
  EXPECT_DOUBLE_EQ(rounding_tolerance_mm(far), 4 * 0.0625);  // 2^19 <= 1e6 < 2^20: ulp 2^(19 - 23).
}

TEST(FloatRounding, TidyingSplitsTheNeighbourOfAFlatTriangle) {
  // A tetrahedron one of whose edges has a point in the middle, held by a flat triangle.
  const Point3 a(0, 0, 0), b(2, 0, 0), c(0, 2, 0), d(0, 0, 2), middle(1, 0, 0);
  TriangleMesh mesh;
  add_triangle(mesh, a, c, b);
  add_triangle(mesh, a, b, middle);  // Flat: the edge a-b on one side, a-middle-b on the other.
  add_triangle(mesh, a, middle, d);
  add_triangle(mesh, middle, b, d);
  add_triangle(mesh, a, d, c);
  add_triangle(mesh, b, c, d);
  mesh = welded(mesh);
  ASSERT_EQ(test_support::unbalanced_edges(mesh), 0u);
  const auto tidy = tidied(mesh);
  EXPECT_TRUE(exact::degenerate_triangles(tidy).empty());
  EXPECT_EQ(test_support::unbalanced_edges(tidy), 0u);
  EXPECT_EQ(tidy.triangles.size(), 6u);
  EXPECT_NEAR(signed_volume_mm3(tidy), 8.0 / 6, 1e-12);
}

TEST(FloatRounding, TidyingDropsWhatCancels) {
  TriangleMesh mesh;
  add_box(mesh, {0, 0, 0}, {1, 1, 1});
  add_triangle(mesh, {0, 0, 1}, {1, 0, 1}, {0.5, 0.5, 2});
  add_triangle(mesh, {1, 0, 1}, {0, 0, 1}, {0.5, 0.5, 2});
  EXPECT_EQ(tidied(mesh).triangles.size(), 12u);
}

TEST(FloatRounding, VerticesThatAreFloatStay) {
  TriangleMesh mesh;
  add_box(mesh, {0, 0, 0}, {4, 4, 4});
  add_box(mesh, {1.0 / 3, 1, 1}, {2, 2, 9});  // 1/3 is no float32; vertices of both boxes and of their union.
  const auto sorted = sort_out(welded(mesh), {});
  const auto rounded = rounded_to_float32(solid_surface(sorted), {});
  ASSERT_TRUE(rounded);
  EXPECT_EQ(rounded->rounds, 1);
  bool corner = false;
  for (const auto& point : rounded->mesh.vertices_mm) {
    EXPECT_EQ(to_float32(point), point);
    corner = corner || point == Point3(2, 2, 9);
  }
  EXPECT_TRUE(corner);
  // 64 + 5/3 x 1 x 5, and a third is off by less than 2e-8.
  EXPECT_NEAR(signed_volume_mm3(rounded->mesh), 64.0 + 25.0 / 3, 1e-6);
}

}  // namespace
}  // namespace meshassay::reference_pipeline::repair
