// SPDX-License-Identifier: GPL-3.0-or-later
// How a family puts its results into measurements, the same way everywhere.
#pragma once

#include <string>
#include <vector>

#include "metrics/registry.hpp"

namespace meshassay::metrics {

/// What a row of measurements is about.
struct Subject {
  std::string stage;   ///< What was looked at: "exported", "smoothed"; empty where none.
  std::string target;  ///< As target_name() gives it.
};

/// Name of a target in measurements: empty where the trial has one only; "label 3" where it has no name.
[[nodiscard]] std::string target_name(const Trial& trial, const TargetTruth& target);
/// Name of the stage that a surface is taken from where none is asked for.
[[nodiscard]] std::string surface_stage(const MetricRequest& request);
/// Name of the stage that find_mask() takes a mask from; "segmented" where there is none.
[[nodiscard]] std::string mask_stage(const Submission& submission, const MetricRequest& request);

/// A value without an interval (a count, an exact predicate, a text), or one whose interval is added by the
/// caller.
[[nodiscard]] Measurement measured(const MetricDefinition& metric, const Subject& subject,
                                   MeasuredValue value);
/// A number that is exact but for rounding: the interval is value +- `half_width`, named "rounding".
[[nodiscard]] Measurement measured_with_rounding(const MetricDefinition& metric, const Subject& subject,
                                                 double value, double half_width);
[[nodiscard]] Measurement undefined(const MetricDefinition& metric, const Subject& subject,
                                    const Undefined& why);
/// Every metric of a family, undefined for the same reason.
[[nodiscard]] std::vector<Measurement> all_undefined(const MetricFamily& family, const Subject& subject,
                                                     const Undefined& why);
/// `rows` of each target, in their order: what a family computes that looks at one target at a time.
[[nodiscard]] std::vector<Measurement> rows_a_target(const Trial& trial, const MetricRequest& request,
                                                     std::vector<Measurement> (*rows)(const Trial&,
                                                                                      const MetricRequest&,
                                                                                      const TargetTruth&));
/// The same for a family of one metric.
[[nodiscard]] std::vector<Measurement> one_row_a_target(const Trial& trial, const MetricRequest& request,
                                                        Measurement (*row)(const Trial&, const MetricRequest&,
                                                                           const TargetTruth&));

/// The metrics of a family that is a table of rows, each with its `definition`.
template <typename Row>
[[nodiscard]] std::vector<MetricDefinition> definitions_of(const std::vector<Row>& rows) {
  std::vector<MetricDefinition> definitions;
  for (const auto& row : rows) definitions.push_back(row.definition);
  return definitions;
}

}  // namespace meshassay::metrics
