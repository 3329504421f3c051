// SPDX-License-Identifier: GPL-3.0-or-later
// Case ids are long, and those of one phantom share most of it: said once, the rest fits a line.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace meshassay::reports {

/// Neighbours in the order of the suite whose ids begin with the same word.
struct CaseGroup {
  std::string shared;             ///< "step_wedge/width_mm=8": what is in every id of the group.
  std::vector<std::string> rest;  ///< What each id has beside it, "spacing_mm=0.5x0.5x2"; may be empty.
};

[[nodiscard]] std::vector<CaseGroup> group_cases(std::span<const std::string> case_ids);

}  // namespace meshassay::reports
