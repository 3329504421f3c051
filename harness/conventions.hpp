// SPDX-License-Identifier: GPL-3.0-or-later
// Two masks by the definitions of other tools, side by side: `measure --convention`.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/measurement.hpp"
#include "core/trial.hpp"
#include "metrics/conventions/convention.hpp"

namespace meshassay::harness {

/// What a tool makes of a pair.
struct ConventionResult {
  const metrics::conventions::Convention* convention = nullptr;
  std::string variant;  ///< Where the tool looks at several boundaries.
  std::vector<Measurement>
      measurements;  ///< boundary.hd ... of each label; target "mean over labels" after them.
};

/// A convention by name, or for `all` every one. \throw InvalidInput with the nearest known name.
[[nodiscard]] std::vector<const metrics::conventions::Convention*> conventions_named(const std::string& name);

struct ConventionRequest {
  double tolerance_mm = 1.0;
  bool tool_bugs = false;
};
/// \pre the trial is one of two masks. \throw InvalidInput
[[nodiscard]] std::vector<ConventionResult> measure_by_conventions(
    const Trial& trial, std::span<const metrics::conventions::Convention* const> conventions,
    const ConventionRequest& request);

/// A line a convention and target, and beneath them what each convention is.
[[nodiscard]] std::string format_conventions(std::span<const ConventionResult> results, bool tool_bugs);
/// The array "conventions" of meshassay/measure/1.
[[nodiscard]] std::string conventions_to_json(std::span<const ConventionResult> results, bool tool_bugs);

}  // namespace meshassay::harness
