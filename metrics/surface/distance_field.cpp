// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/surface/distance_field.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "metrics/surface/cut_polygon.hpp"

namespace meshassay::metrics {
namespace {

double radius_about_centroid_mm(const std::array<Point3, 3>& corners) {
  const Point3 centroid = (corners[0] + corners[1] + corners[2]) / 3.0;
  return std::sqrt(std::max({(corners[0] - centroid).squaredNorm(), (corners[1] - centroid).squaredNorm(),
                             (corners[2] - centroid).squaredNorm()}));
}

// The linear model about the centroid, and the bound that holds for every distance: it is 1-Lipschitz.
void set_model(Cell& cell, const DistanceSample& center) {
  cell.at_center = center.signed_mm;
  const Point3 centroid = cell.center();
  for (std::size_t i = 0; i < 3; ++i)
    cell.model[i] = center.signed_mm + center.gradient.dot(cell.corners[i] - centroid);
  cell.upper_mm = std::abs(center.signed_mm) + cell.radius_mm();
}

// Bounds from below of the distances of a cell's points to sets of points, against a linear model of them.
class LowerBound {
 public:
  // The model is `at_center` + gradient.(p - center), unit gradient.
  LowerBound(const Cell& cell, const Point3& center, double at_center, const Vector3& gradient)
      : corners_(cell.corners), center_(center), gradient_(gradient) {
    offset_ = gradient.dot(center) - at_center;
    for (std::size_t i = 0; i < 3; ++i) model_[i] = at_center + gradient.dot(corners_[i] - center);
  }

  // How far the distance to a box may be below the model, at most; more need not be known than that it is no
  // more than `enough`.
  [[nodiscard]] double below_model(const Point3& low, const Point3& high, double enough) const {
    const Point3 middle = 0.5 * (low + high);
    const Vector3 half = 0.5 * (high - low);
    // w the gradient: w.p less the model is the same everywhere.
    const double by_gradient = gradient_.dot(middle) + gradient_.cwiseAbs().dot(half) - offset_;
    if (by_gradient <= enough) return std::max(0.0, by_gradient);
    // w away from the box, seen from the centre.
    const Vector3 away = center_ - center_.cwiseMax(low).cwiseMin(high);
    const double length = away.norm();
    if (!(length > 0.0)) return by_gradient;
    const Vector3 w = away / length;
    return std::min(by_gradient, w.dot(middle) + w.cwiseAbs().dot(half) - least_gain(w));
  }

  // The same of a triangle. \param normal  a unit one, or zero.
  [[nodiscard]] double below_model(const std::array<Point3, 3>& triangle, const Vector3& normal,
                                   double enough) const {
    double best = support(gradient_, triangle) - offset_;
    if (best <= enough) return best;
    const auto try_direction = [&](const Vector3& w) {
      best = std::min(best, support(w, triangle) - least_gain(w));
    };
    if (normal != Vector3::Zero())
      try_direction(normal.dot(center_ - triangle[0]) < 0.0 ? (-normal).eval() : normal);
    if (best <= enough) return best;
    const Vector3 away =
        center_ - nearest_on_triangle(center_, triangle[0], triangle[1], triangle[2]).point_mm;
    if (const double length = away.norm(); length > 0.0) try_direction(away / length);
    return best;
  }

 private:
  static double support(const Vector3& w, const std::array<Point3, 3>& triangle) {
    return std::max({w.dot(triangle[0]), w.dot(triangle[1]), w.dot(triangle[2])});
  }
  // Least of w.p less the model; where the model is below zero no distance is below it.
  [[nodiscard]] double least_gain(const Vector3& w) const {
    return std::min(
        {w.dot(corners_[0]) - model_[0], w.dot(corners_[1]) - model_[1], w.dot(corners_[2]) - model_[2]});
  }

