// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "core/text.hpp"

namespace meshassay {
namespace {

constexpr const char* type_names[] = {"true or false", "a number", "a text", "an array of numbers"};

const ParameterDefinition& find_definition(std::span<const ParameterDefinition> definitions,
                                           const std::string& name, const std::string& where) {
  for (const auto& definition : definitions)
    if (definition.name == name) return definition;
  std::vector<std::string> known;
  for (const auto& definition : definitions) known.push_back(definition.name);
  const std::string nearest = nearest_name(name, known);
  throw InvalidInput({.what = fmt::format("unknown parameter '{}'", name),
                      .where = where,
                      .expected = known.empty() ? "no parameter at all" : "one of " + join(known, ", "),
                      .got = name,
                      .mend = nearest.empty() ? "remove it" : fmt::format("did you mean '{}'?", nearest)});
}

std::string range_text(const ParameterDefinition& definition) {
  if (definition.min && definition.max)
    return fmt::format("between {} and {}", format_number(*definition.min), format_number(*definition.max));
  if (definition.min) return fmt::format("at least {}", format_number(*definition.min));
  return fmt::format("at most {}", format_number(*definition.max));
}

[[noreturn]] void refuse(const ParameterDefinition& definition, const ParameterValue& value,
                         const std::string& expected, const std::string& where) {
  throw InvalidInput(
      {.what = fmt::format("parameter '{}' cannot be used ({})", definition.name, definition.description),
       .where = where,
       .expected = expected,
       .got = format_parameter(value),
       .mend = fmt::format("set '{}' to {} (its default is {})", definition.name, expected,
                           format_parameter(definition.default_value))});
}

void check(const ParameterDefinition& definition, const ParameterValue& value, const std::string& where) {
  if (value.index() != definition.default_value.index())
    refuse(definition, value, type_names[definition.default_value.index()], where);
  const auto check_number = [&](double number_value) {
    if (!std::isfinite(number_value)) refuse(definition, value, "a finite number", where);
    if ((definition.min && number_value < *definition.min) ||
        (definition.max && number_value > *definition.max))
      refuse(definition, value, range_text(definition), where);
  };
  if (const auto* number_value = std::get_if<double>(&value)) check_number(*number_value);
  if (const auto* array = std::get_if<std::vector<double>>(&value)) {
    if (definition.length && array->size() != *definition.length)
      refuse(definition, value, fmt::format("an array of {} numbers", *definition.length), where);
    for (const double element : *array) check_number(element);
  }
  if (const auto* chosen = std::get_if<std::string>(&value)) {
    const auto& choices = definition.choices;
    if (!choices.empty() && std::find(choices.begin(), choices.end(), *chosen) == choices.end())
      refuse(definition, value, "one of " + join(choices, ", "), where);
  }
}

template <typename T>
const T& get(const Parameters& parameters, const std::string& name) {
  const auto found = parameters.find(name);
  if (found == parameters.end() || !std::holds_alternative<T>(found->second))
    throw std::logic_error("parameter '" + name + "' was not resolved against a definition of its type");
  return std::get<T>(found->second);
}

}  // namespace

Parameters resolve_parameters(std::span<const ParameterDefinition> definitions, const Parameters& given,
                              const std::string& where) {
  Parameters resolved;
  for (const auto& definition : definitions) resolved[definition.name] = definition.default_value;
  for (const auto& [name, given_value] : given) {
    const auto& definition = find_definition(definitions, name, where);
    ParameterValue value = given_value;
    const auto* number_value = std::get_if<double>(&given_value);
    if (number_value && std::holds_alternative<std::vector<double>>(definition.default_value))
      value = std::vector<double>{*number_value};
    check(definition, value, where);
    resolved[name] = value;
  }
  return resolved;
}

std::pair<std::string, ParameterValue> parse_assignment(std::span<const ParameterDefinition> definitions,
                                                        const std::string& assignment,
                                                        const std::string& where) {
  const auto equals = assignment.find('=');
  if (equals == std::string::npos || equals == 0)
    throw InvalidInput(
        {.what = "a setting without a value",
         .where = where,
         .expected = "key=value",
         .got = assignment,
         .mend = "write for example " + (definitions.empty()
                                             ? std::string("key=value")
                                             : definitions.front().name + "=" +
                                                   format_parameter(definitions.front().default_value))});
  const std::string name = assignment.substr(0, equals);
  const std::string text_value = assignment.substr(equals + 1);
  const auto& definition = find_definition(definitions, name, where);
  ParameterValue value = text_value;
  if (std::holds_alternative<bool>(definition.default_value)) {
    if (text_value == "true") value = true;
    if (text_value == "false") value = false;
  } else if (std::holds_alternative<double>(definition.default_value)) {
    if (const auto number_value = parse_number(text_value)) value = *number_value;
  } else if (std::holds_alternative<std::vector<double>>(definition.default_value)) {
    std::vector<double> array;
    bool all_numbers = true;
    for (std::size_t begin = 0; begin <= text_value.size();) {
      const auto end = std::min(text_value.find_first_of(",x", begin), text_value.size());
      const auto element = parse_number(std::string_view(text_value).substr(begin, end - begin));
      all_numbers = all_numbers && element.has_value();
      if (element) array.push_back(*element);
      begin = end + 1;
    }
    if (all_numbers) value = array;
  }
  check(definition, value, where);
  return {name, value};
}

bool boolean(const Parameters& parameters, const std::string& name) { return get<bool>(parameters, name); }
double number(const Parameters& parameters, const std::string& name) { return get<double>(parameters, name); }
const std::string& text(const Parameters& parameters, const std::string& name) {
  return get<std::string>(parameters, name);
}
const std::vector<double>& numbers(const Parameters& parameters, const std::string& name) {
  return get<std::vector<double>>(parameters, name);
}

std::string format_parameter(const ParameterValue& value) {
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "true" : "false";
  if (const auto* number_value = std::get_if<double>(&value)) return format_number(*number_value);
  if (const auto* chosen = std::get_if<std::string>(&value)) return *chosen;
  std::string result;
  for (const double element : std::get<std::vector<double>>(value))
    result += (result.empty() ? "" : "x") + format_number(element);
  return result;
}

}  // namespace meshassay
