// SPDX-License-Identifier: GPL-3.0-or-later
// A closed surface given by a smooth function, as a solid: certified distance, proven mesh, volume and area.
#pragma once

#include <functional>

#include "phantoms/solids/solid.hpp"

namespace meshassay::phantoms {

/// A function that is negative inside; its zero set is the surface.
struct LevelSet {
  struct Jet {
    double value = 0.0;
    Vector3 gradient;  ///< Per mm.
    Matrix3 hessian;   ///< Per mm2.
  };
  std::function<Jet(const Point3&)> jet;
  /// How fast the Hessian changes within `radius_mm` of the origin, at most: spectral norm per mm. Does not
  /// fall with the radius.
  std::function<double(double radius_mm)> hessian_slope_bound;
  double reach_mm = 0.0;  ///< The function is positive from this distance from the origin on.
};

/// Distances are exact but for rounding within |gradient| / |Hessian| of the surface, elsewhere to
/// `uncertainty_mm` = 1e-4. The mesh is proven to be a homeomorphic image of the surface.
/// \throw InvalidInput where the gradient comes near zero on the surface, so that it nearly touches itself.
[[nodiscard]] Solid solid_of_level_set(LevelSet function, double chordal_error_mm);

}  // namespace meshassay::phantoms
