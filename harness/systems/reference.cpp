// SPDX-License-Identifier: GPL-3.0-or-later
// The built-in pipeline, in this process. It is given files and leaves files, like any outsider.
#include <chrono>

#include "core/errors.hpp"
#include "core/io/dicom_series.hpp"
#include "core/io/system_record.hpp"
#include "harness/systems/adapters.hpp"
#include "harness/systems/invocation.hpp"
#include "reference_pipeline/pipeline.hpp"

namespace meshassay::harness {
namespace {

Parameters settings_of(const suites::SystemDefinition& system) {
  return resolve_parameters(reference_pipeline::pipeline_parameters(), system.reference_set,
                            system.file.string() + ": [reference] set");
}

void check(const suites::SystemDefinition& system) { (void)settings_of(system); }

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

void model(const suites::SystemDefinition& system, const Task& task) {
  CtVolume ct;
  if (refuses(task, ct)) return;
  const auto result = reference_pipeline::run_pipeline(
      ct, {.targets = task.targets, .parameters = settings_of(system), .progress = {}});
  reference_pipeline::OutputPaths paths{
      .mask = task.outputs.mask, .record = task.outputs.record, .surfaces = task.outputs.surfaces};
  if (system.outputs.contains("stages")) paths.stages = task.outputs.stages;
  reference_pipeline::write_outputs(result, paths);
}

SystemRun run(const suites::SystemDefinition& system, const Task& task, const SystemRunOptions&) {
  const auto start = std::chrono::steady_clock::now();
  SystemRun result;
  try {
    model(system, task);
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
