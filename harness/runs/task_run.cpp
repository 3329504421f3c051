// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/runs/task_run.hpp"

#include <string>
#include <utility>

namespace meshassay::harness {
namespace {

namespace fs = std::filesystem;

std::string without_path(std::string text, const fs::path& run_dir) {
  const std::string prefix = run_dir.string() + "/";
  for (std::size_t at = 0; (at = text.find(prefix)) != std::string::npos;) text.erase(at, prefix.size());
  return text;
}

Submission without_paths(Submission submission, const fs::path& run_dir) {
  submission.status_detail = without_path(submission.status_detail, run_dir);
  for (auto& stage : submission.stages)
    if (stage.problem) stage.problem->detail = without_path(stage.problem->detail, run_dir);
  return submission;
}

}  // namespace

TaskRun run_task(const suites::SystemDefinition& system, const Task& task, const SystemRunOptions& options,
                 const fs::path& run_dir) {
  const auto run = system.tasks.contains(task.kind)
                       ? run_system(system, task, options)
                       : SystemRun{.status = CaseStatus::unsupported, .detail = "task " + task.kind};
  return {.submission = without_paths(read_submission(system, task, run), run_dir), .wall_s = run.wall_s};
}

}  // namespace meshassay::harness
