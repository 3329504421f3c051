// SPDX-License-Identifier: GPL-3.0-or-later
// What all renderings say in the same words: outcomes, the verdict of the run, numbers for people.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/run_record.hpp"

namespace meshassay::reports {

/// A check's verdict together with what was expected of it.
enum class Outcome { pass, fail, inconclusive, error, unexpected_pass, waived, not_applicable };
inline constexpr std::array all_outcomes = {
    Outcome::pass,   Outcome::fail,          Outcome::inconclusive, Outcome::error, Outcome::unexpected_pass,
    Outcome::waived, Outcome::not_applicable};

/// A waived pass is unexpected; a waived fail or inconclusive is waived; an error or a check that does not
/// apply is what it is, waived or not.
[[nodiscard]] Outcome outcome_of(const CheckResult& check);
/// Whether a run with such a check cannot pass.
[[nodiscard]] bool counts_against(Outcome outcome);

struct OutcomeWords {
  std::string_view id;      ///< "unexpected_pass": in class names and files.
  std::string_view text;    ///< "unexpected pass"
  std::string_view symbol;  ///< So that colour is never the only sign.
};
[[nodiscard]] const OutcomeWords& words_of(Outcome outcome);

struct OutcomeCounts {
  int pass = 0, fail = 0, inconclusive = 0, error = 0, unexpected_pass = 0, waived = 0, not_applicable = 0;
  [[nodiscard]] int& of(Outcome outcome);
  [[nodiscard]] int of(Outcome outcome) const { return const_cast<OutcomeCounts*>(this)->of(outcome); }
};
[[nodiscard]] OutcomeCounts count_outcomes(std::span<const CheckResult> checks);
/// Whether a case needs a person's eye.
[[nodiscard]] bool needs_attention(const CaseResult& result);

/// The verdict that is shown: that of the summary, unless the checks in the same record contradict it.
struct RunVerdict {
  bool passed = false;
  std::string why;
};
[[nodiscard]] RunVerdict verdict_of(const RunRecord& record);

/// The measurement that a check is about; null where the case holds none.
[[nodiscard]] const Measurement* find_measurement(const CaseResult& result, const CheckResult& check);
/// "deviation.rms · smoothed · bone": a metric with its stage and target, where it has them.
[[nodiscard]] std::string metric_label(const std::string& metric, const std::string& stage,
                                       const std::string& target);

/// A number for people: whole numbers whole, else four significant digits, and more where it would else read
/// the same as a different number of `apart_from` (0.30001 against a limit of 0.3).
[[nodiscard]] std::string number_text(double value, std::span<const double> apart_from = {});
[[nodiscard]] std::string value_text(const MeasuredValue& value, std::span<const double> apart_from = {});
/// " mm"; nothing for the unit 1.
[[nodiscard]] std::string unit_text(const std::string& unit);
/// "[0.1, 0.2]"; nothing where there is no interval.
[[nodiscard]] std::string interval_text(const Measurement& measurement,
                                        std::span<const double> apart_from = {});
/// The numbers of a limit.
[[nodiscard]] std::vector<double> limit_numbers(const Limit& limit);
/// "≥ 0.25 mm", "± 0.05 mm", "= 1": in the metric's unit.
[[nodiscard]] std::string limit_signs(const Limit& limit, const std::string& unit);
/// Whether the suite wrote it otherwise than in plain numbers of the metric's unit: "max 0.3 in_plane".
[[nodiscard]] bool limit_says_more(const Limit& limit, const std::string& unit);
/// As the suite wrote it, and what that is in the metric's unit where it says more: "max 0.3 in_plane (≤ 0.15
/// mm)".
[[nodiscard]] std::string limit_text(const Limit& limit, const std::string& unit);
/// "0.12 mm", or "undefined: missing (no file)".
[[nodiscard]] std::string measured_text(const Measurement* measurement, const Limit& limit);
/// Why a check is not a plain pass, in a sentence.
[[nodiscard]] std::string why_text(const CheckResult& check, const Measurement* measurement);

/// What every report says about itself.
extern const std::string_view meaning;
}  // namespace meshassay::reports
