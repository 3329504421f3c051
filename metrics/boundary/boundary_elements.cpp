// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/boundary/boundary_elements.hpp"

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "core/bridge_vtk/boundary_cases.hpp"
#include "core/union_find.hpp"

namespace meshassay::metrics {
namespace {

constexpr std::size_t blocks_per_chunk =
    128;                    // Hints run through a chunk; so its size is part of the result.
constexpr int deepest = 8;  // Halvings of an element's edges; beyond it the interval stays as wide as it is.

struct VertexDistance {
  double distance_mm = 0.0;
  BoundaryTriangle nearest;
};

struct ElementCorner {
  Point3 local_mm;  ///< In the measured boundary's frame.
  Point3 there_mm;  ///< In the other's.
  VertexDistance distance;
};

using Corners = std::array<ElementCorner, 3>;

Point3 lattice_point_mm(const BoundaryBlock& block, int bit, const Vector3& spacing_mm) {
  const auto point = point_of_bit(bit);
  return Vector3(4.0 * block.position[0] + point[0], 4.0 * block.position[1] + point[1],
                 4.0 * block.position[2] + point[2])
      .cwiseProduct(spacing_mm);
}

VertexDistance distance_of(const BoundarySearch& search, const Point3& there_mm,
                           const BoundaryTriangle& hint) {
  const auto found = search.nearest(there_mm, hint);
  return {std::sqrt(found.squared_mm2), found.triangle};
}

// The distances of all vertices, block after block: a vertex's nearest triangle is the hint for the next.
std::vector<VertexDistance> vertex_distances(const BoundaryCells& measured, const BoundarySearch& search,
                                             const BoundaryFrames& frames) {
  std::vector<VertexDistance> result(measured.vertices());
  const auto& blocks = measured.blocks();
  const std::size_t chunks = (blocks.size() + blocks_per_chunk - 1) / blocks_per_chunk;
  tbb::parallel_for(std::size_t{0}, chunks, [&](std::size_t chunk) {
    BoundaryTriangle hint;
    std::array<int, 3> before = {-9, -9, -9};
    const std::size_t end = std::min(blocks.size(), (chunk + 1) * blocks_per_chunk);
    for (std::size_t b = chunk * blocks_per_chunk; b < end; ++b) {
      const BoundaryBlock& block = blocks[b];
      const bool adjacent = block.position[1] == before[1] && block.position[2] == before[2] &&
                            block.position[0] - before[0] <= 1;
      if (!adjacent) hint = {};
      before = block.position;
      std::size_t vertex = block.first_vertex;
      for (int axis = 0; axis < 3; ++axis) {
        const Vector3 half_edge = 0.5 * measured.spacing_mm()[axis] * Vector3::Unit(axis);
        for_each_bit(block.crossed(axis), [&](int bit) {
          const Point3 local = lattice_point_mm(block, bit, measured.spacing_mm()) + half_edge;
          result[vertex] = distance_of(search, frames.moved(local), hint);
          hint = result[vertex++].nearest;
        });
      }
    }
  });
  return result;
}

// How far the distance may lie from the linear one on an element: at most, and on the area's mean.
struct ElementError {
  double below_mm = 0.0, mean_below_mm = 0.0;
  double above_mm = 0.0, mean_above_mm = 0.0;
  double upper_mm = 0.0;  // The distance is nowhere larger.
};

using CornerNumbers = std::array<double, 3>;

double largest_of(const CornerNumbers& values) { return std::max({values[0], values[1], values[2]}); }

// The largest value on a triangle of the smaller of two linear functions: at a corner, or on an edge where
// the two are equal.
double largest_of_smaller(const CornerNumbers& f, const CornerNumbers& g) {
  double largest = -std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < 3; ++i) {
    const std::size_t j = (i + 1) % 3;
    largest = std::max(largest, std::min(f[i], g[i]));
    const double at_i = f[i] - g[i], at_j = f[j] - g[j];
    if ((at_i < 0.0) == (at_j < 0.0) || at_i == at_j) continue;
    const double along = at_i / (at_i - at_j);
    largest = std::max(largest, f[i] + along * (f[j] - f[i]));
  }
  return largest;
}

// The linear functions through the corners' distances to single triangles: each lies above the distance, as
// the distance to a triangle is convex. Two of them meet where the nearest triangle changes.
class UpperFunctions {
 public:
  UpperFunctions(const Corners& corners, const BoundarySearch& search) : corners_(corners), search_(search) {}

