// SPDX-License-Identifier: GPL-3.0-or-later
// A run: suites, one system, a folder; a pool of cases, a journal, a record.
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/run_record.hpp"
#include "suites/suite.hpp"
#include "suites/system_definition.hpp"

namespace meshassay::harness {

struct RunOptions {
  std::vector<suites::Suite> suites;
  suites::SystemDefinition system;
  std::filesystem::path out_dir;       ///< New or empty, unless resumed.
  std::string filter = "*";            ///< Glob on case ids.
  int jobs = 1;                        ///< Cases at once.
  int threads = 1;                     ///< Of the machine; shared by the jobs.
  std::optional<int> repeat;           ///< Runs of each case's system; absent: as the suite says.
  std::set<std::string> derived_runs;  ///< Plans beyond those of the suites.
  bool resume = false;
  std::vector<AppliedWaiver> waivers;
  std::string operator_name;
};

/// Finds what is wrong with the request before anything runs or is written. \throw InvalidInput
void check_run(const RunOptions& options);
/// Runs all cases and writes run.json and every rendering to out_dir. \throw InvalidInput, MachineError
[[nodiscard]] RunRecord run_suites(const RunOptions& options);

/// Writes the renderings of a record whose option is in `which` (all where it is empty).
void write_renderings(const RunRecord& record, const std::filesystem::path& folder,
                      const std::vector<std::string>& which = {});

}  // namespace meshassay::harness
