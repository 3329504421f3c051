// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference_pipeline/repair/repair.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "core/blocks.hpp"
#include "core/errors.hpp"
#include "core/text.hpp"
#include "reference_pipeline/repair/convex_pieces.hpp"
#include "reference_pipeline/repair/float_rounding.hpp"
#include "reference_pipeline/repair/parts.hpp"
#include "reference_pipeline/repair/passages.hpp"
#include "reference_pipeline/repair/perturbation.hpp"
#include "reference_pipeline/repair/sheets.hpp"
#include "reference_pipeline/repair/slits.hpp"
#include "reference_pipeline/repair/solid.hpp"
#include "reference_pipeline/repair/surface_match.hpp"
#include "reference_pipeline/repair/thin_walls.hpp"
#include "reference_pipeline/repair/wires.hpp"

namespace meshassay::reference_pipeline::repair {
namespace {

constexpr int max_thickenings = 3;
constexpr int max_openings = 3;
// Of the least thickness. A passage is no wider than it can be made with certainty: a wall needs the room.
constexpr double passage_radius = 0.02;

void check(const TriangleMesh& input, const RepairOptions& options) {
  if (input.triangles.empty())
    throw InvalidInput({.what = "there is nothing to repair",
                        .expected = "at least one triangle",
                        .got = "0",
                        .mend = "check the step that made the mesh"});
  if (!(options.min_thickness_mm > 0.0) || !std::isfinite(options.min_thickness_mm))
    throw InvalidInput({.what = "a least thickness that cannot be used",
                        .expected = "more than 0 mm",
                        .got = format_number(options.min_thickness_mm),
                        .mend = "give what the printer can hold, e.g. 0.4"});
  const Box3 box = bounding_box(input);
  const double largest = std::max(box.min_mm.cwiseAbs().maxCoeff(), box.max_mm.cwiseAbs().maxCoeff());
  if (largest + options.min_thickness_mm >= static_cast<double>(std::numeric_limits<float>::max()))
    throw InvalidInput({.what = "a coordinate that the printed format cannot hold",
                        .expected = "at most 3.4e38 mm",
                        .got = format_number(largest),
                        .mend = "check the unit of the mesh"});
}

// Whether cutting and sorting left the input as it was, and it can be written as it is.
bool is_sound(const Sorted& sorted, const TriangleMesh& input) {
  const auto& arrangement = sorted.arrangement;
  if (!arrangement.set_aside.empty() || arrangement.triangles.size() != input.triangles.size() ||
      !arrangement.further_sources.empty() || arrangement.vertices_mm.size() != arrangement.input_vertices)
    return false;
  const auto& points = arrangement.vertices_mm;
  return are_all_solid_as_they_run(sorted) &&
         !first_of_blocks(points.size(), [&](std::size_t v) { return to_float32(points[v]) != points[v]; });
}

// The first `given` triangles of which something bounds the solid, as they were; what is internal or a sheet
// for good is left out: plates cover the sheets.
TriangleMesh touching_the_solid(const Sorted& sorted, const TriangleMesh& input, std::size_t given) {
  std::set<std::uint32_t> kept;
  for (std::size_t t = 0; t < sorted.arrangement.triangles.size(); ++t)
    if (role(sorted, t) == Role::solid && sorted.arrangement.source[t] < given)
      kept.insert(sorted.arrangement.source[t]);
  TriangleMesh mesh{.vertices_mm = input.vertices_mm, .triangles = {}};
  for (const auto t : kept) mesh.triangles.push_back(input.triangles[t]);
  return mesh;
}

// Whether it is the surface but for rounding: then nothing is far from anything.
bool only_rounded(const TriangleMesh& mesh, const TriangleMesh& surface) {
  const auto &points = mesh.vertices_mm, &others = surface.vertices_mm;
  return mesh.triangles == surface.triangles && points.size() == others.size() &&
         !first_of_blocks(points.size(),
                          [&](std::size_t v) { return to_float32(points[v]) != to_float32(others[v]); });
}

std::vector<Segment> segments_of(const exact::Arrangement& arrangement) {
  std::vector<Segment> segments;
  for (const auto& each : arrangement.set_aside)
    if (each.from != each.to)
      segments.push_back({arrangement.vertices_mm[each.from], arrangement.vertices_mm[each.to]});
  return segments;
}

class Repair {
 public:
  Repair(const TriangleMesh& input, const RepairOptions& options)
      : welded_(options.is_welded ? TriangleMesh{} : welded(input)),
        input_(options.is_welded ? input : welded_),
        options_(options),
        sort_{.cavities = options.cavities, .least_cavity_mm3 = std::pow(options.min_thickness_mm, 3)} {}

