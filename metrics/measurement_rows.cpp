// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/measurement_rows.hpp"

#include <algorithm>
#include <utility>

namespace meshassay::metrics {

std::string target_name(const Trial& trial, const TargetTruth& target) {
  if (trial.truth.targets.size() < 2) return {};
  return target.name.empty() ? "label " + std::to_string(target.label) : target.name;
}

std::string surface_stage(const MetricRequest& request) {
  return request.stage.empty() ? "exported" : request.stage;
}

std::string mask_stage(const Submission& submission, const MetricRequest& request) {
  if (!request.stage.empty()) return request.stage;
  const bool edited = std::any_of(submission.stages.begin(), submission.stages.end(), [](const Stage& stage) {
    return stage.name == "mask_edited" && (stage.mask || stage.problem);
  });
  return edited ? "mask_edited" : "segmented";
}

Measurement measured(const MetricDefinition& metric, const Subject& subject, MeasuredValue value) {
  Measurement row;
  row.metric = metric.id;
  row.stage = subject.stage;
  row.target = subject.target;
  row.unit = metric.unit;
  row.value = std::move(value);
  return row;
}

Measurement measured_with_rounding(const MetricDefinition& metric, const Subject& subject, double value,
                                   double half_width) {
  Measurement row = measured(metric, subject, value);
  row.interval = Interval{value - half_width, value + half_width};
  row.sources = {{"rounding", half_width}};
  return row;
}

Measurement undefined(const MetricDefinition& metric, const Subject& subject, const Undefined& why) {
  Measurement row;
  row.metric = metric.id;
  row.stage = subject.stage;
  row.target = subject.target;
  row.unit = metric.unit;
  row.reason = why.reason;
  row.detail = why.detail;
  return row;
}

std::vector<Measurement> all_undefined(const MetricFamily& family, const Subject& subject,
                                       const Undefined& why) {
  std::vector<Measurement> rows;
  for (const auto& metric : family.metrics) rows.push_back(undefined(metric, subject, why));
  return rows;
}

std::vector<Measurement> rows_a_target(const Trial& trial, const MetricRequest& request,
                                       std::vector<Measurement> (*rows)(const Trial&, const MetricRequest&,
                                                                        const TargetTruth&)) {
  std::vector<Measurement> of_all;
  for (const auto& target : trial.truth.targets)
    for (auto& row : rows(trial, request, target)) of_all.push_back(std::move(row));
  return of_all;
}

std::vector<Measurement> one_row_a_target(const Trial& trial, const MetricRequest& request,
                                          Measurement (*row)(const Trial&, const MetricRequest&,
                                                             const TargetTruth&)) {
  std::vector<Measurement> rows;
  for (const auto& target : trial.truth.targets) rows.push_back(row(trial, request, target));
  return rows;
}

}  // namespace meshassay::metrics
