// SPDX-License-Identifier: GPL-3.0-or-later
// The boundary of one mask in elements on which the distance to another is known, up to a bound.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/measurement.hpp"
#include "metrics/boundary/element_sums.hpp"
#include "metrics/boundary/vertex_distances.hpp"
#include "metrics/surface/area_distribution.hpp"

namespace meshassay::metrics {

/// A limit whose area within is summed; below 0 there is none.
struct AreaLimit {
  double limit_mm = 0.0;
  Bound bound = Bound::none;
};

struct ElementOptions {
  double max_error_mm = 0.1;
  double max_error_of_maximum_mm = 0.001;  ///< For elements that may hold the largest distance.
  std::vector<AreaLimit> limits;
  /// Of elements that cannot matter to this percentile most are not kept; absent: all are.
  std::optional<double> kept_about_percentile;
};

/// A run of blocks, with its elements.
struct ElementChunk {
  std::vector<LinearElement> elements;  ///< Those that are kept.
  std::size_t count = 0;                ///< Of all.
  double below_mm2 = 0.0;               ///< Of those that lie below the ones that are kept.
  double area_mm2 = 0.0, moment = 0.0;
  double below_moment = 0.0, above_moment = 0.0;  ///< Bounds of how far the moment may be off.
  std::vector<double> within_mm2;                 ///< By limit.
  double max_mm = 0.0, max_upper_mm = 0.0;
  Point3 max_at_mm = Point3::Zero();  ///< In the measured boundary's local frame.
  double half_edge_moment = 0.0;      ///< Integral of half the grid edges that the surface's corners halve.
  ElementSums slices, parts;
};

struct BoundaryElements {
  std::vector<ElementChunk> chunks;
  Interval kept_mm;  ///< All elements are kept whose distance may lie within.
};

/// A boundary that is measured.
struct MeasuredBoundary {
  const BoundaryCells& cells;
  const std::vector<std::uint32_t>& part_of_vertex;  ///< The connected part that a vertex belongs to.
  const VertexDistances& distances;
};

/// Its elements with their distances to the boundary that `search` looks in, in a fixed order whatever the
/// number of threads.
[[nodiscard]] BoundaryElements boundary_elements(const MeasuredBoundary& measured,
                                                 const BoundarySearch& search, const BoundaryFrames& frames,
                                                 const ElementOptions& options);

}  // namespace meshassay::metrics
