// SPDX-License-Identifier: GPL-3.0-or-later
// A measured surface in cells that are halved where a distance is not known well enough.
#pragma once

#include <cstddef>
#include <vector>

#include "core/triangle_mesh.hpp"
#include "metrics/enclosed.hpp"
#include "metrics/surface/distance_field.hpp"

namespace meshassay::metrics {

struct RefinementOptions {
  double width_mm = 0.001;         ///< An interval of this width is narrow enough...
  double relative_width = 0.01;    ///< ... and so is one of this fraction of the value.
  std::size_t max_bisections = 0;  ///< Where they are used up, intervals stay as wide as they are.
};

/// The cells of a surface, one a triangle to begin with, in the order of the triangles.
[[nodiscard]] std::vector<Cell> make_cells(const TriangleMesh& surface, const DistanceField& field);

/// Area-weighted statistics of a distance over a surface.
struct AreaStatistics {
  Enclosed bias_mm, mean_abs_mm, rms_mm, sd_mm;  ///< Of the signed distance.
  Enclosed percentile_mm;                        ///< Smallest d such that |distance| <= d on enough area.
};

/// Refines the cells with the largest departures until the statistics are known well enough, and takes them.
/// Where bounds of the departures cannot be made narrow enough the intervals are estimates, and say so.
/// \pre The cells have an area.
/// \param percentile  in (0, 100].
[[nodiscard]] AreaStatistics area_statistics(std::vector<Cell>& cells, const DistanceField& field,
                                             double percentile, const RefinementOptions& options);

/// How well a fraction of the area is to be known.
struct FractionOptions {
  double width = 0.001;
  std::size_t max_bisections = 0;  ///< Where they are used up, the interval stays as wide as it is.
};
/// The fraction of the area, in [0, 1], where |distance| is at most the limit. \pre The cells have an area.
[[nodiscard]] Enclosed area_fraction_within(std::vector<Cell>& cells, const DistanceField& field,
                                            double limit_mm, const FractionOptions& options);

/// The largest |distance|; `value` is attained, at `place_mm`.
struct GreatestDistance {
  Enclosed distance_mm;
  Point3 place_mm = Point3::Zero();
};
/// Limits that a distance is compared with, where more than the comparisons need not be known.
struct DistanceLimits {
  std::vector<double> limits_mm;  ///< Empty: the distance itself is wanted.
  /// Once every limit is known to hold or not, the interval is narrowed with at most as many more.
  std::size_t bisections_once_decided = 0;

  /// Whether a distance within the interval is at most a limit is the same everywhere, for every limit.
  [[nodiscard]] bool are_decided_by(const Interval& distance_mm) const;
};
/// By branch and bound over bounds of cells; rigorous. To a mesh farthest_point() is faster. With limits it
/// stops early, and the interval is as wide as it is then: on plateaus, where every cell is about as far as
/// the farthest, a comparison takes far fewer cells than a narrow interval.
[[nodiscard]] GreatestDistance greatest_distance(std::vector<Cell> cells, const DistanceField& field,
                                                 const RefinementOptions& options,
                                                 const DistanceLimits& limits = {});

}  // namespace meshassay::metrics
