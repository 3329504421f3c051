// SPDX-License-Identifier: GPL-3.0-or-later
// Every score is reached by a repair that is wrong in a known way.
#include "metrics/meshes/repair_score.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "core/errors.hpp"
#include "core/exact/outer_hull.hpp"
#include "metrics/deviation/deviation_cells.hpp"
#include "metrics/meshes/printability.hpp"
#include "metrics/registry.hpp"
#include "tests/support/small_solids.hpp"

namespace meshassay::metrics {
namespace {

using test_support::add_box;

TriangleMesh box(const Point3& low, const Point3& high) {
  TriangleMesh mesh;
  add_box(mesh, low, high);
  return mesh;
}

// A cube of 10 mm whose lid has other diagonals and a vertex in the middle: the same set of points.
TriangleMesh cube_triangulated_otherwise() {
  TriangleMesh mesh;
  add_box(mesh, {0, 0, 0}, {10, 10, 10});
  mesh.triangles.erase(mesh.triangles.begin() + 2, mesh.triangles.begin() + 4);  // The face z = 10.
  const Point3 middle(4, 5, 10), a(0, 0, 10), b(10, 0, 10), c(10, 10, 10), d(0, 10, 10);
  test_support::add_triangle(mesh, a, b, middle);
  test_support::add_triangle(mesh, b, c, middle);
  test_support::add_triangle(mesh, c, d, middle);
  test_support::add_triangle(mesh, d, a, middle);
  return mesh;
}

TEST(RepairScore, FiveForTheSameSolidWhateverItsTriangles) {
  auto input = box({0, 0, 0}, {10, 10, 10});
  add_box(input, {2, 2, 2}, {4, 4, 4});  // Internal: goes.
  const auto found = repair_score(input, cube_triangulated_otherwise());
  EXPECT_EQ(found.score, 5) << found.reason;
  EXPECT_TRUE(found.reason.empty());
  EXPECT_NEAR(found.tolerance_mm, 1e-5 * std::sqrt(300.0), 1e-15);
  EXPECT_LE(found.input_to_repaired_mm->ruler.hi, 1e-9);
  EXPECT_EQ(found.parts, 1u);
  EXPECT_EQ(found.euler, 2);
  EXPECT_DOUBLE_EQ(found.volume_mm3, 1000.0);
}

TEST(RepairScore, WhatIsKnownChangesNothing) {
  auto input = box({0, 0, 0}, {10, 10, 10});
  add_box(input, {5, 5, 5}, {15, 15, 15.3});
  const auto arrangement = exact::arrange(input);
  const exact::SortedComplex sorted{arrangement, exact::outer_hull(arrangement)};
  for (const auto& repaired : {exact::solid_surface(sorted.arrangement, sorted.hull), input}) {
    const auto certificate = certify(repaired);
    const auto found = repair_score(input, repaired);
    int asked = 0;
    const auto ask = [&]() -> const Certificate& { return ++asked, certificate; };
    for (const auto& with : {repair_score(input, repaired, {}, {.input = &sorted}),
                             repair_score(input, repaired, {}, {.input = &sorted, .certify = ask})}) {
      EXPECT_EQ(with.score, found.score);
      EXPECT_EQ(with.reason, found.reason);
      EXPECT_EQ(with.input_to_repaired_mm->ruler.hi, found.input_to_repaired_mm->ruler.hi);
      EXPECT_EQ(with.repaired_to_input_mm->ruler.hi, found.repaired_to_input_mm->ruler.hi);
      EXPECT_EQ(with.parts, found.parts);
      EXPECT_EQ(with.euler, found.euler);
      EXPECT_EQ(with.euler_expected, found.euler_expected);
      EXPECT_EQ(with.volume_mm3, found.volume_mm3);
    }
    EXPECT_EQ(asked, 1);
  }
}

// Where most triangles are in both, only the others are looked at: a box among many that is 0.01 mm too high.
TEST(RepairScore, SeesASmallChangeOfAFewAmongMany) {
  TriangleMesh input;
  for (int n = 0; n < 30; ++n) add_box(input, {3.0 * n, 0, 0}, {3.0 * n + 2, 2, 2});
  TriangleMesh repaired;
  for (int n = 0; n < 30; ++n) add_box(repaired, {3.0 * n, 0, 0}, {3.0 * n + 2, 2, n == 17 ? 2.01 : 2.0});
  const auto found = repair_score(input, repaired);
  EXPECT_EQ(found.score, 3) << found.reason;
  EXPECT_NEAR(found.input_to_repaired_mm->value, 0.01, 1e-12);
  EXPECT_NEAR(found.repaired_to_input_mm->value, 0.01, 1e-12);
  // 2 for each box.
  EXPECT_EQ(found.euler, 60);
  EXPECT_EQ(found.euler_expected, 60);
}

TEST(RepairScore, FourForAWallAboutASheet) {
  TriangleMesh sheet;
  test_support::add_sheet(sheet, 10, 10, 0, 3);
  // To each side half of 0.4, and past the rims: the farthest corner is sqrt(3) x 0.2 = 0.346 away.
  const auto found = repair_score(sheet, box({-0.2, -0.2, -0.2}, {10.2, 10.2, 0.2}));
  EXPECT_EQ(found.score, 4) << found.reason;
  EXPECT_NEAR(found.repaired_to_input_mm->value, std::sqrt(3.0) * 0.2, 1e-9);
  EXPECT_NEAR(*found.wall_at_sheets_mm, 0.4, 1e-9);
  // A wall of twice epsilon counts as well, one to a single side too, and one of half does not.
  EXPECT_EQ(repair_score(sheet, box({0, 0, -0.4}, {10, 10, 0.4})).score, 4);
  EXPECT_EQ(repair_score(sheet, box({-0.2, -0.2, 0}, {10.2, 10.2, 0.4})).score, 4);
  const auto thin = repair_score(sheet, box({-0.2, -0.2, -0.1}, {10.2, 10.2, 0.1}));
  EXPECT_EQ(thin.score, 3);
  EXPECT_NE(thin.reason.find("wall"), std::string::npos);
}

TEST(RepairScore, FourForAnotherShapeOfTheSamePoints) {
  // A speck within the tolerance of a face: the same points, and one part more.
  auto input = box({0, 0, 0}, {100, 100, 100});
  add_box(input, {300, 0, 0}, {400, 100, 100});
  auto repaired = input;
  add_box(repaired, {50, 50, 100.001}, {50.0005, 50.0005, 100.0015});
  const auto found = repair_score(input, repaired);
  EXPECT_EQ(found.score, 4) << found.reason;
  EXPECT_NE(found.reason.find("parts"), std::string::npos);
}

TEST(RepairScore, ThreeForADistortedSolid) {
  // 0.3 mm too large all round: less than epsilon, and far more than the tolerance.
  const auto found = repair_score(box({0, 0, 0}, {10, 10, 10}), box({-0.3, 0, 0}, {10.3, 10, 10}));
  EXPECT_EQ(found.score, 3) << found.reason;
  EXPECT_NEAR(found.repaired_to_input_mm->value, 0.3, 1e-9);
}

TEST(RepairScore, TwoForAMissingPart) {
  auto input = box({0, 0, 0}, {10, 10, 10});
  add_box(input, {20, 0, 0}, {22, 2, 2});
  const auto found = repair_score(input, box({0, 0, 0}, {10, 10, 10}));
  EXPECT_EQ(found.score, 2) << found.reason;
  // The far corner of the part that is missing: 12 mm beside the cube.
  EXPECT_NEAR(found.input_to_repaired_mm->value, 12.0, 1e-6);
}

TEST(RepairScore, OneForWhatCannotBePrintedOrIsFarAway) {
  const auto input = box({0, 0, 0}, {10, 10, 10});
  EXPECT_EQ(repair_score(input, {}).score, 1);
  auto open = input;
  open.triangles.pop_back();
  const auto not_closed = repair_score(input, open);
  EXPECT_EQ(not_closed.score, 1);
  EXPECT_FALSE(not_closed.printable_parts);
  EXPECT_TRUE(not_closed.input_to_repaired_mm.has_value());  // Measured all the same.
  auto overlapping = input;
  add_box(overlapping, {5, 5, 5}, {15, 15, 15});
  EXPECT_EQ(repair_score(input, overlapping).score, 1);
  // More than a tenth of the diagonal (1.73 mm) off: garbage added.
  EXPECT_EQ(repair_score(input, box({0, 0, 0}, {10, 10, 12})).score, 1);
}

TEST(RepairScore, OneWithoutDistancesWhereTheInputHoldsNothing) {
  TriangleMesh point;
  point.vertices_mm = {{1, 2, 3}};
  point.triangles = {{0, 0, 0}};
  const auto found = repair_score(point, box({0, 0, 0}, {10, 10, 10}));
  EXPECT_EQ(found.score, 1);
  EXPECT_TRUE(found.input_is_empty);
  EXPECT_THAT(found.reason, ::testing::HasSubstr("neither area nor wires"));
  // Nothing is at no distance from nothing: undefined, neither 0 nor a largest number.
  EXPECT_FALSE(found.input_to_repaired_mm.has_value());
  EXPECT_FALSE(found.repaired_to_input_mm.has_value());
  EXPECT_FALSE(found.solid_to_repaired_mm.has_value());
  EXPECT_FALSE(found.away_to_input_mm.has_value());
}

TEST(RepairScore, LimitsAreDecidedByIntervalsOnOneSideOfEach) {
  const DistanceLimits limits{.limits_mm = {0.1, 0.4}};
  EXPECT_TRUE(limits.are_decided_by({0.0, 0.1}));  // At most 0.1 for certain.
  EXPECT_TRUE(limits.are_decided_by({0.2, 0.4}));
  EXPECT_TRUE(limits.are_decided_by({0.5, 9.0}));
  EXPECT_FALSE(limits.are_decided_by({0.1, 0.2}));
  EXPECT_FALSE(limits.are_decided_by({0.3, 0.5}));
}

// Distances to a roof whose slopes of 45 degrees meet at (1, *, 1), from the square of 2 mm below: 0 along
// two sides, and sqrt(1/2) mm on the line in the middle.
TEST(RepairScore, ALimitOnEitherSideEndsTheSearchWithAnEnclosure) {
  TriangleMesh roof, floor;
  roof.vertices_mm = {{0, -9, 0}, {0, 9, 0}, {1, -9, 1}, {1, 9, 1}, {2, -9, 0}, {2, 9, 0}};
  roof.triangles = {{0, 2, 3}, {0, 3, 1}, {2, 4, 5}, {2, 5, 3}};
  test_support::add_sheet(floor, 2, 2, 0, 1);
  const MeshDistance distance(roof);
  const MeshField field(distance, 0.0);
  const RefinementOptions fine{.width_mm = 1e-9, .relative_width = 0.0, .max_bisections = 20'000};
  const double truth_mm = std::sqrt(0.5);
  for (const double limit_mm : {0.6, 0.8}) {
    const auto found =
        greatest_distance(make_cells(floor, field), field, fine, {.limits_mm = {limit_mm}}).distance_mm;
    EXPECT_LE(found.ruler.lo, truth_mm);
    EXPECT_GE(found.ruler.hi, truth_mm);
    EXPECT_EQ(found.ruler.lo > limit_mm, truth_mm > limit_mm);
    EXPECT_EQ(found.ruler.hi <= limit_mm, truth_mm <= limit_mm);
    EXPECT_GT(found.ruler.width(), 1e-3);  // No narrower than the limit asks.
  }
}

TEST(RepairScore, ScalesWithTheMesh) {
  TriangleMesh sheet;
  test_support::add_sheet(sheet, 10, 10, 0, 3);
  auto wall = box({-0.2, -0.2, -0.2}, {10.2, 10.2, 0.2});
  for (auto* mesh : {&sheet, &wall})
    for (auto& point : mesh->vertices_mm) point *= 0x1p-20;
  const auto found = repair_score(sheet, wall, {.min_thickness_mm = 0.4 * 0x1p-20});
  EXPECT_EQ(found.score, 4) << found.reason;
}

TEST(RepairScore, BadInputIsRefused) {
  EXPECT_THROW((void)repair_score({}, {}), InvalidInput);
  EXPECT_THROW((void)repair_score(box({0, 0, 0}, {1, 1, 1}), {}, {.min_thickness_mm = -1}), InvalidInput);
}

// A repair task's trial, with what came back.
Trial trial_of(TriangleMesh input, std::optional<TriangleMesh> returned) {
  Trial trial;
  trial.truth.targets.emplace_back();
  trial.input_mesh = std::move(input);
  Submission submission{.offers = {"surface"}};
  Stage stage{.name = "exported"};
  if (returned)
    stage.surfaces[1] = std::move(*returned);
  else
    stage.problem = Undefined{"missing", "surface.stl"};
  submission.stages = {stage};
  trial.submissions = {submission};
  return trial;
}

TEST(RepairScoreFamily, GivesTheScoreWhatItFailedAtAndTheDistances) {
  const auto rows =
      measure_all(trial_of(box({0, 0, 0}, {10, 10, 10}), box({-0.3, 0, 0}, {10.3, 10, 10})), "repair.*");
  ASSERT_EQ(rows.size(), 5u);
  EXPECT_EQ(rows[0].metric, "repair.score");
  EXPECT_EQ(rows[0].value, MeasuredValue(3.0));
  ASSERT_EQ(rows[0].witnesses.size(), 1u);
  EXPECT_EQ(rows[0].witnesses[0].first, "not_better_since");
  for (std::size_t i = 1; i < 4; ++i) {  // The faces at the ends are 0.3 mm out; there is no sheet.
    EXPECT_NEAR(std::get<double>(rows[i].value.value()), 0.3, 1e-9) << rows[i].metric;
    EXPECT_TRUE(rows[i].interval->lo <= 0.3 + 1e-9 && rows[i].interval->hi >= 0.3 - 1e-9);
  }
  EXPECT_EQ(rows[4].metric, "repair.wall_at_sheets");
  EXPECT_EQ(rows[4].reason, "no_reference");
}

TEST(RepairScoreFamily, AnEmptyFileIsAFailureAndAMissingOneUndefined) {
  const auto cube = box({0, 0, 0}, {10, 10, 10});
  const auto empty = measure_all(trial_of(cube, TriangleMesh{}), "repair.*");
  ASSERT_EQ(empty.size(), 5u);
  EXPECT_EQ(empty[0].value, MeasuredValue(1.0));
  EXPECT_EQ(empty[1].reason, "test_empty");
  TriangleMesh point;
  point.vertices_mm = {{1, 2, 3}};
  point.triangles = {{0, 0, 0}};
  const auto of_nothing = measure_all(trial_of(point, cube), "repair.*");
  ASSERT_EQ(of_nothing.size(), 5u);
  EXPECT_EQ(of_nothing[0].value, MeasuredValue(1.0));
  EXPECT_EQ(of_nothing[2].reason, "no_reference");
  const auto missing = measure_all(trial_of(cube, std::nullopt), "repair.*");
  ASSERT_EQ(missing.size(), 5u);
  for (const auto& row : missing) EXPECT_EQ(row.reason, "missing") << row.metric;
}

TEST(RepairScoreFamily, IsForTasksThatAreGivenAMeshOnly) {
  auto trial = trial_of(box({0, 0, 0}, {1, 1, 1}), box({0, 0, 0}, {1, 1, 1}));
  trial.input_mesh.reset();
  EXPECT_TRUE(measure_all(trial, "repair.*").empty());
  EXPECT_EQ(unmet_need(repair_score_family(), trial), "the task is given no mesh");
}

}  // namespace
}  // namespace meshassay::metrics
