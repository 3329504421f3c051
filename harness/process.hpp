// SPDX-License-Identifier: GPL-3.0-or-later
// One program, without a shell, in a process group of its own with limits of time, memory and disk; killed
// whole.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace meshassay::harness {

struct ProcessOptions {
  std::vector<std::string> argv;  ///< argv[0] is looked up in PATH.
  std::filesystem::path working_directory;
  std::map<std::string, std::string> environment;  ///< All of it: nothing is inherited.
  std::filesystem::path stdout_file, stderr_file;  ///< Cut at 16 MiB each.
  double timeout_s = 600.0;
  std::uint64_t memory_mib = 4096;  ///< Resident, of the whole group.
  std::uint64_t disk_mib = 4096;    ///< Below the working directory.
};

enum class ProcessEnd { exited, signalled, timed_out, out_of_memory, out_of_disk, not_started };

struct ProcessResult {
  ProcessEnd end = ProcessEnd::not_started;
  int code = 0;        ///< Exit status or signal.
  std::string detail;  ///< For people.
  double wall_s = 0.0;
  std::uint64_t peak_memory_mib = 0;
};

/// Returns when no process of the group is left.
[[nodiscard]] ProcessResult run_process(const ProcessOptions& options);

}  // namespace meshassay::harness
