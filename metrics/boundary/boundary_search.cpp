// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/boundary/boundary_search.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "core/bridge_vtk/boundary_cases.hpp"

namespace meshassay::metrics {
namespace {

Point3 middle_of_edge(int edge, const Vector3& spacing_mm) {
  const int axis = edge >> 2;
  Point3 point = Point3::Zero();
  point[axis] = 0.5;
  point[axis == 0 ? 1 : 0] = edge & 1;
  point[axis == 2 ? 1 : 2] = (edge >> 1) & 1;
  return point.cwiseProduct(spacing_mm);
}

PreparedTriangle prepared(const bridge_vtk::CaseTriangle& triangle, const Vector3& spacing_mm) {
  std::array<Point3, 3> corners;
  PreparedTriangle result{.corner_edges = triangle};
  for (std::size_t i = 0; i < 3; ++i) corners[i] = middle_of_edge(triangle[i], spacing_mm);
  const Vector3 area_vector = 0.5 * (corners[1] - corners[0]).cross(corners[2] - corners[0]);
  result.area_mm2 = area_vector.norm();
  result.normal = area_vector / result.area_mm2;
  result.offset_mm = result.normal.dot(corners[0]);
  for (std::size_t i = 0; i < 3; ++i) {
    auto& edge = result.edges[i];
    edge.start_mm = corners[i];
    edge.direction_mm = corners[(i + 1) % 3] - corners[i];
    edge.inverse_square_length = 1.0 / edge.direction_mm.squaredNorm();
    edge.inward = result.normal.cross(edge.direction_mm);
    edge.inward_offset = edge.inward.dot(edge.start_mm);
  }
  return result;
}

// Squared distances along one axis from a coordinate to four intervals that follow each other.
std::array<double, 4> squared_gaps(double coordinate, double begin, double step) {
  std::array<double, 4> result;
  for (int n = 0; n < 4; ++n) {
    const double low = begin + n * step;
    const double gap = std::max({low - coordinate, coordinate - (low + step), 0.0});
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
std::uint64_t bits_within(const std::array<std::array<double, 4>, 3>& gaps, double limit) {
  std::array<std::uint64_t, 3> within = {};
  for (std::size_t axis = 0; axis < 3; ++axis)
    for (std::size_t n = 0; n < 4; ++n)
      if (gaps[axis][n] < limit) within[axis] |= layer(axis, n);
  return within[0] & within[1] & within[2];
}

double squared_gap(const std::array<std::array<double, 4>, 3>& gaps, int bit) {
  return gaps[0][static_cast<std::size_t>(bit & 3)] + gaps[1][static_cast<std::size_t>((bit >> 2) & 3)] +
         gaps[2][static_cast<std::size_t>(bit >> 4)];
}

}  // namespace

double PreparedTriangle::squared_distance_mm2(const Vector3& point_mm) const {
  double nearest = std::numeric_limits<double>::infinity();
  for (const Edge& edge : edges) {
    if (edge.inward.dot(point_mm) >= edge.inward_offset) continue;
    const Vector3 offset = point_mm - edge.start_mm;
    const double along = std::clamp(offset.dot(edge.direction_mm) * edge.inverse_square_length, 0.0, 1.0);
    nearest = std::min(nearest, (offset - along * edge.direction_mm).squaredNorm());
  }
  if (nearest < std::numeric_limits<double>::infinity()) return nearest;
  const double height = normal.dot(point_mm) - offset_mm;
  return height * height;
}

CaseGeometry::CaseGeometry(const Vector3& spacing_mm) {
  const auto& cases = bridge_vtk::boundary_cases();
  for (std::size_t which = 0; which < cases.size(); ++which)
    for (const auto& triangle : cases[which]) {
      cases_[which].push_back(prepared(triangle, spacing_mm));
      for (const auto& edge : cases_[which].back().edges) boxes_[which].add(edge.start_mm);
    }
}

BoundarySearch::BoundarySearch(const BoundaryCells& cells) : cells_(cells), geometry_(cells.spacing_mm()) {
  // The lowest level from the blocks, each further one from that below it.
  std::array<int, 3> below = cells.size_in_blocks();
  do {
    Level level;
    for (std::size_t a = 0; a < 3; ++a) level.size[a] = (below[a] + 3) / 4;
    level.words.resize(static_cast<std::size_t>(level.size[0]) * static_cast<std::size_t>(level.size[1]) *
                       static_cast<std::size_t>(level.size[2]));
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

Vector3 BoundarySearch::corner_of(const BoundaryTriangle& triangle) const {
  const auto& position = cells_.blocks()[triangle.block].position;
  const auto cell = point_of_bit(triangle.cell);
  return Vector3(4.0 * position[0] + cell[0], 4.0 * position[1] + cell[1], 4.0 * position[2] + cell[2])
      .cwiseProduct(cells_.spacing_mm());
}

double BoundarySearch::squared_distance_mm2(const Point3& point_mm, const BoundaryTriangle& triangle) const {
  const unsigned which = cells_.blocks()[triangle.block].case_of(triangle.cell);
  return geometry_.triangles(which)[triangle.number].squared_distance_mm2(point_mm - corner_of(triangle));
}

BoundarySearch::Found BoundarySearch::nearest(const Point3& point_mm, const BoundaryTriangle& hint) const {
  const Vector3& spacing = cells_.spacing_mm();
  // The lowest level of which a ball meets few words.
  const auto level_for = [&](double radius_mm) {
    std::size_t level = 0;
    double cells_per_word = 16.0;
    while (level + 1 < levels_.size() && radius_mm > cells_per_word * spacing.minCoeff()) {
      ++level;
      cells_per_word *= 4.0;
    }
    return level;
  };
  Found best;
  if (hint.known()) {
    best = {squared_distance_mm2(point_mm, hint), hint};
    if (search_near(point_mm, best)) return best;
    search_from(level_for(std::sqrt(best.squared_mm2)), point_mm, best);
    return best;
  }
  // Without a hint: balls that double until one holds something; the first is as large as a block.
  for (double radius_mm = 2.0 * spacing.maxCoeff();; radius_mm *= 2.0) {
    best.squared_mm2 = radius_mm * radius_mm;
    search_from(level_for(radius_mm), point_mm, best);
    if (best.triangle.known()) return best;
  }
}

void BoundarySearch::search_from(std::size_t level, const Point3& point_mm, Found& best) const {
  const double radius_mm = std::sqrt(best.squared_mm2);
  double cells_per_word = 16.0;
  for (std::size_t n = 0; n < level; ++n) cells_per_word *= 4.0;
  std::array<int, 3> low{}, high{};
  for (int a = 0; a < 3; ++a) {
    const double word_mm = cells_per_word * cells_.spacing_mm()[a];
    const auto last = static_cast<double>(levels_[level].size[static_cast<std::size_t>(a)] - 1);
    const double first_word = std::floor((point_mm[a] - radius_mm) / word_mm);
    const double last_word = std::floor((point_mm[a] + radius_mm) / word_mm);
    // A ball that reaches none of them finds nothing; rounding at a face may have it reach one too many.
    if (first_word > last + 1.0 || last_word < -1.0) return;
    low[static_cast<std::size_t>(a)] = static_cast<int>(std::clamp(first_word, 0.0, last));
    high[static_cast<std::size_t>(a)] = static_cast<int>(std::clamp(last_word, 0.0, last));
  }
  for (int z = low[2]; z <= high[2]; ++z)
    for (int y = low[1]; y <= high[1]; ++y)
      for (int x = low[0]; x <= high[0]; ++x) search(level, {x, y, z}, point_mm, best);
}

void BoundarySearch::search(std::size_t level, const std::array<int, 3>& node, const Point3& point_mm,
                            Found& best) const {
  const Level& here = levels_[level];
  std::uint64_t bits =
      here.words[(static_cast<std::size_t>(node[2]) * static_cast<std::size_t>(here.size[1]) +
                  static_cast<std::size_t>(node[1])) *
                     static_cast<std::size_t>(here.size[0]) +
                 static_cast<std::size_t>(node[0])];
  if (bits == 0) return;
  double cells_per_bit = 4.0;
  for (std::size_t n = 0; n < level; ++n) cells_per_bit *= 4.0;
  std::array<std::array<double, 4>, 3> gaps;
  for (std::size_t a = 0; a < 3; ++a) {
    const double step_mm = cells_per_bit * cells_.spacing_mm()[static_cast<int>(a)];
    gaps[a] = squared_gaps(point_mm[static_cast<int>(a)], 4.0 * node[a] * step_mm, step_mm);
  }
  bits &= bits_within(gaps, best.squared_mm2);
  for_each_bit(bits, [&](int bit) {
    if (squared_gap(gaps, bit) >= best.squared_mm2) return;
    const std::array<int, 3> child = {4 * node[0] + (bit & 3), 4 * node[1] + ((bit >> 2) & 3),
                                      4 * node[2] + (bit >> 4)};
    if (level > 0)
      search(level - 1, child, point_mm, best);
    else
      search_block(cells_.block_at(child[0], child[1], child[2]), point_mm, best);
  });
}

void BoundarySearch::search_block(std::uint32_t index, const Point3& point_mm, Found& best) const {
  const BoundaryBlock& block = cells_.blocks()[index];
  std::array<std::array<double, 4>, 3> gaps;
  Vector3 corner;
  for (int a = 0; a < 3; ++a) {
    const auto axis = static_cast<std::size_t>(a);
    corner[a] = 4.0 * block.position[axis] * cells_.spacing_mm()[a];
    gaps[axis] = squared_gaps(point_mm[a], corner[a], cells_.spacing_mm()[a]);
  }
  for_each_bit(block.active & bits_within(gaps, best.squared_mm2), [&](int cell) {
    if (squared_gap(gaps, cell) >= best.squared_mm2) return;
    const auto point = point_of_bit(cell);
    const Vector3 lowest(4.0 * block.position[0] + point[0], 4.0 * block.position[1] + point[1],
                         4.0 * block.position[2] + point[2]);
    search_cell(index, cell, lowest.cwiseProduct(cells_.spacing_mm()), point_mm, best);
  });
}

void BoundarySearch::search_cell(std::uint32_t index, int cell, const Vector3& lowest_mm,
                                 const Point3& point_mm, Found& best) const {
  const Vector3 local = point_mm - lowest_mm;
  const unsigned which = cells_.blocks()[index].case_of(cell);
  const Box3& box = geometry_.box(which);
  if ((box.min_mm - local).cwiseMax(local - box.max_mm).cwiseMax(0.0).squaredNorm() >= best.squared_mm2)
    return;
  std::uint8_t number = 0;
  for (const PreparedTriangle& triangle : geometry_.triangles(which)) {
    const double height = triangle.normal.dot(local) - triangle.offset_mm;
    if (height * height < best.squared_mm2) {
      const double squared = triangle.squared_distance_mm2(local);
      if (squared < best.squared_mm2) best = {squared, {index, static_cast<std::uint8_t>(cell), number}};
    }
    ++number;
  }
}

// Where the ball reaches few blocks: gaps along each axis are computed once for all cells.
bool BoundarySearch::search_near(const Point3& point_mm, Found& best) const {
  constexpr int most_blocks = 4;
  const double radius_mm = std::sqrt(best.squared_mm2);
  const Vector3& spacing = cells_.spacing_mm();
  std::array<int, 3> low{}, high{};
  for (std::size_t a = 0; a < 3; ++a) {
    const double block_mm = 4.0 * spacing[static_cast<int>(a)];
    const int last = cells_.size_in_blocks()[a] - 1;
    const double first_block = std::floor((point_mm[static_cast<int>(a)] - radius_mm) / block_mm);
    const double last_block = std::floor((point_mm[static_cast<int>(a)] + radius_mm) / block_mm);
    if (first_block > last + 1.0 || last_block < -1.0) return true;
    low[a] = static_cast<int>(std::clamp(first_block, 0.0, static_cast<double>(last)));
    high[a] = static_cast<int>(std::clamp(last_block, 0.0, static_cast<double>(last)));
    if (high[a] - low[a] >= most_blocks) return false;
  }
  std::array<std::array<std::array<double, 4>, most_blocks>, 3> gaps;  // By axis, block and cell.
  std::array<std::array<double, most_blocks>, 3> nearest;              // Of a block's cells.
  std::array<std::array<std::uint64_t, most_blocks>, 3> within = {};   // Bits of cells that are near enough.
  for (std::size_t a = 0; a < 3; ++a)
    for (int n = low[a]; n <= high[a]; ++n) {
      const double step = spacing[static_cast<int>(a)];
      auto& of_block = gaps[a][static_cast<std::size_t>(n - low[a])];
      of_block = squared_gaps(point_mm[static_cast<int>(a)], 4.0 * n * step, step);
      nearest[a][static_cast<std::size_t>(n - low[a])] =
          std::min(std::min(of_block[0], of_block[1]), std::min(of_block[2], of_block[3]));
      for (std::size_t cell = 0; cell < 4; ++cell)
        if (of_block[cell] < best.squared_mm2)
          within[a][static_cast<std::size_t>(n - low[a])] |= layer(a, cell);
    }
  const auto search_at = [&](int x, int y, int z, std::uint32_t index) {
    const auto& gx = gaps[0][static_cast<std::size_t>(x - low[0])];
    const auto& gy = gaps[1][static_cast<std::size_t>(y - low[1])];
    const auto& gz = gaps[2][static_cast<std::size_t>(z - low[2])];
    const std::uint64_t near = within[0][static_cast<std::size_t>(x - low[0])] &
                               within[1][static_cast<std::size_t>(y - low[1])] &
                               within[2][static_cast<std::size_t>(z - low[2])];
    for_each_bit(cells_.blocks()[index].active & near, [&](int cell) {
      const auto cx = static_cast<std::size_t>(cell & 3), cy = static_cast<std::size_t>((cell >> 2) & 3),
                 cz = static_cast<std::size_t>(cell >> 4);
      if (gx[cx] + gy[cy] + gz[cz] >= best.squared_mm2) return;
      const Vector3 lowest(4.0 * x + static_cast<double>(cx), 4.0 * y + static_cast<double>(cy),
                           4.0 * z + static_cast<double>(cz));
      search_cell(index, cell, lowest.cwiseProduct(spacing), point_mm, best);
    });
  };
  // The block of the hint first: what lies next to the nearest triangle of a neighbour is most often nearer
  // yet.
  const std::uint32_t first = best.triangle.block;
  const auto& [first_x, first_y, first_z] = cells_.blocks()[first].position;
  if (first_x >= low[0] && first_x <= high[0] && first_y >= low[1] && first_y <= high[1] &&
      first_z >= low[2] && first_z <= high[2])
    search_at(first_x, first_y, first_z, first);
  for (int z = low[2]; z <= high[2]; ++z)
    for (int y = low[1]; y <= high[1]; ++y) {
      const double across =
          nearest[2][static_cast<std::size_t>(z - low[2])] + nearest[1][static_cast<std::size_t>(y - low[1])];
      if (across >= best.squared_mm2) continue;
      for (int x = low[0]; x <= high[0]; ++x) {
        if (across + nearest[0][static_cast<std::size_t>(x - low[0])] >= best.squared_mm2) continue;
        const std::uint32_t index = cells_.block_at(x, y, z);
        if (index != BoundaryCells::no_block && index != first) search_at(x, y, z, index);
      }
    }
  return true;
}

}  // namespace meshassay::metrics
