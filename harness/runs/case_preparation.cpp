// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/runs/case_preparation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>
#include <utility>

#include "core/ct_volume.hpp"
#include "core/fine_mesh.hpp"
#include "core/image.hpp"
#include "core/io/dicom_defects.hpp"
#include "core/io/dicom_series.hpp"
#include "core/io/files.hpp"
#include "core/io/image_files.hpp"
#include "core/io/stl.hpp"
#include "core/label_map.hpp"
#include "harness/output_folder.hpp"
#include "harness/truth/mesh_truth_json.hpp"
#include "harness/truth/pair_truth_json.hpp"
#include "harness/truth/truth_json.hpp"
#include "metrics/meshes/repair_score.hpp"
#include "phantoms/mask_pair.hpp"
#include "phantoms/mesh_phantom.hpp"
#include "phantoms/scan/scan.hpp"
#include "phantoms/scan/scan_quality.hpp"
#include "suites/task_kind.hpp"

namespace meshassay::harness {
namespace {

namespace fs = std::filesystem;

std::string place_of(const CaseRequest& request) {
  return fmt::format("{}: case {}", request.suite->file.string(), request.suite_case->id);
}

// The noise of a case depends on the suite's seed and the case's id, never on its place in the file or on a
// filter.
std::uint64_t seed_of(const CaseRequest& request) {
  const std::string digest =
      io::sha256_of_bytes(fmt::format("{}/{}", request.suite->seed, request.suite_case->id));
  return std::stoull(digest.substr(0, 16), nullptr, 16);
}

phantoms::Phantom phantom_of(const CaseRequest& request, const phantoms::TruthOptions& options = {}) {
  const std::string where = place_of(request);
  return phantoms::make_phantom(phantoms::find_phantom(request.suite_case->phantom, where),
                                request.suite_case->phantom_parameters, where, options);
}

// A phantom, and how it is scanned.
struct Scannable {
  phantoms::Phantom phantom;
  phantoms::ScanOptions options;
  Grid grid;
};

Scannable scannable(const CaseRequest& request) {
  Scannable made{
      .phantom = phantom_of(request),
      .options = {.parameters = resolve_parameters(phantoms::scan_parameters(),
                                                   request.suite_case->scan_parameters, place_of(request)),
                  .seed = seed_of(request)},
      .grid = {}};
  made.grid = phantoms::scan_grid(made.phantom, made.options.parameters);
  return made;
}

// What is known of it, without the scan itself.
PreparedCase known_of(const CaseRequest& request, const Scannable& made,
                      const phantoms::ScanQuality* quality) {
  PreparedCase prepared{.phantom_parameters = made.phantom.parameters,
                        .scan_parameters = made.options.parameters,
                        .task = {.targets = phantoms::targets_of(made.phantom)}};
  prepared.truth_json = truth_to_json({.phantom = &made.phantom,
                                       .scan_parameters = made.options.parameters,
                                       .seed = made.options.seed,
                                       .grid = made.grid,
                                       .quality = quality});
  prepared.make_trial = [id = request.suite_case->id, phantom = made.phantom, grid = made.grid] {
    return Trial{.case_id = id, .truth = phantoms::truth_of(phantom, grid), .scan_grid = grid};
  };
  return prepared;
}

// A defect is one of a DICOM series: such a case is DICOM to every system.
TaskInput write_scan(const CaseRequest& request, const CtVolume& ct, const phantoms::ScanOptions& options,
                     const fs::path& input_dir) {
  const std::string defect = text(options.parameters, "defect");
  if (request.system->input_format == "nrrd" && defect == "none") {
    io::write_ct_file(ct, input_dir / "ct.nrrd");
    return {.role = "ct", .path = input_dir / "ct.nrrd", .format = "nrrd"};
  }
  io::write_dicom_series(ct, input_dir / "ct", {.uid_seed = options.seed});
  if (defect != "none") io::make_defective(input_dir / "ct", defect, options.seed);
  return {.role = "ct", .path = input_dir / "ct", .format = "dicom"};
}

PreparedCase prepare_scan(const CaseRequest& request, const fs::path& input_dir) {
  const auto made = scannable(request);
  const auto ct = phantoms::scan(made.phantom, made.options);
  const auto quality = phantoms::measure_scan(made.phantom, ct, made.options);
  phantoms::require_as_declared(quality);
  auto prepared = known_of(request, made, &quality);
  prepared.task.inputs = {write_scan(request, ct, made.options, input_dir)};
  return prepared;
}

PreparedCase prepare_mask(const CaseRequest& request, const fs::path& input_dir) {
  const auto made = scannable(request);
  auto prepared = known_of(request, made, nullptr);
  const auto truth = phantoms::truth_of(made.phantom, made.grid);
  io::write_label_map(*truth.mask, input_dir / "mask.nrrd");
  prepared.task.inputs = {{.role = "mask", .path = input_dir / "mask.nrrd", .format = "nrrd"}};
  return prepared;
}

// Triangles of about the size that a surface from the scan has: what smoothing does depends on it.
constexpr double chordal_error_voxels = 0.02;

PreparedCase prepare_surface(const CaseRequest& request, const fs::path& input_dir) {
  const auto made = scannable(request);
  auto prepared = known_of(request, made, nullptr);
  const double voxel_mm = std::max(made.grid.spacing_mm[0], made.grid.spacing_mm[1]);
  const auto coarse = phantom_of(request, {.chordal_error_mm = chordal_error_voxels * voxel_mm});
  for (const auto& [truth, hu] : coarse.targets) {
    prepared.given_surfaces.push_back({.label = truth.label,
                                       .name = truth.name,
                                       .surface = with_edges_up_to(truth.surface.value(), voxel_mm),
                                       .surface_chordal_error_mm = truth.surface_chordal_error_mm});
    const fs::path file = label_path(input_dir / "surface.stl", truth.label);
    io::write_stl_text(*prepared.given_surfaces.back().surface, file);
    prepared.task.inputs.push_back({.role = "mesh", .path = file, .format = "stl"});
  }
  return prepared;
}

PreparedCase prepare_mesh(const CaseRequest& request, const fs::path& input_dir) {
  const std::string where = place_of(request);
  const auto phantom = phantoms::make_mesh_phantom(*phantoms::find_mesh_phantom(request.suite_case->phantom),
                                                   request.suite_case->phantom_parameters, where);
  const fs::path file = input_dir / "mesh.stl";
  io::write_stl(phantom.mesh, file);
  PreparedCase prepared{.phantom_parameters = phantom.parameters, .scan_parameters = {}, .task = {}};
  prepared.task.targets = {Target{.label = 1, .name = "mesh", .hu_range = {}}};
  prepared.task.inputs = {{.role = "mesh", .path = file, .format = "stl"}};
  prepared.truth_json = mesh_truth_to_json(phantom);
  prepared.picture_texts = {.title = {}, .truth = "given", .measured = "returned"};
  // The volume is that of the solid hull: the one of the repaired mesh where no sheet or wire adds a wall.
  TargetTruth target{.label = 1, .name = "mesh"};
  if (!phantom.repair.sheets && !phantom.repair.wires) target.volume_mm3 = phantom.repair.volume_mm3;
  prepared.make_trial = [id = request.suite_case->id, mesh = phantom.mesh, target] {
    return Trial{.case_id = id, .truth = {.targets = {target}, .mask = {}}, .input_mesh = mesh};
  };
  return prepared;
}

PreparedCase prepare_masks(const CaseRequest& request, const fs::path& input_dir) {
  const std::string where = place_of(request);
  const auto pair = phantoms::make_mask_pair(phantoms::find_mask_pair(request.suite_case->phantom, where),
                                             request.suite_case->phantom_parameters, where);
  PreparedCase prepared{.phantom_parameters = pair.parameters, .scan_parameters = {}, .task = {}};
  prepared.task.targets = {Target{.label = pair.label, .name = "object", .hu_range = {}}};
  prepared.picture_texts.truth = "reference";
  for (const auto& [role, mask] : {std::pair{"reference", pair.reference}, std::pair{"test", pair.test}}) {
    const fs::path file = input_dir / (std::string(role) + ".nrrd");
    io::write_label_map(*mask, file);
    prepared.task.inputs.push_back({.role = role, .path = file, .format = "nrrd"});
  }
  prepared.truth_json = pair_truth_to_json(pair);
  prepared.make_trial = [id = request.suite_case->id, label = pair.label, reference = pair.reference] {
    return Trial{.case_id = id,
                 .truth = {.targets = {TargetTruth{.label = label, .name = "object"}}, .mask = reference},
                 .scan_grid = reference->grid};
  };
  return prepared;
}

struct Preparation {
  suites::Given given;
  PreparedCase (*prepare)(const CaseRequest& request, const fs::path& input_dir);
};
constexpr std::array preparations = {
    Preparation{suites::Given::scan, prepare_scan}, Preparation{suites::Given::mask, prepare_mask},
    Preparation{suites::Given::surface, prepare_surface}, Preparation{suites::Given::mesh, prepare_mesh},
    Preparation{suites::Given::masks, prepare_masks}};

// The task asks for what its kind has, not for more.
void ask_only_for(const std::set<std::string>& wanted, TaskOutputs& outputs) {
  if (!wanted.contains("mask")) outputs.mask.clear();
  if (!wanted.contains("surface")) outputs.surfaces.clear();
  if (!wanted.contains("record") && !wanted.contains("values")) outputs.record.clear();
  std::erase_if(outputs.stages, [&](const auto& stage) {
    return !wanted.contains("stages") ||
           !wanted.contains(stage.second.extension() == ".stl" ? "surface" : "mask");
  });
}

}  // namespace

PreparedCase prepare_case(const CaseRequest& request) {
  const auto& kind = suites::task_kind(request.suite_case->task);
  const auto given = request.given.value_or(kind.given);
  const auto found = std::find_if(preparations.begin(), preparations.end(),
                                  [&](const Preparation& preparation) { return preparation.given == given; });
  if (found == preparations.end())
    throw std::logic_error("no preparation of what is given to the task " + std::string(kind.name));
  const fs::path input_dir = request.case_dir / "input";
  make_output_folder(input_dir);
  auto prepared = found->prepare(request, input_dir);
  auto& task = prepared.task;
  task.kind = kind.name;
  task.case_name = request.suite_case->id;
  task.now = request.suite->now;
  task.out_dir = request.case_dir / "out";
  task.outputs = default_outputs(task.out_dir, task.targets);
  ask_only_for(kind.outputs, task.outputs);
  // Whoever is to repair a mesh has to know what the printer holds.
  if (kind.given == suites::Given::mesh)
    task.min_thickness_mm = metrics::RepairScoreOptions{}.min_thickness_mm;
  make_output_folder(task.out_dir);
  prepared.picture_texts.title = request.suite_case->id;
  return prepared;
}

}  // namespace meshassay::harness
