// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/runs/artifacts.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "core/io/files.hpp"
#include "harness/measurement_pictures.hpp"

namespace meshassay::harness {
namespace {

namespace fs = std::filesystem;

/// A system may leave pipes, devices, and links: what a link points at is no file of this run.
bool is_file_of(const fs::path& path, const fs::path& run_dir) {
  std::error_code error;
  if (!fs::is_regular_file(fs::symlink_status(path, error))) return false;
  const fs::path real = fs::canonical(path, error), base = fs::canonical(run_dir, error);
  return !error && access(path.c_str(), R_OK) == 0 &&
         std::mismatch(base.begin(), base.end(), real.begin(), real.end()).first == base.end();
}

std::vector<fs::path> sorted_files(const fs::path& folder, const fs::path& run_dir) {
  std::vector<fs::path> files;
  std::error_code error;  // A folder that cannot be looked into holds nothing that could be kept.
  for (auto entry = fs::directory_iterator(folder, error); !error && entry != fs::directory_iterator();
       entry.increment(error))
    if (is_file_of(entry->path(), run_dir)) files.push_back(entry->path());
  std::sort(files.begin(), files.end());
  return files;
}

Artifact describe(const std::string& role, const fs::path& path, const fs::path& run_dir) {
  Artifact artifact{.role = role, .path = path.lexically_relative(run_dir).generic_string()};
  if (fs::is_directory(path)) {
    std::string listing;
    for (const auto& file : sorted_files(path, run_dir)) {
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
    if (is_file_of(path, run_dir)) artifacts.push_back(describe(role, path, run_dir));
  };
  for (const auto& input : task.inputs) {
    std::error_code error;
    if (fs::is_directory(fs::symlink_status(input.path, error)))
      artifacts.push_back(describe(input.role, input.path, run_dir));
    else
      add(input.role, input.path);
  }
  add("mask", task.outputs.mask);
  for (const auto& [label, path] : task.outputs.surfaces) add(fmt::format("surface:{}", label), path);
  for (const auto& [stage, path] : task.outputs.stages) add("stage:" + stage, path);
  add("record", task.outputs.record);
  add("picture", case_dir / picture_file);
  for (const auto& picture : measurement_pictures()) add("picture", case_dir / picture.file);
  for (const char* folder : {"truth", "logs"})
    for (const auto& file : sorted_files(case_dir / folder, run_dir)) add(folder, file);
  return artifacts;
}

}  // namespace meshassay::harness
