// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference_pipeline/repair/slits.hpp"

#include <gtest/gtest.h>

#include <numbers>
#include <random>

#include "core/exact/self_intersection.hpp"
#include "reference_pipeline/repair/float_rounding.hpp"
#include "reference_pipeline/repair/repair.hpp"
#include "reference_pipeline/repair/surface_match.hpp"
#include "tests/support/small_solids.hpp"

namespace meshassay::reference_pipeline::repair {
namespace {

using test_support::add_box;
using test_support::add_triangle;

SheetComplex floors_of(const TriangleMesh& mesh, double width_mm) {
  const auto whole = welded(mesh);
  std::vector<Vector3> normals;
  for (std::size_t t = 0; t < whole.triangles.size(); ++t) normals.push_back(unit_normal(whole, t));
  return slit_floors(whole, normals, width_mm);
}

TEST(SlitFloors, AreOneSideOfWhatIsNarrow) {
  TriangleMesh mesh;
  add_box(mesh, {0, 0, 0}, {10, 10, 10});
  add_box(mesh, {2, 2, 10 + 1e-7}, {8, 8, 20});
  const auto floors = floors_of(mesh, 1e-5);
  // The top of the box below, which is two triangles; both lie under the other box.
  ASSERT_EQ(floors.mesh.triangles.size(), 2u);
  for (const auto& point : floors.mesh.vertices_mm) EXPECT_EQ(point[2], 10.0);
  for (const auto& normal : floors.normals) EXPECT_NEAR(normal[2], 1.0, 1e-12);
  // Narrower than the slit is: nothing.
  EXPECT_TRUE(floors_of(mesh, 1e-8).mesh.triangles.empty());
}

TEST(SlitFloors, AreNotTheSidesOfAThinSolidNorBesideEachOther) {
  TriangleMesh thin;
  add_box(thin, {0, 0, 0}, {10, 10, 1e-7});  // Its top and bottom look away from each other.
  EXPECT_TRUE(floors_of(thin, 1e-5).mesh.triangles.empty());
  TriangleMesh beside;
  add_box(beside, {0, 0, 0}, {10, 10, 10});
  add_box(beside, {11, 0, 10 + 1e-7}, {20, 10, 20});  // Not over the other.
  EXPECT_TRUE(floors_of(beside, 1e-5).mesh.triangles.empty());
}

// What is taken out: 10 x 10 mm, h to each side; plates run on by at most sqrt(2) h at their rims.
TEST(WidenedSlits, FaceInwardAndLieAboutTheFloors) {
  TriangleMesh mesh;
  add_box(mesh, {0, 0, 0}, {10, 10, 10});
  add_box(mesh, {2, 2, 10 + 1e-7}, {8, 8, 20});
  constexpr double half_mm = 0.01;
  const auto widened = widened_slits(floors_of(mesh, 1e-5), half_mm);
  EXPECT_EQ(test_support::unbalanced_edges(welded(widened)), 0u);
  const double longest_mm = 10.0 + 2.0 * std::numbers::sqrt2 * half_mm;
  EXPECT_LE(signed_volume_mm3(widened), -2.0 * half_mm * 100.0 + 1e-9);
  EXPECT_GE(signed_volume_mm3(widened), -2.0 * half_mm * longest_mm * longest_mm);
}

// Two plates whose faces in contact are the same but for 3e-7 mm up or down at each point of a grid of their
// own, where a float32 step is 9.5e-7: they cross and part in each square. The slits end as wedges, and reach
// from side to side.
TriangleMesh plates_in_contact(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto rough_mm = [&] { return 10.0 + 3e-7 * (static_cast<double>(random() >> 11) * 0x1p-52 - 1.0); };
  TriangleMesh mesh;
  for (const bool above : {false, true}) {
    const int squares = above ? 5 : 7, square_mm = above ? 7 : 5;
    std::vector<Point3> contact;
    for (int j = 0; j <= squares; ++j)
      for (int i = 0; i <= squares; ++i) contact.emplace_back(square_mm * i, square_mm * j, rough_mm());
    const auto at = [&](int i, int j) { return contact.at(static_cast<std::size_t>(j) * (squares + 1) + i); };
    const auto far = [&](int i, int j) { return Point3(square_mm * i, square_mm * j, above ? 12.0 : 8.0); };
    const auto add = [&](const Point3& a, const Point3& b, const Point3& c) {  // As the plate below has it.
      if (above)
        add_triangle(mesh, a, c, b);
      else
        add_triangle(mesh, a, b, c);
    };
    for (int j = 0; j < squares; ++j)
      for (int i = 0; i < squares; ++i) {
        add(at(i, j), at(i + 1, j), at(i + 1, j + 1));
        add(at(i, j), at(i + 1, j + 1), at(i, j + 1));
        add(far(i, j), far(i + 1, j + 1), far(i + 1, j));
        add(far(i, j), far(i, j + 1), far(i + 1, j + 1));
      }
    const auto side = [&](int i, int j, int k, int l) {  // Going round counter-clockwise.
      add(far(i, j), far(k, l), at(k, l));
      add(far(i, j), at(k, l), at(i, j));
    };
    for (int n = 0; n < squares; ++n) {
      side(n, 0, n + 1, 0);
      side(squares, n, squares, n + 1);
      side(n + 1, squares, n, squares);
      side(0, n + 1, 0, n);
    }
  }
  return mesh;
}

TEST(Repair, SlitsThatEndAsWedgesStayOpen) {
  for (const std::uint64_t seed : {1, 2, 3, 4}) {
    SCOPED_TRACE(seed);
    const auto mesh = welded(plates_in_contact(seed));
    const auto result = repair(mesh, {});
    ASSERT_EQ(result.status, RepairStatus::repaired) << result.reason;
    EXPECT_EQ(test_support::unbalanced_edges(result.mesh), 0u);
    EXPECT_TRUE(exact::self_intersections(result.mesh).pairs.empty());
    // Two plates of 35 x 35 x 2; the tolerance holds all that is taken out.
    const double tolerance_mm = rounding_tolerance_mm(bounding_box(mesh));
    EXPECT_NEAR(signed_volume_mm3(result.mesh), 4900.0, tolerance_mm * area_mm2(mesh));
    const auto exact = solid_surface(sort_out(mesh, {})).mesh;
    EXPECT_TRUE(SurfaceMatch(exact, tolerance_mm).matches(result.mesh));
  }
}

}  // namespace
}  // namespace meshassay::reference_pipeline::repair
