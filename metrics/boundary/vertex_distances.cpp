// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/boundary/vertex_distances.hpp"

#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "metrics/boundary/aligned_lattice.hpp"

namespace meshassay::metrics {
namespace {

VertexDistance with_root(const NearestBoundary& found, const BoundaryFrames& frames) {
  const Vector3 to_foot_mm = frames.turned_back(found.to_foot_mm);
  return {std::sqrt(found.squared_mm2), {to_foot_mm[0], to_foot_mm[1], to_foot_mm[2]}, found.triangle};
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

}  // namespace

Point3 lattice_point_mm(const BoundaryBlock& block, int bit, const Vector3& spacing_mm) {
  const auto point = point_of_bit(bit);
  return Vector3(4.0 * block.position[0] + point[0], 4.0 * block.position[1] + point[1],
                 4.0 * block.position[2] + point[2])
      .cwiseProduct(spacing_mm);
}

Box3 box_of(const BoundaryBlock& block, const BoundaryFrames& frames, const Vector3& spacing_mm) {
  const Vector3 half = 2.0 * spacing_mm;
  const Point3 middle = frames.moved(lattice_point_mm(block, 0, spacing_mm) + half);
  const Vector3 reach = frames.rotation.cwiseAbs() * half;
  return {middle - reach, middle + reach};
}

VertexDistance distance_from(const Point3& there_mm, BoundaryNeighbourhood& other,
                             const BoundaryFrames& frames, const BoundaryTriangle& hint) {
  return with_root(other.nearest(there_mm, hint), frames);
}

// Block after block: a vertex's nearest triangle is the hint for the next.
VertexDistances vertex_distances(const BoundaryCells& measured, const BoundarySearch& search,
                                 const BoundaryFrames& frames, VertexDistances memory) {
  VertexDistances result{.of_vertex = std::move(memory.of_vertex)};
  result.of_vertex.clear();  // Nothing is copied should it grow.
  result.of_vertex.resize(measured.vertices());
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
      BoundaryTriangle hint = nearby ? result.of_vertex[*nearby].nearest : BoundaryTriangle{};
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
            vertex = distance_from(frames.moved(here), other, frames, hint);
          }
          hint = vertex.nearest;
          largest_mm = std::max(largest_mm, vertex.distance_mm);
        });
    }
    largest_of_chunks_mm[chunk] = largest_mm;
  });
  for (const double each : largest_of_chunks_mm) result.largest_mm = std::max(result.largest_mm, each);
  return result;
}

}  // namespace meshassay::metrics
