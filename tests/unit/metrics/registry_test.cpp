// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/registry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <set>

#include "core/errors.hpp"
#include "core/io/files.hpp"
#include "metrics/family_promises.hpp"
#include "metrics/id_parameter.hpp"
#include "metrics/measurement_rows.hpp"
#include "metrics/needs.hpp"
#include "tests/support/source_folder.hpp"

namespace meshassay::metrics {
namespace {

using ::testing::HasSubstr;

Trial trial_that_offers(std::set<std::string> offers) {
  Trial trial;
  trial.truth.targets.emplace_back();
  trial.submissions.emplace_back();
  trial.submissions.front().offers = std::move(offers);
  return trial;
}

TEST(Registry, EveryRowIsCompleteAndEveryIdIsThereOnce) {
  const std::set<std::string> units = {"mm", "mm2", "mm3", "1/mm2", "deg", "HU", "1"};
  std::set<std::string> ids, names;
  ASSERT_FALSE(metric_registry().empty());
  for (const auto& family : metric_registry()) {
    EXPECT_TRUE(names.insert(family.name).second) << family.name;
    EXPECT_FALSE(family.metrics.empty()) << family.name;
    EXPECT_NE(family.compute, nullptr) << family.name;
    for (const auto& need : family.needs) EXPECT_TRUE(is_known_need(need)) << family.name << ": " << need;
    for (const auto& metric : family.metrics) {
      EXPECT_TRUE(ids.insert(metric.id).second) << metric.id;
      EXPECT_TRUE(units.contains(metric.unit)) << metric.id << ": " << metric.unit;
      EXPECT_FALSE(metric.definition.empty()) << metric.id;
      EXPECT_FALSE(metric.source.empty()) << metric.id;
      EXPECT_EQ(metric.id.find('@'), std::string::npos) << metric.id;
    }
    const bool has_it = std::any_of(
        family.parameters.begin(), family.parameters.end(),
        [&](const ParameterDefinition& definition) { return definition.name == family.id_parameter; });
    EXPECT_TRUE(family.id_parameter.empty() || has_it) << family.name;
  }
}

TEST(Registry, EveryFamilyGivesARowPerMetricEvenWhenTheSystemReturnedNothing) {
  auto trial = trial_that_offers({"mask", "surface", "record", "stages"});
  trial.submissions.front().status = CaseStatus::crashed;
  trial.submissions.front().status_detail = "exit code 3";
  for (const auto& family : metric_registry()) {
    if (!unmet_need(family, trial).empty()) continue;
    for (const auto& metric : family.metrics) {
      const auto rows = measure(trial, std::vector<MeasureItem>{{metric.id, ""}});
      ASSERT_EQ(rows.size(), 1u) << metric.id;
      EXPECT_FALSE(rows[0].value.has_value()) << metric.id;
      EXPECT_EQ(find_reason(rows[0].reason).owner, ReasonOwner::submission) << metric.id;
    }
  }
}

// A page of docs/metrics: what each of them has.
TEST(MetricPages, HaveAPictureTheirLimitsAndTheirSource) {
  const auto folder = test_support::source_folder() / "docs/metrics";
  std::size_t pages = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().filename() == "README.md") continue;
    ++pages;
    const std::string page = io::read_file(entry.path());
    EXPECT_THAT(page, HasSubstr("![")) << entry.path();
    EXPECT_THAT(page, testing::AnyOf(HasSubstr("**Limits"), HasSubstr("limits\n"))) << entry.path();
    EXPECT_THAT(page, HasSubstr("Source")) << entry.path();
    EXPECT_THAT(page, testing::AnyOf(HasSubstr("Undefined"), HasSubstr("undefined"))) << entry.path();
  }
  EXPECT_GE(pages, 28u);
}

// By its id, or by its end where the page names several of a group: `.hd95`, `_rod`.
TEST(MetricPages, NameEveryMetric) {
  std::string all;
  for (const auto& entry :
       std::filesystem::directory_iterator(test_support::source_folder() / "docs/metrics"))
    all += io::read_file(entry.path());
  for (const auto& family : metric_registry())
    for (const auto& metric : family.metrics) {
      const auto cut = metric.id.find_last_of(metric.id.starts_with("detect.") ? '_' : '.');
      const std::string end = cut == std::string::npos ? metric.id : metric.id.substr(cut);
      EXPECT_TRUE(all.find(metric.id) != std::string::npos || all.find("`" + end + "`") != std::string::npos)
          << metric.id;
    }
}

TEST(FindMetric, NamesTheNearestMetricForATypingError) {
  try {
    static_cast<void>(find_metric("record.statos", "suites/quick.toml:12"));
    FAIL() << "found a metric that does not exist";
  } catch (const InvalidInput& error) {
    EXPECT_THAT(error.what(), HasSubstr("suites/quick.toml:12"));
    EXPECT_THAT(error.what(), HasSubstr("did you mean 'record.status'"));
  }
}

TEST(FindMetric, RefusesAParameterThatTheMetricDoesNotHave) {
  EXPECT_THROW(static_cast<void>(find_metric("record.status@1mm", "test")), InvalidInput);
  EXPECT_THROW(static_cast<void>(find_metric("record.status@", "test")), InvalidInput);
  EXPECT_THROW(static_cast<void>(find_metric("", "test")), InvalidInput);
  EXPECT_THROW(static_cast<void>(find_metric("@", "test")), InvalidInput);
}

