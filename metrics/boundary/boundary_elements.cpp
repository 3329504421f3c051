// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/boundary/boundary_elements.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "metrics/boundary/element_error.hpp"

namespace meshassay::metrics {
namespace {

constexpr int deepest = 8;  // Halvings of an element's edges; beyond it the interval stays as wide as it is.

// How often elements may be halved, for each triangle; what one does not take is left to those behind it. No
// grid of a scanner needs as many on the average. Where one spacing is a thousand times another all elements
// would be halved to the deepest, and gain little: they are ten thousands for each triangle.
std::size_t halvings_of_a_triangle(std::size_t vertices) {
  constexpr std::size_t of_a_small_boundary = 1U << 17, at_least = 64;
  return std::max(at_least, of_a_small_boundary / vertices);
}

// What holds the percentile of the distances and of their bounds, most likely: vertices stand for the area
// about them.
Interval kept_about(const VertexDistances& vertices, double percentile, double max_error_mm) {
  constexpr double all = std::numeric_limits<double>::infinity();
  constexpr std::size_t every = 31, enough = 1000;
  constexpr double to_either_side = 3.0;  // Per cent.
  std::vector<double> sample;
  for (std::size_t v = 0; v < vertices.of_vertex.size(); v += every)
    sample.push_back(vertices.of_vertex[v].distance_mm);
  if (sample.size() < enough || percentile + to_either_side >= 100.0) return {-all, all};
  const auto at = [&](double percent) {
    const double place = std::max(0.0, percent) / 100.0 * static_cast<double>(sample.size());
    const auto nth = sample.begin() + static_cast<std::ptrdiff_t>(place);
    std::nth_element(sample.begin(), nth, sample.end());
    return *nth;
  };
  return {at(percentile - to_either_side) - max_error_mm, at(percentile + to_either_side) + max_error_mm};
}

// Rounded up: a bound stays one.
float bound(double value) { return static_cast<float>(value * (1.0 + 0x1p-23)); }

// Of what lies amid two the upper one, as flat faces between slices do; rounding has no say in it.
std::int64_t nearest_whole(double value) {
  const double up = value + 0.5 + 1e-9;
  const auto whole = static_cast<std::int64_t>(up);
  return static_cast<double>(whole) > up ? whole - 1 : whole;
}

// What holds for all chunks.
struct ChunkLimits {
  double largest_mm = 0.0;  // Of the vertices.
  Interval kept_mm;
  std::size_t halvings_of_a_triangle = 0;
};

class ChunkBuilder {
 public:
  ChunkBuilder(const BoundarySearch& search, const BoundaryFrames& frames, const ElementOptions& options,
               const ChunkLimits& limits)
      : other_(search), frames_(frames), options_(options), limits_(limits), largest_mm_(limits.largest_mm) {
    chunk_.within_mm2.resize(options.limits.size());
  }

  /// All further triangles lie in this box, in the frame of the other boundary.
  void move_to(const Box3& there_mm) {
    add_waiting();
    other_.move_to(there_mm);
  }
  /// `triangle` is kept until the next box is named.
  void add_triangle(const ElementCorners& corners, const CaseTriangleGeometry& triangle, std::uint32_t part) {
    waiting_[waiting_count_++] = {corners, &triangle, part};
    if (waiting_count_ == waiting_.size()) add_waiting();
  }
  [[nodiscard]] ElementChunk take() {
    add_waiting();
    return std::move(chunk_);
  }

 private:
  struct Waiting {
    ElementCorners corners;
    const CaseTriangleGeometry* triangle = nullptr;
    std::uint32_t part = 0;
  };

  void add_waiting() {
    if (waiting_count_ == 0) return;
    const Waiting &one = waiting_[0], &other = waiting_[waiting_count_ - 1];
    const auto bounds =
        corner_bounds({&one.corners, &other.corners}, {&one.triangle->shape, &other.triangle->shape});
    for (std::size_t n = 0; n < waiting_count_; ++n) {
      const CaseTriangleGeometry& triangle = *waiting_[n].triangle;
      part_ = waiting_[n].part;
      halvings_left_ += limits_.halvings_of_a_triangle;
      chunk_.half_edge_moment += triangle.area_mm2 * triangle.mean_half_edge_mm;
      add(waiting_[n].corners, triangle.shape, bounds[n], triangle.area_mm2, 0);
    }
    waiting_count_ = 0;
  }

