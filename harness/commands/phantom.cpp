// SPDX-License-Identifier: GPL-3.0-or-later
// meshassay phantom: one phantom, its scan and its truth as files.
#include <fmt/format.h>

#include "core/errors.hpp"
#include "core/io/dicom_defects.hpp"
#include "core/io/dicom_series.hpp"
#include "core/io/files.hpp"
#include "core/io/image_files.hpp"
#include "core/io/stl.hpp"
#include "core/text.hpp"
#include "harness/commands/commands.hpp"
#include "harness/console.hpp"
#include "harness/inspection/mesh_marks.hpp"
#include "harness/output_folder.hpp"
#include "harness/phantom_of_file.hpp"
#include "harness/truth/mesh_truth_json.hpp"
#include "harness/truth/truth_json.hpp"
#include "phantoms/mesh_phantom.hpp"
#include "phantoms/scan/scan.hpp"
#include "phantoms/scan/scan_quality.hpp"
#include "phantoms/solids/mesh_solid.hpp"
#include "reports/curves.hpp"
#include "reports/sections.hpp"
#include "suites/settings.hpp"

namespace meshassay::harness {
namespace {

namespace fs = std::filesystem;

struct Settings {
  Parameters phantom, scan;
};

// Phantoms and scans share one name space on the command line; a name belongs to the one that knows it.
Settings parse_settings(std::vector<ParameterDefinition> all, const std::vector<std::string>& assignments) {
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

std::string quality_picture(const phantoms::ScanQuality& quality) {
  std::vector<reports::CurvesPanel> panels;
  for (const auto& curve : quality.curves)
    panels.push_back({.title = curve.name,
                      .x_name = curve.x_name,
                      .y_name = curve.y_name,
                      .x = curve.x,
                      .declared = curve.declared,
                      .measured = curve.measured});
  return reports::render_curves_svg(panels);
}

// The same field of voxels, each cut into n x n x n.
Grid finer_grid(const Grid& grid, int n) {
  Grid finer = grid;
  finer.origin_mm = grid.to_world(Vector3::Constant(0.5 / n - 0.5));
  finer.spacing_mm /= n;
  for (int& size : finer.size) size *= n;
  return finer;
}

// Where a voxel is cut into 1, no finer mask is made.
int parts_of_finer_mask(const Arguments& arguments, const Grid& grid) {
  const int n = arguments.whole_number("finer-mask", 1).value_or(1);
  const double voxels = static_cast<double>(grid.voxels()) * n * n * n;
  if (voxels > 0x1p31)
    throw InvalidInput({.what = "the finer mask would be too large",
                        .where = "--finer-mask",
                        .expected = "at most 2^31 voxels",
                        .got = fmt::format("{:.3g} voxels", voxels),
                        .mend = "take a smaller number, or a scan with fewer voxels"});
  return n;
}

double chordal_error_mm(const Arguments& arguments) {
  const auto given = arguments.find("chordal-error");
  if (!given) return phantoms::TruthOptions{}.chordal_error_mm;
  const auto value = parse_number(*given);
  if (!value || !(*value >= 1e-5 && *value <= 10.0))
    throw InvalidInput({.what = "--chordal-error cannot be used",
                        .where = "command line",
                        .expected = "a number of millimetres from 0.00001 to 10",
                        .got = *given,
                        .mend = "leave it out for 0.002"});
  return *value;
}

struct SeriesOptions {
  std::uint64_t seed = 0;
  bool blind = false;
  std::string defect;
};

void write_ct(const CtVolume& ct, const std::string& format, const fs::path& out_dir,
              const SeriesOptions& options) {
  if (format == "dicom") {
    io::write_dicom_series(ct, out_dir / "ct", {.uid_seed = options.seed, .blind = options.blind});
    if (options.defect != "none") io::make_defective(out_dir / "ct", options.defect, options.seed);
  } else {
    io::write_ct_file(ct, out_dir / (format == "nifti" ? "ct.nii.gz" : "ct.nrrd"));
  }
}

void require_dicom(const std::string& format, const std::string& defect) {
  if (format != "dicom" && defect != "none")
    throw InvalidInput({.what = "only a DICOM series can have a defect",
                        .where = "--set defect",
                        .expected = "--format dicom, or defect=none",
                        .got = fmt::format("--format {}, defect={}", format, defect),
                        .mend = "leave out one of the two"});
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

// A phantom of the catalogue by its name, or a mesh file.
void check_source(const Arguments& arguments) {
  if (arguments.has("NAME") != arguments.has("from-stl")) return;
  throw InvalidInput({.what = "it is not clear which phantom is meant",
                      .where = where,
                      .expected = "either the NAME of a phantom or --from-stl FILE",
                      .got = arguments.has("NAME") ? "both" : "neither",
                      .mend = "see 'meshassay list phantoms', or give a mesh file"});
}

struct Chosen {
  phantoms::Phantom phantom;
  Settings settings;
};

Chosen chosen_phantom(const Arguments& arguments) {
  if (const auto file = arguments.find("from-stl")) {
    auto settings = parse_settings(phantoms::mesh_solid_parameters(), arguments.all("set"));
    return {phantom_of_file(*file, settings.phantom), settings};
  }
  const auto& definition = find_scanned_phantom(arguments.get("NAME"));
  auto settings = parse_settings(definition.parameters, arguments.all("set"));
  return {phantoms::make_phantom(definition, settings.phantom, "--set",
                                 {.chordal_error_mm = chordal_error_mm(arguments)}),
          settings};
}

int run(const Arguments& arguments) {
  check_source(arguments);
  if (const auto name = arguments.find("NAME"))
    if (const auto* mesh = phantoms::find_mesh_phantom(*name)) return write_mesh_phantom(*mesh, arguments);
  const auto [phantom, settings] = chosen_phantom(arguments);
  const auto scan_parameters = scan_parameters_of(arguments.find("scan"), settings.scan);
  const auto seed = static_cast<std::uint64_t>(arguments.whole_number("seed", 0).value_or(0));
  const auto& format = arguments.get("format");
  if (format != "dicom" && format != "nrrd" && format != "nifti")
    throw InvalidInput({.what = "--format cannot be used",
                        .where = "command line",
                        .expected = "dicom, nrrd or nifti",
                        .got = format,
                        .mend = "leave it out for DICOM"});
  require_dicom(format, text(scan_parameters, "defect"));
  const fs::path out_dir = arguments.get("out");
  check_output_folder(out_dir, Existing::must_be_empty);

  const int parts = parts_of_finer_mask(arguments, phantoms::scan_grid(phantom, scan_parameters));

  const phantoms::ScanOptions options{
      .parameters = scan_parameters, .seed = seed, .progress = step_progress()};
  const auto ct = phantoms::scan(phantom, options);
  const auto quality = phantoms::measure_scan(phantom, ct, options);
  phantoms::require_as_declared(quality);
  const auto truth = phantoms::truth_of(phantom, ct.hu.grid);
  make_output_folder(out_dir);
  write_ct(ct, format, out_dir,
           {.seed = seed, .blind = arguments.has("blind"), .defect = text(scan_parameters, "defect")});
  io::write_label_map(*truth.mask, out_dir / "mask.nrrd");
  if (parts > 1)
    io::write_label_map(*phantoms::truth_of(phantom, finer_grid(ct.hu.grid, parts)).mask,
                        out_dir / "mask-finer.nrrd");
  for (const auto& target : truth.targets)
    io::write_stl(
        *target.surface,
        out_dir / (target.label == 1 ? "surface.stl" : fmt::format("surface-{}.stl", target.label)));
  const std::string document = truth_to_json({.phantom = &phantom,
                                              .scan_parameters = scan_parameters,
                                              .seed = seed,
                                              .grid = ct.hu.grid,
                                              .quality = &quality});
  io::write_file(out_dir / "truth.json", document);
  io::write_file(out_dir / "sections.svg", sections_of(phantom, ct, truth));
  io::write_file(out_dir / "quality.svg", quality_picture(quality));
  if (arguments.has("json"))
    answer(document);
  else
    answer(
        fmt::format("{} in {}: {} x {} x {} voxels, mask.nrrd, surface.stl, truth.json, sections.svg, "
                    "quality.svg\n",
                    format == "dicom"   ? "ct/"
                    : format == "nifti" ? "ct.nii.gz"
                                        : "ct.nrrd",
                    out_dir.string(), ct.hu.grid.size[0], ct.hu.grid.size[1], ct.hu.grid.size[2]));
  return 0;
}

}  // namespace

const CommandDefinition& phantom_command() {
  static const CommandDefinition command{
      .name = "phantom",
      .summary =
          "write a phantom: CT, truth mask, truth surface, truth.json; of a mesh phantom the surface and "
          "truth.json",
      .positionals = {{.name = "NAME",
                       .help = "see 'meshassay list phantoms'; none with --from-stl",
                       .at_least = 0}},
      .options = {{.name = "out", .letter = 'o', .argument = "DIR", .help = "new folder", .required = true},
                  {.name = "from-stl",
                   .argument = "FILE",
                   .help =
                       "in place of NAME: a closed mesh (STL, OBJ, PLY, OFF, 3MF) is the phantom, where it "
                       "stands in LPS mm"},
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
                  {.name = "format",
                   .argument = "F",
                   .help = "of the CT: dicom, nrrd or nifti",
                   .default_value = "dicom"},
                  {.name = "blind",
                   .help = "names and descriptions in the DICOM files say nothing of what it is"},
                  {.name = "finer-mask",
                   .argument = "N",
                   .help = "also the truth mask with every voxel cut into N x N x N: mask-finer.nrrd"},
                  {.name = "chordal-error",
                   .argument = "MM",
                   .help = "how far the truth surface may lie from the exact one; 0.002 where not given"},
                  {.name = "json", .help = "print truth.json on standard output"}},
      .example =
          "meshassay phantom sphere -o out/sphere --set radius_mm=10 --set spacing_mm=0.5,0.5,2 --set "
          "noise_hu=20",
      .run = run};
  return command;
}

}  // namespace meshassay::harness