MetricFamily family_with_tolerance() {
  return {.name = "boundary",
          .metrics = {{.id = "boundary.nsd", .unit = "1", .definition = "d", .source = "s"}},
          .parameters = {{.name = "tolerance_mm", .default_value = 1.0, .description = "tolerance"}},
          .id_parameter = "tolerance_mm"};
}

TEST(IdParameter, IsANumberWithOrWithoutItsUnit) {
  const auto family = family_with_tolerance();
  const Parameters expected = {{"tolerance_mm", 0.5}};
  EXPECT_EQ(parse_id_parameter(family, "boundary.nsd", "0.5mm", "test"), expected);
  EXPECT_EQ(parse_id_parameter(family, "boundary.nsd", "0.5", "test"), expected);
  EXPECT_EQ(id_with_parameter("boundary.nsd", "tolerance_mm", 0.5), "boundary.nsd@0.5mm");
  // What says which metric of a family has the parameter.
  std::vector<std::string> with_parameter;
  for (const auto& each : metric_registry())
    if (!each.id_parameter.empty()) with_parameter.push_back(each.metrics.back().id);
  EXPECT_EQ(with_parameter, (std::vector<std::string>{"boundary.nsd", "labels.gap_volume", "completeness"}));
  for (const auto* wrong : {"", "mm", "0.5cm", "x", "nan", "1 mm"})
    EXPECT_THROW(static_cast<void>(parse_id_parameter(family, "boundary.nsd", wrong, "test")), InvalidInput)
        << wrong;
}

TEST(FamilyPromises, ABreachIsCaught) {
  const auto family = family_with_tolerance();
  const auto good = measured(family.metrics[0], {}, 0.5);
  EXPECT_NO_THROW(check_promises(family, {good}));
  const auto broken = [&](auto change) {
    Measurement row = good;
    change(row);
    EXPECT_THROW(check_promises(family, {row}), std::logic_error);
  };
  broken([](Measurement& row) { row.metric = "boundary.hd"; });
  broken([](Measurement& row) { row.unit = "mm"; });
  broken([](Measurement& row) { row.value = true; });
  broken([](Measurement& row) { row.value = std::nan(""); });
  broken([](Measurement& row) { row.value.reset(); });
  broken([](Measurement& row) { row.reason = "missing"; });
  broken([](Measurement& row) { row.interval = Interval{0.6, 0.7}; });
}

TEST(Needs, KnowTheirWordsAndNoOthers) {
  for (const auto* need :
       {"mask", "surface", "record", "reference_mask", "reference_surface", "reference_implicit", "scan_grid",
        "input_mesh", "values", "stage:smoothed", "feature:sphere", "feature:gap", "feature:rod",
        "feature:hole", "feature:rim", "feature:edge", "feature:rim|edge", "repeats>=2", "targets>=2"})
    EXPECT_TRUE(is_known_need(need)) << need;
  for (const auto* need : {"", "masks", "stage:", "stage:smooth", "feature:cube", "feature:rim|",
                           "repeats>=", "repeats>=x", "targets>="})
    EXPECT_FALSE(is_known_need(need)) << need;
  EXPECT_THROW(static_cast<void>(is_met("masks", Trial{})), std::logic_error);
}

TEST(Needs, OfTheSystemAreNotOfferedAndOfTheCaseHaveNoReference) {
  EXPECT_EQ(why_unmet("stage:smoothed").reason, "not_offered");
  EXPECT_EQ(why_unmet("reference_mask").reason, "no_reference");
  auto trial = trial_that_offers({"stages"});
  EXPECT_TRUE(is_met("stage:smoothed", trial));
  EXPECT_FALSE(is_met("mask", trial));
  EXPECT_FALSE(is_met("repeats>=2", trial));
  trial.submissions.emplace_back();
  EXPECT_TRUE(is_met("repeats>=2", trial));
  EXPECT_FALSE(is_met("feature:plate", trial));
  trial.truth.targets[0].features.push_back({.name = "p", .kind = FeatureKind::plate, .region = {}});
  EXPECT_TRUE(is_met("feature:plate", trial));
  EXPECT_FALSE(is_met("feature:sphere", trial));
}

TEST(Measure, AMetricWhoseNeedsAreNotMetIsUndefinedAndKeepsItsPlace) {
  auto trial = trial_that_offers({"record"});
  trial.submissions.front().record = SystemRecord{};
  const std::vector<MeasureItem> items = {{"record.steps", ""}, {"record.status", ""}};
  const auto rows = measure(trial, items);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].metric, "record.steps");
  EXPECT_EQ(rows[1].metric, "record.status");
  const auto none = measure(trial_that_offers({}), items);
  ASSERT_EQ(none.size(), 2u);
  EXPECT_EQ(none[0].metric, "record.steps");
  EXPECT_EQ(none[0].reason, "not_offered");
}

TEST(MeasureAll, TakesWhatAppliesAndMatches) {
  auto trial = trial_that_offers({"record"});
  trial.submissions.front().record = SystemRecord{};
  const auto rows = measure_all(trial, "record.s*");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].metric, "record.status");
  EXPECT_EQ(rows[1].metric, "record.steps");
  EXPECT_TRUE(measure_all(Trial{}).empty());
  EXPECT_TRUE(measure_all(trial, "record.s*@1mm").empty());  // Takes no parameter.
}

}  // namespace
}  // namespace meshassay::metrics
