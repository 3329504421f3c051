// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/runs/repeatability.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "core/label_map.hpp"
#include "tests/unit/metrics/masks.hpp"
#include "tests/unit/metrics/meshes.hpp"

namespace meshassay::metrics {
namespace {

Repeatability spread_of(const std::vector<double>& values, const RepeatabilityOptions& options = {}) {
  return std::get<Repeatability>(repeatability(values, options));
}

TEST(Repeatability, OfKnownValuesIsTheStandardDeviationWithItsInterval) {
  // 1, 2, 3: squares 1 + 0 + 1 over 2 degrees of freedom. With two of them chi-square is exponential with
  // mean 2, so that its quantile of p is -2 ln(1 - p).
  const auto spread = spread_of({1.0, 2.0, 3.0});
  EXPECT_DOUBLE_EQ(spread.standard_deviation, 1.0);
  EXPECT_NEAR(spread.interval().lo, std::sqrt(2.0 / (-2.0 * std::log(0.05))), 1e-12);
  EXPECT_NEAR(spread.interval().hi, std::sqrt(2.0 / (-2.0 * std::log(0.95))), 1e-12);
}

TEST(Repeatability, OfEqualValuesIsExactlyZero) {
  // A tenth is no binary fraction: a mean by the plain sum would leave a rest.
  const auto spread = spread_of(std::vector<double>(7, 0.1));
  EXPECT_EQ(spread.standard_deviation, 0.0);
  EXPECT_EQ(spread.interval(), (Interval{0.0, 0.0}));
}

TEST(Repeatability, OfOneRunIsUndefined) {
  const std::vector<double> one = {1.0};
  EXPECT_EQ(std::get<Undefined>(repeatability(one)).reason, "rank_deficient");
  EXPECT_EQ(std::get<Undefined>(repeatability({})).reason, "rank_deficient");
}

TEST(Repeatability, ScalesAndDoesNotChangeWhenMoved) {
  const auto before = spread_of({1.0, 2.0, 4.0, 8.0});
  const auto after = spread_of({1003.0, 1006.0, 1012.0, 1024.0});
  EXPECT_DOUBLE_EQ(after.standard_deviation, 3.0 * before.standard_deviation);
  EXPECT_DOUBLE_EQ(after.interval().hi, 3.0 * before.interval().hi);
}

TEST(Repeatability, OfTheRulerWidensTheIntervalToHoldWhateverTheValuesReallyAre) {
  // Values known to 0.1: their true ones may be 0.9, 2, 3.1 (s = 1.1) or 1.1, 2, 2.9 (s = 0.9).
  const auto wide = spread_of({1.0, 2.0, 3.0}, {.half_width = 0.1});
  EXPECT_LE(wide.interval().lo, spread_of({1.1, 2.0, 2.9}).interval().lo);
  EXPECT_GE(wide.interval().hi, spread_of({0.9, 2.0, 3.1}).interval().hi);
  // Nor are equal values known to be equal then: two of them may be 0.2 apart, s = 0.2 / sqrt(2).
  EXPECT_GE(spread_of({1.0, 1.0}, {.half_width = 0.1}).interval().hi, 0.2 / std::sqrt(2.0) - 1e-12);
}

TEST(Repeatability, HoldsTheTrueSpreadAsOftenAsItSays) {
  // Five runs each with a standard deviation of 2; either end should be missed once in twenty. Of 4000 the
  // number missed has a standard deviation of sqrt(4000 * 0.05 * 0.95) = 13.8; five of them are allowed.
  std::mt19937_64 random(5725);
  std::normal_distribution<double> normal(10.0, 2.0);
  int below = 0, above = 0;
  for (int i = 0; i < 4000; ++i) {
    std::vector<double> values(5);
    for (auto& value : values) value = normal(random);
    const auto interval = spread_of(values).interval();
    below += interval.hi < 2.0;
    above += interval.lo > 2.0;
  }
  EXPECT_NEAR(below, 200, 69);
  EXPECT_NEAR(above, 200, 69);
}

// A run that returned a box of voxels and a cube, moved by so many voxels and millimetres.
Submission run_with(int voxels, double low_mm, double edge_mm = 10.0) {
  LabelMap mask(grid_of({20, 20, 20}));
  fill_box(mask, {2 + voxels, 2, 2}, {12 + voxels, 12, 12});
  Submission run{.offers = {"mask", "surface", "stages"}};
  run.stages.push_back({.name = "segmented", .mask = shared(mask)});
  run.stages.push_back({.name = "exported", .surfaces = {{1, cube_mesh(low_mm, edge_mm)}}});
  return run;
}

Trial trial_of(const std::vector<Submission>& runs) {
  Trial trial;
  trial.truth.targets.push_back({.label = 1});
  trial.truth.targets[0].surface = cube_mesh(0, 10);
  trial.submissions = runs;
  return trial;
}

Measurement row_of(const Trial& trial, const std::string& id) {
  return measure(trial, std::vector<MeasureItem>{{"repeatability." + id, ""}}).at(0);
}

double value_of(const Trial& trial, const std::string& id) {
  const auto row = row_of(trial, id);
  EXPECT_TRUE(row.value) << id << ": " << row.reason << " " << row.detail;
  return row.value ? std::get<double>(*row.value) : std::nan("");
}

TEST(RepeatabilityFamily, OfTheSameResultsIsZeroWithoutWidth) {
  const auto trial = trial_of({run_with(0, 0), run_with(0, 0), run_with(0, 0)});
  EXPECT_TRUE(std::get<bool>(*row_of(trial, "identical").value));
  EXPECT_EQ(value_of(trial, "dice"), 1.0);
  for (const auto* id : {"hd", "standard_deviation", "limit", "volume_standard_deviation", "volume_limit"}) {
    EXPECT_EQ(value_of(trial, id), 0.0) << id;
    EXPECT_EQ(row_of(trial, id).interval, (Interval{0.0, 0.0})) << id;
  }
}

TEST(RepeatabilityFamily, OfResultsThatDifferIsTheWorstPairAndTheSpreadInWhateverOrder) {
  // Masks shifted by 0, 1 and 2 of their 10 voxels: 8 of 10 in common at worst. Cubes moved by 0, 0.1 and 0.3
  // along each axis: corner to corner 0.3 sqrt(3). Edges of 10, 10 and 11: volumes 1000, 1000 and 1331.
  const std::vector<Submission> runs = {run_with(0, 0.0), run_with(1, 0.1), run_with(2, 0.3)};
  const auto trial = trial_of(runs);
  EXPECT_FALSE(std::get<bool>(*row_of(trial, "identical").value));
  EXPECT_DOUBLE_EQ(value_of(trial, "dice"), 0.8);
  const auto hd = row_of(trial, "hd");
  EXPECT_LE(hd.interval->lo, 0.3 * std::sqrt(3.0) + 1e-12);
  EXPECT_GE(hd.interval->hi, 0.3 * std::sqrt(3.0) - 1e-12);
  EXPECT_LT(hd.interval->width(), 0.002);
  // Their volumes are the same but for rounding, though the cubes are not.
  EXPECT_NEAR(value_of(trial, "volume_standard_deviation"), 0.0, 1e-9);
  EXPECT_EQ(measure_all(trial_of({runs[2], runs[0], runs[1]}), "repeatability.*"),
            measure_all(trial, "repeatability.*"));

  const auto grown = trial_of({run_with(0, 0.0), run_with(0, 0.0, 11.0), run_with(0, 0.0)});
  // Mean 1000 + 331 / 3; squares 331^2 (4 + 1 + 1) / 9 over 2 degrees of freedom.
  EXPECT_NEAR(value_of(grown, "volume_standard_deviation"), 331.0 / std::sqrt(3.0), 1e-9);
  EXPECT_NEAR(value_of(grown, "volume_limit"), 2.8 * 331.0 / std::sqrt(3.0), 1e-8);
}

TEST(RepeatabilityFamily, IsTheStandardDeviationOfTheBiases) {
  std::vector<Submission> runs = {run_with(0, 0.0), run_with(0, 0.5), run_with(0, 1.0)};
  const auto trial = trial_of(runs);
  // The second opinion: the biases that surface_deviation gives for each run by itself.
  std::vector<double> biases_mm;
  for (const auto& run : runs)
    biases_mm.push_back(std::get<double>(
        *measure(trial_of({run}), std::vector<MeasureItem>{{"deviation.bias", ""}}).at(0).value));
  const double mean_mm = (biases_mm[0] + biases_mm[1] + biases_mm[2]) / 3.0;
  double squares = 0.0;
  for (const double bias_mm : biases_mm) squares += (bias_mm - mean_mm) * (bias_mm - mean_mm);
  ASSERT_GT(squares, 1e-4);
  EXPECT_NEAR(value_of(trial, "standard_deviation"), std::sqrt(squares / 2.0), 1e-12);
  EXPECT_NEAR(value_of(trial, "limit"), 2.8 * std::sqrt(squares / 2.0), 1e-12);
}

TEST(RepeatabilityFamily, SeesARunThatReturnedNothing) {
  Submission crashed{.status = CaseStatus::crashed, .offers = {"mask", "surface", "stages"}};
  const auto trial = trial_of({run_with(0, 0), crashed});
  EXPECT_FALSE(std::get<bool>(*row_of(trial, "identical").value));
  for (const auto* id : {"dice", "hd", "standard_deviation", "volume_limit"})
    EXPECT_EQ(find_reason(row_of(trial, id).reason).owner, ReasonOwner::submission) << id;
  EXPECT_EQ(row_of(trial_of({crashed, crashed}), "identical").reason, "missing");
  EXPECT_EQ(row_of(trial_of({Submission{}, Submission{}}), "identical").reason, "not_offered");
}

TEST(RepeatabilityFamily, OfOneRunIsNotOffered) {
  EXPECT_EQ(row_of(trial_of({run_with(0, 0)}), "identical").reason, "not_offered");
}

TEST(RepeatabilityFamily, HasNothingToSayOfEmptyMasks) {
  Submission empty = run_with(0, 0);
  empty.stages[0].mask = shared(LabelMap(grid_of({4, 4, 4})));
  EXPECT_EQ(row_of(trial_of({empty, empty}), "dice").reason, "both_empty");
  EXPECT_EQ(value_of(trial_of({empty, run_with(0, 0)}), "dice"), 0.0);
}

}  // namespace
}  // namespace meshassay::metrics
