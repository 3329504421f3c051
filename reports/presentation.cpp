// SPDX-License-Identifier: GPL-3.0-or-later
#include "reports/presentation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/reason.hpp"
#include "core/text.hpp"

namespace meshassay::reports {

const std::string_view meaning =
    "Passing is necessary, not sufficient: it says how this software handled these synthetic scans, within "
    "the stated "
    "uncertainties, and nothing about clinical fitness. This is evidence toward conformity; it accredits "
    "nobody.";

Outcome outcome_of(const CheckResult& check) {
  const bool waived = check.expectation == Expectation::waived;
  switch (check.verdict) {
    case Verdict::pass: return waived ? Outcome::unexpected_pass : Outcome::pass;
    case Verdict::fail: return waived ? Outcome::waived : Outcome::fail;
    case Verdict::inconclusive: return waived ? Outcome::waived : Outcome::inconclusive;
    case Verdict::not_applicable: return Outcome::not_applicable;
    case Verdict::error: return Outcome::error;
  }
  return Outcome::error;
}

bool counts_against(Outcome outcome) {
  return outcome == Outcome::fail || outcome == Outcome::inconclusive || outcome == Outcome::error ||
         outcome == Outcome::unexpected_pass;
}

const OutcomeWords& words_of(Outcome outcome) {
  static constexpr OutcomeWords words[] = {{"pass", "pass", "✓"},
                                           {"fail", "fail", "✗"},
                                           {"inconclusive", "inconclusive", "?"},
                                           {"error", "error", "!"},
                                           {"unexpected_pass", "unexpected pass", "‼"},
                                           {"waived", "waived", "~"},
                                           {"not_applicable", "not applicable", "–"}};
  return words[static_cast<std::size_t>(outcome)];
}

int& OutcomeCounts::of(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass: return pass;
    case Outcome::fail: return fail;
    case Outcome::inconclusive: return inconclusive;
    case Outcome::error: return error;
    case Outcome::unexpected_pass: return unexpected_pass;
    case Outcome::waived: return waived;
    case Outcome::not_applicable: return not_applicable;
  }
  return error;
}

OutcomeCounts count_outcomes(std::span<const CheckResult> checks) {
  OutcomeCounts counts;
  for (const auto& check : checks) ++counts.of(outcome_of(check));
  return counts;
}

bool needs_attention(const CaseResult& result) {
  return ended_badly_unseen(result) ||
         std::any_of(result.checks.begin(), result.checks.end(),
                     [](const CheckResult& check) { return counts_against(outcome_of(check)); });
}

RunVerdict verdict_of(const RunRecord& record) {
  if (!record.summary.passed) return {false, record.summary.why};
  OutcomeCounts counts;
  for (const auto& result : record.cases)
    for (const auto& check : result.checks) ++counts.of(outcome_of(check));
  if (record.cases.empty()) return {false, "The record holds no case."};
  const int against = counts.fail + counts.inconclusive + counts.error + counts.unexpected_pass;
  if (against > 0)
    return {false,
            fmt::format("The summary says passed, but {} of the checks in the record count against it.",
                        against)};
  if (counts.pass == 0) return {false, "The record holds no check that passes."};
  return {true, record.summary.why};
}

const Measurement* find_measurement(const CaseResult& result, const CheckResult& check) {
  for (const auto& measurement : result.measurements)
    if (measurement.metric == check.metric && measurement.stage == check.stage &&
        measurement.target == check.target)
      return &measurement;
  return nullptr;
}

std::string metric_label(const std::string& metric, const std::string& stage, const std::string& target) {
  std::string label = metric;
  if (!stage.empty()) label += " · " + stage;
  if (!target.empty()) label += " · " + target;
  return label;
}

namespace {

std::string rounded(double value, int digits) {
  const double magnitude = std::abs(value);
  // Between 1 000 and 10^15 the shortest form of %g would be 4.189e+03.
  if (magnitude >= std::pow(10.0, digits) && magnitude < 1e15) return fmt::format("{:.0f}", value);
  return format_rounded(value, digits);
}

}  // namespace

std::string number_text(double value, std::span<const double> apart_from) {
  if (value == std::floor(value) && std::abs(value) < 1e15) return format_number(value);
  for (int digits = 4; digits < 17; ++digits) {
    const std::string text = rounded(value, digits);
    const bool clear = std::none_of(apart_from.begin(), apart_from.end(), [&](double other) {
      return other != value && rounded(other, digits) == text;
    });
    if (clear) return text;
  }
  return format_number(value);
}

