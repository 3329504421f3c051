// SPDX-License-Identifier: GPL-3.0-or-later
// meshassay model: the reference pipeline on one CT.
#include <fmt/format.h>

#include "core/errors.hpp"
#include "core/io/dicom_series.hpp"
#include "core/io/files.hpp"
#include "core/io/system_record.hpp"
#include "harness/commands/commands.hpp"
#include "harness/console.hpp"
#include "harness/output_folder.hpp"
#include "harness/systems/task.hpp"
#include "reference_pipeline/pipeline.hpp"
#include "reports/sections.hpp"

namespace meshassay::harness {
namespace {

namespace fs = std::filesystem;

Parameters parse_settings(const Arguments& arguments) {
  const auto definitions = reference_pipeline::pipeline_parameters();
  Parameters given;
  for (const auto& assignment : arguments.all("set"))
    given.insert_or_assign(parse_assignment(definitions, assignment, "--set").first,
                           parse_assignment(definitions, assignment, "--set").second);
  if (const auto method = arguments.find("method"))
    given["segmentation"] = parse_assignment(definitions, "segmentation=" + *method, "--method").second;
  return resolve_parameters(definitions, given, "--set");
}

std::string sections_of(const std::string& title, const CtVolume& ct,
                        const reference_pipeline::PipelineResult& result) {
  reports::DrawnSurface surface{.name = "model", .meshes = {}};
  for (const auto& stage : result.stages) {
    if (stage.surfaces.empty()) continue;
    surface.meshes.clear();  // The last stage counts.
    for (const auto& [label, mesh] : stage.surfaces) surface.meshes.push_back(&mesh);
  }
  return reports::render_sections_svg({.title = title, .measured = std::move(surface), .ct_hu = &ct.hu});
}

int run(const Arguments& arguments) {
  const auto parameters = parse_settings(arguments);
  const fs::path out_dir = arguments.get("out");
  check_output_folder(out_dir, Existing::may_hold_files);
  const auto picture = arguments.find("picture");
  if (picture) check_output_file(*picture, "--picture");
  const auto progress = step_progress();
  progress("reading the CT", 0.0);
  const auto ct = io::read_ct(arguments.get("CT"), {.series_uid = arguments.find("series").value_or("")});
  for (const auto& warning : ct.warnings) say("warning: " + warning);

  const std::vector<Target> targets = {{.label = 1, .name = "model", .hu_range = {}}};
  const auto result = reference_pipeline::run_pipeline(
      ct, {.targets = targets, .parameters = parameters, .progress = progress});
  const auto defaults = default_outputs(out_dir, targets);
  reference_pipeline::OutputPaths paths{
      .mask = defaults.mask, .record = defaults.record, .surfaces = defaults.surfaces};
  if (arguments.has("stages")) paths.stages = defaults.stages;
  make_output_folder(out_dir);
  reference_pipeline::write_outputs(result, paths);
  if (picture) io::write_file(*picture, sections_of(arguments.get("CT"), ct, result));
  progress("done", 1.0);

  for (const auto& warning : result.record.warnings) say("warning: " + warning);
  if (arguments.has("json")) {
    answer(io::system_record_to_json(result.record));
  } else {
    for (const auto& [name, value] : result.record.findings)
      answer(fmt::format("{:<24} {}\n", name, format_parameter(value)));
    answer(fmt::format("{:<24} {}\n", "record", paths.record.string()));
    if (result.record.status == "done") {
      answer(fmt::format("{:<24} {}\n", "mask", paths.mask.string()));
      for (const auto& [label, path] : paths.surfaces)
        answer(fmt::format("{:<24} {}\n", "surface", path.string()));
    }
  }
  if (result.record.status == "done") return 0;
  say(fmt::format("{}: {}", result.record.status, result.record.reason));
  return 1;
}

}  // namespace

const CommandDefinition& model_command() {
  static const CommandDefinition command{
      .name = "model",
      .summary = "make a printable model from one CT with the reference pipeline",
      .positionals = {{.name = "CT", .help = "DICOM folder or file, NRRD, NIfTI or MetaImage"}},
      .options = {{.name = "out",
                   .letter = 'o',
                   .argument = "DIR",
                   .help = "folder for mask.nrrd, surface.stl, record.json",
                   .required = true},
                  {.name = "method",
                   .argument = "M",
                   .help = "segmentation method, see 'meshassay list methods'"},
                  {.name = "set",
                   .argument = "KEY=VALUE",
                   .help = "a parameter, see 'meshassay list methods'",
                   .repeated = true},
                  {.name = "series",
                   .argument = "UID",
                   .help = "which DICOM series, where the folder holds several"},
                  {.name = "stages", .help = "write the intermediate stages too"},
                  {.name = "picture",
                   .argument = "FILE",
                   .help = "write sections of CT and model, through the middle of the model, as SVG"},
                  {.name = "json", .help = "print the record on standard output"}},
      .notes =
          "Coordinates are DICOM patient space (LPS) in millimetres. Status 1 where nothing could be "
          "modelled (see record.json).",
      .example = "meshassay model scans/knee -o out/knee --set threshold_hu=250 --set islands=largest",
      .run = run};
  return command;
}

}  // namespace meshassay::harness
