// SPDX-License-Identifier: GPL-3.0-or-later
// The requirement catalogue (data in suites/requirements/*.toml) and its roll-up over a run.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/run_record.hpp"

namespace meshassay::suites {

struct Requirement {
  std::string id;       ///< "3532-1:6.4-a"
  std::string list;     ///< "shall" where the clause's list says so; else empty.
  std::string item;     ///< shall | should | info | title_only; empty: a list's item without a verb.
  std::string how;      ///< "T", "I", "A, T", "D", or "-".
  std::string summary;  ///< In our own words.
  std::string harness;  ///< What the harness does about it.
  std::string
      not_covered;  ///< Why no suite that we ship covers it yet; empty where one does. May only shrink.
};

/// Rows of the files, in order. \throw InvalidInput for unknown keys, duplicates.
[[nodiscard]] std::vector<Requirement> read_requirements(std::span<const std::filesystem::path> files);
/// The catalogue that ships with the program.
[[nodiscard]] const std::vector<Requirement>& default_requirements();

/// A requirement is as good as its worst decided check; with none it is not_covered, title_only or
/// not_applicable. A waived failure still fails it. A title_only row never becomes verified: its text is not
/// held.
[[nodiscard]] std::vector<RequirementResult> roll_up(std::span<const Requirement> requirements,
                                                     std::span<const CaseResult> cases);
/// Counts, and whether the run passed: at least one decided check and no fail, inconclusive, error or
/// unexpected pass.
[[nodiscard]] RunSummary summarise(std::span<const CaseResult> cases);

}  // namespace meshassay::suites
