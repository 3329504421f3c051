// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/geometry.hpp"

namespace meshassay::metrics {

/// From the local frame of one boundary to that of the other, and to slices of the reference.
struct BoundaryFrames {
  Matrix3 rotation = Matrix3::Identity();
  Vector3 shift_mm = Vector3::Zero();
  bool parallel = true;                     ///< `rotation` is the identity.
  Vector3 slice_normal = Vector3::UnitZ();  ///< slice = slice_normal . point + slice_offset, in
  double slice_offset = 0.0;                ///< the local frame of the other boundary.

  [[nodiscard]] Point3 moved(const Point3& point_mm) const { return turned(point_mm) + shift_mm; }
  [[nodiscard]] Point3 moved_back(const Point3& there_mm) const { return turned_back(there_mm - shift_mm); }
  [[nodiscard]] Vector3 turned(const Vector3& here) const {
    return parallel ? here : (rotation * here).eval();
  }
  /// A direction of the other boundary's frame in that of the measured one.
  [[nodiscard]] Vector3 turned_back(const Vector3& there) const {
    return parallel ? there : (rotation.transpose() * there).eval();
  }
};

}  // namespace meshassay::metrics
