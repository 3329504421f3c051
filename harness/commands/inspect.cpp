// SPDX-License-Identifier: GPL-3.0-or-later
// meshassay inspect: the certificate of one mesh.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/errors.hpp"
#include "core/io/files.hpp"
#include "core/text.hpp"
#include "harness/commands/commands.hpp"
#include "harness/console.hpp"
#include "harness/identity.hpp"
#include "harness/inspection/findings.hpp"
#include "harness/inspection/mesh_marks.hpp"
#include "harness/inspection/witness_json.hpp"
#include "harness/output_folder.hpp"
#include "harness/pictures.hpp"
#include "harness/single_files.hpp"
#include "metrics/meshes/printability.hpp"
#include "metrics/registry.hpp"
#include "reports/inspection.hpp"
#include "reports/presentation.hpp"
#include "reports/run_json.hpp"

namespace meshassay::harness {
namespace {

using metrics::Certificate;
using metrics::certificate_verdicts;
using nlohmann::ordered_json;

const metrics::NamedVerdict& find_verdict(const std::string& name) {
  std::vector<std::string> known;
  for (const auto& each : certificate_verdicts) {
    if (each.name == name) return each;
    known.emplace_back(each.name);
  }
  const std::string nearest = nearest_name(name, known);
  throw InvalidInput(
      {.what = "--require cannot be used",
       .where = "command line of 'meshassay inspect'",
       .expected = "one of " + join(known, ", "),
       .got = name,
       .mend = nearest.empty() ? "choose one of them" : fmt::format("did you mean '{}'?", nearest)});
}

ordered_json to_json(const std::optional<bool>& verdict) {
  return verdict ? ordered_json(*verdict) : ordered_json(nullptr);
}

ordered_json to_json(const Certificate& certificate, const metrics::Predicate& predicate) {
  auto witnesses = ordered_json::parse(witnesses_to_json(certificate, predicate.name));
  if (witnesses.empty() && !predicate.triangles.empty()) witnesses["triangles"] = predicate.triangles;
  if (!predicate.places_mm.empty()) {
    witnesses["places_mm"] = ordered_json::array();
    for (const auto& place : predicate.places_mm)
      witnesses["places_mm"].push_back({place[0], place[1], place[2]});
  }
  ordered_json document{
      {"holds", to_json(predicate.holds)}, {"count", predicate.count}, {"witnesses", witnesses}};
  if (!predicate.note.empty()) document["note"] = predicate.note;
  return document;
}

void print_json(const std::string& mesh, const Certificate& certificate,
                const std::vector<Measurement>& measurements) {
  ordered_json document{{"schema", "meshassay/inspect/1"}, {"mesh", mesh}};
  for (const auto& each : certificate_verdicts) document[each.name] = to_json(certificate.*(each.verdict));
  if (!certificate.undecided.empty()) document["undecided"] = certificate.undecided;
  document["predicates"] = ordered_json::object();
  for (const auto& predicate : certificate.predicates)
    document["predicates"][std::string(predicate.name)] = to_json(certificate, predicate);
  document["measurements"] = ordered_json::parse(reports::measurements_to_json(measurements));
  answer(fmt::format("{}\n", document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace)));
}

std::string facts_of(const TriangleMesh& mesh) {
  const Vector3 size_mm = bounding_box(mesh).size_mm();
  return fmt::format("{} triangles, {} vertices, {:.6g} x {:.6g} x {:.6g} mm", mesh.triangles.size(),
                     mesh.vertices_mm.size(), size_mm[0], size_mm[1], size_mm[2]);
}

void print_text(const std::string& name, const TriangleMesh& mesh, const Certificate& certificate,
                const std::vector<Measurement>& measurements) {
  const auto verdicts = verdicts_of(certificate);
  std::string heads = "", answers = "";
  for (const auto& verdict : verdicts) {
    heads += fmt::format("{:<17}", verdict.name);
    answers += fmt::format("{:<17}", answer_word(verdict.holds));
  }
  answer(fmt::format("{}\n{}\n", heads, answers));
  if (!certificate.undecided.empty()) answer(fmt::format("({})\n", certificate.undecided));
  answer(fmt::format("\n{}: {}\n", name, facts_of(mesh)));
  std::string holding;
  for (const auto& finding : findings_of(certificate)) {
    if (finding.holds == true) {
      holding += (holding.empty() ? "" : ", ") + finding.name;
      continue;
    }
    answer(fmt::format("\n{:<22} {:<12} {}\n", finding.name, answer_word(finding.holds), finding.meaning));
    for (const auto& witness : finding.witnesses) answer(fmt::format("{:35} {}\n", "", witness));
    if (!finding.mend.empty()) answer(fmt::format("{:35} -> {}\n", "", finding.mend));
  }
  if (!holding.empty()) answer(fmt::format("\nholds: {}\n", holding));
  answer(fmt::format("\n{}", format_measurements(measurements)));
}

reports::InspectedRow row_of(const Finding& finding) {
  return {.name = finding.name,
          .answer = answer_word(finding.holds),
          .meaning = finding.meaning,
          .witnesses = finding.witnesses,
          .mend = finding.mend};
}

// The page, the picture in it, and the mesh with a tag for each triangle.
void write_folder(const std::filesystem::path& folder, const std::string& name, const TriangleMesh& mesh,
                  const Certificate& certificate, const std::vector<Measurement>& measurements) {
  auto marks = marks_of(mesh);
  add_hull_tags(marks, certificate);
  reports::InspectionPage page{.title = std::filesystem::path(name).filename().string(),
                               .facts = facts_of(mesh)};
  for (const auto& verdict : verdicts_of(certificate)) page.verdicts.push_back(row_of(verdict));
  for (const auto& finding : findings_of(certificate))
    (finding.holds == true ? page.right : page.wrong).push_back(row_of(finding));
  for (const auto& measurement : measurements)
    page.measured.push_back({reports::metric_label(measurement.metric, "", measurement.target),
                             reports::measured_text(&measurement, Limit{}),
                             reports::interval_text(measurement)});
  for (const auto& row : legend_of(marks))
    page.legend.push_back({row.colour.red, row.colour.green, row.colour.blue, row.text});
  page.picture_png = bridge_embree::surface_picture(mesh, picture_options(mesh, marks));
  const auto& tool = tool_identity();
  page.identity = fmt::format("meshassay {} ({})", tool.version, tool.commit);
  make_output_folder(folder);
  io::write_file(folder / "surface.png", page.picture_png);
  io::write_file(folder / "tagged.ply", to_tagged_ply(mesh, marks));
  io::write_file(folder / "inspection.html", reports::render_inspection_html(page));
}

int run(const Arguments& arguments) {
  const auto& required = find_verdict(arguments.get("require"));
  const std::string name = arguments.get("MESH");
  if (kind_of(name) != FileKind::surface)
    throw InvalidInput({.what = "a mask is no mesh",
                        .where = name,
                        .expected = "a surface (.stl .obj .ply .off .3mf)",
                        .got = "a mask",
                        .mend = "'meshassay measure' compares masks; 'meshassay model' makes surfaces"});
  const auto out = arguments.find("out");
  if (out) check_output_folder(*out, Existing::must_be_empty);
  const auto picture = arguments.find("picture");
  if (picture) check_output_file(*picture, "--picture");
  const auto trial = trial_of_mesh(name);
  const auto& mesh = *std::get<const TriangleMesh*>(find_surface(trial.submissions.front(), "", 1));
  const auto certificate = metrics::certify(mesh);
  auto measurements = metrics::measure_all(trial, "mesh.*");
  const auto sizes = metrics::measure_all(trial, "size.*");
  measurements.insert(measurements.end(), sizes.begin(), sizes.end());
  if (picture)
    io::write_file(*picture, picture_of(trial, measurements, {.title = name, .measured = "surface"}));
  if (out) write_folder(*out, name, mesh, certificate, measurements);
  if (arguments.has("json"))
    print_json(name, certificate, measurements);
  else
    print_text(name, mesh, certificate, measurements);
  const auto& verdict = certificate.*(required.verdict);
  if (!verdict.value_or(false)) say(fmt::format("{} is required: {}", required.name, answer_word(verdict)));
  return verdict.value_or(false) ? 0 : 1;
}

}  // namespace

const CommandDefinition& inspect_command() {
  static const CommandDefinition command{
      .name = "inspect",
      .summary = "certify one mesh: does it bound a solid, can it be printed?",
      .positionals = {{.name = "MESH", .help = "surface (STL, OBJ, PLY, OFF, 3MF)"}},
      .options = {{.name = "require",
                   .argument = "WHAT",
                   .help = "bounds_solid | printable | printable_parts | two_manifold | strict: status 0 "
                           "only where it holds",
                   .default_value = "bounds_solid"},
                  {.name = "out",
                   .argument = "DIR",
                   .help = "new folder: inspection.html with a picture, surface.png, tagged.ply"},
                  {.name = "picture",
                   .argument = "FILE",
                   .help = "write sections through the middle, as SVG"},
                  {.name = "json", .help = "print JSON on standard output"}},
      .notes =
          "Decided on the coordinates as they stand in the file; no tolerance enters a verdict. Definitions: "
          "docs/metrics/printability.md",
      .example = "meshassay inspect model.stl --require strict --out inspection",
      .run = run};
  return command;
}

}  // namespace meshassay::harness
