// SPDX-License-Identifier: GPL-3.0-or-later
// How far smoothing moved the surface away from the object's sharp edges.
#pragma once

#include <optional>

#include "core/distance/mesh_distance.hpp"
#include "core/feature.hpp"
#include "metrics/registry.hpp"

namespace meshassay::metrics {

/// Distance from the true edge to the nearest surface; that lies on the normal of the surface that passes the
/// edge. Positive where the edge is outside: material is missing.
struct EdgeRetreat {
  double mean_mm = 0.0;
  double half_width_mm = 0.0;        ///< Of the mean: what half as many points would change.
  double worst_mm = 0.0;             ///< The largest in magnitude, with its sign.
  Point3 place_mm = Point3::Zero();  ///< Of the worst, on the true edge.
};

/// Along a rim (360 points around) or a straight edge (200 points, without a tenth of the length at either
/// end, where corners are rounder than edges). \pre `surface.has_inside()`; the feature is a rim or an edge.
[[nodiscard]] EdgeRetreat edge_retreat(const MeshDistance& surface, const Feature& feature);

/// The row `smoothing.edge_retreat`.
[[nodiscard]] const MetricFamily& edge_retreat_family();

}  // namespace meshassay::metrics
