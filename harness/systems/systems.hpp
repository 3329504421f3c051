// SPDX-License-Identifier: GPL-3.0-or-later
// Systems behind one interface: whatever is graded is given a task and leaves files; the files are read the
// same way for all.
#pragma once

#include <filesystem>
#include <string>

#include "core/submission.hpp"
#include "harness/systems/task.hpp"
#include "suites/system_definition.hpp"

namespace meshassay::harness {

/// How a system's work on one task ended, before its files are looked at.
struct SystemRun {
  CaseStatus status = CaseStatus::ok;
  std::string detail;
  double wall_s = 0.0;
};

struct SystemRunOptions {
  int threads = 1;                 ///< `{threads}`
  std::filesystem::path logs_dir;  ///< stdout.txt and stderr.txt of a command.
};

/// Whether it could run at all, asked before the first case. \throw InvalidInput for a command that is not in
/// PATH, a directory that is missing, settings that the reference does not know.
void check_system(const suites::SystemDefinition& system);

/// Runs the system on one task by its adapter (reference | command | directory). A crash, a time-out or a
/// broken limit is a status, never an exception. \throw MachineError where the harness itself cannot go on.
[[nodiscard]] SystemRun run_system(const suites::SystemDefinition& system, const Task& task,
                                   const SystemRunOptions& options);

/// What came back, read from the files of the task and converted from the declared frame and unit to LPS mm.
/// Files that are missing or cannot be read are stages with a problem.
[[nodiscard]] Submission read_submission(const suites::SystemDefinition& system, const Task& task,
                                         const SystemRun& run);

/// The version: as declared, or the first line that version_command prints.
[[nodiscard]] std::string system_version(const suites::SystemDefinition& system);
/// SHA-256 of what is run: the command's executable, or this program for the reference; empty for a
/// directory.
[[nodiscard]] std::string executable_sha256(const suites::SystemDefinition& system);

}  // namespace meshassay::harness
