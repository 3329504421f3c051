// SPDX-License-Identifier: GPL-3.0-or-later
#include "suites/suite.hpp"

#include <algorithm>
#include <map>
#include <regex>
#include <set>

#include "core/io/files.hpp"
#include "core/text.hpp"
#include "phantoms/mask_pair.hpp"
#include "phantoms/mesh_phantom.hpp"
#include "phantoms/phantom.hpp"
#include "phantoms/scan/scan.hpp"
#include "suites/case_object.hpp"
#include "suites/check_reader.hpp"
#include "suites/decision.hpp"
#include "suites/derived_runs.hpp"
#include "suites/plain_text.hpp"
#include "suites/task_kind.hpp"
#include "suites/toml_reader.hpp"

namespace meshassay::suites {
namespace {

using Strings = std::vector<std::string>;

constexpr std::size_t most_cases = 10000;
constexpr int most_repeats = 1000;
const Strings suite_keys = {"id",     "version",      "intended_use", "seed", "now",
                            "repeat", "derived_runs", "systems",      "case", "check"};
const Strings case_keys = {"phantom", "scan", "task", "expect", "derived_runs", "check"};
const Strings expectations = {"done", "refused", "warned"};

/// One parameter as a file gives it: the values that it takes in turn.
struct Sweep {
  std::string name;
  std::vector<ParameterValue> values;
};

const ParameterDefinition* find_definition(std::span<const ParameterDefinition> definitions,
                                           const std::string& name) {
  for (const auto& definition : definitions)
    if (definition.name == name) return &definition;
  return nullptr;
}

/// Texts become part of case ids, and those of folder names.
const std::string& plain_name(const TomlNode& node, const std::string& text) {
  if (!is_plain(text.substr(0, 1), "") || !is_plain(text, "_.-"))
    refuse(node, "a text that cannot be part of a case id", "letters, digits, '_', '.', '-'", text,
           "use only those characters");
  return text;
}

ParameterValue scalar_of(const TomlNode& node) {
  if (const auto* truth = std::get_if<bool>(&node.value)) return *truth;
  if (const auto* number = std::get_if<double>(&node.value)) return *number;
  if (const auto* text = std::get_if<std::string>(&node.value)) return plain_name(node, *text);
  refuse(node, "not a value of a parameter", "true or false, a number, a text, or a list of them",
         describe(node), "write the value, or a list of values");
}

std::vector<double> numbers_of(const std::string& key, const TomlNode& node) {
  const auto* array = std::get_if<TomlNode::Array>(&node.value);
  if (array == nullptr || array->empty())
    refuse(node, "'" + key + "' takes arrays of numbers", "[0.5, 0.5, 2], or a list of such arrays",
           describe(node), "write an array of numbers");
  std::vector<double> numbers;
  for (const auto& element : *array) numbers.push_back(number_of({key, element}));
  return numbers;
}

/// A list gives a parameter several values; where the parameter is an array itself, a list of arrays does.
Sweep sweep_of(const TomlEntry& entry, const ParameterDefinition& definition) {
  Sweep sweep{.name = entry.key, .values = {}};
  const auto* list = std::get_if<TomlNode::Array>(&entry.node.value);
  if (list != nullptr && list->empty())
    refuse(entry.node, "'" + entry.key + "' has no value", "at least one", "an empty list",
           "remove the key, or write a value");
  if (std::holds_alternative<std::vector<double>>(definition.default_value)) {
    const bool several = list != nullptr && std::holds_alternative<TomlNode::Array>(list->front().value);
    if (several)
      for (const auto& element : *list) sweep.values.emplace_back(numbers_of(entry.key, element));
    else
      sweep.values.emplace_back(numbers_of(entry.key, entry.node));
  } else if (list != nullptr) {
    for (const auto& element : *list) sweep.values.push_back(scalar_of(element));
  } else {
    sweep.values.push_back(scalar_of(entry.node));
  }
  return sweep;
}

/// The sweeps of a table's keys that are not `reserved`, in file order.
std::vector<Sweep> sweeps_of(const TomlNode& table, std::span<const ParameterDefinition> definitions,
                             const Strings& reserved) {
  Strings known = reserved;
  for (const auto& definition : definitions) known.push_back(definition.name);
  refuse_unknown_keys(table, known);
  std::vector<Sweep> sweeps;
  for (const auto& entry : std::get<TomlNode::Table>(table.value))
    if (const auto* definition = find_definition(definitions, entry.key))
      sweeps.push_back(sweep_of(entry, *definition));
  return sweeps;
}

/// One combination of a case's sweeps.
struct Combination {
  std::string id;
  Parameters phantom, scan;
};

/// Every combination, the last sweep changing fastest; phantom parameters come first in the id.
std::vector<Combination> product(const TomlNode& node, const std::string& phantom,
                                 const std::vector<Sweep>& phantom_sweeps,
                                 const std::vector<Sweep>& scan_sweeps) {
  std::vector<Combination> combinations = {{.id = phantom, .phantom = {}, .scan = {}}};
  const auto multiply = [&](const Sweep& sweep, Parameters Combination::*parameters) {
    if (combinations.size() * sweep.values.size() > most_cases)
      refuse(node, "a case that expands to too many", "at most " + std::to_string(most_cases) + " cases",
             "more", "shorten the lists");
    std::vector<Combination> longer;
    for (const auto& combination : combinations)
      for (const auto& value : sweep.values) {
        longer.push_back(combination);
        (longer.back().*parameters)[sweep.name] = value;
        longer.back().id += "/" + sweep.name + "=" + format_parameter(value);
      }
    combinations = std::move(longer);
  };
  for (const auto& sweep : phantom_sweeps) multiply(sweep, &Combination::phantom);
  for (const auto& sweep : scan_sweeps) multiply(sweep, &Combination::scan);
  return combinations;
}

/// The scans that a case asks for: none, one table, or a list of them.
std::vector<const TomlNode*> scans_of(const TomlNode& table) {
  const auto* entry = find_entry(table, "scan");
  if (entry == nullptr) return {};
  std::vector<const TomlNode*> scans;
  if (std::holds_alternative<TomlNode::Array>(entry->node.value))
    for (const auto& scan : tables_of(*entry)) scans.push_back(&scan);
  else
    scans.push_back(&table_of(*entry));
  if (scans.empty())
    refuse(entry->node, "'scan' is an empty list", "at least one scan", "an empty list", "remove the key");
  return scans;
}

/// A check of the suite as a whole, for the cases that it names.
struct GeneralCheck {
  CheckDefinition check;
  std::string case_glob, phantom;  ///< Both must match; an empty phantom is any.
  const TomlNode* node = nullptr;
  bool used = false;
};

std::vector<GeneralCheck> read_general_checks(const TomlNode& root,
                                              std::span<const Requirement> requirements) {
  std::vector<GeneralCheck> checks;
  const auto* entry = find_entry(root, "check");
  if (entry == nullptr) return checks;
  for (const auto& table : tables_of(*entry)) {
    checks.push_back({.check = read_check(table, requirements, Strings{"cases", "phantom"}),
                      .case_glob = optional_text(table, "cases", "*"),
                      .phantom = optional_text(table, "phantom", ""),
                      .node = &table});
  }
  return checks;
}

/// Refuses a limit that no value on this case's grid can meet, which units may hide: min 1 slice, max 2
/// in_plane.
void refuse_impossible_limits(const TomlNode& node, const SuiteCase& suite_case,
                              const std::optional<Grid>& grid) {
  for (const auto& check : suite_case.checks) {
    for (const auto& bound : {check.min, check.max})
      if (bound && !grid && (bound->unit == "in_plane" || bound->unit == "slice"))
        refuse(node,
               "a limit in voxels where nothing is scanned: " + check.metric + " of case " + suite_case.id,
               "a limit in mm", check.as_written, "write it in mm");
    const auto limit = resolve_limit(check, grid);
    if (limit.min && limit.max && *limit.min > *limit.max)
      refuse(node, "min lies above max: " + check.metric + " of case " + suite_case.id, "min <= max",
             "min " + format_number(*limit.min) + ", max " + format_number(*limit.max), "correct the limits");
  }
}

void refuse_repeated_checks(const TomlNode& node, const SuiteCase& suite_case) {
  std::set<std::pair<std::string, std::string>> seen;
  for (const auto& check : suite_case.checks)
    if (!seen.emplace(check.metric, check.stage).second)
      refuse(node, "two checks on one measurement: " + check.metric + " of case " + suite_case.id,
             "one check for each metric and stage of a case", "two",
             "limit the general [[check]] with cases = \"...\" or phantom = \"...\", or remove one");
}

/// "did you mean ...?" for a phantom that there is none of, else the other text.
std::string nearest_phantom_or(const std::string& phantom, const std::string& otherwise) {
  Strings known;
  for (const auto& definition : phantoms::phantom_catalogue()) known.push_back(definition.id);
  for (const auto& definition : phantoms::mesh_phantom_catalogue()) known.push_back(definition.id);
  for (const auto& definition : phantoms::mask_pair_catalogue()) known.push_back(definition.id);
  const bool is_known = std::find(known.begin(), known.end(), phantom) != known.end();
  const std::string nearest = phantom.empty() || is_known ? "" : nearest_name(phantom, known);
  return nearest.empty() ? otherwise : "did you mean '" + nearest + "'?";
}

/// The plans of derived runs that a table names; none where it says nothing of them.
std::set<std::string> read_derived_runs(const TomlNode& table) {
  const auto* entry = find_entry(table, "derived_runs");
  if (entry == nullptr) return {};
  const auto names = texts_of(*entry);
  const auto& known = derived_run_plan_names();
  for (const auto& name : names)
    if (std::find(known.begin(), known.end(), name) == known.end())
      refuse_unknown(entry->node, "plan of derived runs", name, known);
  return {names.begin(), names.end()};
}

class CaseReader {
 public:
  CaseReader(const TomlNode& root, std::span<const Requirement> requirements)
      : requirements_(requirements),
        root_(root),
        general_checks_(read_general_checks(root, requirements)),
        derived_runs_of_all_(read_derived_runs(root)) {}

