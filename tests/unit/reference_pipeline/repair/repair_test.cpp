// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference_pipeline/repair/repair.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "core/distance/mesh_distance.hpp"
#include "core/errors.hpp"
#include "core/exact/arrangement.hpp"
#include "core/exact/self_intersection.hpp"
#include "reference_pipeline/repair/float_rounding.hpp"
#include "reference_pipeline/repair/perturbation.hpp"
#include "reference_pipeline/repair/solid.hpp"
#include "reference_pipeline/repair/surface_match.hpp"
#include "tests/support/small_solids.hpp"

namespace meshassay::reference_pipeline::repair {
namespace {

using test_support::add_box;
using test_support::add_quad;
using test_support::add_sheet;
using test_support::add_triangle;

// What every repaired mesh must be, by predicates on its coordinates alone.
void expect_sound(const RepairResult& result) {
  ASSERT_FALSE(result.mesh.triangles.empty()) << result.reason;
  EXPECT_EQ(test_support::unbalanced_edges(result.mesh), 0u);
  EXPECT_TRUE(exact::degenerate_triangles(result.mesh).empty());
  EXPECT_TRUE(exact::self_intersections(result.mesh).pairs.empty());
  for (const auto& point : result.mesh.vertices_mm)
    for (int i = 0; i < 3; ++i) {
      const volatile float nearest = static_cast<float>(point[i]);
      EXPECT_EQ(static_cast<double>(nearest), point[i]);
    }
  EXPECT_EQ(result.part.size(), result.mesh.triangles.size());
}

// Turned about two axes, so that nothing is axis-parallel; float32 coordinates.
TriangleMesh tilted(TriangleMesh mesh) {
  const Matrix3 turn = (Eigen::AngleAxisd(0.7, Vector3::UnitZ()) * Eigen::AngleAxisd(0.4, Vector3::UnitX()))
                           .toRotationMatrix();
  for (auto& point : mesh.vertices_mm) point = to_float32(turn * point);
  return mesh;
}

std::vector<Cavity> find_cavities_of(const TriangleMesh& mesh) {
  return sort_out(welded(mesh), {.cavities = Cavities::ask}).cavities;
}

TriangleMesh overlapping_boxes() {
  TriangleMesh mesh;
  add_box(mesh, {0, 0, 0}, {10, 10, 10});
  add_box(mesh, {5, 4, 3}, {15, 7, 7});
  return mesh;
}

TEST(Repair, UnionOfTwoBoxesHasItsVolume) {
  const auto result = repair(overlapping_boxes(), {});
  EXPECT_EQ(result.status, RepairStatus::repaired);
  expect_sound(result);
  // 1000, and of the second 5 x 3 x 4 outside; all coordinates are whole numbers.
  EXPECT_DOUBLE_EQ(signed_volume_mm3(result.mesh), 1060.0);
  EXPECT_EQ(result.counts.parts, 1u);
  EXPECT_EQ(result.counts.sheet_triangles, 0u);
  const auto turned = repair(tilted(overlapping_boxes()), {});
  expect_sound(turned);
  EXPECT_NEAR(signed_volume_mm3(turned.mesh), 1060.0, 1e-3);  // Coordinates are off by 1e-6, area 1000.
}

TEST(Repair, CoplanarFacesBecomeOne) {
  TriangleMesh mesh;
  add_box(mesh, {0, 0, 0}, {2, 2, 2});
  add_box(mesh, {1, 1, 0}, {3, 3, 2});  // Two faces in common planes.
  const auto result = repair(mesh, {});
  expect_sound(result);
  EXPECT_DOUBLE_EQ(signed_volume_mm3(result.mesh), 14.0);  // 8 + 8 - 2
  const auto turned = repair(tilted(mesh), {});            // Nearly coplanar now.
  expect_sound(turned);
  EXPECT_NEAR(signed_volume_mm3(turned.mesh), 14.0, 1e-4);
}

TEST(Repair, WhatIsSoundComesOutAsItWentIn) {
  TriangleMesh mesh;
  add_box(mesh, {0, 0, 0}, {1, 2, 3});
  const auto once = repair(mesh, {});
  EXPECT_EQ(once.status, RepairStatus::unchanged);
  EXPECT_EQ(once.mesh.triangles, welded(mesh).triangles);
  const auto repaired = repair(overlapping_boxes(), {});
  const auto again = repair(repaired.mesh, {});
  EXPECT_EQ(again.status, RepairStatus::unchanged);
  EXPECT_EQ(again.mesh.triangles, repaired.mesh.triangles);
  EXPECT_EQ(again.mesh.vertices_mm, repaired.mesh.vertices_mm);
}

TEST(Repair, OrientationAndDuplicatesAreMended) {
  TriangleMesh mesh;
  add_box(mesh, {0, 0, 0}, {2, 2, 2}, /*inwards=*/true);
  auto result = repair(mesh, {});
  expect_sound(result);
  EXPECT_EQ(result.counts.turned_triangles, 12u);
  EXPECT_DOUBLE_EQ(signed_volume_mm3(result.mesh), 8.0);

  TriangleMesh twice;
  add_box(twice, {0, 0, 0}, {2, 2, 2});
  add_box(twice, {0, 0, 0}, {2, 2, 2});
  std::swap(twice.triangles[3][0], twice.triangles[3][1]);
  result = repair(twice, {});
  expect_sound(result);
  EXPECT_EQ(result.mesh.triangles.size(), 12u);
  EXPECT_EQ(result.counts.duplicates, 12u);
}

// Boxes of a lattice, turned: whole faces nearly coincide, some facing each other. Before components were
// grown apart, no rounding of these came out clean.
TEST(Repair, BoxesThatNearlyTouchOverWholeFacesAreMended) {
  std::mt19937_64 random(1);
  const auto below = [&](std::uint64_t count) { return static_cast<double>(random() % count); };
  TriangleMesh mesh;
  double least_mm3 = 0.0;
  for (int n = 0; n < 60; ++n) {
    const double x = below(20), y = below(20), z = below(20);
    const double a = 2 + below(8), b = 2 + below(8), c = 2 + below(8);
    add_box(mesh, {x, y, z}, {x + a, y + b, z + c});
    least_mm3 = std::max(least_mm3, a * b * c);
  }
  const auto result = repair(tilted(mesh), {.cavities = Cavities::fill});
  expect_sound(result);
  EXPECT_GT(result.counts.perturbation_mm, 0.0);
  // The union of the straight boxes, by the same program in whole numbers; faces move by 1e-4 at most.
  const double volume_mm3 = signed_volume_mm3(repair(mesh, {.cavities = Cavities::fill}).mesh);
  EXPECT_GT(volume_mm3, least_mm3);
  EXPECT_NEAR(signed_volume_mm3(result.mesh), volume_mm3, 1e-3 * area_mm2(result.mesh));
}

// The signed distances by which faces move are at least what was asked for, and at most four times that.
TEST(Repair, GrownComponentsContainWhatTheyWere) {
  TriangleMesh mesh;
  add_box(mesh, {0, 0, 0}, {1, 2, 3});
  add_box(mesh, {5, 0, 0}, {6, 2, 3}, /*inwards=*/true);  // Grows outwards all the same.
  add_sheet(mesh, 1, 1, 9, 1);                            // Bounds nothing: stays.
  mesh = welded(mesh);
  const auto grown = grown_apart(mesh, 0.01);
  ASSERT_EQ(grown.triangles, mesh.triangles);
  std::size_t moved = 0;
  for (std::size_t v = 0; v < grown.vertices_mm.size(); ++v) {
    const Vector3 step_mm = grown.vertices_mm[v] - mesh.vertices_mm[v];
    if (mesh.vertices_mm[v][2] == 9.0) {
      EXPECT_TRUE(step_mm.isZero(0.0));
      continue;
    }
    ++moved;
    const Point3 center_mm(mesh.vertices_mm[v][0] < 3.0 ? 0.5 : 5.5, 1.0, 1.5);
    for (int i = 0; i < 3; ++i) {
      const double outward = mesh.vertices_mm[v][i] > center_mm[i] ? step_mm[i] : -step_mm[i];
      EXPECT_GE(outward, 0.01 - 1e-9);
      EXPECT_LE(outward, 0.02 + 1e-9);
    }
    EXPECT_LE(step_mm.norm(), 0.04);
  }
  EXPECT_EQ(moved, 16u);
}

TEST(Repair, OrderOfTrianglesAndCornersDoesNotMatter) {
  auto mesh = overlapping_boxes();
  const auto expected = repair(mesh, {});
  std::reverse(mesh.triangles.begin(), mesh.triangles.end());
  for (auto& t : mesh.triangles) std::rotate(t.begin(), t.begin() + 1, t.end());
  const auto result = repair(mesh, {});
  EXPECT_DOUBLE_EQ(signed_volume_mm3(result.mesh), signed_volume_mm3(expected.mesh));
  EXPECT_DOUBLE_EQ(area_mm2(result.mesh), area_mm2(expected.mesh));
  EXPECT_EQ(result.mesh.vertices_mm.size(), expected.mesh.vertices_mm.size());
}

TEST(Repair, ScalesByPowersOfTwo) {
  TriangleMesh mesh = overlapping_boxes();
  add_quad(mesh, {2, 5, 10}, {8, 5, 10}, {8, 5, 14}, {2, 5, 14});
  const auto expected = repair(mesh, {.min_thickness_mm = 0.5});
  for (auto& point : mesh.vertices_mm) point *= 1.0 / 1024;
  const auto result = repair(mesh, {.min_thickness_mm = 0.5 / 1024});
  ASSERT_EQ(result.mesh.triangles, expected.mesh.triangles);
  for (std::size_t v = 0; v < result.mesh.vertices_mm.size(); ++v)
    EXPECT_EQ(1024 * result.mesh.vertices_mm[v], expected.mesh.vertices_mm[v]);
}

TEST(Repair, CavitiesAreAskedForKeptOrFilled) {
  TriangleMesh mesh;
  add_box(mesh, {0, 0, 0}, {4, 4, 4});
  add_box(mesh, {1, 1, 1}, {2, 3, 3}, /*inwards=*/true);
  const auto asked = repair(mesh, {});
  EXPECT_EQ(asked.status, RepairStatus::cavities_undecided);
  EXPECT_TRUE(asked.mesh.triangles.empty());
  ASSERT_EQ(asked.cavities.size(), 1u);
  EXPECT_DOUBLE_EQ(asked.cavities[0].volume_mm3, 4.0);
  const auto kept = repair(mesh, {.cavities = Cavities::keep});
  EXPECT_EQ(kept.status, RepairStatus::unchanged);
  EXPECT_DOUBLE_EQ(signed_volume_mm3(kept.mesh), 60.0);
  EXPECT_EQ(kept.counts.parts, 1u);
  const auto filled = repair(mesh, {.cavities = Cavities::fill});
  expect_sound(filled);
  EXPECT_DOUBLE_EQ(signed_volume_mm3(filled.mesh), 64.0);
}

TEST(Repair, APartWithinASolidIsNoCavity) {
  TriangleMesh mesh;
  add_box(mesh, {0, 0, 0}, {4, 4, 4});
  add_box(mesh, {1, 1, 1}, {2, 3, 3});
  const auto result = repair(mesh, {});
  expect_sound(result);
  EXPECT_DOUBLE_EQ(signed_volume_mm3(result.mesh), 64.0);
}

TEST(Repair, VoidBetweenOverlappingSlabsIsACavity) {
  TriangleMesh mesh;
  add_box(mesh, {0, 0, 0}, {10, 10, 1});
  add_box(mesh, {0, 0, 9}, {10, 10, 10});
  add_box(mesh, {0, 0, 0}, {1, 10, 10});
  add_box(mesh, {9, 0, 0}, {10, 10, 10});
  add_box(mesh, {0, 0, 0}, {10, 1, 10});
  add_box(mesh, {0, 9, 0}, {10, 10, 10});
  const auto kept = repair(mesh, {.cavities = Cavities::keep});
  expect_sound(kept);
  ASSERT_EQ(kept.cavities.size(), 1u);
  EXPECT_DOUBLE_EQ(kept.cavities[0].volume_mm3, 512.0);
  // Diagonals of faces cross at no whole numbers: within the faces, so that only the sum is rounded.
  EXPECT_NEAR(signed_volume_mm3(kept.mesh), 488.0, 1e-9);
}

// Six sheets that run past each other about a cube, all facing it: they enclose it by chance, and bound
// nothing. What a wall of each leaves open inside is filled.
TEST(Repair, WhatOpenSheetsEncloseIsNoCavity) {
  TriangleMesh mesh;
  const auto sheet = [&](int axis, double at, bool turned) {
    const auto place = [&](double u, double v) {
      Point3 point;
      point[axis] = at;
      point[(axis + 1) % 3] = turned ? v : u;
      point[(axis + 2) % 3] = turned ? u : v;
      return point;
    };
    add_quad(mesh, place(-1, -1), place(11, -1), place(11, 11), place(-1, 11));
  };
  for (int axis = 0; axis < 3; ++axis) {
    sheet(axis, 0.0, false);
    sheet(axis, 10.0, true);
  }
  ASSERT_TRUE(find_cavities_of(mesh).empty());
  const auto result = repair(mesh, {.min_thickness_mm = 0.5});
  expect_sound(result);
  EXPECT_EQ(result.counts.parts, 1u);
  EXPECT_GT(signed_volume_mm3(result.mesh), 1000.0);
}

TEST(Repair, ASheetThroughACavityDividesItNot) {
  TriangleMesh mesh;
  add_box(mesh, {0, 0, 0}, {6, 6, 6});
  add_box(mesh, {2, 2, 2}, {4, 4, 4}, /*inwards=*/true);
  add_quad(mesh, {1, 1, 3}, {5, 1, 3}, {5, 5, 3}, {1, 5, 3});  // From the material through the cavity.
  const auto cavities = find_cavities_of(mesh);
  ASSERT_EQ(cavities.size(), 1u);
  EXPECT_EQ(cavities[0].cells.size(), 2u);
  EXPECT_DOUBLE_EQ(cavities[0].volume_mm3, 8.0);
}

// The fin has an edge in common with three of the box's triangles; the box stays a wall.
TEST(Repair, ABoxWithAFinKeepsItsCavity) {
  TriangleMesh mesh;
  add_box(mesh, {0, 0, 0}, {6, 6, 6});
  add_box(mesh, {2, 2, 2}, {4, 4, 4}, /*inwards=*/true);
  add_quad(mesh, {0, 0, 6}, {6, 0, 6}, {6, 0, 9}, {0, 0, 9});
  add_quad(mesh, {2, 2, 2}, {4, 2, 2}, {4, 3, 3}, {2, 3, 3});  // In the cavity, at its edge.
  ASSERT_EQ(find_cavities_of(mesh).size(), 1u);
  EXPECT_DOUBLE_EQ(find_cavities_of(mesh)[0].volume_mm3, 8.0);
}

// An inward box whose outer shell has a hole: what was to be material is open to the outside.
TEST(Repair, AShellInAnOpenOneIsNoCavity) {
  TriangleMesh mesh;
  add_box(mesh, {0, 0, 0}, {6, 6, 6});
  mesh.triangles.pop_back();
  add_box(mesh, {2, 2, 2}, {4, 4, 4}, /*inwards=*/true);
  EXPECT_TRUE(find_cavities_of(mesh).empty());
}

TEST(Repair, ASheetGetsTheWallThatWasAskedFor) {
  TriangleMesh mesh;
  add_sheet(mesh, 10, 10, 1, 5);
  const auto result = repair(mesh, {.min_thickness_mm = 0.5});
  expect_sound(result);
  EXPECT_EQ(result.counts.sheet_triangles, 50u);
  EXPECT_DOUBLE_EQ(result.counts.sheet_area_mm2, 100.0);
  const Box3 box = bounding_box(result.mesh);
  EXPECT_DOUBLE_EQ(box.min_mm[2], 0.75);
  EXPECT_DOUBLE_EQ(box.max_mm[2], 1.25);
  const auto full = repair(mesh, {.min_thickness_mm = 0.5, .sheet_offset = RepairOptions::SheetOffset::full});
  EXPECT_DOUBLE_EQ(bounding_box(full.mesh).size_mm()[2], 1.0);
}

TEST(Repair, AFinStandsInItsSolid) {
  TriangleMesh mesh;
  add_box(mesh, {0, 0, 0}, {10, 10, 10});
  add_quad(mesh, {5, 2, 10}, {5, 8, 10}, {5, 8, 15}, {5, 2, 15});
  for (const auto& input : {mesh, tilted(mesh)}) {
    const auto result = repair(input, {.min_thickness_mm = 0.4});
    expect_sound(result);
    EXPECT_EQ(result.counts.parts, 1u);
    // The fin: 6 x 5 x 0.4, and its run-on past three rims: less than 0.2 x 0.4 x (5 + 6 + 5 + 0.4).
    EXPECT_GT(signed_volume_mm3(result.mesh), 1012.0);
    EXPECT_LT(signed_volume_mm3(result.mesh), 1012.0 + 0.08 * 16.4 + 1e-3);
  }
}

TEST(Repair, CrossingSheetsAndAWireAreOnePart) {
  TriangleMesh mesh;
  add_quad(mesh, {0, 0, -5}, {10, 0, -5}, {10, 0, 5}, {0, 0, 5});
  add_quad(mesh, {3, -4, -3}, {3, 4, -3}, {4, 4, 3}, {4, -4, 3});
  add_triangle(mesh, {10, 0, 0}, {14, 1, 0}, {14, 1, 0});
  const auto result = repair(mesh, {.min_thickness_mm = 0.4});
  expect_sound(result);
  EXPECT_EQ(result.counts.wires, 1u);
  EXPECT_EQ(result.counts.parts, 1u);
}

// A tent of sheets over a slab, its rim a tenth of a millimetre above it: the slab's top within is seen
// through that gap alone.
constexpr double gap_mm = 0.1;
TriangleMesh tent_over_a_slab() {
  TriangleMesh mesh;
  add_box(mesh, {0, 0, 0}, {20, 20, 2});
  TriangleMesh tent;
  add_box(tent, {5, 5, 2 + gap_mm}, {15, 15, 7});
  for (std::size_t t = 2; t < tent.triangles.size(); ++t) {  // The floor comes first: it is open.
    const auto& [a, b, c] = tent.triangles[t];
    add_triangle(mesh, tent.vertices_mm[a], tent.vertices_mm[b], tent.vertices_mm[c]);
  }
  return mesh;
}

TEST(Repair, SolidBehindAGapNarrowerThanAWallIsNotBuried) {
  const auto result = repair(tent_over_a_slab(), {.min_thickness_mm = 0.4});
  expect_sound(result);
  EXPECT_EQ(result.counts.passages, 1u);
  EXPECT_EQ(result.counts.parts, 1u);
  // No space within that is shut off: an outside and an inside.
  EXPECT_EQ(sort_out(result.mesh, {}).hull.cells.size(), 2u);
  const MeshDistance repaired(result.mesh);
  // The slab's top stays where it was, within too.
  for (const double x : {6.0, 8.0, 10.0, 12.0, 14.0})
    for (const double y : {6.0, 8.0, 10.0, 12.0, 14.0})
      EXPECT_LE(repaired.nearest(Point3(x, y, 2)).distance_mm, 1e-4) << x << ' ' << y;
  // The tent has its wall all over, away from the gap.
  for (const double x : {5.5, 7.0, 10.0, 13.0, 14.5})
    for (const double z : {3.0, 5.0, 6.5})
      for (const auto& point :
           {Point3(x, 5, z), Point3(x, 15, z), Point3(5, x, z), Point3(15, x, z), Point3(x, x, 7)})
        EXPECT_LE(repaired.sample(point).signed_mm, -0.198) << point.transpose();
  // The slab 800; the tent about 10.4^2 x (7.2 - 2), hollow 9.6^2 x (6.8 - 2). The edges are round and the
  // passage takes less than a cube of 1 mm.
  EXPECT_NEAR(signed_volume_mm3(result.mesh), 800.0 + 562.4 - 442.4, 1.5);
  // Turned, coordinates that are no whole numbers.
  const auto turned = repair(tilted(tent_over_a_slab()), {.min_thickness_mm = 0.4});
  expect_sound(turned);
  EXPECT_EQ(turned.counts.passages, 1u);
  EXPECT_NEAR(signed_volume_mm3(turned.mesh), 800.0 + 562.4 - 442.4, 1.5);
}

TEST(Repair, OnlyWhatHasSurfaceOfTheSolidIsOpened) {
  // A gap wider than the walls need stays open by itself.
  TriangleMesh mesh = tent_over_a_slab();
  for (std::size_t v = 8; v < mesh.vertices_mm.size(); ++v)
    if (mesh.vertices_mm[v][2] > 2.0) mesh.vertices_mm[v][2] += 0.5;
  const auto open = repair(mesh, {.min_thickness_mm = 0.4});
  expect_sound(open);
  EXPECT_EQ(open.counts.passages, 0u);
  EXPECT_EQ(open.counts.parts, 2u);
  // Sheets alone that all but close: their walls enclose a space, which is filled (Attene 2018, Section 4.3).
  TriangleMesh tent = tent_over_a_slab();
  tent.triangles.erase(tent.triangles.begin(), tent.triangles.begin() + 12);
  add_quad(tent, {5, 5, 2}, {15, 5, 2}, {15, 15, 2}, {5, 15, 2});
  const auto filled = repair(tent, {.min_thickness_mm = 0.4});
  expect_sound(filled);
  EXPECT_EQ(filled.counts.passages, 0u);
  EXPECT_GT(signed_volume_mm3(filled.mesh), 500.0);  // 10 x 10 x 5.
}

// A tent in a tent: the slab is seen through two gaps, and each is widened.
TEST(Repair, AWayOutMayLeadThroughWhatIsShutOffToo) {
  TriangleMesh mesh = tent_over_a_slab();
  TriangleMesh outer;
  add_box(outer, {3, 3, 2 + gap_mm}, {17, 17, 9});
  for (std::size_t t = 2; t < outer.triangles.size(); ++t) {
    const auto& [a, b, c] = outer.triangles[t];
    add_triangle(mesh, outer.vertices_mm[a], outer.vertices_mm[b], outer.vertices_mm[c]);
  }
  const auto result = repair(mesh, {.min_thickness_mm = 0.4});
  expect_sound(result);
  EXPECT_EQ(result.counts.passages, 2u);
  EXPECT_EQ(sort_out(result.mesh, {}).hull.cells.size(), 2u);
  const MeshDistance repaired(result.mesh);
  EXPECT_LE(repaired.nearest(Point3(10, 10, 2)).distance_mm, 1e-4);
  EXPECT_LE(repaired.nearest(Point3(4, 10, 2)).distance_mm, 1e-4);
}

// 1e-7 mm at z = 10, where a float32 step is 9.5e-7: rounded, the boxes would be one, and two faces buried.
TEST(Repair, SlitsNarrowerThanAStepStayOpen) {
  TriangleMesh mesh;
  add_box(mesh, {0, 0, 0}, {10, 10, 10});
  add_box(mesh, {2, 2, 10 + 1e-7}, {8, 8, 20});
  const auto result = repair(mesh, {});
  expect_sound(result);
  EXPECT_EQ(result.counts.parts, 2u);
  EXPECT_GT(result.counts.perturbation_mm, 0.0);
  const double tolerance_mm = rounding_tolerance_mm(bounding_box(mesh));
  EXPECT_NEAR(signed_volume_mm3(result.mesh), 1000.0 + 360.0, tolerance_mm * area_mm2(mesh));
  const MeshDistance repaired(result.mesh);
  EXPECT_LE(repaired.nearest(Point3(5, 5, 10)).distance_mm, tolerance_mm);
}

TEST(Repair, DrawnInFacesLieWithinTheirSolid) {
  TriangleMesh mesh;
  add_box(mesh, {0, 0, 0}, {1, 2, 3});
  mesh = welded(mesh);
  std::vector<Vector3> normals;
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t)
    normals.push_back(area_vector_mm2(mesh, t).normalized());
  EXPECT_NEAR(signed_volume_mm3(drawn_in(mesh, normals, 0.01)), 0.98 * 1.98 * 2.98, 1e-12);
}

TEST(SurfaceMatch, SeesWhatIsLostAndWhatIsAdded) {
  TriangleMesh mesh;
  add_box(mesh, {0, 0, 0}, {10, 10, 10});
  add_box(mesh, {2, 2, 10.001}, {8, 8, 20});
  const SurfaceMatch match(mesh, 1e-4);
  EXPECT_TRUE(match.matches(mesh));
  auto near = mesh;
  for (auto& point : near.vertices_mm) point[0] += 5e-5;
  EXPECT_TRUE(match.matches(near));
  auto far = mesh;
  for (auto& point : far.vertices_mm) point[0] += 2e-4;
  EXPECT_FALSE(match.matches(far));
  // The boxes as one: no corner is far from what it was, the faces between are gone.
  TriangleMesh closed;
  add_box(closed, {0, 0, 0}, {10, 10, 10});
  add_box(closed, {2, 2, 9}, {8, 8, 20});
  const auto one = repair(closed, {}).mesh;
  EXPECT_FALSE(match.matches(one));
  EXPECT_FALSE(SurfaceMatch(one, 1e-4).matches(mesh));
}

TEST(Repair, PartsAreClosedAndTheirVolumesAddUp) {
  TriangleMesh mesh = overlapping_boxes();
  add_box(mesh, {20, 0, 0}, {21, 1, 1});
  add_box(mesh, {21, 1, 0}, {22, 2, 1});  // Meets the one before along an edge: a part of its own.
  const auto result = repair(mesh, {});
  expect_sound(result);
  ASSERT_EQ(result.counts.parts, 3u);
  double sum = 0.0;
  for (std::uint32_t part = 0; part < 3; ++part) {
    const auto alone = part_of(result, part);
    EXPECT_EQ(test_support::unbalanced_edges(alone), 0u);
    sum += signed_volume_mm3(alone);
  }
  EXPECT_DOUBLE_EQ(sum, 1062.0);
}

TEST(Repair, BadInputIsRefused) {
  EXPECT_THROW((void)repair({}, {}), InvalidInput);
  EXPECT_THROW((void)repair(overlapping_boxes(), {.min_thickness_mm = 0.0}), InvalidInput);
  TriangleMesh huge = overlapping_boxes();
  huge.vertices_mm[0] *= 1e39;
  huge.vertices_mm[1] = Point3(1e39, 0, 0);
  EXPECT_THROW((void)repair(huge, {}), InvalidInput);
}

TEST(Repair, PointsAloneFailWithAReason) {
  TriangleMesh mesh;
  add_triangle(mesh, {1, 1, 1}, {1, 1, 1}, {1, 1, 1});
  const auto result = repair(mesh, {});
  EXPECT_EQ(result.status, RepairStatus::failed);
  EXPECT_FALSE(result.reason.empty());
  EXPECT_EQ(result.counts.points, 1u);
}

}  // namespace
}  // namespace meshassay::reference_pipeline::repair
