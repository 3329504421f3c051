// SPDX-License-Identifier: GPL-3.0-or-later
// The triangles of each case of a boundary's cells, with all that the distance to them takes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/geometry.hpp"
#include "metrics/boundary/element_shape.hpp"

namespace meshassay::metrics {

/// A triangle of a cell; coordinates from the cell's lowest corner.
struct CaseTriangleGeometry {
  std::array<Point3, 3> corners_mm;
  std::array<std::uint8_t, 3> corner_edges = {};  ///< On which edges of the cell its corners lie.
  double mean_half_edge_mm = 0.0;                 ///< Half of these edges, on the mean of the three.
  double area_mm2 = 0.0;
  ElementShape shape;
  std::array<Vector3, 3> inward;  ///< In the plane, away from the edge that leaves corner i.
  Vector3 unit_normal;

  /// From a point to the nearest one of the triangle.
  [[nodiscard]] Vector3 to_foot_mm(const Point3& point_mm) const;
};

/// Two triangles side by side, for the distances to both at the price of one. Each has a frame of its own:
/// the first corner is its origin, the first edge its first axis, the normal its third; so what is left of
/// the distance is plane geometry.
class TrianglePair {
 public:
  TrianglePair(const std::array<Point3, 3>& first_mm, const std::array<Point3, 3>& second_mm);

  /// Squared distances to both.
  [[nodiscard]] std::array<double, 2> squared_distances_mm2(const Vector3& point_mm) const {
    return squared_distances_mm2(point_mm, point_mm);
  }
  /// From one point to the first and from another one to the second.
  [[nodiscard]] std::array<double, 2> squared_distances_mm2(const Vector3& to_first_mm,
                                                            const Vector3& to_second_mm) const;

 private:
  // offset = axis . origin
  struct Axis {
    TwoLanes x, y, z, offset;
  };
  // In the plane: along = direction . point - start, and across likewise, positive inside.
  struct Edge {
    TwoLanes direction_s, direction_t, start_along, start_across, length;
  };
  Axis s_, t_, height_;
  TwoLanes first_length_;
  std::array<Edge, 2> further_;  // The first edge is the axis s.
};

/// The triangles of all 256 cases, for one spacing.
class CaseGeometry {
 public:
  explicit CaseGeometry(const Vector3& spacing_mm);
  [[nodiscard]] const std::vector<CaseTriangleGeometry>& triangles(unsigned which) const {
    return triangles_[which];
  }
  /// Its triangles by two; where their number is odd the last one stands twice.
  [[nodiscard]] std::span<const TrianglePair> pairs(unsigned which) const {
    return std::span(pairs_).subspan(first_pair_[which], first_pair_[which + 1] - first_pair_[which]);
  }
  /// One triangle on both sides, for the distances from two points.
  [[nodiscard]] const TrianglePair& twice(unsigned which, unsigned number) const {
    return twice_[first_triangle_[which] + number];
  }
  /// The smallest box about a case's triangles.
  [[nodiscard]] const Box3& box(unsigned which) const { return boxes_[which]; }

 private:
  std::array<std::vector<CaseTriangleGeometry>, 256> triangles_;
  std::vector<TrianglePair> pairs_;
  std::array<std::size_t, 257> first_pair_ = {};
  std::vector<TrianglePair> twice_;
  std::array<std::size_t, 256> first_triangle_ = {};
  std::array<Box3, 256> boxes_;
};

}  // namespace meshassay::metrics
