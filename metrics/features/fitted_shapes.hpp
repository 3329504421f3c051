// SPDX-License-Identifier: GPL-3.0-or-later
// The shapes of dimensional metrology, as orthogonal_fit.hpp wants them. Distances are positive on the
// outside of a ball, a bar, a cone and a ring, and on the side of a plane that its normal looks to.
#pragma once

#include <Eigen/Dense>

#include "core/geometry.hpp"

namespace meshassay::metrics {

/// Two unit vectors that stand on an axis and on each other.
[[nodiscard]] Eigen::Matrix<double, 3, 2> across(const Vector3& axis);

struct FittedSphere {
  Point3 center_mm = Point3::Zero();
  double radius_mm = 1.0;

  static constexpr int unknowns = 4;  // Centre, radius.
  using Row = Eigen::Matrix<double, unknowns, 1>;
  [[nodiscard]] double distance_mm(const Point3& point, Row& change) const;
  [[nodiscard]] FittedSphere changed(const Row& step) const;
  [[nodiscard]] double size_mm() const { return radius_mm; }
};

struct FittedPlane {
  Point3 point_mm = Point3::Zero();
  Vector3 normal = Vector3::UnitZ();  ///< Unit.
  double extent_mm = 1.0;             ///< Of what it is fitted to.

  static constexpr int unknowns = 3;  // Two tilts, height.
  using Row = Eigen::Matrix<double, unknowns, 1>;
  [[nodiscard]] double distance_mm(const Point3& point, Row& change) const;
  [[nodiscard]] FittedPlane changed(const Row& step) const;
  [[nodiscard]] double size_mm() const { return extent_mm; }
};

struct FittedCylinder {
  Point3 point_mm = Point3::Zero();  ///< On the axis.
  Vector3 axis = Vector3::UnitZ();   ///< Unit.
  double radius_mm = 1.0;

  static constexpr int unknowns = 5;  // Two shifts across the axis, two tilts, radius.
  using Row = Eigen::Matrix<double, unknowns, 1>;
  [[nodiscard]] double distance_mm(const Point3& point, Row& change) const;
  [[nodiscard]] FittedCylinder changed(const Row& step) const;
  [[nodiscard]] double size_mm() const { return radius_mm; }
};

struct FittedCone {
  Point3 point_mm = Point3::Zero();  ///< On the axis.
  Vector3 axis = Vector3::UnitZ();   ///< Unit; the way in which the cone grows for a positive angle.
  double radius_mm = 1.0;            ///< Of the cross-section at the point.
  double half_angle_rad = 0.0;       ///< Between axis and wall, within +- pi/2.

  static constexpr int unknowns = 6;  // Two shifts, two tilts, radius, angle.
  using Row = Eigen::Matrix<double, unknowns, 1>;
  [[nodiscard]] double distance_mm(const Point3& point, Row& change) const;
  [[nodiscard]] FittedCone changed(const Row& step) const;
  [[nodiscard]] double size_mm() const { return radius_mm; }
};

struct FittedTorus {
  Point3 center_mm = Point3::Zero();
  Vector3 axis = Vector3::UnitZ();  ///< Unit.
  double major_radius_mm = 2.0;     ///< Of the circle that the tube runs along.
  double minor_radius_mm = 1.0;     ///< Of the tube.

  static constexpr int unknowns = 7;  // Centre, two tilts, two radii.
  using Row = Eigen::Matrix<double, unknowns, 1>;
  [[nodiscard]] double distance_mm(const Point3& point, Row& change) const;
  [[nodiscard]] FittedTorus changed(const Row& step) const;
  [[nodiscard]] double size_mm() const { return major_radius_mm; }
};

}  // namespace meshassay::metrics
