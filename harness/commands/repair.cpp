// SPDX-License-Identifier: GPL-3.0-or-later
// meshassay repair: a printable mesh out of any, or the score of another tool's repair.
#include "reference_pipeline/repair/repair.hpp"

#include <fmt/format.h>
#include <tbb/parallel_invoke.h>

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/errors.hpp"
#include "core/exact/outer_hull.hpp"
#include "core/io/files.hpp"
#include "core/io/mesh_files.hpp"
#include "core/io/stl.hpp"
#include "core/text.hpp"
#include "harness/build_info.hpp"
#include "harness/commands/commands.hpp"
#include "harness/console.hpp"
#include "harness/output_folder.hpp"
#include "metrics/meshes/printability.hpp"
#include "metrics/meshes/repair_score.hpp"

namespace meshassay::harness {
namespace {

namespace fs = std::filesystem;
namespace repair = reference_pipeline::repair;
using nlohmann::ordered_json;

constexpr const char* where = "command line of 'meshassay repair'";

// Removes a file that was not published.
class Unpublished {
 public:
  explicit Unpublished(fs::path path) : path_(std::move(path)) {}
  Unpublished(const Unpublished&) = delete;
  Unpublished& operator=(const Unpublished&) = delete;
  ~Unpublished() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// "0.4" in mm, or "0.4%" of the longest side of the mesh's box.
double min_thickness_mm(const std::string& given, const TriangleMesh& mesh) {
  const bool of_box = given.ends_with('%');
  const auto value = parse_number(of_box ? given.substr(0, given.size() - 1) : given);
  if (!value || !(*value > 0.0))
    throw InvalidInput({.what = "--min-thickness cannot be used",
                        .where = where,
                        .expected = "millimetres, e.g. 0.4, or a part of the box's longest side, e.g. 0.4%",
                        .got = given,
                        .mend = "give what the printer can hold"});
  return of_box ? *value / 100.0 * bounding_box(mesh).size_mm().maxCoeff() : *value;
}

repair::RepairOptions::SheetOffset sheet_offset(const std::string& given) {
  if (given == "half") return repair::RepairOptions::SheetOffset::half;
  if (given == "full") return repair::RepairOptions::SheetOffset::full;
  throw InvalidInput({.what = "--sheet-offset cannot be used",
                      .where = where,
                      .expected = "half (a wall of the least thickness) or full (twice that)",
                      .got = given,
                      .mend = "choose one of them"});
}

repair::Cavities cavities(const Arguments& arguments) {
  const bool keep = arguments.has("keep-cavities"), fill = arguments.has("fill-cavities");
  if (keep && fill)
    throw InvalidInput({.what = "cavities can be kept or filled, not both",
                        .where = where,
                        .expected = "--keep-cavities or --fill-cavities",
                        .got = "both",
                        .mend = "choose one of them"});
  return keep ? repair::Cavities::keep : fill ? repair::Cavities::fill : repair::Cavities::ask;
}

ordered_json to_json(const std::optional<metrics::Enclosed>& distance_mm) {
  if (!distance_mm) return nullptr;
  return {{"value_mm", distance_mm->value},
          {"interval_mm", {distance_mm->interval(0.0).lo, distance_mm->interval(0.0).hi}}};
}

ordered_json to_json(const metrics::RepairScore& found) {
  return {{"score", found.score},
          {"reason", found.reason},
          {"tolerance_mm", found.tolerance_mm},
          {"printable_parts", found.printable_parts},
          {"has_sheets_or_wires", found.has_sheets_or_wires},
          {"input_to_repaired", to_json(found.input_to_repaired_mm)},
          {"repaired_to_input", to_json(found.repaired_to_input_mm)},
          {"solid_to_repaired", to_json(found.solid_to_repaired_mm)},
          {"away_to_input", to_json(found.away_to_input_mm)},
          {"wall_at_sheets_mm",
           found.wall_at_sheets_mm ? ordered_json(*found.wall_at_sheets_mm) : ordered_json(nullptr)},
          {"parts", {{"expected", found.parts_expected}, {"found", found.parts}}},
          {"euler_characteristic", {{"expected", found.euler_expected}, {"found", found.euler}}},
          {"volume_mm3", {{"expected", found.volume_expected_mm3}, {"found", found.volume_mm3}}}};
}

ordered_json to_json(const metrics::Certificate& certificate) {
  auto document = ordered_json::object();
  for (const auto& each : metrics::certificate_verdicts) {
    const auto& verdict = certificate.*(each.verdict);
    document[each.name] = verdict ? ordered_json(*verdict) : ordered_json(nullptr);
  }
  return document;
}

ordered_json to_json(const repair::RepairCounts& counts) {
  return {{"input_triangles", counts.input_triangles},
          {"duplicates", counts.duplicates},
          {"without_area", counts.without_area},
          {"points", counts.points},
          {"cut_triangles", counts.cut_triangles},
          {"internal_triangles", counts.internal_triangles},
          {"sheet_triangles", counts.sheet_triangles},
          {"sheet_area_mm2", counts.sheet_area_mm2},
          {"wires", counts.wires},
          {"wire_length_mm", counts.wire_length_mm},
          {"passages", counts.passages},
          {"turned_triangles", counts.turned_triangles},
          {"constructed_vertices", counts.constructed_vertices},
          {"rounding_rounds", counts.rounding_rounds},
          {"merge_distance_mm", counts.merge_distance_mm},
          {"perturbation_mm", counts.perturbation_mm},
          {"output_triangles", counts.output_triangles},
          {"parts", counts.parts}};
}

ordered_json to_json(const std::vector<repair::FoundCavity>& cavities) {
  auto list = ordered_json::array();
  for (const auto& cavity : cavities)
    list.push_back({{"volume_mm3", cavity.volume_mm3},
                    {"place_mm", {cavity.place_mm[0], cavity.place_mm[1], cavity.place_mm[2]}}});
  return list;
}

std::string text_of(const ordered_json& document) {
  return fmt::format("{}\n", document.dump(2, ' ', false, ordered_json::error_handler_t::replace));
}

void print_score(const metrics::RepairScore& found) {
  constexpr const char* words[] = {"", "failure", "incomplete", "distorted", "as exact as possible", "exact"};
  answer(fmt::format("{:<28} {} ({})\n", "score", found.score, words[found.score]));
  if (!found.reason.empty()) answer(fmt::format("{:<28} {}\n", "  not better, since", found.reason));
  const auto row = [](const char* name, const std::optional<metrics::Enclosed>& distance_mm) {
    if (distance_mm)
      answer(fmt::format("{:<28} {:.6g} mm  [{:.6g}, {:.6g}]\n", name, distance_mm->value,
                         distance_mm->interval(0.0).lo, distance_mm->interval(0.0).hi));
  };
  row("input to repaired", found.input_to_repaired_mm);
  row("repaired to input", found.repaired_to_input_mm);
  if (found.has_sheets_or_wires) {
    row("  solid away from sheets", found.solid_to_repaired_mm);
    row("  repaired away from sheets", found.away_to_input_mm);
    if (found.wall_at_sheets_mm)
      answer(fmt::format("{:<28} {:.6g} mm\n", "wall at sheets", *found.wall_at_sheets_mm));
  }
  answer(fmt::format("{:<28} {:.6g} mm\n", "tolerance", found.tolerance_mm));
}

int score_only(const Arguments& arguments) {
  if (!arguments.find("REPAIRED"))
    throw InvalidInput({.what = "there is no repair to score",
                        .where = where,
                        .expected = "repair --score-only INPUT REPAIRED",
                        .got = "one mesh",
                        .mend = "give the mesh that the other tool made"});
  for (const char* option : {"out", "parts", "keep-cavities", "fill-cavities", "no-score"})
    if (arguments.has(option) || arguments.find(option))
      throw InvalidInput({.what = fmt::format("--{} is not for --score-only", option),
                          .where = where,
                          .expected = "repair --score-only INPUT REPAIRED [--min-thickness MM] [--json]",
                          .got = fmt::format("--{}", option),
                          .mend = "leave it out: a score writes and repairs nothing"});
  const auto input = io::read_mesh(arguments.get("MESH"));
  const auto repaired = io::read_mesh(arguments.get("REPAIRED"));
  const auto found = metrics::repair_score(
      input, repaired, {.min_thickness_mm = min_thickness_mm(arguments.get("min-thickness"), input)});
  if (arguments.has("json"))
    answer(text_of({{"schema", "meshassay/repair/1"},
                    {"input", arguments.get("MESH")},
                    {"output", arguments.get("REPAIRED")},
                    {"score", to_json(found)}}));
  else
    print_score(found);
  return 0;
}

// Whether a file is a binary STL: then a sound mesh is copied, not written again. The count in its header
// tells it from a text that happens to be as long.
bool is_binary_stl(const std::string& bytes, std::size_t triangles) {
  if (bytes.size() != 84 + 50 * triangles) return false;
  std::size_t count = 0;
  for (std::size_t i = 4; i-- > 0;) count = count << 8U | static_cast<unsigned char>(bytes[80 + i]);
  return count == triangles;
}

// The certificate of a mesh as its file holds it. \throw MachineError where it does not hold.
metrics::Certificate certified(const TriangleMesh& read_back, const fs::path& shown, bool may_have_cavities) {
  auto certificate = metrics::certify(read_back, {.is_welded = true});
  const bool whole = may_have_cavities || certificate.printable_parts.value_or(true);
  if (certificate.bounds_solid.value_or(false) && whole) return certificate;
  throw MachineError({.what = "the repaired mesh does not hold its certificate as its file has it",
                      .where = shown.string(),
                      .expected = "bounds_solid and printable_parts",
                      .got = "one of them does not hold",
                      .mend = "this is a fault of the program: please report the mesh; nothing was written"});
}

constexpr const char* not_scored_with_cavities =
    "cavities were kept: by Attene 2018 (Definition 3.8) a printable mesh has none";

void print_result(const repair::RepairResult& result, bool has_cavities, const std::string& output) {
  const auto& counts = result.counts;
  const char* sound =
      has_cavities ? "unchanged: it bounds a solid, with its cavities" : "unchanged: it was printable";
  answer(fmt::format("{:<28} {}\n", "result",
                     result.status == repair::RepairStatus::unchanged ? sound : "repaired"));
  answer(fmt::format("{:<28} {} -> {}\n", "triangles", counts.input_triangles, counts.output_triangles));
  const auto row = [](const char* name, std::size_t count) {
    if (count > 0) answer(fmt::format("{:<28} {}\n", name, count));
  };
  row("duplicates dropped", counts.duplicates);
  row("internal, deleted", counts.internal_triangles);
  row("turned", counts.turned_triangles);
  row("sheet triangles", counts.sheet_triangles);
  row("wires", counts.wires);
  row("gaps widened", counts.passages);
  row(has_cavities ? "cavities, kept" : "cavities, filled", result.cavities.size());
  row("parts", counts.parts);
  answer(fmt::format("{:<28} {}\n", "written", output));
}

fs::path record_path(const fs::path& out) { return out.string() + ".json"; }

fs::path part_path(const fs::path& folder, std::uint32_t part) {
  return folder / fmt::format("part-{:04}.stl", part + 1);
}

void write_parts(const fs::path& folder, const repair::RepairResult& result, bool may_have_cavities) {
  make_output_folder(folder);
  for (std::uint32_t part = 0; part < result.counts.parts; ++part) {
    const fs::path path = part_path(folder, part);
    const Unpublished file(io::temporary_name(path));
    io::write_stl(repair::part_of(result, part), file.path());
    (void)certified(io::read_stl(file.path()), path, may_have_cavities);
    io::publish(file.path(), path);
  }
  // What an earlier repair with more parts left would pass for parts of this one.
  for (auto part = result.counts.parts; fs::remove(part_path(folder, part)); ++part) {
  }
}

int run(const Arguments& arguments) {
  if (arguments.has("score-only")) return score_only(arguments);
  if (arguments.find("REPAIRED"))
    throw InvalidInput({.what = "a second mesh is for --score-only",
                        .where = where,
                        .expected = "one mesh",
                        .got = arguments.get("REPAIRED"),
                        .mend = "add --score-only, or leave it out"});
  if (!arguments.find("out"))
    throw InvalidInput({.what = "there is no place for the repaired mesh",
                        .where = where,
                        .expected = "-o FILE.stl",
                        .got = "nothing",
                        .mend = "add -o FILE.stl"});
  const fs::path input_path = arguments.get("MESH"), out = arguments.get("out");
  if (io::lower_extension(out) != ".stl")
    throw UnsupportedFormat({.what = "the repaired mesh cannot be written in this format",
                             .where = where,
                             .expected = "-o FILE.stl",
                             .got = out.string(),
                             .mend = "choose a name that ends in .stl"});
  check_output_file(out, "-o");
  check_output_file(record_path(out), "-o");
  if (const auto parts = arguments.find("parts"))
    check_output_folder(*parts, Existing::may_hold_files, "--parts");
  const auto input = io::read_mesh(input_path);
  const repair::RepairOptions options{
      .min_thickness_mm = min_thickness_mm(arguments.get("min-thickness"), input),
      .sheet_offset = sheet_offset(arguments.get("sheet-offset")),
      .cavities = cavities(arguments),
      .is_welded = true,
      .progress = step_progress()};
  const auto result = repair::repair(input, options);
  ordered_json document{{"schema", "meshassay/repair/1"},
                        {"input", input_path.string()},
                        {"output", nullptr},
                        {"status", "failed"}};
  document["min_thickness_mm"] = options.min_thickness_mm;
  document["counts"] = to_json(result.counts);
  document["cavities"] = to_json(result.cavities);

  const double longest_mm = bounding_box(input).size_mm().maxCoeff();
  if (result.status == repair::RepairStatus::failed)
    throw MachineError(
        {.what = "the mesh could not be repaired: " + result.reason,
         .where = input_path.string(),
         .expected = "a mesh that is printable as its file has it",
         .got = "none",
         .mend = longest_mm > 0.0 && options.min_thickness_mm > longest_mm
                     ? "nothing was written; the least thickness is larger than the mesh: check "
                       "its unit, or give a part of its box (--min-thickness 0.4%)"
                     : "nothing was written; another --min-thickness may do"});
  if (result.status == repair::RepairStatus::cavities_undecided) {
    document["status"] = "cavities_undecided";
    double volume_mm3 = 0.0;
    for (const auto& cavity : result.cavities) volume_mm3 += cavity.volume_mm3;
    if (arguments.has("json")) answer(text_of(document));
    say(
        fmt::format("{} cavit{} of {:.6g} mm3 together would be filled: choose --keep-cavities or "
                    "--fill-cavities; nothing was written",
                    result.cavities.size(), result.cavities.size() == 1 ? "y" : "ies", volume_mm3));
    return 1;
  }

  const bool kept = options.cavities == repair::Cavities::keep && !result.cavities.empty();
  const Unpublished file(io::temporary_name(out));
  const std::string bytes = result.status == repair::RepairStatus::unchanged ? io::read_file(input_path) : "";
  if (is_binary_stl(bytes, result.mesh.triangles.size()))
    io::write_file(file.path(), bytes);
  else
    io::write_stl(result.mesh, file.path());
  const auto written = io::read_stl(file.path());
  std::optional<metrics::Certificate> certificate;
  const auto certify = [&]() -> const metrics::Certificate& {
    if (!certificate) certificate = certified(written, out, kept);
    return *certificate;
  };
  std::optional<metrics::RepairScore> score;
  std::string output_sha256, input_sha256;
  tbb::parallel_invoke(
      [&] {
        if (!arguments.has("no-score") && !kept)
          score = metrics::repair_score(input, written, {.min_thickness_mm = options.min_thickness_mm},
                                        {.input = result.input.get(), .certify = certify});
        (void)certify();
      },
      [&] { output_sha256 = io::sha256_of_file(file.path()); },
      [&] { input_sha256 = io::sha256_of_file(input_path); });
  document["output"] = out.string();
  document["output_sha256"] = output_sha256;
  document["input_sha256"] = input_sha256;
  document["status"] = result.status == repair::RepairStatus::unchanged ? "unchanged" : "repaired";
  document["tool"] = {{"version", build_info::version}, {"commit", build_info::commit}};
  document["certificate"] = to_json(*certificate);
  document["score"] = score ? to_json(*score) : ordered_json(nullptr);
  if (!score) document["score_reason"] = kept ? not_scored_with_cavities : "--no-score";
  if (const auto parts = arguments.find("parts")) write_parts(*parts, result, kept);
  io::publish(file.path(), out);
  io::write_file(record_path(out), text_of(document));
  if (arguments.has("json")) {
    answer(text_of(document));
  } else {
    print_result(result, kept, out.string());
    if (score) print_score(*score);
    if (kept) answer(fmt::format("{:<28} none: {}\n", "score", not_scored_with_cavities));
  }
  return 0;
}

}  // namespace

const CommandDefinition& repair_command() {
  static const CommandDefinition command{
      .name = "repair",
      .summary = "make a mesh printable, as exactly as possible; or score a repair",
      .positionals = {{.name = "MESH", .help = "surface (STL, OBJ, PLY, OFF, 3MF)"},
                      {.name = "REPAIRED",
                       .help = "with --score-only: what another tool made of it",
                       .at_least = 0}},
      .options =
          {{.name = "out", .letter = 'o', .argument = "FILE", .help = "the repaired mesh (STL, binary)"},
           {.name = "min-thickness",
            .argument = "MM",
            .help = "wall of sheets and diameter of wires, in mm, or as a part of the box's longest side "
                    "(0.4%)",
            .default_value = "0.4"},
           {.name = "sheet-offset",
            .argument = "WHAT",
            .help = "half: a wall of the least thickness; full: that to each side of a sheet",
            .default_value = "half"},
           {.name = "parts", .argument = "DIR", .help = "write each part as a mesh of its own too"},
           {.name = "keep-cavities", .help = "keep voids that the orientation of their walls shows"},
           {.name = "fill-cavities", .help = "fill them: the outer hull alone"},
           {.name = "score-only", .help = "score REPAIRED as a repair of MESH, 1 to 5; write nothing"},
           {.name = "no-score", .help = "do not score the own repair (saves time with large meshes)"},
           {.name = "json", .help = "print JSON on standard output"}},
      .notes =
          "What bounds a solid stays where it is; sheets and wires get a wall. The file is read back and "
          "certified before it gets its name; FILE.json beside it says what was done. Status 1, and no file, "
          "where cavities would be filled and it was not said whether they should; 3 where no certificate "
          "could be reached. Stitching of gaps is not offered. How: docs/methods/repair.md",
      .example = "meshassay repair model.stl -o printable.stl --min-thickness 0.4",
      .run = run};
  return command;
}

}  // namespace meshassay::harness
