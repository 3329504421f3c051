// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference_pipeline/repair/sheets.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "core/distance/mesh_distance.hpp"
#include "tests/support/small_solids.hpp"

namespace meshassay::reference_pipeline::repair {
namespace {

using test_support::add_quad;
using test_support::add_triangle;

SheetComplex complex_of(const TriangleMesh& mesh) {
  SheetComplex sheets{.mesh = welded(mesh), .normals = {}, .roots = {}};
  for (std::size_t t = 0; t < sheets.mesh.triangles.size(); ++t)
    sheets.normals.push_back(area_vector_mm2(sheets.mesh, t).normalized());
  return sheets;
}

// The plate of a rectangle is a convex solid; its volume by hand, h the half wall, r the run-on, e the height
// of its rim, t = tan(7.5 deg): corners are rounded in 6 steps of 15 degrees, and heights are linear on
// triangles.
TEST(Sheets, PlateOfARectangleHasTheVolumeOfItsPieces) {
  constexpr double a = 10, b = 7, h = 0.2, r = 0.992 * h, e = 0.996;
  const double t = std::tan(7.5 * std::numbers::pi / 180);
  TriangleMesh mesh;
  test_support::add_sheet(mesh, a, b, 3.0, 4);
  const auto plate = thickened(complex_of(mesh), h);
  EXPECT_EQ(test_support::unbalanced_edges(plate), 0u);
  double heights = a * b;  // Over 2 h.
  for (const double side : {a, b, a, b})
    heights += 0.5 * side * r * (2 + e) / 3 + 0.5 * (side + 2 * r * t) * r * (1 + 2 * e) / 3;
  heights += 4 * 5 * r * r * t * (1 + 2 * e) / 3;
  // The strip of a side is cut into quads at the vertices of the grid, each along a diagonal of its own:
  // their heights differ from the two triangles' by at most (1 - e) h on half of the strip.
  EXPECT_NEAR(signed_volume_mm3(plate), 2 * h * heights, 2 * h * (1 - e) * r * (a + b));
  const Box3 box = bounding_box(plate);
  EXPECT_NEAR(box.size_mm()[2], 2 * h, 1e-12);
  EXPECT_NEAR(box.size_mm()[0], a + 2 * r, 1e-12);
}

double farthest_mm(const TriangleMesh& from, const SheetComplex& sheets) {
  double farthest = 0.0;
  for (const auto& point : from.vertices_mm) {
    double nearest = 1e300;
    for (std::size_t t = 0; t < sheets.mesh.triangles.size(); ++t)
      nearest =
          std::min(nearest, (point - nearest_on_triangle(point, sheets.mesh.corner(t, 0),
                                                         sheets.mesh.corner(t, 1), sheets.mesh.corner(t, 2))
                                         .point_mm)
                                .norm());
    farthest = std::max(farthest, nearest);
  }
  return farthest;
}

TEST(Sheets, EveryShapeGetsAClosedOutwardWallWithinReach) {
  constexpr double h = 0.2;
  std::vector<std::pair<const char*, TriangleMesh>> shapes(7);
  shapes[0].first = "one triangle";
  add_triangle(shapes[0].second, {0, 0, 0}, {10, 0, 0}, {0, 7, 1});
  shapes[1].first = "pages of a book";
  for (int page = 0; page < 5; ++page) {
    const double angle = page * 2 * std::numbers::pi / 5 + 0.1;
    const Point3 out(10 * std::cos(angle), 10 * std::sin(angle), 0), up(0, 0, 10);
    add_quad(shapes[1].second, {0, 0, 0}, out, out + up, up);
  }
  shapes[2].first = "three faces of a cube";
  add_quad(shapes[2].second, {0, 0, 0}, {0, 10, 0}, {10, 10, 0}, {10, 0, 0});
  add_quad(shapes[2].second, {0, 0, 0}, {10, 0, 0}, {10, 0, 10}, {0, 0, 10});
  add_quad(shapes[2].second, {0, 0, 0}, {0, 0, 10}, {0, 10, 10}, {0, 10, 0});
  shapes[3].first = "needle cone";
  for (int i = 0; i < 12; ++i) {
    const double a = i * std::numbers::pi / 6, b = (i + 1) * std::numbers::pi / 6;
    add_triangle(shapes[3].second, {std::cos(a), std::sin(a), 0}, {std::cos(b), std::sin(b), 0}, {0, 0, 10});
  }
  shapes[4].first = "Moebius strip";
  constexpr int n = 40;
  const auto strip = [](int i, int side) {
    const double a = 2 * std::numbers::pi * i / n, t = a / 2, w = side == 0 ? -3 : 3;
    return Point3((20 + w * std::cos(t)) * std::cos(a), (20 + w * std::cos(t)) * std::sin(a),
                  w * std::sin(t));
  };
  for (int i = 0; i < n; ++i)
    if (i + 1 < n)
      add_quad(shapes[4].second, strip(i, 0), strip(i + 1, 0), strip(i + 1, 1), strip(i, 1));
    else
      add_quad(shapes[4].second, strip(i, 0), strip(0, 1), strip(0, 0), strip(i, 1));
  shapes[5].first = "sharp fold";
  add_quad(shapes[5].second, {0, 0, 0}, {10, 0, 0}, {10, 10, 1}, {0, 10, 1});
  add_quad(shapes[5].second, {0, 0, 0}, {10, 0, 0}, {10, 10, -1}, {0, 10, -1});
  shapes[6].first = "crossing at one edge";
  for (const double angle : {0.3, 1.9, 0.3 + std::numbers::pi, 1.9 + std::numbers::pi}) {
    const Point3 out(10 * std::cos(angle), 10 * std::sin(angle), 0), up(0, 0, 10);
    add_quad(shapes[6].second, {0, 0, 0}, out, out + up, up);
  }
  for (const auto& [name, mesh] : shapes) {
    const auto sheets = complex_of(mesh);
    const auto walls = thickened(sheets, h);
    EXPECT_EQ(test_support::unbalanced_edges(walls), 0u) << name;
    EXPECT_GT(signed_volume_mm3(walls), 2 * 0.99 * h * area_mm2(sheets.mesh)) << name;
    // The distance to the sheet is convex on each small triangle's neighbourhood; vertices are the farthest.
    EXPECT_LE(farthest_mm(walls, sheets), std::numbers::sqrt2 * h * 1.001) << name;
  }
}

}  // namespace
}  // namespace meshassay::reference_pipeline::repair
