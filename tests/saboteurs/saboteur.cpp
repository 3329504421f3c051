// SPDX-License-Identifier: GPL-3.0-or-later
// saboteur FAULT TASK_JSON: the reference pipeline with one known fault.
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "core/errors.hpp"
#include "core/io/dicom_series.hpp"
#include "core/io/files.hpp"
#include "core/io/image_files.hpp"
#include "core/io/stl.hpp"
#include "core/label_map.hpp"
#include "reference_pipeline/pipeline.hpp"
#include "tests/saboteurs/careless_reader.hpp"
#include "tests/saboteurs/faults.hpp"

namespace meshassay::saboteurs {
namespace {

struct TaskFile {
  std::string kind;
  std::vector<std::filesystem::path> inputs;
  std::vector<Target> targets;
  reference_pipeline::OutputPaths outputs;  ///< What is not asked for has no path.
};

TaskFile read_task(const std::filesystem::path& path) {
  const auto json = nlohmann::json::parse(io::read_file(path));
  TaskFile task{.kind = json["kind"].get<std::string>()};
  for (const auto& input : json["inputs"]) task.inputs.emplace_back(input["path"].get<std::string>());
  const auto& outputs = json["outputs"];
  for (const auto& target : json["targets"]) {
    task.targets.push_back(
        {.label = target["label"], .name = target["name"], .hu_range = target["hu_range"]});
    task.outputs.surfaces[target["label"]] =
        outputs["surfaces"].at(task.targets.size() - 1).get<std::string>();
  }
  task.outputs.mask = outputs.value("mask", "");
  task.outputs.record = outputs["record"].get<std::string>();
  if (outputs.contains("stages"))
    for (const auto& [name, stage] : outputs["stages"].items())
      task.outputs.stages[name] = stage.get<std::string>();
  return task;
}

/// What the reference makes of a task, and the grid of the scan or mask that it was given.
struct Work {
  reference_pipeline::PipelineResult result;
  Grid grid;
};

Work do_work(const TaskFile& task, const Parameters& given, bool carelessly) {
  using namespace reference_pipeline;
  const PipelineOptions options{.targets = task.targets,
                                .parameters = resolve_parameters(pipeline_parameters(), given, "saboteur"),
                                .progress = {}};
  if (task.kind == "surface") {
    const auto mask = io::read_label_map(task.inputs.at(0));
    return {run_from_mask(mask, options), mask.grid};
  }
  if (task.kind == "edit" || task.kind == "export") {
    std::map<std::uint16_t, TriangleMesh> surfaces;
    for (std::size_t n = 0; n < task.targets.size(); ++n)
      surfaces[task.targets[n].label] = io::read_stl(task.inputs.at(n));
    const auto first = task.kind == "edit" ? FromSurface::editing : FromSurface::exporting;
    return {run_from_surfaces(std::move(surfaces), first, options), {}};
  }
  const auto ct = carelessly ? read_carelessly(task.inputs.at(0)) : io::read_ct(task.inputs.at(0));
  return {run_pipeline(ct, options), ct.hu.grid};
}

/// Settings that are wrong where the scan is segmented. A tenth of the contrast instead of half of it: the
/// boundary is where a voxel has a tenth of the object.
Parameters settings_of(const std::string& fault) {
  if (fault == "low_threshold") return {{"threshold_hu", -800.0}};
  return {};
}

bool enters(const Fault& fault, const reference_pipeline::PipelineResult& result) {
  return fault.enters_at.empty() ||
         std::any_of(result.stages.begin(), result.stages.end(),
                     [&](const Stage& stage) { return stage.name == fault.enters_at; });
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
  const Parameters settings = settings_of(fault);
  const bool is_clean_else = half_files || careless || !settings.empty();
  const auto faults = fault_catalogue();
  const auto chosen = std::find_if(faults.begin(), faults.end(), [&](const Fault& candidate) {
    return candidate.name == (is_clean_else ? "clean" : drifting ? "half_voxel_shift" : fault);
  });
  if (chosen == faults.end()) throw InvalidInput({.what = "unknown fault", .got = fault});

  const auto task = read_task(task_path);
  auto [result, grid] = do_work(task, settings, careless);
  // Each run half a voxel farther off than the one before.
  const std::size_t times = drifting ? earlier_runs(task_path.parent_path().parent_path()) : 1;
  if (enters(*chosen, result))
    for (auto& stage : result.stages)
      for (std::size_t i = 0; i < times; ++i) chosen->apply(stage, grid);
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
