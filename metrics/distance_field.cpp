// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/distance_field.hpp"

#include <algorithm>
#include <cmath>

namespace meshassay::metrics {
namespace {

// The linear model about the centroid, and the bound that holds for every distance: it is 1-Lipschitz.
void set_model(Cell& cell, const DistanceSample& center) {
  cell.at_center = center.signed_mm;
  const Point3 centroid = cell.center();
  for (std::size_t i = 0; i < 3; ++i)
    cell.model[i] = center.signed_mm + center.gradient.dot(cell.corners[i] - centroid);
  cell.upper_mm = std::abs(center.signed_mm) + cell.radius_mm();
}

}  // namespace

double Cell::radius_mm() const {
  const Point3 centroid = center();
  return std::sqrt(std::max({(corners[0] - centroid).squaredNorm(), (corners[1] - centroid).squaredNorm(),
                             (corners[2] - centroid).squaredNorm()}));
}

DistanceSample ImplicitField::sample(const Point3& point_mm) const {
  return {.signed_mm = surface_.signed_distance_mm(point_mm), .gradient = surface_.gradient(point_mm)};
}

void ImplicitField::describe(Cell& cell) const {
  set_model(cell, sample(cell.center()));
  const double radius_mm = cell.radius_mm();
  cell.departure_mm = std::min(surface_.flatness_mm(cell.center(), radius_mm), 2.0 * radius_mm);
  cell.upper_mm = std::min(cell.upper_mm, greatest_magnitude(cell.model) + cell.departure_mm);
}

DistanceSample MeshField::sample(const Point3& point_mm) const {
  const auto found = distance_.sample(point_mm);
  return {.signed_mm = found.signed_mm, .gradient = found.gradient, .triangle = found.triangle};
}

void MeshField::describe(Cell& cell) const {
  const DistanceSample center = sample(cell.center());
  set_model(cell, center);
  // For a departure that grows as the square of the distance from the centroid the mean over the triangle is
  // a quarter of that over the corners; across a kink it is less than the mean over the corners too.
  cell.departure_mm = 0.0;
  for (std::size_t i = 0; i < 3; ++i) cell.departure_mm += std::abs(cell.at_corners[i] - cell.model[i]) / 3.0;
  const auto& near = cell.triangles_at_corners;
  for (const std::size_t candidate : {center.triangle, near[0], near[1], near[2]}) {
    double farthest_mm = 0.0;
    for (const auto& corner : cell.corners)
      farthest_mm = std::max(farthest_mm, distance_.distance_to_triangle_mm(corner, candidate));
    cell.upper_mm = std::min(cell.upper_mm, farthest_mm);
  }
}

}  // namespace meshassay::metrics