  void read(const TomlNode& table) {
    const auto& phantom_entry = require_entry(table, "phantom", "\"sphere\"");
    SuiteCase pattern{.id = "", .phantom = nonempty_text_of(phantom_entry)};
    if (const auto* task = find_entry(table, "task")) pattern.task = choice_of(*task, task_names());
    const auto& object = case_object(task_kind(pattern.task).given);
    const auto phantom_parameters = object.parameters_of(pattern.phantom, phantom_entry.node.where());
    if (const auto* expect = find_entry(table, "expect")) pattern.expect = choice_of(*expect, expectations);
    if (const auto* checks = find_entry(table, "check"))
      for (const auto& check : tables_of(*checks)) pattern.checks.push_back(read_check(check, requirements_));
    read_derived_runs_of_case(table, pattern);

    const auto phantom_sweeps = sweeps_of(table, phantom_parameters, case_keys);
    const auto scans = scans_of(table);
    if (!scans.empty() && !object.is_scanned)
      refuse(find_entry(table, "scan")->node, "'scan' where the task '" + pattern.task + "' is given no scan",
             "no scan", "a scan", "remove it, or choose a task that is given a scan");
    if (scans.empty()) add(table, pattern, product(table, pattern.phantom, phantom_sweeps, {}));
    for (const auto* scan : scans)
      add(table, pattern,
          product(*scan, pattern.phantom, phantom_sweeps, sweeps_of(*scan, phantoms::scan_parameters(), {})));
  }

