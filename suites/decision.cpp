// SPDX-License-Identifier: GPL-3.0-or-later
#include "suites/decision.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "core/errors.hpp"
#include "core/reason.hpp"
#include "core/text.hpp"

namespace meshassay::suites {
namespace {

double in_metric_unit(const Quantity& quantity, const std::optional<Grid>& scan_grid) {
  if (quantity.unit == "in_plane") return quantity.value * scan_grid.value().in_plane_mm();
  if (quantity.unit == "slice") return quantity.value * scan_grid.value().slice_mm();
  if (quantity.unit == "%") return quantity.value / 100.0;
  return quantity.value;  // Already the metric's: read_suite() lets no other pass.
}

Decision error(const std::string& reason) { return {Verdict::error, reason}; }

Decision decide_undefined(const Measurement& measurement) {
  const auto catalogue = reason_catalogue();
  const auto found = std::find_if(catalogue.begin(), catalogue.end(),
                                  [&](const auto& reason) { return reason.id == measurement.reason; });
  if (found == catalogue.end())
    return error("undefined without a known reason: '" + measurement.reason + "'");
  std::string text = "undefined: " + measurement.reason;
  if (!measurement.detail.empty()) text += " (" + measurement.detail + ")";
  switch (found->owner) {
    case ReasonOwner::submission: return {Verdict::fail, text};
    case ReasonOwner::case_or_ruler: return {Verdict::inconclusive, text};
    case ReasonOwner::not_offered: return {Verdict::not_applicable, text};
  }
  throw std::logic_error("no such owner of a reason");
}

/// A limit that cannot decide anything must not let anything pass.
std::string fault_of(const Limit& limit) {
  if (!limit.min && !limit.max && !limit.equals) return "a limit without min, max or equals";
  if (limit.equals && (limit.min || limit.max)) return "a limit with equals beside min or max";
  for (const auto& bound : {limit.min, limit.max})
    if (bound && !std::isfinite(*bound)) return "a limit that is not finite";
  if (limit.min && limit.max && *limit.min > *limit.max) return "a limit whose min lies above its max";
  return "";
}

std::string format_interval(const Interval& interval) {
  return "[" + format_rounded(interval.lo) + ", " + format_rounded(interval.hi) + "]";
}

/// Wider than a third of what has to be told apart: the limit, or with two of them the zone between.
bool is_too_coarse(const Interval& interval, const Limit& limit) {
  if (limit.equals) return false;
  const double room =
      limit.min && limit.max ? *limit.max - *limit.min : std::abs(limit.max ? *limit.max : *limit.min);
  return interval.width() > room / 3.0;
}

Decision decide_number(double value, Interval interval, const Limit& limit) {
  if (!std::isfinite(value) || !std::isfinite(interval.lo) || !std::isfinite(interval.hi))
    return error("a measurement that is not finite");
  const double rounding = 1e-9 * std::max(1.0, std::abs(value));
  if (interval.lo > interval.hi || value < interval.lo - rounding || value > interval.hi + rounding)
    return error("the interval " + format_interval(interval) + " does not hold the value " +
                 format_rounded(value));
  interval = {std::min(interval.lo, value), std::max(interval.hi, value)};

  double min = limit.min.value_or(-HUGE_VAL), max = limit.max.value_or(HUGE_VAL);
  if (limit.equals) min = max = std::get<double>(*limit.equals);
  Decision decision;
  if (interval.lo >= min && interval.hi <= max) {
    decision.verdict = Verdict::pass;
  } else if (interval.hi < min || interval.lo > max) {
    decision.verdict = Verdict::fail;
  } else {
    decision.verdict = Verdict::inconclusive;
    decision.reason = "the interval " + format_interval(interval) + " crosses the limit";
  }
  if (is_too_coarse(interval, limit))
    decision.reason += (decision.reason.empty() ? "" : "; ") + std::string("ruler_too_coarse");
  return decision;
}

bool all_finite(const MeasuredValue& value) {
  if (const auto* number = std::get_if<double>(&value)) return std::isfinite(*number);
  if (const auto* numbers = std::get_if<std::vector<double>>(&value))
    return std::all_of(numbers->begin(), numbers->end(), [](double number) { return std::isfinite(number); });
  return true;
}

}  // namespace

Limit resolve_limit(const CheckDefinition& check, const std::optional<Grid>& scan_grid) {
  Limit limit;
  if (check.min) limit.min = in_metric_unit(*check.min, scan_grid);
  if (check.max) limit.max = in_metric_unit(*check.max, scan_grid);
  limit.equals = check.equals;
  limit.as_written = check.as_written;
  return limit;
}

Decision decide(const Measurement& measurement, const Limit& limit) {
  if (const std::string fault = fault_of(limit); !fault.empty()) return error(fault);
  if (!measurement.value) return decide_undefined(measurement);
  const MeasuredValue& value = *measurement.value;
  if (limit.equals && limit.equals->index() != value.index())
    return error("the limit and the measurement are of different types");
  if (!all_finite(value) || (limit.equals && !all_finite(*limit.equals)))
    return error("a measurement or a limit that is not finite");
  if (const auto* number = std::get_if<double>(&value))
    return decide_number(*number, measurement.interval.value_or(Interval{*number, *number}), limit);
  if (!limit.equals) return error("min and max need a number");
  return {value == *limit.equals ? Verdict::pass : Verdict::fail, ""};
}

}  // namespace meshassay::suites
