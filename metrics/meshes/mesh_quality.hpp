// SPDX-License-Identifier: GPL-3.0-or-later
// How fine the triangles of a mesh are, and how far from equilateral.
#pragma once

#include <optional>

#include "core/triangle_mesh.hpp"

namespace meshassay::metrics {

struct MetricFamily;

/// Of the welded mesh without triangles that have two equal corners.
struct MeshQuality {
  double triangles_per_mm2 = 0.0;
  double edge_min_mm = 0.0, edge_median_mm = 0.0,
         edge_max_mm = 0.0;  ///< Each edge once, however many triangles.
  double angle_min_deg = 0.0;
  /// Longest side over 2 sqrt(3) times the radius of the inscribed circle: 1 for equilateral triangles. The
  /// smallest value that at least 95 % of the triangles do not exceed; triangles without area exceed all, and
  /// the value is absent where it falls on one.
  std::optional<double> aspect_p95;
};

/// Absent where no triangle has an area.
[[nodiscard]] std::optional<MeshQuality> mesh_quality(const TriangleMesh& mesh);

[[nodiscard]] const MetricFamily& mesh_quality_family();
/// The row `mesh.file_bytes`.
[[nodiscard]] const MetricFamily& mesh_file_family();

}  // namespace meshassay::metrics
