// SPDX-License-Identifier: GPL-3.0-or-later
// The boundary of one label of a mask, kept as the cells that it runs through: what distances are measured
// on. It is the surface of bridge_vtk::mask_boundary(), triangle by triangle, in about a hundredth of the
// memory.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/label_map.hpp"
#include "core/triangle_mesh.hpp"
#include "metrics/masks/label_extents.hpp"

namespace meshassay::metrics {

/// 4 x 4 x 4 cells, of which at least one holds a piece of the boundary. Bit x + 4 y + 16 z stands for the
/// cell (x, y, z) of the block, and for the lattice point at its lowest corner.
struct BoundaryBlock {
  std::array<std::uint64_t, 8> inside = {};  ///< By corner x + 2 y + 4 z of a cell: whether it is inside.
  std::uint64_t active = 0;                  ///< Cells with corners of both kinds.
  std::array<std::uint32_t, 3> first_vertex = {};  ///< On edges along each axis; vertices follow each other.
  std::array<int, 3> position = {0, 0, 0};         ///< In blocks.

  /// Of which lattice points the edge along an axis crosses the boundary.
  [[nodiscard]] std::uint64_t crossed(int axis) const { return inside[0] ^ inside[1U << axis]; }
  /// Case of a cell, as bridge_vtk::boundary_cases() counts them.
  [[nodiscard]] unsigned case_of(int cell) const {
    unsigned result = 0;
    for (unsigned corner = 0; corner < 8; ++corner)
      result |= static_cast<unsigned>((inside[corner] >> cell) & 1U) << corner;
    return result;
  }
};

class BoundaryCells {
 public:
  static constexpr std::uint32_t no_block = 0xffffffffU;

  /// \pre `extent` is that of `label` in `mask`, and check_mask() accepts the mask.
  BoundaryCells(const LabelMap& mask, std::uint16_t label, const LabelExtent& extent);

  [[nodiscard]] bool empty() const { return blocks_.empty(); }
  [[nodiscard]] const std::vector<BoundaryBlock>& blocks() const { return blocks_; }
  [[nodiscard]] const std::array<int, 3>& size_in_blocks() const { return size_; }
  /// Index of the block at a position, or `no_block`. \pre the position is within size_in_blocks().
  [[nodiscard]] std::uint32_t block_at(int x, int y, int z) const {
    return index_[(static_cast<std::size_t>(z) * static_cast<std::size_t>(size_[1]) +
                   static_cast<std::size_t>(y)) *
                      static_cast<std::size_t>(size_[0]) +
                  static_cast<std::size_t>(x)];
  }
  [[nodiscard]] std::size_t vertices() const { return vertices_; }
  [[nodiscard]] const Vector3& spacing_mm() const { return spacing_mm_; }
  /// Lattice coordinates times spacing: the frame that distances are measured in. Its axes are those of the
  /// grid (the nearest orthonormal ones), its origin is lattice point 0, a voxel before the label's box.
  [[nodiscard]] Point3 to_world(const Point3& local_mm) const { return origin_mm_ + axes_ * local_mm; }
  [[nodiscard]] const Matrix3& axes() const { return axes_; }
  [[nodiscard]] const Point3& origin_mm() const { return origin_mm_; }

  /// The boundary as a mesh, in the local frame; triangles in the order of the cells.
  [[nodiscard]] TriangleMesh local_mesh() const;

 private:
  std::array<int, 3> size_ = {0, 0, 0};
  std::vector<BoundaryBlock> blocks_;
  std::vector<std::uint32_t> index_;  // By position.
  std::size_t vertices_ = 0;
  Vector3 spacing_mm_;
  Matrix3 axes_;
  Point3 origin_mm_;
};

/// The vertices of a block's cells by the edges that they lie on; a vertex is the middle of a crossed edge.
class BlockVertices {
 public:
  /// Takes those of another block.
  void fill(const BoundaryCells& cells, std::uint32_t block);
  /// Edges as in bridge_vtk::CaseTriangle. \pre the edge of the cell is crossed.
  [[nodiscard]] std::uint32_t on(int cell, int edge) const {
    const int place =
        first_edge_of_cell[static_cast<std::size_t>(cell)] + offset_of_edge[static_cast<std::size_t>(edge)];
    return vertices_[static_cast<std::size_t>(place)];
  }
  /// All of them, in some fixed order.
  [[nodiscard]] std::span<const std::uint32_t> all() const { return std::span(all_).first(count_); }

 private:
  // By axis, then by lattice point: 5 x 5 x 5 of them are corners of the block's cells.
  static constexpr int points = 125;
  static const std::array<int, 64> first_edge_of_cell;
  static const std::array<int, 12> offset_of_edge;
  std::array<std::uint32_t, std::size_t{3}*points> vertices_ = {}, all_ = {};
  std::size_t count_ = 0;
};

/// Lattice coordinates of a bit's point within its block.
[[nodiscard]] constexpr std::array<int, 3> point_of_bit(int bit) {
  return {bit & 3, (bit >> 2) & 3, bit >> 4};
}

/// Calls `visit(bit)` for every bit that is set, ascending.
template <typename Visit>
void for_each_bit(std::uint64_t bits, Visit visit) {
  for (; bits != 0; bits &= bits - 1) visit(std::countr_zero(bits));
}

}  // namespace meshassay::metrics
