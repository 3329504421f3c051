// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/distance_field.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>
#include <vector>

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

using Polygon = std::vector<Point3>;

struct Halves {
  Polygon positive, negative;
};

// Cuts a convex polygon by the plane normal.(p - origin) = 0; what lies in the plane goes to both.
Halves cut(const Polygon& polygon, const Point3& origin, const Vector3& normal) {
  Halves halves;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const Point3& from = polygon[i];
    const Point3& to = polygon[(i + 1) % polygon.size()];
    const double at_from = normal.dot(from - origin), at_to = normal.dot(to - origin);
    if (at_from >= 0.0) halves.positive.push_back(from);
    if (at_from <= 0.0) halves.negative.push_back(from);
    if (at_from * at_to >= 0.0) continue;
    const Point3 crossing = from + at_from / (at_from - at_to) * (to - from);
    halves.positive.push_back(crossing);
    halves.negative.push_back(crossing);
  }
  return halves;
}

Point3 mean_of(const Polygon& polygon) {
  Point3 sum = Point3::Zero();
  for (const auto& corner : polygon) sum += corner;
  return sum / static_cast<double>(polygon.size());
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

double MeshField::tightened_upper_mm(const Cell& cell) const {
  // Not worth a cut: what the corners and the centroid attain anyway, and a little.
  const double enough =
      std::max(greatest_magnitude(cell.at_corners), std::abs(cell.at_center)) + 1e-4 * cell.radius_mm();
  const auto farthest_mm = [&](const Polygon& polygon, std::size_t triangle) {
    double result = 0.0;
    for (const auto& corner : polygon)
      result = std::max(result, distance_.distance_to_triangle_mm(corner, triangle));
    return result;
  };
  double upper_mm = 0.0;
  int cuts_left = 64;  // A cell over more triangles than this is better halved.
  std::vector<Polygon> parts = {Polygon(cell.corners.begin(), cell.corners.end())};
  while (!parts.empty()) {
    Polygon part = std::move(parts.back());
    parts.pop_back();
    const std::size_t triangle = sample(mean_of(part)).triangle;
    const double uncut_mm = farthest_mm(part, triangle);
    if (uncut_mm <= enough || cuts_left-- <= 0) {
      upper_mm = std::max(upper_mm, uncut_mm);
      continue;
    }
    // The planes through the triangle's edges that halve the angle to its neighbours.
    std::vector<Polygon> beyond;
    for (int edge = 0; edge < 3 && !part.empty(); ++edge) {
      const Point3& from = distance_.mesh().corner(triangle, edge);
      const Point3& to = distance_.mesh().corner(triangle, (edge + 1) % 3);
      const Point3& opposite = distance_.mesh().corner(triangle, (edge + 2) % 3);
      Vector3 inward = (to - from).cross(distance_.pseudonormal(triangle, 3 + edge));
      if (inward.dot(opposite - from) < 0.0) inward = -inward;
      Halves halves = cut(part, from, inward);
      part = std::move(halves.positive);
      if (halves.negative.size() >= 3) beyond.push_back(std::move(halves.negative));
    }
    if (part.size() < 3) {  // Nothing lies over its own nearest triangle: cutting gets nowhere.
      upper_mm = std::max(upper_mm, uncut_mm);
      continue;
    }
    upper_mm = std::max(upper_mm, farthest_mm(part, triangle));
    std::move(beyond.begin(), beyond.end(), std::back_inserter(parts));
  }
  return std::min(upper_mm, cell.upper_mm);
}

}  // namespace meshassay::metrics
