// SPDX-License-Identifier: GPL-3.0-or-later
// The bounded intersection of half-spaces: exact distance, exact mesh.
#pragma once

#include <span>

#include "phantoms/solids/solid.hpp"

namespace meshassay::phantoms {

/// Solid where normal . x <= offset.
struct Plane {
  Vector3 normal = Vector3::UnitX();  ///< Unit, outward.
  double offset_mm = 0.0;
};

/// \throw InvalidInput where the intersection is empty, flat or unbounded, or a plane cuts no face.
[[nodiscard]] Solid convex_polyhedron(std::span<const Plane> planes);

}  // namespace meshassay::phantoms
