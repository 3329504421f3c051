// SPDX-License-Identifier: GPL-3.0-or-later
// The steps in the order of the data flow, and the record of what each did.
#include "reference_pipeline/pipeline.hpp"

#include <algorithm>
#include <set>

#include "core/errors.hpp"
#include "core/text.hpp"
#include "reference_pipeline/as_written.hpp"
#include "reference_pipeline/segmentation.hpp"
#include "reference_pipeline/settings.hpp"
#include "reference_pipeline/surface_pieces.hpp"

namespace meshassay::reference_pipeline {
namespace {

using Surfaces = std::map<std::uint16_t, TriangleMesh>;

void check_voxels(const std::string& name, const Grid& grid, std::size_t voxels) {
  const auto& size = grid.size;
  if (std::any_of(size.begin(), size.end(), [](int n) { return n < 1; }) || voxels != grid.voxels())
    throw InvalidInput({.what = "the " + name + " has no voxels, or not as many as its grid says",
                        .expected = format_number(static_cast<double>(grid.voxels())) + " (at least 1)",
                        .got = format_number(static_cast<double>(voxels))});
}

void check_targets(std::span<const Target> targets) {
  std::set<std::uint16_t> labels;
  for (const auto& target : targets)
    if (target.label == 0 || !labels.insert(target.label).second)
      throw InvalidInput({.what = "the targets' labels are not usable",
                          .where = "target '" + target.name + "'",
                          .expected = "a label from 1 that no other target has",
                          .got = format_number(target.label)});
  if (targets.empty())
    throw InvalidInput({.what = "there is no target", .expected = "at least one", .got = "none"});
}

// A count as a finding, named for its target.
struct Findings {
  Parameters& findings;
  std::span<const Target> targets;
  void set(const std::string& name, const Target& target, ParameterValue value) const {
    findings[name_for(name, targets, target.label)] = std::move(value);
  }
  void count(const std::string& name, const Target& target, std::size_t number) const {
    set(name, target, static_cast<double>(number));
  }
};

std::string about(const Target& target, std::span<const Target> targets) {
  return targets.size() == 1 ? "" : "target '" + target.name + "': ";
}

void record_inventory(const Segmentation& segmentation, const CtVolume& ct, std::span<const Target> targets,
                      SystemRecord& record) {
  const Findings findings{record.findings, targets};
  for (std::size_t n = 0; n < targets.size(); ++n) {
    const auto inventory = take_inventory(segmentation.mask, targets[n].label);
    const double threshold_hu = segmentation.thresholds[n].threshold_hu;
    findings.set("threshold_hu", targets[n], threshold_hu);
    findings.count("voxels", targets[n], inventory.voxels);
    findings.count("voxels_exactly_at_threshold", targets[n], voxels_exactly_at(ct.hu, threshold_hu));
    findings.count("components", targets[n], inventory.components);
    findings.count("cavities", targets[n], inventory.cavities);
    findings.count("voxels_at_border", targets[n], inventory.voxels_at_border);
    findings.set("touches_border", targets[n], inventory.voxels_at_border > 0);
    if (inventory.voxels_at_border > 0)
      record.warnings.push_back(about(targets[n], targets) + "the object reaches the border of the volume (" +
                                format_number(static_cast<double>(inventory.voxels_at_border)) +
                                " voxels) and is capped there");
    if (inventory.voxels == 0)
      record.warnings.push_back(about(targets[n], targets) + "no voxel reaches " +
                                format_number(threshold_hu) + " HU");
  }
}

void edit(LabelMap& mask, const Settings& settings, const PipelineOptions& options, SystemRecord& record) {
  const auto& targets = options.targets;
  RecordedStep step{.step = "mask editing",
                    .method = "islands " + text(options.parameters, "islands") + ", cavities " +
                              text(options.parameters, "cavities"),
                    .parameters = {{"islands", options.parameters.at("islands")},
                                   {"cavities", options.parameters.at("cavities")},
                                   {"component_neighbours", 26.0},
                                   {"cavity_neighbours", 6.0}}};
  if (settings.editing.islands == Islands::min_volume)
    step.parameters["min_island_mm3"] = settings.editing.min_island_mm3;
  record.steps.push_back(std::move(step));

  const Findings findings{record.findings, targets};
  for (const auto& target : targets) {
    const auto edits = edit_mask(mask, target.label, settings.editing);
    if (settings.editing.islands != Islands::keep) {
      findings.count("removed_components", target, edits.removed_components);
      findings.count("removed_voxels", target, edits.removed_voxels);
    }
    if (settings.editing.cavities != Cavities::keep) {
      findings.count("filled_cavities", target, edits.filled_cavities);
      findings.count("filled_voxels", target, edits.filled_voxels);
    }
  }
}

Surfaces extract(const SurfaceSource& source, VertexPlacement placement, const PipelineOptions& options,
                 SystemRecord& record) {
  const bool is_grey = placement == VertexPlacement::grey_values;
  RecordedStep step{.step = "reconstruction",
                    .method = is_grey ? "flying_edges_grey" : "flying_edges_mask",
                    .parameters = {{"ambiguous_faces", std::string("inside joined")},
                                   {"border_cap_voxels", 0.5},
                                   {"vertex_placement", std::string(is_grey ? "linear in HU" : "middle")}}};
  if (is_grey) step.parameters["least_edge_fraction"] = least_edge_fraction;
  record.steps.push_back(std::move(step));

  const Findings findings{record.findings, options.targets};
  Surfaces surfaces;
  for (const auto& target : options.targets) {
    TriangleMesh mesh = extract_surface(source, target.label, placement);
    findings.count("surface_pieces", target, find_pieces(mesh).count);
    findings.count("triangles", target, mesh.triangles.size());
    if (!mesh.triangles.empty()) surfaces[target.label] = std::move(mesh);
  }
  return surfaces;
}

Surfaces smooth(Surfaces surfaces, const Settings& settings, const PipelineOptions& options,
                SystemRecord& record) {
  const std::string& preset = text(options.parameters, "smoothing");
  RecordedStep step{.step = "smoothing", .method = "none", .parameters = {{"preset", preset}}};
  if (settings.smoothing) {
    step.method = "windowed_sinc";
    step.parameters["iterations"] = static_cast<double>(settings.smoothing->iterations);
    step.parameters["pass_band"] = settings.smoothing->pass_band;
    step.parameters["least_volume_fraction"] = least_volume_fraction;
    step.parameters["feature_edge_smoothing"] = false;
    step.parameters["boundary_smoothing"] = false;
    step.parameters["normalize_coordinates"] = false;
  }
  record.steps.push_back(std::move(step));
  if (!settings.smoothing) return surfaces;

  const Findings findings{record.findings, options.targets};
  for (const auto& target : options.targets) {
    const auto found = surfaces.find(target.label);
    if (found == surfaces.end()) continue;
    auto smoothed = smooth_windowed_sinc(found->second, *settings.smoothing);
    found->second = std::move(smoothed.mesh);
    findings.count("pieces_not_smoothed", target, smoothed.pieces_kept_as_they_were);
    if (smoothed.pieces_kept_as_they_were > 0)
      record.warnings.push_back(
          about(target, options.targets) +
          format_number(static_cast<double>(smoothed.pieces_kept_as_they_were)) +
          " pieces of the surface would collapse under smoothing and were left as they were");
  }
  return surfaces;
}

// What a file would hold of each surface.
Surfaces all_as_written(const Surfaces& surfaces) {
  Surfaces written;
  for (const auto& [label, mesh] : surfaces) written[label] = as_written(mesh);
  return written;
}

void record_export(const Surfaces& smoothed, const Surfaces& exported, std::span<const Target> targets,
                   SystemRecord& record) {
  record.steps.push_back({.step = "export",
                          .method = "stl_binary",
                          .parameters = {{"frame", std::string("LPS")},
                                         {"unit", std::string("mm")},
                                         {"precision", std::string("float32")}}});
  for (const auto& target : targets) {
    if (!exported.contains(target.label)) continue;
    const std::size_t merged =
        smoothed.at(target.label).vertices_mm.size() - exported.at(target.label).vertices_mm.size();
    if (merged > 0)
      record.warnings.push_back(about(target, targets) + format_number(static_cast<double>(merged)) +
                                " vertices became equal to others when rounded to float32");
  }
}

PipelineResult refused(SystemRecord record, const std::string& reason) {
  record.status = "refused";
  record.reason = reason;
  return {.stages = {}, .record = std::move(record)};
}

bool is_empty(const LabelMap& mask) {
  return std::all_of(mask.values.begin(), mask.values.end(), [](std::uint16_t value) { return value == 0; });
}

// Tells how far the steps are, whoever wants to know.
void tell(const PipelineOptions& options, std::string_view step, double fraction) {
  if (options.progress) options.progress(step, fraction);
}

void export_all(const Surfaces& surfaces, Surfaces written, const PipelineOptions& options,
                PipelineResult& result) {
  tell(options, "export", 0.9);
  record_export(surfaces, written, options.targets, result.record);
  result.stages.push_back({.name = "exported", .mask = {}, .surfaces = std::move(written)});
  tell(options, "done", 1.0);
}

void edit_and_export(Surfaces surfaces, const Settings& settings, const PipelineOptions& options,
                     PipelineResult& result) {
  tell(options, "smoothing", 0.7);
  surfaces = smooth(std::move(surfaces), settings, options, result.record);
  Surfaces written = all_as_written(surfaces);
  result.stages.push_back({.name = "smoothed", .mask = {}, .surfaces = written});
  export_all(surfaces, std::move(written), options, result);
}

void reconstruct_and_later(const SurfaceSource& source, VertexPlacement placement, const Settings& settings,
                           const PipelineOptions& options, PipelineResult& result) {
  tell(options, "reconstruction", 0.4);
  Surfaces surfaces = extract(source, placement, options, result.record);
  result.stages.push_back({.name = "extracted", .mask = {}, .surfaces = all_as_written(surfaces)});
  edit_and_export(std::move(surfaces), settings, options, result);
}

}  // namespace

PipelineResult run_pipeline(const CtVolume& ct, const PipelineOptions& options) {
  check_voxels("CT", ct.hu.grid, ct.hu.values.size());
  check_targets(options.targets);
  const Settings settings = read_settings(options.parameters);
  PipelineResult result;
  SystemRecord& record = result.record;
  record.warnings = ct.warnings;

  tell(options, "segmentation", 0.0);
  Segmentation segmentation = segment(ct.hu, options.targets, settings);
  record.steps.push_back(segmentation.step);
  if (!segmentation.refusal.empty())
    return refused(std::move(record), "nothing found: " + segmentation.refusal);
  record_inventory(segmentation, ct, options.targets, record);
  if (is_empty(segmentation.mask))
    return refused(std::move(record), "nothing found: no voxel reaches a threshold");

  tell(options, "mask editing", 0.2);
  SurfaceSource source{.mask = segmentation.mask, .hu = ct.hu, .thresholds_hu = {}};
  for (const auto& [label, threshold_hu] : segmentation.thresholds)
    source.thresholds_hu[label] = threshold_hu;
  result.stages.push_back({.name = "segmented", .mask = shared(segmentation.mask)});
  edit(segmentation.mask, settings, options, record);
  if (is_empty(segmentation.mask))
    return refused(std::move(record), "nothing left: every component is smaller than min_island_mm3");
  if (settings.editing.islands != Islands::keep || settings.editing.cavities != Cavities::keep)
    result.stages.push_back({.name = "mask_edited", .mask = shared(segmentation.mask)});

  reconstruct_and_later(source, settings.placement, settings, options, result);
  return result;
}

PipelineResult run_from_mask(const LabelMap& mask, const PipelineOptions& options) {
  check_voxels("mask", mask.grid, mask.values.size());
  check_targets(options.targets);
  if (is_empty(mask)) return refused({}, "nothing to model: the mask is empty");
  const Image<float> no_hu;
  PipelineResult result;
  reconstruct_and_later({.mask = mask, .hu = no_hu, .thresholds_hu = {}}, VertexPlacement::middle,
                        read_settings(options.parameters), options, result);
  return result;
}

PipelineResult run_from_surfaces(std::map<std::uint16_t, TriangleMesh> surfaces, FromSurface first_step,
                                 const PipelineOptions& options) {
  check_targets(options.targets);
  const Settings settings = read_settings(options.parameters);
  PipelineResult result;
  if (first_step == FromSurface::editing)
    edit_and_export(std::move(surfaces), settings, options, result);
  else
    export_all(surfaces, all_as_written(surfaces), options, result);
  return result;
}

}  // namespace meshassay::reference_pipeline
