// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/runs/runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <mutex>
#include <optional>
#include <set>
#include <system_error>
#include <thread>

#include "core/errors.hpp"
#include "core/io/files.hpp"
#include "core/text.hpp"
#include "harness/console.hpp"
#include "harness/identity.hpp"
#include "harness/output_folder.hpp"
#include "harness/runs/case_runner.hpp"
#include "harness/runs/journal.hpp"
#include "harness/systems/systems.hpp"
#include "reports/renderings.hpp"
#include "reports/run_json.hpp"
#include "suites/derived_runs.hpp"
#include "suites/requirements.hpp"
#include "suites/waivers.hpp"

namespace meshassay::harness {
namespace {

namespace fs = std::filesystem;

constexpr const char* journal_name = "journal.jsonl";

struct SelectedCase {
  const suites::Suite* suite;
  const suites::SuiteCase* suite_case;
};

std::vector<SelectedCase> select_cases(const RunOptions& options) {
  std::vector<SelectedCase> selected;
  for (const auto& suite : options.suites)
    for (const auto& suite_case : suite.cases)
      if (matches_glob(suite_case.id, options.filter)) selected.push_back({&suite, &suite_case});
  return selected;
}

std::string suite_list(const RunOptions& options, std::string suites::Suite::*member) {
  std::vector<std::string> parts;
  for (const auto& suite : options.suites) parts.push_back(suite.*member);
  return join(parts, " ");
}

JournalIdentity identity_of(const RunOptions& options) {
  const std::vector<std::string> derived_runs(options.derived_runs.begin(), options.derived_runs.end());
  return {{"tool", tool_identity().binary_sha256},
          {"suite", suite_list(options, &suites::Suite::sha256)},
          {"system", options.system.sha256},
          {"executable", executable_sha256(options.system)},
          {"filter", options.filter},
          {"repeat", options.repeat ? std::to_string(*options.repeat) : "as the suite says"},
          {"derived runs", derived_runs.empty() ? "as the suite says" : join(derived_runs, " ")}};
}

// Runs what the journal does not hold yet; results in the order of `selected`.
std::vector<CaseResult> run_cases(const RunOptions& options, const std::vector<SelectedCase>& selected,
                                  Journal& journal) {
  std::vector<std::optional<CaseResult>> results(selected.size());
  std::vector<std::size_t> to_do;
  for (std::size_t i = 0; i < selected.size(); ++i) {
    const auto& finished = journal.finished();
    const auto found = std::find_if(finished.begin(), finished.end(), [&](const CaseResult& result) {
      return result.id == selected[i].suite_case->id;
    });
    if (found != finished.end())
      results[i] = *found;
    else
      to_do.push_back(i);
  }
  if (to_do.size() < selected.size())
    say(fmt::format("{} of {} cases were finished before and are taken from the journal",
                    selected.size() - to_do.size(), selected.size()));

  ProgressBar progress(options.system.name, to_do.size());
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> stop = false;
  std::exception_ptr first_failure;
  std::mutex failure_mutex;
  const int jobs = std::clamp(options.jobs, 1, static_cast<int>(std::max<std::size_t>(to_do.size(), 1)));
  const auto work = [&] {
    for (std::size_t mine = 0; !stop && (mine = next++) < to_do.size();) {
      const std::size_t index = to_do[mine];
      try {
        results[index] = run_case({.suite = selected[index].suite,
                                   .suite_case = selected[index].suite_case,
                                   .system = &options.system,
                                   .run_dir = options.out_dir,
                                   .runs = options.repeat.value_or(selected[index].suite->repeat),
                                   .threads = std::max(1, options.threads / jobs),
                                   .derived_runs = options.derived_runs});
        journal.append(*results[index]);
        progress.advance(fmt::format("{}: {}", results[index]->id, to_string(case_verdict(*results[index]))));
      } catch (...) {
        const std::lock_guard lock(failure_mutex);
        if (!first_failure) first_failure = std::current_exception();
        stop = true;
      }
    }
  };
  {
    std::vector<std::jthread> pool;
    try {
      for (int i = 1; i < jobs; ++i) pool.emplace_back(work);
    } catch (const std::system_error&) {
      say(fmt::format("this machine gives no more than {} threads for cases", pool.size() + 1));
    }
    work();
  }
  if (first_failure) std::rethrow_exception(first_failure);

  std::vector<CaseResult> ordered;
  for (auto& result : results) ordered.push_back(std::move(*result));
  return ordered;
}

RunRecord describe_run(const RunOptions& options) {
  RunRecord record;
  record.tool = tool_identity();
  record.system = {.name = options.system.name,
                   .version = system_version(options.system),
                   .adapter = options.system.adapter,
                   .executable_sha256 = executable_sha256(options.system),
                   .file_sha256 = options.system.sha256,
                   .settings = options.system.reference_set,
                   .declares = options.system.declares};
  for (const auto& suite : options.suites)
    record.suites.push_back({.id = suite.id,
                             .version = suite.version,
                             .sha256 = suite.sha256,
                             .intended_use = suite.intended_use});
  record.seed = options.suites.front().seed;
  record.operator_name = options.operator_name;
  record.waivers = options.waivers;
  record.environment = describe_environment();
  return record;
}

void check_derived_runs(const RunOptions& options, const std::vector<SelectedCase>& selected) {
  const auto& known = suites::derived_run_plan_names();
  for (const auto& name : options.derived_runs)
    if (std::find(known.begin(), known.end(), name) == known.end())
      throw InvalidInput({.what = "unknown plan of derived runs",
                          .where = "--derived-runs",
                          .expected = join(known, ", "),
                          .got = name,
                          .mend = "choose one of them"});
  const bool none_can = std::none_of(selected.begin(), selected.end(), [](const SelectedCase& each) {
    return suites::can_have_derived_runs(*each.suite_case);
  });
  if (!options.derived_runs.empty() && none_can)
    throw InvalidInput({.what = "no case from which runs can be derived",
                        .where = "--derived-runs",
                        .expected = "a case that hands out a scan of which a model is to be made",
                        .got = *options.derived_runs.begin(),
                        .mend = "leave out --derived-runs, or choose another suite"});
}

}  // namespace

void check_run(const RunOptions& options) {
  const auto selected = select_cases(options);
  if (selected.empty())
    throw InvalidInput(
        {.what = "no case is selected",
         .where = "--filter",
         .expected = "a glob that matches the id of at least one case",
         .got = options.filter,
         .mend = "for example --filter '*' (ids: " + options.suites.front().cases.front().id + ", ...)"});
  std::set<std::string> ids;
  for (const auto& [suite, suite_case] : selected) {
    if (!ids.insert(suite_case->id).second)
      throw InvalidInput({.what = "two cases have the same id",
                          .where = suite->file.string(),
                          .expected = "ids that differ, in all suites of a run",
                          .got = suite_case->id,
                          .mend = "run the suites one by one, each with its own --out"});
    check_case(*suite, *suite_case);
  }
  check_derived_runs(options, selected);
  check_system(options.system);
  if (options.repeat.value_or(1) > 1 && options.system.adapter == "directory")
    throw InvalidInput({.what = "files that are already there cannot be made again",
                        .where = "--repeat",
                        .expected = "1 for a system with the adapter 'directory'",
                        .got = std::to_string(*options.repeat),
                        .mend = "leave out --repeat, or connect the program by a command"});
  if (options.resume && fs::exists(options.out_dir / journal_name)) return;
  check_output_folder(
      options.out_dir, Existing::must_be_empty,
      options.resume ? "--out: this folder holds no run to resume" : "--out, or add --resume");
}

RunRecord run_suites(const RunOptions& given) {
  const auto started = std::chrono::steady_clock::now();
  auto options = given;
  make_output_folder(options.out_dir);
  options.out_dir = fs::canonical(options.out_dir);  // Systems run in folders of their own.

  auto record = describe_run(options);
  Journal journal(options.out_dir / journal_name, identity_of(options), options.resume);
  record.cases = run_cases(options, select_cases(options), journal);
  journal.end();

  suites::apply_waivers(record.waivers, record.cases);
  record.requirements = suites::roll_up(suites::default_requirements(), record.cases);
  record.summary = suites::summarise(record.cases);
  record.timing_s["total"] =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  io::write_file(options.out_dir / "run.json", reports::to_json(record));
  write_renderings(record, options.out_dir);
  return record;
}

void write_renderings(const RunRecord& record, const fs::path& folder,
                      const std::vector<std::string>& which) {
  for (const auto& rendering : reports::rendering_catalogue())
    if (which.empty() || std::find(which.begin(), which.end(), rendering.option) != which.end())
      io::write_file(folder / rendering.file_name, rendering.render(record));
}

}  // namespace meshassay::harness
