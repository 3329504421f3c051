// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/boundary/aligned_lattice.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace meshassay::metrics {
namespace {

// By how much radii are on the safe side, relative: far more than what rounding moves.
constexpr double slack = 1e-9;

// By how much a triangle has to be nearer than the hint, squared and relative: more than what rounding makes
// of the distance to a point that two triangles share, and far less than what a distance is worth.
constexpr double worth_changing = 1e-12;

int index_in_window(int x, int y, int z) { return x + 4 * y + 16 * z; }

// Of a vertex's axis and bit among all of them.
std::size_t index_of(int axis, int bit) {
  return std::size_t{64} * static_cast<std::size_t>(axis) + static_cast<std::size_t>(bit);
}

// From an offset between cells to a place in a list that begins at -7.
std::size_t from_lowest(int offset) {
  const int place = offset + 7;
  return static_cast<std::size_t>(place);
}

}  // namespace

AlignedLattice::AlignedLattice(const BoundarySearch& search, const Vector3& shift_mm)
    : search_(search), level_mm_(0.25 * search.cells().spacing_mm().minCoeff()) {
  const Vector3& spacing = search.cells().spacing_mm();
  for (int axis = 0; axis < 3; ++axis) {
    const auto of_axis = static_cast<std::size_t>(axis);
    for (int a = 0; a < 3; ++a) {
      const double place = shift_mm[a] / spacing[a] + (a == axis ? 0.5 : 0.0);
      const double base = std::floor(place);
      base_[of_axis][static_cast<std::size_t>(a)] = static_cast<int>(base);
      in_base_mm_[of_axis][a] = (place - base) * spacing[a];
    }
  }
  rank_cases();
  masks_.resize(std::size_t{3} * 64 * levels);
  tbb::parallel_for(0, 3, [&](int axis) {
    set_farthest(axis);
    fill_masks(axis);
  });
}

void AlignedLattice::set_farthest(int axis) {
  const auto of_axis = static_cast<std::size_t>(axis);
  const Vector3& spacing = search_.cells().spacing_mm();
  for (int bit = 0; bit < 64; ++bit) {
    const auto own = point_of_bit(bit);
    double farthest_mm = levels * level_mm_;
    for (int a = 0; a < 3; ++a) {
      // To the near faces of the first cells beyond the blocks, before and behind.
      const double before_mm = (4 + own[static_cast<std::size_t>(a)]) * spacing[a] + in_base_mm_[of_axis][a];
      const double behind_mm = (8 - own[static_cast<std::size_t>(a)]) * spacing[a] - in_base_mm_[of_axis][a];
      farthest_mm = std::min({farthest_mm, before_mm, behind_mm});
    }
    farthest_mm_[of_axis][static_cast<std::size_t>(bit)] = (1.0 - slack) * farthest_mm;
  }
}

void AlignedLattice::rank_cases() {
  const auto& blocks = search_.cells().blocks();
  ranks_.resize(blocks.size());
  tbb::parallel_for(std::size_t{0}, blocks.size(), [&](std::size_t b) {
    for_each_bit(blocks[b].active, [&](int cell) {
      ranks_[b][static_cast<std::size_t>(cell)] = static_cast<std::uint8_t>(blocks[b].case_of(cell));
    });
  });
  // Some of the blocks tell which are frequent, and nothing but speed depends on it.
  constexpr std::size_t every = 8;
  std::array<std::size_t, 256> count = {};
  for (std::size_t b = 0; b < blocks.size(); b += every)
    for_each_bit(blocks[b].active, [&](int cell) { ++count[ranks_[b][static_cast<std::size_t>(cell)]]; });
  std::iota(case_of_rank_.begin(), case_of_rank_.end(), std::uint8_t{0});
  std::stable_sort(case_of_rank_.begin(), case_of_rank_.end(),
                   [&](std::uint8_t a, std::uint8_t b) { return count[a] > count[b]; });
  std::array<std::uint8_t, 256> rank_of_case = {};
  for (std::size_t rank = 0; rank < 256; ++rank)
    rank_of_case[case_of_rank_[rank]] = static_cast<std::uint8_t>(rank);
  tbb::parallel_for(std::size_t{0}, blocks.size(), [&](std::size_t b) {
    for (std::uint8_t& value : ranks_[b]) value = rank_of_case[value];
  });
}

