// SPDX-License-Identifier: GPL-3.0-or-later
// One program, without a shell, in a process group of its own with limits of time, memory and disk; killed
// whole. Plain POSIX and Linux calls: Boost.Process 1.74 waits and handles SIGCHLD for the whole program,
// which several threads that each run a process do not survive.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace meshassay::harness {

struct ProcessOptions {
  std::vector<std::string> argv;  ///< argv[0] is looked up in the PATH of `environment`.
  std::filesystem::path working_directory;
  std::map<std::string, std::string> environment;  ///< All of it, and MESHASSAY_RUN, which names this run.
  std::filesystem::path stdout_file, stderr_file;  ///< Cut at 16 MiB each; empty: thrown away.
  double timeout_s = 600.0;
  std::uint64_t memory_mib = 4096;  ///< Resident, of the whole group.
  std::uint64_t disk_mib = 4096;    ///< Below the working directory; also the largest file of the group.
};

enum class ProcessEnd { exited, signalled, timed_out, out_of_memory, out_of_disk, not_started };

struct ProcessResult {
  ProcessEnd end = ProcessEnd::not_started;
  int code = 0;        ///< Exit status or signal.
  std::string detail;  ///< For people.
  double wall_s = 0.0;
  std::uint64_t peak_memory_mib = 0;
};

/// Runs it with an empty standard input. Returns when no process of the group is left, nor one that left the
/// group and still carries MESHASSAY_RUN; should this program be killed, the group is killed too.
/// May be called from several threads at once.
/// \throw MachineError where the machine has no pipe, process or log file to give.
[[nodiscard]] ProcessResult run_process(const ProcessOptions& options);

/// The executable file that `name` means: as given where it has a slash, else the first in `search_path`
/// ("/usr/bin:/bin"). Nothing where there is none.
[[nodiscard]] std::optional<std::filesystem::path> find_program(const std::string& name,
                                                                const std::string& search_path);

}  // namespace meshassay::harness
