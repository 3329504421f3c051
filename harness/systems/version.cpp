// SPDX-License-Identifier: GPL-3.0-or-later
// Which version of a system is graded.
#include <stdlib.h>

#include "core/errors.hpp"
#include "core/io/files.hpp"
#include "harness/process/process.hpp"
#include "harness/systems/invocation.hpp"
#include "harness/systems/systems.hpp"

namespace meshassay::harness {
namespace {

namespace fs = std::filesystem;

/// A folder that is gone at the end of the scope.
struct TemporaryFolder {
  fs::path path;
  TemporaryFolder() {
    std::string name = (fs::temp_directory_path() / "meshassay-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr)
      throw MachineError({.what = "no temporary folder can be made", .where = name, .mend = "check TMPDIR"});
    path = name;
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
};

}  // namespace

std::string system_version(const suites::SystemDefinition& system) {
  if (system.version_command.empty()) return system.version.empty() ? MESHASSAY_VERSION : system.version;
  const TemporaryFolder folder;
  fs::create_directory(folder.path / "tmp");
  const auto process =
      run_process({.argv = expand(system.version_command, {{"{program}", this_program().string()}}),
                   .working_directory = folder.path,
                   .environment = clean_environment(system, folder.path, 1),
                   .stdout_file = folder.path / "stdout.txt",
                   .stderr_file = folder.path / "stderr.txt",
                   .timeout_s = 60.0,
                   .memory_mib = system.memory_mib,
                   .disk_mib = system.disk_mib});
  if (process.end == ProcessEnd::exited && process.code == 0)
    for (const char* name : {"stdout.txt", "stderr.txt"}) {  // Some tools print it on standard error.
      const std::string printed = io::read_file(folder.path / name);
      const auto begin = printed.find_first_not_of(" \t\r\n");
      if (begin == std::string::npos) continue;
      const auto end = printed.find_last_not_of(" \t\r", printed.find('\n', begin) - 1);
      return printed.substr(begin, end - begin + 1);
    }
  throw InvalidInput({.what = "the system does not tell its version",
                      .where = system.file.string() + ": version_command",
                      .expected = "exit code 0 and a line of text",
                      .got = process.detail + " and no line",
                      .mend = "correct version_command, or write the version itself: version = \"...\""});
}

}  // namespace meshassay::harness
