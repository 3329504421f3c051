// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/deviation/mask_discretisation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>

#include "core/bridge_vtk/mask_boundary.hpp"
#include "metrics/registry.hpp"
#include "tests/unit/metrics/known_shapes.hpp"
#include "tests/unit/metrics/masks.hpp"
#include "tests/unit/metrics/voxel_balls.hpp"

namespace meshassay::metrics {
namespace {

using namespace meshassay::test;

MaskDiscretisation discretisation_of(const LabelMap& mask) {
  return mask_discretisation(bridge_vtk::mask_boundary_index(mask, 1), mask.grid);
}

TEST(MaskDiscretisation, OfAVoxelIsTheMeanSquareOfItsThreeHalfEdges) {
  // The boundary of a voxel is an octahedron: eight congruent triangles, each with a corner on every axis.
  // Half edges 0.5, 1 and 2 mm: (0.25 + 1 + 4) / 3.
  LabelMap mask(grid_of({3, 3, 3}, {1.0, 2.0, 4.0}, {7.0, -3.0, 100.0}));
  mask.at(1, 1, 1) = 1;
  const auto open = discretisation_of(mask);
  EXPECT_EQ(open.largest_mm, 2.0);
  EXPECT_NEAR(open.rms_mm, std::sqrt(1.75), 1e-12);
  EXPECT_FALSE(open.touches_border);
}

TEST(MaskDiscretisation, SeesTheBorderAtEitherEndOfEachAxis) {
  for (std::size_t axis = 0; axis < 3; ++axis)
    for (const int end : {0, 2}) {
      std::array<int, 3> at = {1, 1, 1};
      at[axis] = end;
      LabelMap mask(grid_of({3, 3, 3}));
      mask.at(at[0], at[1], at[2]) = 1;
      EXPECT_TRUE(discretisation_of(mask).touches_border) << axis << " " << end;
    }
}

TEST(MaskDiscretisation, OfAnEmptyMaskIsNothing) {
  const auto open = discretisation_of(LabelMap(grid_of({3, 3, 3})));
  EXPECT_EQ(open.largest_mm, 0.0);
  EXPECT_EQ(open.rms_mm, 0.0);
  EXPECT_FALSE(open.touches_border);
}

// What concentric spheres whose radii differ by 1 mm have, whichever of them is a mask.
const std::map<std::string, double> closed_forms = {{"deviation.mean_abs", 1.0},
                                                    {"deviation.rms", 1.0},
                                                    {"deviation.sd", 0.0},
                                                    {"deviation.p95", 1.0},
                                                    {"deviation.max_test_to_truth", 1.0},
                                                    {"deviation.max_truth_to_test", 1.0},
                                                    {"deviation.hausdorff", 1.0},
                                                    {"deviation.rms_truth_to_test", 1.0}};

std::vector<Measurement> rows_of(const Trial& trial) {
  std::vector<MeasureItem> items = {{"deviation.bias", ""}, {"size.volume", ""}};
  for (const auto& [metric, value] : closed_forms) items.push_back({metric, ""});
  return measure(trial, items);
}

Trial trial_of(TargetTruth truth, TriangleMesh measured_surface) {
  Trial trial;
  trial.truth.targets = {std::move(truth)};
  Submission submission{.offers = {"surface"}};
  submission.stages.push_back({.name = "exported"});
  submission.stages[0].surfaces[1] = std::move(measured_surface);
  trial.submissions = {submission};
  return trial;
}

// How many of the closed forms lie outside.
int count_outside(const std::vector<Measurement>& rows, double bias_mm) {
  int outside = 0;
  for (const auto& row : rows) {
    if (row.metric == "size.volume") continue;
    const double truth = row.metric == "deviation.bias" ? bias_mm : closed_forms.at(row.metric);
    outside += row.interval->lo <= truth && truth <= row.interval->hi ? 0 : 1;
  }
  return outside;
}

class ConcentricSpheres : public testing::TestWithParam<Vector3> {};

TEST_P(ConcentricSpheres, HaveTheClosedFormWithinTheInterval) {
  // A sphere of 20 mm, exact and as a mesh: an edge of level 3 is at most 0.165 of the radius, so that the
  // circle about a facet is at most 0.1 of it and the facet within 0.005 of the radius.
  auto exact = truth_of(sphere(20.0));
  exact.surface = icosphere(20.0, 3);
  exact.surface_chordal_error_mm = 0.1;
  LabelMap mask(grid_about(21.0, GetParam(), {0.31, 0.77, 0.12}));
  add_ball(mask, Point3::Zero(), 21.0);
  const auto open = discretisation_of(mask);
  const auto boundary = bridge_vtk::mask_boundary(mask, 1);

  const Trial measured_mask = trial_of(exact, boundary);
  auto rows = rows_of(measured_mask);
  const auto before = rows;
  EXPECT_GT(count_outside(before, 1.0), 0) << "the boundary itself is not the sphere";
  add_discretisation(rows, measured_mask, &open, nullptr);
  EXPECT_EQ(count_outside(rows, 1.0), 0);
  for (std::size_t n = 0; n < rows.size(); ++n) {
    EXPECT_EQ(rows[n].value, before[n].value) << rows[n].metric;
    if (rows[n].metric == "size.volume") {
      EXPECT_EQ(rows[n], before[n]);
      continue;
    }
    EXPECT_EQ(rows[n].sources.back().name, "discretisation");
    EXPECT_EQ(rows[n].interval_kind, IntervalKind::expanded_k2);
    EXPECT_LE(rows[n].interval->width() - before[n].interval->width(), 2.0 * open.largest_mm + 1e-12);
    if (rows[n].metric != "deviation.bias") {
      EXPECT_GE(rows[n].interval->lo, 0.0);
    }
  }

  // The mask is the reference, and the smaller sphere's mesh lies inside. That its facets are not on the
  // sphere opens the distances just as if the reference were that far off.
  auto truth = truth_of(boundary);
  truth.surface_chordal_error_mm = exact.surface_chordal_error_mm;
  const Trial mask_is_truth = trial_of(truth, *exact.surface);
  auto against_mask = rows_of(mask_is_truth);
  add_discretisation(against_mask, mask_is_truth, nullptr, &open);
  EXPECT_EQ(count_outside(against_mask, -1.0), 0);
}

INSTANTIATE_TEST_SUITE_P(Spacings, ConcentricSpheres,
                         testing::Values(Vector3(1.0, 1.0, 1.0), Vector3(0.5, 0.5, 2.0),
                                         Vector3(0.7, 0.7, 5.0)));

// Areas are sums: their ratio is known to rounding.
void expect_interval(const Measurement& row, double lo, double hi) {
  EXPECT_NEAR(row.interval->lo, lo, 1e-12) << row.metric;
  EXPECT_NEAR(row.interval->hi, hi, 1e-12) << row.metric;
}

TEST(MaskDiscretisation, OpensTheToleranceOfCompleteness) {
  // A block whose upper face, z = 4.5 mm, has a square 0.3 mm above it, far from the block's edges. The true
  // face is within 0.5 mm of it: the square is at most 0.8 mm away, and may lie on it.
  LabelMap mask(grid_of({14, 14, 8}));
  fill_box(mask, {2, 2, 2}, {12, 12, 5});
  const auto open = discretisation_of(mask);
  ASSERT_EQ(open.largest_mm, 0.5);
  const Trial trial =
      trial_of(truth_of(square(3.0, 4.8, 2, {5.0, 5.0, 0.0})), bridge_vtk::mask_boundary(mask, 1));
  const std::vector<MeasureItem> items = {
      {"completeness@0.2mm", ""}, {"completeness@0.75mm", ""}, {"completeness@0.85mm", ""}};
  auto rows = measure(trial, items);
  expect_interval(rows[1], 1.0, 1.0);
  add_discretisation(rows, trial, &open, nullptr);
  EXPECT_NEAR(std::get<double>(*rows[0].value), 0.0, 1e-12);
  expect_interval(rows[0], 0.0, 1.0);  // 0.7 > 0.3
  EXPECT_NEAR(std::get<double>(*rows[1].value), 1.0, 1e-12);
  expect_interval(rows[1], 0.0, 1.0);  // 0.25 < 0.3
  expect_interval(rows[2], 1.0, 1.0);  // 0.35 > 0.3
}

TEST(MaskDiscretisation, LeavesUndefinedRowsAlone) {
  Trial trial = trial_of(truth_of(icosphere(10.0, 1)), {});
  auto rows = rows_of(trial);
  const auto before = rows;
  const MaskDiscretisation open{.largest_mm = 1.0, .rms_mm = 0.7, .touches_border = true};
  add_discretisation(rows, trial, &open, nullptr);
  EXPECT_EQ(rows, before);
}

}  // namespace
}  // namespace meshassay::metrics
