// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/runs/budget.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "metrics/deviation/surface_deviation.hpp"
#include "tests/unit/metrics/known_shapes.hpp"

namespace meshassay::metrics {
namespace {

using test::box;
using test::half_space;
using test::icosphere;
using test::Random;
using test::sphere;
using test::square;

// What each step adds to where the surface lies, in the order of the data flow, along the normal.
using Offsets = std::array<double, budget_steps.size()>;

Submission run_with(const TriangleMesh& exported) {
  Submission run{.offers = {"mask", "surface", "stages"}};
  run.stages.push_back({.name = "exported", .surfaces = {{1, exported}}});
  return run;
}

double from_step_on(const Offsets& offsets_mm, std::size_t step) {
  double sum_mm = 0.0;
  for (std::size_t k = step; k < offsets_mm.size(); ++k) sum_mm += offsets_mm[k];
  return sum_mm;
}

// A system each of whose steps moves the surface by a constant, on an object whose surface that gives is
// `at(offset)`, the exact one `at(0)`.
template <typename At>
Trial trial_of(const Offsets& offsets_mm, const TargetTruth& truth, const TargetTruth& given, const At& at) {
  Trial trial;
  trial.truth.targets = {truth};
  trial.submissions = {run_with(at(from_step_on(offsets_mm, 0)))};
  // Acquisition, segmentation and reconstruction were done: what editing and export did is not in it yet.
  trial.submissions[0].stages.insert(
      trial.submissions[0].stages.begin(),
      {.name = "extracted", .surfaces = {{1, at(offsets_mm[0] + offsets_mm[1] + offsets_mm[2])}}});
  for (std::size_t k = 1; k < budget_steps.size(); ++k)
    trial.derived_runs.push_back(
        {.plan = std::string(budget_plan),
         .name = std::string(budget_steps[k]),
         .task = "task " + std::to_string(k),
         .submission = run_with(at(from_step_on(offsets_mm, k))),
         .given = k < 3 ? std::vector<TargetTruth>{} : std::vector<TargetTruth>{given}});
  return trial;
}

// The plane z = 0 with the object beneath it: the distance of a parallel plane is its height, in floating
// point too. As triangles it is the lid of a box so large that the patch sees nothing else of it.
Trial planes(const Offsets& offsets_mm) {
  TargetTruth truth{.label = 1, .implicit = half_space(0.0)};
  TargetTruth given{.label = 1, .surface = box({40.0, 40.0, 20.0}, {0.0, 0.0, -10.0})};
  return trial_of(offsets_mm, truth, given, [](double height_mm) {
    return square(4.0, height_mm, 2, {-2.0, -2.0, 0.0});
  });
}

// All rows of a trial, measured once.
class Rows {
 public:
  explicit Rows(const Trial& trial) {
    for (auto& row : measure_all(trial, "budget.*")) rows_[row.metric] = std::move(row);
  }
  [[nodiscard]] const Measurement& operator[](const std::string& id) const {
    return rows_.at("budget." + id);
  }
  [[nodiscard]] double value(const std::string& id) const {
    const auto& row = (*this)[id];
    EXPECT_TRUE(row.value) << id << ": " << row.reason << " " << row.detail;
    return row.value ? std::get<double>(*row.value) : std::nan("");
  }

