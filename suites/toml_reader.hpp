// SPDX-License-Identifier: GPL-3.0-or-later
// TOML files as checked values in file order: what suite, system, waiver and requirement files are read with.
// Every error names file and line, what was expected, what was found, and how to mend it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace meshassay::suites {

struct TomlEntry;

/// A value of a file and where it stands. Numbers are finite; dates are refused (a text says it in quotes).
struct TomlNode {
  using Array = std::vector<TomlNode>;
  using Table = std::vector<TomlEntry>;  ///< In file order.
  std::variant<bool, double, std::string, Array, Table> value;
  std::shared_ptr<const std::string> file;
  int line = 0;

  [[nodiscard]] std::string where() const;  ///< "suites/quick.toml:12"
};

struct TomlEntry {
  std::string key;
  TomlNode node;
};

struct TomlFile {
  std::filesystem::path path;  ///< Where it was found.
  std::string sha256;          ///< Of its bytes.
  TomlNode root;               ///< A table.
};

/// Reads a file of at most 4 MiB; the path is looked for as io::find_data_file() does. \throw InvalidInput
[[nodiscard]] TomlFile read_toml(const std::filesystem::path& path);
/// The root table of a text. \param file is named in errors. \throw InvalidInput
[[nodiscard]] TomlNode parse_toml(std::string_view text, const std::string& file);

/// What a node is, for the `got` of an error: "the number 5", "the text \"mm\"", "a table".
[[nodiscard]] std::string describe(const TomlNode& node);
[[noreturn]] void refuse(const TomlNode& node, const std::string& what, const std::string& expected,
                         const std::string& got, const std::string& mend);
/// Refuses a name that is not among the known ones and names the nearest. \param what "key", "unit".
[[noreturn]] void refuse_unknown(const TomlNode& node, const std::string& what, const std::string& name,
                                 std::span<const std::string> known);

/// \pre The node is a table.
void refuse_unknown_keys(const TomlNode& table, std::span<const std::string> known);
[[nodiscard]] const TomlEntry* find_entry(const TomlNode& table, std::string_view key);
/// \throw InvalidInput where the table has no such key. \param expected for example "a text".
[[nodiscard]] const TomlEntry& require_entry(const TomlNode& table, std::string_view key,
                                             const std::string& expected);

// Each refuses a value of another type, naming the key.
[[nodiscard]] const std::string& text_of(const TomlEntry& entry);
[[nodiscard]] const std::string& nonempty_text_of(const TomlEntry& entry);
[[nodiscard]] const std::string& choice_of(const TomlEntry& entry, std::span<const std::string> choices);
/// One text, or an array of texts; at least one, none empty.
[[nodiscard]] std::vector<std::string> texts_of(const TomlEntry& entry);
/// As texts_of(), each one of the choices, none twice.
[[nodiscard]] std::vector<std::string> choices_of(const TomlEntry& entry,
                                                  std::span<const std::string> choices);
[[nodiscard]] double number_of(const TomlEntry& entry);
[[nodiscard]] double positive_number_of(const TomlEntry& entry);
/// An integer in [min, max]; max at most 2^53.
[[nodiscard]] std::uint64_t whole_number_of(const TomlEntry& entry, std::uint64_t min, std::uint64_t max);
[[nodiscard]] const TomlNode& table_of(const TomlEntry& entry);
/// `[[key]]`, or an array of inline tables.
[[nodiscard]] const TomlNode::Array& tables_of(const TomlEntry& entry);

// The same by key, where the key must or may be there.
[[nodiscard]] std::string required_text(const TomlNode& table, std::string_view key);
[[nodiscard]] std::string optional_text(const TomlNode& table, std::string_view key,
                                        const std::string& otherwise);

}  // namespace meshassay::suites
