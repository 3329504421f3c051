// SPDX-License-Identifier: GPL-3.0-or-later
#include "suites/system_definition.hpp"

#include <algorithm>
#include <array>

#include "core/text.hpp"
#include "suites/plain_text.hpp"
#include "suites/settings.hpp"
#include "suites/task_kind.hpp"
#include "suites/toml_reader.hpp"

namespace meshassay::suites {
namespace {

using Strings = std::vector<std::string>;

const Strings system_keys = {"name",       "version",      "version_command", "adapter",      "tasks",
                             "outputs",    "input_format", "surface_frame",   "surface_unit", "timeout_s",
                             "memory_mib", "disk_mib",     "reference",       "command",      "directory",
                             "refusal",    "printer",      "declares"};
const Strings adapters = {"reference", "command", "directory"};
const Strings outputs = {"mask", "surface", "record", "stages", "values"};
const Strings input_formats = {"dicom", "nrrd"};
const Strings surface_frames = {"LPS", "RAS"};
const Strings surface_units = {"mm", "cm", "m", "inch"};
const Strings printer_keys = {"min_thickness_mm", "min_feature_mm", "build_mm"};
/// What the harness fills in; `{program}` is this program.
const Strings placeholders = {"{task}",  "{input}",   "{mask}",    "{surface}",          "{record}",
                              "{label}", "{out_dir}", "{threads}", "{min_thickness_mm}", "{reference}",
                              "{test}",  "{program}"};
const Strings version_placeholders = {"{program}"};
constexpr std::string_view case_placeholder = "{case}";
constexpr std::uint64_t most_mib = std::uint64_t{1} << 24;  // 16 TiB

const TomlNode* optional_table(const TomlNode& root, std::string_view key) {
  const auto* entry = find_entry(root, key);
  return entry == nullptr ? nullptr : &table_of(*entry);
}

/// A word in braces; other braces, as of JSON, are left alone.
void refuse_unknown_placeholders(const TomlEntry& entry, const std::string& text, const Strings& known) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
  for (auto open = text.find('{'); open != std::string::npos; open = text.find('{', open + 1)) {
    const auto close = text.find_first_not_of(letters, open + 1);
    if (close == std::string::npos || close == open + 1 || text[close] != '}') continue;
    const std::string placeholder = text.substr(open, close + 1 - open);
    if (std::find(known.begin(), known.end(), placeholder) == known.end())
      refuse_unknown(entry.node, "placeholder", placeholder, known);
  }
}

/// A program named by a path, and arguments that begin with ./ or ../, lie beside the system file.
std::string beside(const std::filesystem::path& folder, const std::string& argument, bool is_program) {
  const bool is_path = argument.starts_with("./") || argument.starts_with("../") ||
                       (is_program && argument.find('/') != std::string::npos && !argument.starts_with('{'));
  if (!is_path || argument.starts_with('/')) return argument;
  return std::filesystem::weakly_canonical(folder / argument).string();
}

Strings read_argv(const TomlEntry& entry, const std::filesystem::path& folder, const Strings& known) {
  Strings argv;
  for (const auto& argument : texts_of(entry)) {
    refuse_unknown_placeholders(entry, argument, known);
    argv.push_back(beside(folder, argument, argv.empty()));
  }
  return argv;
}

/// Part of folder names and reports.
std::string read_name(const TomlNode& root) {
  const auto& entry = require_entry(root, "name", "\"my-tool\"");
  const std::string& name = nonempty_text_of(entry);
  constexpr std::size_t longest = 100;  // File systems allow 255 bytes.
  if (!is_plain(name.substr(0, 1), "") || !is_plain(name, "_.+() -") || name.size() > longest)
    refuse(
        entry.node, "a name that cannot be part of a folder's name",
        "up to " + std::to_string(longest) + " letters, digits, spaces and '_.+()-', a letter or digit first",
        name, "use only those characters");
  return name;
}

void read_command(const TomlNode& root, const std::filesystem::path& folder, SystemDefinition& system) {
  const auto* table = optional_table(root, "command");
  if (table == nullptr)
    refuse(root, "a command system without a command", "[command] with run = [\"tool\", \"{input}\", ...]",
           "no [command]", "add it, or choose another adapter: reference, directory");
  refuse_unknown_keys(*table, Strings{"run", "environment"});
  system.command =
      read_argv(require_entry(*table, "run", "[\"tool\", \"{input}\", \"{surface}\"]"), folder, placeholders);
  const auto* environment = optional_table(*table, "environment");
  if (environment == nullptr) return;
  constexpr std::string_view digits = "0123456789";
  for (const auto& entry : std::get<TomlNode::Table>(environment->value)) {
    if (entry.key.empty() || digits.find(entry.key[0]) != std::string_view::npos || !is_plain(entry.key, "_"))
      refuse(entry.node, "not the name of an environment variable", "letters, digits and '_'", entry.key,
             "rename it");
    system.environment[entry.key] = text_of(entry);
  }
}

void read_directory(const TomlNode& root, const std::filesystem::path& folder, SystemDefinition& system) {
  const auto* table = optional_table(root, "directory");
  if (table == nullptr)
    refuse(root, "a directory system without a directory", "[directory] with path = \"returned/{case}\"",
           "no [directory]", "add it: the folder that holds a folder for each case");
  refuse_unknown_keys(*table, Strings{"path"});
  const auto& entry = require_entry(*table, "path", "\"returned/{case}\"");
  const std::string& path = nonempty_text_of(entry);
  refuse_unknown_placeholders(entry, path, Strings{std::string(case_placeholder)});
  system.directory = (folder / path).lexically_normal();
}

void read_reference(const TomlNode& root, SystemDefinition& system) {
  const auto* table = optional_table(root, "reference");
  if (table == nullptr) return;
  refuse_unknown_keys(*table, Strings{"set"});
  if (const auto* set = optional_table(*table, "set")) system.reference_set = settings_of(*set);
}

/// A table for an adapter that is not chosen would be settings that nobody uses.
void refuse_tables_of_other_adapters(const TomlNode& root, const std::string& adapter) {
  for (const auto& other : adapters)
    if (const auto* entry = find_entry(root, other); other != adapter && entry != nullptr)
      refuse(entry->node, "[" + other + "] in a system whose adapter is '" + adapter + "'",
             "only [" + adapter + "]", "[" + other + "]", "remove it, or set adapter = \"" + other + "\"");
}

void read_version(const TomlNode& root, const std::filesystem::path& folder, SystemDefinition& system) {
  const auto* command = find_entry(root, "version_command");
  system.version = optional_text(root, "version", "");
  if (command) system.version_command = read_argv(*command, folder, version_placeholders);
  if (command && !system.version.empty())
    refuse(command->node, "both version and version_command", "one of them", "both", "remove one");
  if (!command && system.version.empty() && system.adapter != "reference")
    refuse(root, "a system without a version",
           "version = \"...\", or version_command = [\"tool\", \"--version\"]", "neither",
           "say which version is graded: a grade is about one version");
}

void read_limits(const TomlNode& root, SystemDefinition& system) {
  if (const auto* entry = find_entry(root, "timeout_s")) system.timeout_s = positive_number_of(*entry);
  if (const auto* entry = find_entry(root, "memory_mib"))
    system.memory_mib = whole_number_of(*entry, 1, most_mib);
  if (const auto* entry = find_entry(root, "disk_mib"))
    system.disk_mib = whole_number_of(*entry, 1, most_mib);
}

void read_refusal(const TomlNode& root, SystemDefinition& system) {
  const auto* table = optional_table(root, "refusal");
  if (table == nullptr) return;
  refuse_unknown_keys(*table, Strings{"exit_codes"});
  const auto& entry = require_entry(*table, "exit_codes", "[3]");
  const auto* array = std::get_if<TomlNode::Array>(&entry.node.value);
  if (array == nullptr || array->empty())
    refuse(entry.node, "'exit_codes' is not a list", "[3]", describe(entry.node),
           "write the codes in brackets");
  for (const auto& code : *array)
    system.refusal_exit_codes.insert(static_cast<int>(whole_number_of({entry.key, code}, 1, 255)));
}

void read_printer(const TomlNode& root, SystemDefinition& system) {
  const auto* table = optional_table(root, "printer");
  if (table == nullptr) return;
  refuse_unknown_keys(*table, printer_keys);
  for (const auto& entry : std::get<TomlNode::Table>(table->value))
    system.printer[entry.key] = positive_number_of(entry);
}

/// The system's own words on what clause 5 wants to know: any key, a text, a number, or true or false.
void read_declares(const TomlNode& root, SystemDefinition& system) {
  const auto* table = optional_table(root, "declares");
  if (table == nullptr) return;
  for (const auto& entry : std::get<TomlNode::Table>(table->value)) {
    if (std::holds_alternative<std::string>(entry.node.value))
      system.declares[entry.key] = nonempty_text_of(entry);
    else
      system.declares[entry.key] = format_parameter(setting_of(entry));
  }
}

std::set<std::string> as_set(const Strings& names) { return {names.begin(), names.end()}; }

}  // namespace

