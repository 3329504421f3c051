// SPDX-License-Identifier: GPL-3.0-or-later
// Files that are already there: software with only a graphical interface, worked by hand.
#include <fmt/format.h>

#include "core/errors.hpp"
#include "core/io/files.hpp"
#include "harness/systems/adapters.hpp"

namespace meshassay::harness {
namespace {

namespace fs = std::filesystem;

void check(const suites::SystemDefinition& system) {
  // The folder that holds those of the cases; a case's own may be missing, which is a grade.
  fs::path parent;
  for (const auto& part : system.directory) {
    if (part.string().find("{case}") != std::string::npos) break;
    parent /= part;
  }
  std::error_code ignored;
  if (fs::is_directory(parent, ignored)) return;
  throw InvalidInput({.what = "the folder with the system's files is not there",
                      .where = system.file.string() + ": [directory] path",
                      .expected = "a folder that holds a folder for each case",
                      .got = parent.string(),
                      .mend = "create it, or change 'path'; see docs/adapter.md"});
}

/// What the task asks for: all that is taken over.
std::vector<fs::path> wanted_files(const Task& task) {
  std::vector<fs::path> files = {task.outputs.mask, task.outputs.record};
  for (const auto& [label, path] : task.outputs.surfaces) files.push_back(path);
  for (const auto& [name, path] : task.outputs.stages)
    for (const auto& target : task.targets)
      if (path.extension() == ".stl" || target.label == 1) files.push_back(label_path(path, target.label));
  return files;
}

/// What is copied becomes part of the run, which others read: a link out of the folder could name any file of
/// the machine.
std::string why_not_taken(const suites::SystemDefinition& system, const fs::path& folder,
                          const fs::path& relative) {
  try {
    const auto bytes = fs::file_size(io::path_inside(folder, relative));
    return bytes > system.disk_mib << 20 ? fmt::format("{} bytes, more than disk_mib allows", bytes) : "";
  } catch (const InvalidInput&) {
    return "a link that leaves the folder";
  }
}

SystemRun run(const suites::SystemDefinition& system, const Task& task, const SystemRunOptions&) {
  const fs::path folder = suites::case_directory(system, folder_name(task.case_name));
  std::error_code error;
  if (!fs::is_directory(folder, error))
    return {.status = CaseStatus::bad_output, .detail = fmt::format("no folder {}", folder.string())};
  for (const auto& file : wanted_files(task)) {
    if (file.empty()) continue;
    const fs::path relative = file.lexically_relative(task.out_dir), source = folder / relative;
    if (!fs::is_regular_file(source, error)) continue;
    if (const auto problem = why_not_taken(system, folder, relative); !problem.empty())
      return {.status = CaseStatus::bad_output, .detail = fmt::format("{}: {}", source.string(), problem)};
    // Copied, not linked: what was graded stays as it was when the files are worked on again.
    fs::create_directories(file.parent_path(), error);
    fs::copy_file(source, file, fs::copy_options::overwrite_existing, error);
    if (error)
      throw MachineError({.what = "a file of the system cannot be copied",
                          .where = source.string(),
                          .expected = "a copy at " + file.string(),
                          .got = error.message(),
                          .mend = "check permissions and free space"});
  }
  return {};
}

fs::path executable(const suites::SystemDefinition&) { return {}; }

}  // namespace

const Adapter& directory_adapter() {
  static const Adapter adapter{.name = "directory", .check = check, .run = run, .executable = executable};
  return adapter;
}

}  // namespace meshassay::harness
