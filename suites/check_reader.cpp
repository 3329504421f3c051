// SPDX-License-Identifier: GPL-3.0-or-later
#include "suites/check_reader.hpp"

#include <algorithm>

#include "core/submission.hpp"
#include "core/text.hpp"
#include "metrics/registry.hpp"

namespace meshassay::suites {
namespace {

using metrics::MetricDefinition;
using metrics::ValueType;

/// Units that a limit may have, by the unit of the metric. `slice` is the slice distance.
std::vector<std::string> units_for(const std::string& metric_unit) {
  if (metric_unit == "mm") return {"mm", "in_plane", "slice"};
  if (metric_unit == "1") return {"1", "%"};
  return {metric_unit};
}

[[noreturn]] void refuse_without_unit(const TomlEntry& entry, const MetricDefinition& metric,
                                      const std::string& number) {
  const auto units = units_for(metric.unit);
  refuse(entry.node, "a limit without a unit: '" + entry.key + "' of " + metric.id,
         "a number and one of " + join(units, ", "), describe(entry.node),
         metric.unit == "1"
             ? "write " + entry.key + " = " + number + " without quotes, or \"" + number + " %\""
             : "write for example " + entry.key + " = \"" + number + " " + units.front() + "\"");
}

/// "0.3 in_plane"; a bare number for metrics of unit 1.
Quantity read_quantity(const TomlEntry& entry, const MetricDefinition& metric) {
  if (const auto* number = std::get_if<double>(&entry.node.value)) {
    if (metric.unit != "1") refuse_without_unit(entry, metric, format_number(*number));
    return {*number, "1"};
  }
  const std::string& text = text_of(entry);
  const auto space = text.find(' ');
  const auto number = parse_number(text.substr(0, space));
  const auto units = units_for(metric.unit);
  if (!number)
    refuse(entry.node, "a limit that cannot be read: '" + entry.key + "' of " + metric.id,
           "a number, a space and a unit", describe(entry.node),
           "write for example " + entry.key + " = \"0.3 " + units.front() + "\"");
  if (space == std::string::npos) refuse_without_unit(entry, metric, text);
  const std::string unit = text.substr(space + 1);
  if (std::find(units.begin(), units.end(), unit) == units.end())
    refuse_unknown(entry.node, "unit for " + metric.id + " (in " + metric.unit + ")", unit, units);
  return {*number, unit};
}

MeasuredValue read_equals(const TomlEntry& entry, const MetricDefinition& metric) {
  const auto* number = std::get_if<double>(&entry.node.value);
  const auto* array = std::get_if<TomlNode::Array>(&entry.node.value);
  if (metric.type == ValueType::boolean)
    if (const auto* truth = std::get_if<bool>(&entry.node.value)) return *truth;
  if (metric.type == ValueType::text)
    if (const auto* text = std::get_if<std::string>(&entry.node.value)) return *text;
  if (metric.unit == "1" && metric.type == ValueType::number && number != nullptr) return *number;
  if (metric.unit == "1" && metric.type == ValueType::numbers && array != nullptr) {
    std::vector<double> numbers;
    for (const auto& element : *array) numbers.push_back(number_of({entry.key, element}));
    return numbers;
  }
  if (metric.unit != "1")
    refuse(entry.node, "'equals' on " + metric.id + ", which is measured in " + metric.unit, "min and max",
           describe(entry.node), "no measured size is exactly equal to a number: give a zone");
  constexpr const char* expected[] = {"a number", "true or false", "a text", "an array of numbers"};
  refuse(entry.node, "'equals' of another type than " + metric.id,
         expected[static_cast<std::size_t>(metric.type)], describe(entry.node),
         "see `meshassay list metrics` for the type of each metric");
}

std::string format_value(const MeasuredValue& value) {
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "true" : "false";
  if (const auto* number = std::get_if<double>(&value)) return format_number(*number);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  std::vector<std::string> parts;
  for (const double number : std::get<std::vector<double>>(value)) parts.push_back(format_number(number));
  return "[" + join(parts, ", ") + "]";
}

std::string format_quantity(const Quantity& quantity) {
  return format_number(quantity.value) + (quantity.unit == "1" ? "" : " " + quantity.unit);
}

std::string as_written(const CheckDefinition& check) {
  std::vector<std::string> parts;
  if (check.min) parts.push_back("min " + format_quantity(*check.min));
  if (check.max) parts.push_back("max " + format_quantity(*check.max));
  if (check.equals) parts.push_back("equals " + format_value(*check.equals));
  return join(parts, ", ");
}

void read_limit(const TomlNode& table, const MetricDefinition& metric, CheckDefinition& check) {
  const auto* min = find_entry(table, "min");
  const auto* max = find_entry(table, "max");
  const auto* equals = find_entry(table, "equals");
  if (!min && !max && !equals)
    refuse(table, "a check without a limit: " + metric.id, "min, max or equals", "none of them",
           "add for example max = \"0.3 mm\", or equals = true");
  if (equals && (min || max))
    refuse(equals->node, "'equals' beside min or max: " + metric.id, "either equals, or min and max", "both",
           "remove one of them");
  if (equals) check.equals = read_equals(*equals, metric);
  if ((min || max) && metric.type != ValueType::number)
    refuse((min ? min : max)->node, "min or max on " + metric.id + ", which is not a number", "equals",
           min ? "min" : "max", "compare it with equals");
  if (min) check.min = read_quantity(*min, metric);
  if (max) check.max = read_quantity(*max, metric);
  if (metric.is_signed && !equals && !(min && max))
    refuse(table, std::string("'") + (min ? "min" : "max") + "' alone on the signed metric " + metric.id,
           "both min and max", min ? "min alone" : "max alone",
           min ? "add a max: however large a positive value would pass"
               : "add a min: however large a negative value would pass");
  check.as_written = as_written(check);
}

/// An empty array says on purpose that the check is about no requirement, as in a smoke test.
std::vector<std::string> read_requirement_ids(const TomlEntry& entry,
                                              std::span<const Requirement> requirements) {
  const auto* array = std::get_if<TomlNode::Array>(&entry.node.value);
  if (array != nullptr && array->empty()) return {};
  std::vector<std::string> known;
  for (const auto& requirement : requirements) known.push_back(requirement.id);
  auto ids = texts_of(entry);
  for (const auto& id : ids) {
    if (std::find(known.begin(), known.end(), id) != known.end()) continue;
    const std::string nearest = nearest_name(id, known);
    refuse(entry.node, "unknown requirement '" + id + "'", "an id that `meshassay list requirements` prints",
           id, nearest.empty() ? "choose one of them" : "did you mean '" + nearest + "'?");
  }
  return ids;
}

}  // namespace

CheckDefinition read_check(const TomlNode& table, std::span<const Requirement> requirements,
                           std::span<const std::string> extra_keys) {
  std::vector<std::string> keys = {"metric", "stage",       "min",       "max",
                                   "equals", "requirement", "rationale", "approved_by"};
  keys.insert(keys.end(), extra_keys.begin(), extra_keys.end());
  refuse_unknown_keys(table, keys);

  CheckDefinition check;
  const auto& metric_entry = require_entry(table, "metric", "\"deviation.rms\"");
  check.metric = nonempty_text_of(metric_entry);
  const auto reference = metrics::find_metric(check.metric, metric_entry.node.where());
  if (const auto* stage = find_entry(table, "stage"))
    check.stage = choice_of(*stage, std::vector<std::string>(std::begin(stage_names), std::end(stage_names)));
  read_limit(table, *reference.metric, check);
  check.requirements =
      read_requirement_ids(require_entry(table, "requirement", "[\"3532-1:6.5\"]"), requirements);
  check.rationale = required_text(table, "rationale");
  check.approved_by = optional_text(table, "approved_by", "");
  return check;
}

}  // namespace meshassay::suites