  RepairResult run() {
    report("cutting", 0.0);
    sorted_ = sort_out(input_, sort_);
    count_input();
    if (!sorted_.cavities.empty() && options_.cavities == Cavities::ask) {
      result_.status = RepairStatus::cavities_undecided;
      result_.reason = "whether to keep or fill the cavities has to be chosen";
      return std::move(result_);
    }
    if (is_sound(sorted_, input_)) return copied_through();
    mesh_ = input_;
    pieces_ = {.given = input_.triangles.size()};
    if (!thicken_sheets()) return std::move(result_);
    add_wires();
    open_what_is_shut_off();
    auto surface = solid_surface(sorted_);
    if (surface.mesh.triangles.empty())
      return failed("nothing of the input bounds a solid, and nothing can be given a wall");
    count_turned(surface);
    return round(surface);
  }

 private:
  void report(std::string_view step, double fraction) const {
    if (options_.progress) options_.progress(step, fraction);
  }

  RepairResult failed(std::string reason) {
    result_.status = RepairStatus::failed;
    result_.reason = std::move(reason);
    return std::move(result_);
  }

  void count_input() {
    const auto& arrangement = sorted_.arrangement;
    auto& counts = result_.counts;
    counts.input_triangles = input_.triangles.size();
    counts.duplicates = arrangement.further_sources.size();
    counts.without_area = arrangement.set_aside.size();
    for (const auto& each : arrangement.set_aside) counts.points += each.from == each.to ? 1 : 0;
    counts.cut_triangles = arrangement.triangles.size();
    struct Counts {
      std::size_t internal = 0, sheet = 0;
    };
    std::vector<Counts> parts(block_count(arrangement.triangles.size(), usual_block));
    for_each_block(arrangement.triangles.size(), usual_block, [&](const Block& block) {
      Counts here;
      for (std::size_t t = block.from; t < block.to; ++t) {
        const Role its = role(sorted_, t);
        here.internal += its == Role::internal ? 1 : 0;
        here.sheet += its == Role::sheet ? 1 : 0;
      }
      parts[block.number] = here;
    });
    for (const auto& part : parts) {
      counts.internal_triangles += part.internal;
      counts.sheet_triangles += part.sheet;
    }
    for (const auto& cavity : sorted_.cavities)
      result_.cavities.push_back({.volume_mm3 = cavity.volume_mm3, .place_mm = cavity.place_mm});
  }

  void count_turned(const SolidSurface& surface) {
    for (const auto t : surface.of_arrangement)
      result_.counts.turned_triangles += sorted_.open[sorted_.hull.cell[t][0]] ? 0 : 1;
  }

  RepairResult copied_through() {
    result_.status = RepairStatus::unchanged;
    result_.mesh = input_;
    number_parts(sorted_);
    hand_over_input();
    return std::move(result_);
  }

  // Without sheets and segments nothing was added to the input.
  void hand_over_input() {
    if (result_.counts.sheet_triangles > 0 || result_.counts.without_area > 0) return;
    result_.input = std::make_shared<const exact::SortedComplex>(
        exact::SortedComplex{std::move(sorted_.arrangement), std::move(sorted_.hull)});
  }

  void number_parts(const Sorted& sorted) {
    auto parts = find_parts(sorted);
    result_.part = std::move(parts.of_triangle);
    result_.counts.parts = parts.count;
    result_.counts.output_triangles = result_.mesh.triangles.size();
  }

  double half_wall_mm() const {
    return options_.sheet_offset == RepairOptions::SheetOffset::half ? 0.5 * options_.min_thickness_mm
                                                                     : options_.min_thickness_mm;
  }

  // Slivers between vertices closer than this have no extent beside the wall.
  double merge_distance_mm() const { return 1e-4 * options_.min_thickness_mm; }

  bool thicken_sheets() {
    segments_ = segments_of(sorted_.arrangement);
    for (int round = 0; round <= max_thickenings; ++round) {
      const auto sheets = sheet_complex(sorted_, mesh_, merge_distance_mm());
      if (round == 0) {
        result_.counts.sheet_area_mm2 = area_mm2(sheets.mesh);
        sheets_ = sheets;
      }
      if (sheets.mesh.triangles.empty()) return true;
      if (round == max_thickenings) break;
      report("thickening sheets", 0.3);
      mesh_ = touching_the_solid(sorted_, mesh_, pieces_.given);
      pieces_.given = mesh_.triangles.size();
      append(walls_, thickened(sheets, half_wall_mm()));
      build_up();
    }
    failed("sheets are left after each was given a wall");
    return false;
  }

