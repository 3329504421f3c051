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
///
/// All cells that the vertices of one block look at lie in a window of 4 x 4 x 4 blocks, which begins
/// `first_block` blocks from the vertices' own one.
class AlignedLattice {
 public:
  /// Cells are looked at up to this many from the vertex's own one.
  static constexpr int reach = 7;
  /// Of quarters of the smallest spacing: less than `reach` of it.
  static constexpr int levels = 26;
  /// Which cells of a window lie within a radius; blocks and their cells x fastest.
  struct Masks {
    std::uint64_t blocks = 0;  ///< Those that hold such a cell.
    std::array<std::uint64_t, 64> cells = {};
  };

  /// Keeps a reference to the search. `shift_mm` leads from the local frame of the boundary whose vertices
  /// are asked for to that of the searched one. \pre both have the same spacing and axes.
  AlignedLattice(const BoundarySearch& search, const Vector3& shift_mm);

  [[nodiscard]] const BoundarySearch& search() const { return search_; }
  /// Where the window begins, in blocks from the vertices' own one.
  [[nodiscard]] const std::array<int, 3>& first_block() const { return first_block_; }
  /// The cell of the window that holds the vertex on the edge along an axis from the lattice point `bit`.
  [[nodiscard]] std::array<int, 3> own_cell(int axis, int bit) const;
  /// Such a vertex, as seen from the lowest corner of the cell at an offset from its own.
  [[nodiscard]] Point3 seen_from(int axis, const std::array<int, 3>& offset) const {
    return in_base_mm_[static_cast<std::size_t>(axis)] -
           Vector3(offset[0], offset[1], offset[2]).cwiseProduct(search_.cells().spacing_mm());
  }
  /// What is nearer than this to the vertex lies in the window: between 4 and 6.5 times the smallest spacing.
  [[nodiscard]] double farthest_mm(int axis, int bit) const {
    return farthest_mm_[static_cast<std::size_t>(axis)][static_cast<std::size_t>(bit)];
  }
  /// The lowest level whose radius holds a distance, no higher than one that does. \pre the distance is at
  /// most farthest_mm().
  [[nodiscard]] std::size_t level_of(double squared_mm2, std::size_t known_to_do) const {
    while (known_to_do > 0 && squared_mm2 <= squared_radii_mm2_[known_to_do - 1]) --known_to_do;
    return known_to_do;
  }
  /// The cells that may hold something within the radius of a level of the vertex; none that may is left out.
  [[nodiscard]] const Masks& within(int axis, int bit, std::size_t level) const;
  /// Cases are counted by how often they come in the searched boundary, the most frequent first.
  [[nodiscard]] unsigned case_of_rank(unsigned rank) const { return case_of_rank_[rank]; }
  /// Of the cells of a block; only those of active cells mean something.
  [[nodiscard]] const std::array<std::uint8_t, 64>& ranks(std::uint32_t block) const { return ranks_[block]; }

 private:
  void rank_cases();
  void set_farthest(int axis, int bit);
  void fill_masks(int axis, int bit);

  const BoundarySearch& search_;
  double level_mm_;
  std::array<double, levels> squared_radii_mm2_;
  std::array<int, 3> first_block_;
  // By axis: of the vertex on the edge from lattice point 0 of a block.
  std::array<std::array<int, 3>, 3> own_cell_;
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
  AlignedNeighbourhood(const AlignedNeighbourhood&) = delete;  // It points into itself.
  AlignedNeighbourhood& operator=(const AlignedNeighbourhood&) = delete;

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
  [[nodiscard]] static constexpr int place_of(const std::array<int, 3>& offset) {
    constexpr int reach = AlignedLattice::reach;
    return place_of(offset[0] + reach, offset[1] + reach, offset[2] + reach);
  }
  // The squared distance to the triangles of a cell: as known, or computed now.
  [[nodiscard]] double squared_at(int axis, const std::array<int, 3>& offset, unsigned rank) {
    const double known = of_places_[static_cast<std::size_t>(axis) * 256 + rank][place_of(offset)];
    return known >= 0.0 ? known : learn_squared(axis, offset, rank);
  }
  double learn_squared(int axis, const std::array<int, 3>& offset, unsigned rank);
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
  [[nodiscard]] const InCell& found_in_cell(int axis, const std::array<int, 3>& offset, unsigned rank,
                                            unsigned kept);
  // A vertex that is asked for, and the cell of the searched boundary that is nearest so far.
  struct Candidate {
    int axis = 0;
    std::array<int, 3> own_cell;
    double squared_mm2 = 0.0;
    std::array<int, 3> offset = {};
    std::uint32_t block = BoundaryCells::no_block;
    int cell = 0;
  };
  void start_from(const BoundaryTriangle& hint, Candidate& best);
  void start_from_last_offset(Candidate& best);
  // Whether one of the cells of a block of the window is nearer.
  bool search_block(std::size_t in_window, std::uint64_t cells, Candidate& best);

  const AlignedLattice& lattice_;
  // By axis and rank: squared distances by place, negative where none has been asked for. Near vertices see
  // the same few cases at offsets that lie together: these are near each other in memory.
  std::vector<std::vector<double>> squared_mm2_;  // Empty until one is asked for:
  std::vector<double> unknown_mm2_;               // then this stands there.
  std::vector<const double*> of_places_;
  // What was found last, by where: a new answer takes the place of another one.
  struct Answer {
    std::uint64_t where = ~std::uint64_t{0};
    InCell in_cell;
  };
  static constexpr std::size_t answers = 4096;
  std::vector<Answer> answers_;
  // The window. x fastest.
  std::array<int, 3> first_block_ = {};
  std::uint64_t occupied_ = 0;  // Blocks with active cells.
  std::array<std::uint64_t, 64> active_ = {};
  std::array<std::uint32_t, 64> blocks_ = {};
  // From its own cell to what was nearest to the vertex before: where surfaces run alike it is so again.
  std::optional<std::array<int, 3>> last_offset_;
};

}  // namespace meshassay::metrics
