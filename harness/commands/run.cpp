// SPDX-License-Identifier: GPL-3.0-or-later
// meshassay run: grade one system, or several side by side, with suites.
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "core/errors.hpp"
#include "core/io/files.hpp"
#include "harness/commands/commands.hpp"
#include "harness/console.hpp"
#include "harness/runs/runner.hpp"
#include "harness/shipped_files.hpp"
#include "reports/renderings.hpp"
#include "reports/run_json.hpp"
#include "suites/waivers.hpp"

namespace meshassay::harness {
namespace {

namespace fs = std::filesystem;

constexpr const char* default_system = "suites/systems/reference.toml";
constexpr const char* smoke_suite = "suites/smoke.toml";

const ShippedKind& shipped_suites() {
  static const ShippedKind kind{.name = "suite", .folder = "suites", .id_of = [](const fs::path& file) {
                                  return suites::read_suite(file).id;
                                }};
  return kind;
}

const ShippedKind& shipped_systems() {
  static const ShippedKind kind{.name = "system",
                                .folder = "suites/systems",
                                .id_of = [](const fs::path& file) { return suites::read_system(file).name; }};
  return kind;
}

std::vector<suites::Suite> read_suites(const Arguments& arguments) {
  auto names = arguments.all("SUITE");
  if (arguments.has("smoke")) {
    if (!names.empty())
      throw InvalidInput({.what = "--smoke runs a case of its own",
                          .where = "command line",
                          .expected = "no SUITE with --smoke",
                          .got = names.front(),
                          .mend = "leave out the suite, or --smoke"});
    names = {smoke_suite};
  }
  if (names.empty())
    throw InvalidInput({.what = "no suite is given",
                        .where = "command line",
                        .expected = "at least one SUITE, or --smoke",
                        .got = "nothing",
                        .mend = "for example: meshassay run quick --out out/quick"});
  std::vector<suites::Suite> suites;
  for (const auto& name : names) suites.push_back(suites::read_suite(find_shipped(name, shipped_suites())));
  return suites;
}

std::vector<suites::SystemDefinition> read_systems(const Arguments& arguments,
                                                   const std::vector<suites::Suite>& suites) {
  std::vector<fs::path> files;
  for (const auto& name : arguments.all("system")) files.push_back(find_shipped(name, shipped_systems()));
  if (files.empty())
    for (const auto& suite : suites) files.insert(files.end(), suite.systems.begin(), suite.systems.end());
  if (files.empty()) files.push_back(io::find_data_file(default_system));

  std::vector<suites::SystemDefinition> systems;
  std::set<std::string> names;
  for (const auto& file : files) {
    systems.push_back(suites::read_system(file));
    if (!names.insert(systems.back().name).second)
      throw InvalidInput({.what = "two systems have the same name",
                          .where = file.string(),
                          .expected = "a name of its own for each system of a run",
                          .got = systems.back().name,
                          .mend = "change 'name' in one of the files"});
  }
  return systems;
}

void print_result(const RunRecord& record, const fs::path& folder, bool json) {
  answer(json ? reports::to_json(record) : reports::render_text(record));
  say(fmt::format("report: {}", (folder / "report.html").string()));
}

// One folder a system, and the comparison beside them.
int run_study(const std::vector<RunOptions>& runs, const fs::path& out_dir, bool json) {
  std::vector<RunRecord> records;
  bool all_passed = true;
  for (const auto& options : runs) {
    say(fmt::format("system {}", options.system.name));
    records.push_back(run_suites(options));
    all_passed = all_passed && records.back().summary.passed;
  }
  io::write_file(out_dir / "study.md", reports::render_study_markdown(records));
  io::write_file(out_dir / "study.html", reports::render_study_html(records));
  if (json) {
    auto study =
        nlohmann::ordered_json{{"schema", "meshassay/study/1"}, {"runs", nlohmann::ordered_json::array()}};
    for (const auto& record : records)
      study["runs"].push_back(nlohmann::ordered_json::parse(reports::to_json(record)));
    answer(study.dump(2) + "\n");
  } else {
    answer(reports::render_study_text(records));
  }
  say(fmt::format("study: {}", (out_dir / "study.html").string()));
  return all_passed ? 0 : 1;
}

int run(const Arguments& arguments) {
  const auto suites = read_suites(arguments);
  const auto systems = read_systems(arguments, suites);
  const fs::path out_dir = arguments.get("out");
  const int threads = threads_in_use();
  const auto derived_runs = arguments.all("derived-runs");

  std::vector<RunOptions> runs;
  for (const auto& system : systems)
    runs.push_back({.suites = suites,
                    .system = system,
                    .out_dir = systems.size() == 1 ? out_dir : out_dir / system.name,
                    .filter = arguments.get("filter"),
                    .jobs = arguments.whole_number("jobs", 1).value_or(threads),
                    .threads = threads,
                    .repeat = arguments.whole_number("repeat", 1),
                    .derived_runs = {derived_runs.begin(), derived_runs.end()},
                    .resume = arguments.has("resume"),
                    .waivers = arguments.find("waivers") ? suites::read_waivers(*arguments.find("waivers"))
                                                         : std::vector<AppliedWaiver>{},
                    .operator_name = arguments.find("operator").value_or("")});
  for (const auto& options : runs) check_run(options);

  const bool json = arguments.has("json");
  if (runs.size() > 1) return run_study(runs, out_dir, json);
  const auto record = run_suites(runs.front());
  print_result(record, out_dir, json);
  return record.summary.passed ? 0 : 1;
}

}  // namespace

const CommandDefinition& run_command() {
  static const CommandDefinition command{
      .name = "run",
      .summary = "grade a system with suites",
      .positionals = {{.name = "SUITE",
                       .help = "a name that 'meshassay list suites' shows, or a file: found as given, under "
                               "$MESHASSAY_DATA, or among those installed",
                       .at_least = 0,
                       .at_most = 1000}},
      .options =
          {{.name = "out",
            .letter = 'o',
            .argument = "DIR",
            .help = "new folder for record, reports and files",
            .required = true},
           {.name = "system",
            .argument = "SYSTEM",
            .help = "a name that 'meshassay list systems' shows, or a file; several are graded side by side "
                    "(default: the suite's, else the "
                    "reference pipeline)",
            .repeated = true},
           {.name = "filter",
            .argument = "GLOB",
            .help = "only cases whose id matches",
            .default_value = "*"},
           {.name = "jobs",
            .letter = 'j',
            .argument = "N",
            .help = "cases at once (default: as many as threads)"},
           {.name = "repeat",
            .argument = "N",
            .help = "run the system N times on each case; the worst run is judged, and repeatability.* "
                    "says how the runs differ (default: the suite's, else 1)"},
           {.name = "derived-runs",
            .argument = "PLAN",
            .help = "run the system also on what its single steps should have been given; 'budget': what "
                    "each step adds to the error, as budget.* (default: as the suite says)",
            .repeated = true},
           {.name = "resume", .help = "go on with a run that was stopped"},
           {.name = "waivers", .argument = "FILE", .help = "failures that are expected"},
           {.name = "operator", .argument = "NAME", .help = "who runs it, for the record"},
           {.name = "smoke",
            .help = "one tiny case instead of a suite: are the adapter's paths, frame and units right?"},
           {.name = "json",
            .help = "print the run record on standard output (of several systems: a list of them)"}},
      .notes =
          "Status 0 only where at least one check was decided and none failed, was inconclusive, or ended in "
          "an error.\n"
          "DIR then holds run.json (everything), report.html, junit.xml, summary.md and the files of each "
          "case.",
      .example = "meshassay run quick --out out/quick",
      .run = run};
  return command;
}

}  // namespace meshassay::harness