SystemDefinition read_system(const std::filesystem::path& path) {
  const auto file = read_toml(path);
  const auto& root = file.root;
  const auto folder = std::filesystem::absolute(file.path).parent_path();
  refuse_unknown_keys(root, system_keys);

  SystemDefinition system;
  system.file = file.path;
  system.sha256 = file.sha256;
  system.name = read_name(root);
  system.adapter = choice_of(require_entry(root, "adapter", "\"command\""), adapters);
  refuse_tables_of_other_adapters(root, system.adapter);
  if (system.adapter == "command") read_command(root, folder, system);
  if (system.adapter == "directory") read_directory(root, folder, system);
  if (system.adapter == "reference") read_reference(root, system);
  read_version(root, folder, system);
  if (const auto* entry = find_entry(root, "tasks")) system.tasks = as_set(choices_of(*entry, task_names()));
  system.outputs = as_set(choices_of(require_entry(root, "outputs", "[\"mask\", \"surface\"]"), outputs));
  if (const auto* entry = find_entry(root, "input_format"))
    system.input_format = choice_of(*entry, input_formats);
  if (const auto* entry = find_entry(root, "surface_frame"))
    system.surface_frame = choice_of(*entry, surface_frames);
  if (const auto* entry = find_entry(root, "surface_unit"))
    system.surface_unit = choice_of(*entry, surface_units);
  read_limits(root, system);
  read_refusal(root, system);
  read_printer(root, system);
  read_declares(root, system);
  return system;
}

std::filesystem::path case_directory(const SystemDefinition& system, const std::string& case_name) {
  std::string path = system.directory.string();
  const auto at = path.find(case_placeholder);
  if (at == std::string::npos) return system.directory / case_name;
  return path.replace(at, case_placeholder.size(), case_name);
}

}  // namespace meshassay::suites
