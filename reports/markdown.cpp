// SPDX-License-Identifier: GPL-3.0-or-later
// summary.md: what a pull request or a mail needs.
#include "reports/markdown.hpp"

#include <fmt/format.h>

#include <iterator>
#include <map>

#include "core/text.hpp"
#include "reports/presentation.hpp"
#include "reports/renderings.hpp"
#include "reports/utf8.hpp"

namespace meshassay::reports {
namespace {

constexpr std::string_view markup = "\\`*_{}[]()#+!|~$@";

std::string badge(Outcome outcome) {
  const auto& words = words_of(outcome);
  return fmt::format("{} {}", words.symbol, words.text);
}

void add_counts(std::string& out, const OutcomeCounts& counts) {
  out += "| outcome | checks |\n|---|---:|\n";
  for (const Outcome outcome : all_outcomes)
    out += fmt::format("| {} | {} |\n", badge(outcome), counts.of(outcome));
}

void add_failures(std::string& out, const RunRecord& record) {
  out += "\n## What failed\n\n";
  std::string rows;
  for (const auto& result : record.cases)
    for (const auto& check : result.checks) {
      const Outcome outcome = outcome_of(check);
      if (!counts_against(outcome)) continue;
      const Measurement* measurement = find_measurement(result, check);
      std::string value = measured_text(measurement, check.limit);
      if (measurement != nullptr && measurement->interval)
        value += " " + interval_text(*measurement, limit_numbers(check.limit));
      rows += fmt::format(
          "| {} | {} | {} | {} | {} | {} |\n", badge(outcome), markdown_text(result.id),
          markdown_text(metric_label(check.metric, check.stage, check.target)), markdown_text(value),
          markdown_text(limit_text(check.limit, measurement != nullptr ? measurement->unit : "")),
          markdown_text(why_text(check, measurement)));
    }
  out += rows.empty()
             ? "No check counts against this run.\n"
             : "| verdict | case | metric | value | limit | why |\n|---|---|---|---|---|---|\n" + rows;
}

void add_requirements(std::string& out, const RunRecord& record) {
  out += "\n## Requirements\n\n";
  if (record.requirements.empty()) {
    out += "The record holds no requirement.\n";
    return;
  }
  std::map<std::string, int> statuses;
  for (const auto& requirement : record.requirements) ++statuses[requirement.status];
  std::vector<std::string> counts;
  for (const auto& [status, count] : statuses)
    counts.push_back(fmt::format("{} {}", count, markdown_text(status)));
  out += join(counts, ", ") + ".\n\n| clause | status | list | item | how | in short | checks | note |\n";
  out += "|---|---|---|---|---|---|---:|---|\n";
  for (const auto& requirement : record.requirements)
    out += fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} |\n", markdown_text(requirement.id),
                       markdown_text(requirement.status), markdown_text(requirement.list),
                       markdown_text(requirement.item), markdown_text(requirement.how),
                       markdown_text(requirement.summary), requirement.checks.size(),
                       markdown_text(requirement.note));
  out += fmt::format("\nNot held, and nothing here is judged against them: {}.\n",
                     fmt::join(standards_not_held(), "; "));
}

void add_cases(std::string& out, const RunRecord& record) {
  out += "\n## Cases\n\n";
  if (record.cases.empty()) {
    out += "No case was graded. A run without a case has not passed.\n";
    return;
  }
  out +=
      "| case | submission | pass | fail | inconclusive | error | unexpected pass | waived | not applicable "
      "|\n";
  out += "|---|---|---:|---:|---:|---:|---:|---:|---:|\n";
  for (const auto& result : record.cases) {
    const OutcomeCounts counts = count_outcomes(result.checks);
    out += fmt::format("| {} | {} |", markdown_text(result.id),
                       markdown_text(std::string(to_string(result.status))));
    for (const Outcome outcome : all_outcomes) out += fmt::format(" {} |", counts.of(outcome));
    out += "\n";
  }
}

}  // namespace

std::string markdown_text(std::string_view text) {
  std::string result;
  for (const char c : clean_line(text)) {
    if (c == '<') {
      result += "&lt;";
    } else if (c == '>') {
      result += "&gt;";
    } else if (c == '&') {
      result += "&amp;";
    } else {
      if (markup.find(c) != std::string_view::npos) result += '\\';
      result += c;
    }
  }
  return result;
}

std::string render_markdown(const RunRecord& record) {
  const RunVerdict verdict = verdict_of(record);
  std::vector<std::string> suites;
  for (const auto& suite : record.suites) suites.push_back(suite.id + " " + suite.version);
  OutcomeCounts counts;
  for (const auto& result : record.cases)
    for (const auto& check : result.checks) ++counts.of(outcome_of(check));
  std::string out = fmt::format("# {}: {} {} on {}\n\n", verdict.passed ? "✓ Passed" : "✗ Not passed",
                                markdown_text(record.system.name), markdown_text(record.system.version),
                                markdown_text(join(suites, ", ")));
  out += fmt::format("{}\n\n{}\n\n", markdown_text(verdict.why), meaning);
  add_counts(out, counts);
  add_failures(out, record);
  add_requirements(out, record);
  add_cases(out, record);
  return out;
}

}  // namespace meshassay::reports
