// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/id_parameter.hpp"

#include <fmt/format.h>

#include <string_view>

#include "core/errors.hpp"
#include "core/text.hpp"

namespace meshassay::metrics {
namespace {

// "tolerance_mm" -> "mm"; empty where the name ends in no unit.
std::string unit_of_parameter(const std::string& name) {
  for (const std::string unit : {"mm", "deg", "hu"})
    if (name.ends_with("_" + unit)) return unit;
  return {};
}

}  // namespace

Parameters parse_id_parameter(const MetricFamily& family, const std::string& id,
                              const std::string& text_value, const std::string& where) {
  if (family.id_parameter.empty())
    throw InvalidInput({.what = fmt::format("metric '{}' takes no parameter", id),
                        .where = where,
                        .expected = id,
                        .got = id + "@" + text_value,
                        .mend = "remove what stands behind '@'"});
  const std::string unit = unit_of_parameter(family.id_parameter);
  std::string_view digits = text_value;
  if (!unit.empty() && digits.ends_with(unit)) digits.remove_suffix(unit.size());
  const auto value = parse_number(digits);
  if (!value)
    throw InvalidInput(
        {.what = fmt::format("metric '{}' has no number behind '@'", id),
         .where = where,
         .expected = fmt::format("a number{} as {}", unit.empty() ? "" : ", with or without '" + unit + "',",
                                 family.id_parameter),
         .got = text_value,
         .mend = fmt::format("write for example {}@1{}", id, unit)});
  return {{family.id_parameter, *value}};
}

std::string id_with_parameter(const std::string& id, const std::string& parameter, double value) {
  return fmt::format("{}@{}{}", id, format_number(value), unit_of_parameter(parameter));
}

}  // namespace meshassay::metrics
