// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/features/fitted_shapes.hpp"

#include <cmath>

namespace meshassay::metrics {
namespace {

// A point seen from an axis: along it, and across it.
struct Cylindrical {
  double along = 0.0, radius = 0.0;
  Vector3 outward = Vector3::Zero();  // Unit; zero on the axis, where every direction is outward.
};

Cylindrical seen_from(const Point3& origin, const Vector3& axis, const Point3& point) {
  const Vector3 offset = point - origin;
  Cylindrical result;
  result.along = offset.dot(axis);
  const Vector3 off_axis = offset - result.along * axis;
  result.radius = off_axis.norm();
  if (result.radius > 0.0) result.outward = off_axis / result.radius;
  return result;
}

Vector3 tilted(const Vector3& axis, double first, double second) {
  const auto sides = across(axis);
  return (axis + first * sides.col(0) + second * sides.col(1)).normalized();
}

}  // namespace

Eigen::Matrix<double, 3, 2> across(const Vector3& axis) {
  Eigen::Index smallest = 0;
  axis.cwiseAbs().minCoeff(&smallest);
  Eigen::Matrix<double, 3, 2> sides;
  sides.col(0) = axis.cross(Vector3::Unit(smallest)).normalized();
  sides.col(1) = axis.cross(sides.col(0));
  return sides;
}

double FittedSphere::distance_mm(const Point3& point, Row& change) const {
  const Vector3 offset = point - center_mm;
  const double length = offset.norm();
  change << (length > 0.0 ? (-offset / length).eval() : Vector3::Zero().eval()), -1.0;
  return length - radius_mm;
}

FittedSphere FittedSphere::changed(const Row& step) const {
  return {center_mm + step.head<3>(), radius_mm + step[3]};
}

double FittedPlane::distance_mm(const Point3& point, Row& change) const {
  const Vector3 offset = point - point_mm;
  const auto sides = across(normal);
  change << sides.col(0).dot(offset), sides.col(1).dot(offset), -1.0;
  return normal.dot(offset);
}

FittedPlane FittedPlane::changed(const Row& step) const {
  return {point_mm + step[2] * normal, tilted(normal, step[0], step[1]), extent_mm};
}

double FittedCylinder::distance_mm(const Point3& point, Row& change) const {
  const auto [along, radius, outward] = seen_from(point_mm, axis, point);
  const Eigen::Vector2d out = across(axis).transpose() * outward;
  change << -out[0], -out[1], -along * out[0], -along * out[1], -1.0;
  return radius - radius_mm;
}

FittedCylinder FittedCylinder::changed(const Row& step) const {
  return {point_mm + across(axis) * step.head<2>(), tilted(axis, step[2], step[3]), radius_mm + step[4]};
}

double FittedCone::distance_mm(const Point3& point, Row& change) const {
  const auto [along, radius, outward] = seen_from(point_mm, axis, point);
  const Eigen::Vector2d out = across(axis).transpose() * outward;
  const double c = std::cos(half_angle_rad), s = std::sin(half_angle_rad);
  const double by_tilt = -along * c - radius * s;
  change << -c * out[0], -c * out[1], by_tilt * out[0], by_tilt * out[1], -c,
      -(radius - radius_mm) * s - along * c;
  return (radius - radius_mm) * c - along * s;
}

FittedCone FittedCone::changed(const Row& step) const {
  return {point_mm + across(axis) * step.head<2>(), tilted(axis, step[2], step[3]), radius_mm + step[4],
          half_angle_rad + step[5]};
}

double FittedTorus::distance_mm(const Point3& point, Row& change) const {
  const auto [along, radius, outward] = seen_from(center_mm, axis, point);
  const Eigen::Vector2d out = across(axis).transpose() * outward;
  const double from_ring = radius - major_radius_mm, length = std::hypot(from_ring, along);
  const double by_radius = length > 0.0 ? from_ring / length : 0.0;
  const double by_along = length > 0.0 ? along / length : 0.0;
  const double by_tilt = by_along * radius - by_radius * along;
  change << -by_radius * outward - by_along * axis, by_tilt * out[0], by_tilt * out[1], -by_radius, -1.0;
  return length - minor_radius_mm;
}

FittedTorus FittedTorus::changed(const Row& step) const {
  return {center_mm + step.head<3>(), tilted(axis, step[3], step[4]), major_radius_mm + step[5],
          minor_radius_mm + step[6]};
}

}  // namespace meshassay::metrics
