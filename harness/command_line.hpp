// SPDX-License-Identifier: GPL-3.0-or-later
// What a command takes, as data: parsed, checked and printed by `--help` in one place.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace meshassay::harness {

/// An option. Without `argument` it is a switch.
struct OptionDefinition {
  std::string name;      ///< "out": written --out
  char letter = '\0';    ///< 'o': also -o
  std::string argument;  ///< "DIR"
  std::string help;
  bool required = false;
  bool repeated = false;      ///< May be given several times.
  std::string default_value;  ///< Shown and used where not given; empty: none.
};

struct PositionalDefinition {
  std::string name;  ///< "SUITE"
  std::string help;
  std::size_t at_least = 1, at_most = 1;
};

/// The values that a person gave, by the names of the definitions.
class Arguments {
 public:
  explicit Arguments(std::map<std::string, std::vector<std::string>> values) : values_(std::move(values)) {}

  [[nodiscard]] bool has(const std::string& name) const { return values_.contains(name); }
  [[nodiscard]] std::optional<std::string> find(const std::string& name) const;
  /// Of a required one or one with a default.
  [[nodiscard]] const std::string& get(const std::string& name) const;
  [[nodiscard]] std::vector<std::string> all(const std::string& name) const;
  /// A whole number of at least `minimum`. \throw InvalidInput
  [[nodiscard]] std::optional<int> whole_number(const std::string& name, int minimum) const;

 private:
  std::map<std::string, std::vector<std::string>> values_;
};

/// One command of the program. `run` returns the exit status.
struct CommandDefinition {
  std::string name;
  std::string summary;  ///< One line, for the list of commands.
  std::vector<PositionalDefinition> positionals;
  std::vector<OptionDefinition> options;
  std::string notes;    ///< More help, may be empty.
  std::string example;  ///< One command line that works.
  int (*run)(const Arguments& arguments);
};

/// The options that every command has: --help, --threads, --verbose.
[[nodiscard]] std::span<const OptionDefinition> common_options();
[[nodiscard]] std::string help_text(const CommandDefinition& command);
/// \throw InvalidInput for unknown, missing or superfluous words, with the nearest known option.
[[nodiscard]] Arguments parse_arguments(const CommandDefinition& command,
                                        const std::vector<std::string>& words);

}  // namespace meshassay::harness
