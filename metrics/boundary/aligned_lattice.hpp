// SPDX-License-Identifier: GPL-3.0-or-later
// Where two boundaries lie on lattices of the same spacing and axes, whatever the shift between them: what a
// vertex of the one sees of the other repeats from cell to cell, and need not be computed anew for each.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "metrics/boundary/boundary_search.hpp"

namespace meshassay::metrics {

/// What is the same for all vertices on edges along one axis. Each lies in the cell with its own coordinates
/// plus `base`, at the same place: so the other cells lie about it in the same way, and how far the triangles
/// of a cell are depends on nothing but its offset from that cell and its case.
class AlignedLattice {
 public:
  /// Cells are looked at up to this many from the vertex's own one.
  static constexpr int reach = 6;
  /// Of quarters of the smallest spacing.
  static constexpr int levels = 22;
  /// Which cells of 3 x 3 x 3 blocks lie within a radius, by block, x fastest.
  using Masks = std::array<std::uint64_t, 27>;

  /// Keeps a reference to the search. `shift_mm` leads from the local frame of the boundary whose vertices
  /// are asked for to that of the searched one. \pre both have the same spacing and axes.
  AlignedLattice(const BoundarySearch& search, const Vector3& shift_mm);

  [[nodiscard]] const BoundarySearch& search() const { return search_; }
  /// Of a vertex on an edge along an axis, from the lattice point at the edge's lower end.
  [[nodiscard]] const std::array<int, 3>& base(int axis) const {
    return base_[static_cast<std::size_t>(axis)];
  }
  /// Such a vertex, as seen from the lowest corner of the cell at an offset from its own.
  [[nodiscard]] Point3 seen_from(int axis, const std::array<int, 3>& offset) const {
    return in_base_mm_[static_cast<std::size_t>(axis)] -
           Vector3(offset[0], offset[1], offset[2]).cwiseProduct(search_.cells().spacing_mm());
  }
  /// What is nearer than this lies in the 3 x 3 x 3 blocks about the vertex's own cell, which is `bit` of the
  /// middle one: between 4 and 5.5 times the smallest spacing.
  [[nodiscard]] double farthest_mm(int axis, int bit) const {
    return farthest_mm_[static_cast<std::size_t>(axis)][static_cast<std::size_t>(bit)];
  }
  /// The cells that may hold something within a distance of the vertices whose own cell is `bit` of the
  /// middle block; none that may is left out. \pre the distance is at most farthest_mm().
  [[nodiscard]] const Masks& within(int axis, int bit, double distance_mm) const;
  /// Cases are counted by how often they come in the searched boundary, the most frequent first.
  [[nodiscard]] unsigned case_of_rank(unsigned rank) const { return case_of_rank_[rank]; }
  /// Of the cells of a block; only those of active cells mean something.
  [[nodiscard]] const std::array<std::uint8_t, 64>& ranks(std::uint32_t block) const { return ranks_[block]; }

 private:
  void rank_cases();
  void set_farthest(int axis);
  void fill_masks(int axis);

  const BoundarySearch& search_;
  double level_mm_;
  std::array<std::array<int, 3>, 3> base_;
  std::array<Point3, 3> in_base_mm_;  // From the lowest corner of the vertex's own cell.
  std::array<std::array<double, 64>, 3> farthest_mm_;
  std::array<std::uint8_t, 256> case_of_rank_ = {};
  std::vector<std::array<std::uint8_t, 64>> ranks_;
  std::vector<Masks> masks_;  // By axis, bit and level.
};

/// Searches for the vertices of one block after another. What has been computed once is kept: one for a
/// thread.
class AlignedNeighbourhood {
 public:
  explicit AlignedNeighbourhood(const AlignedLattice& lattice);

  /// All further vertices are those of the block at a position, in blocks.
  void move_to(const std::array<int, 3>& position);
  /// The nearest triangle to the vertex on the edge along `axis` from the lattice point `bit`; nothing where
  /// it is not nearer than AlignedLattice::farthest_mm(). As BoundarySearch::nearest(); a hint that is as
  /// near but for rounding is kept.
  [[nodiscard]] std::optional<NearestBoundary> nearest(int axis, int bit, const BoundaryTriangle& hint = {});

 private:
  static constexpr int width = 2 * AlignedLattice::reach + 1;
  static constexpr std::size_t places = std::size_t{width} * width * width;
  // Some place among width^3 offsets.
  [[nodiscard]] static constexpr int place_of(int x, int y, int z) { return (z * width + y) * width + x; }
  // Squared distance to the triangles of a cell; negative where it has not been asked for. Near vertices see
  // the same few cases at offsets that lie together: these are near each other in memory.
  [[nodiscard]] double& squared_at(int axis, int place, unsigned rank) {
    return squared_mm2_[(static_cast<std::size_t>(axis) * 256 + rank) * places +
                        static_cast<std::size_t>(place)];
  }
  [[nodiscard]] double computed(int axis, const std::array<int, 3>& offset, unsigned rank) const;
  // The nearest triangle of a cell, by its number there, and where on it.
  struct InCell {
    double squared_mm2 = 0.0;
    Vector3 to_foot_mm;
    std::uint8_t number = 0;
  };
  // `kept`: the number of a triangle that is kept where it is as near, or `none`.
  static constexpr unsigned none = 255;
  [[nodiscard]] InCell nearest_in_cell(int axis, const std::array<int, 3>& offset, unsigned rank,
                                       unsigned kept) const;
  [[nodiscard]] const InCell& found_in_cell(int axis, const std::array<int, 3>& offset, int place,
                                            unsigned rank, unsigned kept);

  const AlignedLattice& lattice_;
  std::vector<double> squared_mm2_;
  // What was found last, by where: a new answer takes the place of another one.
  struct Answer {
    std::uint64_t where = ~std::uint64_t{0};
    InCell in_cell;
  };
  static constexpr std::size_t answers = 4096;
  std::vector<Answer> answers_;
  // 4 x 4 x 4 blocks: those about all blocks that hold a vertex's own cell. x fastest.
  std::array<int, 3> first_block_ = {}, lowest_point_ = {};
  std::array<std::uint64_t, 64> active_ = {};
  std::array<std::uint32_t, 64> blocks_ = {};
};

}  // namespace meshassay::metrics
