// SPDX-License-Identifier: GPL-3.0-or-later
// Points spread over a surface for integrals of the distance to the truth and of the truth's normal.
#pragma once

#include <vector>

#include "core/triangle_mesh.hpp"
#include "metrics/surface/distance_field.hpp"

namespace meshassay::metrics {

/// A point of the measured surface, its share of the area and the truth there.
struct FieldPoint {
  double area_mm2 = 0.0;
  Point3 point_mm = Point3::Zero();
  DistanceSample truth;

  /// On the truth.
  [[nodiscard]] Point3 foot_mm() const { return point_mm - truth.signed_mm * truth.gradient; }
};

struct FieldPointOptions {
  double longest_edge_mm = 1.0;  ///< Of a triangle with one set of points; larger ones are quartered.
  int cuts_at_a_jump =
      5;  ///< How often a triangle is quartered beneath which the truth's normal turns sharply.
};

/// The points of Dunavant's rule of degree 4 on each triangle, in the order of the triangles. Where the
/// truth's normal turns sharply beneath a triangle, what depends on it jumps and no rule is good: such a
/// triangle is quartered, down to a strip; beyond four million points no more.
[[nodiscard]] std::vector<FieldPoint> field_points(const TriangleMesh& surface, const DistanceField& field,
                                                   const FieldPointOptions& options);

}  // namespace meshassay::metrics
