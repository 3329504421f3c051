// SPDX-License-Identifier: GPL-3.0-or-later
// saboteur FAULT TASK_JSON: the reference pipeline with one known fault.
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/errors.hpp"
#include "core/io/dicom_series.hpp"
#include "core/io/files.hpp"
#include "reference_pipeline/pipeline.hpp"
#include "tests/saboteurs/careless_reader.hpp"
#include "tests/saboteurs/faults.hpp"

namespace meshassay::saboteurs {
namespace {

struct TaskFile {
  std::filesystem::path input;
  std::vector<Target> targets;
  reference_pipeline::OutputPaths outputs;
};

TaskFile read_task(const std::filesystem::path& path) {
  const auto json = nlohmann::json::parse(io::read_file(path));
  TaskFile task{.input = json["inputs"].at(0)["path"].get<std::string>()};
  const auto& outputs = json["outputs"];
  for (const auto& target : json["targets"]) {
    task.targets.push_back(
        {.label = target["label"], .name = target["name"], .hu_range = target["hu_range"]});
    task.outputs.surfaces[target["label"]] =
        outputs["surfaces"].at(task.targets.size() - 1).get<std::string>();
  }
  task.outputs.mask = outputs["mask"].get<std::string>();
  task.outputs.record = outputs["record"].get<std::string>();
  for (const auto& [name, stage] : outputs["stages"].items())
    task.outputs.stages[name] = stage.get<std::string>();
  return task;
}

/// The files that were written, each cut in the middle.
void halve_files(const reference_pipeline::OutputPaths& outputs) {
  std::vector<std::filesystem::path> files = {outputs.mask, outputs.record};
  for (const auto& [label, path] : outputs.surfaces) files.push_back(path);
  for (const auto& file : files) std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
}

[[noreturn]] void hang() {
  while (true) pause();
}

[[noreturn]] void eat_memory() {
  std::vector<std::vector<char>> eaten;
  while (true) {
    eaten.emplace_back(std::size_t{16} << 20, 'x');
    usleep(5000);  // Fast, and still slow enough for a machine that has little else to do.
  }
}

[[noreturn]] void fill_disk(const std::filesystem::path& folder) {
  const std::string mebibyte(std::size_t{1} << 20, 'x');
  for (int i = 0;; ++i) io::write_file(folder / fmt::format("filling-{}", i), mebibyte);
}

/// How often this ran on the case before, by a file that it keeps: state of which a user knows nothing.
std::size_t earlier_runs(const std::filesystem::path& case_folder) {
  const auto memory = case_folder / "memory-of-the-saboteur";
  const std::string before = std::filesystem::exists(memory) ? io::read_file(memory) : std::string();
  io::write_file(memory, before + "x");
  return before.size();
}

int run(const std::string& fault, const std::filesystem::path& task_path) {
  if (fault == "crash") return 3;
  if (fault == "segfault") {
    signal(SIGSEGV, SIG_DFL);  // A sanitizer's handler would turn the death into an exit.
    raise(SIGSEGV);
  }
  if (fault == "hang") hang();
  if (fault == "memory_eater") eat_memory();
  if (fault == "disk_filler") fill_disk(task_path.parent_path());
  if (fault == "writes_nothing") return 0;

  const bool half_files = fault == "half_files";
  const bool careless = fault == "careless_reader";
  const bool drifting = fault == "drifting";
  const auto faults = fault_catalogue();
  const auto chosen = std::find_if(faults.begin(), faults.end(), [&](const Fault& candidate) {
    return candidate.name == (half_files || careless ? "clean" : drifting ? "half_voxel_shift" : fault);
  });
  if (chosen == faults.end()) throw InvalidInput({.what = "unknown fault", .got = fault});

  const auto task = read_task(task_path);
  const auto ct = careless ? read_carelessly(task.input) : io::read_ct(task.input);
  auto result = reference_pipeline::run_pipeline(
      ct, {.targets = task.targets,
           .parameters = resolve_parameters(reference_pipeline::pipeline_parameters(), {}, "saboteur"),
           .progress = {}});
  // Each run half a voxel farther off than the one before.
  const std::size_t times = drifting ? earlier_runs(task_path.parent_path().parent_path()) : 1;
  for (auto& stage : result.stages)
    for (std::size_t i = 0; i < times; ++i) chosen->apply(stage, ct.hu.grid);
  reference_pipeline::write_outputs(result, task.outputs);
  if (half_files) halve_files(task.outputs);
  return 0;
}

}  // namespace
}  // namespace meshassay::saboteurs

int main(int argc, char** argv) {
  if (argc != 3) {
    fmt::print(stderr, "usage: saboteur FAULT TASK_JSON\n");
    return 2;
  }
  try {
    return meshassay::saboteurs::run(argv[1], argv[2]);
  } catch (const std::exception& error) {
    fmt::print(stderr, "saboteur: {}\n", error.what());
    return 2;
  }
}