  const std::array<Point3, 3>& corners_;
  const Point3 center_;
  const Vector3 gradient_;
  double offset_ = 0.0;
  CornerValues model_ = {};
};

}  // namespace

double Cell::radius_mm() const { return radius_about_centroid_mm(corners); }

DistanceSample ImplicitField::sample(const Point3& point_mm, std::size_t) const {
  return {.signed_mm = surface_.signed_distance_mm(point_mm), .gradient = surface_.gradient(point_mm)};
}

void ImplicitField::describe(Cell& cell) const {
  set_model(cell, sample(cell.center()));
  const double radius_mm = cell.radius_mm();
  cell.departure_mm = std::min(surface_.flatness_mm(cell.center(), radius_mm), 2.0 * radius_mm);
  cell.estimate_mm = cell.departure_mm;
  cell.upper_mm = std::min(cell.upper_mm, greatest_magnitude(cell.model) + cell.departure_mm);
}

DistanceSample MeshField::sample(const Point3& point_mm, std::size_t hint) const {
  const auto found = distance_.sample(point_mm, hint);
  return {.signed_mm = found.signed_mm, .gradient = found.gradient, .triangle = found.triangle};
}

void MeshField::describe(Cell& cell) const {
  const Point3 center_point = cell.center();
  const DistanceSample center = sample(center_point, cell.triangles_at_corners[0]);
  set_model(cell, center);
  const double radius_mm = cell.radius_mm();
  // For a departure that grows as the square of the distance from the centroid the mean over the triangle is
  // a quarter of that over the corners; across a kink it is less than the mean over the corners too.
  cell.estimate_mm = 0.0;
  for (std::size_t i = 0; i < 3; ++i) cell.estimate_mm += std::abs(cell.at_corners[i] - cell.model[i]) / 3.0;

  const double sign = center.signed_mm < 0.0 ? -1.0 : 1.0;
  double above = 0.0;  // How far the distance is above the model, without its sign, at most.
  double farthest_mm = 0.0;
  for (std::size_t i = 0; i < 3; ++i) {
    const double corner_mm = distance_.distance_to_triangle_mm(cell.corners[i], center.triangle);
    above = std::max(above, corner_mm - sign * cell.model[i]);
    farthest_mm = std::max(farthest_mm, corner_mm);
  }
  cell.upper_mm = std::min(cell.upper_mm, farthest_mm);
  const LowerBound bound(cell, center_point, sign * center.signed_mm, sign * center.gradient);
  double below = 0.0;
  const auto look_at = [&](std::size_t triangle, const std::array<Point3, 3>& corners) {
    below = std::max(below, bound.below_model(corners, distance_.pseudonormal(triangle, 6),
                                              std::max(below, resolution_mm_)));
  };
  // The neighbours of the nearest triangle first: most often nothing is nearer than they are.
  for (int edge = 0; edge < 3; ++edge)
    if (const std::size_t t = distance_.neighbour(center.triangle, edge); t != TriangleTree::none)
      look_at(t,
              {distance_.mesh().corner(t, 0), distance_.mesh().corner(t, 1), distance_.mesh().corner(t, 2)});
  int boxes_left = 400;  // Where more are in question the cell is too large for a bound that is of use.
  // What is farther from the centroid is nowhere nearer than the model.
  const double reach_mm = greatest_magnitude(cell.model) + radius_mm;
  distance_.tree().visit(
      {.center_mm = center_point, .radius_mm = reach_mm},
      [&](const Point3& low, const Point3& high) {
        if (boxes_left-- <= 0) return false;
        const double enough = std::max(below, resolution_mm_);
        const double may_be_below = bound.below_model(low, high, enough);
        if (may_be_below > enough) return true;
        below = std::max(below, may_be_below);
        return false;
      },
      look_at);
  const double either = boxes_left < 0 ? 2.0 * radius_mm : std::max(above, below);
  // Where the model is above `either` the distance is above zero and its sign that of the centre, since that
  // part of the cell is convex and does not meet the mesh. Elsewhere both are at most twice that.
  const double least = std::min({sign * cell.model[0], sign * cell.model[1], sign * cell.model[2]});
  const double most = greatest_magnitude(cell.model);
  if (least > either)
    cell.departure_mm = either;
  else if (std::abs(center.signed_mm) > either)
    cell.departure_mm = 3.0 * either;
  else
    cell.departure_mm = 2.0 * most + either;
  cell.departure_mm = std::min(cell.departure_mm, 2.0 * radius_mm);
  cell.estimate_mm = std::min(cell.estimate_mm, cell.departure_mm);
}

std::vector<Cell> MeshField::natural_parts(const Cell& cell) const {
  if (cell.lies_over_one_triangle) return {};
  struct Part {
    SmallPolygon polygon;
    std::size_t triangle;
  };
  const std::size_t nearest = sample(cell.center(), cell.triangles_at_corners[0]).triangle;
  if (cell.radius_mm() > 2.0 * radius_about_centroid_mm({distance_.mesh().corner(nearest, 0),
                                                         distance_.mesh().corner(nearest, 1),
                                                         distance_.mesh().corner(nearest, 2)}))
    return {};
  std::vector<Part> waiting = {{SmallPolygon(cell.corners), nearest}};
  std::vector<Cell> cells;
  // In fans, so that neighbours share corners; the distance at a corner is asked for once a part.
  const auto add = [&](const SmallPolygon& polygon, std::size_t triangle, bool is_simple) {
    std::array<DistanceSample, SmallPolygon::most_corners> at;
    for (std::size_t i = 0; i < polygon.size(); ++i) at[i] = sample(polygon[i], triangle);
    for (std::size_t i = 2; i < polygon.size(); ++i) {
      Cell part;
      part.lies_over_one_triangle = is_simple;
      const std::array<std::size_t, 3> from = {0, i - 1, i};
      for (std::size_t k = 0; k < 3; ++k) {
        part.corners[k] = polygon[from[k]];
        part.at_corners[k] = at[from[k]].signed_mm;
        part.triangles_at_corners[k] = at[from[k]].triangle;
      }
      part.area_mm2 =
          0.5 * (part.corners[1] - part.corners[0]).cross(part.corners[2] - part.corners[0]).norm();
      if (!(part.area_mm2 > 0.0)) continue;
      describe(part);
      cells.push_back(part);
    }
  };
  int cuts_left = 64;
  while (!waiting.empty()) {
    Part part = waiting.back();
    waiting.pop_back();
    if (cuts_left-- <= 0) {
      add(part.polygon, part.triangle, false);
      continue;
    }
    const auto corner = [&](int i) -> const Point3& { return distance_.mesh().corner(part.triangle, i % 3); };
    for (int edge = 0; edge < 3 && part.polygon.size() > 0; ++edge) {
      const std::size_t neighbour = distance_.neighbour(part.triangle, edge);
      if (neighbour == TriangleTree::none || part.polygon.is_full()) continue;
      Vector3 inward =
          (corner(edge + 1) - corner(edge)).cross(distance_.pseudonormal(part.triangle, 3 + edge));
      if (inward.dot(corner(edge + 2) - corner(edge)) < 0.0) inward = -inward;
      PolygonHalves halves = cut(part.polygon, corner(edge), inward);
      part.polygon = halves.positive;
      if (halves.negative.size() > 0) waiting.push_back({halves.negative, neighbour});
    }
    if (part.polygon.size() == 0) continue;
    if (part.polygon.is_full()) {
      add(part.polygon, part.triangle, false);
      continue;
    }
    const PolygonHalves sides = cut(part.polygon, corner(0), distance_.pseudonormal(part.triangle, 6));
    for (const SmallPolygon* side : {&sides.positive, &sides.negative})
      if (side->size() > 0) add(*side, part.triangle, true);
  }
  return cells;
}

}  // namespace meshassay::metrics
