// SPDX-License-Identifier: GPL-3.0-or-later
// The runs of a system beside a case's own that metrics need (suites/derived_runs.hpp).
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "core/run_record.hpp"
#include "core/trial.hpp"
#include "harness/runs/case_runner.hpp"

namespace meshassay::harness {

struct DerivedRuns {
  std::vector<DerivedRun> runs;           ///< For metrics.
  std::vector<DerivedRunResult> results;  ///< For the record.
  double wall_s = 0.0;                    ///< Of the system.
};

/// The plans of a case: its own and those that the command line adds, where it can have any.
[[nodiscard]] std::set<std::string> derived_run_plans_of(const suites::SuiteCase& suite_case,
                                                         const std::set<std::string>& added);

/// Makes the runs of the case's plans, each in a folder PLAN-NAME of the case's. One whose tasks the system
/// takes none of is `unsupported` and leaves no files. \throw MachineError
[[nodiscard]] DerivedRuns make_derived_runs(const CaseContext& context,
                                            const std::filesystem::path& case_dir);

}  // namespace meshassay::harness
