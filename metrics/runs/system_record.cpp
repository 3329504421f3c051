// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/runs/system_record.hpp"

#include "core/text.hpp"
#include "metrics/measurement_rows.hpp"
#include "metrics/registry.hpp"

namespace meshassay::metrics {
namespace {

Undefined why_no_record(const Submission& submission) {
  if (submission.status == CaseStatus::unsupported) return {"unsupported", submission.status_detail};
  if (!submission.offers.contains("record")) return {"not_offered", "record"};
  return {"missing", submission.status_detail.empty() ? "record" : submission.status_detail};
}

std::vector<Measurement> compute(const Trial& trial, const MetricRequest&) {
  const MetricFamily& family = system_record_family();
  const Submission& submission = trial.submissions.front();
  const Subject subject;
  if (!submission.record) return all_undefined(family, subject, why_no_record(submission));

  const SystemRecord& record = *submission.record;
  const auto completeness = clause5_completeness(record);
  std::vector<Measurement> rows;
  rows.push_back(measured(family.metrics[0], subject, record.status));
  if (!record.reason.empty()) rows.back().witnesses = {{"reason", record.reason}};
  rows.push_back(measured(family.metrics[1], subject, static_cast<double>(record.warnings.size())));
  for (const auto& warning : record.warnings) rows.back().witnesses.emplace_back("warning", warning);
  rows.push_back(measured(family.metrics[2], subject, static_cast<double>(record.steps.size())));
  rows.push_back(measured(family.metrics[3], subject, completeness.complete()));
  for (const auto& missing : completeness.missing) rows.back().witnesses.emplace_back("missing", missing);
  return rows;
}

}  // namespace

Clause5Completeness clause5_completeness(const SystemRecord& record) {
  Clause5Completeness result;
  for (const std::string name : {"segmentation", "reconstruction"}) {
    bool found = false;
    for (const auto& step : record.steps) {
      if (step.step != name) continue;
      found = true;
      if (step.method.empty()) result.missing.push_back("method of " + name);
      if (step.parameters.empty()) result.missing.push_back("parameters of " + name);
    }
    if (!found) result.missing.push_back("step " + name);
  }
  return result;
}

const MetricFamily& system_record_family() {
  static const MetricFamily family{
      .name = "system_record",
      .metrics = {{.id = "record.status",
                   .unit = "1",
                   .type = ValueType::text,
                   .definition = "What the system says of the case: done, refused or unsupported.",
                   .source = "MeshAssay"},
                  {.id = "record.warnings",
                   .unit = "1",
                   .definition = "Number of warnings that the system recorded.",
                   .source = "MeshAssay"},
                  {.id = "record.steps",
                   .unit = "1",
                   .definition = "Number of steps that the system recorded.",
                   .source = "ISO/IEC 3532-1:2023, clause 5"},
                  {.id = "record.clause5_complete",
                   .unit = "1",
                   .type = ValueType::boolean,
                   .definition = "The record names a segmentation and a reconstruction step, each with its "
                                 "method and at least one parameter.",
                   .source = "ISO/IEC 3532-1:2023, clause 5"}},
      .needs = {"record"},
      .compute = compute};
  return family;
}

}  // namespace meshassay::metrics
