// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/surface/clipped_surface.hpp"

#include <algorithm>

namespace meshassay::metrics {
namespace {

using Polygon = std::vector<Point3>;

// The part of a convex polygon where side * p[axis] <= limit.
Polygon cut(const Polygon& polygon, int axis, double side, double limit) {
  Polygon kept;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const Point3& from = polygon[i];
    const Point3& to = polygon[(i + 1) % polygon.size()];
    const double from_excess = side * from[axis] - limit;
    const double to_excess = side * to[axis] - limit;
    if (from_excess <= 0.0) kept.push_back(from);
    if ((from_excess < 0.0 && to_excess > 0.0) || (from_excess > 0.0 && to_excess < 0.0)) {
      const double along = from_excess / (from_excess - to_excess);
      kept.push_back(from + along * (to - from));
    }
  }
  return kept;
}

}  // namespace

std::vector<Piece> clipped_to(const TriangleMesh& surface, const OrientedBox3& region) {
  std::vector<Piece> pieces;
  for (std::size_t t = 0; t < surface.triangles.size(); ++t) {
    Polygon polygon;
    for (int i = 0; i < 3; ++i) polygon.push_back(region.to_local(surface.corner(t, i)));
    const Vector3 normal = (polygon[1] - polygon[0]).cross(polygon[2] - polygon[0]);
    const double length = normal.norm();
    if (!(length > 0.0)) continue;
    for (int axis = 0; axis < 3; ++axis)
      for (const double side : {-1.0, 1.0})
        if (!polygon.empty()) polygon = cut(polygon, axis, side, region.half_extent_mm[axis]);
    for (std::size_t i = 2; i < polygon.size(); ++i) {
      const double area = 0.5 * (polygon[i - 1] - polygon[0]).cross(polygon[i] - polygon[0]).norm();
      if (area > 0.0) pieces.push_back({{polygon[0], polygon[i - 1], polygon[i]}, normal / length, area, t});
    }
  }
  return pieces;
}

double area_mm2(std::span<const Piece> pieces) {
  double sum = 0.0;
  for (const auto& piece : pieces) sum += piece.area_mm2;
  return sum;
}

double independent_values(std::span<const Piece> pieces) {
  std::size_t triangles = 0;
  for (std::size_t i = 0; i < pieces.size(); ++i)
    triangles += i == 0 || pieces[i].source != pieces[i - 1].source;
  return std::max(1.0, 0.5 * static_cast<double>(triangles));
}

}  // namespace meshassay::metrics
