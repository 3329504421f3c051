// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/runs/case_runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <new>

#include "core/errors.hpp"
#include "core/io/files.hpp"
#include "core/io/image_files.hpp"
#include "core/io/stl.hpp"
#include "core/trial.hpp"
#include "harness/measurement_pictures.hpp"
#include "harness/output_folder.hpp"
#include "harness/pictures.hpp"
#include "harness/runs/artifacts.hpp"
#include "harness/runs/case_preparation.hpp"
#include "harness/runs/derived_runs.hpp"
#include "harness/runs/task_run.hpp"
#include "harness/systems/task.hpp"
#include "metrics/registry.hpp"
#include "metrics/runs/repeatability.hpp"
#include "suites/case_object.hpp"
#include "suites/decision.hpp"
#include "suites/task_kind.hpp"

namespace meshassay::harness {
namespace {

namespace fs = std::filesystem;

class Stopwatch {
 public:
  /// Seconds since the last call.
  double lap_s() {
    const auto now = std::chrono::steady_clock::now();
    const double seconds = std::chrono::duration<double>(now - last_).count();
    last_ = now;
    return seconds;
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

void write_truth(const Truth& truth, const fs::path& truth_dir) {
  if (truth.mask) io::write_label_map(*truth.mask, truth_dir / "mask.nrrd");
  for (const auto& target : truth.targets)
    if (target.surface)
      io::write_stl(
          *target.surface,
          truth_dir / (target.label == 1 ? "surface.stl" : fmt::format("surface-{}.stl", target.label)));
}

// What `expect` asks of the system's answer, as a check like any other, unless the suite asks for it itself.
std::vector<suites::CheckDefinition> checks_of(const suites::SuiteCase& suite_case) {
  auto checks = suite_case.checks;
  const std::string rationale = "the case is made so that this is the right answer";
  const auto asks_for = [&](const std::string& metric) {
    return std::any_of(checks.begin(), checks.end(),
                       [&](const auto& check) { return check.metric == metric; });
  };
  if (suite_case.expect == "refused" && !asks_for("record.status"))
    checks.push_back({.metric = "record.status",
                      .equals = MeasuredValue(std::string("refused")),
                      .as_written = "equals refused",
                      .rationale = rationale});
  if (suite_case.expect == "warned" && !asks_for("record.warnings"))
    checks.push_back({.metric = "record.warnings",
                      .min = suites::Quantity{1.0, "1"},
                      .as_written = "min 1",
                      .rationale = rationale});
  return checks;
}

bool same_key(const Measurement& a, const Measurement& b) {
  return a.metric == b.metric && a.stage == b.stage && a.target == b.target;
}

// The measurements that belong to each check, and all that were made.
struct Measured {
  std::vector<Measurement> all;
  std::vector<std::vector<Measurement>> of_check;
};

Measured measure_case(const Trial& trial, const std::vector<suites::CheckDefinition>& checks) {
  Measured measured{.all = metrics::measure_all(trial), .of_check = {}};
  const auto made_by_default = measured.all;
  const auto pick = [](const std::vector<Measurement>& from, const std::string& metric) {
    std::vector<Measurement> picked;
    std::copy_if(from.begin(), from.end(), std::back_inserter(picked),
                 [&](const Measurement& measurement) { return measurement.metric == metric; });
    return picked;
  };

  // Whatever a check asks for beyond the defaults is measured once per stage.
  std::map<std::string, std::vector<metrics::MeasureItem>> wanted;
  for (const auto& check : checks)
    if (!check.stage.empty() || pick(made_by_default, check.metric).empty())
      wanted[check.stage].push_back({.metric = check.metric, .stage = check.stage});
  std::map<std::string, std::vector<Measurement>> made_for_stage;
  for (const auto& [stage, items] : wanted) {
    made_for_stage[stage] = metrics::measure(trial, items);
    for (const auto& measurement : made_for_stage[stage])
      if (std::none_of(measured.all.begin(), measured.all.end(),
                       [&](const Measurement& other) { return same_key(measurement, other); }))
        measured.all.push_back(measurement);
  }
  for (const auto& check : checks) {
    auto of_check = check.stage.empty() ? pick(made_by_default, check.metric) : std::vector<Measurement>{};
    if (of_check.empty()) of_check = pick(made_for_stage[check.stage], check.metric);
    measured.of_check.push_back(of_check);
  }
  return measured;
}

CheckResult result_of(const suites::CheckDefinition& check, const Limit& limit) {
  return {.metric = check.metric,
          .stage = check.stage,
          .limit = limit,
          .requirements = check.requirements,
          .rationale = check.rationale,
          .approved_by = check.approved_by};
}

std::vector<CheckResult> decide_checks(const std::vector<suites::CheckDefinition>& checks,
                                       const Measured& measured, const std::optional<Grid>& grid) {
  std::vector<CheckResult> results;
  for (std::size_t i = 0; i < checks.size(); ++i) {
    auto result = result_of(checks[i], suites::resolve_limit(checks[i], grid));
    if (measured.of_check[i].empty()) {
      result.reason = "no measurement was made";
      results.push_back(result);  // verdict: error
    }
    for (const auto& measurement : measured.of_check[i]) {
      const auto decision = suites::decide(measurement, result.limit);
      result.stage = measurement.stage;
      result.target = measurement.target;
      result.verdict = decision.verdict;
      result.reason = decision.reason;
      results.push_back(result);
    }
  }
  return results;
}

// The one place where an exception of ours becomes a verdict.
void grade(const Trial& trial, const std::vector<suites::CheckDefinition>& checks, CaseResult& result) {
  try {
    const auto measured = measure_case(trial, checks);
    result.measurements = measured.all;
    result.checks = decide_checks(checks, measured, trial.scan_grid);
  } catch (const MachineError&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    result.measurements.clear();
    result.checks.clear();
    for (const auto& check : checks) {
      result.checks.push_back(result_of(check, suites::resolve_limit(check, trial.scan_grid)));
      result.checks.back().reason = std::string("the measurement failed: ") + error.what();
    }
  }
}

// What a run leaves in the folder of its case. Every run finds the same paths, so that a path makes no
// difference.
constexpr const char* folders_of_run[] = {"out", "logs"};

fs::path aside(const fs::path& folder, int number) {
  return folder.parent_path() / fmt::format("{}-{}", folder.filename().string(), number);
}

void move_folder(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::remove_all(to, error);  // A system may have put something in its place.
  if (!fs::exists(fs::symlink_status(from, error))) return;
  fs::rename(from, to, error);
  if (error)
    throw MachineError({.what = "the files of a run cannot be set aside",
                        .where = from.string(),
                        .expected = "a folder that can be renamed to " + to.string(),
                        .got = error.message(),
                        .mend = "check permissions and free space"});
}

void set_run_aside(const fs::path& case_dir, int number) {
  for (const auto* folder : folders_of_run) move_folder(case_dir / folder, aside(case_dir / folder, number));
}

void bring_run_back(const fs::path& case_dir, int number) {
  for (const auto* folder : folders_of_run) move_folder(aside(case_dir / folder, number), case_dir / folder);
}

// How many checks ended in an error, failed and are inconclusive: the larger, in this order, the worse. A run
// that ended badly, unseen by its checks, has failed once more.
std::array<std::ptrdiff_t, 3> badness(const CaseResult& result) {
  const auto count = [&](Verdict verdict) {
    return std::count_if(result.checks.begin(), result.checks.end(),
                         [&](const CheckResult& check) { return check.verdict == verdict; });
  };
  return {count(Verdict::error), count(Verdict::fail) + (ended_badly_unseen(result) ? 1 : 0),
          count(Verdict::inconclusive)};
}

CaseResult judge_first_run(const Trial& trial, const std::vector<suites::CheckDefinition>& checks,
                           CaseResult result) {
  const auto& submission = trial.submissions.front();
  result.status = submission.status;
  result.status_detail = submission.status_detail;
  for (const auto& stage : submission.stages) result.stages.push_back(stage.name);
  result.record = submission.record;
  grade(trial, checks, result);
  return result;
}

bool same_answer(const Submission& a, const Submission& b) {
  return a.status == b.status && a.record == b.record && metrics::same_masks_and_surfaces(a, b);
}

// Fills in the result of the run that is judged, which is then the trial's first. Returns its number, from 1.
int judge_worst_run(Trial& trial, const std::vector<suites::CheckDefinition>& checks, CaseResult& result) {
  const CaseResult before = result;
  const std::size_t runs = trial.submissions.size();
  result = judge_first_run(trial, checks, before);
  std::size_t judged = 0;
  // Metrics of one run look at the first submission, so each has its turn there.
  for (std::size_t run = 1; run < runs; ++run) {
    if (same_answer(trial.submissions[0], trial.submissions[run])) continue;
    std::swap(trial.submissions[0], trial.submissions[run]);
    auto other = judge_first_run(trial, checks, before);
    if (badness(other) > badness(result)) {
      result = std::move(other);
      judged = run;
    } else {
      std::swap(trial.submissions[0], trial.submissions[run]);
    }
  }
  return static_cast<int>(judged) + 1;
}

}  // namespace

void check_case(const suites::Suite& suite, const suites::SuiteCase& suite_case) {
  (void)suites::case_object(suites::task_kind(suite_case.task).given)
      .check(suite_case, fmt::format("{}: case {}", suite.file.string(), suite_case.id));
}

CaseResult run_case(const CaseContext& context) {
  const auto& suite_case = *context.suite_case;
  const auto& system = *context.system;
  const fs::path case_dir = context.run_dir / "cases" / folder_name(suite_case.id);
  std::error_code ignored;
  fs::remove_all(case_dir, ignored);  // What a killed run left of this case.

  Stopwatch stopwatch;
  CaseResult result{.id = suite_case.id, .phantom = suite_case.phantom, .expect = suite_case.expect};
  const auto prepared = prepare_case(
      {.suite = context.suite, .suite_case = &suite_case, .system = &system, .case_dir = case_dir});
  const Task& task = prepared.task;
  result.phantom_parameters = prepared.phantom_parameters;
  result.scan_parameters = prepared.scan_parameters;
  result.timing_s["scan"] = stopwatch.lap_s();

  std::vector<Submission> submissions;
  const int runs = system.adapter == "directory" ? 1 : std::max(1, context.runs);
  for (int number = 1; number <= runs; ++number) {
    auto run =
        run_task(system, task, {.threads = context.threads, .logs_dir = case_dir / "logs"}, context.run_dir);
    result.timing_s["system"] += run.wall_s;
    submissions.push_back(std::move(run.submission));
    if (runs == 1) break;
    set_run_aside(case_dir, number);
    make_output_folder(task.out_dir);
  }
  auto derived = make_derived_runs(context, case_dir);
  result.derived_runs = std::move(derived.results);
  if (!derived.runs.empty()) result.timing_s["derived_runs"] = derived.wall_s;
  stopwatch.lap_s();

  Trial trial = prepared.make_trial();
  trial.submissions = std::move(submissions);
  trial.derived_runs = std::move(derived.runs);
  const int judged = judge_worst_run(trial, checks_of(suite_case), result);
  if (runs > 1) bring_run_back(case_dir, judged);
  // The truth is written when the system is done: it lies in no folder that the system could have looked
  // into.
  fs::remove_all(case_dir / "truth", ignored);  // A system may have put something in its place.
  write_truth(trial.truth, case_dir / "truth");
  io::write_file(case_dir / "truth" / "truth.json", prepared.truth_json);
  fs::remove_all(case_dir / picture_file, ignored);
  io::write_file(case_dir / picture_file, picture_of(trial, result.measurements, prepared.picture_texts));
  for (const auto& [file, make] : measurement_pictures()) {
    fs::remove_all(case_dir / file, ignored);
    if (const auto picture = make(result.measurements); !picture.empty())
      io::write_file(case_dir / file, picture);
  }
  result.timing_s["measure"] = stopwatch.lap_s();
  result.artifacts = collect_artifacts(task, case_dir, context.run_dir);
  return result;
}

Verdict case_verdict(const CaseResult& result) {
  // From bad to good; the first that occurs is the case's.
  for (const Verdict verdict : {Verdict::error, Verdict::fail, Verdict::inconclusive, Verdict::pass})
    if (std::any_of(result.checks.begin(), result.checks.end(), [&](const CheckResult& check) {
          return check.verdict == verdict && check.expectation == Expectation::none;
        }))
      return verdict;
  return Verdict::not_applicable;
}

}  // namespace meshassay::harness
