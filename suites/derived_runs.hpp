// SPDX-License-Identifier: GPL-3.0-or-later
// Runs of a system beside a case's own, which some metrics need: what each is given and asked for. To add a
// plan: a row in derived_runs.cpp, and a metric family that needs `derived_runs:PLAN`.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "suites/suite.hpp"
#include "suites/task_kind.hpp"

namespace meshassay::suites {

/// One run: the case's phantom, on the grid of its scan, made into something else.
struct DerivedRunDefinition {
  std::string_view name;
  Given given = Given::scan;
  bool ideal_scan = false;              ///< Whether the scan is one without blur, noise or clipping.
  std::vector<std::string_view> tasks;  ///< The first of these that the system takes is asked for.
};

/// Runs that belong together.
struct DerivedRunPlan {
  std::string_view name;                   ///< In suites, and as `--derived-runs NAME`.
  std::string_view asks;                   ///< One sentence, for people.
  std::vector<DerivedRunDefinition> runs;  ///< In the order in which they are made.
};

[[nodiscard]] std::span<const DerivedRunPlan> derived_run_plans();
[[nodiscard]] const std::vector<std::string>& derived_run_plan_names();
/// \throw std::logic_error for a plan that is not there: files are checked when they are read.
[[nodiscard]] const DerivedRunPlan& derived_run_plan(std::string_view name);

/// Whether runs can be derived from a case: it hands out a scan of which a model is to be made.
[[nodiscard]] bool can_have_derived_runs(const SuiteCase& suite_case);
/// The case that a run is: its own id, task and scan. No check belongs to it.
[[nodiscard]] SuiteCase derived_case(const SuiteCase& suite_case, const DerivedRunPlan& plan,
                                     const DerivedRunDefinition& run, std::string_view task);

}  // namespace meshassay::suites
