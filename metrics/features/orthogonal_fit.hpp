// SPDX-License-Identifier: GPL-3.0-or-later
// Orthogonal least squares and minimum zone of any shape that gives its signed distance and how that changes
// with the shape's unknowns.
#pragma once

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "core/geometry.hpp"
#include "metrics/surface/area_least_squares.hpp"

namespace meshassay::metrics {

/// A point of a surface with the area that it stands for.
struct WeightedPoint {
  Point3 point_mm = Point3::Zero();
  double weight = 0.0;
};

/// A shape S gives:
///   static constexpr int unknowns;  using Row = Eigen::Matrix<double, unknowns, 1>;
///   double distance_mm(const Point3&, Row& change) const;   orthogonal, signed; its derivative by the
///   unknowns S changed(const Row& step) const;                       after a step of the unknowns double
///   size_mm() const;                                 a length that a step of a thousandth of counts as small
template <typename Shape>
struct LeastSquaresFit {
  Shape shape;
  double rms_mm = 0.0;
  NormalEquations<Shape::unknowns> equations;  ///< At the solution.
};

/// Newton's method of Gauss with damping (Levenberg 1944, Marquardt 1963). Empty where it does not settle or
/// the points do not determine the shape.
template <typename Shape>
[[nodiscard]] std::optional<LeastSquaresFit<Shape>> least_squares_fit(std::span<const WeightedPoint> points,
                                                                      Shape shape) {
  using Row = typename Shape::Row;
  const auto linearised = [&](const Shape& at) {
    NormalEquations<Shape::unknowns> equations;
    for (const auto& [point, weight] : points) {
      Row change;
      const double distance = at.distance_mm(point, change);
      equations.add(weight, change, distance);
    }
    return equations;
  };
  auto equations = linearised(shape);
  if (!(equations.area_mm2 > 0.0)) return std::nullopt;
  double damping = 1e-6;
  for (int iteration = 0; iteration < 200; ++iteration) {
    auto damped = equations.matrix;
    damped.diagonal() *= 1.0 + damping;
    const Row step = -damped.ldlt().solve(equations.right);
    if (!step.allFinite()) return std::nullopt;
    const Shape next = shape.changed(step);
    const auto next_equations = linearised(next);
    const bool is_small = step.norm() <= 1e-11 * (1.0 + shape.size_mm());
    if (!std::isfinite(next_equations.squares)) return std::nullopt;
    if (next_equations.squares > equations.squares * (1.0 + 1e-12) && !is_small) {
      damping *= 10.0;
      if (damping > 1e12) return std::nullopt;
      continue;
    }
    shape = next;
    equations = next_equations;
    damping = std::max(0.1 * damping, 1e-15);
    if (!is_small) continue;
    if (!(equations.determination() > 1e-14)) return std::nullopt;
    return LeastSquaresFit<Shape>{shape, equations.rms(), equations};
  }
  return std::nullopt;
}

/// The width of the narrowest zone between two parallel shapes that holds all points: the form error of ISO
/// 1101.
struct FormError {
  double lower_mm = 0.0;  ///< No zone of a shape nearby is narrower (to first order about it).
  double upper_mm = 0.0;  ///< That of a shape that was found.
};

/// Lawson's algorithm (1961): weights that grow with the distances turn least squares into least maximum. The
/// weighted root mean square that is left bounds the maximum from below.
/// \param shape  the least-squares fit.
template <typename Shape>
[[nodiscard]] FormError minimum_zone(std::span<const Point3> points, Shape shape, int iterations = 100) {
  using Row = typename Shape::Row;
  std::vector<double> weight(points.size(), 1.0 / static_cast<double>(points.size())),
      distance(points.size());
  FormError result{0.0, std::numeric_limits<double>::infinity()};
  for (int iteration = 0; iteration < iterations; ++iteration) {
    NormalEquations<Shape::unknowns> equations;
    double least = std::numeric_limits<double>::infinity(), greatest = -least;
    for (std::size_t i = 0; i < points.size(); ++i) {
      Row change;
      distance[i] = shape.distance_mm(points[i], change);
      equations.add(weight[i], change, distance[i]);
      least = std::min(least, distance[i]);
      greatest = std::max(greatest, distance[i]);
    }
    result.upper_mm = std::min(result.upper_mm, greatest - least);
    // What is left of the weighted squares after the best step: |d|^2 - right^T matrix^-1 right.
    const Row step = equations.step();
    if (!step.allFinite()) break;
    const double left = (equations.squares + equations.right.dot(step)) / equations.area_mm2;
    result.lower_mm = std::max(result.lower_mm, 2.0 * std::sqrt(std::max(0.0, left)));
    if (result.upper_mm <= 1.01 * result.lower_mm) break;
    shape = shape.changed(step);
    double sum = 0.0;
    for (std::size_t i = 0; i < points.size(); ++i) {
      Row change;
      weight[i] *= std::abs(shape.distance_mm(points[i], change));
      sum += weight[i];
    }
    if (!(sum > 0.0)) break;
    for (auto& w : weight) w /= sum;
  }
  result.lower_mm = std::min(result.lower_mm, result.upper_mm);
  return result;
}

}  // namespace meshassay::metrics
