// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/family_promises.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string_view>

#include "core/reason.hpp"

namespace meshassay::metrics {
namespace {

// Whether a value is of the type that the registry promises, and finite.
bool is_of_type(const MeasuredValue& value, ValueType type) {
  const auto finite = [](double number_value) { return std::isfinite(number_value); };
  if (const auto* number_value = std::get_if<double>(&value))
    return type == ValueType::number && finite(*number_value);
  if (const auto* array = std::get_if<std::vector<double>>(&value))
    return type == ValueType::numbers && std::all_of(array->begin(), array->end(), finite);
  return type == (std::holds_alternative<bool>(value) ? ValueType::boolean : ValueType::text);
}

}  // namespace

void check_promises(const MetricFamily& family, const std::vector<Measurement>& rows) {
  const auto refuse = [&](const Measurement& row, std::string_view what) {
    throw std::logic_error(fmt::format("metric family '{}', '{}': {}", family.name, row.metric, what));
  };
  for (const auto& row : rows) {
    const auto metric = std::find_if(family.metrics.begin(), family.metrics.end(),
                                     [&](const MetricDefinition& m) { return m.id == row.metric; });
    if (metric == family.metrics.end()) refuse(row, "not one of its metrics");
    if (row.unit != metric->unit) refuse(row, "not in the unit of its definition");
    if (!row.value) {
      static_cast<void>(find_reason(row.reason));
      continue;
    }
    if (!row.reason.empty()) refuse(row, "both a value and a reason to have none");
    if (!is_of_type(*row.value, metric->type)) refuse(row, "not finite or not of the type of its definition");
    if (!row.interval) continue;
    const auto* value = std::get_if<double>(&*row.value);
    if (!value || !(row.interval->lo <= *value && *value <= row.interval->hi) ||
        !std::isfinite(row.interval->width()))
      refuse(row, "an interval that does not hold its value");
  }
}

}  // namespace meshassay::metrics
