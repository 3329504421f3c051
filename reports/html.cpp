// SPDX-License-Identifier: GPL-3.0-or-later
// report.html: one self-contained page, for people. What stands where is in templates/report.html.mustache;
// this file turns the record into the names that the template shows.
#include <fmt/format.h>

#include <map>

#include "core/text.hpp"
#include "reports/bar.hpp"
#include "reports/embedded.hpp"
#include "reports/presentation.hpp"
#include "reports/renderings.hpp"
#include "reports/template.hpp"

namespace meshassay::reports {
namespace {

constexpr double bar_width_px = 160.0;

/// Anchors are numbers, so that no text of the record is part of an address.
std::string case_anchor(std::size_t case_index) { return fmt::format("case-{}", case_index + 1); }
std::string check_anchor(std::size_t case_index, std::size_t check_index) {
  return fmt::format("check-{}-{}", case_index + 1, check_index + 1);
}

TemplateData row(const std::string& name, const std::string& value) {
  TemplateData data;
  put(data, "row_name", name);
  put(data, "row_value", value);
  return data;
}

TemplateList parameter_rows(const Parameters& parameters) {
  TemplateList rows;
  for (const auto& [name, value] : parameters) rows.push_back(row(name, format_parameter(value)));
  return rows;
}

TemplateList text_rows(const std::map<std::string, std::string>& texts) {
  TemplateList rows;
  for (const auto& [name, text] : texts) rows.push_back(row(name, text));
  return rows;
}

TemplateList timing_rows(const std::map<std::string, double>& timing_s) {
  TemplateList rows;
  for (const auto& [name, seconds] : timing_s) rows.push_back(row(name, fmt::format("{:.2f} s", seconds)));
  return rows;
}

TemplateList text_items(std::span<const std::string> texts) {
  TemplateList items;
  for (const auto& text : texts) {
    TemplateData item;
    put(item, "item_text", text);
    items.push_back(std::move(item));
  }
  return items;
}

void put_badge(TemplateData& data, std::string_view id, std::string_view symbol, std::string_view text) {
  put(data, "badge_id", id);
  put(data, "badge_symbol", symbol);
  put(data, "badge_text", text);
}

void put_badge(TemplateData& data, Outcome outcome) {
  const auto& words = words_of(outcome);
  put_badge(data, words.id, words.symbol, words.text);
}

/// The bar of a check on a number: the zone that the limit allows, the interval, the value.
void put_bar(TemplateData& data, const CheckResult& check, const Measurement* measurement) {
  const double* value = nullptr;
  if (measurement != nullptr && measurement->value) value = std::get_if<double>(&*measurement->value);
  const auto limits = limit_numbers(check.limit);
  std::optional<Scale> scale;
  if (value != nullptr && !limits.empty()) {
    std::vector<double> numbers = limits;
    numbers.push_back(*value);
    if (measurement->interval)
      numbers.insert(numbers.end(), {measurement->interval->lo, measurement->interval->hi});
    scale = scale_of(numbers);
  }
  put_flag(data, "has_bar", scale.has_value());
  if (!scale) return;
  const bool exact = check.limit.equals.has_value();
  const double zone_lo = exact ? limits.back() : check.limit.min.value_or(scale->lo);
  const double zone_hi = exact ? limits.back() : check.limit.max.value_or(scale->hi);
  put(data, "zone_x", position_text(*scale, zone_lo, bar_width_px));
  put(data, "zone_width", extent_text(*scale, zone_lo, zone_hi, bar_width_px));
  TemplateList ticks;
  for (const double limit : limits) {
    TemplateData tick;
    put(tick, "tick_x", position_text(*scale, limit, bar_width_px));
    ticks.push_back(std::move(tick));
  }
  put_list(data, "ticks", std::move(ticks));
  const Interval interval = measurement->interval.value_or(Interval{*value, *value});
  put(data, "interval_x", position_text(*scale, interval.lo, bar_width_px));
  put(data, "interval_width", extent_text(*scale, interval.lo, interval.hi, bar_width_px));
  put(data, "value_x", position_text(*scale, *value, bar_width_px));
}

/// The limit in the metric's unit, and beneath it what the suite wrote.
void put_limit(TemplateData& data, const Limit& limit, const std::string& unit) {
  const std::string signs = limit_signs(limit, unit);
  const bool has_both = !signs.empty() && limit_says_more(limit, unit);
  put(data, "check_limit", signs.empty() ? limit.as_written : signs);
  put(data, "check_limit_written", has_both ? limit.as_written : "");
}

TemplateData check_data(const CaseResult& result, std::size_t case_index, std::size_t check_index) {
  const CheckResult& check = result.checks[check_index];
  const Measurement* measurement = find_measurement(result, check);
  const std::string unit = measurement != nullptr ? measurement->unit : "";
  TemplateData data;
  put(data, "check_anchor", check_anchor(case_index, check_index));
  put(data, "check_metric", check.metric);
  put(data, "check_stage", check.stage);
  put(data, "check_target", check.target);
  put(data, "check_value", measured_text(measurement, check.limit));
  put(data, "check_interval",
      measurement != nullptr ? interval_text(*measurement, limit_numbers(check.limit)) : "");
  put_limit(data, check.limit, unit);
  put(data, "check_why", why_text(check, measurement));
  put(data, "check_rationale", check.rationale);
  put_flag(data, "has_check_rationale", !check.rationale.empty());
  put(data, "check_approved_by", check.approved_by);
  put_flag(data, "has_check_approved_by", !check.approved_by.empty());
  put_list(data, "check_requirements", text_items(check.requirements));
  put_badge(data, outcome_of(check));
  put_bar(data, check, measurement);
  return data;
}

TemplateData measurement_data(const Measurement& measurement) {
  TemplateData data;
  put(data, "measurement_metric", measurement.metric);
  put(data, "measurement_stage", measurement.stage);
  put(data, "measurement_target", measurement.target);
  put(data, "measurement_value", measured_text(&measurement, {}));
  put(data, "measurement_interval", interval_text(measurement));
  put(data, "measurement_kind", measurement.interval ? to_string(measurement.interval_kind) : "");
  std::vector<std::string> notes;
  for (const auto& source : measurement.sources)
    notes.push_back(fmt::format("{} ± {}", source.name, number_text(source.half_width)));
  for (const auto& [name, value] : measurement.witnesses)
    notes.push_back(fmt::format("{} = {}", name, value_text(value)));
  put(data, "measurement_notes", join(notes, "; "));
  return data;
}

TemplateData step_data(const RecordedStep& step) {
  TemplateData data;
  put(data, "step_name", step.step);
  put(data, "step_method", step.method);
  std::vector<std::string> parameters;
  for (const auto& [name, value] : step.parameters)
    parameters.push_back(name + " = " + format_parameter(value));
  put(data, "step_parameters", join(parameters, ", "));
  return data;
}

void put_record(TemplateData& data, const std::optional<SystemRecord>& record) {
  const SystemRecord shown = record.value_or(SystemRecord{});
  put_flag(data, "has_record", record.has_value());
  put(data, "record_status", shown.status);
  put(data, "record_reason", shown.reason);
  put_flag(data, "has_record_reason", !shown.reason.empty());
  put_list(data, "record_warnings", text_items(shown.warnings));
  put_list(data, "record_findings", parameter_rows(shown.findings));
  TemplateList steps;
  for (const auto& step : shown.steps) steps.push_back(step_data(step));
  put_list(data, "steps", std::move(steps));
}

TemplateList artifact_list(std::span<const Artifact> artifacts) {
  TemplateList list;
  for (const auto& artifact : artifacts) {
    TemplateData data;
    put(data, "artifact_role", artifact.role);
    put(data, "artifact_path", artifact.path);
    put(data, "artifact_sha256", artifact.sha256);
    put(data, "artifact_bytes", std::to_string(artifact.bytes));
    list.push_back(std::move(data));
  }
  return list;
}

TemplateList derived_run_list(std::span<const DerivedRunResult> runs) {
  TemplateList list;
  for (const auto& run : runs) {
    TemplateData& data = list.emplace_back();
    put(data, "derived_name", run.plan + ": " + run.name);
    put(data, "derived_task", run.task);
    put(data, "derived_status", to_string(run.status));
    put(data, "derived_detail", run.status_detail);
    put(data, "derived_stages", join(run.stages, " → "));
    put_list(data, "derived_artifacts", artifact_list(run.artifacts));
  }
  return list;
}

/// A row of "what failed" for a case that no check speaks for.
TemplateData ended_badly_data(const CaseResult& result, std::size_t case_index) {
  TemplateData data;
  put_badge(data, Outcome::error);
  put(data, "check_anchor", case_anchor(case_index));
  put(data, "check_metric", "submission");
  put(data, "check_value", to_string(result.status));
  put(data, "check_limit", "expected: " + result.expect);
  put(data, "check_limit_written", "");
  put_flag(data, "has_bar", false);
  put(data, "check_why", result.status_detail);
  for (const char* absent : {"check_stage", "check_target", "check_interval"}) put(data, absent, "");
  return data;
}

TemplateData failed_case_data(const CaseResult& result, std::size_t case_index, TemplateList failures) {
  TemplateData data;
  put(data, "failed_anchor", case_anchor(case_index));
  put_breakable(data, "failed_id", result.id);
  put_list(data, "failures", std::move(failures));
  return data;
}

/// "3 pass, 1 fail": the outcomes that occur.
std::string counts_text(const OutcomeCounts& counts) {
  std::vector<std::string> parts;
  for (const Outcome outcome : all_outcomes)
    if (counts.of(outcome) > 0)
      parts.push_back(fmt::format("{} {}", counts.of(outcome), words_of(outcome).text));
  return parts.empty() ? "no checks" : join(parts, ", ");
}

/// The outcome that a case is listed under: its worst.
void put_case_badge(TemplateData& data, const CaseResult& result, const OutcomeCounts& counts) {
  if (ended_badly_unseen(result)) return put_badge(data, Outcome::error);
  for (const Outcome outcome : {Outcome::error, Outcome::fail, Outcome::unexpected_pass,
                                Outcome::inconclusive, Outcome::waived, Outcome::pass})
    if (counts.of(outcome) > 0) return put_badge(data, outcome);
  put_badge(data, Outcome::not_applicable);
}

TemplateData case_data(const CaseResult& result, std::size_t case_index, TemplateList checks) {
  const OutcomeCounts counts = count_outcomes(result.checks);
  TemplateData data;
  put(data, "case_anchor", case_anchor(case_index));
  put_flag(data, "case_open", needs_attention(result));
  put_breakable(data, "case_id", result.id);
  put_case_badge(data, result, counts);
  put(data, "case_counts", counts_text(counts));
  put(data, "case_status", to_string(result.status));
  put_flag(data, "case_status_bad", result.status != CaseStatus::ok);
  put(data, "case_status_detail", result.status_detail);
  put(data, "case_expect", result.expect);
  put(data, "case_phantom", result.phantom);
  put_list(data, "phantom_parameters", parameter_rows(result.phantom_parameters));
  put_list(data, "scan_parameters", parameter_rows(result.scan_parameters));
  put(data, "case_stages", join(result.stages, " → "));
  put_flag(data, "has_case_stages", !result.stages.empty());
  put_list(data, "checks", std::move(checks));
  TemplateList measurements;
  for (const auto& measurement : result.measurements) measurements.push_back(measurement_data(measurement));
  put(data, "measurement_count", std::to_string(measurements.size()));
  put_list(data, "measurements", std::move(measurements));
  put_record(data, result.record);
  put(data, "artifact_count", std::to_string(result.artifacts.size()));
  put_list(data, "artifacts", artifact_list(result.artifacts));
  put(data, "derived_run_count", std::to_string(result.derived_runs.size()));
  put_list(data, "derived_runs", derived_run_list(result.derived_runs));
  put_list(data, "case_timing", timing_rows(result.timing_s));
  return data;
}

struct StatusBadge {
  std::string_view status, badge, symbol;
};
constexpr StatusBadge status_badges[] = {{"verified", "pass", "✓"},
                                         {"failed", "fail", "✗"},
                                         {"inconclusive", "inconclusive", "?"},
                                         {"attested", "waived", "✎"},
                                         {"not_covered", "gap", "○"},
                                         {"title_only", "gap", "…"},
                                         {"not_applicable", "not_applicable", "–"}};

/// The badge of a requirement's status; a status that we do not know is shown as it is.
void put_requirement_badge(TemplateData& data, const std::string& status) {
  std::string words = status;
  for (char& c : words)
    if (c == '_') c = ' ';
  for (const auto& known : status_badges)
    if (known.status == status) return put_badge(data, known.badge, known.symbol, words);
  put_badge(data, "gap", "·", words);
}

using Anchors = std::map<std::string, std::string>;  ///< "case-id/metric" -> anchor of the first such check.

TemplateData requirement_data(const RequirementResult& requirement, std::size_t index,
                              const Anchors& anchors) {
  TemplateData data;
  put(data, "requirement_anchor", fmt::format("requirement-{}", index + 1));
  put(data, "requirement_id", requirement.id);
  put(data, "requirement_list", requirement.list.empty() ? "–" : requirement.list);
  put(data, "requirement_item", requirement.item.empty() ? "–" : requirement.item);
  put(data, "requirement_how", requirement.how);
  put(data, "requirement_summary", requirement.summary);
  put(data, "requirement_note", requirement.note);
  put_flag(data, "requirement_gap", requirement.checks.empty());
  put(data, "requirement_check_count",
      requirement.checks.size() == 1 ? "1 check" : fmt::format("{} checks", requirement.checks.size()));
  put_requirement_badge(data, requirement.status);
  TemplateList checks;
  for (const auto& name : requirement.checks) {
    const auto anchor = anchors.find(name);
    TemplateData item;
    put_breakable(item, "item_text", name);
    put_flag(item, "item_linked", anchor != anchors.end());
    put(item, "item_anchor", anchor != anchors.end() ? anchor->second : "");
    checks.push_back(std::move(item));
  }
  put_list(data, "requirement_checks", std::move(checks));
  return data;
}

/// When the run began, as the environment says it; nothing where it does not.
std::string start_of(const RunRecord& record) {
  for (const auto& [name, value] : record.environment)
    if (name.starts_with("started")) return value;
  return "";
}

void put_identity(TemplateData& data, const RunRecord& record) {
  put(data, "system_name", record.system.name);
  TemplateList uses;
  for (const auto& suite : record.suites)
    if (!suite.intended_use.empty()) put(uses.emplace_back(), "use_text", suite.intended_use);
  put_list(data, "intended_uses", std::move(uses));
  put(data, "system_version", record.system.version);
  put_flag(data, "has_system_version", !record.system.version.empty());
  std::vector<std::string> suites;
  for (const auto& suite : record.suites) suites.push_back(suite.id + " " + suite.version);
  put(data, "suite_names", join(suites, ", "));
  put(data, "tool_version", record.tool.version);
  put(data, "started", start_of(record));
  put_flag(data, "has_started", !start_of(record).empty());
  put(data, "operator", record.operator_name);
  put_flag(data, "has_operator", !record.operator_name.empty());

  TemplateList tool = {row("version", record.tool.version), row("commit", record.tool.commit),
                       row("clean tree", record.tool.clean_tree ? "yes" : "no"),
                       row("binary SHA-256", record.tool.binary_sha256)};
  for (auto& library : text_rows(record.tool.libraries)) tool.push_back(library);
  put_list(data, "tool_rows", std::move(tool));
  TemplateList system = {row("name", record.system.name), row("version", record.system.version),
                         row("adapter", record.system.adapter),
                         row("executable SHA-256", record.system.executable_sha256),
                         row("system file SHA-256", record.system.file_sha256)};
  for (auto& setting : parameter_rows(record.system.settings)) system.push_back(setting);
  for (auto& declared : text_rows(record.system.declares)) system.push_back(declared);
  put_list(data, "system_rows", std::move(system));
  TemplateList suite_rows;
  for (const auto& suite : record.suites) {
    suite_rows.push_back(row("suite", suite.id + " " + suite.version));
    suite_rows.push_back(row("SHA-256", suite.sha256));
    suite_rows.push_back(row("intended use", suite.intended_use));
  }
  suite_rows.push_back(row("seed", std::to_string(record.seed)));
  put_list(data, "suite_rows", std::move(suite_rows));
  put_list(data, "environment_rows", text_rows(record.environment));
  put_list(data, "timing_rows", timing_rows(record.timing_s));
}

/// How many requirements have each status: in the order of the badges, then the statuses that we do not know.
TemplateList requirement_counts(std::span<const RequirementResult> requirements) {
  std::map<std::string, int> counts;
  for (const auto& requirement : requirements) ++counts[requirement.status];
  TemplateList list;
  const auto add = [&list](const std::string& status, int count) {
    put_requirement_badge(list.emplace_back(), status);
    put(list.back(), "status_count", std::to_string(count));
  };
  for (const auto& known : status_badges)
    if (const auto count = counts.extract(std::string(known.status))) add(count.key(), count.mapped());
  for (const auto& [status, count] : counts) add(status, count);
  return list;
}

TemplateList waiver_list(std::span<const AppliedWaiver> waivers) {
  TemplateList list;
  for (const auto& waiver : waivers) {
    TemplateData data;
    put(data, "waiver_case", waiver.case_glob);
    put(data, "waiver_metric", waiver.metric_glob);
    put(data, "waiver_reason", waiver.reason);
    put(data, "waiver_approved_by", waiver.approved_by);
    put(data, "waiver_used", std::to_string(waiver.used));
    list.push_back(std::move(data));
  }
  return list;
}

TemplateList tile_list(const OutcomeCounts& counts) {
  TemplateList tiles;
  for (const Outcome outcome : all_outcomes) {
    TemplateData tile;
    put_badge(tile, outcome);
    put(tile, "tile_count", std::to_string(counts.of(outcome)));
    put_flag(tile, "tile_empty", counts.of(outcome) == 0);
    tiles.push_back(std::move(tile));
  }
  return tiles;
}

}  // namespace

std::string render_html(const RunRecord& record) {
  TemplateData page;
  const RunVerdict verdict = verdict_of(record);
  put(page, "style", embedded::style);
  put(page, "verdict_id", verdict.passed ? "pass" : "fail");
  put(page, "verdict_symbol", verdict.passed ? "✓" : "✗");
  put(page, "verdict_text", verdict.passed ? "Passed" : "Not passed");
  put(page, "verdict_why", verdict.why);
  put(page, "meaning", meaning);
  put_identity(page, record);

  OutcomeCounts counts;
  Anchors anchors;
  TemplateList cases;
  TemplateList failed_cases;
  std::size_t failure_count = 0;
  std::size_t check_count = 0;
  for (std::size_t i = 0; i < record.cases.size(); ++i) {
    const CaseResult& result = record.cases[i];
    TemplateList checks;
    TemplateList failures;
    if (ended_badly_unseen(result)) failures.push_back(ended_badly_data(result, i));
    for (std::size_t j = 0; j < result.checks.size(); ++j) {
      const Outcome outcome = outcome_of(result.checks[j]);
      ++counts.of(outcome);
      anchors.emplace(result.id + "/" + result.checks[j].metric, check_anchor(i, j));
      checks.push_back(check_data(result, i, j));
      if (counts_against(outcome)) failures.push_back(checks.back());
    }
    failure_count += failures.size();
    check_count += checks.size();
    if (!failures.empty()) failed_cases.push_back(failed_case_data(result, i, std::move(failures)));
    cases.push_back(case_data(result, i, std::move(checks)));
  }
  put(page, "case_count", std::to_string(cases.size()));
  put_list(page, "tiles", tile_list(counts));
  put(page, "check_count", std::to_string(check_count));
  put(page, "failure_count", std::to_string(failure_count));
  put_list(page, "failed_cases", std::move(failed_cases));
  put_list(page, "cases", std::move(cases));

  TemplateList requirements;
  for (std::size_t i = 0; i < record.requirements.size(); ++i)
    requirements.push_back(requirement_data(record.requirements[i], i, anchors));
  put(page, "requirement_count", std::to_string(requirements.size()));
  put_list(page, "requirements", std::move(requirements));
  put_list(page, "requirement_counts", requirement_counts(record.requirements));
  put(page, "not_held", fmt::format("{}", fmt::join(standards_not_held(), "; ")));
  put_list(page, "waivers", waiver_list(record.waivers));
  put_list(page, "anomalies", text_items(record.known_anomalies));
  return fill_template(embedded::report_template, page);
}

}  // namespace meshassay::reports
