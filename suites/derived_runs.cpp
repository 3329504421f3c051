// SPDX-License-Identifier: GPL-3.0-or-later
#include "suites/derived_runs.hpp"

#include <algorithm>
#include <stdexcept>

#include "metrics/runs/budget.hpp"
#include "phantoms/scan/scan.hpp"

namespace meshassay::suites {

std::span<const DerivedRunPlan> derived_run_plans() {
  using metrics::budget_steps;
  // What is closest to the truth comes last: a system sees none of it before it did its own work.
  static const std::vector<DerivedRunPlan> plans = {
      {.name = metrics::budget_plan,
       .asks = "what does each step add to the error of the model?",
       .runs = {{.name = budget_steps[1], .given = Given::scan, .ideal_scan = true, .tasks = {"model"}},
                {.name = budget_steps[2], .given = Given::mask, .tasks = {"surface"}},
                {.name = budget_steps[3], .given = Given::surface, .tasks = {"edit", "repair"}},
                {.name = budget_steps[4], .given = Given::surface, .tasks = {"export"}}}},
  };
  return plans;
}

const std::vector<std::string>& derived_run_plan_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> made;
    for (const auto& plan : derived_run_plans()) made.emplace_back(plan.name);
    return made;
  }();
  return names;
}

const DerivedRunPlan& derived_run_plan(std::string_view name) {
  const auto plans = derived_run_plans();
  const auto found =
      std::find_if(plans.begin(), plans.end(), [&](const DerivedRunPlan& plan) { return plan.name == name; });
  if (found == plans.end()) throw std::logic_error("no such plan of derived runs: " + std::string(name));
  return *found;
}

bool can_have_derived_runs(const SuiteCase& suite_case) {
  return suite_case.task == "model" && suite_case.expect == "done";
}

SuiteCase derived_case(const SuiteCase& suite_case, const DerivedRunPlan& plan,
                       const DerivedRunDefinition& run, std::string_view task) {
  SuiteCase derived = suite_case;
  derived.id += "/" + std::string(plan.name) + "=" + std::string(run.name);
  derived.task = task;
  derived.derived_runs.clear();
  derived.checks.clear();
  if (run.ideal_scan)
    derived.scan_parameters = phantoms::ideal_scan(
        resolve_parameters(phantoms::scan_parameters(), suite_case.scan_parameters, suite_case.id));
  return derived;
}

}  // namespace meshassay::suites
