// SPDX-License-Identifier: GPL-3.0-or-later
// Least squares over a surface: integrals over triangles in place of sums over points.
#pragma once

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>

#include "core/geometry.hpp"

namespace meshassay::metrics {

/// The four triangles between the corners and the middles of the edges.
[[nodiscard]] inline std::array<std::array<Point3, 3>, 4> quarters(const std::array<Point3, 3>& corners) {
  const auto& [a, b, c] = corners;
  const Point3 ab = 0.5 * (a + b), bc = 0.5 * (b + c), ca = 0.5 * (c + a);
  return {{{a, ab, ca}, {b, bc, ab}, {c, ca, bc}, {ab, bc, ca}}};
}

/// Calls visit(point, weight) at the points of Dunavant's rule of degree 4 (1985); the weights add up to the
/// area. A triangle is quartered first until its edges are at most `longest_edge_mm`.
template <typename Visit>
void for_each_quadrature_point(const std::array<Point3, 3>& corners, double area_mm2, double longest_edge_mm,
                               const Visit& visit) {
  const auto& [a, b, c] = corners;
  const double longest = std::max({(b - a).norm(), (c - b).norm(), (a - c).norm()});
  // At 1/1024 of the edge and below, the parts would outnumber any use.
  const int parts = static_cast<int>(std::clamp(std::ceil(longest / longest_edge_mm), 1.0, 1024.0));
  if (parts > 1) {
    const double longest_part = std::max(longest_edge_mm, longest / 1024.0);
    for (const auto& part : quarters(corners))
      for_each_quadrature_point(part, 0.25 * area_mm2, longest_part, visit);
    return;
  }
  struct Orbit {
    double weight, single;  // Barycentric coordinates (single, rest, rest) and their rotations.
  };
  for (const Orbit& orbit :
       {Orbit{0.223381589678011, 0.108103018168070}, Orbit{0.109951743655322, 0.816847572980459}}) {
    const double rest = 0.5 * (1.0 - orbit.single);
    visit((orbit.single * a + rest * (b + c)).eval(), orbit.weight * area_mm2);
    visit((orbit.single * b + rest * (c + a)).eval(), orbit.weight * area_mm2);
    visit((orbit.single * c + rest * (a + b)).eval(), orbit.weight * area_mm2);
  }
}

/// Normal equations of an area-weighted fit with N unknowns.
template <int N>
struct NormalEquations {
  using Row = Eigen::Matrix<double, N, 1>;
  using Square = Eigen::Matrix<double, N, N>;

  Square matrix = Square::Zero();  ///< Divided by the area it is the mean of row * row^T.
  Row right = Row::Zero();
  double area_mm2 = 0.0, squares = 0.0;

  /// One point: how the residual changes with the unknowns, and the residual.
  void add(double weight, const Row& row, double residual) {
    matrix += weight * row * row.transpose();
    right += weight * residual * row;
    area_mm2 += weight;
    squares += weight * residual * residual;
  }
  [[nodiscard]] double rms() const { return std::sqrt(squares / area_mm2); }
  /// What to add to the unknowns so that the linearised residuals become least.
  [[nodiscard]] Row step() const { return -matrix.ldlt().solve(right); }
  /// Smallest eigenvalue over the largest: 0 where the surface does not determine the unknowns.
  [[nodiscard]] double determination() const {
    const Eigen::SelfAdjointEigenSolver<Square> solver(matrix, Eigen::EigenvaluesOnly);
    const double largest = solver.eigenvalues()[N - 1];
    return largest > 0.0 ? std::max(0.0, solver.eigenvalues()[0]) / largest : 0.0;
  }
  /// Variance of a linear combination of the unknowns, for `values` independent residuals of this size.
  [[nodiscard]] double variance(const Row& combination, double residual_rms, double values) const {
    const Square mean = matrix / area_mm2;
    return std::max(0.0, combination.dot(mean.ldlt().solve(combination))) * residual_rms * residual_rms /
           values;
  }
};

}  // namespace meshassay::metrics
