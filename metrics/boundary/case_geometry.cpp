// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/boundary/case_geometry.hpp"

#include <algorithm>
#include <limits>

#include "core/bridge_vtk/boundary_cases.hpp"

namespace meshassay::metrics {
namespace {

Point3 middle_of_edge(int edge, const Vector3& spacing_mm) {
  const int axis = edge >> 2;
  Point3 point = Point3::Zero();
  point[axis] = 0.5;
  point[axis == 0 ? 1 : 0] = edge & 1;
  point[axis == 2 ? 1 : 2] = (edge >> 1) & 1;
  return point.cwiseProduct(spacing_mm);
}

CaseTriangleGeometry geometry_of(const bridge_vtk::CaseTriangle& triangle, const Vector3& spacing_mm) {
  CaseTriangleGeometry result{.corner_edges = triangle};
  for (std::size_t i = 0; i < 3; ++i) {
    result.corners_mm[i] = middle_of_edge(triangle[i], spacing_mm);
    result.mean_half_edge_mm += 0.5 * spacing_mm[triangle[i] >> 2] / 3.0;
  }
  const auto& [a, b, c] = result.corners_mm;
  result.area_mm2 = 0.5 * (b - a).cross(c - a).norm();
  result.shape = element_shape(a, b, c);
  result.unit_normal = (b - a).cross(c - a).normalized();
  for (std::size_t i = 0; i < 3; ++i) result.inward[i] = result.unit_normal.cross(result.shape.edges_mm[i]);
  return result;
}

}  // namespace

Vector3 CaseTriangleGeometry::to_foot_mm(const Point3& point_mm) const {
  Vector3 nearest;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < 3; ++i) {
    const Vector3 to_start = corners_mm[i] - point_mm;
    if (inward[i].dot(to_start) <= 0.0) continue;  // The point is on the inner side.
    const Vector3& along = shape.edges_mm[i];
    const double share = std::clamp(-to_start.dot(along) / shape.squared_mm2[i], 0.0, 1.0);
    const Vector3 to_edge = to_start + share * along;
    if (to_edge.squaredNorm() >= least) continue;
    least = to_edge.squaredNorm();
    nearest = to_edge;
  }
  if (least < std::numeric_limits<double>::infinity()) return nearest;
  return unit_normal.dot(corners_mm[0] - point_mm) * unit_normal;
}

TrianglePair::TrianglePair(const std::array<Point3, 3>& first_mm, const std::array<Point3, 3>& second_mm) {
  for (int lane = 0; lane < 2; ++lane) {
    const std::array<Point3, 3>& corners_mm = lane == 0 ? first_mm : second_mm;
    const Point3 &a = corners_mm[0], &b = corners_mm[1], &c = corners_mm[2];
    const Vector3 s = (b - a).normalized();
    const Vector3 height = (b - a).cross(c - a).normalized();
    const Vector3 t = height.cross(s);
    const auto set_axis = [&](Axis& axis, const Vector3& direction) {
      axis.x[lane] = direction[0];
      axis.y[lane] = direction[1];
      axis.z[lane] = direction[2];
      axis.offset[lane] = direction.dot(a);
    };
    set_axis(s_, s);
    set_axis(t_, t);
    set_axis(height_, height);
    first_length_[lane] = (b - a).norm();
    for (std::size_t n = 0; n < 2; ++n) {
      const Point3& start = n == 0 ? b : c;
      const Vector3 along = (n == 0 ? c : a) - start;
      Edge& edge = further_[n];
      const double length = along.norm();
      const double direction_s = along.dot(s) / length, direction_t = along.dot(t) / length;
      const double start_s = (start - a).dot(s), start_t = (start - a).dot(t);
      edge.direction_s[lane] = direction_s;
      edge.direction_t[lane] = direction_t;
      edge.start_along[lane] = direction_s * start_s + direction_t * start_t;
      edge.start_across[lane] = direction_s * start_t - direction_t * start_s;
      edge.length[lane] = length;
    }
  }
}

std::array<double, 2> TrianglePair::squared_distances_mm2(const Vector3& to_first_mm,
                                                          const Vector3& to_second_mm) const {
  const TwoLanes zero = both(0.0), infinite = both(std::numeric_limits<double>::infinity());
  const TwoLanes x = {to_first_mm[0], to_second_mm[0]}, y = {to_first_mm[1], to_second_mm[1]},
                 z = {to_first_mm[2], to_second_mm[2]};
  const auto coordinate = [&](const Axis& axis) {
    return x * axis.x + y * axis.y + z * axis.z - axis.offset;
  };
  const TwoLanes s = coordinate(s_), t = coordinate(t_), height = coordinate(height_);
  // Nearest is an edge that has the point on its outer side, if there is one: else the plane.
  const auto to_edge = [&](TwoLanes along, TwoLanes across, TwoLanes length) {
    TwoLanes beyond = along < zero ? zero : along;
    beyond = along - (beyond < length ? beyond : length);
    return across < zero ? beyond * beyond + across * across : infinite;
  };
  TwoLanes in_plane = to_edge(s, t, first_length_);
  for (const Edge& edge : further_) {
    const TwoLanes along = edge.direction_s * s + edge.direction_t * t - edge.start_along;
    const TwoLanes across = edge.direction_s * t - edge.direction_t * s - edge.start_across;
    const TwoLanes squared = to_edge(along, across, edge.length);
    in_plane = squared < in_plane ? squared : in_plane;
  }
  in_plane = in_plane < infinite ? in_plane : zero;
  const TwoLanes squared = height * height + in_plane;
  return {squared[0], squared[1]};
}

CaseGeometry::CaseGeometry(const Vector3& spacing_mm) {
  const auto& cases = bridge_vtk::boundary_cases();
  for (std::size_t which = 0; which < cases.size(); ++which) {
    auto& triangles = triangles_[which];
    for (const auto& triangle : cases[which]) {
      triangles.push_back(geometry_of(triangle, spacing_mm));
      for (const auto& corner : triangles.back().corners_mm) boxes_[which].add(corner);
    }
    for (std::size_t n = 0; n < triangles.size(); n += 2)
      pairs_.emplace_back(triangles[n].corners_mm,
                          triangles[n + 1 < triangles.size() ? n + 1 : n].corners_mm);
    first_pair_[which + 1] = pairs_.size();
    first_triangle_[which] = twice_.size();
    for (const auto& triangle : triangles) twice_.emplace_back(triangle.corners_mm, triangle.corners_mm);
  }
}

}  // namespace meshassay::metrics
