// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/runs/derived_runs.hpp"

#include <algorithm>
#include <utility>

#include "core/text.hpp"
#include "harness/runs/artifacts.hpp"
#include "harness/runs/case_preparation.hpp"
#include "harness/runs/task_run.hpp"
#include "suites/derived_runs.hpp"

namespace meshassay::harness {
namespace {

namespace fs = std::filesystem;
using suites::DerivedRunDefinition;
using suites::DerivedRunPlan;

// What the system is asked for, or all that it might have been.
struct ChosenTask {
  std::string task;
  bool is_taken = false;
};

ChosenTask choose_task(const DerivedRunDefinition& definition, const std::set<std::string>& taken) {
  for (const auto task : definition.tasks)
    if (taken.contains(std::string(task))) return {std::string(task), true};
  std::vector<std::string> tasks(definition.tasks.begin(), definition.tasks.end());
  return {join(tasks, " or "), false};
}

void make_run(const CaseContext& context, const fs::path& case_dir, const DerivedRunPlan& plan,
              const DerivedRunDefinition& definition, DerivedRuns& made) {
  const auto& system = *context.system;
  const auto chosen = choose_task(definition, system.tasks);
  DerivedRun run{.plan = std::string(plan.name),
                 .name = std::string(definition.name),
                 .task = chosen.task,
                 .submission = {},
                 .given = {}};
  DerivedRunResult result{.plan = run.plan, .name = run.name, .task = run.task};
  if (chosen.is_taken) {
    const auto derived = suites::derived_case(*context.suite_case, plan, definition, chosen.task);
    const fs::path folder = case_dir / (run.plan + "-" + run.name);
    auto prepared = prepare_case({.suite = context.suite,
                                  .suite_case = &derived,
                                  .system = &system,
                                  .case_dir = folder,
                                  .given = definition.given});
    auto finished = run_task(system, prepared.task, {.threads = context.threads, .logs_dir = folder / "logs"},
                             context.run_dir);
    made.wall_s += finished.wall_s;
    run.submission = std::move(finished.submission);
    run.given = std::move(prepared.given_surfaces);
    result.scan_parameters = prepared.scan_parameters;
    result.artifacts = collect_artifacts(prepared.task, folder, context.run_dir);
  } else {
    run.submission = {.status = CaseStatus::unsupported, .status_detail = "task " + chosen.task};
  }
  result.status = run.submission.status;
  result.status_detail = run.submission.status_detail;
  for (const auto& stage : run.submission.stages) result.stages.push_back(stage.name);
  result.record = run.submission.record;
  made.runs.push_back(std::move(run));
  made.results.push_back(std::move(result));
}

}  // namespace

std::set<std::string> derived_run_plans_of(const suites::SuiteCase& suite_case,
                                           const std::set<std::string>& added) {
  auto plans = suite_case.derived_runs;
  if (suites::can_have_derived_runs(suite_case)) plans.insert(added.begin(), added.end());
  return plans;
}

DerivedRuns make_derived_runs(const CaseContext& context, const fs::path& case_dir) {
  DerivedRuns made;
  for (const auto& name : derived_run_plans_of(*context.suite_case, context.derived_runs)) {
    const auto& plan = suites::derived_run_plan(name);
    for (const auto& definition : plan.runs) make_run(context, case_dir, plan, definition, made);
  }
  return made;
}

}  // namespace meshassay::harness
