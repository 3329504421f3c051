// SPDX-License-Identifier: GPL-3.0-or-later
// How far the boundaries of two masks lie from each other, as surfaces, in physical space.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/label_map.hpp"
#include "metrics/enclosed.hpp"
#include "metrics/masks/label_extents.hpp"

namespace meshassay::metrics {

struct BoundaryOptions {
  std::uint16_t label = 1;
  double percentile = 95.0;                   ///< In (0, 100].
  std::vector<double> tolerances_mm = {1.0};  ///< At which the area within is taken.
  /// Elements are subdivided until the distance is known within this everywhere on them; absent: three
  /// quarters of the smallest spacing of the coarser grid. The largest distance is known 225 times better.
  std::optional<double> max_error_mm;
};

/// A length or a share with the two parts of its interval: against an exact evaluation on the same two
/// surfaces (rigorous), and what the masks leave open of the surfaces that they were sampled from.
struct BoundaryValue {
  double value = 0.0;
  Interval ruler, discretisation;  ///< The second holds the first.
};

/// A piece of a boundary: a slice of the reference's grid, or a connected part of the boundary.
struct BoundaryPart {
  double area_mm2 = 0.0;
  double mean_mm = 0.0, max_mm = 0.0;  ///< Of the distances to the other boundary.
};

struct BoundarySlice {
  std::int64_t index = 0;  ///< Of the reference's grid, the nearest; beyond its slices where a mask is.
  BoundaryPart test_to_reference, reference_to_test;
};

/// From the points of one boundary to the other.
struct DirectedBoundary {
  double area_mm2 = 0.0;
  BoundaryValue mean_mm, percentile_mm, max_mm;
  Point3 max_position_mm = Point3::Zero();     ///< LPS.
  std::vector<BoundaryValue> area_within_mm2;  ///< By tolerance.
  std::vector<BoundaryPart> parts;             ///< Connected parts of the boundary, by their first cell.
  std::uint64_t elements = 0;                  ///< After subdivision.
};

struct BoundaryDistance {
  bool test_empty = false, reference_empty = false;  ///< In either case nothing below is set.
  bool test_touches_border = false, reference_touches_border = false;
  DirectedBoundary test_to_reference, reference_to_test;
  std::vector<BoundarySlice> slices;  ///< Those that hold some of either boundary, ascending.

  /// The larger of the two directed values.
  [[nodiscard]] BoundaryValue hausdorff_mm() const;
  [[nodiscard]] BoundaryValue percentile_mm() const;
  /// Mean of the two directed means.
  [[nodiscard]] BoundaryValue mean_of_means_mm() const;
  /// Mean over both boundaries together.
  [[nodiscard]] BoundaryValue pooled_mean_mm() const;
  /// Share of both areas that lies within a tolerance of the other boundary.
  [[nodiscard]] BoundaryValue share_within(std::size_t tolerance) const;
};

/// Compares one label of two masks on any two grids. The boundary of a mask is the half-level isosurface of
/// its indicator on the voxel centres, with background all round. Distances run from every point of one
/// boundary to the other as a surface, weighted by area; percentile p is the smallest distance such that the
/// area with at most that distance is at least p.
///
/// On an element the distance is taken as linear between the exact distances of its corners. It is nowhere
/// above the distance to any one point or triangle of the other boundary, which is convex and so bounded by
/// its values at corners; and d^2 is nowhere below the linear interpolation of its values at the corners by
/// more than the spread sum_i w_i |x - v_i|^2 (|x|^2 - d^2 is convex for the distance to any set): so the
/// ruler's interval is rigorous.
///
/// The discretisation's interval is named after what it stands on in docs/metrics/boundary.md: a true surface
/// crosses the edge of the grid on whose middle a vertex lies, so it is within half an edge of it; on either
/// mask the largest such half edge for maximum, percentile and tolerances, the area's mean of them for means.
/// \throw InvalidInput for a mask whose grid cannot be, or a tolerance or percentile out of range.
[[nodiscard]] BoundaryDistance boundary_distance(const LabelMap& test, const LabelMap& reference,
                                                 const BoundaryOptions& options = {});

/// The same where it is known already where the label is: for maps of many labels.
[[nodiscard]] BoundaryDistance boundary_distance(const LabelMap& test, const LabelExtent& in_test,
                                                 const LabelMap& reference, const LabelExtent& in_reference,
                                                 const BoundaryOptions& options);

}  // namespace meshassay::metrics
