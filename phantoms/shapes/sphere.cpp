// SPDX-License-Identifier: GPL-3.0-or-later
// A sphere: does every radius come back, and does blur move a curved surface?
#include "phantoms/shapes/shapes.hpp"
#include "phantoms/shapes/single_target.hpp"
#include "phantoms/solids/ball.hpp"

namespace meshassay::phantoms {
namespace {

/// How far the feature's region reaches beyond the sphere: a surface that bulges is still seen whole.
constexpr double region_slack_mm = 5.0;

Phantom make(const Parameters& resolved, const TruthOptions& options) {
  const double radius_mm = number(resolved, "radius_mm");
  const Point3 center_mm = placement_mm();
  TargetTruth truth = truth_of_solid(ball(center_mm, radius_mm, options.chordal_error_mm), {.components = 1});
  truth.features.push_back(
      {.name = "sphere",
       .kind = FeatureKind::sphere,
       .nominal_mm = radius_mm,
       .region = {.center_mm = center_mm, .half_extent_mm = Vector3::Constant(radius_mm + region_slack_mm)}});
  return single_target_phantom("sphere", resolved, std::move(truth));
}

}  // namespace

PhantomDefinition sphere() {
  return {
      .id = "sphere",
      .asks = "Does a ball come back with its radius, in every direction, after blur, noise and smoothing?",
      .parameters = with_materials({{.name = "radius_mm",
                                     .default_value = 10.0,
                                     .description = "radius of the ball",
                                     .min = 0.1,
                                     .max = 200.0}}),
      .make = make};
}

}  // namespace meshassay::phantoms
