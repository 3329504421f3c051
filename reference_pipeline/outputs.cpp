// SPDX-License-Identifier: GPL-3.0-or-later
// From the stages in memory to files.
#include "core/io/image_files.hpp"
#include "core/io/stl.hpp"
#include "core/io/system_record.hpp"
#include "core/text.hpp"
#include "reference_pipeline/pipeline.hpp"

namespace meshassay::reference_pipeline {
namespace {

namespace fs = std::filesystem;

fs::path path_of_label(const fs::path& path, std::uint16_t label) {
  if (label <= 1) return path;
  return path.parent_path() / (path.stem().string() + "-" + format_number(label) + path.extension().string());
}

void write_stage(const Stage& stage, const fs::path& path) {
  if (stage.mask) io::write_label_map(*stage.mask, path);
  for (const auto& [label, mesh] : stage.surfaces) io::write_stl(mesh, path_of_label(path, label));
}

}  // namespace

void write_outputs(const PipelineResult& result, const OutputPaths& paths) {
  const LabelMap* final_mask = nullptr;
  for (const auto& stage : result.stages) {
    if (stage.mask) final_mask = &*stage.mask;
    if (const auto found = paths.stages.find(stage.name); found != paths.stages.end())
      write_stage(stage, found->second);
    if (stage.name != "exported") continue;
    for (const auto& [label, path] : paths.surfaces)
      if (const auto mesh = stage.surfaces.find(label); mesh != stage.surfaces.end() && !path.empty())
        io::write_stl(mesh->second, path);
  }
  if (final_mask && !paths.mask.empty()) io::write_label_map(*final_mask, paths.mask);
  if (!paths.record.empty()) io::write_system_record(result.record, paths.record);
}

}  // namespace meshassay::reference_pipeline
