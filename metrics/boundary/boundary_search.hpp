// SPDX-License-Identifier: GPL-3.0-or-later
// The nearest triangle of a mask's boundary: blocks of cells that are too far are skipped.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "metrics/boundary/boundary_cells.hpp"
#include "metrics/boundary/case_geometry.hpp"

namespace meshassay::metrics {

/// A triangle of a boundary.
struct BoundaryTriangle {
  std::uint32_t block = BoundaryCells::no_block;
  std::uint8_t cell = 0, number = 0;  ///< `number` counts within the cell.
  std::uint8_t which = 0;             ///< The cell's case.
  [[nodiscard]] bool known() const { return block != BoundaryCells::no_block; }
  bool operator==(const BoundaryTriangle&) const = default;
};

/// The nearest triangle to a point, and where on it.
struct NearestBoundary {
  double squared_mm2 = 0.0;
  Vector3 to_foot_mm = Vector3::Zero();  ///< From the point to the nearest point of the triangle.
  BoundaryTriangle triangle;
};

class BoundarySearch {
 public:
  /// Keeps a reference to the cells. \pre they are not empty.
  explicit BoundarySearch(const BoundaryCells& cells);

  /// The nearest triangle to a point in the cells' local frame, exact but for rounding. `hint` is any
  /// triangle (one that is near makes it fast), or an unknown one; it decides between triangles that are
  /// equally near, and nothing else. For many points that lie together: BoundaryNeighbourhood.
  [[nodiscard]] NearestBoundary nearest(const Point3& point_mm, const BoundaryTriangle& hint = {}) const;
  [[nodiscard]] double squared_distance_mm2(const Point3& point_mm, const BoundaryTriangle& triangle) const;
  /// From two points at the price of one.
  [[nodiscard]] std::array<double, 2> squared_distances_mm2(const Point3& one_mm, const Point3& other_mm,
                                                            const BoundaryTriangle& triangle) const;
  /// From the point to the nearest one of a triangle.
  [[nodiscard]] Vector3 to_foot_mm(const Point3& point_mm, const BoundaryTriangle& triangle) const;

  /// Appends the blocks that lie within a distance of a box, and perhaps some that do not.
  void add_blocks_within(const Box3& box_mm, double radius_mm, std::vector<std::uint32_t>& blocks) const;

  [[nodiscard]] const CaseGeometry& geometry() const { return geometry_; }
  [[nodiscard]] const BoundaryCells& cells() const { return cells_; }

 private:
  // Words of 4 x 4 x 4 bits over the blocks, over those words, and so on, until one word is all.
  struct Level {
    std::array<int, 3> size = {0, 0, 0};
    std::vector<std::uint64_t> words;
    double cells_per_bit = 4.0;  // Along an axis.
  };
  void add_blocks_of_word(std::size_t level, const std::array<int, 3>& node, const Box3& box_mm,
                          double squared_radius_mm2, std::vector<std::uint32_t>& blocks) const;
  [[nodiscard]] Vector3 lowest_corner_of(const BoundaryTriangle& triangle) const;

  const BoundaryCells& cells_;
  CaseGeometry geometry_;
  std::vector<Level> levels_;
};

/// Searches for points that lie together in a box: the blocks that may be nearest to any of them are looked
/// up once.
class BoundaryNeighbourhood {
 public:
  /// Keeps a reference to the search.
  explicit BoundaryNeighbourhood(const BoundarySearch& search) : search_(search) {}

  /// All further points lie in this box.
  void move_to(const Box3& box_mm);
  /// As BoundarySearch::nearest(). \pre the point lies in the box that was named last.
  [[nodiscard]] NearestBoundary nearest(const Point3& point_mm, const BoundaryTriangle& hint = {});
  [[nodiscard]] const BoundarySearch& search() const { return search_; }

 private:
  // Boxes side by side, four to a group, from `origin_mm_` and a little too large: single precision.
  using Four = float __attribute__((vector_size(16)));
  struct BoxGroup {
    std::array<Four, 3> low, high;
  };
  struct NearBlock {
    std::uint32_t index = 0;
    Vector3 corner_mm;            // Its lowest one.
    std::size_t first_group = 0;  // Of its cells, once they have been asked for.
    std::size_t cells = 0;
  };
  struct NearCell {
    std::uint8_t cell = 0, which = 0;  // `which`: its case.
  };
  struct Candidate {
    double squared_mm2 = 0.0;
    BoundaryTriangle triangle;
    float limit_mm2 = 0.0F;  // Boxes at that squared distance or more hold nothing nearer.
    std::size_t slot = 0;    // Of the block in `blocks_`.
  };
  static constexpr std::size_t no_slot = ~std::size_t{0};
  void gather(double radius_mm);
  void add_cells(NearBlock& block);
  void set_box(BoxGroup& group, std::size_t lane, const Vector3& low_mm, const Vector3& high_mm) const;
  void search_all(const Point3& point_mm, Candidate& best);
  void search_block(std::size_t slot, const std::array<Four, 3>& point, const Point3& point_mm,
                    Candidate& best);
  static BoxGroup nowhere();  // Four boxes that are infinitely far.
  static unsigned lanes_below(Four values, float limit);
  static Four squared_gaps(const BoxGroup& boxes, const std::array<Four, 3>& point);
  static void improve(Candidate& best, double squared_mm2, const BoundaryTriangle& triangle,
                      std::size_t slot);

  const BoundarySearch& search_;
  Box3 box_mm_;
  double radius_mm_ = -1.0;  // Blocks within that of the box are known.
  Point3 origin_mm_;
  float margin_mm_ = 0.0F;           // By which boxes are larger, for what rounding may move.
  std::vector<NearBlock> blocks_;    // In a fixed order,
  std::vector<BoxGroup> of_blocks_;  // and their boxes.
  std::vector<BoxGroup> of_cells_;
  std::vector<NearCell> cells_;  // Four to a group.
  std::vector<std::uint32_t> found_;
  std::size_t last_slot_ = no_slot;  // Where the nearest triangle of the point before was.
};

}  // namespace meshassay::metrics