  void add(const BoundaryTriangle& triangle, ElementError& error) {
    for (std::size_t n = 0; n < count_; ++n)
      if (triangles_[n].block == triangle.block && triangles_[n].cell == triangle.cell &&
          triangles_[n].number == triangle.number)
        return;
    triangles_[count_] = triangle;
    CornerNumbers& value = values_[count_];
    CornerNumbers& excess = excesses_[count_];
    for (std::size_t i = 0; i < 3; ++i) {
      const double corner_mm = corners_[i].distance.distance_mm;
      value[i] = std::max(corner_mm, std::sqrt(search_.squared_distance_mm2(corners_[i].there_mm, triangle)));
      excess[i] = value[i] - corner_mm;
    }
    error.above_mm = std::min(error.above_mm, largest_of(excess));
    error.mean_above_mm = std::min(error.mean_above_mm, (excess[0] + excess[1] + excess[2]) / 3.0);
    error.upper_mm = std::min(error.upper_mm, largest_of(value));
    for (std::size_t n = 0; n < count_; ++n) {
      error.above_mm = std::min(error.above_mm, largest_of_smaller(excess, excesses_[n]));
      error.upper_mm = std::min(error.upper_mm, largest_of_smaller(value, values_[n]));
    }
    ++count_;
  }

 private:
  const Corners& corners_;
  const BoundarySearch& search_;
  std::size_t count_ = 0;
  std::array<BoundaryTriangle, 4> triangles_;
  std::array<CornerNumbers, 4> values_, excesses_;
};

// `enough_mm` is an error, and `enough_upper_mm` an upper bound of the distance, that need not be made
// smaller.
ElementError error_of(const Corners& corners, const BoundarySearch& search, double enough_mm,
                      double enough_upper_mm) {
  const double ab = (corners[1].local_mm - corners[0].local_mm).squaredNorm();
  const double bc = (corners[2].local_mm - corners[1].local_mm).squaredNorm();
  const double ca = (corners[0].local_mm - corners[2].local_mm).squaredNorm();
  const double longest = std::max({ab, bc, ca}), sum = ab + bc + ca;
  const double a = corners[0].distance.distance_mm, b = corners[1].distance.distance_mm,
               c = corners[2].distance.distance_mm;
  const double least = std::min({a, b, c}), most = std::max({a, b, c});

  // sum_i w_i |x - v_i|^2 = R^2 - |x - o|^2 with the circumcentre o: largest at o where the triangle holds
  // it, else in the middle of the longest edge. On the mean it is a twelfth of the sum of the squared edges.
  // Distances are 1-Lipschitz, so the root bounds both sides.
  const double largest =
      longest >= sum - longest
          ? 0.25 * longest
          : ab * bc * ca / (2.0 * (ab * bc + bc * ca + ca * ab) - ab * ab - bc * bc - ca * ca);
  const double reach = std::sqrt(largest), mean_reach = std::sqrt(sum / 12.0);
  ElementError error{.below_mm = std::min(reach, most),
                     .mean_below_mm = std::min(mean_reach, (a + b + c) / 3.0),
                     .above_mm = reach,
                     .mean_above_mm = mean_reach,
                     .upper_mm = most + reach};
  // Every point is within `reach` of a corner, and of every corner within the longest edge.
  const double nearest = std::max(least - reach, most - std::sqrt(longest));
  if (nearest > 0.0) {
    error.below_mm = std::min(error.below_mm, largest / (2.0 * nearest));
    error.mean_below_mm = std::min(error.mean_below_mm, sum / (24.0 * nearest));
  }
  if (error.below_mm > enough_mm) return error;  // It is halved anyway.
  const auto is_enough = [&] { return error.above_mm <= enough_mm && error.upper_mm <= enough_upper_mm; };
  UpperFunctions functions(corners, search);
  for (std::size_t i = 0; i < 3; ++i) functions.add(corners[i].distance.nearest, error);
  if (!is_enough()) {
    const Point3 middle = (corners[0].there_mm + corners[1].there_mm + corners[2].there_mm) / 3.0;
    functions.add(search.nearest(middle, corners[0].distance.nearest).triangle, error);
  }
  return error;
}

// Rounded up: a bound stays one.
float bound(double value) {
  return std::nextafter(static_cast<float>(value), std::numeric_limits<float>::infinity());
}

void add(std::vector<ElementSum>& sums, std::int64_t key, double area_mm2, double mean_mm, double max_mm) {
  // Neighbours fall into the same one, or near it.
  auto at = sums.end();
  while (at != sums.begin() && (at - 1)->key >= key) --at;
  if (at == sums.end() || at->key != key) at = sums.insert(at, {.key = key});
  at->area_mm2 += area_mm2;
  at->moment += area_mm2 * mean_mm;
  at->max_mm = std::max(at->max_mm, max_mm);
}

class ChunkBuilder {
 public:
  ChunkBuilder(const BoundarySearch& search, const BoundaryFrames& frames, const ElementOptions& options,
               double largest_mm)
      : search_(search), frames_(frames), options_(options), largest_mm_(largest_mm) {}

