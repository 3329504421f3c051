// SPDX-License-Identifier: GPL-3.0-or-later
#include "phantoms/solids/ball.hpp"

#include <numbers>
#include <utility>

#include "phantoms/solids/profile.hpp"

namespace meshassay::phantoms {

ImplicitSurface implicit_ball(const Point3& center_mm, double radius_mm) {
  return {
      .signed_distance_mm = [=](const Point3& point) { return (point - center_mm).norm() - radius_mm; },
      .gradient = [=](const Point3& point) -> Vector3 {
        const Vector3 from_center = point - center_mm;
        const double length = from_center.norm();
        return length > 0.0 ? Vector3(from_center / length) : Vector3::UnitX();
      },
      // The distance from a point in place of an axis: the bound is attained.
      .flatness_mm = [=](const Point3& point,
                         double ball_mm) { return axis_flatness_mm((point - center_mm).norm(), ball_mm); },
      .bounds_mm = {.min_mm = center_mm.array() - radius_mm, .max_mm = center_mm.array() + radius_mm},
  };
}

Solid ball(const Point3& center_mm, double radius_mm, double chordal_error_mm, SphereFit fit) {
  SphereMesh surface = sphere_mesh(center_mm, radius_mm, chordal_error_mm, fit);
  constexpr double pi = std::numbers::pi;
  return {.implicit = implicit_ball(center_mm, radius_mm),
          .surface = std::move(surface.mesh),
          .chordal_error_mm = surface.hausdorff_bound_mm,
          .volume_mm3 = {4.0 / 3.0 * pi * radius_mm * radius_mm * radius_mm},
          .area_mm2 = {4.0 * pi * radius_mm * radius_mm}};
}

}  // namespace meshassay::phantoms
