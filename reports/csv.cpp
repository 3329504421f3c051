// SPDX-License-Identifier: GPL-3.0-or-later
// measurements.csv: every measurement on a row (RFC 4180), numbers in full, for spreadsheets and statistics.
#include <fmt/format.h>

#include "core/text.hpp"
#include "reports/presentation.hpp"
#include "reports/renderings.hpp"
#include "reports/utf8.hpp"

namespace meshassay::reports {
namespace {

/// A quoted field where needed. A text that a spreadsheet would run as a formula gets an apostrophe in front.
std::string field(std::string_view text) {
  std::string clean = clean_text(text);
  if (!clean.empty() && std::string_view("=+-@\t\r").find(clean.front()) != std::string_view::npos)
    clean.insert(0, "'");
  if (clean.find_first_of(",\"\r\n") == std::string::npos) return clean;
  std::string quoted = "\"";
  for (const char c : clean) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string value_field(const std::optional<MeasuredValue>& value) {
  if (!value) return "";
  if (const auto* number = std::get_if<double>(&*value)) return format_number(*number);
  if (const auto* truth = std::get_if<bool>(&*value)) return *truth ? "true" : "false";
  if (const auto* text = std::get_if<std::string>(&*value)) return field(*text);
  std::vector<std::string> parts;
  for (const double number : std::get<std::vector<double>>(*value)) parts.push_back(format_number(number));
  return join(parts, " ");
}

/// The outcomes of the checks on a measurement, in the order of the suite.
std::string outcomes_field(const CaseResult& result, const Measurement& measurement) {
  std::vector<std::string> outcomes;
  for (const auto& check : result.checks)
    if (find_measurement(result, check) == &measurement)
      outcomes.emplace_back(words_of(outcome_of(check)).id);
  return join(outcomes, " ");
}

}  // namespace

std::string render_csv(const RunRecord& record) {
  std::string csv =
      "case,metric,stage,target,value,unit,interval_lo,interval_hi,interval_kind,reason,detail,checks\r\n";
  for (const auto& result : record.cases)
    for (const auto& measurement : result.measurements) {
      const auto& interval = measurement.interval;
      csv += fmt::format(
          "{},{},{},{},{},{},{},{},{},{},{},{}\r\n", field(result.id), field(measurement.metric),
          field(measurement.stage), field(measurement.target), value_field(measurement.value),
          field(measurement.unit), interval ? format_number(interval->lo) : "",
          interval ? format_number(interval->hi) : "", interval ? to_string(measurement.interval_kind) : "",
          field(measurement.reason), field(measurement.detail), outcomes_field(result, measurement));
    }
  return csv;
}

}  // namespace meshassay::reports