void AlignedLattice::fill_masks(int axis) {
  const Vector3& spacing = search_.cells().spacing_mm();
  const Point3& vertex = in_base_mm_[static_cast<std::size_t>(axis)];
  // Squared gaps along each axis to the cells at offsets -7 ... 7.
  std::array<std::array<double, 15>, 3> gaps;
  for (int a = 0; a < 3; ++a)
    for (int offset = -7; offset <= 7; ++offset) {
      const double low = offset * spacing[a], high = (offset + 1) * spacing[a];
      const double gap = std::max({low - vertex[a], vertex[a] - high, 0.0});
      gaps[static_cast<std::size_t>(a)][from_lowest(offset)] = gap * gap;
    }
  for (int bit = 0; bit < 64; ++bit) {
    const auto own = point_of_bit(bit);
    Masks* of_levels = &masks_[index_of(axis, bit) * levels];
    for (std::size_t block = 0; block < 27; ++block) {
      const std::array<int, 3> position = {static_cast<int>(block % 3), static_cast<int>(block / 3 % 3),
                                           static_cast<int>(block / 9)};
      for (int cell = 0; cell < 64; ++cell) {
        const auto at = point_of_bit(cell);
        double squared = 0.0;
        for (std::size_t a = 0; a < 3; ++a)
          squared += gaps[a][from_lowest(4 * (position[a] - 1) + at[a] - own[a])];
        // The first level whose radius reaches the cell.
        const double radius = std::sqrt(squared) / level_mm_ - slack;
        const int level = std::max(0, static_cast<int>(std::ceil(std::min(radius, levels + 1.0))) - 1);
        if (level < levels) of_levels[level][block] |= std::uint64_t{1} << cell;
      }
      for (int level = 1; level < levels; ++level) of_levels[level][block] |= of_levels[level - 1][block];
    }
  }
}

const AlignedLattice::Masks& AlignedLattice::within(int axis, int bit, double distance_mm) const {
  // Level n holds all within (n + 1) level_mm_, and a little beyond.
  const auto level = std::min<std::size_t>(levels - 1, static_cast<std::size_t>(distance_mm / level_mm_));
  return masks_[index_of(axis, bit) * levels + level];
}

AlignedNeighbourhood::AlignedNeighbourhood(const AlignedLattice& lattice)
    : lattice_(lattice), squared_mm2_(std::size_t{3} * 256 * places, -1.0), answers_(answers) {}

void AlignedNeighbourhood::move_to(const std::array<int, 3>& position) {
  const BoundaryCells& cells = lattice_.search().cells();
  const auto& size = cells.size_in_blocks();
  for (std::size_t a = 0; a < 3; ++a) {
    // Vertices along the axis itself may have the next cell as their own: no other base is larger.
    int lowest_base = lattice_.base(0)[a];
    for (int axis = 1; axis < 3; ++axis) lowest_base = std::min(lowest_base, lattice_.base(axis)[a]);
    lowest_point_[a] = 4 * position[a];
    // The block of the lowest cell that is some vertex's own, and one before it. (Shifts are arithmetic.)
    first_block_[a] = ((lowest_point_[a] + lowest_base) >> 2) - 1;
  }
  for (int z = 0; z < 4; ++z)
    for (int y = 0; y < 4; ++y)
      for (int x = 0; x < 4; ++x) {
        const std::array<int, 3> at = {first_block_[0] + x, first_block_[1] + y, first_block_[2] + z};
        const auto n = static_cast<std::size_t>(index_in_window(x, y, z));
        active_[n] = 0;
        if (at[0] < 0 || at[1] < 0 || at[2] < 0 || at[0] >= size[0] || at[1] >= size[1] || at[2] >= size[2])
          continue;
        blocks_[n] = cells.block_at(at[0], at[1], at[2]);
        if (blocks_[n] != BoundaryCells::no_block) active_[n] = cells.blocks()[blocks_[n]].active;
      }
}

double AlignedNeighbourhood::computed(int axis, const std::array<int, 3>& offset, unsigned rank) const {
  const Point3 point = lattice_.seen_from(axis, offset);
  double squared = std::numeric_limits<double>::infinity();
  for (const TrianglePair& pair : lattice_.search().geometry().pairs(lattice_.case_of_rank(rank)))
    for (const double each : pair.squared_distances_mm2(point)) squared = std::min(squared, each);
  return squared;
}

AlignedNeighbourhood::InCell AlignedNeighbourhood::nearest_in_cell(int axis, const std::array<int, 3>& offset,
                                                                   unsigned rank, unsigned kept) const {
  const Point3 point = lattice_.seen_from(axis, offset);
  const CaseGeometry& geometry = lattice_.search().geometry();
  const unsigned which = lattice_.case_of_rank(rank);
  InCell result{.squared_mm2 = std::numeric_limits<double>::infinity()};
  if (kept != none) {
    result.number = static_cast<std::uint8_t>(kept);
    result.squared_mm2 = geometry.pairs(which)[kept / 2].squared_distances_mm2(point)[kept % 2];
  }
  for (std::uint8_t number = 0; number < geometry.triangles(which).size(); ++number) {
    const double squared = geometry.pairs(which)[number / 2].squared_distances_mm2(point)[number % 2];
    if (squared >= result.squared_mm2 * (1.0 - worth_changing)) continue;
    result.squared_mm2 = squared;
    result.number = number;
  }
  result.to_foot_mm = geometry.triangles(which)[result.number].to_foot_mm(point);
  return result;
}

