// SPDX-License-Identifier: GPL-3.0-or-later
// A sphere: does every radius come back, and does blur move a curved surface?
#include <cmath>
#include <numbers>

#include "phantoms/shapes.hpp"
#include "phantoms/single_target.hpp"
#include "phantoms/sphere_mesh.hpp"

namespace meshassay::phantoms {
namespace {

/// How far the feature's region reaches beyond the sphere: a surface that bulges is still seen whole.
constexpr double region_slack_mm = 5.0;

ImplicitSurface implicit_sphere(const Point3& center_mm, double radius_mm) {
  return {
      .signed_distance_mm = [=](const Point3& point) { return (point - center_mm).norm() - radius_mm; },
      .gradient = [=](const Point3& point) -> Vector3 {
        const Vector3 from_center = point - center_mm;
        const double length = from_center.norm();
        return length > 0.0 ? Vector3(from_center / length) : Vector3::UnitX();
      },
      // Let a = |c|, u = c/a, p = c + v, s = v.u. The difference to the tangent plane is |p| - (a + s) >= 0.
      // For given s it is largest where |v| = r: f(s) = sqrt(a^2 + 2 a s + r^2) - a - s, and f'(s) = 0 at s =
      // -r^2/(2a), where f = r^2/(2a). That s is possible while r <= 2a; beyond, f is largest at s = -r: |a -
      // r| - (a - r) = 2 (r - a). Both give r at r = 2a; at the centre (a = 0) it is 2r. The bound is
      // attained.
      .flatness_mm =
          [=](const Point3& point, double ball_mm) {
            const double a = (point - center_mm).norm();
            return ball_mm <= 2.0 * a ? (ball_mm > 0.0 ? ball_mm * ball_mm / (2.0 * a) : 0.0)
                                      : 2.0 * (ball_mm - a);
          },
      .bounds_mm = {.min_mm = center_mm.array() - radius_mm, .max_mm = center_mm.array() + radius_mm},
  };
}

Phantom make(const Parameters& resolved, const TruthOptions& options) {
  const double radius_mm = number(resolved, "radius_mm");
  const Point3 center_mm = placement_mm();
  SphereMesh surface = sphere_mesh(center_mm, radius_mm, options.chordal_error_mm);
  constexpr double pi = std::numbers::pi;
  TargetTruth truth{
      .implicit = implicit_sphere(center_mm, radius_mm),
      .surface = std::move(surface.mesh),
      .surface_chordal_error_mm = surface.hausdorff_bound_mm,
      .volume_mm3 = KnownValue{4.0 / 3.0 * pi * radius_mm * radius_mm * radius_mm},
      .area_mm2 = KnownValue{4.0 * pi * radius_mm * radius_mm},
      .betti = BettiNumbers{.components = 1, .handles = 0, .cavities = 0},
  };
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
