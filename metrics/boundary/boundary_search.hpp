// SPDX-License-Identifier: GPL-3.0-or-later
// The nearest triangle of a mask's boundary: cells that are too far are skipped by the block.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "metrics/boundary/boundary_cells.hpp"

namespace meshassay::metrics {

/// A triangle of a cell with all that the distance to it takes; coordinates from the cell's lowest corner.
struct PreparedTriangle {
  struct Edge {
    Vector3 start_mm, direction_mm;      ///< To the next corner.
    double inverse_square_length = 0.0;  ///< 1 / |direction|^2.
    Vector3 inward;                      ///< In the triangle's plane, at right angles to the edge.
    double inward_offset = 0.0;          ///< inward . start
  };
  Vector3 normal;
  double offset_mm = 0.0;  ///< normal . corner
  double area_mm2 = 0.0;
  std::array<Edge, 3> edges;
  std::array<std::uint8_t, 3> corner_edges = {};  ///< On which edges of the cell its corners lie.

  [[nodiscard]] double squared_distance_mm2(const Vector3& point_mm) const;
};

/// The triangles of each of the 256 cases, for one spacing.
class CaseGeometry {
 public:
  explicit CaseGeometry(const Vector3& spacing_mm);
  [[nodiscard]] const std::vector<PreparedTriangle>& triangles(unsigned which) const { return cases_[which]; }
  /// The smallest box about a case's triangles, from the cell's lowest corner.
  [[nodiscard]] const Box3& box(unsigned which) const { return boxes_[which]; }

 private:
  std::array<std::vector<PreparedTriangle>, 256> cases_;
  std::array<Box3, 256> boxes_;
};

/// A triangle of a boundary.
struct BoundaryTriangle {
  std::uint32_t block = BoundaryCells::no_block;
  std::uint8_t cell = 0, number = 0;  ///< `number` counts within the cell.
  [[nodiscard]] bool known() const { return block != BoundaryCells::no_block; }
};

class BoundarySearch {
 public:
  /// Keeps a reference to the cells. \pre they are not empty.
  explicit BoundarySearch(const BoundaryCells& cells);

  struct Found {
    double squared_mm2 = 0.0;
    BoundaryTriangle triangle;
  };
  /// The nearest triangle to a point in the cells' local frame, exact but for rounding. `hint` is any
  /// triangle (one that is near makes it fast), or an unknown one; it decides between triangles that are
  /// equally near, and nothing else.
  [[nodiscard]] Found nearest(const Point3& point_mm, const BoundaryTriangle& hint = {}) const;
  [[nodiscard]] double squared_distance_mm2(const Point3& point_mm, const BoundaryTriangle& triangle) const;

  [[nodiscard]] const CaseGeometry& geometry() const { return geometry_; }
  [[nodiscard]] const BoundaryCells& cells() const { return cells_; }

 private:
  // Words of 4 x 4 x 4 bits over the blocks, over those words, and so on, until one word is all.
  struct Level {
    std::array<int, 3> size = {0, 0, 0};
    std::vector<std::uint64_t> words;
  };
  void search(std::size_t level, const std::array<int, 3>& node, const Point3& point_mm, Found& best) const;
  void search_block(std::uint32_t block, const Point3& point_mm, Found& best) const;
  bool search_near(const Point3& point_mm, Found& best) const;
  void search_cell(std::uint32_t index, int cell, const Vector3& lowest_mm, const Point3& point_mm,
                   Found& best) const;
  void search_from(std::size_t level, const Point3& point_mm, Found& best) const;
  [[nodiscard]] Vector3 corner_of(const BoundaryTriangle& triangle) const;

  const BoundaryCells& cells_;
  CaseGeometry geometry_;
  std::vector<Level> levels_;
};

}  // namespace meshassay::metrics
