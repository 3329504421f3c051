// SPDX-License-Identifier: GPL-3.0-or-later
// The nearest of all triangles, looked at one by one.
#pragma once

#include <algorithm>
#include <cmath>

#include "core/distance/mesh_distance.hpp"

namespace meshassay::metrics {

inline double brute_force_mm(const Point3& point, const TriangleMesh& mesh) {
  double nearest = 1e300;
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
    const auto foot = nearest_on_triangle(point, mesh.corner(t, 0), mesh.corner(t, 1), mesh.corner(t, 2));
    nearest = std::min(nearest, (point - foot.point_mm).squaredNorm());
  }
  return std::sqrt(nearest);
}

}  // namespace meshassay::metrics
