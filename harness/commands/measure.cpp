// SPDX-License-Identifier: GPL-3.0-or-later
// meshassay measure: two masks, two surfaces, or a surface and a mask.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/errors.hpp"
#include "core/io/files.hpp"
#include "core/text.hpp"
#include "harness/commands/commands.hpp"
#include "harness/console.hpp"
#include "harness/conventions.hpp"
#include "harness/output_folder.hpp"
#include "harness/pictures.hpp"
#include "harness/single_files.hpp"
#include "metrics/deviation/deviation_field.hpp"
#include "metrics/registry.hpp"
#include "metrics/surface/measurable_surface.hpp"
#include "reports/run_json.hpp"

namespace meshassay::harness {
namespace {

// The first target that has both surfaces.
std::string deviation_field_of(const Trial& trial) {
  for (const auto& target : trial.truth.targets) {
    if (!target.surface || metrics::why_unmeasurable(*target.surface)) continue;
    const auto found = metrics::find_measurable_surface(trial, {}, target.label);
    if (const auto* surface = std::get_if<const TriangleMesh*>(&found))
      return metrics::deviation_ply(**surface, metrics::vertex_deviations_mm(**surface, target));
  }
  throw InvalidInput({.what = "there is no deviation to write",
                      .where = "--field",
                      .expected = "two surfaces with triangles",
                      .got = "no such pair",
                      .mend = "give surfaces, or leave --field out"});
}

// A length of 0 or more.
double tolerance_of(const Arguments& arguments) {
  const auto given = arguments.find("tolerance");
  if (!given) return 1.0;
  const auto value = parse_number(*given);
  if (!value || *value < 0.0)
    throw InvalidInput({.what = "--tolerance cannot be used",
                        .where = "command line",
                        .expected = "a length in mm, 0 or more",
                        .got = *given,
                        .mend = "write it as 1 or 0.5"});
  return *value;
}

// The document of `--json`, but for what was measured.
nlohmann::ordered_json document_of(const Arguments& arguments) {
  return {{"schema", "meshassay/measure/1"},
          {"reference", arguments.get("REFERENCE")},
          {"test", arguments.get("TEST")},
          {"convention", arguments.get("convention")}};
}

void answer_json(const nlohmann::ordered_json& document) {
  answer(fmt::format("{}\n", document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace)));
}

int run_conventions(const Arguments& arguments, const Trial& trial) {
  const auto refuse = [&](const std::string& option) {
    throw InvalidInput({.what = fmt::format("--{} goes with our own convention only", option),
                        .where = "command line",
                        .expected = "--convention surface",
                        .got = arguments.get("convention"),
                        .mend = fmt::format("leave out --{} or --convention", option)});
  };
  for (const auto* option : {"picture", "field"})
    if (arguments.has(option)) refuse(option);
  if (arguments.get("metrics") != "*") refuse("metrics");
  const bool tool_bugs = arguments.has("tool-bugs");
  const auto results =
      measure_by_conventions(trial, conventions_named(arguments.get("convention")),
                             {.tolerance_mm = tolerance_of(arguments), .tool_bugs = tool_bugs});
  if (arguments.has("json")) {
    auto document = document_of(arguments);
    document["tool_bugs"] = tool_bugs;
    document["conventions"] = nlohmann::ordered_json::parse(conventions_to_json(results, tool_bugs));
    answer_json(document);
  } else {
    answer(format_conventions(results, tool_bugs));
  }
  return 0;
}

int run(const Arguments& arguments) {
  const auto label = arguments.whole_number("label", 1);
  if (label && *label > 65535)
    throw InvalidInput({.what = "--label cannot be used",
                        .where = "command line",
                        .expected = "a label from 1 to 65535",
                        .got = std::to_string(*label),
                        .mend = "see the labels of the mask"});
  const auto picture = arguments.find("picture");
  if (picture) check_output_file(*picture, "--picture");
  const auto field = arguments.find("field");
  if (field) check_output_file(*field, "--field");
  const auto& glob = arguments.get("metrics");
  const auto pair = read_pair(arguments.get("REFERENCE"), arguments.get("TEST"),
                              label ? std::optional(static_cast<std::uint16_t>(*label)) : std::nullopt);
  const Trial& trial = pair.trial;
  if (arguments.get("convention") != "surface") return run_conventions(arguments, trial);
  for (const auto* option : {"tolerance", "tool-bugs"})
    if (arguments.has(option))
      throw InvalidInput({.what = fmt::format("--{} goes with another tool's convention only", option),
                          .where = "command line",
                          .expected = "--convention all, or a tool's name",
                          .got = "--convention surface",
                          .mend = fmt::format("leave out --{} or add --convention", option)});
  const auto measurements = measure_pair(pair, glob);
  if (measurements.empty())
    throw InvalidInput({.what = "no metric of that name applies to these files",
                        .where = "--metrics",
                        .expected = "a glob such as 'overlap.*' (see meshassay list metrics)",
                        .got = glob,
                        .mend = "use another glob, or leave it out"});
  if (picture)
    io::write_file(*picture,
                   picture_of(trial, measurements,
                              {.title = arguments.get("TEST") + " against " + arguments.get("REFERENCE"),
                               .truth = arguments.get("REFERENCE"),
                               .measured = arguments.get("TEST")}));
  if (field) io::write_file(*field, deviation_field_of(trial));
  if (arguments.has("json")) {
    auto document = document_of(arguments);
    document["measurements"] = nlohmann::ordered_json::parse(reports::measurements_to_json(measurements));
    answer_json(document);
  } else {
    answer(format_measurements(measurements));
  }
  return 0;
}

}  // namespace

const CommandDefinition& measure_command() {
  static const CommandDefinition command{
      .name = "measure",
      .summary = "compare a mask or surface with a reference",
      .positionals = {{.name = "REFERENCE",
                       .help = "mask (NRRD, NIfTI, MetaImage) or surface (STL, OBJ, PLY, OFF, 3MF)"},
                      {.name = "TEST", .help = "mask or surface; grids may differ"}},
      .options =
          {{.name = "label", .argument = "N", .help = "only this label of the masks (default: every one)"},
           {.name = "metrics",
            .argument = "GLOB",
            .help = "only metrics whose id matches; with a parameter as boundary.nsd@0.5mm",
            .default_value = "*"},
           {.name = "convention",
            .argument = "NAME",
            .help = "distances of masks as another tool defines them: itk, medpy, monai, deepmind, "
                    "plastimatch, metricsreloaded, evaluatesegmentation, voxel_boxes; or all, side by side",
            .default_value = "surface"},
           {.name = "tolerance", .argument = "MM", .help = "of NSD, with --convention (default: 1)"},
           {.name = "tool-bugs", .help = "with --convention: switch the tool's known faults on"},
           {.name = "picture",
            .argument = "FILE",
            .help = "write sections of both, at the largest deviation, as SVG"},
           {.name = "field",
            .argument = "FILE",
            .help = "write TEST as PLY with the signed deviation at each vertex (surfaces only)"},
           {.name = "json", .help = "print JSON on standard output"}},
      .notes =
          "A mask against a surface stands for its boundary: the half level between voxel centres.\n"
          "Lengths are in mm; [lo, hi] is the interval that holds the value. Undefined values say why.",
      .example = "meshassay measure truth.stl mine.stl --metrics 'deviation.*'",
      .run = run};
  return command;
}

}  // namespace meshassay::harness
