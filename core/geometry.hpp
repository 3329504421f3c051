// SPDX-License-Identifier: GPL-3.0-or-later
// Points, boxes and poses. World coordinates are DICOM patient space (LPS) in millimetres, everywhere inside.
#pragma once

#include <Eigen/Geometry>
#include <limits>

namespace meshassay {

using Point3 = Eigen::Vector3d;
using Vector3 = Eigen::Vector3d;
using Matrix3 = Eigen::Matrix3d;

/// An axis-aligned box in world coordinates; empty until a point is added.
struct Box3 {
  Point3 min_mm = Point3::Constant(std::numeric_limits<double>::infinity());
  Point3 max_mm = Point3::Constant(-std::numeric_limits<double>::infinity());

  [[nodiscard]] bool empty() const { return (min_mm.array() > max_mm.array()).any(); }
  [[nodiscard]] Vector3 size_mm() const {
    return empty() ? Vector3::Zero().eval() : (max_mm - min_mm).eval();
  }
  [[nodiscard]] Point3 center_mm() const { return 0.5 * (min_mm + max_mm); }
  [[nodiscard]] double diagonal_mm() const { return size_mm().norm(); }
  void add(const Point3& point) {
    min_mm = min_mm.cwiseMin(point);
    max_mm = max_mm.cwiseMax(point);
  }
  void add(const Box3& other) {
    if (other.empty()) return;
    add(other.min_mm);
    add(other.max_mm);
  }
};

/// A box with axes of its own: local = axes^T * (world - center). The columns of `axes` are orthonormal.
struct OrientedBox3 {
  Point3 center_mm = Point3::Zero();
  Matrix3 axes = Matrix3::Identity();
  Vector3 half_extent_mm = Vector3::Zero();

  [[nodiscard]] Point3 to_local(const Point3& world_mm) const {
    return axes.transpose() * (world_mm - center_mm);
  }
  [[nodiscard]] Point3 to_world(const Point3& local_mm) const { return center_mm + axes * local_mm; }
  [[nodiscard]] bool contains(const Point3& world_mm) const {
    return (to_local(world_mm).cwiseAbs().array() <= half_extent_mm.array()).all();
  }
};

}  // namespace meshassay
