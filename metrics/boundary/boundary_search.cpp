// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/boundary/boundary_search.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <limits>

namespace meshassay::metrics {
namespace {

using Gaps = std::array<std::array<double, 4>, 3>;

double gap_between(double low, double high, double other_low, double other_high) {
  return std::max({other_low - high, low - other_high, 0.0});
}

// Squared distances along one axis from low ... high to four intervals that follow each other.
std::array<double, 4> squared_gaps(double low, double high, double begin, double step) {
  std::array<double, 4> result;
  for (int n = 0; n < 4; ++n) {
    const double start = begin + n * step;
    const double gap = gap_between(low, high, start, start + step);
    result[static_cast<std::size_t>(n)] = gap * gap;
  }
  return result;
}

// Bits of a 4 x 4 x 4 word with a coordinate of that value.
constexpr std::uint64_t layer(std::size_t axis, std::size_t value) {
  constexpr std::array<std::uint64_t, 3> lowest = {0x1111111111111111U, 0x000f000f000f000fU,
                                                   0x000000000000ffffU};
  return lowest[axis] << (value << (2 * axis));
}

// Bits whose boxes lie nearer than `limit` along every axis by itself.
std::uint64_t bits_within(const Gaps& gaps, double limit) {
  std::array<std::uint64_t, 3> within = {};
  for (std::size_t axis = 0; axis < 3; ++axis)
    for (std::size_t n = 0; n < 4; ++n)
      if (gaps[axis][n] < limit) within[axis] |= layer(axis, n);
  return within[0] & within[1] & within[2];
}

double squared_gap(const Gaps& gaps, int bit) {
  return gaps[0][static_cast<std::size_t>(bit & 3)] + gaps[1][static_cast<std::size_t>((bit >> 2) & 3)] +
         gaps[2][static_cast<std::size_t>(bit >> 4)];
}

Vector3 lowest_corner_mm(const BoundaryBlock& block, int cell, const Vector3& spacing_mm) {
  const auto point = point_of_bit(cell);
  return {(4 * block.position[0] + point[0]) * spacing_mm[0],
          (4 * block.position[1] + point[1]) * spacing_mm[1],
          (4 * block.position[2] + point[2]) * spacing_mm[2]};
}

}  // namespace

BoundarySearch::BoundarySearch(const BoundaryCells& cells) : cells_(cells), geometry_(cells.spacing_mm()) {
  // The lowest level from the blocks, each further one from that below it.
  std::array<int, 3> below = cells.size_in_blocks();
  do {
    Level level;
    for (std::size_t a = 0; a < 3; ++a) level.size[a] = (below[a] + 3) / 4;
    level.words.resize(static_cast<std::size_t>(level.size[0]) * static_cast<std::size_t>(level.size[1]) *
                       static_cast<std::size_t>(level.size[2]));
    if (!levels_.empty()) level.cells_per_bit = 4.0 * levels_.back().cells_per_bit;
    const auto mark = [&](int x, int y, int z) {
      const auto word = (static_cast<std::size_t>(z / 4) * static_cast<std::size_t>(level.size[1]) +
                         static_cast<std::size_t>(y / 4)) *
                            static_cast<std::size_t>(level.size[0]) +
                        static_cast<std::size_t>(x / 4);
      level.words[word] |= std::uint64_t{1} << ((x & 3) + 4 * (y & 3) + 16 * (z & 3));
    };
    if (levels_.empty()) {
      for (const BoundaryBlock& block : cells.blocks())
        mark(block.position[0], block.position[1], block.position[2]);
    } else {
      std::size_t word = 0;
      for (int z = 0; z < below[2]; ++z)
        for (int y = 0; y < below[1]; ++y)
          for (int x = 0; x < below[0]; ++x)
            if (levels_.back().words[word++] != 0) mark(x, y, z);
    }
    below = level.size;
    levels_.push_back(std::move(level));
  } while (below[0] > 1 || below[1] > 1 || below[2] > 1);
}

Vector3 BoundarySearch::lowest_corner_of(const BoundaryTriangle& triangle) const {
  return lowest_corner_mm(cells_.blocks()[triangle.block], triangle.cell, cells_.spacing_mm());
}

double BoundarySearch::squared_distance_mm2(const Point3& point_mm, const BoundaryTriangle& triangle) const {
  const auto& pair = geometry_.pairs(triangle.which)[triangle.number / 2];
  return pair.squared_distances_mm2(point_mm - lowest_corner_of(triangle))[triangle.number % 2];
}

std::array<double, 2> BoundarySearch::squared_distances_mm2(const Point3& one_mm, const Point3& other_mm,
                                                            const BoundaryTriangle& triangle) const {
  const Vector3 lowest = lowest_corner_of(triangle);
  return geometry_.twice(triangle.which, triangle.number)
      .squared_distances_mm2(one_mm - lowest, other_mm - lowest);
}

Vector3 BoundarySearch::to_foot_mm(const Point3& point_mm, const BoundaryTriangle& triangle) const {
  return geometry_.triangles(triangle.which)[triangle.number].to_foot_mm(point_mm -
                                                                         lowest_corner_of(triangle));
}

void BoundarySearch::add_blocks_within(const Box3& box_mm, double radius_mm,
                                       std::vector<std::uint32_t>& blocks) const {
  // From the lowest level of which the ball about the box meets few words.
  const Vector3& spacing = cells_.spacing_mm();
  const double reach_mm = radius_mm + 0.5 * box_mm.size_mm().maxCoeff();
  std::size_t level = 0;
  while (level + 1 < levels_.size() && reach_mm > 4.0 * levels_[level].cells_per_bit * spacing.minCoeff())
    ++level;
  std::array<int, 3> low{}, high{};
  for (int a = 0; a < 3; ++a) {
    const double word_mm = 4.0 * levels_[level].cells_per_bit * spacing[a];
    const auto last = static_cast<double>(levels_[level].size[static_cast<std::size_t>(a)] - 1);
    const double first_word = std::floor((box_mm.min_mm[a] - radius_mm) / word_mm);
    const double last_word = std::floor((box_mm.max_mm[a] + radius_mm) / word_mm);
    // A ball that reaches none of them finds nothing; rounding at a face may have it reach one too many.
    if (first_word > last + 1.0 || last_word < -1.0) return;
    low[static_cast<std::size_t>(a)] = static_cast<int>(std::clamp(first_word, 0.0, last));
    high[static_cast<std::size_t>(a)] = static_cast<int>(std::clamp(last_word, 0.0, last));
  }
  for (int z = low[2]; z <= high[2]; ++z)
    for (int y = low[1]; y <= high[1]; ++y)
      for (int x = low[0]; x <= high[0]; ++x)
        add_blocks_of_word(level, {x, y, z}, box_mm, radius_mm * radius_mm, blocks);
}

void BoundarySearch::add_blocks_of_word(std::size_t level, const std::array<int, 3>& node, const Box3& box_mm,
                                        double squared_radius_mm2, std::vector<std::uint32_t>& blocks) const {
  const Level& here = levels_[level];
  const std::uint64_t bits =
      here.words[(static_cast<std::size_t>(node[2]) * static_cast<std::size_t>(here.size[1]) +
                  static_cast<std::size_t>(node[1])) *
                     static_cast<std::size_t>(here.size[0]) +
                 static_cast<std::size_t>(node[0])];
  if (bits == 0) return;
  Gaps gaps;
  for (int a = 0; a < 3; ++a) {
    const auto axis = static_cast<std::size_t>(a);
    const double step_mm = here.cells_per_bit * cells_.spacing_mm()[a];
    gaps[axis] = squared_gaps(box_mm.min_mm[a], box_mm.max_mm[a], 4.0 * node[axis] * step_mm, step_mm);
  }
  // At the radius itself too: a radius may be a distance that was found.
  const double limit = squared_radius_mm2 * (1.0 + 1e-12) + std::numeric_limits<double>::min();
  for_each_bit(bits & bits_within(gaps, limit), [&](int bit) {
    if (squared_gap(gaps, bit) >= limit) return;
    const std::array<int, 3> child = {4 * node[0] + (bit & 3), 4 * node[1] + ((bit >> 2) & 3),
                                      4 * node[2] + (bit >> 4)};
    if (level > 0)
      add_blocks_of_word(level - 1, child, box_mm, squared_radius_mm2, blocks);
    else
      blocks.push_back(cells_.block_at(child[0], child[1], child[2]));
  });
}

NearestBoundary BoundarySearch::nearest(const Point3& point_mm, const BoundaryTriangle& hint) const {
  BoundaryNeighbourhood about(*this);
  about.move_to({point_mm, point_mm});
  return about.nearest(point_mm, hint);
}

BoundaryNeighbourhood::BoxGroup BoundaryNeighbourhood::nowhere() {
  BoxGroup group;
  group.low.fill(Four{} + std::numeric_limits<float>::infinity());
  group.high.fill(Four{} - std::numeric_limits<float>::infinity());
  return group;
}

unsigned BoundaryNeighbourhood::lanes_below(Four values, float limit) {
  unsigned lanes = 0;
  const auto below = values < limit;
  for (unsigned lane = 0; lane < 4; ++lane) lanes |= static_cast<unsigned>(below[lane]) & (1U << lane);
  return lanes;
}

void BoundaryNeighbourhood::move_to(const Box3& box_mm) {
  box_mm_ = box_mm;
  radius_mm_ = -1.0;
  blocks_.clear();
}

void BoundaryNeighbourhood::set_box(BoxGroup& group, std::size_t lane, const Vector3& low_mm,
                                    const Vector3& high_mm) const {
  for (int a = 0; a < 3; ++a) {
    const auto axis = static_cast<std::size_t>(a);
    group.low[axis][lane] = static_cast<float>(low_mm[a] - origin_mm_[a]) - margin_mm_;
    group.high[axis][lane] = static_cast<float>(high_mm[a] - origin_mm_[a]) + margin_mm_;
  }
}

void BoundaryNeighbourhood::gather(double radius_mm) {
  const Vector3& spacing = search_.cells().spacing_mm();
  radius_mm_ = radius_mm;
  found_.clear();
  search_.add_blocks_within(box_mm_, radius_mm, found_);
  blocks_.clear();
  last_slot_ = no_slot;
  of_blocks_.clear();
  of_cells_.clear();
  cells_.clear();
  // No coordinate from the origin is larger than this, and a float of it is right to 6e-8 of it.
  const double largest_mm = radius_mm + box_mm_.size_mm().maxCoeff() + 8.0 * spacing.maxCoeff();
  origin_mm_ = box_mm_.min_mm;
  margin_mm_ = static_cast<float>(1e-6 * largest_mm);
  for (const std::uint32_t index : found_) {
    const BoundaryBlock& block = search_.cells().blocks()[index];
    NearBlock near{.index = index, .corner_mm = lowest_corner_mm(block, 0, spacing)};
    Vector3 low, high;
    for (std::size_t a = 0; a < 3; ++a) {
      int first = 0, last = 3;
      while ((block.active & layer(a, static_cast<std::size_t>(first))) == 0) ++first;
      while ((block.active & layer(a, static_cast<std::size_t>(last))) == 0) --last;
      const int axis = static_cast<int>(a);
      low[axis] = near.corner_mm[axis] + first * spacing[axis];
      high[axis] = near.corner_mm[axis] + (last + 1) * spacing[axis];
    }
    const std::size_t lane = blocks_.size() % 4;
    if (lane == 0) of_blocks_.push_back(nowhere());
    set_box(of_blocks_.back(), lane, low, high);
    blocks_.push_back(near);
  }
}

void BoundaryNeighbourhood::add_cells(NearBlock& near) {
  const BoundaryBlock& block = search_.cells().blocks()[near.index];
  const Vector3& spacing = search_.cells().spacing_mm();
  near.first_group = of_cells_.size();
  for_each_bit(block.active, [&](int cell) {
    const unsigned which = block.case_of(cell);
    const auto at = point_of_bit(cell);
    const Vector3 lowest = near.corner_mm + Vector3(at[0], at[1], at[2]).cwiseProduct(spacing);
    const Box3& box = search_.geometry().box(which);
    const std::size_t lane = near.cells++ % 4;
    if (lane == 0) of_cells_.push_back(nowhere());
    set_box(of_cells_.back(), lane, lowest + box.min_mm, lowest + box.max_mm);
    cells_.push_back({static_cast<std::uint8_t>(cell), static_cast<std::uint8_t>(which)});
  });
  cells_.resize(4 * of_cells_.size());
}

NearestBoundary BoundaryNeighbourhood::nearest(const Point3& point_mm, const BoundaryTriangle& hint) {
  const Vector3& spacing = search_.cells().spacing_mm();
  Candidate best;
  if (hint.known()) {
    improve(best, search_.squared_distance_mm2(point_mm, hint), hint, no_slot);
    const double distance_mm = std::sqrt(best.squared_mm2);
    // A voxel more, for the points that follow.
    if (distance_mm > radius_mm_) gather(distance_mm + spacing.minCoeff());
    search_all(point_mm, best);
  } else {
    // Balls that double until one holds something; the first is as large as a block.
    for (double radius_mm = std::max(radius_mm_, 2.0 * spacing.maxCoeff());; radius_mm *= 2.0) {
      if (radius_mm > radius_mm_) gather(radius_mm);
      if (!blocks_.empty()) break;
    }
    improve(best, std::numeric_limits<double>::infinity(), hint, no_slot);
    search_all(point_mm, best);
    const double distance_mm = std::sqrt(best.squared_mm2);
    if (distance_mm > radius_mm_) {
      gather(distance_mm);
      search_all(point_mm, best);
    }
  }
  last_slot_ = best.slot;
  return {best.squared_mm2, search_.to_foot_mm(point_mm, best.triangle), best.triangle};
}

void BoundaryNeighbourhood::improve(Candidate& best, double squared_mm2, const BoundaryTriangle& triangle,
                                    std::size_t slot) {
  best = {squared_mm2, triangle, static_cast<float>(squared_mm2 * (1.0 + 1e-6)), slot};
}

BoundaryNeighbourhood::Four BoundaryNeighbourhood::squared_gaps(const BoxGroup& boxes,
                                                                const std::array<Four, 3>& point) {
  Four sum = {};
  for (std::size_t a = 0; a < 3; ++a) {
    const Four below = boxes.low[a] - point[a], above = point[a] - boxes.high[a];
    Four gap = below > above ? below : above;
    gap = gap > 0.0F ? gap : Four{};
    sum += gap * gap;
  }
  return sum;
}

void BoundaryNeighbourhood::search_all(const Point3& point_mm, Candidate& best) {
  std::array<Four, 3> point;
  for (int a = 0; a < 3; ++a)
    point[static_cast<std::size_t>(a)] = Four{} + static_cast<float>(point_mm[a] - origin_mm_[a]);
  // The block that held the nearest triangle of the point before first: it rules out most of the others.
  const std::size_t first = last_slot_;
  if (first < blocks_.size()) search_block(first, point, point_mm, best);
  for (std::size_t group = 0; group < of_blocks_.size(); ++group) {
    const Four gaps = squared_gaps(of_blocks_[group], point);
    for (unsigned near = lanes_below(gaps, best.limit_mm2); near != 0; near &= near - 1) {
      const auto lane = static_cast<std::size_t>(std::countr_zero(near));
      const std::size_t slot = 4 * group + lane;
      if (slot != first && gaps[lane] < best.limit_mm2) search_block(slot, point, point_mm, best);
    }
  }
}

void BoundaryNeighbourhood::search_block(std::size_t slot, const std::array<Four, 3>& point,
                                         const Point3& point_mm, Candidate& best) {
  NearBlock& block = blocks_[slot];
  if (block.cells == 0) add_cells(block);
  const CaseGeometry& geometry = search_.geometry();
  const Vector3& spacing = search_.cells().spacing_mm();
  for (std::size_t n = 0; n < block.cells; n += 4) {
    const std::size_t group = block.first_group + n / 4;
    const Four gaps = squared_gaps(of_cells_[group], point);
    for (unsigned near = lanes_below(gaps, best.limit_mm2); near != 0; near &= near - 1) {
      const auto lane = static_cast<std::size_t>(std::countr_zero(near));
      if (gaps[lane] >= best.limit_mm2) continue;
      const NearCell& cell = cells_[4 * group + lane];
      const auto at = point_of_bit(cell.cell);
      const Vector3 local(point_mm[0] - block.corner_mm[0] - at[0] * spacing[0],
                          point_mm[1] - block.corner_mm[1] - at[1] * spacing[1],
                          point_mm[2] - block.corner_mm[2] - at[2] * spacing[2]);
      std::uint8_t number = 0;
      for (const TrianglePair& pair : geometry.pairs(cell.which)) {
        const auto squared = pair.squared_distances_mm2(local);
        const std::uint8_t second = squared[1] < squared[0] ? 1 : 0;
        if (squared[second] < best.squared_mm2)
          improve(best, squared[second],
                  {block.index, cell.cell, static_cast<std::uint8_t>(number + second), cell.which}, slot);
        number = static_cast<std::uint8_t>(number + 2);
      }
    }
  }
}

}  // namespace meshassay::metrics
