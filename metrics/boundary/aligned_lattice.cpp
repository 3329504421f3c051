// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/boundary/aligned_lattice.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <numeric>

namespace meshassay::metrics {
namespace {

// By how much radii are on the safe side, relative: far more than what rounding moves.
constexpr double slack = 1e-9;

// By how much a triangle has to be nearer than the hint, squared and relative: more than what rounding makes
// of the distance to a point that two triangles share, and far less than what a distance is worth.
constexpr double worth_changing = 1e-12;

// Cells of a window along an axis.
constexpr int window_cells = 16;

// Of a vertex's axis and bit among all of them.
std::size_t index_of(int axis, int bit) {
  return std::size_t{64} * static_cast<std::size_t>(axis) + static_cast<std::size_t>(bit);
}

}  // namespace

AlignedLattice::AlignedLattice(const BoundarySearch& search, const Vector3& shift_mm)
    : search_(search), level_mm_(0.25 * search.cells().spacing_mm().minCoeff()) {
  const Vector3& spacing = search.cells().spacing_mm();
  for (int a = 0; a < 3; ++a) {
    const auto along = static_cast<std::size_t>(a);
    std::array<int, 3> base{};  // By axis of the edge: cells from the lattice point to the vertex's own one.
    for (int axis = 0; axis < 3; ++axis) {
      const double place = shift_mm[a] / spacing[a] + (a == axis ? 0.5 : 0.0);
      const double floor = std::floor(place);
      base[static_cast<std::size_t>(axis)] = static_cast<int>(floor);
      in_base_mm_[static_cast<std::size_t>(axis)][a] = (place - floor) * spacing[a];
    }
    // One block before that of the lowest cell that is some vertex's own. (Shifts are arithmetic.)
    first_block_[along] = (*std::min_element(base.begin(), base.end()) >> 2) - 1;
    for (std::size_t axis = 0; axis < 3; ++axis)
      own_cell_[axis][along] = base[axis] - 4 * first_block_[along];
  }
  for (std::size_t level = 0; level < levels; ++level) {
    const double radius_mm = static_cast<double>(level + 1) * level_mm_;
    squared_radii_mm2_[level] = radius_mm * radius_mm;
  }
  rank_cases();
  masks_.resize(std::size_t{3} * 64 * levels);
  tbb::parallel_for(0, 3 * 64, [&](int vertex) {
    set_farthest(vertex / 64, vertex % 64);
    fill_masks(vertex / 64, vertex % 64);
  });
}

std::array<int, 3> AlignedLattice::own_cell(int axis, int bit) const {
  const auto point = point_of_bit(bit);
  const auto& first = own_cell_[static_cast<std::size_t>(axis)];
  return {first[0] + point[0], first[1] + point[1], first[2] + point[2]};
}

void AlignedLattice::set_farthest(int axis, int bit) {
  const auto of_axis = static_cast<std::size_t>(axis);
  const Vector3& spacing = search_.cells().spacing_mm();
  {
    const auto own = own_cell(axis, bit);
    double farthest_mm = levels * level_mm_;
    for (int a = 0; a < 3; ++a) {
      // To the near faces of the first cells beyond the window, before and behind.
      const int before = own[static_cast<std::size_t>(a)];
      const double in_own_mm = in_base_mm_[of_axis][a];
      farthest_mm = std::min(
          {farthest_mm, before * spacing[a] + in_own_mm, (window_cells - before) * spacing[a] - in_own_mm});
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

void AlignedLattice::fill_masks(int axis, int bit) {
  const Vector3& spacing = search_.cells().spacing_mm();
  const Point3& vertex = in_base_mm_[static_cast<std::size_t>(axis)];
  {
    const auto own = own_cell(axis, bit);
    // Squared gaps along each axis to the cells of the window.
    std::array<std::array<double, window_cells>, 3> gaps;
    for (int a = 0; a < 3; ++a)
      for (int cell = 0; cell < window_cells; ++cell) {
        const double low = (cell - own[static_cast<std::size_t>(a)]) * spacing[a], high = low + spacing[a];
        const double gap = std::max({low - vertex[a], vertex[a] - high, 0.0});
        gaps[static_cast<std::size_t>(a)][static_cast<std::size_t>(cell)] = gap * gap;
      }
    const double beyond_all = (1.0 + 1e-6) * squared_radii_mm2_.back();
    Masks* of_levels = &masks_[index_of(axis, bit) * levels];
    for (int block = 0; block < 64; ++block) {
      const auto position = point_of_bit(block);
      const auto in_window = static_cast<std::size_t>(block);
      for (int cell = 0; cell < 64; ++cell) {
        const auto at = point_of_bit(cell);
        double squared = 0.0;
        for (std::size_t a = 0; a < 3; ++a) {
          const int place = 4 * position[a] + at[a];
          squared += gaps[a][static_cast<std::size_t>(place)];
        }
        if (squared > beyond_all) continue;
        // The first level whose radius reaches the cell.
        const double radius = std::sqrt(squared) / level_mm_ - slack;
        const int level = std::max(0, static_cast<int>(std::ceil(std::min(radius, levels + 1.0))) - 1);
        if (level < levels) of_levels[level].cells[in_window] |= std::uint64_t{1} << cell;
      }
      for (int level = 0; level < levels; ++level) {
        if (level > 0) of_levels[level].cells[in_window] |= of_levels[level - 1].cells[in_window];
        if (of_levels[level].cells[in_window] != 0) of_levels[level].blocks |= std::uint64_t{1} << block;
      }
    }
  }
}

const AlignedLattice::Masks& AlignedLattice::within(int axis, int bit, std::size_t level) const {
  return masks_[index_of(axis, bit) * levels + level];
}

AlignedNeighbourhood::AlignedNeighbourhood(const AlignedLattice& lattice)
    : lattice_(lattice),
      squared_mm2_(std::size_t{3} * 256),
      unknown_mm2_(places, -1.0),
      of_places_(squared_mm2_.size(), unknown_mm2_.data()),
      answers_(answers) {}

void AlignedNeighbourhood::move_to(const std::array<int, 3>& position) {
  const BoundaryCells& cells = lattice_.search().cells();
  const auto& size = cells.size_in_blocks();
  for (std::size_t a = 0; a < 3; ++a) first_block_[a] = position[a] + lattice_.first_block()[a];
  occupied_ = 0;
  last_offset_.reset();
  // The part of each row of the window that lies within the other boundary's blocks.
  const int first_x = std::max(0, -first_block_[0]), end_x = std::min(4, size[0] - first_block_[0]);
  for (int row = 0; row < 16; ++row) {
    const int y = first_block_[1] + row % 4, z = first_block_[2] + row / 4;
    if (y < 0 || z < 0 || y >= size[1] || z >= size[2]) continue;
    for (int x = first_x; x < end_x; ++x) {
      const std::uint32_t block = cells.block_at(first_block_[0] + x, y, z);
      if (block == BoundaryCells::no_block) continue;
      const int place = 4 * row + x;
      const auto in_window = static_cast<std::size_t>(place);
      occupied_ |= std::uint64_t{1} << in_window;
      blocks_[in_window] = block;
      active_[in_window] = cells.blocks()[block].active;
    }
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
                                                                        unsigned rank, unsigned kept) {
  const std::uint64_t where = ((static_cast<std::uint64_t>(axis) * 256 + rank) * 256 + kept) * 4096 +
                              static_cast<std::uint64_t>(place_of(offset));
  Answer& answer = answers_[(where * 0x9e3779b97f4a7c15U) >> 52];
  if (answer.where != where) answer = {where, nearest_in_cell(axis, offset, rank, kept)};
  return answer.in_cell;
}

double AlignedNeighbourhood::learn_squared(int axis, const std::array<int, 3>& offset, unsigned rank) {
  const std::size_t which = static_cast<std::size_t>(axis) * 256 + rank;
  auto& of_places = squared_mm2_[which];
  if (of_places.empty()) {
    of_places.assign(places, -1.0);
    of_places_[which] = of_places.data();
  }
  return of_places[static_cast<std::size_t>(place_of(offset))] = computed(axis, offset, rank);
}

void AlignedNeighbourhood::start_from(const BoundaryTriangle& hint, Candidate& best) {
  if (!hint.known()) return;
  const auto& position = lattice_.search().cells().blocks()[hint.block].position;
  const auto at = point_of_bit(hint.cell);
  std::array<int, 3> offset;
  for (std::size_t a = 0; a < 3; ++a) {
    offset[a] = 4 * (position[a] - first_block_[a]) + at[a] - best.own_cell[a];
    if (std::abs(offset[a]) > AlignedLattice::reach) return;
  }
  const double squared = squared_at(best.axis, offset, lattice_.ranks(hint.block)[hint.cell]);
  if (squared >= best.squared_mm2) return;
  best.squared_mm2 = squared * (1.0 - worth_changing);
  best.offset = offset;
  best.block = hint.block;
  best.cell = hint.cell;
}

void AlignedNeighbourhood::start_from_last_offset(Candidate& best) {
  if (!last_offset_) return;
  int block = 0, cell = 0;
  for (std::size_t a = 0; a < 3; ++a) {
    const int place = best.own_cell[a] + (*last_offset_)[a];
    if (place < 0 || place >= window_cells) return;
    block += (place / 4) << (2 * a);
    cell += (place % 4) << (2 * a);
  }
  const auto in_window = static_cast<std::size_t>(block);
  if ((occupied_ >> block & 1) == 0 || (active_[in_window] >> cell & 1) == 0) return;
  const double squared = squared_at(best.axis, *last_offset_,
                                    lattice_.ranks(blocks_[in_window])[static_cast<std::size_t>(cell)]);
  if (squared >= best.squared_mm2) return;
  best.squared_mm2 = squared;
  best.offset = *last_offset_;
  best.block = blocks_[in_window];
  best.cell = cell;
}

bool AlignedNeighbourhood::search_block(std::size_t in_window, std::uint64_t cells, Candidate& best) {
  // From the place of a block's first cell to those of its cells.
  constexpr auto further = [] {
    std::array<std::uint16_t, 64> result{};
    for (int cell = 0; cell < 64; ++cell) {
      const auto at = point_of_bit(cell);
      result[static_cast<std::size_t>(cell)] = static_cast<std::uint16_t>(place_of(at[0], at[1], at[2]));
    }
    return result;
  }();
  const auto step = point_of_bit(static_cast<int>(in_window));
  const std::array<int, 3> lowest = {4 * step[0] - best.own_cell[0], 4 * step[1] - best.own_cell[1],
                                     4 * step[2] - best.own_cell[2]};
  const auto offset_of = [&](int cell) -> std::array<int, 3> {
    const auto at = point_of_bit(cell);
    return {lowest[0] + at[0], lowest[1] + at[1], lowest[2] + at[2]};
  };
  const auto& ranks = lattice_.ranks(blocks_[in_window]);
  const double* const* of_ranks = &of_places_[static_cast<std::size_t>(best.axis) * 256];
  const int first = place_of(offset_of(0));
  double least_mm2 = best.squared_mm2;
  int nearest = -1;
  for_each_bit(cells, [&](int cell) {
    const unsigned rank = ranks[static_cast<std::size_t>(cell)];
    double squared = of_ranks[rank][first + further[static_cast<std::size_t>(cell)]];
    if (squared >= least_mm2) return;  // Most are; what is not known is not.
    if (squared < 0.0) squared = learn_squared(best.axis, offset_of(cell), rank);
    if (squared >= least_mm2) return;
    least_mm2 = squared;
    nearest = cell;
  });
  if (nearest < 0) return false;
  best.squared_mm2 = least_mm2;
  best.offset = offset_of(nearest);
  best.block = blocks_[in_window];
  best.cell = nearest;
  return true;
}

std::optional<NearestBoundary> AlignedNeighbourhood::nearest(int axis, int bit,
                                                             const BoundaryTriangle& hint) {
  const double farthest_mm = lattice_.farthest_mm(axis, bit);
  Candidate best{
      .axis = axis, .own_cell = lattice_.own_cell(axis, bit), .squared_mm2 = farthest_mm * farthest_mm};
  start_from(hint, best);
  start_from_last_offset(best);
  std::size_t level = lattice_.level_of(best.squared_mm2, AlignedLattice::levels - 1);
  const auto* masks = &lattice_.within(axis, bit, level);
  for (std::uint64_t left = occupied_ & masks->blocks; left != 0;) {
    const auto in_window = static_cast<std::size_t>(std::countr_zero(left));
    left &= left - 1;
    const std::uint64_t cells = active_[in_window] & masks->cells[in_window];
    if (cells == 0 || !search_block(in_window, cells, best)) continue;
    level = lattice_.level_of(best.squared_mm2, level);
    masks = &lattice_.within(axis, bit, level);
    left &= masks->blocks;
  }
  if (best.block == BoundaryCells::no_block) return std::nullopt;
  last_offset_ = best.offset;
  const bool in_hint = best.block == hint.block && best.cell == hint.cell;
  const unsigned rank = lattice_.ranks(best.block)[static_cast<std::size_t>(best.cell)];
  const InCell& in_cell = found_in_cell(axis, best.offset, rank, in_hint ? hint.number : none);
  return NearestBoundary{in_cell.squared_mm2,
                         in_cell.to_foot_mm,
                         {best.block, static_cast<std::uint8_t>(best.cell), in_cell.number,
                          static_cast<std::uint8_t>(lattice_.case_of_rank(rank))}};
}

}  // namespace meshassay::metrics
