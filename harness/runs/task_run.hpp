// SPDX-License-Identifier: GPL-3.0-or-later
// One run of a system on one task, and what came back of it.
#pragma once

#include <filesystem>

#include "core/submission.hpp"
#include "harness/systems/systems.hpp"
#include "harness/systems/task.hpp"
#include "suites/system_definition.hpp"

namespace meshassay::harness {

struct TaskRun {
  Submission submission;
  double wall_s = 0.0;
};

/// A task that the system does not take is `unsupported`. Details name files without the path of `run_dir`,
/// which would differ from run to run. \throw MachineError
[[nodiscard]] TaskRun run_task(const suites::SystemDefinition& system, const Task& task,
                               const SystemRunOptions& options, const std::filesystem::path& run_dir);

}  // namespace meshassay::harness