  void add(const ElementCorners& corners, const ElementShape& shape, const CornerBounds& bounds,
           double area_mm2, int depth) {
    const EnoughError enough{options_.max_error_mm, largest_mm_ + options_.max_error_of_maximum_mm};
    const ElementError error = element_error(corners, bounds, other_, enough);
    const bool good = error.below_mm <= enough.error_mm && error.above_mm <= enough.error_mm &&
                      error.upper_mm <= enough.upper_mm;
    if (good || depth == deepest || halvings_left_ == 0) {
      accept(corners, error, area_mm2);
      return;
    }
    --halvings_left_;
    ElementCorners middles;
    for (std::size_t i = 0; i < 3; ++i) {
      const ElementCorner& from = corners[i];
      const ElementCorner& to = corners[(i + 1) % 3];
      const Point3 there = 0.5 * (from.there_mm + to.there_mm);
      const VertexDistance found = distance_from(there, other_, frames_, from.nearest);
      middles[i] = {there, found.distance_mm, found.to_foot_mm(), found.nearest};
      largest_mm_ = std::max(largest_mm_, found.distance_mm);
    }
    // Three at the corners, and one in the middle, which is turned about. Its corners in the order of theirs.
    const double quarter = 0.25 * area_mm2;
    const ElementShape half = scaled(shape, 0.5), turned = scaled(shape, -0.5);
    const std::array<ElementCorners, 4> parts = {{{corners[0], middles[0], middles[2]},
                                                  {middles[0], corners[1], middles[1]},
                                                  {middles[2], middles[1], corners[2]},
                                                  {middles[1], middles[2], middles[0]}}};
    const std::array<const ElementShape*, 4> shapes = {&half, &half, &half, &turned};
    for (std::size_t n = 0; n < 4; n += 2) {
      const auto of_two = corner_bounds({&parts[n], &parts[n + 1]}, {shapes[n], shapes[n + 1]});
      for (std::size_t i = 0; i < 2; ++i) add(parts[n + i], *shapes[n + i], of_two[i], quarter, depth + 1);
    }
  }

  void accept(const ElementCorners& corners, const ElementError& error, double area_mm2) {
    constexpr double third = 1.0 / 3.0;
    LinearElement element{
        .at_corners = {corners[0].distance_mm, corners[1].distance_mm, corners[2].distance_mm},
        .area_mm2 = area_mm2,
        .below = bound(error.below_mm),
        .above = bound(error.above_mm)};
    const auto [a, b, c] = element.at_corners;
    const double mean_mm = third * (a + b + c), min_mm = std::min({a, b, c}), max_mm = std::max({a, b, c});
    if (max_mm > chunk_.max_mm || chunk_.count == 0) {
      chunk_.max_mm = max_mm;
      chunk_.max_at_mm = frames_.moved_back(corners[max_mm == a ? 0 : max_mm == b ? 1 : 2].there_mm);
    }
    chunk_.area_mm2 += area_mm2;
    chunk_.moment += area_mm2 * mean_mm;
    chunk_.below_moment += area_mm2 * error.mean_below_mm;
    chunk_.above_moment += area_mm2 * error.mean_above_mm;
    chunk_.max_upper_mm = std::max(chunk_.max_upper_mm, error.upper_mm);
    for (std::size_t n = 0; n < options_.limits.size(); ++n)
      if (const auto& [limit_mm, bounded] = options_.limits[n]; limit_mm >= 0.0) {
        // Most elements lie on one side of a limit as a whole.
        const double limit = limit_mm - shift_of(element, bounded);
        if (limit >= max_mm)
          chunk_.within_mm2[n] += area_mm2;
        else if (limit >= min_mm)
          chunk_.within_mm2[n] += area_within_mm2(element, limit_mm, bounded);
      }
    const Vector3 thrice_middle_mm = corners[0].there_mm + corners[1].there_mm + corners[2].there_mm;
    const double slice = third * frames_.slice_normal.dot(thrice_middle_mm) + frames_.slice_offset;
    chunk_.slices.add(nearest_whole(slice), area_mm2, mean_mm, max_mm);
    chunk_.parts.add(part_, area_mm2, mean_mm, max_mm);
    ++chunk_.count;
    if (max_mm + element.above < limits_.kept_mm.lo)
      chunk_.below_mm2 += area_mm2;
    else if (min_mm - element.below <= limits_.kept_mm.hi)
      chunk_.elements.push_back(element);
  }

