// SPDX-License-Identifier: GPL-3.0-or-later
// meshassay compare: did anything get worse since the baseline?
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/commands/commands.hpp"
#include "harness/console.hpp"
#include "harness/runs/comparison.hpp"
#include "reports/run_json.hpp"

namespace meshassay::harness {
namespace {

std::string subject(const Change& change) {
  std::string text = change.case_id;
  for (const auto& part : {change.metric, change.stage, change.target})
    if (!part.empty()) text += " " + part;
  return text;
}

void print_json(const std::vector<Change>& changes, bool regressed, const Arguments& arguments) {
  nlohmann::ordered_json document{{"schema", "meshassay/compare/1"},
                                  {"baseline", arguments.get("BASELINE")},
                                  {"current", arguments.get("CURRENT")},
                                  {"regressed", regressed},
                                  {"changes", nlohmann::ordered_json::array()}};
  for (const auto& change : changes)
    document["changes"].push_back({{"kind", to_string(change.kind)},
                                   {"regression", is_regression(change.kind)},
                                   {"case", change.case_id},
                                   {"metric", change.metric},
                                   {"stage", change.stage},
                                   {"target", change.target},
                                   {"baseline", change.baseline},
                                   {"current", change.current}});
  answer(fmt::format("{}\n", document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace)));
}

std::size_t common_cases(const RunRecord& baseline, const RunRecord& current) {
  std::set<std::string> ids;
  for (const auto& each : current.cases) ids.insert(each.id);
  return static_cast<std::size_t>(std::count_if(baseline.cases.begin(), baseline.cases.end(),
                                                [&](const auto& each) { return ids.contains(each.id); }));
}

int run(const Arguments& arguments) {
  const auto baseline = reports::read_run_record(arguments.get("BASELINE"));
  const auto current = reports::read_run_record(arguments.get("CURRENT"));
  const auto changes = compare_runs(baseline, current);
  const auto regressions = std::count_if(changes.begin(), changes.end(),
                                         [](const Change& change) { return is_regression(change.kind); });
  // A baseline without cases has nothing to hold the current run against: that is never "no regression".
  const bool regressed = regressions > 0 || baseline.cases.empty();
  if (arguments.has("json")) {
    print_json(changes, regressed, arguments);
  } else {
    for (const auto& change : changes)
      answer(fmt::format("{:<20} {}: {} -> {}\n", to_string(change.kind), subject(change), change.baseline,
                         change.current));
    answer(fmt::format("{}: {} regressions, {} other changes, {} cases compared\n",
                       regressed ? "REGRESSED" : "no regression", regressions,
                       static_cast<long>(changes.size()) - regressions, common_cases(baseline, current)));
  }
  return regressed ? 1 : 0;
}

}  // namespace

const CommandDefinition& compare_command() {
  static const CommandDefinition command{
      .name = "compare",
      .summary = "compare two runs: what changed beyond both intervals, what vanished",
      .positionals = {{.name = "BASELINE", .help = "folder of a run, or its run.json"},
                      {.name = "CURRENT", .help = "likewise"}},
      .options = {{.name = "json", .help = "print JSON on standard output"}},
      .notes =
          "Status 1 where a value changed beyond both intervals, a verdict got worse, or a case, check or "
          "measurement vanished.",
      .example = "meshassay compare out/last-release out/tonight",
      .run = run};
  return command;
}

}  // namespace meshassay::harness
