// SPDX-License-Identifier: GPL-3.0-or-later
// Every two targets of a trial, for what lies between labels.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/trial.hpp"
#include "metrics/measurement_rows.hpp"
#include "metrics/surface/measurable_surface.hpp"

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

/// The rows of every two targets' surfaces: rows(subject, one, other), or where there is one that cannot be
/// measured undefined(subject, why).
template <typename Rows, typename WhyNot>
std::vector<Measurement> rows_of_surface_pairs(const Trial& trial, const MetricRequest& request, Rows rows,
                                               WhyNot undefined) {
  std::vector<Measurement> result;
  for_each_pair(trial, [&](const TargetTruth& a, const TargetTruth& b) {
    const Subject subject{surface_stage(request), pair_name(trial, a, b)};
    const auto of_a = find_measurable_surface(trial, request, a.label),
               of_b = find_measurable_surface(trial, request, b.label);
    std::vector<Measurement> of_pair;
    if (const auto* why = std::get_if<Undefined>(&of_a))
      of_pair = undefined(subject, *why);
    else if (const auto* other = std::get_if<Undefined>(&of_b))
      of_pair = undefined(subject, *other);
    else
      of_pair = rows(subject, *std::get<const TriangleMesh*>(of_a), *std::get<const TriangleMesh*>(of_b));
    for (auto& row : of_pair) result.push_back(std::move(row));
  });
  return result;
}

}  // namespace meshassay::metrics
