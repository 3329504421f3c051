// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/boundary/boundary_elements.hpp"

#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <optional>

#include "metrics/boundary/aligned_lattice.hpp"
#include "metrics/boundary/element_error.hpp"

namespace meshassay::metrics {
namespace {

constexpr std::size_t blocks_per_chunk =
    128;                    // Hints run through a chunk; so its size is part of the result.
constexpr int deepest = 8;  // Halvings of an element's edges; beyond it the interval stays as wide as it is.

// Without a value of its own to begin with: large arrays of it are first touched by all threads.
struct VertexDistance {
  double distance_mm;
  Vector3 to_foot_mm;  // In the measured boundary's frame.
  std::uint32_t block;
  std::uint8_t cell, number;

  [[nodiscard]] BoundaryTriangle nearest() const { return {block, cell, number}; }
};

struct VertexDistances {
  std::unique_ptr<VertexDistance[]> of_vertex;
  std::size_t count = 0;
  double largest_mm = 0.0;
};

Point3 lattice_point_mm(const BoundaryBlock& block, int bit, const Vector3& spacing_mm) {
  const auto point = point_of_bit(bit);
  return Vector3(4.0 * block.position[0] + point[0], 4.0 * block.position[1] + point[1],
                 4.0 * block.position[2] + point[2])
      .cwiseProduct(spacing_mm);
}

// The box of a block's cells, as the other boundary sees it.
Box3 box_of(const BoundaryBlock& block, const BoundaryFrames& frames, const Vector3& spacing_mm) {
  const Vector3 half = 2.0 * spacing_mm;
  const Point3 middle = frames.moved(lattice_point_mm(block, 0, spacing_mm) + half);
  const Vector3 reach = frames.rotation.cwiseAbs() * half;
  return {middle - reach, middle + reach};
}

VertexDistance with_root(const NearestBoundary& found, const BoundaryFrames& frames) {
  return {std::sqrt(found.squared_mm2), frames.turned_back(found.to_foot_mm), found.triangle.block,
          found.triangle.cell, found.triangle.number};
}

VertexDistance distance_of(BoundaryNeighbourhood& other, const BoundaryFrames& frames, const Point3& there_mm,
                           const BoundaryTriangle& hint) {
  return with_root(other.nearest(there_mm, hint), frames);
}

// A vertex of a block next to it that is not before the block `first_measured`, if there is one.
std::optional<std::size_t> vertex_nearby(const BoundaryCells& cells, std::size_t block,
                                         std::size_t first_measured) {
  const auto& [x, y, z] = cells.blocks()[block].position;
  const std::array<std::array<int, 3>, 3> before = {{{x - 1, y, z}, {x, y - 1, z}, {x, y, z - 1}}};
  for (const auto& position : before) {
    if (position[0] < 0 || position[1] < 0 || position[2] < 0) continue;
    const std::uint32_t index = cells.block_at(position[0], position[1], position[2]);
    if (index == BoundaryCells::no_block || index < first_measured) continue;
    const std::size_t after_last = cells.blocks()[index + 1].first_vertex[0];
    if (after_last > cells.blocks()[index].first_vertex[0]) return after_last - 1;
  }
  return std::nullopt;
}

// Whether looking up what repeats from cell to cell pays: it takes the same lattice but for a shift, and
// enough vertices.
bool repeats(const BoundaryCells& measured, const BoundaryCells& other, const BoundaryFrames& frames) {
  constexpr std::size_t enough_vertices = 20'000;
  constexpr double most_cells = 1e6;  // Of shift; block positions are small numbers.
  return frames.parallel && measured.spacing_mm() == other.spacing_mm() &&
         measured.vertices() >= enough_vertices &&
         frames.shift_mm.cwiseQuotient(other.spacing_mm()).cwiseAbs().maxCoeff() < most_cells;
}

// The distances of all vertices, block after block: a vertex's nearest triangle is the hint for the next.
VertexDistances vertex_distances(const BoundaryCells& measured, const BoundarySearch& search,
                                 const BoundaryFrames& frames) {
  VertexDistances result{.of_vertex = std::make_unique_for_overwrite<VertexDistance[]>(measured.vertices()),
                         .count = measured.vertices()};
  const auto& blocks = measured.blocks();
  const std::size_t chunks = (blocks.size() + blocks_per_chunk - 1) / blocks_per_chunk;
  std::optional<AlignedLattice> lattice;
  if (repeats(measured, search.cells(), frames)) lattice.emplace(search, frames.shift_mm);
  std::vector<double> largest_of_chunks_mm(chunks, 0.0);
  tbb::enumerable_thread_specific<std::optional<AlignedNeighbourhood>> of_threads;
  tbb::parallel_for(std::size_t{0}, chunks, [&](std::size_t chunk) {
    BoundaryNeighbourhood other(search);
    auto& aligned = of_threads.local();
    if (lattice && !aligned) aligned.emplace(*lattice);
    const std::size_t begin = chunk * blocks_per_chunk,
                      end = std::min(blocks.size(), begin + blocks_per_chunk);
    double largest_mm = 0.0;
    for (std::size_t b = begin; b < end; ++b) {
      const BoundaryBlock& block = blocks[b];
      bool moved = false;
      if (aligned) aligned->move_to(block.position);
      const auto nearby = vertex_nearby(measured, b, begin);
      BoundaryTriangle hint = nearby ? result.of_vertex[*nearby].nearest() : BoundaryTriangle{};
      std::size_t index = block.first_vertex[0];
      for (int axis = 0; axis < 3; ++axis)
        for_each_bit(block.crossed(axis), [&](int bit) {
          VertexDistance& vertex = result.of_vertex[index++];
          const auto found = aligned ? aligned->nearest(axis, bit, hint) : std::nullopt;
          if (found) {
            vertex = with_root(*found, frames);
          } else {
            if (!moved) other.move_to(box_of(block, frames, measured.spacing_mm()));
            moved = true;
            const Point3 here = lattice_point_mm(block, bit, measured.spacing_mm()) +
                                0.5 * measured.spacing_mm()[axis] * Vector3::Unit(axis);
            vertex = distance_of(other, frames, frames.moved(here), hint);
          }
          hint = vertex.nearest();
          largest_mm = std::max(largest_mm, vertex.distance_mm);
        });
    }
    largest_of_chunks_mm[chunk] = largest_mm;
  });
  for (const double each : largest_of_chunks_mm) result.largest_mm = std::max(result.largest_mm, each);
  return result;
}

// What holds the percentile of the distances and of their bounds, most likely: vertices stand for the area
// about them.
Interval kept_about(const VertexDistances& vertices, double percentile, double max_error_mm) {
  constexpr double all = std::numeric_limits<double>::infinity();
  constexpr std::size_t every = 31, enough = 1000;
  constexpr double to_either_side = 3.0;  // Per cent.
  std::vector<double> sample;
  for (std::size_t v = 0; v < vertices.count; v += every) sample.push_back(vertices.of_vertex[v].distance_mm);
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
               double largest_mm, const Interval& kept_mm)
      : other_(search), frames_(frames), options_(options), largest_mm_(largest_mm), kept_mm_(kept_mm) {
    chunk_.within_mm2.resize(options.limits.size());
  }

