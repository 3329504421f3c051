// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/single_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/bridge_vtk/mask_boundary.hpp"
#include "core/errors.hpp"
#include "core/io/image_files.hpp"
#include "core/io/mesh_files.hpp"
#include "metrics/id_parameter.hpp"
#include "metrics/masks/mask_runs.hpp"
#include "metrics/masks/mask_topology.hpp"
#include "metrics/registry.hpp"
#include "reports/presentation.hpp"

namespace meshassay::harness {
namespace {

namespace fs = std::filesystem;

LabelMap read_mask(const fs::path& path) {
  auto mask = io::read_label_map(path);
  metrics::check_mask(mask, path.string());
  return mask;
}

std::set<std::uint16_t> labels_in(const LabelMap& mask) {
  std::set<std::uint16_t> labels(mask.values.begin(), mask.values.end());
  labels.erase(0);
  return labels;
}

// The reference is taken for the truth, its parts and tunnels too.
BettiNumbers betti_of(const LabelMap& reference, std::uint16_t label) {
  const auto topology = metrics::mask_topology(reference, label);
  return {.components = static_cast<int>(topology.components),
          .handles = static_cast<int>(topology.handles),
          .cavities = static_cast<int>(topology.cavities)};
}

Trial trial_of_masks(const fs::path& reference, const fs::path& test, std::optional<std::uint16_t> label) {
  Trial trial{.case_id = test.string()};
  trial.truth.mask = shared(read_mask(reference));
  auto measured = read_mask(test);
  auto labels = labels_in(*trial.truth.mask);
  labels.merge(labels_in(measured));
  if (label) labels = {*label};
  if (labels.empty()) labels = {1};  // Both empty: the metrics say so.
  for (const auto each : labels)
    trial.truth.targets.push_back({.label = each,
                                   .name = labels.size() == 1 ? "" : fmt::format("label {}", each),
                                   .betti = betti_of(*trial.truth.mask, each)});
  trial.scan_grid = trial.truth.mask->grid;  // The slice axis is the reference's.
  Submission submission{.offers = {"mask"}};
  submission.stages.push_back({.name = "segmented", .mask = shared(std::move(measured))});
  trial.submissions.push_back(std::move(submission));
  return trial;
}

// A surface file as it is; of a mask, the boundary of a label.
TriangleMesh read_surface(const fs::path& path, std::optional<std::uint16_t> label) {
  if (kind_of(path) == FileKind::surface) return io::read_mesh(path);
  const auto mask = read_mask(path);
  const auto labels = labels_in(mask);
  if (!label && labels.size() > 1)
    throw InvalidInput({.what = "the mask has several labels, and a surface has one",
                        .where = path.string(),
                        .expected = "--label N, to say which of them the surface is",
                        .got = fmt::format("labels {}", fmt::join(labels, ", ")),
                        .mend = fmt::format("add --label {}", *labels.begin())});
  const std::uint16_t which = label ? *label : labels.empty() ? std::uint16_t{1} : *labels.begin();
  return bridge_vtk::mask_boundary(mask, which);
}

Submission submission_of_surface(const fs::path& path, TriangleMesh surface) {
  Submission submission{.offers = {"surface"}};
  Stage stage{.name = "exported"};
  stage.surfaces.emplace(1, std::move(surface));
  if (kind_of(path) == FileKind::surface) stage.surface_file_bytes.emplace(1, fs::file_size(path));
  submission.stages.push_back(std::move(stage));
  return submission;
}

// A default parameter is part of what was measured: "boundary.nsd@1mm".
std::string full_id(const Measurement& measurement) {
  if (measurement.metric.find('@') != std::string::npos) return measurement.metric;
  const std::string& parameter =
      metrics::find_metric(measurement.metric, "a measurement").family->id_parameter;
  for (const auto& [name, value] : measurement.witnesses)
    if (name == parameter && std::holds_alternative<double>(value))
      return metrics::id_with_parameter(measurement.metric, parameter, std::get<double>(value));
  return measurement.metric;
}

}  // namespace

FileKind kind_of(const fs::path& path) {
  if (io::has_image_extension(path)) return FileKind::mask;
  if (io::has_mesh_extension(path)) return FileKind::surface;
  throw UnsupportedFormat(
      {.what = "a file of a kind that cannot be measured",
       .where = path.string(),
       .expected = "a mask (.nrrd .nhdr .nii .nii.gz .mha .mhd) or a surface (.stl .obj .ply .off .3mf)",
       .got = path.extension().empty() ? "no extension" : path.extension().string(),
       .mend = "convert it to one of these"});
}

Trial trial_of_pair(const fs::path& reference, const fs::path& test, std::optional<std::uint16_t> label) {
  const bool reference_is_mask = kind_of(reference) == FileKind::mask,
             test_is_mask = kind_of(test) == FileKind::mask;
  if (reference_is_mask && test_is_mask) return trial_of_masks(reference, test, label);
  if (label && !reference_is_mask && !test_is_mask)
    throw InvalidInput({.what = "a surface has no labels",
                        .where = "--label",
                        .expected = "a mask with --label",
                        .got = reference.string(),
                        .mend = "leave out --label"});
  Trial trial{.case_id = test.string()};
  TargetTruth target;
  target.surface = read_surface(reference, label);
  trial.truth.targets.push_back(std::move(target));
  trial.submissions.push_back(submission_of_surface(test, read_surface(test, label)));
  return trial;
}

Trial trial_of_mesh(const fs::path& mesh) {
  Trial trial{.case_id = mesh.string()};
  trial.truth.targets.emplace_back();
  trial.submissions.push_back(submission_of_surface(mesh, io::read_mesh(mesh)));
  return trial;
}

std::string format_measurements(const std::vector<Measurement>& measurements) {
  std::vector<std::string> labels;
  std::size_t width = 34;
  for (const auto& measurement : measurements) {
    labels.push_back(reports::metric_label(full_id(measurement), "", measurement.target));
    width = std::max(width, labels.back().size());
  }
  std::string text;
  for (std::size_t n = 0; n < measurements.size(); ++n) {
    const std::string interval = reports::interval_text(measurements[n]);
    text +=
        fmt::format("{:<{}} {}{}{}\n", labels[n], width, reports::measured_text(&measurements[n], Limit{}),
                    interval.empty() ? "" : " ", interval);
  }
  return text;
}

}  // namespace meshassay::harness
