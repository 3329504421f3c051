// SPDX-License-Identifier: GPL-3.0-or-later
// meshassay phantom: one phantom, its scan and its truth as files.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/errors.hpp"
#include "core/io/dicom_series.hpp"
#include "core/io/files.hpp"
#include "core/io/image_files.hpp"
#include "core/io/stl.hpp"
#include "harness/commands/commands.hpp"
#include "harness/console.hpp"
#include "harness/output_folder.hpp"
#include "harness/truth_json.hpp"
#include "phantoms/scan.hpp"
#include "reports/sections.hpp"
#include "suites/settings.hpp"

namespace meshassay::harness {
namespace {

namespace fs = std::filesystem;

struct Settings {
  Parameters phantom, scan;
};

// Phantoms and scans share one name space on the command line; a name belongs to the one that knows it.
Settings parse_settings(const phantoms::PhantomDefinition& definition,
                        const std::vector<std::string>& assignments) {
  std::vector<ParameterDefinition> all(definition.parameters);
  const auto scan = phantoms::scan_parameters();
  all.insert(all.end(), scan.begin(), scan.end());
  Settings settings;
  for (const auto& assignment : assignments) {
    const auto [name, value] = parse_assignment(all, assignment, "--set");
    const bool of_scan = std::any_of(scan.begin(), scan.end(),
                                     [&, &key = name](const auto& each) { return each.name == key; });
    (of_scan ? settings.scan : settings.phantom)[name] = value;
  }
  return settings;
}

// Those of the file, and over them those of the command line; each is checked where it stands.
Parameters scan_parameters_of(const std::optional<std::string>& file, const Parameters& from_command_line) {
  Parameters given = from_command_line;
  if (file) {
    const auto from_file = suites::read_settings(*file);
    (void)resolve_parameters(phantoms::scan_parameters(), from_file, *file);
    given.insert(from_file.begin(), from_file.end());  // Keeps what is there already.
  }
  return resolve_parameters(phantoms::scan_parameters(), given, "--set");
}

std::string sections_of(const phantoms::Phantom& phantom, const CtVolume& ct, const Truth& truth) {
  reports::DrawnSurface surface{.name = "truth", .meshes = {}};
  for (const auto& target : truth.targets) surface.meshes.push_back(&*target.surface);
  return reports::render_sections_svg(
      {.title = phantom.id, .reference = std::move(surface), .ct_hu = &ct.hu});
}

int run(const Arguments& arguments) {
  const auto& definition =
      phantoms::find_phantom(arguments.get("NAME"), "command line of 'meshassay phantom'");
  const auto settings = parse_settings(definition, arguments.all("set"));
  const auto phantom = phantoms::make_phantom(definition, settings.phantom, "--set");
  const auto scan_parameters = scan_parameters_of(arguments.find("scan"), settings.scan);
  const auto seed = static_cast<std::uint64_t>(arguments.whole_number("seed", 0).value_or(0));
  const auto& format = arguments.get("format");
  if (format != "dicom" && format != "nrrd")
    throw InvalidInput({.what = "--format cannot be used",
                        .where = "command line",
                        .expected = "dicom or nrrd",
                        .got = format,
                        .mend = "leave it out for DICOM"});
  const fs::path out_dir = arguments.get("out");
  check_output_folder(out_dir, Existing::must_be_empty);

  const auto ct =
      phantoms::scan(phantom, {.parameters = scan_parameters, .seed = seed, .progress = step_progress()});
  const auto truth = phantoms::truth_of(phantom, ct.hu.grid);
  make_output_folder(out_dir);
  if (format == "dicom")
    io::write_dicom_series(ct, out_dir / "ct", {.uid_seed = seed});
  else
    io::write_ct_file(ct, out_dir / "ct.nrrd");
  io::write_label_map(*truth.mask, out_dir / "mask.nrrd");
  for (const auto& target : truth.targets)
    io::write_stl(
        *target.surface,
        out_dir / (target.label == 1 ? "surface.stl" : fmt::format("surface-{}.stl", target.label)));
  const std::string document = truth_to_json(
      {.phantom = &phantom, .scan_parameters = scan_parameters, .seed = seed, .grid = ct.hu.grid});
  io::write_file(out_dir / "truth.json", document);
  io::write_file(out_dir / "sections.svg", sections_of(phantom, ct, truth));
  if (arguments.has("json"))
    answer(document);
  else
    answer(fmt::format("{} in {}: {} x {} x {} voxels, mask.nrrd, surface.stl, truth.json, sections.svg\n",
                       format == "dicom" ? "ct/" : "ct.nrrd", out_dir.string(), ct.hu.grid.size[0],
                       ct.hu.grid.size[1], ct.hu.grid.size[2]));
  return 0;
}

}  // namespace

const CommandDefinition& phantom_command() {
  static const CommandDefinition command{
      .name = "phantom",
      .summary = "write a phantom: CT, truth mask, truth surface, truth.json",
      .positionals = {{.name = "NAME", .help = "see 'meshassay list phantoms'"}},
      .options =
          {{.name = "out", .letter = 'o', .argument = "DIR", .help = "new folder", .required = true},
           {.name = "set",
            .argument = "KEY=VALUE",
            .help = "a parameter of the phantom or of the scan",
            .repeated = true},
           {.name = "scan",
            .argument = "FILE",
            .help = "scan parameters in a TOML file; --set goes before them"},
           {.name = "seed",
            .argument = "N",
            .help = "of the noise and of the DICOM identifiers",
            .default_value = "0"},
           {.name = "format", .argument = "F", .help = "of the CT: dicom or nrrd", .default_value = "dicom"},
           {.name = "json", .help = "print truth.json on standard output"}},
      .example =
          "meshassay phantom sphere -o out/sphere --set radius_mm=10 --set spacing_mm=0.5,0.5,2 --set "
          "noise_hu=20",
      .run = run};
  return command;
}

}  // namespace meshassay::harness