  /// \throw InvalidInput where a general check found no case: it would be a limit that nobody applies.
  [[nodiscard]] std::vector<SuiteCase> finish() && {
    for (const auto& general : general_checks_)
      if (!general.used)
        refuse(*general.node, "a check that no case of the suite has: " + general.check.metric,
               "cases = \"...\" or phantom = \"...\" that match a case",
               "cases \"" + general.case_glob + "\"" +
                   (general.phantom.empty() ? "" : ", phantom \"" + general.phantom + "\""),
               nearest_phantom_or(general.phantom, "correct them, or remove the check"));
    if (!derived_runs_of_all_.empty() && !derived_runs_used_)
      refuse(find_entry(root_, "derived_runs")->node,
             "'derived_runs' of a suite in which no case makes a model",
             "a case with task = \"model\" and expect = \"done\"", "none", "remove the key");
    return std::move(cases_);
  }

 private:
  /// Those of the suite are for the cases that can have them; a case that names its own must be able to.
  void read_derived_runs_of_case(const TomlNode& table, SuiteCase& pattern) {
    pattern.derived_runs = read_derived_runs(table);
    if (can_have_derived_runs(pattern))
      pattern.derived_runs.insert(derived_runs_of_all_.begin(), derived_runs_of_all_.end());
    else if (!pattern.derived_runs.empty())
      refuse(find_entry(table, "derived_runs")->node, "'derived_runs' of a case that makes no model",
             "task = \"model\" and expect = \"done\"",
             "task \"" + pattern.task + "\", expect \"" + pattern.expect + "\"", "remove the key");
    derived_runs_used_ = derived_runs_used_ || !pattern.derived_runs.empty();
  }

