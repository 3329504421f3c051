// SPDX-License-Identifier: GPL-3.0-or-later
#include "suites/toml_reader.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "core/errors.hpp"
#include "core/io/files.hpp"
#include "core/text.hpp"

namespace meshassay::suites {
namespace {

constexpr std::uint64_t largest_file_bytes = std::uint64_t{4} << 20;
constexpr std::int64_t largest_whole_number = std::int64_t{1}
                                              << 53;  // A double holds every integer up to it.

using SharedName = std::shared_ptr<const std::string>;

int line_of(const toml::source_region& source) { return static_cast<int>(source.begin.line); }

TomlNode convert(const toml::node& node, const SharedName& file);

TomlNode convert_table(const toml::table& table, const SharedName& file, TomlNode result) {
  // The library sorts keys by name; their places in the file bring the file's order back.
  std::vector<std::tuple<toml::source_index, toml::source_index, const toml::key*, const toml::node*>>
      entries;
  for (auto iterator = table.cbegin(); iterator != table.cend(); ++iterator) {
    const auto& begin = iterator->first.source().begin;
    entries.emplace_back(begin.line, begin.column, &iterator->first, &iterator->second);
  }
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
    return std::tie(std::get<0>(a), std::get<1>(a)) < std::tie(std::get<0>(b), std::get<1>(b));
  });
  TomlNode::Table converted;
  for (const auto& [line, column, key, value] : entries) {
    converted.push_back({std::string(key->str()), convert(*value, file)});
    // A value's own place may be missing (implicit tables); its key's is always there.
    if (converted.back().node.line == 0) converted.back().node.line = static_cast<int>(line);
  }
  result.value = std::move(converted);
  return result;
}

TomlNode convert(const toml::node& node, const SharedName& file) {
  TomlNode result{.value = false, .file = file, .line = line_of(node.source())};
  if (const auto* table = node.as_table()) return convert_table(*table, file, std::move(result));
  if (const auto* array = node.as_array()) {
    TomlNode::Array converted;
    for (const auto& element : *array) converted.push_back(convert(element, file));
    // An array of tables has no place of its own: the first of them is where a reader looks.
    if (result.line == 0 && !converted.empty()) result.line = converted.front().line;
    result.value = std::move(converted);
  } else if (const auto* truth = node.as_boolean()) {
    result.value = truth->get();
  } else if (const auto* text = node.as_string()) {
    result.value = text->get();
  } else if (const auto* whole = node.as_integer()) {
    if (whole->get() > largest_whole_number || whole->get() < -largest_whole_number)
      refuse(result, "an integer that is too large", "at most 9007199254740992 (2^53)",
             std::to_string(whole->get()), "write a smaller one");
    result.value = static_cast<double>(whole->get());
  } else if (const auto* real = node.as_floating_point()) {
    if (!std::isfinite(real->get()))
      refuse(result, "a number that is not finite", "a finite number", "nan or inf",
             "leave the key out where there is no bound");
    result.value = real->get();
  } else {
    refuse(result, "a date or time without quotes", "a text", "a date or time",
           "put it in quotes: \"2000-01-01T00:00:00Z\"");
  }
  return result;
}

const TomlNode::Table& entries_of(const TomlNode& table) { return std::get<TomlNode::Table>(table.value); }

template <typename T>
const T& typed(const TomlEntry& entry, const std::string& expected, const std::string& example) {
  if (const auto* value = std::get_if<T>(&entry.node.value)) return *value;
  refuse(entry.node, "'" + entry.key + "' is of another type", expected, describe(entry.node),
         "write for example " + entry.key + " = " + example);
}

/// toml++ limits how deep values nest, but not how many parts a dotted key has, and then exhausts the stack.
void refuse_deep_keys(std::string_view text, const std::string& file) {
  constexpr int most_parts = 100;
  int line = 1, dots = 0, quoted_parts = 0;
  char before = '\n';
  for (const char c : text) {
    if (c == '\n') {
      ++line;
      dots = quoted_parts = 0;
    }
    if (c == ' ' || c == '\t') continue;
    if (c == ',' || c == '=' || c == '[' || c == '{') dots = 0;  // Perhaps within quotes, ...
    if (c == '.') ++dots;
    if (c == '.' && (before == '"' || before == '\'')) ++quoted_parts;  // ... hence this.
    before = c;
    if (dots > most_parts || quoted_parts > most_parts)
      throw InvalidInput({.what = "not a TOML file: a key with too many dots",
                          .where = file + ":" + std::to_string(line),
                          .expected = "at most " + std::to_string(most_parts) + " of them",
                          .got = "more",
                          .mend = "correct that line"});
  }
}

}  // namespace

std::string TomlNode::where() const { return *file + ":" + std::to_string(line); }

TomlFile read_toml(const std::filesystem::path& path) {
  const auto found = io::find_data_file(path);
  const std::string bytes = io::read_file(found, largest_file_bytes);
  return {.path = found, .sha256 = io::sha256_of_bytes(bytes), .root = parse_toml(bytes, found.string())};
}

TomlNode parse_toml(std::string_view text, const std::string& file) {
  const auto name = std::make_shared<const std::string>(file);
  refuse_deep_keys(text, file);
  toml::table parsed;
  try {
    parsed = toml::parse(text, file);
  } catch (const toml::parse_error& error) {
    throw InvalidInput({.what = "not a TOML file: " + std::string(error.description()),
                        .where = file + ":" + std::to_string(line_of(error.source())),
                        .expected = "TOML 1.0 in UTF-8",
                        .got = "",
                        .mend = "correct that line; texts stand in quotes, keys occur once a table"});
  }
  return convert_table(parsed, name, {.value = false, .file = name, .line = 1});
}