  void add_triangle(const Corners& corners, double area_mm2, std::uint32_t part) {
    part_ = part;
    add(corners, area_mm2, 0);
  }
  void add_half_edges(double area_mm2, double mean_half_edge_mm) {
    chunk_.half_edge_moment += area_mm2 * mean_half_edge_mm;
  }
  [[nodiscard]] ElementChunk take() { return std::move(chunk_); }

 private:
  void add(const Corners& corners, double area_mm2, int depth) {
    const double enough_upper_mm = largest_mm_ + options_.max_error_of_maximum_mm;
    const ElementError error = error_of(corners, search_, options_.max_error_mm, enough_upper_mm);
    const bool good = error.below_mm <= options_.max_error_mm && error.above_mm <= options_.max_error_mm &&
                      error.upper_mm <= enough_upper_mm;
    if (good || depth == deepest) {
      accept(corners, error, area_mm2);
      return;
    }
    Corners middles;
    for (std::size_t i = 0; i < 3; ++i) {
      const auto& from = corners[i];
      const auto& to = corners[(i + 1) % 3];
      middles[i].local_mm = 0.5 * (from.local_mm + to.local_mm);
      middles[i].there_mm = 0.5 * (from.there_mm + to.there_mm);
      middles[i].distance = distance_of(search_, middles[i].there_mm, from.distance.nearest);
      largest_mm_ = std::max(largest_mm_, middles[i].distance.distance_mm);
    }
    const double quarter = 0.25 * area_mm2;
    add({corners[0], middles[0], middles[2]}, quarter, depth + 1);
    add({middles[0], corners[1], middles[1]}, quarter, depth + 1);
    add({middles[2], middles[1], corners[2]}, quarter, depth + 1);
    add({middles[0], middles[1], middles[2]}, quarter, depth + 1);
  }

  void accept(const Corners& corners, const ElementError& error, double area_mm2) {
    LinearElement element{
        .area_mm2 = area_mm2, .below = bound(error.below_mm), .above = bound(error.above_mm)};
    double mean_mm = 0.0, max_mm = 0.0;
    for (std::size_t i = 0; i < 3; ++i) {
      element.at_corners[i] = corners[i].distance.distance_mm;
      mean_mm += element.at_corners[i] / 3.0;
      max_mm = std::max(max_mm, element.at_corners[i]);
      if (element.at_corners[i] > chunk_.max_mm || chunk_.elements.empty()) {
        chunk_.max_mm = std::max(chunk_.max_mm, element.at_corners[i]);
        chunk_.max_at_mm = corners[i].local_mm;
      }
    }
    chunk_.area_mm2 += area_mm2;
    chunk_.moment += area_mm2 * mean_mm;
    chunk_.below_moment += area_mm2 * error.mean_below_mm;
    chunk_.above_moment += area_mm2 * error.mean_above_mm;
    chunk_.max_upper_mm = std::max(chunk_.max_upper_mm, error.upper_mm);
    const Point3 middle = (corners[0].local_mm + corners[1].local_mm + corners[2].local_mm) / 3.0;
    const double slice = frames_.slice_normal.dot(middle) + frames_.slice_offset;
    metrics::add(chunk_.slices, static_cast<std::int64_t>(std::floor(slice + 0.5)), area_mm2, mean_mm,
                 max_mm);
    metrics::add(chunk_.parts, part_, area_mm2, mean_mm, max_mm);
    chunk_.elements.push_back(element);
  }

