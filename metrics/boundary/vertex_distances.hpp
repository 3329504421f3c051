// SPDX-License-Identifier: GPL-3.0-or-later
// The distances of one mask's boundary to another's at its vertices.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/unfilled.hpp"
#include "metrics/boundary/boundary_frames.hpp"
#include "metrics/boundary/boundary_search.hpp"

namespace meshassay::metrics {

/// Work is dealt out by so many blocks. Hints run through them and sums are theirs: it is part of the result.
constexpr std::size_t blocks_per_chunk = 128;

/// What is nearest to a vertex.
struct VertexDistance {
  double distance_mm;
  std::array<double, 3> to_foot_xyz_mm;  ///< In the measured boundary's frame.
  BoundaryTriangle nearest;

  [[nodiscard]] Vector3 to_foot_mm() const { return Vector3(to_foot_xyz_mm.data()); }
};

struct VertexDistances {
  Unfilled<VertexDistance> of_vertex;  ///< As BoundaryBlock counts them.
  double largest_mm = 0.0;
};

/// Of the vertices of `measured` to the boundary that `search` looks in. `memory` is used again.
[[nodiscard]] VertexDistances vertex_distances(const BoundaryCells& measured, const BoundarySearch& search,
                                               const BoundaryFrames& frames, VertexDistances memory);

/// Of a point in the other boundary's frame. \pre it lies where `other` was moved to.
[[nodiscard]] VertexDistance distance_from(const Point3& there_mm, BoundaryNeighbourhood& other,
                                           const BoundaryFrames& frames, const BoundaryTriangle& hint);

/// The lattice point of a bit of a block, in the boundary's local frame.
[[nodiscard]] Point3 lattice_point_mm(const BoundaryBlock& block, int bit, const Vector3& spacing_mm);

/// The box of a block's cells, as the other boundary sees it.
[[nodiscard]] Box3 box_of(const BoundaryBlock& block, const BoundaryFrames& frames,
                          const Vector3& spacing_mm);

}  // namespace meshassay::metrics
