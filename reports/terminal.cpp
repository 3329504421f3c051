// SPDX-License-Identifier: GPL-3.0-or-later
// The verdict table of a terminal. No colours: it is as readable in a log file.
#include <fmt/format.h>

#include "core/text.hpp"
#include "reports/case_groups.hpp"
#include "reports/columns.hpp"
#include "reports/presentation.hpp"
#include "reports/renderings.hpp"
#include "reports/utf8.hpp"

namespace meshassay::reports {
namespace {

constexpr std::size_t max_failures = 20;  // The rest is in the report.

/// Counts come first: they line up however long the ids are.
std::string counts_line(const OutcomeCounts& counts) {
  const auto cell = [](int count) { return count == 0 ? std::string("-") : std::to_string(count); };
  return fmt::format("{:>4}  {:>4}  {:>4}  {:>4}  {:>4}  {:>5}  ", cell(counts.pass), cell(counts.fail),
                     cell(counts.inconclusive), cell(counts.not_applicable), cell(counts.waived),
                     cell(counts.error + counts.unexpected_pass));
}

std::string case_line(const CaseResult& result, const std::string& name) {
  const std::string counts = counts_line(count_outcomes(result.checks));
  const std::size_t indent = counts.size() + 2;
  std::string line = wrapped(counts + clean_line(name), indent) + "\n";
  if (result.status == CaseStatus::ok) return line;
  std::string status(to_string(result.status));
  if (!result.status_detail.empty()) status += ": " + clean_line(result.status_detail);
  return line + wrapped(std::string(indent, ' ') + status, indent) + "\n";
}

std::string cases_table(std::span<const CaseResult> cases) {
  std::vector<std::string> ids;
  for (const auto& result : cases) ids.push_back(result.id);
  std::string table = "pass  fail  incl   n/a  waiv  other  case\n";
  std::size_t i = 0;
  for (const auto& group : group_cases(ids)) {
    if (group.rest.size() == 1) {
      table += case_line(cases[i], cases[i].id);
      ++i;
      continue;
    }
    const std::string margin = std::string(counts_line({}).size(), ' ');
    table += wrapped(margin + clean_line(group.shared), margin.size() + 2) + "\n";
    for (const auto& rest : group.rest) {
      table += case_line(cases[i], "  " + (rest.empty() ? "(nothing else)" : rest));
      ++i;
    }
  }
  return table;
}

/// A plain failure needs no more words than its value and its limit.
bool is_plain_failure(const CheckResult& check, const Measurement* measurement) {
  return outcome_of(check) == Outcome::fail && check.reason.empty() && measurement != nullptr &&
         measurement->value.has_value();
}

std::string failure_text(const CheckResult& check, const Measurement* measurement) {
  const auto& words = words_of(outcome_of(check));
  std::string value = measured_text(measurement, check.limit);
  if (measurement != nullptr && measurement->interval)
    value += " " + interval_text(*measurement, limit_numbers(check.limit));
  const std::string limit = limit_text(check.limit, measurement != nullptr ? measurement->unit : "");
  const std::string metric = metric_label(check.metric, check.stage, check.target);
  std::string text =
      wrapped(clean_line(fmt::format("  {} {}  {}  {}", words.symbol, words.text, metric, value)), 12) + "\n";
  text += wrapped("      limit " + clean_line(limit), 12) + "\n";
  const std::string why = is_plain_failure(check, measurement) ? "" : why_text(check, measurement);
  if (!why.empty()) text += wrapped("      why   " + clean_line(why), 12) + "\n";
  return text;
}

std::string failures_text(std::span<const CaseResult> cases) {
  std::string text;
  std::size_t count = 0;
  for (const auto& result : cases) {
    std::string of_case;
    for (const auto& check : result.checks)
      if (counts_against(outcome_of(check)) && ++count <= max_failures)
        of_case += failure_text(check, find_measurement(result, check));
    if (!of_case.empty()) text += "\n" + wrapped(clean_line(result.id), 2) + "\n" + of_case;
  }
  if (count > max_failures) text += fmt::format("\n... and {} more: see report.html\n", count - max_failures);
  return text;
}

}  // namespace

std::string render_text(const RunRecord& record) {
  const RunVerdict verdict = verdict_of(record);
  std::vector<std::string> suites;
  for (const auto& suite : record.suites) suites.push_back(suite.id + " " + suite.version);
  std::string text = cases_table(record.cases);
  text += failures_text(record.cases);
  text += fmt::format("\n{}: {} {} on {}\n", verdict.passed ? "✓ PASSED" : "✗ NOT PASSED",
                      clean_line(record.system.name), clean_line(record.system.version),
                      clean_line(join(suites, ", ")));
  if (!verdict.why.empty()) text += wrapped(clean_line(verdict.why), 0) + "\n";
  text += "Passing is necessary, not sufficient. Every value, limit and file: report.html and run.json.\n";
  return text;
}

}  // namespace meshassay::reports
