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

struct SurfaceOfFile {
  TriangleMesh surface;
  std::optional<metrics::MaskDiscretisation> open;
};

// A surface file as it is; of a mask, the boundary of a label.
SurfaceOfFile read_surface(const fs::path& path, std::optional<std::uint16_t> label) {
  if (kind_of(path) == FileKind::surface) return {io::read_mesh(path), std::nullopt};
  const auto mask = read_mask(path);
  const auto labels = labels_in(mask);
  if (!label && labels.size() > 1)
    throw InvalidInput({.what = "the mask has several labels, and a surface has one",
                        .where = path.string(),
                        .expected = "--label N, to say which of them the surface is",
                        .got = fmt::format("labels {}", fmt::join(labels, ", ")),
                        .mend = fmt::format("add --label {}", *labels.begin())});
  const std::uint16_t which = label ? *label : labels.empty() ? std::uint16_t{1} : *labels.begin();
  auto boundary = bridge_vtk::mask_boundary_index(mask, which);
  const auto open = metrics::mask_discretisation(boundary, mask.grid);
  return {bridge_vtk::to_world(std::move(boundary), mask.grid), open};
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

template <typename Value>
const Value* find_witness(const Measurement& measurement, std::string_view name) {
  for (const auto& [witness, value] : measurement.witnesses)
    if (witness == name) return std::get_if<Value>(&value);
  return nullptr;
}

// What a person should know of the boundaries of a target's masks, once however many rows say it.
std::vector<std::string> notes_on_boundaries(const std::vector<Measurement>& measurements) {
  std::vector<std::string> notes;
  const auto add = [&](const Measurement& measurement, std::string text) {
    if (!measurement.target.empty()) text = measurement.target + ": " + text;
    if (std::find(notes.begin(), notes.end(), text) == notes.end()) notes.push_back(std::move(text));
  };
  for (const auto& measurement : measurements) {
    const auto* test_parts = find_witness<double>(measurement, "test_parts");
    const auto* reference_parts = find_witness<double>(measurement, "reference_parts");
    if (test_parts && reference_parts)
      add(measurement, fmt::format("connected parts of the boundary: {} in TEST, {} in REFERENCE",
                                   *test_parts, *reference_parts));
    for (const auto& [witness, mask] :
         {std::pair{"test_touches_border", "TEST"}, std::pair{"reference_touches_border", "REFERENCE"}}) {
      const auto* touches = find_witness<bool>(measurement, witness);
      if (touches && *touches)
        add(measurement,
            fmt::format("{} touches the border of its grid, where the object may have been cut: the cut "
                        "counts as boundary",
                        mask));
    }
  }
  return notes;
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

FilePair read_pair(const fs::path& reference, const fs::path& test, std::optional<std::uint16_t> label) {
  const bool reference_is_mask = kind_of(reference) == FileKind::mask,
             test_is_mask = kind_of(test) == FileKind::mask;
  if (reference_is_mask && test_is_mask) return {.trial = trial_of_masks(reference, test, label)};
  if (label && !reference_is_mask && !test_is_mask)
    throw InvalidInput({.what = "a surface has no labels",
                        .where = "--label",
                        .expected = "a mask with --label",
                        .got = reference.string(),
                        .mend = "leave out --label"});
  FilePair pair{.trial = {.case_id = test.string()}};
  TargetTruth target;
  auto truth = read_surface(reference, label), measured = read_surface(test, label);
  target.surface = std::move(truth.surface);
  pair.reference = truth.open;
  pair.test = measured.open;
  pair.trial.truth.targets.push_back(std::move(target));
  pair.trial.submissions.push_back(submission_of_surface(test, std::move(measured.surface)));
  return pair;
}

std::vector<Measurement> measure_pair(const FilePair& pair, const std::string& glob) {
  auto rows = metrics::measure_all(pair.trial, glob);
  if (pair.test || pair.reference)
    metrics::add_discretisation(rows, pair.trial, pair.test ? &*pair.test : nullptr,
                                pair.reference ? &*pair.reference : nullptr);
  return rows;
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
  for (const auto& note : notes_on_boundaries(measurements)) text += fmt::format("note: {}\n", note);
  return text;
}

}  // namespace meshassay::harness
