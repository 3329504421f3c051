// SPDX-License-Identifier: GPL-3.0-or-later
// How far a measured surface lies from the truth, both ways.
#pragma once

#include <optional>

#include "core/triangle_mesh.hpp"
#include "core/truth.hpp"
#include "metrics/deviation/deviation_cells.hpp"
#include "metrics/registry.hpp"

namespace meshassay::metrics {

/// How surface_deviation() refines its intervals. An interval is narrow enough where it is within either
/// width.
struct SurfaceDeviationOptions {
  double width_mm = 0.001;
  double relative_width_of_means = 0.01;      ///< Of the value.
  double relative_width_of_extremes = 0.001;  ///< Of the value.
  double percentile = 95.0;                   ///< Of |distance|, by area, in (0, 100].
  /// What a statistic or a search may spend, beyond one cell a triangle. Where it is used up the interval is
  /// as wide as it is.
  std::size_t max_bisections_implicit = 400'000;
  std::size_t max_bisections_mesh = 60'000;
};

/// Distances in mm. Signed ones are positive outside the truth, where material was added.
struct SurfaceDeviation {
  // Over the measured surface, weighted by its area.
  std::optional<Enclosed> bias_mm, sd_mm;  ///< Absent where the reference is a mesh without an inside.
  Enclosed mean_abs_mm, rms_mm, percentile_mm;
  GreatestDistance max_test_to_truth;
  // Over the truth's mesh, weighted by its area; absent where the truth has no mesh.
  std::optional<Enclosed> rms_truth_to_test_mm;
  std::optional<GreatestDistance> max_truth_to_test;
  std::optional<Enclosed> hausdorff_mm;
};

/// Measures a surface as it is: open, self-intersecting or inside out, its triangles count with their area,
/// and those without area in the extremes only. The reference is the truth's implicit surface, else its mesh.
/// \throw InvalidInput where the measured mesh is not measurable or the truth has no surface.
[[nodiscard]] SurfaceDeviation surface_deviation(const TriangleMesh& measured_surface,
                                                 const TargetTruth& truth,
                                                 const SurfaceDeviationOptions& options = {});

/// What surface_deviation() says of bias and root mean square, the same numbers in a part of the time.
struct MeanDeviation {
  std::optional<Enclosed> bias_mm;  ///< Absent where the reference is a mesh without an inside.
  Enclosed rms_mm;
};
/// \throw InvalidInput as surface_deviation().
[[nodiscard]] MeanDeviation mean_deviation(const TriangleMesh& measured_surface, const TargetTruth& truth,
                                           const SurfaceDeviationOptions& options = {});

/// The rows `deviation.*`.
[[nodiscard]] const MetricFamily& surface_deviation_family();

}  // namespace meshassay::metrics
