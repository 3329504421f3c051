// SPDX-License-Identifier: GPL-3.0-or-later
// Shapes of one cross-section: plates with holes, ladders, ramps, contours that software draws with keyholes.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "core/errors.hpp"
#include "core/text.hpp"
#include "phantoms/shapes/ladder.hpp"
#include "phantoms/shapes/shapes.hpp"
#include "phantoms/shapes/single_target.hpp"
#include "phantoms/solids/extruded.hpp"
#include "phantoms/solids/revolved.hpp"

namespace meshassay::phantoms {
namespace {

/// (u, v) of a profile stand for x and z, so that the prism runs along y: ramps and combs rise along z.
Pose standing() { return {.rotation = rotation_of({90.0, 0.0, 0.0})}; }

double sum_of(const std::vector<double>& list) { return std::accumulate(list.begin(), list.end(), 0.0); }

Phantom make_annulus(const Parameters& resolved, const TruthOptions& options) {
  const double radius_mm = number(resolved, "radius_mm");
  const double hole_mm = number(resolved, "hole_radius_mm");
  const double offset_mm = number(resolved, "offset_mm");
  const double height_mm = number(resolved, "height_mm");
  require_less(resolved, "hole_radius_mm", radius_mm, "radius_mm");
  require_less(resolved, "offset_mm", radius_mm - hole_mm,
               "radius_mm - hole_radius_mm, else the ring is open");
  const double thinnest_mm = radius_mm - hole_mm - offset_mm;
  return placed_phantom(
      "annulus", resolved,
      truth_of_solid(
          extruded({circle({0.0, 0.0}, radius_mm), reversed(circle({offset_mm, 0.0}, hole_mm))}, height_mm,
                   options.chordal_error_mm),
          {.components = 1, .handles = 1},
          {feature_along(2, "hole", FeatureKind::hole, 2.0 * hole_mm, {offset_mm, 0.0, 0.0},
                         {hole_mm + 0.5 * thinnest_mm, hole_mm + 0.5 * thinnest_mm, 0.25 * height_mm})}));
}

Phantom make_c_shape(const Parameters& resolved, const TruthOptions& options) {
  const double radius_mm = number(resolved, "radius_mm");
  const double inner_mm = number(resolved, "inner_radius_mm");
  const double height_mm = number(resolved, "height_mm");
  const double opening_mm = number(resolved, "opening_mm");
  require_less(resolved, "inner_radius_mm", radius_mm, "radius_mm");
  require_less(resolved, "opening_mm", 2.0 * inner_mm, "twice inner_radius_mm");
  // The opening is a slot along +x with parallel faces.
  const double half_mm = 0.5 * opening_mm;
  const double outer_u_mm = std::sqrt(radius_mm * radius_mm - half_mm * half_mm);
  const double inner_u_mm = std::sqrt(inner_mm * inner_mm - half_mm * half_mm);
  auto path = LoopPath({outer_u_mm, half_mm});
  path.arc_to({outer_u_mm, -half_mm}, {0.0, 0.0}, true)
      .line_to({inner_u_mm, -half_mm})
      .arc_to({inner_u_mm, half_mm}, {0.0, 0.0}, false);
  const double along_mm = outer_u_mm - inner_u_mm;
  // Middle of the bounds: -radius to the slot's corners, which lie nearer than the radius.
  const Pose centred{.translation_mm = {0.5 * (radius_mm - outer_u_mm), 0.0, 0.0}};
  TargetTruth truth = truth_of_solid(
      extruded({path.close()}, height_mm, options.chordal_error_mm), {.components = 1},
      {feature_along(1, "opening", FeatureKind::gap, opening_mm, {0.5 * (outer_u_mm + inner_u_mm), 0.0, 0.0},
                     {0.25 * along_mm, half_mm + std::min(2.0, 0.5 * along_mm), 0.25 * height_mm})});
  return placed_phantom("c_shape", resolved, moved(std::move(truth), centred));
}

struct Plate {
  double web_mm, thickness_mm, chordal_error_mm;
};

/// A plate in x and y with holes in a row along x; region of each hole: the wall's middle half.
TargetTruth plate_with_holes(const Ladder& holes, const Plate& plate) {
  const auto& [web_mm, thickness_mm, chordal_error_mm] = plate;
  const Point2 half(0.5 * holes.run_mm, 0.5 * holes.largest_mm() + web_mm);
  std::vector<ProfileLoop> loops = {rectangle(-half, half)};
  std::vector<Feature> features;
  for (const auto& hole : holes.rungs) {
    const double radius_mm = 0.5 * hole.size_mm;
    const Point2 center(hole.middle_mm() - half[0], 0.0);
    loops.push_back(reversed(circle(center, radius_mm)));
    const double across_mm = radius_mm + 0.4 * web_mm;
    features.push_back(feature_along(2, hole.name, FeatureKind::hole, hole.size_mm, {center[0], 0.0, 0.0},
                                     {across_mm, across_mm, 0.25 * thickness_mm}));
  }
  return truth_of_solid(extruded(std::move(loops), thickness_mm, chordal_error_mm),
                        {.components = 1, .handles = static_cast<int>(holes.rungs.size())},
                        std::move(features));
}

Phantom make_hole_ladder(const Parameters& resolved, const TruthOptions& options) {
  const double web_mm = number(resolved, "web_mm");
  return placed_phantom(
      "hole_ladder", resolved,
      plate_with_holes(ladder(resolved, "diameters_mm", "hole", {.ends_mm = web_mm, .between_mm = web_mm}),
                       {web_mm, number(resolved, "thickness_mm"), options.chordal_error_mm}));
}

Phantom make_genus_plate(const Parameters& resolved, const TruthOptions& options) {
  const double diameter_mm = number(resolved, "diameter_mm");
  const double web_mm = number(resolved, "web_mm");
  Ladder holes{.rungs = {}, .run_mm = web_mm};
  for (int n = 1; n <= whole_number(resolved, "holes"); ++n) {
    holes.rungs.push_back(
        {.name = fmt::format("hole_{}", n), .size_mm = diameter_mm, .begin_mm = holes.run_mm});
    holes.run_mm += diameter_mm + web_mm;
  }
  return placed_phantom(
      "genus_plate", resolved,
      plate_with_holes(holes, {web_mm, number(resolved, "thickness_mm"), options.chordal_error_mm}));
}

Phantom make_rod_ladder(const Parameters& resolved, const TruthOptions& options) {
  const double gap_mm = number(resolved, "gap_mm");
  const double length_mm = number(resolved, "length_mm");
  const Ladder places = ladder(resolved, "diameters_mm", "rod", {.ends_mm = 0.0, .between_mm = gap_mm});
  std::vector<Solid> rods;
  std::vector<Feature> features;
  for (const auto& rod : places.rungs) {
    const double radius_mm = 0.5 * rod.size_mm;
    const Point3 center_mm(rod.middle_mm() - 0.5 * places.run_mm, 0.0, 0.0);
    rods.push_back(moved(revolved({rectangle({0.0, -0.5 * length_mm}, {radius_mm, 0.5 * length_mm})},
                                  options.chordal_error_mm),
                         {.translation_mm = center_mm}));
    const double across_mm = radius_mm + 0.4 * gap_mm;
    features.push_back(feature_along(2, rod.name, FeatureKind::rod, rod.size_mm, center_mm,
                                     {across_mm, across_mm, 0.25 * length_mm}));
  }
  const int parts = static_cast<int>(rods.size());
  return placed_phantom(
      "rod_ladder", resolved,
      truth_of_solid(disjoint_union(std::move(rods)), {.components = parts}, std::move(features)));
}

/// A block with slots cut from above: teeth and slots alternate along u, a tooth first and last.
struct Comb {
  std::vector<double> teeth_mm, slots_mm;  ///< One tooth more than slots.
  double base_mm, height_mm;               ///< Of the base; of the teeth above it.

