// SPDX-License-Identifier: GPL-3.0-or-later
// From the stages in memory to files.
#include <set>

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

// What an earlier run left where this one has nothing to write would stand beside a record that does not
// speak of it.
void remove_stale(const fs::path& path, const std::set<fs::path>& written) {
  std::error_code ignored;
  if (!path.empty() && !written.contains(path)) fs::remove(path, ignored);
}

}  // namespace

void write_outputs(const PipelineResult& result, const OutputPaths& paths) {
  std::set<fs::path> written;
  const auto write_mask = [&](const LabelMap& mask, const fs::path& path) {
    io::write_label_map(mask, path);
    written.insert(path);
  };
  const auto write_surface = [&](const TriangleMesh& mesh, const fs::path& path) {
    io::write_stl(mesh, path);
    written.insert(path);
  };

  const LabelMap* final_mask = nullptr;
  for (const auto& stage : result.stages) {
    if (stage.mask) final_mask = &*stage.mask;
    if (const auto found = paths.stages.find(stage.name); found != paths.stages.end()) {
      if (stage.mask) write_mask(*stage.mask, found->second);
      for (const auto& [label, mesh] : stage.surfaces)
        write_surface(mesh, path_of_label(found->second, label));
    }
    if (stage.name != "exported") continue;
    for (const auto& [label, path] : paths.surfaces)
      if (const auto mesh = stage.surfaces.find(label); mesh != stage.surfaces.end() && !path.empty())
        write_surface(mesh->second, path);
  }
  if (final_mask && !paths.mask.empty()) write_mask(*final_mask, paths.mask);
  remove_stale(paths.mask, written);
  for (const auto& [label, path] : paths.surfaces) remove_stale(path, written);
  for (const auto& [stage, path] : paths.stages) remove_stale(path, written);
  if (!paths.record.empty()) io::write_system_record(result.record, paths.record);
}

}  // namespace meshassay::reference_pipeline
