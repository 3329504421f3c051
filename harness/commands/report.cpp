// SPDX-License-Identifier: GPL-3.0-or-later
// meshassay report: render a run record again.
#include <fmt/format.h>

#include "harness/commands/commands.hpp"
#include "harness/console.hpp"
#include "harness/output_folder.hpp"
#include "harness/runs/runner.hpp"
#include "reports/renderings.hpp"
#include "reports/run_json.hpp"

namespace meshassay::harness {
namespace {

namespace fs = std::filesystem;

int run(const Arguments& arguments) {
  const fs::path dir = arguments.get("DIR");
  const auto record = reports::read_run_record(dir);
  std::vector<std::string> which;
  for (const auto& rendering : reports::rendering_catalogue())
    if (arguments.has(rendering.option)) which.push_back(rendering.option);
  const fs::path folder =
      arguments.find("out").value_or((fs::is_directory(dir) ? dir : dir.parent_path()).string());
  check_output_folder(folder.empty() ? "." : folder, Existing::may_hold_files);
  write_renderings(record, folder, which);
  answer(arguments.has("json") ? reports::to_json(record) : reports::render_text(record));
  say(fmt::format("written to {}", folder.string()));
  return 0;
}

std::vector<OptionDefinition> options() {
  std::vector<OptionDefinition> all = {{.name = "out",
                                        .letter = 'o',
                                        .argument = "FOLDER",
                                        .help = "where to write (default: beside run.json)"},
                                       {.name = "json", .help = "print the run record on standard output"}};
  for (const auto& rendering : reports::rendering_catalogue())
    all.push_back({.name = rendering.option,
                   .help = fmt::format("write {}: {}", rendering.file_name, rendering.description)});
  return all;
}

}  // namespace

const CommandDefinition& report_command() {
  static const CommandDefinition command{
      .name = "report",
      .summary = "write the reports of a run again",
      .positionals = {{.name = "DIR", .help = "folder of a run, or its run.json"}},
      .options = options(),
      .notes = "Without a choice, all reports are written.",
      .example = "meshassay report out/quick --html",
      .run = run};
  return command;
}

}  // namespace meshassay::harness
