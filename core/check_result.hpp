// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/measurement.hpp"
#include "core/verdict.hpp"

namespace meshassay {

/// A limit as the suite wrote it, and in the metric's unit.
struct Limit {
  std::optional<double> min, max;  ///< In the metric's unit, inclusive.
  std::optional<MeasuredValue> equals;
  std::string as_written;  ///< "max 0.3 in_plane".
  friend bool operator==(const Limit&, const Limit&) = default;
};

/// A measurement against a limit.
struct CheckResult {
  std::string metric, stage, target;  ///< Names the measurement in the same case.
  Limit limit;
  Verdict verdict = Verdict::error;
  Expectation expectation = Expectation::none;
  std::string waiver;  ///< Text of the waiver, where waived.
  std::string reason;  ///< Why it is not a plain pass: "undefined: missing", "ruler_too_coarse".
  std::vector<std::string> requirements;  ///< "3532-1:6.5"
  std::string rationale, approved_by;
  friend bool operator==(const CheckResult&, const CheckResult&) = default;
};

}  // namespace meshassay
