// SPDX-License-Identifier: GPL-3.0-or-later
// Rigid registration of points by Open3D's iterative closest point.
#pragma once

#include <vector>

#include "core/geometry.hpp"

namespace meshassay::bridge_open3d {

/// Points in LPS mm with unit normals, one each.
struct OrientedPoints {
  std::vector<Point3> points_mm;
  std::vector<Vector3> normals;
};

struct RegistrationOptions {
  double reach_mm = 1.0;  ///< Pairs farther apart than this are not made.
  int max_iterations = 100;
};

struct Registration {
  Eigen::Affine3d motion = Eigen::Affine3d::Identity();  ///< Rigid, from the moving points to the fixed.
  double paired_fraction = 0.0;                          ///< Of the moving points, at the end.
};

/// Point to plane, from `start`, until neither pairs nor distances change by 1e-9 of themselves. One thread,
/// so that sums have one order and the result is the same every time.
[[nodiscard]] Registration register_rigidly(const std::vector<Point3>& moving_mm, const OrientedPoints& fixed,
                                            const Eigen::Affine3d& start, const RegistrationOptions& options);

}  // namespace meshassay::bridge_open3d
