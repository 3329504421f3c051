// SPDX-License-Identifier: GPL-3.0-or-later
// The verdict table of a terminal. No colours: it is as readable in a log file.
#include <fmt/format.h>

#include <algorithm>

#include "core/text.hpp"
#include "reports/presentation.hpp"
#include "reports/renderings.hpp"
#include "reports/utf8.hpp"

namespace meshassay::reports {
namespace {

constexpr std::size_t max_id_width = 60;
constexpr std::size_t max_failures = 20;  // The rest is in the report.

/// Characters, not bytes: continuation bytes of UTF-8 take no column.
std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string padded(const std::string& text, std::size_t width) {
  const std::size_t used = columns(text);
  return used < width ? text + std::string(width - used, ' ') : text;
}

std::string cases_table(std::span<const CaseResult> cases) {
  std::size_t width = 4;
  for (const auto& result : cases)
    width = std::max(width, std::min(columns(clean_line(result.id)), max_id_width));
  std::string table = fmt::format("{}  pass  fail  incl   n/a  waiv  other\n", padded("case", width));
  for (const auto& result : cases) {
    const OutcomeCounts counts = count_outcomes(result.checks);
    table += fmt::format("{}  {:4}  {:4}  {:4}  {:4}  {:4}  {:5}", padded(clean_line(result.id), width),
                         counts.pass, counts.fail, counts.inconclusive, counts.not_applicable, counts.waived,
                         counts.error + counts.unexpected_pass);
    if (result.status != CaseStatus::ok) {
      table += fmt::format("  {}", to_string(result.status));
      if (!result.status_detail.empty()) table += ": " + clean_line(result.status_detail);
    }
    table += "\n";
  }
  return table;
}

std::string failure_text(const CaseResult& result, const CheckResult& check) {
  const Measurement* measurement = find_measurement(result, check);
  std::string value = measured_text(measurement, check.limit);
  if (measurement != nullptr && measurement->interval)
    value += " " + interval_text(*measurement, limit_numbers(check.limit));
  std::string text =
      fmt::format("{} {}: {}  {}\n    value {}\n    limit {}\n", words_of(outcome_of(check)).symbol,
                  words_of(outcome_of(check)).text, clean_line(result.id),
                  clean_line(metric_label(check.metric, check.stage, check.target)), clean_line(value),
                  clean_line(limit_text(check.limit, measurement != nullptr ? measurement->unit : "")));
  const std::string why = clean_line(why_text(check, measurement));
  if (!why.empty()) text += "    why   " + why + "\n";
  return text;
}

std::string failures_text(std::span<const CaseResult> cases) {
  std::string text;
  std::size_t count = 0;
  for (const auto& result : cases)
    for (const auto& check : result.checks)
      if (counts_against(outcome_of(check)) && ++count <= max_failures) text += failure_text(result, check);
  if (count > max_failures) text += fmt::format("... and {} more: see report.html\n", count - max_failures);
  return text;
}

}  // namespace

std::string render_text(const RunRecord& record) {
  const RunVerdict verdict = verdict_of(record);
  std::vector<std::string> suites;
  for (const auto& suite : record.suites) suites.push_back(suite.id + " " + suite.version);
  std::string text = cases_table(record.cases);
  if (const std::string failures = failures_text(record.cases); !failures.empty()) text += "\n" + failures;
  text += fmt::format("\n{}: {} {} on {}\n", verdict.passed ? "✓ PASSED" : "✗ NOT PASSED",
                      clean_line(record.system.name), clean_line(record.system.version),
                      clean_line(join(suites, ", ")));
  if (!verdict.why.empty()) text += clean_line(verdict.why) + "\n";
  text += "Passing is necessary, not sufficient. Every value, limit and file: report.html and run.json.\n";
  return text;
}

}  // namespace meshassay::reports
