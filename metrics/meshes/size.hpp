// SPDX-License-Identifier: GPL-3.0-or-later
// Volume and area of a surface, and how far they are from the truth.
#pragma once

#include <optional>

#include "core/reason.hpp"
#include "core/triangle_mesh.hpp"
#include "core/truth.hpp"

namespace meshassay::metrics {

struct MetricFamily;

/// Exact on the triangles but for rounding, which the half-widths bound.
struct SurfaceSize {
  double area_mm2 = 0.0;
  double area_half_width_mm2 = 0.0;
  /// By the divergence theorem; negative for a surface that is inside out. Absent where the surface does not
  /// bound a volume, and `why_no_volume` says why: not_closed or not_oriented.
  std::optional<double> volume_mm3;
  double volume_half_width_mm3 = 0.0;
  Undefined why_no_volume;
};

/// Self-intersections are not looked at: what is covered twice counts twice.
[[nodiscard]] SurfaceSize surface_size(const TriangleMesh& mesh);

/// What is known of the true volume and area: closed forms, else those of the reference mesh, with what its
/// chordal error may hide.
[[nodiscard]] std::optional<KnownValue> true_volume_mm3(const TargetTruth& truth);
[[nodiscard]] std::optional<KnownValue> true_area_mm2(const TargetTruth& truth);

[[nodiscard]] const MetricFamily& size_family();

}  // namespace meshassay::metrics
