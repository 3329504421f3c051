// SPDX-License-Identifier: GPL-3.0-or-later
// Small meshes whose certificate is known by hand.
#include "metrics/meshes/printability.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

#include "core/weld.hpp"
#include "metrics/registry.hpp"

namespace meshassay::metrics {
namespace {

// A box of 8 corners and 12 triangles, outward; `flip` turns it inside out.
void add_box(TriangleMesh& mesh, const Point3& low, const Point3& high, bool flip = false) {
  const auto first = static_cast<std::uint32_t>(mesh.vertices_mm.size());
  for (int corner = 0; corner < 8; ++corner)
    mesh.vertices_mm.emplace_back(corner & 1 ? high[0] : low[0], corner & 2 ? high[1] : low[1],
                                  corner & 4 ? high[2] : low[2]);
  for (Triangle triangle : {Triangle{0, 2, 1},
                            {1, 2, 3},
                            {4, 5, 6},
                            {5, 7, 6},
                            {0, 1, 4},
                            {1, 5, 4},
                            {2, 6, 3},
                            {3, 6, 7},
                            {0, 4, 2},
                            {2, 4, 6},
                            {1, 3, 5},
                            {3, 7, 5}}) {
    for (auto& vertex : triangle) vertex += first;
    if (flip) std::swap(triangle[1], triangle[2]);
    mesh.triangles.push_back(triangle);
  }
}

TriangleMesh box() {
  TriangleMesh mesh;
  add_box(mesh, {0, 0, 0}, {1, 1, 1});
  return mesh;
}

struct Expected {
  std::optional<bool> bounds_solid, printable, printable_parts, two_manifold, strict;
};

void expect(const TriangleMesh& mesh, const Expected& expected) {
  const auto certificate = certify(mesh);
  EXPECT_EQ(certificate.bounds_solid, expected.bounds_solid) << "bounds_solid";
  EXPECT_EQ(certificate.printable, expected.printable) << "printable";
  EXPECT_EQ(certificate.printable_parts, expected.printable_parts) << "printable_parts";
  EXPECT_EQ(certificate.two_manifold, expected.two_manifold) << "two_manifold";
  EXPECT_EQ(certificate.strict, expected.strict) << "strict";
}

TEST(Certify, ABox) { expect(box(), {true, true, true, true, true}); }

TEST(Certify, AnInsideOutBoxIsPrintableButNotStrict) {
  TriangleMesh mesh;
  add_box(mesh, {0, 0, 0}, {1, 1, 1}, true);
  expect(mesh, {false, true, true, true, false});  // 3.11 ignores orientation
  EXPECT_EQ(certify(mesh).predicate("outward").count, 1u);
}

TEST(Certify, OneFlippedTriangleLeavesNoConsistentOrientation) {
  auto mesh = box();
  std::swap(mesh.triangles[5][0], mesh.triangles[5][1]);
  const auto certificate = certify(mesh);
  EXPECT_EQ(certificate.bounds_solid, false);
  EXPECT_EQ(certificate.strict, false);
  EXPECT_EQ(certificate.two_manifold, true);
  EXPECT_EQ(certificate.predicate("consistently_oriented").count, 3u);  // its three edges
}

TEST(Certify, AHoleOpensIt) {
  auto mesh = box();
  mesh.triangles.pop_back();
  expect(mesh, {false, false, false, false, false});
  EXPECT_EQ(certify(mesh).predicate("closed").count, 3u);
}

TEST(Certify, ABoxInABoxIsACavityOnlyWhereItFacesInward) {
  TriangleMesh cavity = box();
  add_box(cavity, {0.25, 0.25, 0.25}, {0.75, 0.75, 0.75}, true);
  // The outer hull does not reach the cavity's wall: bounds a solid, but is not printable in the sense
  // of 3.11.
  expect(cavity, {true, false, false, true, false});
  TriangleMesh nested = box();
  add_box(nested, {0.25, 0.25, 0.25}, {0.75, 0.75, 0.75});
  expect(nested, {false, false, false, true, false});
}

TEST(Certify, TwoPartsArePrintableAsParts) {
  TriangleMesh mesh = box();
  add_box(mesh, {2, 0, 0}, {3, 1, 1});
  expect(mesh, {true, false, true, true, false});
}

TEST(Certify, OverlappingBoxesIntersect) {
  TriangleMesh mesh = box();
  add_box(mesh, {0.5, 0.5, 0.5}, {1.5, 1.5, 1.5});
  expect(mesh, {false, false, false, true, false});
  EXPECT_GT(certify(mesh).predicate("polyhedron").count, 0u);
}

TEST(Certify, BoxesThatTouchAlongAnEdgeBoundASolidInTwoParts) {
  TriangleMesh mesh = box();
  add_box(mesh, {1, 1, 0}, {2, 2, 1});
  expect(mesh, {true, false, true, false, false});
  const auto certificate = certify(mesh);
  ASSERT_EQ(certificate.witnesses.weak_edges.size(), 1u);
  EXPECT_EQ(certificate.witnesses.weak_edges[0].from_mm, Point3(1, 1, 0));
  EXPECT_EQ(certificate.witnesses.weak_edges[0].to_mm, Point3(1, 1, 1));
  ASSERT_EQ(certificate.witnesses.parts.size(), 2u);
  for (const auto& part : certificate.witnesses.parts) {
    EXPECT_DOUBLE_EQ(part.volume_mm3, 1.0);
    EXPECT_EQ(part.triangles, 12u);
  }
}

// Six tetrahedra about one edge, which a corner or an edge in common would all place alike.
TEST(Certify, PartsThatMeetAreToldApartByTheirPlaces) {
  TriangleMesh fan;
  for (int n = 0; n < 6; ++n) {
    const double angle = n * std::numbers::pi / 3.0;
    const auto first = static_cast<std::uint32_t>(fan.vertices_mm.size());
    for (const Point3& corner :
         {Point3(0, 0, 0), Point3(0, 0, 1), Point3(std::cos(angle), std::sin(angle), 0.5),
          Point3(std::cos(angle + 0.5), std::sin(angle + 0.5), 0.5)})
      fan.vertices_mm.push_back(corner);
    for (const Triangle& face : {Triangle{0, 2, 1}, Triangle{0, 1, 3}, Triangle{0, 3, 2}, Triangle{1, 2, 3}})
      fan.triangles.push_back({first + face[0], first + face[1], first + face[2]});
  }
  const auto certificate = certify(welded(fan));
  const auto& parts = certificate.witnesses.parts;
  ASSERT_EQ(parts.size(), 6u);
  EXPECT_EQ(certificate.predicate("manifold_connected").note, "6 parts, 1 weak edge, 0 weak vertices");
  for (std::size_t a = 0; a < parts.size(); ++a)
    for (std::size_t b = 0; b < a; ++b) EXPECT_GT((parts[a].place_mm - parts[b].place_mm).norm(), 0.1);
}

TEST(Certify, BoxesThatTouchAtACornerAreTwoParts) {
  TriangleMesh mesh = box();
  add_box(mesh, {1, 1, 1}, {2, 2, 2});
  expect(mesh, {true, false, true, false, false});
  EXPECT_EQ(certify(mesh).witnesses.weak_vertices_mm, (std::vector<Point3>{{1, 1, 1}}));
}

TEST(Certify, AGroovePinchedToAnEdgeIsPrintableThoughNotTwoManifold) {
  // Attene's Figure 2 (d): top and bottom of a box meet in one edge; left and right hang together by the
  // ends.
  TriangleMesh mesh;
  const std::vector<Point3> corners{{0, 0, 2}, {3, 0, 2}, {3, 2, 2}, {0, 2, 2}, {0, 0, 0},
                                    {3, 0, 0}, {3, 2, 0}, {0, 2, 0}, {1, 1, 1}, {2, 1, 1}};
  mesh.vertices_mm = corners;
  mesh.triangles = {{4, 5, 1}, {4, 1, 0}, {5, 6, 2}, {5, 2, 1}, {6, 7, 3}, {6, 3, 2}, {7, 4, 0},
                    {7, 0, 3}, {0, 1, 9}, {0, 9, 8}, {1, 2, 9}, {2, 3, 8}, {2, 8, 9}, {3, 0, 8},
                    {5, 4, 8}, {5, 8, 9}, {6, 5, 9}, {7, 6, 9}, {7, 9, 8}, {4, 7, 8}};
  expect(mesh, {true, true, true, false, true});
  EXPECT_EQ(certify(mesh).witnesses.weak_edges.size(), 1u);
}

TEST(Certify, SaysWhatIsInternalWhatIsASheetAndWhatItEncloses) {
  TriangleMesh mesh = box();                                    // 1 x 1 x 1
  add_box(mesh, {0.25, 0.25, 0.25}, {0.75, 0.75, 0.75}, true);  // a cavity of 1/8
  const auto hollow = certify(mesh);
  ASSERT_EQ(hollow.witnesses.cavities.size(), 1u);
  EXPECT_DOUBLE_EQ(hollow.witnesses.cavities[0].volume_mm3, 0.125);
  EXPECT_EQ(hollow.witnesses.internal.size(), 12u);
  EXPECT_DOUBLE_EQ(hollow.witnesses.internal_area_mm2, 6 * 0.25);
  EXPECT_DOUBLE_EQ(hollow.witnesses.hull_volume_mm3, 1.0);
  // The same whatever way the triangles run: by the number of walls around.
  std::swap(mesh.triangles[3][0], mesh.triangles[3][1]);
  ASSERT_EQ(certify(mesh).witnesses.cavities.size(), 1u);
  EXPECT_DOUBLE_EQ(certify(mesh).witnesses.cavities[0].volume_mm3, 0.125);

  TriangleMesh fin = box();
  const auto first = static_cast<std::uint32_t>(fin.vertices_mm.size());
  // From the middle of the box up to twice its height: half of it is internal.
  fin.vertices_mm.insert(fin.vertices_mm.end(), {{0.2, 0.5, 0.5}, {0.8, 0.5, 0.5}, {0.5, 0.5, 1.5}});
  fin.triangles.push_back({first, first + 1, first + 2});
  const auto finned = certify(fin);
  // A triangle of base 0.6 and height 1, cut at half its height: a quarter is outside.
  ASSERT_EQ(finned.witnesses.sheet.size(), 1u);
  EXPECT_EQ(finned.witnesses.sheet[0].triangle, 12u);
  EXPECT_FALSE(finned.witnesses.sheet[0].whole);
  EXPECT_NEAR(finned.witnesses.sheet_area_mm2, 0.3 / 4, 1e-15);
  EXPECT_NEAR(finned.witnesses.internal_area_mm2, 0.3 * 3 / 4, 1e-15);
  EXPECT_EQ(finned.predicate("solid").holds, false);
  EXPECT_EQ(finned.predicate("outer_hull").holds, false);
  EXPECT_EQ(finned.predicate("manifold_connected").holds, true);
}

TEST(Certify, NamesIntersectionsByKind) {
  TriangleMesh crossing = box();
  add_box(crossing, {0.5, 0.5, 0.5}, {1.5, 1.5, 1.5});
  const auto crossed = certify(crossing).witnesses;
  EXPECT_GT(crossed.crossing, 0u);
  EXPECT_EQ(crossed.coplanar_overlap, 0u);
  TriangleMesh lying = box();
  add_box(lying, {0.25, 0.25, 1}, {0.75, 0.75, 2});  // on the lid, all of its corners inside that
  const auto on_lid = certify(lying).witnesses;
  EXPECT_EQ(on_lid.crossing, 0u);
  EXPECT_GT(on_lid.coplanar_overlap, 0u);
  EXPECT_GT(on_lid.touching, 0u);
  EXPECT_EQ(on_lid.pairs.size(), on_lid.coplanar_overlap + on_lid.touching);
  EXPECT_NEAR(on_lid.hull_volume_mm3, 1.25, 1e-15);
}

TEST(Certify, TellsLoopsFromArcs) {
  TriangleMesh mesh = box();
  mesh.triangles.erase(mesh.triangles.begin() + 2, mesh.triangles.begin() + 4);  // the lid: a loop of 4 mm
  const auto first = static_cast<std::uint32_t>(mesh.vertices_mm.size());
  mesh.vertices_mm.emplace_back(0.5, -1.0, 0.0);
  mesh.triangles.push_back({0, first, 1});  // a fin at an edge of the floor: an arc of two edges
  const auto certificate = certify(mesh);
  ASSERT_EQ(certificate.witnesses.boundary.size(), 2u);
  const auto &arc = certificate.witnesses.boundary[0], &loop = certificate.witnesses.boundary[1];
  EXPECT_FALSE(arc.closed);
  EXPECT_EQ(arc.corners_mm.size(), 3u);
  EXPECT_DOUBLE_EQ(arc.length_mm, 2 * std::sqrt(1.25));
  EXPECT_TRUE(loop.closed);
  EXPECT_EQ(loop.corners_mm.size(), 4u);
  EXPECT_DOUBLE_EQ(loop.length_mm, 4.0);
}

TEST(Certify, LeavesTheHullUndecidedBeyondItsLimitAndSaysSo) {
  TriangleMesh mesh = box();
  add_box(mesh, {0.5, 0.5, 0.5}, {1.5, 1.5, 1.5});
  const auto certificate = certify(mesh, {.max_intersecting_pairs = 2});
  EXPECT_FALSE(certificate.hull_decided);
  EXPECT_EQ(certificate.predicate("outer_hull").holds, std::nullopt);
  EXPECT_EQ(certificate.predicate("polyhedron").holds, false);
  EXPECT_EQ(certificate.printable, false);  // decided by the intersections
}

TEST(Certify, AShellThatIsThereTwiceIsNoLayer) {
  TriangleMesh mesh = box();
  add_box(mesh, {0, 0, 0}, {1, 1, 1});
  const auto certificate = certify(mesh);
  EXPECT_EQ(certificate.bounds_solid, false);
  EXPECT_EQ(certificate.predicate("layer").count, 12u);
}

// All but `layer` and what asks for it is decided on one of each (Attene 2018, Definitions 3.3 and 3.11).
TEST(Certify, ATriangleThatIsThereTwiceLeavesABoxClosedAndOutward) {
  auto mesh = box();
  mesh.triangles.push_back({mesh.triangles[4][1], mesh.triangles[4][2], mesh.triangles[4][0]});
  expect(mesh, {false, true, true, false, false});
  EXPECT_EQ(certify(mesh).predicate("closed").holds, true);
  EXPECT_EQ(certify(mesh).predicate("outward").holds, true);
  // Facing the other way, it is chance which of the two is kept: nothing is said of the outside.
  std::swap(mesh.triangles[12][0], mesh.triangles[12][1]);
  expect(mesh, {false, true, true, false, false});
  EXPECT_EQ(certify(mesh).predicate("outward").holds, std::nullopt);
  std::rotate(mesh.triangles.begin(), mesh.triangles.end() - 1, mesh.triangles.end());
  expect(mesh, {false, true, true, false, false});
  EXPECT_EQ(certify(mesh).predicate("outward").holds, std::nullopt);
}

TEST(Certify, TwoFacesOfOneTriangleAreAnOpenSheet) {
  TriangleMesh mesh{.vertices_mm = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}}, .triangles = {{0, 1, 2}, {0, 2, 1}}};
  const auto certificate = certify(mesh);
  EXPECT_EQ(certificate.predicate("closed").holds, false);
  ASSERT_EQ(certificate.witnesses.boundary.size(), 1u);
  EXPECT_TRUE(certificate.witnesses.boundary[0].closed);
  EXPECT_EQ(certificate.predicate("solid").holds, false);
}

