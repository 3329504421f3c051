// SPDX-License-Identifier: GPL-3.0-or-later
// Points spread evenly over a surface, where a fixed number of them is enough.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/triangle_mesh.hpp"

namespace meshassay::metrics {

/// A point of a surface with the unit normal of its triangle.
struct SurfaceSample {
  Point3 point_mm = Point3::Zero();
  Vector3 normal = Vector3::Zero();
};

/// `count` points, one in each of `count` parts of equal area, in the order of the triangles; where in its
/// part and triangle follows from `seed` alone (additive recurrence with the plastic number, Roberts 2018).
/// \pre A triangle has an area, and coordinates are finite: see why_unmeasurable().
[[nodiscard]] std::vector<SurfaceSample> surface_samples(const TriangleMesh& surface, std::size_t count,
                                                         std::uint32_t seed = 0);

}  // namespace meshassay::metrics
