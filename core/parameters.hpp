// SPDX-License-Identifier: GPL-3.0-or-later
// Named values with a definition each: what phantoms, scans, pipeline methods and metrics are called with,
// from TOML, from `--set key=value` or from code, checked in one place.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace meshassay {

using ParameterValue = std::variant<bool, double, std::string, std::vector<double>>;
/// Ordered by name, so that every listing is the same.
using Parameters = std::map<std::string, ParameterValue>;

/// What a parameter may be. The type is that of the default.
struct ParameterDefinition {
  std::string name;  ///< Carries its unit: "radius_mm".
  ParameterValue default_value;
  std::string description;
  std::optional<double> min, max;     ///< Inclusive, for numbers and for every number of an array.
  std::vector<std::string> choices;   ///< For strings; empty: any.
  std::optional<std::size_t> length;  ///< For arrays; absent: any.
};

/// Fills in the defaults and checks names, types and ranges. A number where an array is expected is an array
/// of one. \param where  what is named in the error: "suites/quick.toml: case 3", "--set". \throw
/// InvalidInput with the nearest known name, the range or the choices.
[[nodiscard]] Parameters resolve_parameters(std::span<const ParameterDefinition> definitions,
                                            const Parameters& given, const std::string& where);

/// One `key=value` of a command line, read as the type that the definition has: true/false, a number, a text,
/// or numbers with commas between. \throw InvalidInput
[[nodiscard]] std::pair<std::string, ParameterValue> parse_assignment(
    std::span<const ParameterDefinition> definitions, const std::string& assignment,
    const std::string& where);

[[nodiscard]] bool boolean(const Parameters& parameters, const std::string& name);
[[nodiscard]] double number(const Parameters& parameters, const std::string& name);
[[nodiscard]] const std::string& text(const Parameters& parameters, const std::string& name);
[[nodiscard]] const std::vector<double>& numbers(const Parameters& parameters, const std::string& name);

/// "0.5x0.5x2" for an array, the shortest round-trip text for a number.
[[nodiscard]] std::string format_parameter(const ParameterValue& value);

}  // namespace meshassay