const AlignedNeighbourhood::InCell& AlignedNeighbourhood::found_in_cell(int axis,
                                                                        const std::array<int, 3>& offset,
                                                                        int place, unsigned rank,
                                                                        unsigned kept) {
  const std::uint64_t where = ((static_cast<std::uint64_t>(axis) * 256 + rank) * 256 + kept) * 4096 +
                              static_cast<std::uint64_t>(place);
  Answer& answer = answers_[(where * 0x9e3779b97f4a7c15U) >> 52];
  if (answer.where != where) answer = {where, nearest_in_cell(axis, offset, rank, kept)};
  return answer.in_cell;
}

std::optional<NearestBoundary> AlignedNeighbourhood::nearest(int axis, int bit,
                                                             const BoundaryTriangle& hint) {
  // The vertex's own cell, in the window.
  const auto point = point_of_bit(bit);
  const auto& base = lattice_.base(axis);
  std::array<int, 3> own, block;
  for (std::size_t a = 0; a < 3; ++a) {
    own[a] = lowest_point_[a] + point[a] + base[a] - 4 * first_block_[a];
    block[a] = own[a] / 4;  // 1 or 2.
    own[a] %= 4;
  }
  const int own_bit = own[0] + 4 * own[1] + 16 * own[2];
  const double farthest_mm = lattice_.farthest_mm(axis, own_bit);
  double best = farthest_mm * farthest_mm;
  std::array<int, 3> best_offset = {};
  std::uint32_t best_block = BoundaryCells::no_block;
  int best_cell = 0;
  const auto value = [&](const std::array<int, 3>& offset, int place, unsigned rank) {
    double& kept = squared_at(axis, place, rank);
    if (kept < 0.0) kept = computed(axis, offset, rank);
    return kept;
  };
  constexpr int reach = AlignedLattice::reach;
  if (hint.known()) {
    const auto& position = lattice_.search().cells().blocks()[hint.block].position;
    const auto at = point_of_bit(hint.cell);
    std::array<int, 3> offset;
    bool near = true;
    for (std::size_t a = 0; a < 3; ++a) {
      offset[a] = 4 * (position[a] - first_block_[a] - block[a]) + at[a] - own[a];
      near = near && std::abs(offset[a]) <= reach;
    }
    if (near) {
      const double squared = value(offset, place_of(offset[0] + reach, offset[1] + reach, offset[2] + reach),
                                   lattice_.ranks(hint.block)[hint.cell]);
      if (squared < best) {
        best = squared * (1.0 - worth_changing);
        best_offset = offset;
        best_block = hint.block;
        best_cell = hint.cell;
      }
    }
  }
  const AlignedLattice::Masks& masks = lattice_.within(axis, own_bit, std::sqrt(best));
  std::size_t n = 0;
  for (int z = 0; z < 3; ++z)
    for (int y = 0; y < 3; ++y)
      for (int x = 0; x < 3; ++x, ++n) {
        const auto in_window =
            static_cast<std::size_t>(index_in_window(block[0] + x - 1, block[1] + y - 1, block[2] + z - 1));
        const std::uint64_t bits = active_[in_window] & masks[n];
        if (bits == 0) continue;
        const std::array<int, 3> lowest = {4 * (x - 1) - own[0], 4 * (y - 1) - own[1], 4 * (z - 1) - own[2]};
        const auto& ranks = lattice_.ranks(blocks_[in_window]);
        const int first = place_of(lowest[0] + reach, lowest[1] + reach, lowest[2] + reach);
        for_each_bit(bits, [&](int cell) {
          const auto at = point_of_bit(cell);
          const int place = first + place_of(at[0], at[1], at[2]);
          const unsigned rank = ranks[static_cast<std::size_t>(cell)];
          double squared = squared_at(axis, place, rank);
          if (squared >= best) return;
          const std::array<int, 3> offset = {lowest[0] + at[0], lowest[1] + at[1], lowest[2] + at[2]};
          if (squared < 0.0) squared = value(offset, place, rank);
          if (squared >= best) return;
          best = squared;
          best_offset = offset;
          best_block = blocks_[in_window];
          best_cell = cell;
        });
      }
  if (best_block == BoundaryCells::no_block) return std::nullopt;
  const bool in_hint = best_block == hint.block && best_cell == hint.cell;
  const InCell& in_cell = found_in_cell(
      axis, best_offset, place_of(best_offset[0] + reach, best_offset[1] + reach, best_offset[2] + reach),
      lattice_.ranks(best_block)[static_cast<std::size_t>(best_cell)], in_hint ? hint.number : none);
  return NearestBoundary{in_cell.squared_mm2,
                         in_cell.to_foot_mm,
                         {best_block, static_cast<std::uint8_t>(best_cell), in_cell.number}};
}

}  // namespace meshassay::metrics
