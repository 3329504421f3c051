// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/runs/evaluation.hpp"

#include "metrics/measurement_rows.hpp"
#include "metrics/registry.hpp"

namespace meshassay::metrics {
namespace {

// What is found under a key of the record, as a metric.
struct Reported {
  const char* key;
  MetricDefinition metric;
};

const std::vector<Reported>& reported() {
  constexpr const char* source = "as the system reports it";
  static const std::vector<Reported> rows = {
      {"dice", {.id = "evaluation.dice", .unit = "1", .definition = "Dice coefficient.", .source = source}},
      {"hd_mm",
       {.id = "evaluation.hd",
        .unit = "mm",
        .definition = "Hausdorff distance of the boundaries, the larger of both directions.",
        .source = source}},
      {"hd95_mm",
       {.id = "evaluation.hd95",
        .unit = "mm",
        .definition = "95th percentile of the distances, by whatever rule the system has.",
        .source = source}},
      {"masd_mm",
       {.id = "evaluation.masd",
        .unit = "mm",
        .definition = "Mean of the two directed mean distances, by whatever rule the system has.",
        .source = source}},
      {"nsd_1mm",
       {.id = "evaluation.nsd",
        .unit = "1",
        .definition = "Normalised surface distance with a tolerance of 1 mm.",
        .source = source}},
  };
  return rows;
}

const ParameterValue* find_value(const SystemRecord& record, const std::string& key) {
  const auto found = record.findings.find(key);
  return found == record.findings.end() ? nullptr : &found->second;
}

Measurement row_of(const Reported& wanted, const SystemRecord& record) {
  const auto* value = find_value(record, wanted.key);
  if (value == nullptr) return undefined(wanted.metric, {}, {"not_offered", wanted.key});
  if (const auto* number = std::get_if<double>(value)) return measured(wanted.metric, {}, *number);
  return undefined(
      wanted.metric, {},
      {"missing", std::string(wanted.key) + ": '" + format_parameter(*value) + "' is no number"});
}

// Whether it says, in words, that there is no distance; a program that leaves the key out says nothing.
Measurement no_distance(const MetricDefinition& metric, const SystemRecord& record) {
  const auto* value = find_value(record, "hd_mm");
  if (value == nullptr) return undefined(metric, {}, {"not_offered", "hd_mm"});
  return measured(metric, {}, std::holds_alternative<std::string>(*value));
}

std::vector<Measurement> compute(const Trial& trial, const MetricRequest&) {
  const auto& submission = trial.submissions.front();
  if (!submission.record)
    return all_undefined(evaluation_family(), {}, {"missing", "record.json with the values"});
  std::vector<Measurement> rows;
  for (const auto& wanted : reported()) rows.push_back(row_of(wanted, *submission.record));
  rows.push_back(no_distance(evaluation_family().metrics.back(), *submission.record));
  return rows;
}

}  // namespace

const MetricFamily& evaluation_family() {
  static const MetricFamily family = [] {
    MetricFamily made{.name = "evaluation", .needs = {"values"}, .compute = compute};
    for (const auto& row : reported()) made.metrics.push_back(row.metric);
    made.metrics.push_back({.id = "evaluation.no_distance",
                            .unit = "1",
                            .type = ValueType::boolean,
                            .definition = "Whether it says that there is no distance, as of an empty mask.",
                            .source = "as the system reports it"});
    return made;
  }();
  return family;
}

}  // namespace meshassay::metrics