std::string value_text(const MeasuredValue& value, std::span<const double> apart_from) {
  if (const auto* number = std::get_if<double>(&value)) return number_text(*number, apart_from);
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "true" : "false";
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  std::vector<std::string> parts;
  for (const double number : std::get<std::vector<double>>(value))
    parts.push_back(number_text(number, apart_from));
  return "[" + join(parts, ", ") + "]";
}

std::string unit_text(const std::string& unit) {
  if (unit.empty() || unit == "1") return "";
  if (unit == "mm2") return " mm²";
  if (unit == "mm3") return " mm³";
  if (unit == "1/mm2") return " /mm²";
  return " " + unit;
}

std::string interval_text(const Measurement& measurement, std::span<const double> apart_from) {
  if (!measurement.interval) return "";
  return fmt::format("[{}, {}]", number_text(measurement.interval->lo, apart_from),
                     number_text(measurement.interval->hi, apart_from));
}

std::vector<double> limit_numbers(const Limit& limit) {
  std::vector<double> numbers;
  if (limit.min) numbers.push_back(*limit.min);
  if (limit.max) numbers.push_back(*limit.max);
  if (limit.equals)
    if (const auto* number = std::get_if<double>(&*limit.equals)) numbers.push_back(*number);
  return numbers;
}

std::string limit_signs(const Limit& limit, const std::string& unit) {
  if (limit.min && limit.max && *limit.min == -*limit.max && *limit.max > 0.0)
    return "± " + number_text(*limit.max) + unit_text(unit);
  std::vector<std::string> signs;
  if (limit.min) signs.push_back("≥ " + number_text(*limit.min) + unit_text(unit));
  if (limit.max) signs.push_back("≤ " + number_text(*limit.max) + unit_text(unit));
  if (limit.equals) signs.push_back("= " + value_text(*limit.equals) + unit_text(unit));
  return join(signs, " and ");
}

namespace {

/// As a suite would write the limit in the metric's own unit.
std::string limit_words(const Limit& limit, const std::string& unit) {
  std::vector<std::string> words;
  const std::string suffix = unit.empty() || unit == "1" ? "" : " " + unit;
  if (limit.min) words.push_back("min " + format_number(*limit.min) + suffix);
  if (limit.max) words.push_back("max " + format_number(*limit.max) + suffix);
  if (limit.equals) words.push_back("equals " + value_text(*limit.equals));
  return join(words, ", ");
}

}  // namespace

bool limit_says_more(const Limit& limit, const std::string& unit) {
  return !limit.as_written.empty() && limit.as_written != limit_words(limit, unit);
}

std::string limit_text(const Limit& limit, const std::string& unit) {
  const std::string signs = limit_signs(limit, unit);
  if (limit.as_written.empty()) return signs;
  if (signs.empty() || !limit_says_more(limit, unit)) return limit.as_written;
  return fmt::format("{} ({})", limit.as_written, signs);
}

std::string measured_text(const Measurement* measurement, const Limit& limit) {
  if (measurement == nullptr) return "not measured";
  if (!measurement->value) {
    std::string text = "undefined: " + measurement->reason;
    if (!measurement->detail.empty()) text += " (" + measurement->detail + ")";
    return text;
  }
  return value_text(*measurement->value, limit_numbers(limit)) + unit_text(measurement->unit);
}

namespace {

/// The catalogue's text for the reason; a record of another version may hold a reason that we do not know.
std::string reason_text(const std::string& id) {
  for (const auto& reason : reason_catalogue())
    if (reason.id == id) return std::string(reason.text);
  return id;
}

}  // namespace

std::string why_text(const CheckResult& check, const Measurement* measurement) {
  const Outcome outcome = outcome_of(check);
  if (outcome == Outcome::pass || outcome == Outcome::error) return check.reason;
  if (outcome == Outcome::unexpected_pass)
    return "It passes although a waiver expects it to fail: remove the waiver. " + check.waiver;
  std::string why;
  if (outcome == Outcome::waived) why = "Waived: " + check.waiver + ". ";
  if (measurement != nullptr && !measurement->value) {
    why += "Undefined: " + reason_text(measurement->reason);
    if (!measurement->detail.empty()) why += " (" + measurement->detail + ")";
    return why;
  }
  if (check.verdict == Verdict::fail && measurement != nullptr) {
    why += measurement->interval ? "The whole interval lies outside the limit"
                                 : "The value lies outside the limit";
  } else if (check.verdict == Verdict::inconclusive && measurement != nullptr && check.reason.empty()) {
    why += "The interval crosses the limit: the measurement cannot decide";
  }
  if (!check.reason.empty()) why += (why.empty() || why.ends_with(' ') ? "" : "; ") + check.reason;
  return why;
}

}  // namespace meshassay::reports
