// SPDX-License-Identifier: GPL-3.0-or-later
// How far the distance to a boundary may lie from the linear one on an element.
#pragma once

#include <array>
#include <cstddef>

#include "metrics/boundary/boundary_search.hpp"
#include "metrics/boundary/element_shape.hpp"

namespace meshassay::metrics {

/// A corner of an element.
struct ElementCorner {
  Point3 there_mm;  ///< In the local frame of the other boundary.
  double distance_mm = 0.0;
  Vector3 to_foot_mm;  ///< To a nearest point of the other boundary, in the frame of the element's shape.
  BoundaryTriangle nearest;
};

using ElementCorners = std::array<ElementCorner, 3>;

/// At most, and on the area's mean.
struct ElementError {
  double below_mm = 0.0, mean_below_mm = 0.0;
  double above_mm = 0.0, mean_above_mm = 0.0;
  double upper_mm = 0.0;  ///< The distance is nowhere larger.
};

/// What need not be made smaller by looking closer.
struct EnoughError {
  double error_mm = 0.0;
  double upper_mm = 0.0;
};

/// What the corners alone say of an element.
struct CornerBounds {
  ElementError error;
  std::size_t nearest_to_centroid = 0;  ///< The corner whose foot is.
};

/// Of two elements at the price of one.
[[nodiscard]] std::array<CornerBounds, 2> corner_bounds(const std::array<const ElementCorners*, 2>& corners,
                                                        const std::array<const ElementShape*, 2>& shapes);

/// The bounds of the corners, and where these leave much open what the triangles say that are nearest to
/// them.
[[nodiscard]] ElementError element_error(const ElementCorners& corners, const CornerBounds& bounds,
                                         BoundaryNeighbourhood& other, const EnoughError& enough);

}  // namespace meshassay::metrics