  void add(const TomlNode& table, const SuiteCase& pattern, const std::vector<Combination>& combinations) {
    for (const auto& combination : combinations) {
      SuiteCase suite_case = pattern;
      suite_case.id = combination.id;
      suite_case.phantom_parameters = combination.phantom;
      suite_case.scan_parameters = combination.scan;
      const auto [first, is_new] = places_.emplace(suite_case.id, table.where());
      if (!is_new)
        refuse(table, "two cases have the same id", "ids that differ", suite_case.id,
               "the other is at " + first->second + "; change a parameter, or remove one");
      if (cases_.size() == most_cases)
        refuse(table, "too many cases", "at most " + std::to_string(most_cases), "more",
               "split the suite, or shorten its lists");
      add_general_checks(suite_case);
      // The harness adds a check of its own where a refusal or a warning is the right answer.
      if (suite_case.checks.empty() && suite_case.expect == "done")
        refuse(table, "a case without a check: " + suite_case.id, "at least one [[case.check]] or [[check]]",
               "none", "add one; a case that nothing is asked of would pass whatever comes back");
      refuse_repeated_checks(table, suite_case);
      refuse_impossible_limits(table, suite_case,
                               case_object(task_kind(suite_case.task).given)
                                   .check(suite_case, table.where() + ": case " + suite_case.id));
      cases_.push_back(std::move(suite_case));
    }
  }

  void add_general_checks(SuiteCase& suite_case) {
    std::vector<CheckDefinition> checks;
    for (auto& general : general_checks_) {
      if (!matches_glob(suite_case.id, general.case_glob)) continue;
      if (!general.phantom.empty() && general.phantom != suite_case.phantom) continue;
      general.used = true;
      checks.push_back(general.check);
    }
    suite_case.checks.insert(suite_case.checks.begin(), checks.begin(), checks.end());
  }

  std::span<const Requirement> requirements_;
  const TomlNode& root_;
  std::vector<GeneralCheck> general_checks_;
  std::set<std::string> derived_runs_of_all_;
  bool derived_runs_used_ = false;
  std::map<std::string, std::string> places_;
  std::vector<SuiteCase> cases_;
};

std::string read_now(const TomlNode& root) {
  const auto now = optional_text(root, "now", "2000-01-01T00:00:00Z");
  static const std::regex utc(
      "\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\dZ");
  if (!std::regex_match(now, utc))
    refuse(find_entry(root, "now")->node, "'now' is not a time", "ISO 8601 in UTC", now,
           "write for example now = \"2000-01-01T00:00:00Z\"");
  return now;
}

std::vector<std::filesystem::path> read_systems(const TomlFile& file) {
  std::vector<std::filesystem::path> systems;
  const auto* entry = find_entry(file.root, "systems");
  if (entry == nullptr) return systems;
  for (const auto& name : texts_of(*entry)) {
    const auto path = io::path_inside(file.path.parent_path(), name);
    if (!std::filesystem::is_regular_file(path))
      refuse(entry->node, "no such system file", "a file below the suite's folder", path.string(),
             "name it relative to the suite file, for example \"systems/reference.toml\"");
    systems.push_back(path);
  }
  return systems;
}

}  // namespace

Suite read_suite(const std::filesystem::path& path) { return read_suite(path, default_requirements()); }

Suite read_suite(const std::filesystem::path& path, std::span<const Requirement> requirements) {
  const auto file = read_toml(path);
  const auto& root = file.root;
  refuse_unknown_keys(root, suite_keys);
  Suite suite;
  suite.file = file.path;
  suite.sha256 = file.sha256;
  const auto& id = require_entry(root, "id", "\"quick\"");
  suite.id = plain_name(id.node, nonempty_text_of(id));
  suite.version = required_text(root, "version");
  suite.intended_use = required_text(root, "intended_use");
  suite.seed = whole_number_of(require_entry(root, "seed", "1"), 0, std::uint64_t{1} << 53);
  suite.now = read_now(root);
  if (const auto* repeat = find_entry(root, "repeat"))
    suite.repeat = static_cast<int>(whole_number_of(*repeat, 1, most_repeats));
  suite.systems = read_systems(file);

  CaseReader reader(root, requirements);
  const auto& cases = require_entry(root, "case", "at least one [[case]]");
  for (const auto& table : tables_of(cases)) reader.read(table);
  suite.cases = std::move(reader).finish();
  if (suite.cases.empty())
    refuse(cases.node, "a suite without a case", "at least one [[case]]", "none", "add one");
  return suite;
}

}  // namespace meshassay::suites
