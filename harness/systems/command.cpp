// SPDX-License-Identifier: GPL-3.0-or-later
// A program of the vendor, run once a case.
#include <fmt/format.h>

#include <algorithm>

#include "core/errors.hpp"
#include "core/io/files.hpp"
#include "harness/process/process.hpp"
#include "harness/systems/adapters.hpp"
#include "harness/systems/invocation.hpp"

namespace meshassay::harness {
namespace {

namespace fs = std::filesystem;

fs::path executable(const suites::SystemDefinition& system) {
  return find_program(expand({system.command.at(0)}, {{"{program}", this_program().string()}}).front(),
                      search_path_of(system))
      .value_or("");
}

void check(const suites::SystemDefinition& system) {
  if (!executable(system).empty()) return;
  throw InvalidInput(
      {.what = "the system's program is not there, or may not be executed",
       .where = system.file.string() + ": [command] run",
       .expected = "a program in PATH, or its path (./tool: beside the system file)",
       .got = system.command.at(0),
       .mend = "install it, correct its name, or 'chmod +x' it; PATH is " + search_path_of(system)});
}

Substitutions substitutions_of(const Task& task, const fs::path& task_file, int threads) {
  Substitutions substitutions = {{"{program}", this_program().string()}};
  substitutions["{task}"] = task_file.string();
  substitutions["{input}"] = task.inputs.empty() ? "" : task.inputs.front().path.string();
  for (const std::string role : {"reference", "test"}) {
    const auto found = std::find_if(task.inputs.begin(), task.inputs.end(),
                                    [&](const TaskInput& input) { return input.role == role; });
    substitutions["{" + role + "}"] = found == task.inputs.end() ? "" : found->path.string();
  }
  substitutions["{label}"] = task.targets.empty() ? "" : std::to_string(task.targets.front().label);
  substitutions["{mask}"] = task.outputs.mask.string();
  substitutions["{surface}"] =
      task.outputs.surfaces.empty() ? "" : task.outputs.surfaces.begin()->second.string();
  substitutions["{record}"] = task.outputs.record.string();
  substitutions["{out_dir}"] = task.out_dir.string();
  substitutions["{min_thickness_mm}"] =
      task.min_thickness_mm ? fmt::format("{}", *task.min_thickness_mm) : "";
  substitutions["{threads}"] = std::to_string(threads);
  return substitutions;
}

CaseStatus status_of(const ProcessResult& process, const suites::SystemDefinition& system) {
  if (process.end == ProcessEnd::timed_out) return CaseStatus::timed_out;
  if (process.end != ProcessEnd::exited) return CaseStatus::crashed;
  if (process.code == 0) return CaseStatus::ok;
  return system.refusal_exit_codes.contains(process.code) ? CaseStatus::refused : CaseStatus::crashed;
}

/// The program runs in another folder, so every path that it gets is absolute.
Task with_absolute_paths(Task task) {
  const auto make_absolute = [](fs::path& path) {
    if (!path.empty()) path = fs::absolute(path).lexically_normal();
  };
  make_absolute(task.out_dir);
  make_absolute(task.outputs.mask);
  make_absolute(task.outputs.record);
  for (auto& input : task.inputs) make_absolute(input.path);
  for (auto& [label, path] : task.outputs.surfaces) make_absolute(path);
  for (auto& [name, path] : task.outputs.stages) make_absolute(path);
  return task;
}

SystemRun run(const suites::SystemDefinition& system, const Task& given, const SystemRunOptions& options) {
  const Task task = with_absolute_paths(given);
  const fs::path task_file = task.out_dir / "task.json", scratch = task.out_dir / "tmp";
  std::error_code ignored;  // A folder that is not there is found by write_file and by the process.
  fs::create_directories(scratch, ignored);
  for (const auto& [name, path] : task.outputs.stages) fs::create_directories(path.parent_path(), ignored);
  io::write_file(task_file, to_json(task));

  const auto process =
      run_process({.argv = expand(system.command, substitutions_of(task, task_file, options.threads)),
                   .working_directory = task.out_dir,
                   .environment = clean_environment(system, task.out_dir, options.threads),
                   .stdout_file = options.logs_dir / "stdout.txt",
                   .stderr_file = options.logs_dir / "stderr.txt",
                   .timeout_s = system.timeout_s,
                   .memory_mib = system.memory_mib,
                   .disk_mib = system.disk_mib});
  fs::remove_all(scratch, ignored);
  SystemRun result{.status = status_of(process, system), .wall_s = process.wall_s};
  if (result.status != CaseStatus::ok) result.detail = process.detail;
  return result;
}

}  // namespace

const Adapter& command_adapter() {
  static const Adapter adapter{.name = "command", .check = check, .run = run, .executable = executable};
  return adapter;
}

}  // namespace meshassay::harness