TEST(Certify, TrianglesWithoutAreaAreNamed) {
  auto mesh = box();
  mesh.vertices_mm.emplace_back(0.5, 0, 0);
  mesh.triangles.push_back({0, 8, 1});  // collinear
  mesh.triangles.push_back({3, 3, 4});  // irregular
  const auto certificate = certify(mesh);
  EXPECT_EQ(certificate.bounds_solid, false);
  EXPECT_EQ(certificate.predicate("non_degenerate").triangles, (std::vector<std::uint32_t>{12, 13}));
  EXPECT_EQ(certificate.predicate("regular").triangles, (std::vector<std::uint32_t>{13}));
}

// The rows of one surface under the names of predicates.
std::map<std::string, Measurement> predicate_rows(const TriangleMesh& mesh) {
  Trial trial;
  trial.truth.targets.push_back({.label = 1});
  trial.submissions.push_back({.offers = {"surface"}});
  Stage stage{.name = "exported"};
  stage.surfaces = {{1, mesh}};
  trial.submissions[0].stages.push_back(stage);
  std::map<std::string, Measurement> rows;
  for (const char* name : {"regular", "layer", "non_degenerate", "closed", "polyhedron", "outer_hull",
                           "solid", "manifold_connected", "two_manifold"})
    rows[name] = measure(trial, std::vector<MeasureItem>{{name, ""}}).front();
  return rows;
}