std::string describe(const TomlNode& node) {
  if (const auto* truth = std::get_if<bool>(&node.value)) return *truth ? "true" : "false";
  if (const auto* number = std::get_if<double>(&node.value)) return "the number " + format_number(*number);
  if (const auto* text = std::get_if<std::string>(&node.value)) return "the text \"" + *text + "\"";
  if (const auto* array = std::get_if<TomlNode::Array>(&node.value))
    return "an array of " + std::to_string(array->size());
  return "a table";
}

void refuse(const TomlNode& node, const std::string& what, const std::string& expected,
            const std::string& got, const std::string& mend) {
  throw InvalidInput({.what = what, .where = node.where(), .expected = expected, .got = got, .mend = mend});
}

void refuse_unknown(const TomlNode& node, const std::string& what, const std::string& name,
                    std::span<const std::string> known) {
  const std::string nearest = nearest_name(name, known);
  refuse(node, "unknown " + what + " '" + name + "'",
         known.empty() ? "none here" : "one of " + join(known, ", "), name,
         nearest.empty() ? "use one of those" : "did you mean '" + nearest + "'?");
}

void refuse_unknown_keys(const TomlNode& table, std::span<const std::string> known) {
  for (const auto& entry : entries_of(table))
    if (std::find(known.begin(), known.end(), entry.key) == known.end())
      refuse_unknown(entry.node, "key", entry.key, known);
}

const TomlEntry* find_entry(const TomlNode& table, std::string_view key) {
  for (const auto& entry : entries_of(table))
    if (entry.key == key) return &entry;
  return nullptr;
}

const TomlEntry& require_entry(const TomlNode& table, std::string_view key, const std::string& expected) {
  if (const auto* entry = find_entry(table, key)) return *entry;
  refuse(table, "'" + std::string(key) + "' is missing", std::string(key) + " = " + expected, "no such key",
         "add it to the table that begins there");
}

const std::string& text_of(const TomlEntry& entry) { return typed<std::string>(entry, "a text", "\"...\""); }

const std::string& nonempty_text_of(const TomlEntry& entry) {
  const auto& text = text_of(entry);
  if (text.find_first_not_of(" \t\r\n") == std::string::npos)
    refuse(entry.node, "'" + entry.key + "' is empty", "a text", describe(entry.node), "say it in words");
  return text;
}

const std::string& choice_of(const TomlEntry& entry, std::span<const std::string> choices) {
  const auto& text = text_of(entry);
  if (std::find(choices.begin(), choices.end(), text) == choices.end())
    refuse_unknown(entry.node, entry.key, text, choices);
  return text;
}

std::vector<std::string> texts_of(const TomlEntry& entry) {
  if (std::holds_alternative<std::string>(entry.node.value)) return {nonempty_text_of(entry)};
  const auto& array = typed<TomlNode::Array>(entry, "a text or an array of texts", "[\"...\"]");
  if (array.empty())
    refuse(entry.node, "'" + entry.key + "' is empty", "at least one text", "an empty array", "name one");
  std::vector<std::string> texts;
  for (const auto& element : array) texts.push_back(nonempty_text_of({entry.key, element}));
  return texts;
}

std::vector<std::string> choices_of(const TomlEntry& entry, std::span<const std::string> choices) {
  auto texts = texts_of(entry);
  for (auto text = texts.begin(); text != texts.end(); ++text) {
    if (std::find(choices.begin(), choices.end(), *text) == choices.end())
      refuse_unknown(entry.node, entry.key, *text, choices);
    if (std::find(texts.begin(), text, *text) != text)
      refuse(entry.node, "'" + entry.key + "' names one thing twice", "each once", *text, "remove one");
  }
  return texts;
}

double number_of(const TomlEntry& entry) { return typed<double>(entry, "a number", "1.5"); }

double positive_number_of(const TomlEntry& entry) {
  const double number = number_of(entry);
  if (number <= 0.0)
    refuse(entry.node, "'" + entry.key + "' is not positive", "a number above 0", describe(entry.node),
           "write a number above 0");
  return number;
}

std::uint64_t whole_number_of(const TomlEntry& entry, std::uint64_t min, std::uint64_t max) {
  const double number = typed<double>(entry, "a whole number", "1");
  if (number != std::floor(number) || number < static_cast<double>(min) || number > static_cast<double>(max))
    refuse(entry.node, "'" + entry.key + "' is out of range",
           "a whole number between " + std::to_string(min) + " and " + std::to_string(max),
           describe(entry.node), "write one in that range");
  return static_cast<std::uint64_t>(number);
}

const TomlNode& table_of(const TomlEntry& entry) {
  (void)typed<TomlNode::Table>(entry, "a table", "{ ... }");
  return entry.node;
}

const TomlNode::Array& tables_of(const TomlEntry& entry) {
  const auto refuse_shape = [&entry](const TomlNode& node) {
    refuse(node, "'" + entry.key + "' is not a list of tables", "[[" + entry.key + "]]", describe(node),
           "write each as a table under its own [[" + entry.key + "]]");
  };
  const auto* array = std::get_if<TomlNode::Array>(&entry.node.value);
  if (array == nullptr) refuse_shape(entry.node);
  for (const auto& element : *array)
    if (!std::holds_alternative<TomlNode::Table>(element.value)) refuse_shape(element);
  return *array;
}

std::string required_text(const TomlNode& table, std::string_view key) {
  return nonempty_text_of(require_entry(table, key, "\"...\""));
}

std::string optional_text(const TomlNode& table, std::string_view key, const std::string& otherwise) {
  const auto* entry = find_entry(table, key);
  return entry == nullptr ? otherwise : nonempty_text_of(*entry);
}

}  // namespace meshassay::suites