  /// All further triangles lie in this box, in the frame of the other boundary.
  void move_to(const Box3& there_mm) { other_.move_to(there_mm); }
  void add_triangle(const ElementCorners& corners, const CaseTriangleGeometry& triangle, std::uint32_t part) {
    part_ = part;
    chunk_.half_edge_moment += triangle.area_mm2 * triangle.mean_half_edge_mm;
    add(corners, triangle.shape, triangle.area_mm2, 0);
  }
  [[nodiscard]] ElementChunk take() { return std::move(chunk_); }

 private:
  void add(const ElementCorners& corners, const ElementShape& shape, double area_mm2, int depth) {
    const EnoughError enough{options_.max_error_mm, largest_mm_ + options_.max_error_of_maximum_mm};
    const ElementError error = element_error(corners, shape, other_, enough);
    const bool good = error.below_mm <= enough.error_mm && error.above_mm <= enough.error_mm &&
                      error.upper_mm <= enough.upper_mm;
    if (good || depth == deepest) {
      accept(corners, error, area_mm2);
      return;
    }
    ElementCorners middles;
    for (std::size_t i = 0; i < 3; ++i) {
      const ElementCorner& from = corners[i];
      const ElementCorner& to = corners[(i + 1) % 3];
      const Point3 there = 0.5 * (from.there_mm + to.there_mm);
      const VertexDistance found = distance_of(other_, frames_, there, from.nearest);
      middles[i] = {there, found.distance_mm, found.to_foot_mm, found.nearest()};
      largest_mm_ = std::max(largest_mm_, found.distance_mm);
    }
    // Three at the corners, and one in the middle, which is turned about. Its corners in the order of theirs.
    const double quarter = 0.25 * area_mm2;
    const ElementShape half = scaled(shape, 0.5);
    add({corners[0], middles[0], middles[2]}, half, quarter, depth + 1);
    add({middles[0], corners[1], middles[1]}, half, quarter, depth + 1);
    add({middles[2], middles[1], corners[2]}, half, quarter, depth + 1);
    add({middles[1], middles[2], middles[0]}, scaled(shape, -0.5), quarter, depth + 1);
  }