 private:
  std::map<std::string, Measurement> rows_;
};

void expect_holds(const Measurement& row, double expected, double rounding) {
  ASSERT_TRUE(row.value && row.interval) << row.metric << ": " << row.reason << " " << row.detail;
  EXPECT_LE(row.interval->lo, expected + rounding) << row.metric;
  EXPECT_GE(row.interval->hi, expected - rounding) << row.metric;
}

TEST(BudgetTerms, AreTheDifferencesOfErrorsAndTheLastErrorAndAddUpToTheFirst) {
  Random random(4121);
  for (int i = 0; i < 100; ++i) {
    StepEstimates errors;
    for (auto& error : errors) {
      const double value = random.uniform(-1.0, 1.0);
      error = Enclosed{.value = value, .ruler = {value - 0.01, value + 0.02}, .truth_half_width = 0.001};
    }
    const auto terms = budget_terms(errors);
    double sum = 0.0;
    for (const auto& term : terms) sum += std::get<Enclosed>(term).value;
    // Each of five sums of numbers up to 2 rounds to 2^-52 at most.
    EXPECT_NEAR(sum, std::get<Enclosed>(errors[0]).value, 5.0 * 0x1p-52);
    // lo - hi and hi - lo: a difference is known as well as both of its parts together.
    const Interval first = std::get<Enclosed>(terms[0]).interval();
    EXPECT_NEAR(first.width(), 2.0 * (0.03 + 2.0 * 0.001), 1e-12);
    EXPECT_EQ(std::get<Enclosed>(terms[4]).ruler, std::get<Enclosed>(errors[4]).ruler);
  }
}

TEST(BudgetTerms, AreUndefinedWhereOneOfTheirErrorsIsAndNowhereElse) {
  StepEstimates errors;
  errors.fill(Enclosed{.value = 1.0, .ruler = {1.0, 1.0}});
  errors[2] = Undefined{"missing", "no file"};
  const auto terms = budget_terms(errors);
  for (const std::size_t k : {1, 2}) EXPECT_EQ(std::get<Undefined>(terms[k]).reason, "missing") << k;
  for (const std::size_t k : {0, 3, 4}) EXPECT_TRUE(std::holds_alternative<Enclosed>(terms[k])) << k;
}

TEST(Budget, OfStepsThatEachMoveAPlaneGivesBackHowFarEachMovedIt) {
  const Offsets offsets_mm = {0.25, -0.5, 0.125, 0.0625, -0.03125};
  const Rows rows(planes(offsets_mm));
  // Boxes about triangles are kept in single precision and rounded outward: by a step on either side, in both
  // errors of a difference. The box reaches to 20 mm from its middle.
  constexpr double float_step_mm = 0x1p-19;  // Between 16 and 32 mm.
  for (std::size_t k = 0; k < budget_steps.size(); ++k) {
    const auto& row = rows[std::string(budget_steps[k])];
    ASSERT_TRUE(row.value) << row.reason;
    EXPECT_NEAR(std::get<double>(*row.value), offsets_mm[k], 1e-12) << budget_steps[k];
    expect_holds(row, offsets_mm[k], 1e-12);
    EXPECT_LE(row.interval->width(), 4.0 * float_step_mm) << budget_steps[k];
  }
  EXPECT_NEAR(rows.value("total"), -0.09375, 1e-12);
  // Each step does the same to whatever it is given.
  EXPECT_NEAR(rows.value("interaction"), 0.0, 1e-12);
}

TEST(Budget, OfTheRootMeanSquareIsTheDifferenceOfTwoOfThem) {
  // Of a plane that is moved the root mean square is |height|: 0.09375, 0.34375, 0.15625, 0.03125, 0.03125.
  const Rows rows(planes({0.25, -0.5, 0.125, 0.0625, -0.03125}));
  const std::map<std::string, double> expected = {{"acquisition_rms", -0.25},    {"segmentation_rms", 0.1875},
                                                  {"reconstruction_rms", 0.125}, {"editing_rms", 0.0},
                                                  {"export_rms", 0.03125},       {"total_rms", 0.09375}};
  double sum = 0.0;
  for (const auto& [id, value] : expected) {
    EXPECT_NEAR(rows.value(id), value, 1e-9) << id;
    if (id != "total_rms") sum += rows.value(id);
  }
  EXPECT_NEAR(sum, rows.value("total_rms"), 1e-12);
}

TEST(Budget, OfStepsThatEachGrowASphereGivesBackByHowMuch) {
  // A mesh with its vertices on a sphere lies inside of it, by R (1 - cos a) at most for triangles whose
  // corners are seen under a from the middle: at level 2, edges of 0.32 R at most and a = 0.19, 0.018 R.
  const double radius_mm = 10.0, inside_mm = 0.18;
  const Offsets offsets_mm = {0.3, -0.2, 0.1, 0.05, -0.15};
  TargetTruth truth{.label = 1, .implicit = sphere(radius_mm)};
  TargetTruth given{.label = 1, .surface = icosphere(radius_mm, 2), .surface_chordal_error_mm = inside_mm};
  const Rows rows(trial_of(offsets_mm, truth, given,
                           [&](double offset_mm) { return icosphere(radius_mm + offset_mm, 2); }));
  for (std::size_t k = 0; k < budget_steps.size(); ++k) {
    // All meshes are inside by nearly as much: what does not cancel is 0.018 of the offset, and the
    // quadrature's width.
    const bool changes_reference = budget_steps[k] == "reconstruction";
    const double tolerance_mm = changes_reference ? inside_mm : 0.018 * 0.3 + 0.002;
    EXPECT_NEAR(rows.value(std::string(budget_steps[k])), offsets_mm[k], tolerance_mm) << budget_steps[k];
  }
  // The reference changes from the sphere to triangles there, which the interval knows of.
  const auto& reconstruction = rows["reconstruction"];
  expect_holds(reconstruction, 0.1, 0.0);
  EXPECT_NEAR(reconstruction.sources.at(1).half_width, inside_mm, 1e-15);
  for (const auto* other : {"segmentation", "editing", "export"})
    EXPECT_EQ(rows[other].sources.at(1).half_width, 0.0) << other;
}

TEST(Budget, AddsUpToTheBiasOfTheModelForWhateverTheStepsDo) {
  Random random(3532);
  TargetTruth truth{.label = 1, .implicit = sphere(10.0)};
  TargetTruth given{.label = 1, .surface = icosphere(10.0, 2), .surface_chordal_error_mm = 0.18};
  for (int i = 0; i < 2; ++i) {
    Trial trial;
    trial.truth.targets = {truth};
    const auto some_surface = [&] {
      return run_with(
          test::moved(icosphere(random.uniform(9.0, 11.0), 2), Matrix3::Identity(), random.point(0.5)));
    };
    trial.submissions = {some_surface()};
    for (std::size_t k = 1; k < budget_steps.size(); ++k)
      trial.derived_runs.push_back(
          {.plan = "budget",
           .name = std::string(budget_steps[k]),
           .submission = some_surface(),
           .given = k < 3 ? std::vector<TargetTruth>{} : std::vector<TargetTruth>{given}});
    const Rows rows(trial);
    const auto whole =
        measure(trial, std::vector<MeasureItem>{{"deviation.bias", ""}, {"deviation.rms", ""}});
    for (const bool is_rms : {false, true}) {
      const std::string suffix = is_rms ? "_rms" : "";
      const double whole_mm = std::get<double>(*whole[is_rms ? 1 : 0].value);
      double sum_mm = 0.0;
      for (const auto step : budget_steps) sum_mm += rows.value(std::string(step) + suffix);
      EXPECT_NEAR(sum_mm, whole_mm, 1e-12);
      EXPECT_EQ(rows.value("total" + suffix), whole_mm);
    }
  }
}

TEST(Budget, ShowsWhereEditingDoesToTheModelWhatItDoesNotDoToTheExactSurface) {
  // Editing takes half a millimetre off the exact plane, and nothing off the one that it really gets.
  auto trial = planes({0.0, 0.0, 0.25, 0.0, 0.0});
  trial.derived_runs.at(2).submission = run_with(square(4.0, -0.5, 2, {-2.0, -2.0, 0.0}));
  const Rows rows(trial);
  EXPECT_NEAR(rows.value("editing"), -0.5, 1e-12);
  EXPECT_NEAR(rows.value("reconstruction"), 0.75, 1e-12);
  EXPECT_NEAR(rows.value("interaction"), 0.5, 1e-12);
  // Root mean squares: 0.25 before and after editing, 0.5 of the exact plane.
  EXPECT_NEAR(rows.value("interaction_rms"), -0.5, 1e-9);
}

TEST(Budget, OfASystemThatChangesNothingIsExactlyZeroFromEditingOn) {
  TargetTruth truth{.label = 1, .implicit = sphere(10.0)};
  TargetTruth given{.label = 1, .surface = icosphere(10.0, 2), .surface_chordal_error_mm = 0.18};
  const Rows rows(trial_of({}, truth, given, [](double) { return icosphere(10.0, 2); }));
  for (const auto* id : {"editing", "export", "editing_rms", "export_rms"})
    EXPECT_NEAR(rows.value(id), 0.0, 1e-12) << id;
}

TEST(Budget, SaysWhichErrorsATermIsTheDifferenceOf) {
  const Rows rows(planes({0.25, -0.5, 0.125, 0.0625, -0.03125}));
  const auto& row = rows["segmentation"];
  ASSERT_EQ(row.witnesses.size(), 3u);
  EXPECT_EQ(row.witnesses[0], (std::pair<std::string, MeasuredValue>{"task", std::string("task 1")}));
  EXPECT_EQ(row.witnesses[1].first, "error_from_here_on_mm");
  EXPECT_NEAR(std::get<std::vector<double>>(row.witnesses[1].second).at(0), -0.34375, 1e-12);
  EXPECT_EQ(row.witnesses[2].first, "error_of_later_steps_mm");
  EXPECT_NEAR(std::get<std::vector<double>>(row.witnesses[2].second).at(0), 0.15625, 1e-12);
}

// The ids, of bias and root mean square alike, that are undefined, each with the owner of its reason.
std::map<std::string, ReasonOwner> undefined_rows(const Trial& trial) {
  std::map<std::string, ReasonOwner> owners;
  for (const auto& row : measure_all(trial, "budget.*"))
    if (!row.value && !row.metric.ends_with("_rms")) owners[row.metric] = find_reason(row.reason).owner;
  return owners;
}

TEST(Budget, WithoutATaskLosesTheTermsThatNeedItAndKeepsTheRest) {
  auto trial = planes({0.25, -0.5, 0.125, 0.0625, -0.03125});
  trial.derived_runs[1].submission = {.status = CaseStatus::unsupported, .status_detail = "task surface"};
  const std::map<std::string, ReasonOwner> expected = {{"budget.segmentation", ReasonOwner::not_offered},
                                                       {"budget.reconstruction", ReasonOwner::not_offered}};
  EXPECT_EQ(undefined_rows(trial), expected);
  const Rows rows(trial);
  EXPECT_EQ(rows["segmentation"].detail, "the run from reconstruction on: task surface");
  EXPECT_NEAR(rows.value("acquisition"), 0.25, 1e-12);
  EXPECT_NEAR(rows.value("export"), -0.03125, 1e-12);
}

TEST(Budget, BlamesTheSystemForARunThatFailedOrReturnedNothing) {
  const std::map<std::string, ReasonOwner> editing_is_gone = {
      {"budget.reconstruction", ReasonOwner::submission},
      {"budget.editing", ReasonOwner::submission},
      {"budget.interaction", ReasonOwner::submission}};
  auto crashed = planes({});
  crashed.derived_runs[2].submission = {.status = CaseStatus::crashed, .offers = {"surface"}};
  EXPECT_EQ(undefined_rows(crashed), editing_is_gone);
  auto empty = planes({});
  empty.derived_runs[2].submission = run_with({});
  EXPECT_EQ(undefined_rows(empty), editing_is_gone);
  EXPECT_EQ(Rows(empty)["editing"].reason, "test_empty");
}

TEST(Budget, WithoutStagesHasNoInteraction) {
  auto trial = planes({});
  trial.submissions[0].stages.erase(trial.submissions[0].stages.begin());
  trial.submissions[0].offers = {"surface"};
  EXPECT_EQ(undefined_rows(trial),
            (std::map<std::string, ReasonOwner>{{"budget.interaction", ReasonOwner::not_offered}}));
}

TEST(Budget, IsNotOfferedWhereItsRunsWereNotPlanned) {
  auto trial = planes({});
  trial.derived_runs.clear();
  EXPECT_EQ(measure(trial, std::vector<MeasureItem>{{"budget.editing", ""}}).at(0).reason, "not_offered");
  EXPECT_TRUE(measure_all(trial, "budget.*").empty());
  trial.derived_runs = {{.plan = "another", .name = "editing"}};
  EXPECT_TRUE(measure_all(trial, "budget.*").empty());
}

}  // namespace
}  // namespace meshassay::metrics
