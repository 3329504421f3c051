// SPDX-License-Identifier: GPL-3.0-or-later
// Every two targets of a trial, for what lies between labels.
#pragma once

#include <cstddef>
#include <string>

#include "core/trial.hpp"
#include "metrics/measurement_rows.hpp"

namespace meshassay::metrics {

/// "bone and implant".
[[nodiscard]] inline std::string pair_name(const Trial& trial, const TargetTruth& a, const TargetTruth& b) {
  return target_name(trial, a) + " and " + target_name(trial, b);
}

/// Calls `visit(a, b)` for every two targets, in the order of the labels.
template <typename Visit>
void for_each_pair(const Trial& trial, Visit visit) {
  const auto& targets = trial.truth.targets;
  for (std::size_t a = 0; a < targets.size(); ++a)
    for (std::size_t b = a + 1; b < targets.size(); ++b) visit(targets[a], targets[b]);
}

}  // namespace meshassay::metrics
