// SPDX-License-Identifier: GPL-3.0-or-later
// Shapes as from a lathe: bodies of revolution about z, from a profile of segments and arcs (u = distance
// from the axis, v = z).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/errors.hpp"
#include "core/text.hpp"
#include "phantoms/shapes/shapes.hpp"
#include "phantoms/shapes/single_target.hpp"
#include "phantoms/solids/revolved.hpp"

namespace meshassay::phantoms {
namespace {

/// A wall's region: the whole circumference and a quarter of the length clear of either end.
Feature wall_feature(const std::string& name, FeatureKind kind, double radius_mm, double low_mm,
                     double high_mm, double clear_mm) {
  const double across_mm = radius_mm + clear_mm;
  return feature_along(2, name, kind, 2.0 * radius_mm, {0.0, 0.0, 0.5 * (low_mm + high_mm)},
                       {across_mm, across_mm, 0.25 * (high_mm - low_mm)});
}

Feature rim_feature(const std::string& name, double radius_mm, double z_mm, double slack_mm) {
  return feature_along(2, name, FeatureKind::rim, radius_mm, {0.0, 0.0, z_mm},
                       {radius_mm + slack_mm, radius_mm + slack_mm, slack_mm});
}

/// Two flat ends of a disc: the largest square that stays a fifth of the radius clear of the rim.
Feature ends_feature(const std::string& name, double radius_mm, double height_mm) {
  const double half_mm = 0.8 * radius_mm / std::numbers::sqrt2;
  return feature_along(2, name, FeatureKind::plate, height_mm, Point3::Zero(),
                       {half_mm, half_mm, 0.5 * height_mm + std::min(2.0, height_mm)});
}

Phantom make_cylinder(const Parameters& resolved, const TruthOptions& options) {
  const double radius_mm = number(resolved, "radius_mm");
  const double height_mm = number(resolved, "height_mm");
  const double half_mm = 0.5 * height_mm;
  const double slack_mm = 0.25 * std::min(radius_mm, half_mm);
  return placed_phantom(
      "cylinder", resolved,
      truth_of_solid(
          revolved({rectangle({0.0, -half_mm}, {radius_mm, half_mm})}, options.chordal_error_mm),
          {.components = 1},
          {wall_feature("wall", FeatureKind::rod, radius_mm, -half_mm, half_mm, 2.0),
           ends_feature("ends", radius_mm, height_mm), rim_feature("upper_rim", radius_mm, half_mm, slack_mm),
           rim_feature("lower_rim", radius_mm, -half_mm, slack_mm)}));
}

Phantom make_tube(const Parameters& resolved, const TruthOptions& options) {
  const double radius_mm = number(resolved, "radius_mm");
  const double wall_mm = number(resolved, "wall_mm");
  const double half_mm = 0.5 * number(resolved, "height_mm");
  require_less(resolved, "wall_mm", radius_mm, "radius_mm");
  const double bore_mm = radius_mm - wall_mm;
  const double slack_mm = 0.25 * std::min({wall_mm, half_mm, bore_mm});
  return placed_phantom(
      "tube", resolved,
      truth_of_solid(
          revolved({rectangle({bore_mm, -half_mm}, {radius_mm, half_mm})}, options.chordal_error_mm),
          {.components = 1, .handles = 1},
          {wall_feature("wall", FeatureKind::rod, radius_mm, -half_mm, half_mm, 2.0),
           wall_feature("bore", FeatureKind::hole, bore_mm, -half_mm, half_mm, 0.5 * wall_mm),
           rim_feature("upper_outer_rim", radius_mm, half_mm, slack_mm),
           rim_feature("upper_inner_rim", bore_mm, half_mm, slack_mm)}));
}

Phantom make_cortical_bone(const Parameters& resolved, const TruthOptions& options) {
  const double radius_mm = number(resolved, "radius_mm");
  const double wall_mm = number(resolved, "wall_mm");
  const double half_mm = 0.5 * number(resolved, "height_mm");
  require_less(resolved, "wall_mm", radius_mm, "radius_mm");
  const double canal_mm = radius_mm - wall_mm;
  // Both have the same rings, so that they share the face between them to the last bit: the marrow is meshed
  // with the cortex' number of corners.
  const double chordal_error_mm = options.chordal_error_mm;
  TargetTruth cortex =
      truth_of_solid(revolved({rectangle({canal_mm, -half_mm}, {radius_mm, half_mm})}, chordal_error_mm),
                     {.components = 1, .handles = 1},
                     {wall_feature("cortex", FeatureKind::rod, radius_mm, -half_mm, half_mm, 2.0),
                      wall_feature("canal", FeatureKind::hole, canal_mm, -half_mm, half_mm, 0.5 * wall_mm)});
  TargetTruth marrow = truth_of_solid(
      revolved({rectangle({0.0, -half_mm}, {canal_mm, half_mm})}, chordal_error_mm, radius_mm),
      {.components = 1}, {wall_feature("marrow", FeatureKind::rod, canal_mm, -half_mm, half_mm, 2.0)});
  return multi_target_phantom(
      "cortical_bone", resolved,
      {{"cortical_bone", "hu", std::move(cortex)}, {"marrow", "marrow_hu", std::move(marrow)}});
}

Phantom make_torus(const Parameters& resolved, const TruthOptions& options) {
  const double ring_mm = number(resolved, "ring_radius_mm");
  const double radius_mm = number(resolved, "radius_mm");
  require_less(resolved, "radius_mm", ring_mm, "ring_radius_mm, else there is no hole");
  return placed_phantom(
      "torus", resolved,
      truth_of_solid(revolved({circle({ring_mm, 0.0}, radius_mm)}, options.chordal_error_mm),
                     {.components = 1, .handles = 1}));
}

Phantom make_cone(const Parameters& resolved, const TruthOptions& options) {
  const double bottom_mm = number(resolved, "radius_mm");
  const double top_mm = number(resolved, "top_radius_mm");
  const double half_mm = 0.5 * number(resolved, "height_mm");
  const double slack_mm = 0.25 * std::min({bottom_mm, top_mm, half_mm});
  return placed_phantom(
      "cone", resolved,
      truth_of_solid(
          revolved({polygon({{0.0, -half_mm}, {bottom_mm, -half_mm}, {top_mm, half_mm}, {0.0, half_mm}})},
                   options.chordal_error_mm),
          {.components = 1},
          {rim_feature("lower_rim", bottom_mm, -half_mm, slack_mm),
           rim_feature("upper_rim", top_mm, half_mm, slack_mm)}));
}

Phantom make_capsule(const Parameters& resolved, const TruthOptions& options) {
  const double radius_mm = number(resolved, "radius_mm");
  const double half_mm = 0.5 * number(resolved, "length_mm");
  auto path = LoopPath({0.0, -half_mm - radius_mm});
  path.arc_to({radius_mm, -half_mm}, {0.0, -half_mm}, true)
      .line_to({radius_mm, half_mm})
      .arc_to({0.0, half_mm + radius_mm}, {0.0, half_mm}, true);
  return placed_phantom(
      "capsule", resolved,
      truth_of_solid(revolved({path.close()}, options.chordal_error_mm), {.components = 1},
                     {wall_feature("wall", FeatureKind::rod, radius_mm, -half_mm, half_mm, 2.0)}));
}

/// Two balls about z = -distance/2 and +distance/2 joined by a straight shaft.
struct Dumbbell {
  double lower_radius_mm, upper_radius_mm, shaft_radius_mm, distance_mm;