  void accept(const ElementCorners& corners, const ElementError& error, double area_mm2) {
    LinearElement element{
        .at_corners = {corners[0].distance_mm, corners[1].distance_mm, corners[2].distance_mm},
        .area_mm2 = area_mm2,
        .below = bound(error.below_mm),
        .above = bound(error.above_mm)};
    const auto [a, b, c] = element.at_corners;
    const double mean_mm = (a + b + c) / 3.0, min_mm = std::min({a, b, c}), max_mm = std::max({a, b, c});
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
    const Point3 middle = (corners[0].there_mm + corners[1].there_mm + corners[2].there_mm) / 3.0;
    metrics::add(chunk_.slices, nearest_whole(frames_.slice_normal.dot(middle) + frames_.slice_offset),
                 area_mm2, mean_mm, max_mm);
    metrics::add(chunk_.parts, part_, area_mm2, mean_mm, max_mm);
    ++chunk_.count;
    if (max_mm + element.above < kept_mm_.lo)
      chunk_.below_mm2 += area_mm2;
    else if (min_mm - element.below <= kept_mm_.hi)
      chunk_.elements.push_back(element);
  }

  BoundaryNeighbourhood other_;
  const BoundaryFrames& frames_;
  const ElementOptions& options_;
  double largest_mm_;  // Found so far.
  Interval kept_mm_;
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

BoundaryElements boundary_elements(const BoundaryCells& measured, const BoundarySearch& search,
                                   const BoundaryFrames& frames,
                                   const std::vector<std::uint32_t>& part_of_vertex,
                                   const ElementOptions& options) {
  const auto distances = vertex_distances(measured, search, frames);
  constexpr double all = std::numeric_limits<double>::infinity();
  BoundaryElements result{.chunks = {}, .kept_mm = {-all, all}};
  if (options.kept_about_percentile)
    result.kept_mm = kept_about(distances, *options.kept_about_percentile, options.max_error_mm);

  const CaseGeometry geometry(measured.spacing_mm());
  const auto& blocks = measured.blocks();
  auto& chunks = result.chunks;
  chunks.resize((blocks.size() + blocks_per_chunk - 1) / blocks_per_chunk);
  tbb::parallel_for(std::size_t{0}, chunks.size(), [&](std::size_t chunk) {
    const std::size_t begin = chunk * blocks_per_chunk,
                      end = std::min(blocks.size(), begin + blocks_per_chunk);
    ChunkBuilder builder(search, frames, options, distances.largest_mm, result.kept_mm);
    BlockVertices vertices;
    for (std::size_t b = begin; b < end; ++b) {
      const BoundaryBlock& block = blocks[b];
      vertices.fill(measured, static_cast<std::uint32_t>(b));
      builder.move_to(box_of(block, frames, measured.spacing_mm()));
      for_each_bit(block.active, [&](int cell) {
        const Point3 lowest = frames.moved(lattice_point_mm(block, cell, measured.spacing_mm()));
        for (const CaseTriangleGeometry& triangle : geometry.triangles(block.case_of(cell))) {
          ElementCorners corners;
          std::uint32_t vertex = 0;
          for (std::size_t i = 0; i < 3; ++i) {
            vertex = vertices.on(cell, triangle.corner_edges[i]);
            const VertexDistance& found = distances.of_vertex[vertex];
            corners[i] = {lowest + frames.turned(triangle.corners_mm[i]), found.distance_mm, found.to_foot_mm,
                          found.nearest()};
          }
          builder.add_triangle(corners, triangle, part_of_vertex[vertex]);
        }
      });
    }
    chunks[chunk] = builder.take();
  });
  return result;
}

}  // namespace meshassay::metrics
