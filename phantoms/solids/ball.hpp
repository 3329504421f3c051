// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "phantoms/solids/solid.hpp"
#include "phantoms/solids/sphere_mesh.hpp"

namespace meshassay::phantoms {

[[nodiscard]] ImplicitSurface implicit_ball(const Point3& center_mm, double radius_mm);
/// A ball with its geodesic mesh.
[[nodiscard]] Solid ball(const Point3& center_mm, double radius_mm, double chordal_error_mm,
                         SphereFit fit = SphereFit::equal_volume);

}  // namespace meshassay::phantoms
