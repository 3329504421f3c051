// SPDX-License-Identifier: GPL-3.0-or-later
// The decision rule: a measurement with its interval against a limit (ISO 14253-1).
#pragma once

#include <optional>

#include "core/check_result.hpp"
#include "core/grid.hpp"
#include "core/measurement.hpp"
#include "suites/suite.hpp"

namespace meshassay::suites {

/// The check's limit in the metric's unit: `in_plane` and `slice` from the scan's grid, % as 1/100.
/// \pre There is a grid where a limit is in voxels: suites without are refused when they are read.
[[nodiscard]] Limit resolve_limit(const CheckDefinition& check, const std::optional<Grid>& scan_grid);

struct Decision {
  Verdict verdict = Verdict::error;
  std::string reason;  ///< Why, where it is not a plain pass or fail; flags ("ruler_too_coarse").
};
/// Pass if the whole interval is within the limit, fail if it is wholly outside, else inconclusive.
/// Undefined: by the owner of the reason.
[[nodiscard]] Decision decide(const Measurement& measurement, const Limit& limit);

}  // namespace meshassay::suites
