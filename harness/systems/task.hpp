// SPDX-License-Identifier: GPL-3.0-or-later
// task.json: what a system is asked to do, one a case; no truth in it ("schema": "meshassay/task/1").
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/target.hpp"

namespace meshassay::harness {

struct TaskInput {
  std::string role;  ///< ct | mask | mesh | reference | test
  std::filesystem::path path;
  std::string format;  ///< dicom | nrrd | stl
};

struct TaskOutputs {
  std::filesystem::path mask, record;
  std::map<std::uint16_t, std::filesystem::path> surfaces;  ///< By label.
  std::map<std::string, std::filesystem::path> stages;
};

struct Task {
  std::string kind = "model";
  std::string case_name;
  std::string now;
  std::vector<TaskInput> inputs;
  std::vector<Target> targets;
  TaskOutputs outputs;                     ///< What is not asked for has no path.
  std::optional<double> min_thickness_mm;  ///< Of a repair: the least wall that the printer holds.
  std::filesystem::path out_dir;           ///< Working folder of the system; all outputs lie in it.
};

[[nodiscard]] std::string to_json(const Task& task);
/// The outputs that a task asks for by default: out_dir/mask.nrrd, surface.stl (surface-N.stl for label N >
/// 1), record.json, stages/NAME.nrrd|stl.
[[nodiscard]] TaskOutputs default_outputs(const std::filesystem::path& out_dir,
                                          const std::vector<Target>& targets);
/// Where the surface of a label is: `first` itself for label 1, "surface-2.stl" for label 2.
[[nodiscard]] std::filesystem::path label_path(const std::filesystem::path& first, std::uint16_t label);
/// The name of a case's folder: the id with '+' for '/', without characters that a file system may refuse,
/// and no longer than 100 bytes; a hash at its end where the id could not be kept as it is.
/// "sphere/radius_mm=5" -> "sphere+radius_mm=5".
[[nodiscard]] std::string folder_name(const std::string& case_id);

}  // namespace meshassay::harness
