// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/artifacts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/io/files.hpp"

namespace meshassay::harness {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> sorted_files(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_regular_file()) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

Artifact describe(const std::string& role, const fs::path& path, const fs::path& run_dir) {
  Artifact artifact{.role = role, .path = path.lexically_relative(run_dir).generic_string()};
  if (fs::is_directory(path)) {
    std::string listing;
    for (const auto& file : sorted_files(path)) {
      listing += fmt::format("{}  {}\n", io::sha256_of_file(file), file.filename().string());
      artifact.bytes += fs::file_size(file);
    }
    artifact.sha256 = io::sha256_of_bytes(listing);
  } else {
    artifact.sha256 = io::sha256_of_file(path);
    artifact.bytes = fs::file_size(path);
  }
  return artifact;
}

}  // namespace

std::vector<Artifact> collect_artifacts(const Task& task, const fs::path& case_dir, const fs::path& run_dir) {
  std::vector<Artifact> artifacts;
  const auto add = [&](const std::string& role, const fs::path& path) {
    // A system may leave a link; what it points at is not a file of this run.
    if (!path.empty() && fs::exists(path) && !fs::is_symlink(path))
      artifacts.push_back(describe(role, path, run_dir));
  };
  for (const auto& input : task.inputs) add(input.role, input.path);
  add("mask", task.outputs.mask);
  for (const auto& [label, path] : task.outputs.surfaces) add(fmt::format("surface:{}", label), path);
  for (const auto& [stage, path] : task.outputs.stages) add("stage:" + stage, path);
  add("record", task.outputs.record);
  for (const char* folder : {"truth", "logs"})
    if (fs::is_directory(case_dir / folder))
      for (const auto& file : sorted_files(case_dir / folder)) add(folder, file);
  return artifacts;
}

}  // namespace meshassay::harness
