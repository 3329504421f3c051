// SPDX-License-Identifier: GPL-3.0-or-later
// Small meshes whose certificate is known by hand.
#include "metrics/printability.hpp"

#include <gtest/gtest.h>

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

TEST(Certify, BoxesThatTouchAlongAnEdgeBoundASolidAndAreNotTwoManifold) {
  TriangleMesh mesh = box();
  add_box(mesh, {1, 1, 0}, {2, 2, 1});
  expect(mesh, {true, std::nullopt, std::nullopt, false, std::nullopt});
  EXPECT_FALSE(certify(mesh).undecided.empty());
}

TEST(Certify, AShellThatIsThereTwiceIsNoLayer) {
  TriangleMesh mesh = box();
  add_box(mesh, {0, 0, 0}, {1, 1, 1});
  const auto certificate = certify(mesh);
  EXPECT_EQ(certificate.bounds_solid, false);
  EXPECT_EQ(certificate.predicate("layer").count, 12u);
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

TEST(Certify, NothingIsNothing) {
  const auto certificate = certify(TriangleMesh{});
  for (const auto& each : certificate_verdicts) EXPECT_EQ(certificate.*(each.verdict), false) << each.name;
}

}  // namespace
}  // namespace meshassay::metrics
