// SPDX-License-Identifier: GPL-3.0-or-later
#include "suites/settings.hpp"

#include "suites/toml_reader.hpp"

namespace meshassay::suites {

ParameterValue setting_of(const TomlEntry& entry) {
  if (const auto* truth = std::get_if<bool>(&entry.node.value)) return *truth;
  if (const auto* number = std::get_if<double>(&entry.node.value)) return *number;
  if (const auto* text = std::get_if<std::string>(&entry.node.value)) return *text;
  const auto* array = std::get_if<TomlNode::Array>(&entry.node.value);
  if (array == nullptr)
    refuse(entry.node, "'" + entry.key + "' is not a setting", "true or false, a number, a text, numbers",
           describe(entry.node), "write a value");
  std::vector<double> numbers;
  for (const auto& element : *array) numbers.push_back(number_of({entry.key, element}));
  return numbers;
}

Parameters settings_of(const TomlNode& table) {
  Parameters settings;
  for (const auto& entry : std::get<TomlNode::Table>(table.value)) settings[entry.key] = setting_of(entry);
  return settings;
}

Parameters read_settings(const std::filesystem::path& path) { return settings_of(read_toml(path).root); }

}  // namespace meshassay::suites
