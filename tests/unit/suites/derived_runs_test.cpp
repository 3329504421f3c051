// SPDX-License-Identifier: GPL-3.0-or-later
#include "suites/derived_runs.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <variant>

#include "metrics/registry.hpp"

namespace meshassay::suites {
namespace {

TEST(DerivedRunPlans, AreEachNeededByAFamilyOfMetricsAndAskForTasksThatThereAre) {
  for (const auto& plan : derived_run_plans()) {
    const std::string need = "derived_runs:" + std::string(plan.name);
    const auto families = metrics::metric_registry();
    EXPECT_TRUE(std::any_of(families.begin(), families.end(), [&](const metrics::MetricFamily& family) {
      return std::find(family.needs.begin(), family.needs.end(), need) != family.needs.end();
    })) << need;
    std::set<std::string_view> names;
    for (const auto& run : plan.runs) {
      EXPECT_TRUE(names.insert(run.name).second) << run.name;
      ASSERT_FALSE(run.tasks.empty());
      for (const auto task : run.tasks) EXPECT_EQ(task_kind(task).name, task);
      EXPECT_TRUE(task_kind(run.tasks.front()).given == run.given) << run.name;
    }
  }
}

TEST(DerivedRunPlans, OfTheRegistryAreAllThere) {
  for (const auto& family : metrics::metric_registry())
    for (const auto& need : family.needs) {
      const std::string prefix = "derived_runs:";
      if (!need.starts_with(prefix)) continue;
      EXPECT_NO_THROW((void)derived_run_plan(need.substr(prefix.size()))) << need;
    }
  EXPECT_THROW((void)derived_run_plan("buget"), std::logic_error);
}

TEST(DerivedCase, IsTheSameObjectOnTheSameGridWithAnIdOfItsOwnAndNoChecks) {
  SuiteCase suite_case{.id = "sphere/noise_hu=20", .phantom = "sphere", .phantom_parameters = {}};
  suite_case.scan_parameters = {{"noise_hu", 20.0}, {"margin_mm", 7.0}};
  suite_case.derived_runs = {"budget"};
  suite_case.checks.resize(1);
  const auto& plan = derived_run_plan("budget");
  std::set<std::string> ids = {suite_case.id};
  for (const auto& run : plan.runs) {
    const auto derived = derived_case(suite_case, plan, run, run.tasks.front());
    EXPECT_TRUE(ids.insert(derived.id).second) << derived.id;
    EXPECT_EQ(derived.phantom, "sphere");
    EXPECT_EQ(derived.task, run.tasks.front());
    EXPECT_TRUE(derived.checks.empty() && derived.derived_runs.empty());
    EXPECT_EQ(std::get<double>(derived.scan_parameters.at("margin_mm")), 7.0);
    EXPECT_EQ(std::get<double>(derived.scan_parameters.at("noise_hu")), run.ideal_scan ? 0.0 : 20.0);
  }
}

TEST(DerivedCase, CanBeMadeOfCasesThatAskForAModel) {
  EXPECT_TRUE(can_have_derived_runs({.id = "a", .phantom = "sphere", .phantom_parameters = {}}));
  SuiteCase other{.id = "a", .phantom = "sphere", .phantom_parameters = {}};
  other.task = "surface";
  EXPECT_FALSE(can_have_derived_runs(other));
  other.task = "model";
  other.expect = "refused";
  EXPECT_FALSE(can_have_derived_runs(other));
}

}  // namespace
}  // namespace meshassay::suites
