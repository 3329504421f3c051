// SPDX-License-Identifier: GPL-3.0-or-later
// What bounds on an element's distances need of its shape alone.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

#include "core/geometry.hpp"
#include "metrics/boundary/two_lanes.hpp"

namespace meshassay::metrics {

/// The largest value on a triangle, and the mean over its area, of ab w_a w_b + bc w_b w_c + ca w_c w_a with
/// barycentric coordinates w and no negative factor. Where factors are squared edges it is the spread
/// sum_i w_i |x - v_i|^2 = R^2 - |x - o|^2 of the point x = sum_i w_i v_i, o the circumcentre and R its
/// radius: largest at o where the triangle holds it, else amid the longest edge. Factors that are the squared
/// edges of no triangle have no largest value within: moving along some line lessens it on neither side.
///
/// A number is a double, or the lanes of two elements.
template <typename Number>
struct Spread {
  Number largest, mean;
};

template <typename Number>
[[nodiscard]] inline Spread<Number> spread_of(Number ab, Number bc, Number ca) {
  const Number longest = larger(ab, larger(bc, ca)), sum = ab + bc + ca;
  const Number within = ab * bc * ca / (2.0 * (ab * bc + bc * ca + ca * ab) - ab * ab - bc * bc - ca * ca);
  return {longest >= sum - longest ? 0.25 * longest : within, sum * (1.0 / 12.0)};
}

struct ElementShape {
  std::array<Vector3, 3> edges_mm;         ///< From corner i to corner i + 1.
  std::array<double, 3> squared_mm2 = {};  ///< Of the edges.
  double reach_mm = 0.0;       ///< Root of the largest spread: no point is farther from all corners.
  double mean_reach_mm = 0.0;  ///< Root of the mean.
};

/// Of the element scaled by a factor; a negative one turns it about a point.
[[nodiscard]] inline ElementShape scaled(const ElementShape& shape, double factor) {
  ElementShape result;
  for (std::size_t i = 0; i < 3; ++i) {
    result.edges_mm[i] = factor * shape.edges_mm[i];
    result.squared_mm2[i] = factor * factor * shape.squared_mm2[i];
  }
  result.reach_mm = std::abs(factor) * shape.reach_mm;
  result.mean_reach_mm = std::abs(factor) * shape.mean_reach_mm;
  return result;
}

[[nodiscard]] inline ElementShape element_shape(const Point3& a, const Point3& b, const Point3& c) {
  ElementShape shape;
  shape.edges_mm = {b - a, c - b, a - c};
  for (std::size_t i = 0; i < 3; ++i) shape.squared_mm2[i] = shape.edges_mm[i].squaredNorm();
  const auto spread = spread_of(shape.squared_mm2[0], shape.squared_mm2[1], shape.squared_mm2[2]);
  shape.reach_mm = std::sqrt(spread.largest);
  shape.mean_reach_mm = std::sqrt(spread.mean);
  return shape;
}

}  // namespace meshassay::metrics
