// SPDX-License-Identifier: GPL-3.0-or-later
// How much the results of repeated runs differ: the same system, the same input.
#pragma once

#include <span>
#include <variant>

#include "core/measurement.hpp"
#include "core/reason.hpp"
#include "core/submission.hpp"
#include "metrics/registry.hpp"

namespace meshassay::metrics {

/// Two results of runs differ by more than this many standard deviations in one pair out of twenty:
/// 1.96 sqrt(2), rounded as ISO 5725-6:1994, 4.1.4, rounds it.
inline constexpr double repeatability_limit_factor = 2.8;

struct RepeatabilityOptions {
  double one_sided_confidence = 0.95;  ///< Of either end of the interval.
  double half_width = 0.0;             ///< Of each value: what the ruler does not know of it.
};

/// In the unit of the values.
struct Repeatability {
  double standard_deviation = 0.0;  ///< s_r of ISO 5725-2: over n - 1.
  Interval by_chance;               ///< By chi-square with n - 1 degrees of freedom, for normal scatter.
  double ruler_half_width = 0.0;    ///< Of `standard_deviation`.

  /// Both parts together.
  [[nodiscard]] Interval interval() const;
};

/// Undefined: rank_deficient with fewer than two values.
[[nodiscard]] std::variant<Repeatability, Undefined> repeatability(std::span<const double> values,
                                                                   const RepeatabilityOptions& options = {});

/// Whether all masks and surfaces of two runs, of every stage, hold the same numbers in the same order.
/// Headers of files are not looked at: a time of day in one is no difference of the result.
[[nodiscard]] bool same_masks_and_surfaces(const Submission& a, const Submission& b);

/// The rows `repeatability.*`.
[[nodiscard]] const MetricFamily& repeatability_family();

}  // namespace meshassay::metrics