  const BoundarySearch& search_;
  const BoundaryFrames& frames_;
  const ElementOptions& options_;
  double largest_mm_;  // Found so far.
  std::uint32_t part_ = 0;
  ElementChunk chunk_;
};

}  // namespace

void merge_sums(std::vector<ElementSum>& into, const std::vector<ElementSum>& from) {
  std::vector<ElementSum> merged;
  merged.reserve(into.size() + from.size());
  auto a = into.begin();
  for (const ElementSum& sum : from) {
    while (a != into.end() && a->key < sum.key) merged.push_back(*a++);
    if (a == into.end() || a->key != sum.key) {
      merged.push_back(sum);
      continue;
    }
    a->area_mm2 += sum.area_mm2;
    a->moment += sum.moment;
    a->max_mm = std::max(a->max_mm, sum.max_mm);
  }
  merged.insert(merged.end(), a, into.end());
  into = std::move(merged);
}

std::vector<std::uint32_t> connected_parts(const BoundaryCells& cells) {
  UnionFind sets(cells.vertices());
  const auto& cases = bridge_vtk::boundary_cases();
  for (std::uint32_t b = 0; b < cells.blocks().size(); ++b)
    for_each_bit(cells.blocks()[b].active, [&](int cell) {
      for (const auto& triangle : cases[cells.blocks()[b].case_of(cell)]) {
        const std::uint32_t first = cells.vertex_on(b, cell, triangle[0]);
        sets.unite(first, cells.vertex_on(b, cell, triangle[1]));
        sets.unite(first, cells.vertex_on(b, cell, triangle[2]));
      }
    });
  std::vector<std::uint32_t> part(cells.vertices());
  std::uint32_t parts = 0;
  for (std::size_t v = 0; v < part.size(); ++v) {
    const std::size_t root = sets.find(v);  // The smallest of the set.
    part[v] = root == v ? parts++ : part[root];
  }
  return part;
}

std::vector<ElementChunk> boundary_elements(const BoundaryCells& measured, const BoundarySearch& search,
                                            const BoundaryFrames& frames,
                                            const std::vector<std::uint32_t>& part_of_vertex,
                                            const ElementOptions& options) {
  const auto distances = vertex_distances(measured, search, frames);
  double largest_mm = 0.0;
  for (const auto& vertex : distances) largest_mm = std::max(largest_mm, vertex.distance_mm);

  const CaseGeometry geometry(measured.spacing_mm());
  const auto& blocks = measured.blocks();
  std::vector<ElementChunk> chunks((blocks.size() + blocks_per_chunk - 1) / blocks_per_chunk);
  tbb::parallel_for(std::size_t{0}, chunks.size(), [&](std::size_t chunk) {
    ChunkBuilder builder(search, frames, options, largest_mm);
    const std::size_t end = std::min(blocks.size(), (chunk + 1) * blocks_per_chunk);
    for (std::size_t b = chunk * blocks_per_chunk; b < end; ++b) {
      const BoundaryBlock& block = blocks[b];
      for_each_bit(block.active, [&](int cell) {
        const Point3 lowest = lattice_point_mm(block, cell, measured.spacing_mm());
        for (const PreparedTriangle& triangle : geometry.triangles(block.case_of(cell))) {
          Corners corners;
          std::uint32_t vertex = 0;
          double half_edges_mm = 0.0;
          for (std::size_t i = 0; i < 3; ++i) {
            const int edge = triangle.corner_edges[i];
            vertex = measured.vertex_on(static_cast<std::uint32_t>(b), cell, edge);
            const Point3 local = lowest + triangle.edges[i].start_mm;
            corners[i] = {local, frames.moved(local), distances[vertex]};
            half_edges_mm += 0.5 * measured.spacing_mm()[edge >> 2] / 3.0;
          }
          builder.add_half_edges(triangle.area_mm2, half_edges_mm);
          builder.add_triangle(corners, triangle.area_mm2, part_of_vertex[vertex]);
        }
      });
    }
    chunks[chunk] = builder.take();
  });
  return chunks;
}

}  // namespace meshassay::metrics
