// SPDX-License-Identifier: GPL-3.0-or-later
// One case, from phantom to verdicts.
#pragma once

#include <filesystem>
#include <set>
#include <string>

#include "core/run_record.hpp"
#include "suites/suite.hpp"
#include "suites/system_definition.hpp"

namespace meshassay::harness {

struct CaseContext {
  const suites::Suite* suite = nullptr;
  const suites::SuiteCase* suite_case = nullptr;
  const suites::SystemDefinition* system = nullptr;
  std::filesystem::path run_dir;       ///< The case gets the folder cases/NAME in it.
  int runs = 1;                        ///< Of the system. Files that are already there are taken once.
  int threads = 1;                     ///< For the system.
  std::set<std::string> derived_runs;  ///< Plans beyond those of the case, where it can have them.
};

/// Makes the phantom and the grid without scanning. \throw InvalidInput for what a suite cannot ask for.
void check_case(const suites::Suite& suite, const suites::SuiteCase& suite_case);

/// Scans, runs the system, measures and decides. Whatever the system does is in the result. Of several runs
/// the worst is judged: the first one with the most errors, then failures, then inconclusive checks. Its
/// files are in out/ and logs/, those of another run K in out-K/ and logs-K/. \throw MachineError
[[nodiscard]] CaseResult run_case(const CaseContext& context);

/// `pass` where every decided check passes and there is at least one; else the worst verdict.
[[nodiscard]] Verdict case_verdict(const CaseResult& result);

}  // namespace meshassay::harness
