// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include "core/geometry.hpp"

namespace meshassay {

/// A closed surface given by its signed distance: the truth that phantoms come with.
struct ImplicitSurface {
  /// Exact Euclidean distance in mm, negative inside. Lipschitz with constant 1, so |d(p)| bounds are
  /// rigorous.
  std::function<double(const Point3&)> signed_distance_mm;
  /// Unit gradient of the distance: the outward normal at the foot point. On the medial axis any one-sided
  /// limit.
  std::function<Vector3(const Point3&)> gradient;
  /// Largest difference in mm, over the ball of `radius_mm` about `center`, between the distance and its
  /// tangent plane d(c) + grad(c).(p - c). Rigorous; at most 2 * radius_mm. Zero where the surface is locally
  /// a plane.
  std::function<double(const Point3& center, double radius_mm)> flatness_mm;
  Box3 bounds_mm;               ///< Holds the whole surface.
  double uncertainty_mm = 0.0;  ///< Half-width of what is not known of the distance itself.
};

}  // namespace meshassay
