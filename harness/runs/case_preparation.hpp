// SPDX-License-Identifier: GPL-3.0-or-later
// A case before a system sees it: what its phantom is made into, by what the task gives
// (suites/task_kind.hpp).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/trial.hpp"
#include "harness/pictures.hpp"
#include "harness/systems/task.hpp"
#include "suites/suite.hpp"
#include "suites/system_definition.hpp"
#include "suites/task_kind.hpp"

namespace meshassay::harness {

struct CaseRequest {
  const suites::Suite* suite = nullptr;
  const suites::SuiteCase* suite_case = nullptr;
  const suites::SystemDefinition* system = nullptr;  ///< Decides on formats, never on contents.
  std::filesystem::path case_dir;                    ///< Inputs go to input/, outputs are asked for in out/.
  std::optional<suites::Given> given;  ///< What is given instead of what the task is given usually.
};

struct PreparedCase {
  Parameters phantom_parameters, scan_parameters;  ///< Resolved.
  Task task;                                       ///< Its inputs are written, its output folder is there.
  /// The case as metrics see it, without submissions. Made when the system is done: the memory is its until
  /// then.
  std::function<Trial()> make_trial;
  std::vector<TargetTruth> given_surfaces;  ///< Where surfaces were handed out: their triangles.
  std::string truth_json;
  PictureTexts picture_texts;
};

/// \throw InvalidInput for what a suite cannot ask for.
[[nodiscard]] PreparedCase prepare_case(const CaseRequest& request);

}  // namespace meshassay::harness
