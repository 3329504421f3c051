// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/command_line.hpp"

#include <fmt/format.h>

#include <boost/program_options.hpp>
#include <cmath>
#include <stdexcept>

#include "core/errors.hpp"
#include "core/text.hpp"

namespace meshassay::harness {
namespace {

namespace po = boost::program_options;

const std::vector<OptionDefinition> common = {
    {.name = "help", .letter = 'h', .help = "show this help"},
    {.name = "threads", .argument = "N", .help = "threads to compute with (default: all cores)"},
    {.name = "verbose", .letter = 'v', .help = "say more on standard error"},
};

std::string boost_name(const OptionDefinition& option) {
  return option.letter ? fmt::format("{},{}", option.name, option.letter) : option.name;
}

po::options_description describe(const CommandDefinition& command) {
  po::options_description description;
  const auto add = [&](const OptionDefinition& option) {
    if (option.argument.empty())
      description.add_options()(boost_name(option).c_str(), option.help.c_str());
    else
      description.add_options()(boost_name(option).c_str(), po::value<std::vector<std::string>>(),
                                option.help.c_str());
  };
  for (const auto& option : command.options) add(option);
  for (const auto& option : common) add(option);
  description.add_options()("positional", po::value<std::vector<std::string>>());
  return description;
}

std::string usage(const CommandDefinition& command) {
  std::string line = "meshassay " + command.name;
  for (const auto& positional : command.positionals) {
    const std::string word = positional.name + (positional.at_most > 1 ? "..." : "");
    line += positional.at_least == 0 ? " [" + word + "]" : " " + word;
  }
  for (const auto& option : command.options) {
    std::string word = option.letter ? fmt::format("-{}", option.letter) : "--" + option.name;
    if (!option.argument.empty()) word += " " + option.argument;
    line += option.required ? " " + word : " [" + word + "]";
    if (option.repeated) line += "...";
  }
  return line;
}

[[noreturn]] void refuse(const CommandDefinition& command, const std::string& what, const std::string& got,
                         const std::string& mend) {
  throw InvalidInput({.what = what,
                      .where = "command line of 'meshassay " + command.name + "'",
                      .expected = usage(command),
                      .got = got,
                      .mend = mend + fmt::format(" (meshassay {} --help)", command.name)});
}

std::string nearest_option(const CommandDefinition& command, const std::string& given) {
  std::vector<std::string> known;
  for (const auto& option : command.options) known.push_back("--" + option.name);
  for (const auto& option : common) known.push_back("--" + option.name);
  const std::string nearest = nearest_name(given, known);
  return nearest.empty() ? "remove it" : fmt::format("did you mean '{}'?", nearest);
}

// The positional words go to their definitions from the left; one that takes many takes what the later ones
// leave.
void assign_positionals(const CommandDefinition& command, const std::vector<std::string>& words,
                        std::map<std::string, std::vector<std::string>>& values) {
  std::size_t needed_later = 0;
  for (const auto& positional : command.positionals) needed_later += positional.at_least;
  std::size_t next = 0;
  for (const auto& positional : command.positionals) {
    needed_later -= positional.at_least;
    const std::size_t left = words.size() - next;
    const std::size_t take = std::min(positional.at_most, left > needed_later ? left - needed_later : 0);
    if (take < positional.at_least) {
      // Told as a person counts: what was given are the first ones.
      const auto& missing = command.positionals[std::min(words.size(), command.positionals.size() - 1)];
      refuse(command, missing.name + " is missing", words.empty() ? "no argument" : join(words, " "),
             fmt::format("give {}: {}", missing.name, missing.help));
    }
    for (std::size_t i = 0; i < take; ++i) values[positional.name].push_back(words[next++]);
  }
  if (next < words.size()) refuse(command, "one argument too many", words[next], "remove it");
}

}  // namespace

std::optional<std::string> Arguments::find(const std::string& name) const {
  const auto found = values_.find(name);
  if (found == values_.end() || found->second.empty()) return std::nullopt;
  return found->second.front();
}

const std::string& Arguments::get(const std::string& name) const {
  const auto found = values_.find(name);
  if (found == values_.end() || found->second.empty())
    throw std::logic_error("option '" + name + "' is neither required nor has a default");
  return found->second.front();
}

std::vector<std::string> Arguments::all(const std::string& name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::vector<std::string>{} : found->second;
}

std::optional<int> Arguments::whole_number(const std::string& name, int minimum) const {
  const auto given = find(name);
  if (!given) return std::nullopt;
  const auto value = parse_number(*given);
  if (!value || *value < minimum || *value > 1e9 || *value != std::trunc(*value))
    throw InvalidInput({.what = fmt::format("--{} cannot be used", name),
                        .where = "command line",
                        .expected = fmt::format("a whole number, at least {}", minimum),
                        .got = *given,
                        .mend = fmt::format("write for example --{} {}", name, std::max(minimum, 1))});
  return static_cast<int>(*value);
}

std::span<const OptionDefinition> common_options() { return common; }

std::string help_text(const CommandDefinition& command) {
  std::string text = fmt::format("{}\n\nUsage: {}\n", command.summary, usage(command));
  std::vector<std::pair<std::string, std::string>> rows;
  for (const auto& positional : command.positionals) rows.emplace_back(positional.name, positional.help);
  const auto add = [&rows](const OptionDefinition& option) {
    const std::string letter = option.letter ? fmt::format("-{}, ", option.letter) : "";
    std::string help = option.help;
    if (!option.default_value.empty()) help += fmt::format(" (default: {})", option.default_value);
    if (option.repeated) help += "; may be repeated";
    rows.emplace_back(
        fmt::format("{}--{}{}", letter, option.name, option.argument.empty() ? "" : " " + option.argument),
        help);
  };
  for (const auto& option : command.options) add(option);
  for (const auto& option : common) add(option);
  text += "\n";
  for (const auto& [left, right] : rows) text += fmt::format("  {:<26} {}\n", left, right);
  if (!command.notes.empty()) text += "\n" + command.notes + "\n";
  text += fmt::format("\nExample:\n  {}\n", command.example);
  return text;
}

Arguments parse_arguments(const CommandDefinition& command, const std::vector<std::string>& words) {
  const auto description = describe(command);
  po::positional_options_description positionals;
  positionals.add("positional", -1);
  po::variables_map parsed;
  try {
    namespace style = po::command_line_style;
    po::store(po::command_line_parser(words)
                  .options(description)
                  .positional(positionals)
                  .style(style::unix_style & ~style::allow_guessing)
                  .run(),
              parsed);
  } catch (const po::unknown_option& error) {
    refuse(command, "unknown option", error.get_option_name(),
           nearest_option(command, error.get_option_name()));
  } catch (const po::error& error) {
    refuse(command, error.what(), join(words, " "), "correct it");
  }

  std::map<std::string, std::vector<std::string>> values;
  for (const auto& [name, value] : parsed)
    if (name != "positional")
      values[name] = value.value().type() == typeid(std::vector<std::string>)
                         ? value.as<std::vector<std::string>>()
                         : std::vector<std::string>{};
  if (values.contains("help")) return Arguments(std::move(values));

  for (const auto& option : command.options) {
    const auto given = values.find(option.name);
    if (given == values.end()) {
      if (option.required)
        refuse(command, fmt::format("--{} is missing", option.name), join(words, " "),
               fmt::format("add --{} {}: {}", option.name, option.argument, option.help));
      if (!option.default_value.empty()) values[option.name] = {option.default_value};
    } else if (!option.repeated && given->second.size() > 1) {
      refuse(command, fmt::format("--{} is given {} times", option.name, given->second.size()),
             join(given->second, ", "), "give it once");
    }
  }
  assign_positionals(command,
                     parsed.count("positional") ? parsed["positional"].as<std::vector<std::string>>()
                                                : std::vector<std::string>{},
                     values);
  return Arguments(std::move(values));
}

}  // namespace meshassay::harness
