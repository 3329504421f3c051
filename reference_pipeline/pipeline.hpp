// SPDX-License-Identifier: GPL-3.0-or-later
// The reference implementation: CT -> mask -> surface -> edited surface -> files. It never sees a phantom's
// truth, and it is judged like any outsider.
#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/ct_volume.hpp"
#include "core/parameters.hpp"
#include "core/progress.hpp"
#include "core/submission.hpp"
#include "core/target.hpp"

namespace meshassay::reference_pipeline {

/// One method of one step, for `list methods` and the documentation.
struct MethodDefinition {
  std::string id;         ///< Value of the parameter named by `parameter`: "half_maximum".
  std::string step;       ///< "segmentation", "mask editing", "reconstruction", "smoothing".
  std::string parameter;  ///< "segmentation", "islands", "extraction", "smoothing".
  std::string description;
};
[[nodiscard]] std::span<const MethodDefinition> method_catalogue();

/// What `--set` knows.
[[nodiscard]] std::span<const ParameterDefinition> pipeline_parameters();

/// Stages as they were made, by stage name; masks hold all targets, surfaces are per label.
struct PipelineResult {
  std::vector<Stage> stages;
  SystemRecord record;  ///< Every parameter of every step, and what was counted.
};

struct PipelineOptions {
  std::vector<Target> targets = {Target{}};
  Parameters parameters;  ///< Resolved against pipeline_parameters().
  Progress progress;
};

/// A CT in which nothing can be found ends with record.status "refused" and a reason, not with an exception.
[[nodiscard]] PipelineResult run_pipeline(const CtVolume& ct, const PipelineOptions& options);

/// From a mask on: reconstruction, smoothing, export. A mask has no grey values: vertices lie midway between
/// voxels, whatever `extraction` says. \throw InvalidInput for targets that are not usable.
[[nodiscard]] PipelineResult run_from_mask(const LabelMap& mask, const PipelineOptions& options);
/// From surfaces on, by label: smoothing and export, or export alone.
enum class FromSurface { editing, exporting };
[[nodiscard]] PipelineResult run_from_surfaces(std::map<std::uint16_t, TriangleMesh> surfaces,
                                               FromSurface first_step, const PipelineOptions& options);

/// Where the files go. Empty paths are not written.
struct OutputPaths {
  std::filesystem::path mask, record;
  std::map<std::uint16_t, std::filesystem::path> surfaces;  ///< By label.
  std::map<std::string, std::filesystem::path>
      stages;  ///< By stage; a surface stage of label N > 1 gets "-N" before ".stl".
};
/// Writes what there is; then removes what an earlier run left at paths where there is nothing to write.
void write_outputs(const PipelineResult& result, const OutputPaths& paths);

}  // namespace meshassay::reference_pipeline
