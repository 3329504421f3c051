// SPDX-License-Identifier: GPL-3.0-or-later
// The built-in pipeline and repair, in this process. They are given files and leave files, like any outsider.
#include <algorithm>
#include <chrono>
#include <iterator>
#include <map>

#include "core/errors.hpp"
#include "core/io/dicom_series.hpp"
#include "core/io/files.hpp"
#include "core/io/image_files.hpp"
#include "core/io/stl.hpp"
#include "core/io/system_record.hpp"
#include "core/label_map.hpp"
#include "harness/systems/adapters.hpp"
#include "harness/systems/invocation.hpp"
#include "reference_pipeline/pipeline.hpp"
#include "reference_pipeline/repair/repair.hpp"

namespace meshassay::harness {
namespace {

Parameters settings_of(const suites::SystemDefinition& system) {
  return resolve_parameters(reference_pipeline::pipeline_parameters(), system.reference_set,
                            system.file.string() + ": [reference] set");
}

// A scan that cannot be read rightly is refused: an answer, with a record that says why.
bool refuses(const Task& task, CtVolume& ct) {
  try {
    ct = io::read_ct(task.inputs.at(0).path);
    return false;
  } catch (const InvalidInput& error) {
    io::write_system_record({.status = "refused", .reason = error.text().what}, task.outputs.record);
    return true;
  }
}

reference_pipeline::PipelineOptions options_of(const suites::SystemDefinition& system, const Task& task) {
  return {.targets = task.targets, .parameters = settings_of(system), .progress = {}};
}

void write(const reference_pipeline::PipelineResult& result, const suites::SystemDefinition& system,
           const Task& task) {
  reference_pipeline::OutputPaths paths{
      .mask = task.outputs.mask, .record = task.outputs.record, .surfaces = task.outputs.surfaces};
  if (system.outputs.contains("stages")) paths.stages = task.outputs.stages;
  reference_pipeline::write_outputs(result, paths);
}

void model(const suites::SystemDefinition& system, const Task& task) {
  CtVolume ct;
  if (refuses(task, ct)) return;
  write(reference_pipeline::run_pipeline(ct, options_of(system, task)), system, task);
}

void mask_to_surface(const suites::SystemDefinition& system, const Task& task) {
  const LabelMap mask = io::read_label_map(task.inputs.at(0).path);
  write(reference_pipeline::run_from_mask(mask, options_of(system, task)), system, task);
}

// One file a target, in their order.
std::map<std::uint16_t, TriangleMesh> read_surfaces(const Task& task) {
  std::map<std::uint16_t, TriangleMesh> surfaces;
  for (std::size_t n = 0; n < task.targets.size(); ++n)
    surfaces[task.targets[n].label] = io::read_stl(task.inputs.at(n).path);
  return surfaces;
}

void edit_surfaces(const suites::SystemDefinition& system, const Task& task) {
  write(reference_pipeline::run_from_surfaces(read_surfaces(task), reference_pipeline::FromSurface::editing,
                                              options_of(system, task)),
        system, task);
}

void export_surfaces(const suites::SystemDefinition& system, const Task& task) {
  write(reference_pipeline::run_from_surfaces(read_surfaces(task), reference_pipeline::FromSurface::exporting,
                                              options_of(system, task)),
        system, task);
}

// The whole of a mesh, cavities filled: the outer hull is what a repair is scored against.
void repair_mesh(const suites::SystemDefinition&, const Task& task) {
  namespace repair = reference_pipeline::repair;
  const auto& input = task.inputs.at(0).path;
  const double min_thickness_mm = task.min_thickness_mm.value();
  const auto result = repair::repair(
      io::read_stl(input), {.min_thickness_mm = min_thickness_mm, .cavities = repair::Cavities::fill});
  SystemRecord record{.status = "done", .reason = result.reason};
  record.steps = {
      {.step = "repair",
       .method = "as_exact_as_possible",
       .parameters = {{"min_thickness_mm", min_thickness_mm}, {"cavities", std::string("fill")}}}};
  const auto& surface = task.outputs.surfaces.begin()->second;
  if (result.status == repair::RepairStatus::failed)
    record.status = "refused";  // No certificate, no file.
  else if (result.status == repair::RepairStatus::unchanged)
    io::write_file(surface, io::read_file(input));
  else
    io::write_stl(result.mesh, surface);
  io::write_system_record(record, task.outputs.record);
}

// What it can be asked to do.
struct Work {
  std::string_view task;
  void (*perform)(const suites::SystemDefinition& system, const Task& task);
};
constexpr Work works[] = {{"model", model},        {"segment", model},          {"surface", mask_to_surface},
                          {"edit", edit_surfaces}, {"export", export_surfaces}, {"repair", repair_mesh}};

const Work* find_work(std::string_view task) {
  const auto* found =
      std::find_if(std::begin(works), std::end(works), [&](const Work& work) { return work.task == task; });
  return found == std::end(works) ? nullptr : found;
}

void check(const suites::SystemDefinition& system) {
  (void)settings_of(system);
  for (const auto& task : system.tasks)
    if (find_work(task) == nullptr)
      throw InvalidInput({.what = "the built-in reference does not do this task",
                          .where = system.file.string() + ": tasks",
                          .expected = "model, segment, surface, edit, export or repair",
                          .got = task,
                          .mend = "remove it: such cases are then 'unsupported'"});
}

SystemRun run(const suites::SystemDefinition& system, const Task& task, const SystemRunOptions&) {
  const auto start = std::chrono::steady_clock::now();
  SystemRun result;
  try {
    find_work(task.kind)->perform(system, task);
  } catch (const MachineError&) {
    throw;  // A full disk is not the pipeline's fault.
  } catch (const std::exception& error) {
    result = {.status = CaseStatus::crashed, .detail = error.what()};
  }
  result.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

std::filesystem::path executable(const suites::SystemDefinition&) { return this_program(); }

}  // namespace

const Adapter& reference_adapter() {
  static const Adapter adapter{.name = "reference", .check = check, .run = run, .executable = executable};
  return adapter;
}

}  // namespace meshassay::harness
