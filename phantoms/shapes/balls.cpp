// SPDX-License-Identifier: GPL-3.0-or-later
// Shapes made of whole balls: ladders of radii and of gaps, balls that touch, shells, islands.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/errors.hpp"
#include "core/text.hpp"
#include "phantoms/shapes/shapes.hpp"
#include "phantoms/shapes/single_target.hpp"
#include "phantoms/solids/ball.hpp"

namespace meshassay::phantoms {
namespace {

/// \param clear_mm  how far beyond the ball its region may reach.
Feature ball_feature(const std::string& name, const Point3& center_mm, double radius_mm, double clear_mm) {
  return {.name = name,
          .kind = FeatureKind::sphere,
          .nominal_mm = radius_mm,
          .region = {.center_mm = center_mm, .half_extent_mm = Vector3::Constant(radius_mm + clear_mm)}};
}

Phantom make_sphere_ladder(const Parameters& resolved, const TruthOptions& options) {
  const auto& radii_mm = lengths(resolved, "radii_mm", 20);
  const double gap_mm = number(resolved, "gap_mm");
  const auto names = feature_names("ball", radii_mm);
  double run_mm = -gap_mm;
  for (const double radius_mm : radii_mm) run_mm += 2.0 * radius_mm + gap_mm;
  std::vector<Solid> balls;
  std::vector<Feature> features;
  double x_mm = -0.5 * run_mm;
  for (std::size_t n = 0; n < radii_mm.size(); ++n) {
    const Point3 center_mm(x_mm + radii_mm[n], 0.0, 0.0);
    balls.push_back(ball(center_mm, radii_mm[n], options.chordal_error_mm));
    features.push_back(ball_feature(names[n], center_mm, radii_mm[n], 0.5 * gap_mm));
    x_mm += 2.0 * radii_mm[n] + gap_mm;
  }
  const int parts = static_cast<int>(balls.size());
  return placed_phantom(
      "sphere_ladder", resolved,
      truth_of_solid(disjoint_union(std::move(balls)), {.components = parts}, std::move(features)));
}

Phantom make_touching_spheres(const Parameters& resolved, const TruthOptions& options) {
  const double radius_mm = number(resolved, "radius_mm");
  const double second_radius_mm = number(resolved, "second_radius_mm");
  // The middle of both is the middle of the bounds along x.
  const Point3 center_mm(-second_radius_mm, 0.0, 0.0);
  const Point3 second_center_mm(radius_mm, 0.0, 0.0);
  const auto target = [&](const std::string& name, const Point3& at_mm, double of_radius_mm) {
    return truth_of_solid(ball(at_mm, of_radius_mm, options.chordal_error_mm, SphereFit::inscribed),
                          {.components = 1}, {ball_feature(name, at_mm, of_radius_mm, 2.0)});
  };
  return multi_target_phantom(
      "touching_spheres", resolved,
      {{"first", "hu", target("first_ball", center_mm, radius_mm)},
       {"second", "second_hu", target("second_ball", second_center_mm, second_radius_mm)}});
}

Phantom make_sphere_gap_ladder(const Parameters& resolved, const TruthOptions& options) {
  const auto& gaps_mm = lengths(resolved, "gaps_mm", 12);
  const double radius_mm = number(resolved, "radius_mm");
  const double pair_gap_mm = number(resolved, "pair_gap_mm");
  const auto names = feature_names("ball_at_gap", gaps_mm);
  const double pitch_mm = 2.0 * radius_mm + pair_gap_mm;
  std::vector<Solid> balls;
  std::vector<Feature> features;
  for (std::size_t n = 0; n < gaps_mm.size(); ++n) {
    const double y_mm = (static_cast<double>(n) - 0.5 * static_cast<double>(gaps_mm.size() - 1)) * pitch_mm;
    for (const double side : {-1.0, 1.0}) {
      const Point3 center_mm(side * (radius_mm + 0.5 * gaps_mm[n]), y_mm, 0.0);
      balls.push_back(ball(center_mm, radius_mm, options.chordal_error_mm));
      features.push_back(ball_feature(names[n] + (side < 0.0 ? "_left" : "_right"), center_mm, radius_mm,
                                      0.5 * std::min(gaps_mm[n], pair_gap_mm)));
    }
  }
  const int parts = static_cast<int>(balls.size());
  return placed_phantom(
      "sphere_gap_ladder", resolved,
      truth_of_solid(disjoint_union(std::move(balls)), {.components = parts}, std::move(features)));
}

Phantom make_bearing_balls(const Parameters& resolved, const TruthOptions& options) {
  const double radius_mm = 0.5 * number(resolved, "diameter_mm");
  const double distance_mm = number(resolved, "distance_mm");
  require_less({{"diameter_mm", 2.0 * radius_mm}}, "diameter_mm", distance_mm, "distance_mm, of the centres");
  const Point3 half_mm(0.5 * distance_mm, 0.0, 0.0);
  const double clear_mm = std::min(5.0, 0.5 * distance_mm - radius_mm);
  return placed_phantom("bearing_balls", resolved,
                        truth_of_solid(disjoint_union({ball(-half_mm, radius_mm, options.chordal_error_mm),
                                                       ball(half_mm, radius_mm, options.chordal_error_mm)}),
                                       {.components = 2},
                                       {ball_feature("left_ball", -half_mm, radius_mm, clear_mm),
                                        ball_feature("right_ball", half_mm, radius_mm, clear_mm)}));
}

Phantom make_hollow_sphere(const Parameters& resolved, const TruthOptions& options) {
  const double radius_mm = number(resolved, "radius_mm");
  const double wall_mm = number(resolved, "wall_mm");
  require_less(resolved, "wall_mm", radius_mm, "radius_mm");
  const Point3 center_mm = Point3::Zero();
  return placed_phantom(
      "hollow_sphere", resolved,
      truth_of_solid(with_cavities(ball(center_mm, radius_mm, options.chordal_error_mm),
                                   {ball(center_mm, radius_mm - wall_mm, options.chordal_error_mm)}),
                     {.components = 1, .handles = 0, .cavities = 1}));
}

Phantom make_sphere_in_sphere(const Parameters& resolved, const TruthOptions& options) {
  const double radius_mm = number(resolved, "radius_mm");
  const double core_radius_mm = number(resolved, "core_radius_mm");
  require_less(resolved, "core_radius_mm", radius_mm, "radius_mm");
  const Point3 center_mm = Point3::Zero();
  const Solid core = ball(center_mm, core_radius_mm, options.chordal_error_mm);
  TargetTruth shell =
      truth_of_solid(with_cavities(ball(center_mm, radius_mm, options.chordal_error_mm), {core}),
                     {.components = 1, .handles = 0, .cavities = 1});
  TargetTruth inner =
      truth_of_solid(core, {.components = 1},
                     {ball_feature("core", center_mm, core_radius_mm, 0.5 * (radius_mm - core_radius_mm))});
  return multi_target_phantom("sphere_in_sphere", resolved,
                              {{"shell", "hu", std::move(shell)}, {"core", "core_hu", std::move(inner)}});
}

Phantom make_ball_in_shell(const Parameters& resolved, const TruthOptions& options) {
  const double radius_mm = number(resolved, "radius_mm");
  const double wall_mm = number(resolved, "wall_mm");
  const double ball_mm = number(resolved, "ball_radius_mm");
  require_less(resolved, "wall_mm", radius_mm, "radius_mm");
  require_less(resolved, "ball_radius_mm", radius_mm - wall_mm, "radius_mm - wall_mm");
  const Point3 center_mm = Point3::Zero();
  Solid shell = with_cavities(ball(center_mm, radius_mm, options.chordal_error_mm),
                              {ball(center_mm, radius_mm - wall_mm, options.chordal_error_mm)});
  // The ball lies within the shell's bounds, so bounds tell little; but union_of_disjoint() only skips parts
  // that the point is outside of.
  return placed_phantom(
      "ball_in_shell", resolved,
      truth_of_solid(
          disjoint_union({std::move(shell), ball(center_mm, ball_mm, options.chordal_error_mm)}),
          {.components = 2, .handles = 0, .cavities = 1},
          {ball_feature("inner_ball", center_mm, ball_mm, 0.5 * (radius_mm - wall_mm - ball_mm))}));
}

/// Nearly even directions: z runs evenly from 1 to -1 while the golden angle turns.
Vector3 spread_direction(std::size_t n, std::size_t count) {
  const double z = 1.0 - (2.0 * static_cast<double>(n) + 1.0) / static_cast<double>(count);
  const double angle = 2.0 * std::numbers::pi * static_cast<double>(n) / (std::numbers::phi + 1.0);
  const double across = std::sqrt(1.0 - z * z);
  return {across * std::cos(angle), across * std::sin(angle), z};
}

Phantom make_islands(const Parameters& resolved, const TruthOptions& options) {
  const auto& radii_mm = lengths(resolved, "radii_mm", 40);
  const double mainland_mm = number(resolved, "mainland_radius_mm");
  const double gap_mm = number(resolved, "gap_mm");
  const auto names = feature_names("island", radii_mm);
  std::vector<Solid> balls = {ball(Point3::Zero(), mainland_mm, options.chordal_error_mm)};
  std::vector<Point3> centers_mm;
  std::vector<Feature> features = {ball_feature("mainland", Point3::Zero(), mainland_mm, 0.5 * gap_mm)};
  for (std::size_t n = 0; n < radii_mm.size(); ++n) {
    const Point3 center_mm = (mainland_mm + gap_mm + radii_mm[n]) * spread_direction(n, radii_mm.size());
    for (std::size_t other = 0; other < n; ++other) {
      const double free_mm = (center_mm - centers_mm[other]).norm() - radii_mm[n] - radii_mm[other];
      if (free_mm >= gap_mm) continue;
      throw InvalidInput({.what = "two islands would be too near to each other",
                          .expected = fmt::format("at least gap_mm = {} between all", format_number(gap_mm)),
                          .got = fmt::format("{:.3g} mm between {} and {}", free_mm, names[other], names[n]),
                          .mend = "take fewer or smaller radii_mm, or a larger mainland_radius_mm"});
    }
    centers_mm.push_back(center_mm);
    balls.push_back(ball(center_mm, radii_mm[n], options.chordal_error_mm));
    features.push_back(ball_feature(names[n], center_mm, radii_mm[n], 0.25 * gap_mm));
  }
  const int parts = static_cast<int>(balls.size());
  return placed_phantom(
      "islands", resolved,
      truth_of_solid(disjoint_union(std::move(balls)), {.components = parts}, std::move(features)));
}

}  // namespace

PhantomDefinition sphere_ladder() {
  return {
      .id = "sphere_ladder",
      .asks = "Down to which radius is a ball there, and from which on is its size right?",
      .parameters = with_materials(
          {lengths_parameter("radii_mm", {6.0, 4.0, 3.0, 2.0, 1.0, 0.5}, "radius of each ball", 0.05, 50.0),
           length_parameter("gap_mm", 4.0, "free space between neighbours", 0.1, 100.0)}),
      .make = make_sphere_ladder};
}

PhantomDefinition touching_spheres() {
  return {.id = "touching_spheres",
          .asks = "Do two labels that meet in one point stay two bodies, without an overlap?",
          .parameters = with_materials(
              {length_parameter("radius_mm", 8.0, "radius of the first ball", 0.1, 100.0),
               length_parameter("second_radius_mm", 6.0, "radius of the second ball", 0.1, 100.0),
               material_parameter("second_hu", 500.0, "the second ball")}),
          .make = make_touching_spheres};
}

PhantomDefinition sphere_gap_ladder() {
  return {
      .id = "sphere_gap_ladder",
      .asks = "Below which gap do two balls grow together?",
      .parameters = with_materials(
          {lengths_parameter("gaps_mm", {2.0, 1.0, 0.5, 0.25}, "smallest distance in each pair", 0.02, 50.0),
           length_parameter("radius_mm", 4.0, "radius of every ball", 0.1, 50.0),
           length_parameter("pair_gap_mm", 4.0, "free space between the pairs", 0.1, 100.0)}),
      .make = make_sphere_gap_ladder};
}

PhantomDefinition bearing_balls() {
  return {.id = "bearing_balls",
          .asks =
              "Do two precision balls keep diameter and distance, as in the comparison of nine packages by "
              "Kamio et al. 2020?",
          .parameters =
              with_materials({length_parameter("diameter_mm", 10.0, "diameter of both balls", 0.2, 100.0),
                              length_parameter("distance_mm", 20.0, "distance of the centres", 0.3, 400.0)}),
          .make = make_bearing_balls};
}

PhantomDefinition hollow_sphere() {
  return {
      .id = "hollow_sphere",
      .asks = "Does a thin shell keep its inner surface, its thickness and its closed cavity?",
      .parameters = with_materials({length_parameter("radius_mm", 10.0, "outer radius", 0.1, 200.0),
                                    length_parameter("wall_mm", 2.0, "thickness of the shell", 0.05, 100.0)}),
      .make = make_hollow_sphere};
}

PhantomDefinition sphere_in_sphere() {
  return {.id = "sphere_in_sphere",
          .asks = "Do two materials, one within the other, share their face without a gap or an overlap?",
          .parameters =
              with_materials({length_parameter("radius_mm", 12.0, "outer radius of the shell", 0.2, 200.0),
                              length_parameter("core_radius_mm", 7.0, "radius of the core", 0.1, 200.0),
                              material_parameter("core_hu", 300.0, "the core")}),
          .make = make_sphere_in_sphere};
}

PhantomDefinition ball_in_shell() {
  return {.id = "ball_in_shell",
          .asks = "Is a loose body in a closed cavity kept, and the cavity with it?",
          .parameters = with_materials(
              {length_parameter("radius_mm", 12.0, "outer radius of the shell", 0.2, 200.0),
               length_parameter("wall_mm", 2.5, "thickness of the shell", 0.05, 100.0),
               length_parameter("ball_radius_mm", 4.0, "radius of the loose ball", 0.05, 200.0)}),
          .make = make_ball_in_shell};
}

PhantomDefinition islands() {
  return {.id = "islands",
          .asks = "Which separate parts are kept, and which are taken for noise and dropped?",
          .parameters = with_materials(
              {lengths_parameter("radii_mm", {3.0, 2.5, 2.0, 1.5, 1.25, 1.0, 0.75, 0.5},
                                 "radius of each island", 0.05, 50.0),
               length_parameter("mainland_radius_mm", 8.0, "radius of the largest part", 0.5, 100.0),
               length_parameter("gap_mm", 2.0, "free space around each island, at least", 0.1, 50.0)}),
          .make = make_islands};
}

}  // namespace meshassay::phantoms