TEST(Predicates, AreMetricsWithWhatBreaksThem) {
  for (const auto& [name, row] : predicate_rows(box())) {
    EXPECT_EQ(row.value, MeasuredValue(true)) << name;
    EXPECT_TRUE(row.witnesses.empty()) << name;
  }
  // A second box within the first, facing the same way, and a triangle that is there twice.
  TriangleMesh mesh = box();
  add_box(mesh, {0.25, 0.25, 0.25}, {0.5, 0.5, 0.5});
  mesh.triangles.push_back(mesh.triangles.front());
  const auto rows = predicate_rows(mesh);
  for (const char* name : {"layer", "outer_hull", "two_manifold"})
    EXPECT_EQ(rows.at(name).value, MeasuredValue(false)) << name;
  for (const char* name : {"regular", "non_degenerate", "closed", "polyhedron", "solid"})
    EXPECT_EQ(rows.at(name).value, MeasuredValue(true)) << name;
  using Witness = std::pair<std::string, MeasuredValue>;
  EXPECT_EQ(rows.at("layer").witnesses,
            (std::vector<Witness>{{"count", 1.0}, {"triangles", std::vector<double>{24.0}}}));
  EXPECT_EQ(rows.at("outer_hull").witnesses.front(), (Witness{"count", 12.0}));
}

TEST(Certify, NothingIsNothing) {
  const auto certificate = certify(TriangleMesh{});
  for (const auto& each : certificate_verdicts) EXPECT_EQ(certificate.*(each.verdict), false) << each.name;
}

}  // namespace
}  // namespace meshassay::metrics