  [[nodiscard]] double run_mm() const { return sum_of(teeth_mm) + sum_of(slots_mm); }
  [[nodiscard]] double bottom_mm() const { return -0.5 * (base_mm + height_mm); }
  [[nodiscard]] double floor_mm() const { return bottom_mm() + base_mm; }
  [[nodiscard]] double top_mm() const { return -bottom_mm(); }
  [[nodiscard]] double middle_mm() const { return 0.5 * (floor_mm() + top_mm()); }

  /// Counter-clockwise: along the bottom, then back over the teeth.
  [[nodiscard]] ProfileLoop profile() const {
    std::vector<Point2> corners = {{-0.5 * run_mm(), bottom_mm()}, {0.5 * run_mm(), bottom_mm()}};
    double u_mm = 0.5 * run_mm();
    for (std::size_t n = teeth_mm.size(); n-- > 0;) {
      corners.emplace_back(u_mm, top_mm());
      u_mm = n == 0 ? -0.5 * run_mm() : u_mm - teeth_mm[n];
      corners.emplace_back(u_mm, top_mm());
      if (n == 0) break;
      corners.emplace_back(u_mm, floor_mm());
      u_mm -= slots_mm[n - 1];
      corners.emplace_back(u_mm, floor_mm());
    }
    return polygon(corners);
  }
};

Phantom make_gap_ladder(const Parameters& resolved, const TruthOptions& options) {
  const double tooth_mm = number(resolved, "tooth_mm");
  const double depth_mm = number(resolved, "depth_mm");
  const Ladder gaps = ladder(resolved, "gaps_mm", "gap", {.ends_mm = tooth_mm, .between_mm = tooth_mm});
  Comb comb{{}, {}, number(resolved, "base_mm"), number(resolved, "height_mm")};
  std::vector<Feature> features;
  double end_mm = 0.0;
  for (const auto& gap : gaps.rungs) {
    comb.teeth_mm.push_back(gap.begin_mm - end_mm);
    comb.slots_mm.push_back(gap.size_mm);
    end_mm = gap.end_mm();
    features.push_back(
        feature_along(0, gap.name, FeatureKind::gap, gap.size_mm,
                      {gap.middle_mm() - 0.5 * gaps.run_mm, 0.0, comb.middle_mm()},
                      {0.5 * gap.size_mm + 0.4 * tooth_mm, 0.25 * depth_mm, 0.25 * comb.height_mm}));
  }
  comb.teeth_mm.push_back(gaps.run_mm - end_mm);
  return placed_phantom(
      "gap_ladder", resolved,
      truth_of_solid(moved(extruded({comb.profile()}, depth_mm, options.chordal_error_mm), standing()),
                     {.components = 1}, std::move(features)));
}

Phantom make_line_pairs(const Parameters& resolved, const TruthOptions& options) {
  const auto& widths_mm = lengths(resolved, "widths_mm", 12);
  const int bars = whole_number(resolved, "bars");
  const double between_mm = number(resolved, "group_gap_mm");
  const double depth_mm = number(resolved, "depth_mm");
  Comb comb{{}, {}, number(resolved, "base_mm"), number(resolved, "height_mm")};
  for (std::size_t group = 0; group < widths_mm.size(); ++group) {
    if (group > 0) comb.slots_mm.push_back(between_mm);
    for (int bar = 0; bar < bars; ++bar) {
      if (bar > 0) comb.slots_mm.push_back(widths_mm[group]);
      comb.teeth_mm.push_back(widths_mm[group]);
    }
  }
  // The middle bar of a group and the slot behind it stand for the group.
  const auto bar_names = feature_names("bar", widths_mm);
  const auto slot_names = feature_names("slot", widths_mm);
  std::vector<Feature> features;
  double x_mm = -0.5 * comb.run_mm();
  const int middle = (bars - 1) / 2;
  for (std::size_t group = 0; group < widths_mm.size(); ++group) {
    const double width_mm = widths_mm[group];
    const double bar_mm = x_mm + 2.0 * middle * width_mm;
    const Vector3 half_mm(0.9 * width_mm, 0.25 * depth_mm, 0.25 * comb.height_mm);
    features.push_back(feature_along(0, bar_names[group], FeatureKind::plate, width_mm,
                                     {bar_mm + 0.5 * width_mm, 0.0, comb.middle_mm()}, half_mm));
    features.push_back(feature_along(0, slot_names[group], FeatureKind::gap, width_mm,
                                     {bar_mm + 1.5 * width_mm, 0.0, comb.middle_mm()}, half_mm));
    x_mm += (2.0 * bars - 1.0) * width_mm + between_mm;
  }
  return placed_phantom(
      "line_pairs", resolved,
      truth_of_solid(moved(extruded({comb.profile()}, depth_mm, options.chordal_error_mm), standing()),
                     {.components = 1}, std::move(features)));
}

Phantom make_staircase_ramps(const Parameters& resolved, const TruthOptions& options) {
  const auto& inclinations_deg = numbers(resolved, "inclinations_deg");
  if (inclinations_deg.empty() || inclinations_deg.size() > 12)
    throw InvalidInput(
        {.what = fmt::format("parameter 'inclinations_deg' has {} elements", inclinations_deg.size()),
         .expected = "1 to 12 angles in degrees",
         .got = format_parameter(inclinations_deg),
         .mend = "shorten or fill the list 'inclinations_deg'"});
  const double run_mm = number(resolved, "run_mm");
  const double base_mm = number(resolved, "base_mm");
  const double depth_mm = number(resolved, "depth_mm");
  const double gap_mm = number(resolved, "gap_mm");
  const double steepest_deg = *std::max_element(inclinations_deg.begin(), inclinations_deg.end());
  const double tallest_mm = base_mm + run_mm * std::tan(steepest_deg * std::numbers::pi / 180.0);
  const double count = static_cast<double>(inclinations_deg.size());
  std::vector<Solid> ramps;
  for (std::size_t n = 0; n < inclinations_deg.size(); ++n) {
    const double rise_mm = run_mm * std::tan(inclinations_deg[n] * std::numbers::pi / 180.0);
    const double bottom_mm = -0.5 * tallest_mm;
    const auto profile = polygon({{-0.5 * run_mm, bottom_mm},
                                  {0.5 * run_mm, bottom_mm},
                                  {0.5 * run_mm, bottom_mm + base_mm + rise_mm},
                                  {-0.5 * run_mm, bottom_mm + base_mm}});
    Pose pose = standing();
    pose.translation_mm[1] = (static_cast<double>(n) - 0.5 * (count - 1.0)) * (depth_mm + gap_mm);
    ramps.push_back(moved(extruded({profile}, depth_mm, options.chordal_error_mm), pose));
  }
  return placed_phantom("staircase_ramps", resolved,
                        truth_of_solid(disjoint_union(std::move(ramps)),
                                       {.components = static_cast<int>(inclinations_deg.size())}));
}

Phantom make_knife_edge(const Parameters& resolved, const TruthOptions& options) {
  const double length_mm = number(resolved, "length_mm");
  const double back_mm = number(resolved, "back_mm");
  const double depth_mm = number(resolved, "depth_mm");
  const auto profile =
      polygon({{-0.5 * length_mm, 0.0}, {0.5 * length_mm, -0.5 * back_mm}, {0.5 * length_mm, 0.5 * back_mm}});
  return placed_phantom(
      "knife_edge", resolved,
      truth_of_solid(moved(extruded({profile}, depth_mm, options.chordal_error_mm), standing()),
                     {.components = 1},
                     {feature_along(1, "edge", FeatureKind::edge, depth_mm, {-0.5 * length_mm, 0.0, 0.0},
                                    {0.25 * length_mm, 0.5 * depth_mm, 0.5 * back_mm})}));
}

Phantom make_organs_sharing_a_face(const Parameters& resolved, const TruthOptions& options) {
  const double radius_mm = number(resolved, "radius_mm");
  const double height_mm = number(resolved, "height_mm");
  const double offset_mm = number(resolved, "face_offset_mm");
  require_less({{"face_offset_mm", std::abs(offset_mm)}}, "face_offset_mm", radius_mm,
               "radius_mm, either way");
  // A round block cut by the plane x = offset.
  const double half_chord_mm = std::sqrt(radius_mm * radius_mm - offset_mm * offset_mm);
  const Point2 low(offset_mm, -half_chord_mm);
  const Point2 high(offset_mm, half_chord_mm);
  const auto part = [&](const Point2& from, const Point2& to) {
    auto path = LoopPath(from);
    path.arc_to(to, {0.0, 0.0}, true);
    return truth_of_solid(extruded({path.close()}, height_mm, options.chordal_error_mm), {.components = 1});
  };
  return multi_target_phantom(
      "organs_sharing_a_face", resolved,
      {{"left_organ", "hu", part(high, low)}, {"right_organ", "second_hu", part(low, high)}});
}

Phantom make_vessel_along_bone(const Parameters& resolved, const TruthOptions& options) {
  const double bone_mm = number(resolved, "bone_radius_mm");
  const double vessel_mm = number(resolved, "vessel_radius_mm");
  const double gap_mm = number(resolved, "gap_mm");
  const double length_mm = number(resolved, "length_mm");
  // Both along z; the middle of the bounds along x is the origin.
  const double width_mm = 2.0 * (bone_mm + vessel_mm) + gap_mm;
  const auto bar = [&](const std::string& name, double x_mm, double radius_mm) {
    Solid solid = revolved({rectangle({0.0, -0.5 * length_mm}, {radius_mm, 0.5 * length_mm})},
                           options.chordal_error_mm);
    const Point3 center_mm(x_mm, 0.0, 0.0);
    return truth_of_solid(moved(solid, {.translation_mm = center_mm}), {.components = 1},
                          {feature_along(2, name, FeatureKind::rod, 2.0 * radius_mm, center_mm,
                                         {radius_mm + 1.0, radius_mm + 1.0, 0.25 * length_mm})});
  };
  return multi_target_phantom(
      "vessel_along_bone", resolved,
      {{"bone", "hu", bar("bone", -0.5 * width_mm + bone_mm, bone_mm)},
       {"vessel", "vessel_hu", bar("vessel", 0.5 * width_mm - vessel_mm, vessel_mm)}});
}

}  // namespace

PhantomDefinition annulus() {
  return {
      .id = "annulus",
      .asks =
          "Does an eccentric ring keep its hole, also through contours that join both outlines by a keyhole?",
      .parameters =
          with_materials({length_parameter("radius_mm", 10.0, "radius of the disc", 0.2, 200.0),
                          length_parameter("hole_radius_mm", 4.0, "radius of the hole", 0.05, 200.0),
                          length_parameter("offset_mm", 3.0, "of the hole's centre along x", 0.0, 200.0),
                          length_parameter("height_mm", 8.0, "along z", 0.1, 200.0)}),
      .make = make_annulus};
}

PhantomDefinition c_shape() {
  return {
      .id = "c_shape",
      .asks = "Does an open ring stay open, or is it closed as if its outline were a keyhole?",
      .parameters = with_materials({length_parameter("radius_mm", 10.0, "outer radius", 0.2, 200.0),
                                    length_parameter("inner_radius_mm", 6.0, "inner radius", 0.1, 200.0),
                                    length_parameter("opening_mm", 2.0, "width of the opening", 0.02, 200.0),
                                    length_parameter("height_mm", 8.0, "along z", 0.1, 200.0)}),
      .make = make_c_shape};
}

PhantomDefinition genus_plate() {
  return {
      .id = "genus_plate",
      .asks = "Are all handles of a body there, and no other?",
      .parameters = with_materials({{.name = "holes",
                                     .default_value = 3.0,
                                     .description = "number of holes, which is the genus",
                                     .min = 1.0,
                                     .max = 20.0},
                                    length_parameter("diameter_mm", 4.0, "diameter of each hole", 0.05, 50.0),
                                    length_parameter("web_mm", 3.0, "material beside each hole", 0.1, 50.0),
                                    length_parameter("thickness_mm", 4.0, "along z", 0.1, 100.0)}),
      .make = make_genus_plate};
}

PhantomDefinition hole_ladder() {
  return {.id = "hole_ladder",
          .asks = "Down to which diameter is a hole open, and as wide as it should be?",
          .parameters = with_materials(
              with_copies({lengths_parameter("diameters_mm", ladder_sizes_mm(), "of the holes", 0.05, 50.0),
                           length_parameter("web_mm", 3.0, "material beside each hole", 0.1, 50.0),
                           length_parameter("thickness_mm", 6.0, "of the plate, along z", 0.1, 100.0)})),
          .make = make_hole_ladder};
}

PhantomDefinition rod_ladder() {
  return {.id = "rod_ladder",
          .asks = "Down to which diameter is a rod there, in one piece and as thick as it should be?",
          .parameters = with_materials(
              with_copies({lengths_parameter("diameters_mm", ladder_sizes_mm(), "of the rods", 0.05, 50.0),
                           length_parameter("gap_mm", 3.0, "free space between neighbours", 0.1, 50.0),
                           length_parameter("length_mm", 12.0, "of each rod, along z", 0.5, 200.0)})),
          .make = make_rod_ladder};
}

PhantomDefinition gap_ladder() {
  return {.id = "gap_ladder",
          .asks = "Down to which width is a gap between two faces open, and as wide as it should be?",
          .parameters = with_materials(with_copies(
              {lengths_parameter("gaps_mm", ladder_sizes_mm(), "width of each gap, along x", 0.05, 50.0),
               length_parameter("tooth_mm", 4.0, "material between the gaps", 0.1, 50.0),
               length_parameter("height_mm", 10.0, "depth of the gaps, along z", 0.5, 200.0),
               length_parameter("depth_mm", 12.0, "length across, along y", 0.5, 200.0),
               length_parameter("base_mm", 4.0, "thickness of the base", 0.1, 100.0)})),
          .make = make_gap_ladder};
}

PhantomDefinition line_pairs() {
  return {
      .id = "line_pairs",
      .asks =
          "Which groups of bars and slots of equal width are resolved (the line-pair pattern of Leng et al. "
          "2017)?",
      .parameters =
          with_materials({lengths_parameter("widths_mm", {2.0, 1.5, 1.0, 0.8, 0.6},
                                            "of the bars and slots of each group", 0.05, 20.0),
                          {.name = "bars",
                           .default_value = 3.0,
                           .description = "bars in each group",
                           .min = 2.0,
                           .max = 10.0},
                          length_parameter("group_gap_mm", 4.0, "free space between groups", 0.1, 50.0),
                          length_parameter("height_mm", 8.0, "of the bars, along z", 0.5, 100.0),
                          length_parameter("depth_mm", 10.0, "length of the bars, along y", 0.5, 200.0),
                          length_parameter("base_mm", 3.0, "thickness of the base", 0.1, 100.0)}),
      .make = make_line_pairs};
}

PhantomDefinition staircase_ramps() {
  return {.id = "staircase_ramps",
          .asks = "How large are the steps that slices leave on a plane, at each inclination?",
          .parameters =
              with_materials({{.name = "inclinations_deg",
                               .default_value = std::vector<double>{5.0, 10.0, 20.0, 30.0, 45.0},
                               .description = "of the upper face of each ramp",
                               .min = 1.0,
                               .max = 75.0},
                              length_parameter("run_mm", 16.0, "length of each ramp, along x", 1.0, 200.0),
                              length_parameter("base_mm", 3.0, "height of the lower end", 0.1, 100.0),
                              length_parameter("depth_mm", 6.0, "width of each ramp, along y", 0.5, 200.0),
                              length_parameter("gap_mm", 3.0, "free space between the ramps", 0.1, 50.0)}),
          .make = make_staircase_ramps};
}

PhantomDefinition knife_edge() {
  return {.id = "knife_edge",
          .asks = "How much of a blade that thins out to nothing is kept?",
          .parameters = with_materials(
              {length_parameter("length_mm", 24.0, "from the edge to the back, along x", 0.5, 200.0),
               length_parameter("back_mm", 6.0, "thickness of the back, along z", 0.1, 100.0),
               length_parameter("depth_mm", 10.0, "length of the edge, along y", 0.5, 200.0)}),
          .make = make_knife_edge};
}

PhantomDefinition organs_sharing_a_face() {
  return {.id = "organs_sharing_a_face",
          .asks = "Do two organs that share a face come back without a gap and without an overlap?",
          .parameters = with_materials(
              {length_parameter("radius_mm", 10.0, "of the round block", 0.2, 200.0),
               length_parameter("height_mm", 14.0, "along z", 0.1, 200.0),
               length_parameter("face_offset_mm", 2.0, "of the shared face, along x", -190.0, 190.0),
               material_parameter("second_hu", 200.0, "the right organ")}),
          .make = make_organs_sharing_a_face};
}

PhantomDefinition vessel_along_bone() {
  auto definition = PhantomDefinition{
      .id = "vessel_along_bone",
      .asks = "Is a contrast-filled vessel told from the bone that it runs along?",
      .parameters =
          with_materials({length_parameter("bone_radius_mm", 7.0, "radius of the bone", 0.1, 100.0),
                          length_parameter("vessel_radius_mm", 3.0, "radius of the vessel", 0.1, 100.0),
                          length_parameter("gap_mm", 1.0, "smallest distance of both", 0.02, 50.0),
                          length_parameter("length_mm", 20.0, "of both, along z", 0.5, 400.0),
                          material_parameter("vessel_hu", 350.0, "the vessel")}),
      .make = make_vessel_along_bone};
  return definition;
}

}  // namespace meshassay::phantoms