  /// Where the shaft leaves the lower and the upper ball.
  [[nodiscard]] double shaft_begin_mm() const {
    return -0.5 * distance_mm +
           std::sqrt(lower_radius_mm * lower_radius_mm - shaft_radius_mm * shaft_radius_mm);
  }
  [[nodiscard]] double shaft_end_mm() const {
    return 0.5 * distance_mm -
           std::sqrt(upper_radius_mm * upper_radius_mm - shaft_radius_mm * shaft_radius_mm);
  }
  [[nodiscard]] ProfileLoop profile() const {
    const Point2 lower(0.0, -0.5 * distance_mm);
    const Point2 upper(0.0, 0.5 * distance_mm);
    auto path = LoopPath({0.0, lower[1] - lower_radius_mm});
    path.arc_to({shaft_radius_mm, shaft_begin_mm()}, lower, true)
        .line_to({shaft_radius_mm, shaft_end_mm()})
        .arc_to({0.0, upper[1] + upper_radius_mm}, upper, true);
    return path.close();
  }
};

Phantom make_neck(const Parameters& resolved, const TruthOptions& options) {
  const double radius_mm = number(resolved, "radius_mm");
  const double neck_mm = number(resolved, "neck_radius_mm");
  const double length_mm = number(resolved, "neck_length_mm");
  require_less(resolved, "neck_radius_mm", radius_mm, "radius_mm");
  const double distance_mm = length_mm + 2.0 * std::sqrt(radius_mm * radius_mm - neck_mm * neck_mm);
  const Dumbbell bone{radius_mm, radius_mm, neck_mm, distance_mm};
  const double clear_mm = std::min(1.0, radius_mm - neck_mm);
  std::vector<Feature> features = {
      wall_feature("neck", FeatureKind::rod, neck_mm, bone.shaft_begin_mm(), bone.shaft_end_mm(), clear_mm)};
  return placed_phantom("neck", resolved,
                        truth_of_solid(revolved({bone.profile()}, options.chordal_error_mm),
                                       {.components = 1}, std::move(features)));
}

Phantom make_long_bone(const Parameters& resolved, const TruthOptions& options) {
  const double shaft_mm = number(resolved, "shaft_radius_mm");
  const double head_mm = number(resolved, "head_radius_mm");
  const double condyle_mm = number(resolved, "condyle_radius_mm");
  const double length_mm = number(resolved, "length_mm");
  const double shell_mm = number(resolved, "shell_mm");
  const double cortex_mm = number(resolved, "cortex_mm");
  require_less(resolved, "shaft_radius_mm", std::min(head_mm, condyle_mm),
               "the smaller of head_radius_mm and condyle_radius_mm");
  require_less(resolved, "cortex_mm", shaft_mm, "shaft_radius_mm");
  const double core_mm = shaft_mm - cortex_mm;
  require_less(resolved, "shell_mm", std::min(head_mm, condyle_mm) - core_mm,
               "else the core's ends would be thinner than its shaft");
  const double distance_mm = length_mm - head_mm - condyle_mm;
  const Dumbbell outer{condyle_mm, head_mm, shaft_mm, distance_mm};
  const Dumbbell inner{condyle_mm - shell_mm, head_mm - shell_mm, core_mm, distance_mm};
  if (!(distance_mm > 0.0) || outer.shaft_begin_mm() + 1.0 > outer.shaft_end_mm())
    throw InvalidInput({.what = "the ends of the bone would meet",
                        .expected = "a shaft of at least 1 mm between head and condyle",
                        .got = fmt::format("length_mm = {}", format_number(length_mm)),
                        .mend = "take a larger length_mm or smaller radii"});
  // The bounds' middle is the origin: the ends differ in radius.
  const Pose centred{.translation_mm = {0.0, 0.0, 0.5 * (condyle_mm - head_mm)}};
  const Solid core = revolved({inner.profile()}, options.chordal_error_mm);
  std::vector<Feature> outer_features = {
      wall_feature("shaft", FeatureKind::rod, shaft_mm, outer.shaft_begin_mm(), outer.shaft_end_mm(),
                   std::min(1.0, std::min(head_mm, condyle_mm) - shaft_mm)),
      wall_feature("canal", FeatureKind::hole, core_mm, outer.shaft_begin_mm(), outer.shaft_end_mm(),
                   0.5 * cortex_mm)};
  std::vector<Feature> inner_features = {
      wall_feature("core", FeatureKind::rod, core_mm, outer.shaft_begin_mm(), outer.shaft_end_mm(), 1.0)};
  TargetTruth cortex =
      truth_of_solid(with_cavities(revolved({outer.profile()}, options.chordal_error_mm), {core}),
                     {.components = 1, .handles = 0, .cavities = 1}, std::move(outer_features));
  TargetTruth trabecular = truth_of_solid(core, {.components = 1}, std::move(inner_features));
  return multi_target_phantom("long_bone", resolved,
                              {{"cortical_bone", "hu", moved(std::move(cortex), centred)},
                               {"trabecular_core", "core_hu", moved(std::move(trabecular), centred)}});
}

Phantom make_dome(const Parameters& resolved, const TruthOptions& options) {
  const double radius_mm = number(resolved, "radius_mm");
  const double half_mm = 0.5 * radius_mm;
  auto path = LoopPath({0.0, -half_mm});
  path.line_to({radius_mm, -half_mm}).arc_to({0.0, half_mm}, {0.0, -half_mm}, true);
  return placed_phantom("dome", resolved,
                        truth_of_solid(revolved({path.close()}, options.chordal_error_mm), {.components = 1},
                                       {rim_feature("rim", radius_mm, -half_mm, 0.25 * radius_mm)}));
}

Phantom make_bowl(const Parameters& resolved, const TruthOptions& options) {
  const double radius_mm = number(resolved, "radius_mm");
  const double wall_mm = number(resolved, "wall_mm");
  require_less(resolved, "wall_mm", radius_mm, "radius_mm");
  const double half_mm = 0.5 * radius_mm;
  const double inner_mm = radius_mm - wall_mm;
  const Point2 center(0.0, half_mm);
  auto path = LoopPath({0.0, -half_mm});
  path.arc_to({radius_mm, half_mm}, center, true)
      .line_to({inner_mm, half_mm})
      .arc_to({0.0, half_mm - inner_mm}, center, false);
  const double slack_mm = 0.25 * std::min(wall_mm, inner_mm);
  return placed_phantom("bowl", resolved,
                        truth_of_solid(revolved({path.close()}, options.chordal_error_mm), {.components = 1},
                                       {rim_feature("outer_rim", radius_mm, half_mm, slack_mm),
                                        rim_feature("inner_rim", inner_mm, half_mm, slack_mm)}));
}

Phantom make_stepped_shaft(const Parameters& resolved, const TruthOptions& options) {
  const auto& diameters_mm = lengths(resolved, "diameters_mm", 12);
  const double length_mm = number(resolved, "section_mm");
  for (std::size_t n = 1; n < diameters_mm.size(); ++n)
    if (diameters_mm[n] >= diameters_mm[n - 1])
      throw InvalidInput({.what = "the sections of the shaft do not become thinner",
                          .expected = "diameters_mm that fall from the first to the last",
                          .got = format_parameter(diameters_mm),
                          .mend = "sort the list, and name each diameter once"});
  const double count = static_cast<double>(diameters_mm.size());
  const auto names = feature_names("section", diameters_mm);
  std::vector<Point2> corners = {{0.0, -0.5 * count * length_mm}};
  std::vector<Feature> features;
  for (std::size_t n = 0; n < diameters_mm.size(); ++n) {
    const double radius_mm = 0.5 * diameters_mm[n];
    const double low_mm = (static_cast<double>(n) - 0.5 * count) * length_mm;
    corners.emplace_back(radius_mm, low_mm);
    corners.emplace_back(radius_mm, low_mm + length_mm);
    features.push_back(wall_feature(names[n], FeatureKind::rod, radius_mm, low_mm, low_mm + length_mm, 1.0));
  }
  corners.emplace_back(0.0, 0.5 * count * length_mm);
  return placed_phantom("stepped_shaft", resolved,
                        truth_of_solid(revolved({polygon(corners)}, options.chordal_error_mm),
                                       {.components = 1}, std::move(features)));
}

Phantom make_blind_hole(const Parameters& resolved, const TruthOptions& options) {
  const double radius_mm = number(resolved, "radius_mm");
  const double height_mm = number(resolved, "height_mm");
  const double bore_mm = 0.5 * number(resolved, "hole_diameter_mm");
  const double depth_mm = number(resolved, "depth_mm");
  require_less(resolved, "hole_diameter_mm", 2.0 * radius_mm, "twice radius_mm");
  require_less(resolved, "depth_mm", height_mm, "height_mm");
  const double half_mm = 0.5 * height_mm;
  const double floor_mm = half_mm - depth_mm;
  const auto profile = polygon({{0.0, -half_mm},
                                {radius_mm, -half_mm},
                                {radius_mm, half_mm},
                                {bore_mm, half_mm},
                                {bore_mm, floor_mm},
                                {0.0, floor_mm}});
  return placed_phantom(
      "blind_hole", resolved,
      truth_of_solid(
          revolved({profile}, options.chordal_error_mm), {.components = 1},
          {wall_feature("hole", FeatureKind::hole, bore_mm, floor_mm, half_mm, 0.5 * (radius_mm - bore_mm)),
           rim_feature("hole_rim", bore_mm, half_mm,
                       0.25 * std::min({bore_mm, radius_mm - bore_mm, depth_mm}))}));
}

Phantom make_calvarial_defect(const Parameters& resolved, const TruthOptions& options) {
  const double radius_mm = number(resolved, "radius_mm");
  const double wall_mm = number(resolved, "wall_mm");
  const double defect_mm = number(resolved, "defect_radius_mm");
  const double patch_mm = number(resolved, "patch_radius_mm");
  require_less(resolved, "patch_radius_mm", radius_mm, "radius_mm");
  require_less(resolved, "defect_radius_mm", patch_mm, "patch_radius_mm");
  require_less(resolved, "wall_mm", radius_mm, "radius_mm");
  const double inner_mm = radius_mm - wall_mm;
  // Both rims are cut along the sphere's radii: at the sine defect/radius of the angle from the axis.
  const Point2 defect_direction(defect_mm / radius_mm, std::sqrt(1.0 - std::pow(defect_mm / radius_mm, 2)));
  const Point2 patch_direction(patch_mm / radius_mm, std::sqrt(1.0 - std::pow(patch_mm / radius_mm, 2)));
  // The bounds' middle is the origin: from the inner rim of the patch to the outer rim of the defect.
  const double shift_mm = -0.5 * (radius_mm * defect_direction[1] + inner_mm * patch_direction[1]);
  const Point2 center(0.0, shift_mm);
  auto path = LoopPath(center + radius_mm * patch_direction);
  path.arc_to(center + radius_mm * defect_direction, center, true)
      .line_to(center + inner_mm * defect_direction)
      .arc_to(center + inner_mm * patch_direction, center, false);
  const double slack_mm = 0.25 * std::min({wall_mm, defect_mm, patch_mm - defect_mm});
  const double inner_defect_mm = inner_mm * defect_direction[0];
  return placed_phantom(
      "calvarial_defect", resolved,
      truth_of_solid(
          revolved({path.close()}, options.chordal_error_mm), {.components = 1, .handles = 1},
          {rim_feature("defect_outer_rim", defect_mm, shift_mm + radius_mm * defect_direction[1], slack_mm),
           rim_feature("defect_inner_rim", inner_defect_mm, shift_mm + inner_mm * defect_direction[1],
                       slack_mm)}));
}

}  // namespace

PhantomDefinition cylinder() {
  return {.id = "cylinder",
          .asks = "Does a round bar keep its diameter, its length and its sharp rims?",
          .parameters = with_materials({length_parameter("radius_mm", 8.0, "radius", 0.1, 200.0),
                                        length_parameter("height_mm", 16.0, "length along z", 0.1, 400.0)}),
          .make = make_cylinder};
}

PhantomDefinition tube() {
  return {
      .id = "tube",
      .asks = "Does a bore stay open, and are both walls of a pipe where they should be?",
      .parameters = with_materials({length_parameter("radius_mm", 8.0, "outer radius", 0.1, 200.0),
                                    length_parameter("wall_mm", 2.5, "thickness of the wall", 0.05, 100.0),
                                    length_parameter("height_mm", 16.0, "length along z", 0.1, 400.0)}),
      .make = make_tube};
}

PhantomDefinition cortical_bone() {
  return {.id = "cortical_bone",
          .asks =
              "Do cortical bone and the marrow in it share their face, or does the rim of the bone turn into "
              "marrow?",
          .parameters =
              with_materials({length_parameter("radius_mm", 10.0, "outer radius of the cortex", 0.1, 200.0),
                              length_parameter("wall_mm", 3.0, "thickness of the cortex", 0.05, 100.0),
                              length_parameter("height_mm", 20.0, "length along z", 0.1, 400.0),
                              material_parameter("marrow_hu", 50.0, "the marrow")}),
          .make = make_cortical_bone};
}

PhantomDefinition torus() {
  return {.id = "torus",
          .asks = "Is a surface that is curved both ways kept, and its one handle?",
          .parameters = with_materials(
              {length_parameter("ring_radius_mm", 10.0, "radius of the ring's middle line", 0.1, 200.0),
               length_parameter("radius_mm", 4.0, "radius of the ring's cross-section", 0.05, 100.0)}),
          .make = make_torus};
}

PhantomDefinition cone() {
  return {.id = "cone",
          .asks = "Is a face that is oblique to every slice where it should be, without a staircase?",
          .parameters =
              with_materials({length_parameter("radius_mm", 10.0, "radius of the lower end", 0.1, 200.0),
                              length_parameter("top_radius_mm", 4.0, "radius of the upper end", 0.1, 200.0),
                              length_parameter("height_mm", 16.0, "length along z", 0.1, 400.0)}),
          .make = make_cone};
}

PhantomDefinition capsule() {
  return {.id = "capsule",
          .asks = "Does a round bar without an edge keep its diameter and its ends?",
          .parameters = with_materials(
              {length_parameter("radius_mm", 5.0, "radius of the bar and its ends", 0.1, 200.0),
               length_parameter("length_mm", 14.0, "of the straight part, along z", 0.1, 400.0)}),
          .make = make_capsule};
}

PhantomDefinition neck() {
  return {.id = "neck",
          .asks = "Does a thin bridge between two bodies hold, and keep its diameter?",
          .parameters = with_materials(
              {length_parameter("radius_mm", 6.0, "radius of both balls", 0.2, 100.0),
               length_parameter("neck_radius_mm", 1.0, "radius of the bridge", 0.05, 50.0),
               length_parameter("neck_length_mm", 6.0, "free length of the bridge", 0.1, 100.0)}),
          .make = make_neck};
}

PhantomDefinition long_bone() {
  return {.id = "long_bone",
          .asks =
              "Does a long bone with a hard shell and a soft core keep its shaft, its ends and the face "
              "between both materials?",
          .parameters = with_materials(
              {length_parameter("length_mm", 70.0, "from end to end, along z", 5.0, 600.0),
               length_parameter("shaft_radius_mm", 8.0, "radius of the shaft", 0.5, 50.0),
               length_parameter("head_radius_mm", 12.0, "radius of the upper end", 0.5, 60.0),
               length_parameter("condyle_radius_mm", 14.0, "radius of the lower end", 0.5, 60.0),
               length_parameter("cortex_mm", 3.5, "thickness of the hard shell along the shaft", 0.1, 40.0),
               length_parameter("shell_mm", 1.5, "thickness of the hard shell at the ends", 0.1, 40.0),
               material_parameter("core_hu", 250.0, "the trabecular core")}),
          .make = make_long_bone};
}

PhantomDefinition dome() {
  return {.id = "dome",
          .asks = "Is the sharp rim between a flat and a round face kept?",
          .parameters =
              with_materials({length_parameter("radius_mm", 10.0, "radius of the half ball", 0.1, 200.0)}),
          .make = make_dome};
}

PhantomDefinition bowl() {
  return {
      .id = "bowl",
      .asks = "Is a thin open shell kept open, with its wall and its rims?",
      .parameters = with_materials({length_parameter("radius_mm", 10.0, "outer radius", 0.2, 200.0),
                                    length_parameter("wall_mm", 2.0, "thickness of the wall", 0.05, 100.0)}),
      .make = make_bowl};
}

PhantomDefinition stepped_shaft() {
  return {.id = "stepped_shaft",
          .asks = "Down to which diameter does a section of one shaft keep its size?",
          .parameters = with_materials(
              {lengths_parameter("diameters_mm", {10.0, 7.0, 5.0, 3.0, 2.0, 1.0},
                                 "of the sections, from the thickest on", 0.1, 200.0),
               length_parameter("section_mm", 5.0, "length of each section, along z", 0.1, 100.0)}),
          .make = make_stepped_shaft};
}

PhantomDefinition blind_hole() {
  return {.id = "blind_hole",
          .asks = "Is a drilled hole as wide as it should be, and does it stay open without going through?",
          .parameters =
              with_materials({length_parameter("radius_mm", 8.0, "radius of the block", 0.2, 200.0),
                              length_parameter("height_mm", 14.0, "height of the block, along z", 0.2, 200.0),
                              length_parameter("hole_diameter_mm", 4.0, "diameter of the hole", 0.05, 200.0),
                              length_parameter("depth_mm", 9.0, "depth of the hole", 0.05, 200.0)}),
          .make = make_blind_hole};
}

PhantomDefinition calvarial_defect() {
  return {.id = "calvarial_defect",
          .asks = "Is the rim of a circular defect in a skull where an implant must fit it?",
          .parameters = with_materials(
              {length_parameter("radius_mm", 70.0, "outer radius of the skull", 1.0, 200.0),
               length_parameter("wall_mm", 6.0, "thickness of the bone", 0.1, 50.0),
               length_parameter("defect_radius_mm", 15.0, "of the defect's outer rim", 0.2, 150.0),
               length_parameter("patch_radius_mm", 30.0, "of the piece of skull around it", 0.3, 190.0)}),
          .make = make_calvarial_defect};
}

}  // namespace meshassay::phantoms
