// SPDX-License-Identifier: GPL-3.0-or-later
// meshassay phantom: one phantom, its scan and its truth as files.
#include <fmt/format.h>

#include "core/errors.hpp"
#include "core/io/dicom_series.hpp"
#include "core/io/files.hpp"
#include "core/io/image_files.hpp"
#include "core/io/stl.hpp"
#include "core/text.hpp"
#include "harness/commands/commands.hpp"
#include "harness/console.hpp"
#include "harness/mesh_marks.hpp"
#include "harness/mesh_truth_json.hpp"
#include "harness/output_folder.hpp"
#include "harness/truth_json.hpp"
#include "phantoms/mesh_phantom.hpp"
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

constexpr const char* where = "command line of 'meshassay phantom'";

// A mesh phantom is a surface and what is known of it; it is not scanned.
int write_mesh_phantom(const phantoms::MeshPhantomDefinition& definition, const Arguments& arguments) {
  if (arguments.has("scan"))
    throw InvalidInput({.what = fmt::format("'{}' is a mesh and is not scanned", definition.id),
                        .where = where,
                        .expected = "no --scan",
                        .got = "--scan " + *arguments.find("scan"),
                        .mend = "leave it out"});
  Parameters given;
  for (const auto& assignment : arguments.all("set")) {
    const auto [name, value] = parse_assignment(definition.parameters, assignment, "--set");
    given[name] = value;
  }
  const auto phantom = phantoms::make_mesh_phantom(definition, given, "--set");
  const fs::path out_dir = arguments.get("out");
  check_output_folder(out_dir, Existing::must_be_empty);
  make_output_folder(out_dir);
  io::write_stl(phantom.mesh, out_dir / "surface.stl");
  const std::string document = mesh_truth_to_json(phantom);
  io::write_file(out_dir / "truth.json", document);
  io::write_file(
      out_dir / "surface.png",
      bridge_embree::surface_picture(phantom.mesh, picture_options(phantom.mesh, marks_of(phantom.mesh))));
  if (arguments.has("json"))
    answer(document);
  else
    answer(fmt::format("surface.stl ({} triangles), truth.json, surface.png in {}\n",
                       phantom.mesh.triangles.size(), out_dir.string()));
  return 0;
}

const phantoms::PhantomDefinition& find_scanned_phantom(const std::string& name) {
  std::vector<std::string> meshes;
  for (const auto& each : phantoms::mesh_phantom_catalogue()) meshes.push_back(each.id);
  try {
    return phantoms::find_phantom(name, where);
  } catch (const InvalidInput& error) {
    const std::string nearest = nearest_name(name, meshes);
    if (nearest.empty()) throw;
    ErrorText text = error.text();
    text.mend = fmt::format("did you mean '{}'?", nearest);
    throw InvalidInput(text);
  }
}

int run(const Arguments& arguments) {
  if (const auto* mesh = phantoms::find_mesh_phantom(arguments.get("NAME")))
    return write_mesh_phantom(*mesh, arguments);
  const auto& definition = find_scanned_phantom(arguments.get("NAME"));
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
      .summary =
          "write a phantom: CT, truth mask, truth surface, truth.json; of a mesh phantom the surface and "
          "truth.json",
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