  void add_wires() {
    if (segments_.empty()) return;
    const auto surface = solid_surface(sorted_);
    const double on_surface_mm = 0.5 * rounding_tolerance_mm(bounding_box(input_));
    const auto wires = exposed_segments(segments_, surface.mesh, on_surface_mm);
    result_.counts.wires = wires.size();
    for (const auto& [from, to] : wires) result_.counts.wire_length_mm += (to - from).norm();
    if (wires.empty()) return;
    report("giving wires a thickness", 0.5);
    append(walls_, rods(wires, 2.0 * half_wall_mm()));
    build_up();
  }

  // What is given of the mesh, walls, passages.
  void build_up() {
    mesh_.triangles.resize(pieces_.given);
    append(mesh_, walls_);
    append(mesh_, passages_);
    mesh_ = welded(mesh_);
    pieces_.walls = walls_.triangles.size();
    pieces_.passages = passages_.triangles.size();
    sorted_ = sorted_anew(mesh_, pieces_);
  }

  // Walls close gaps narrower than they are; surface of the solid behind such a gap stays where it was. What
  // a passage takes from a wall, the wall gets on its other side, which may close another gap. Once: each
  // time all is cut anew.
  void open_what_is_shut_off() {
    if (pieces_.walls == 0) return;
    open();
    if (!passages_.triangles.empty() && thicken_beside_passages()) open();
  }

  // What was opened may lie behind something else that is shut.
  void open() {
    for (int round = 0; round < max_openings; ++round)
      if (!open_once()) return;
  }

  // Whether passages were added.
  bool open_once() {
    const double half_mm = 0.5 * options_.min_thickness_mm;
    const auto spaces = spaces_of(sorted_, pieces_);
    auto shut = shut_off(sorted_, spaces);
    std::erase_if(shut, [&](const ShutOff& each) {
      return each.solid_area_mm2 == 0.0 || each.volume_mm3 < half_mm * half_mm * half_mm;
    });
    if (shut.empty()) return false;
    report("opening what walls shut off", 0.4);
    const auto ways = ways_out(sorted_, pieces_, spaces, shut, input_, options_.min_thickness_mm);
    if (ways.empty()) return false;
    if (passages_.triangles.empty()) result_.counts.passages = shut.size();
    append(passages_, passages(ways, passage_radius * options_.min_thickness_mm));
    build_up();
    return true;
  }

  // Whether a wall was thin.
  bool thicken_beside_passages() {
    const auto balls =
        other_side_of_thin_walls(sheets_, solid_surface(sorted_).mesh, passages_, options_.min_thickness_mm);
    if (balls.triangles.empty()) return false;
    append(walls_, balls);
    build_up();
    return true;
  }

  [[nodiscard]] Sorted sorted_anew(const TriangleMesh& mesh, const Pieces& pieces) const {
    auto sorted = sort_out(mesh, settled());
    if (pieces.passages + pieces.slits > 0) open_free_space(sorted, spaces_of(sorted, pieces));
    return sorted;
  }

  RepairResult round(const SolidSurface& surface) {
    report("rounding to float32", 0.6);
    const double tolerance_mm = rounding_tolerance_mm(bounding_box(input_));
    const SurfaceMatch match(surface.mesh, tolerance_mm);
    const RoundingOptions options{.sort = settled(), .accept = [&](const TriangleMesh& mesh) {
                                    return only_rounded(mesh, surface.mesh) || match.matches(mesh);
                                  }};
    auto rounded = rounded_to_float32(surface, options);
    for (const auto& perturb : {&Repair::drawn_in_by, &Repair::slits_cut_by, &Repair::grown_by})
      for (const double fraction : {0.01, 0.03, 0.1}) {
        if (rounded && rounded->accepted) break;
        report("moving faces apart", 0.7);
        const double by_mm = fraction * tolerance_mm;
        auto other = (this->*perturb)(surface, by_mm, options);
        if (!other || (rounded && !other->accepted)) continue;
        rounded = std::move(other);
        result_.counts.perturbation_mm = by_mm;
      }
    if (!rounded)
      return failed("no rounding to float32 was found that is free of intersections within the tolerance");
    result_.status = RepairStatus::repaired;
    result_.mesh = rounded->mesh;
    result_.counts.constructed_vertices = rounded->constructed;
    result_.counts.rounding_rounds = rounded->rounds;
    result_.counts.merge_distance_mm = rounded->merge_distance_mm;
    number_parts(rounded->sorted);
    if (result_.counts.sheet_triangles > 0) drop_specks();
    hand_over_input();
    return std::move(result_);
  }

  // Of the surface's triangles, out of the solid.
  [[nodiscard]] std::vector<Vector3> normals_of(const SolidSurface& surface) const {
    std::vector<Vector3> normals;
    for (const auto t : surface.of_arrangement) {
      const Vector3 normal = unit_normal(mesh_, sorted_.arrangement.source[t]);
      normals.push_back(sorted_.open[sorted_.hull.cell[t][0]] ? normal : (-normal).eval());
    }
    return normals;
  }

