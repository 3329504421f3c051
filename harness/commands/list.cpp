// SPDX-License-Identifier: GPL-3.0-or-later
// meshassay list: what there is to choose from.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/errors.hpp"
#include "core/text.hpp"
#include "harness/commands/commands.hpp"
#include "harness/console.hpp"
#include "harness/output_folder.hpp"
#include "harness/phantom_pictures.hpp"
#include "harness/shipped_files.hpp"
#include "metrics/registry.hpp"
#include "phantoms/mask_pair.hpp"
#include "phantoms/mesh_phantom.hpp"
#include "phantoms/phantom.hpp"
#include "phantoms/scan/scan.hpp"
#include "reference_pipeline/pipeline.hpp"
#include "suites/requirements.hpp"
#include "suites/suite.hpp"
#include "suites/system_definition.hpp"

namespace meshassay::harness {
namespace {

using nlohmann::ordered_json;

/// One thing that can be chosen, as a person and as a program see it.
struct Item {
  std::string id, text;
  ordered_json json;
};

ordered_json to_json(std::span<const ParameterDefinition> definitions) {
  auto rows = ordered_json::array();
  for (const auto& definition : definitions) {
    ordered_json row{{"name", definition.name},
                     {"default", format_parameter(definition.default_value)},
                     {"description", definition.description}};
    if (definition.min) row["min"] = *definition.min;
    if (definition.max) row["max"] = *definition.max;
    if (!definition.choices.empty()) row["choices"] = definition.choices;
    rows.push_back(row);
  }
  return rows;
}

std::string to_text(std::span<const ParameterDefinition> definitions) {
  std::string lines;
  for (const auto& definition : definitions)
    lines += fmt::format("\n      {} = {}: {}{}", definition.name, format_parameter(definition.default_value),
                         definition.description,
                         definition.choices.empty() ? "" : " (" + join(definition.choices, " | ") + ")");
  return lines;
}

std::vector<Item> list_suites() {
  std::vector<Item> items;
  for (const auto& file : shipped_files("suites")) {
    const auto suite = suites::read_suite(file);
    items.push_back(
        {suite.id,
         fmt::format("{} {}; {} ({})", suite.cases.size(), suite.cases.size() == 1 ? "case" : "cases",
                     suite.intended_use, file.string()),
         {{"version", suite.version},
          {"intended_use", suite.intended_use},
          {"cases", suite.cases.size()},
          {"file", file.string()}}});
  }
  return items;
}

std::vector<Item> list_phantoms() {
  std::vector<Item> items;
  for (const auto& phantom : phantoms::phantom_catalogue())
    items.push_back(
        {phantom.id,
         phantom.asks + to_text(phantom.parameters),
         {{"kind", "scan"}, {"asks", phantom.asks}, {"parameters", to_json(phantom.parameters)}}});
  for (const auto& phantom : phantoms::mesh_phantom_catalogue())
    items.push_back(
        {phantom.id,
         "[mesh] " + phantom.asks + to_text(phantom.parameters),
         {{"kind", "mesh"}, {"asks", phantom.asks}, {"parameters", to_json(phantom.parameters)}}});
  for (const auto& pair : phantoms::mask_pair_catalogue())
    items.push_back({pair.id,
                     "[pair of masks] " + pair.asks + to_text(pair.parameters),
                     {{"kind", "masks"}, {"asks", pair.asks}, {"parameters", to_json(pair.parameters)}}});
  items.push_back(
      {"(every scan)",
       "how a phantom is scanned" + to_text(phantoms::scan_parameters()),
       {{"asks", "how a phantom is scanned"}, {"parameters", to_json(phantoms::scan_parameters())}}});
  return items;
}

std::vector<Item> list_metrics() {
  std::vector<Item> items;
  for (const auto& family : metrics::metric_registry())
    for (const auto& metric : family.metrics)
      items.push_back({metric.id,
                       fmt::format("[{}] {}", metric.unit, metric.definition),
                       {{"unit", metric.unit},
                        {"family", family.name},
                        {"needs", family.needs},
                        {"signed", metric.is_signed},
                        {"definition", metric.definition},
                        {"source", metric.source},
                        {"parameters", to_json(family.parameters)}}});
  return items;
}

std::vector<Item> list_requirements() {
  std::vector<Item> items;
  for (const auto& requirement : suites::default_requirements())
    items.push_back(
        {requirement.id,
         fmt::format(
             "[list: {}, item: {}] {}{}", requirement.list.empty() ? "-" : requirement.list, requirement.item,
             requirement.summary,
             requirement.not_covered.empty() ? "" : " (not covered: " + requirement.not_covered + ")"),
         {{"list", requirement.list},
          {"item", requirement.item},
          {"how", requirement.how},
          {"summary", requirement.summary},
          {"harness", requirement.harness},
          {"not_covered", requirement.not_covered}}});
  return items;
}

std::vector<Item> list_methods() {
  std::vector<Item> items;
  for (const auto& method : reference_pipeline::method_catalogue())
    items.push_back(
        {method.id,
         fmt::format("{} (--set {}={}): {}", method.step, method.parameter, method.id, method.description),
         {{"step", method.step}, {"parameter", method.parameter}, {"description", method.description}}});
  items.push_back({"(every run)",
                   "what --set knows" + to_text(reference_pipeline::pipeline_parameters()),
                   {{"parameters", to_json(reference_pipeline::pipeline_parameters())}}});
  return items;
}

std::vector<Item> list_systems() {
  std::vector<Item> items;
  for (const auto& file : shipped_files("suites/systems")) {
    const auto system = suites::read_system(file);
    items.push_back({system.name,
                     fmt::format("{} ({})", system.adapter, file.string()),
                     {{"adapter", system.adapter}, {"file", file.string()}}});
  }
  return items;
}

struct Kind {
  const char* name;
  std::vector<Item> (*items)();
};
constexpr Kind kinds[] = {{"suites", list_suites},   {"phantoms", list_phantoms},
                          {"metrics", list_metrics}, {"requirements", list_requirements},
                          {"methods", list_methods}, {"systems", list_systems}};

const Kind& find_kind(const std::string& name) {
  std::vector<std::string> known;
  for (const auto& kind : kinds) {
    if (kind.name == name) return kind;
    known.emplace_back(kind.name);
  }
  const std::string nearest = nearest_name(name, known);
  throw InvalidInput(
      {.what = "nothing of that kind can be listed",
       .where = "command line of 'meshassay list'",
       .expected = "one of " + join(known, ", "),
       .got = name,
       .mend = nearest.empty() ? "choose one of them" : fmt::format("did you mean '{}'?", nearest)});
}

int run(const Arguments& arguments) {
  const auto& kind = find_kind(arguments.get("KIND"));
  if (const auto folder = arguments.find("pictures")) {
    if (arguments.get("KIND") != "phantoms")
      throw InvalidInput({.what = "only phantoms have pictures",
                          .where = "command line of 'meshassay list'",
                          .expected = "list phantoms --pictures DIR",
                          .got = "list " + arguments.get("KIND") + " --pictures",
                          .mend = "leave out --pictures"});
    check_output_folder(*folder, Existing::may_hold_files, "--pictures");
    make_output_folder(*folder);
    write_phantom_pictures(*folder);
  }
  const auto items = kind.items();
  if (arguments.has("json")) {
    ordered_json document{
        {"schema", "meshassay/list/1"}, {"kind", kind.name}, {"items", ordered_json::array()}};
    for (const auto& item : items) {
      ordered_json row{{"id", item.id}};
      row.update(item.json);
      document["items"].push_back(row);
    }
    answer(
        fmt::format("{}\n", document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace)));
  } else {
    for (const auto& item : items) answer(fmt::format("{:<34} {}\n", item.id, item.text));
  }
  return 0;
}

}  // namespace

const CommandDefinition& list_command() {
  static const CommandDefinition command{
      .name = "list",
      .summary = "show what there is: suites, phantoms, metrics, requirements, methods, systems",
      .positionals = {{.name = "KIND",
                       .help = "suites | phantoms | metrics | requirements | methods | systems"}},
      .options = {{.name = "json", .help = "print JSON on standard output"},
                  {.name = "pictures",
                   .argument = "DIR",
                   .help = "of phantoms: NAME.png of each, and all.png"}},
      .example = "meshassay list metrics",
      .run = run};
  return command;
}

}  // namespace meshassay::harness
