// SPDX-License-Identifier: GPL-3.0-or-later
// How much of the truth's surface the measured surface reproduces.
#pragma once

#include "core/triangle_mesh.hpp"
#include "metrics/enclosed.hpp"
#include "metrics/registry.hpp"

namespace meshassay::metrics {

struct CompletenessOptions {
  double tolerance_mm = 1.0;
  double reference_half_width_mm = 0.0;  ///< How far the reference may lie from the exact truth.
  double width = 0.001;                  ///< An interval of this width is narrow enough.
  std::size_t max_bisections = 60'000;
};

/// The fraction of the reference's area, in [0, 1], with a point of the measured surface within the tolerance
/// (at most, so that it counts). The interval covers a reference that is nearer or farther by its half-width.
/// Knapitsch et al. 2017, "Tanks and Temples", eq. 4 (recall), by area in place of points.
/// \pre Both are measurable: see why_unmeasurable().
[[nodiscard]] Enclosed completeness(const TriangleMesh& measured_surface, const TriangleMesh& reference,
                                    const CompletenessOptions& options = {});

/// The row `completeness@T`.
[[nodiscard]] const MetricFamily& completeness_family();

}  // namespace meshassay::metrics