  static RoundingOptions merging_at_most(double distance_mm, RoundingOptions options) {
    options.max_merge_mm = distance_mm;
    return options;
  }

  // Slits that are narrower than float32 resolves: no face stays exactly where it was. Merging must not close
  // them again.
  [[nodiscard]] std::optional<Rounded> drawn_in_by(SolidSurface surface, double by_mm,
                                                   const RoundingOptions& options) const {
    surface.mesh = drawn_in(std::move(surface.mesh), normals_of(surface), by_mm);
    surface.constructed.assign(surface.constructed.size(), true);
    return rounded_to_float32(surface, merging_at_most(by_mm, options));
  }

  // Slits that end as wedges, between faces that cross at almost no angle: drawn in, they are as narrow as
  // before near their end. Cut out of the solid they end bluntly. All other faces stay.
  [[nodiscard]] std::optional<Rounded> slits_cut_by(SolidSurface surface, double by_mm,
                                                    const RoundingOptions& options) const {
    const auto floors = slit_floors(surface.mesh, normals_of(surface), by_mm);
    if (floors.mesh.triangles.empty()) return std::nullopt;
    TriangleMesh mesh = mesh_;
    append(mesh, widened_slits(floors, by_mm));
    Pieces pieces = pieces_;
    pieces.slits = mesh.triangles.size() - mesh_.triangles.size();
    surface = solid_surface(sorted_anew(welded(mesh), pieces));
    return rounded_to_float32(surface, merging_at_most(by_mm, options));
  }

  // Faces that nearly coincide over large areas: no component stays where it was.
  // NOLINTNEXTLINE(performance-unnecessary-value-param): called through one pointer type with drawn_in_by().
  [[nodiscard]] std::optional<Rounded> grown_by(SolidSurface surface, double by_mm,
                                                const RoundingOptions& options) const {
    surface = solid_surface(sorted_anew(grown_apart(mesh_, by_mm), pieces_));
    surface.constructed.assign(surface.constructed.size(), true);
    return rounded_to_float32(surface, options);
  }

  // Plates that overlap themselves at a notch of a rim leave specks beside it, far smaller than a wall is
  // thick.
  void drop_specks() {
    const double least_mm3 = 1e-3 * std::pow(options_.min_thickness_mm, 3);
    constexpr auto dropped = static_cast<std::uint32_t>(-1);
    std::vector<std::uint32_t> number(result_.counts.parts, dropped);
    std::uint32_t count = 0;
    for (std::uint32_t part = 0; part < result_.counts.parts; ++part)
      if (signed_volume_mm3(part_of(result_, part)) >= least_mm3) number[part] = count++;
    if (count == 0 || count == result_.counts.parts) return;
    TriangleMesh kept{.vertices_mm = std::move(result_.mesh.vertices_mm), .triangles = {}};
    std::vector<std::uint32_t> part;
    for (std::size_t t = 0; t < result_.mesh.triangles.size(); ++t)
      if (const auto each = number[result_.part[t]]; each != dropped) {
        kept.triangles.push_back(result_.mesh.triangles[t]);
        part.push_back(each);
      }
    result_.mesh = welded(kept);
    result_.part = std::move(part);
    result_.counts.parts = count;
    result_.counts.output_triangles = result_.mesh.triangles.size();
  }

  // What was asked has been answered by now.
  [[nodiscard]] SortOptions settled() const {
    SortOptions settled = sort_;
    if (settled.cavities == Cavities::ask) settled.cavities = Cavities::fill;
    return settled;
  }

  const TriangleMesh welded_;  // Where the input was not.
  const TriangleMesh& input_;
  RepairOptions options_;
  SortOptions sort_;
  Sorted sorted_;
  TriangleMesh mesh_;  // What is given of it, walls, passages.
  Pieces pieces_;
  SheetComplex sheets_;  // Of the input.
  TriangleMesh walls_, passages_;
  std::vector<Segment> segments_;
  RepairResult result_;
};

}  // namespace

RepairResult repair(const TriangleMesh& input, const RepairOptions& options) {
  check(input, options);
  return Repair(input, options).run();
}

TriangleMesh part_of(const RepairResult& result, std::uint32_t part) {
  TriangleMesh mesh{.vertices_mm = result.mesh.vertices_mm, .triangles = {}};
  for (std::size_t t = 0; t < result.mesh.triangles.size(); ++t)
    if (result.part[t] == part) mesh.triangles.push_back(result.mesh.triangles[t]);
  return welded(mesh);
}

}  // namespace meshassay::reference_pipeline::repair
