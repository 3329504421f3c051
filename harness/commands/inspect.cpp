// SPDX-License-Identifier: GPL-3.0-or-later
// meshassay inspect: the certificate of one mesh.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/errors.hpp"
#include "core/io/files.hpp"
#include "core/text.hpp"
#include "harness/commands/commands.hpp"
#include "harness/console.hpp"
#include "harness/pictures.hpp"
#include "harness/single_files.hpp"
#include "metrics/printability.hpp"
#include "metrics/registry.hpp"
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

// What a person can do about a property that does not hold.
std::string_view mend(std::string_view predicate) {
  if (predicate == "regular" || predicate == "non_degenerate") return "remove triangles without area";
  if (predicate == "layer") return "remove triangles that are there twice";
  if (predicate == "closed") return "fill the holes: the file has edges with an odd number of triangles";
  if (predicate == "polyhedron")
    return "resolve the self-intersections (a boolean union, or export again with more resolution)";
  if (predicate == "two_manifold")
    return "separate what touches along an edge or at a vertex, and fill holes";
  if (predicate == "consistently_oriented") return "unify the normals";
  return "flip the shells that are inside out";
}

ordered_json to_json(const std::optional<bool>& verdict) {
  return verdict ? ordered_json(*verdict) : ordered_json(nullptr);
}

ordered_json to_json(const metrics::Predicate& predicate) {
  auto witnesses = ordered_json::object();
  if (!predicate.triangles.empty()) witnesses["triangles"] = predicate.triangles;
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
    document["predicates"][std::string(predicate.name)] = to_json(predicate);
  document["measurements"] = ordered_json::parse(reports::measurements_to_json(measurements));
  answer(fmt::format("{}\n", document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace)));
}

const char* word(const std::optional<bool>& verdict) {
  return !verdict ? "not decided" : *verdict ? "yes" : "no";
}

void print_text(const Certificate& certificate, const std::vector<Measurement>& measurements) {
  for (const auto& each : certificate_verdicts)
    answer(fmt::format("{:<24} {}\n", each.name, word(certificate.*(each.verdict))));
  if (!certificate.undecided.empty()) answer(fmt::format("  ({})\n", certificate.undecided));
  answer("\n");
  for (const auto& predicate : certificate.predicates) {
    answer(fmt::format("{:<24} {}", predicate.name, word(predicate.holds)));
    if (predicate.count > 0) answer(fmt::format(" ({})", predicate.count));
    if (!predicate.note.empty()) answer(fmt::format("  {}", predicate.note));
    answer("\n");
    if (predicate.holds.value_or(true)) continue;
    if (!predicate.triangles.empty())
      answer(fmt::format("{:26}triangles {}\n", "", fmt::join(predicate.triangles, " ")));
    for (std::size_t i = 0; i < std::min<std::size_t>(predicate.places_mm.size(), 3); ++i)
      answer(fmt::format("{:26}at ({:.6g}, {:.6g}, {:.6g}) mm\n", "", predicate.places_mm[i][0],
                         predicate.places_mm[i][1], predicate.places_mm[i][2]));
    answer(fmt::format("{:26}-> {}\n", "", mend(predicate.name)));
  }
  answer(fmt::format("\n{}", format_measurements(measurements)));
}

int run(const Arguments& arguments) {
  const auto& required = find_verdict(arguments.get("require"));
  const std::string mesh = arguments.get("MESH");
  if (kind_of(mesh) != FileKind::surface)
    throw InvalidInput({.what = "a mask is no mesh",
                        .where = mesh,
                        .expected = "a surface (.stl)",
                        .got = "a mask",
                        .mend = "'meshassay measure' compares masks; 'meshassay model' makes surfaces"});
  const auto trial = trial_of_mesh(mesh);
  const auto certificate =
      metrics::certify(*std::get<const TriangleMesh*>(find_surface(trial.submissions.front(), "", 1)));
  auto measurements = metrics::measure_all(trial, "mesh.*");
  const auto sizes = metrics::measure_all(trial, "size.*");
  measurements.insert(measurements.end(), sizes.begin(), sizes.end());
  if (const auto picture = arguments.find("picture"))
    io::write_file(*picture, picture_of(trial, measurements, {.title = mesh, .measured = "surface"}));
  if (arguments.has("json"))
    print_json(mesh, certificate, measurements);
  else
    print_text(certificate, measurements);
  const auto& verdict = certificate.*(required.verdict);
  if (!verdict.value_or(false)) say(fmt::format("{} is required: {}", required.name, word(verdict)));
  return verdict.value_or(false) ? 0 : 1;
}

}  // namespace

const CommandDefinition& inspect_command() {
  static const CommandDefinition command{
      .name = "inspect",
      .summary = "certify one mesh: does it bound a solid, can it be printed?",
      .positionals = {{.name = "MESH", .help = "surface (STL)"}},
      .options = {{.name = "require",
                   .argument = "WHAT",
                   .help = "bounds_solid | printable | printable_parts | two_manifold | strict: status 0 "
                           "only where it holds",
                   .default_value = "bounds_solid"},
                  {.name = "picture",
                   .argument = "FILE",
                   .help = "write sections through the middle, as SVG"},
                  {.name = "json", .help = "print JSON on standard output"}},
      .notes =
          "Decided on the coordinates as they stand in the file; no tolerance enters a verdict. Definitions: "
          "docs/metrics/printability.md",
      .example = "meshassay inspect model.stl --require strict",
      .run = run};
  return command;
}

}  // namespace meshassay::harness