  BoundaryNeighbourhood other_;
  const BoundaryFrames& frames_;
  const ElementOptions& options_;
  const ChunkLimits& limits_;
  double largest_mm_;  // Found so far.
  std::size_t halvings_left_ = 0;
  std::array<Waiting, 2> waiting_;  // Bounds are computed for two at a time.
  std::size_t waiting_count_ = 0;
  std::uint32_t part_ = 0;
  ElementChunk chunk_;
};

}  // namespace

BoundaryElements boundary_elements(const MeasuredBoundary& measured, const BoundarySearch& search,
                                   const BoundaryFrames& frames, const ElementOptions& options) {
  const BoundaryCells& cells = measured.cells;
  const VertexDistances& distances = measured.distances;
  constexpr double all = std::numeric_limits<double>::infinity();
  BoundaryElements result{.chunks = {}, .kept_mm = {-all, all}};
  if (options.kept_about_percentile)
    result.kept_mm = kept_about(distances, *options.kept_about_percentile, options.max_error_mm);

  const ChunkLimits limits{distances.largest_mm, result.kept_mm, halvings_of_a_triangle(cells.vertices())};
  const Vector3& spacing = cells.spacing_mm();
  const CaseGeometry geometry(spacing);
  const auto& blocks = cells.blocks();
  auto& chunks = result.chunks;
  chunks.resize((blocks.size() + blocks_per_chunk - 1) / blocks_per_chunk);
  tbb::parallel_for(std::size_t{0}, chunks.size(), [&](std::size_t chunk) {
    const std::size_t begin = chunk * blocks_per_chunk,
                      end = std::min(blocks.size(), begin + blocks_per_chunk);
    ChunkBuilder builder(search, frames, options, limits);
    std::array<BlockVertices, 2> in_turn;
    in_turn[begin % 2].fill(cells, static_cast<std::uint32_t>(begin));
    for (std::size_t b = begin; b < end; ++b) {
      const BoundaryBlock& block = blocks[b];
      const BlockVertices& vertices = in_turn[b % 2];
      if (BlockVertices& next = in_turn[(b + 1) % 2]; b + 1 < end) {  // Memory is slow: it is asked early.
        next.fill(cells, static_cast<std::uint32_t>(b + 1));
        for (const std::uint32_t vertex : next.all()) __builtin_prefetch(&distances.of_vertex[vertex]);
      }
      builder.move_to(box_of(block, frames, spacing));
      for_each_bit(block.active, [&](int cell) {
        const Point3 lowest = frames.moved(lattice_point_mm(block, cell, spacing));
        for (const CaseTriangleGeometry& triangle : geometry.triangles(block.case_of(cell))) {
          ElementCorners corners;
          std::uint32_t vertex = 0;
          for (std::size_t i = 0; i < 3; ++i) {
            vertex = vertices.on(cell, triangle.corner_edges[i]);
            const VertexDistance& found = distances.of_vertex[vertex];
            corners[i] = {lowest + frames.turned(triangle.corners_mm[i]), found.distance_mm,
                          found.to_foot_mm(), found.nearest};
          }
          builder.add_triangle(corners, triangle, measured.part_of_vertex[vertex]);
        }
      });
    }
    chunks[chunk] = builder.take();
  });
  return result;
}

}  // namespace meshassay::metrics
