// SPDX-License-Identifier: GPL-3.0-or-later
// The thinnest wall of a solid.
#pragma once

#include <cstddef>
#include <variant>

#include "core/distance/mesh_distance.hpp"
#include "core/reason.hpp"
#include "metrics/registry.hpp"

namespace meshassay::metrics {

struct WallThicknessOptions {
  double min_angle_deg = 150.0;  ///< Between the outward normals at the two contacts of a ball.
  /// Points that a ball is grown from, about; more where the surface has more triangles than that.
  std::size_t starts = 20'000;
};

struct WallThickness {
  double diameter_mm = 0.0;  ///< Of the smallest ball found; a thinner wall may hide between the starts.
  double half_width_mm =
      0.0;  ///< By how much the two halves of the starts differ, and the ball sticks out; and rounding.
  Point3 center_mm = Point3::Zero();  ///< Of the ball.
};

/// Diameter of the smallest inscribed ball that touches the surface at two points whose normals differ by the
/// angle or more; through triangles that do not face its start it may stick out by a hundredth of its
/// radius. From a start on the surface the ball that touches there and is as large as the surface allows is
/// found by shrinking (Ma, Bae and Choi 2012, "3D medial axis point approximation"); everything that it
/// touches is looked at. From the best starts steps on the surface lead to smaller balls. Without the angle
/// every convex edge would have a thickness of 0. Undefined: not_closed; rank_deficient where no ball has two
/// such contacts (a tetrahedron).
[[nodiscard]] std::variant<WallThickness, Undefined> wall_thickness(const MeshDistance& surface,
                                                                    const WallThicknessOptions& options = {});

/// The row `thickness.min`.
[[nodiscard]] const MetricFamily& wall_thickness_family();

}  // namespace meshassay::metrics
