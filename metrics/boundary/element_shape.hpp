// SPDX-License-Identifier: GPL-3.0-or-later
// What bounds on an element's distances need of its shape alone.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include "core/geometry.hpp"

namespace meshassay::metrics {

/// With the spread of a point x = sum_i w_i v_i (its barycentric coordinates w_i) being
/// sum_i w_i |x - v_i|^2 = R^2 - |x - o|^2, o the circumcentre and R its radius.
struct ElementShape {
  std::array<Vector3, 3> edges_mm;         ///< From corner i to corner i + 1.
  std::array<double, 3> squared_mm2 = {};  ///< Of the edges.
  double largest_spread_mm2 = 0.0;         ///< At o where the element holds it, else amid the longest edge.
  double mean_spread_mm2 = 0.0;            ///< Over the area: a twelfth of the sum of the squared edges.
  double reach_mm = 0.0;                   ///< Root of the largest: no point is farther from all corners.
  double mean_reach_mm = 0.0;              ///< Root of the mean.
};

[[nodiscard]] inline ElementShape element_shape(const Point3& a, const Point3& b, const Point3& c) {
  ElementShape shape;
  shape.edges_mm = {b - a, c - b, a - c};
  for (std::size_t i = 0; i < 3; ++i) shape.squared_mm2[i] = shape.edges_mm[i].squaredNorm();
  const auto [ab, bc, ca] = shape.squared_mm2;
  const double longest = std::max({ab, bc, ca}), sum = ab + bc + ca;
  shape.largest_spread_mm2 =
      longest >= sum - longest
          ? 0.25 * longest
          : ab * bc * ca / (2.0 * (ab * bc + bc * ca + ca * ab) - ab * ab - bc * bc - ca * ca);
  shape.mean_spread_mm2 = sum / 12.0;
  shape.reach_mm = std::sqrt(shape.largest_spread_mm2);
  shape.mean_reach_mm = std::sqrt(shape.mean_spread_mm2);
  return shape;
}

}  // namespace meshassay::metrics
