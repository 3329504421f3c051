// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/pose/pose_fit.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <limits>

namespace meshassay::metrics {
namespace {

constexpr double unseen_below = 1e-3;  // Of the largest eigenvalue.

Eigen::Affine3d small_motion(const PoseEquations& at, const PoseVector& step) {
  const Vector3 turn = step.segment<3>(3) / at.length_mm;
  const double angle = turn.norm();
  Matrix3 linear = Matrix3::Identity();
  if (angle > 0.0) linear = Eigen::AngleAxisd(angle, turn / angle).toRotationMatrix();
  linear *= std::exp(step[6] / at.length_mm);
  Eigen::Affine3d motion = Eigen::Affine3d::Identity();
  motion.linear() = linear;
  motion.translation() = at.centroid_mm + step.head<3>() - linear * at.centroid_mm;
  return motion;
}

// The least step that solves the equations in the motions that are seen.
PoseVector least_step(const PoseEquations& equations, int unknowns) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(
      equations.matrix.topLeftCorner(unknowns, unknowns));
  const double largest = solver.eigenvalues()[unknowns - 1];
  PoseVector step = PoseVector::Zero();
  for (int i = 0; i < unknowns; ++i) {
    if (!(solver.eigenvalues()[i] > unseen_below * largest)) continue;
    const Eigen::VectorXd motion = solver.eigenvectors().col(i);
    step.head(unknowns) -= motion.dot(equations.right.head(unknowns)) / solver.eigenvalues()[i] * motion;
  }
  return step;
}

}  // namespace

PoseEquations pose_equations(std::span<const SurfaceSample> samples, const Eigen::Affine3d& map,
                             const DistanceField& truth, double cap_mm) {
  PoseEquations equations;
  std::vector<Point3> moved;
  moved.reserve(samples.size());
  for (const auto& sample : samples) moved.push_back(map * sample.point_mm);
  const double count = static_cast<double>(samples.size());
  for (const auto& point : moved) equations.centroid_mm += point / count;
  double square_mm2 = 0.0;
  for (const auto& point : moved) square_mm2 += (point - equations.centroid_mm).squaredNorm() / count;
  if (square_mm2 > 0.0) equations.length_mm = std::sqrt(square_mm2);
  std::size_t hint = TriangleTree::none;
  double rms_square_mm2 = 0.0;
  for (const auto& point : moved) {
    const DistanceSample found = truth.sample(point, hint);
    hint = found.triangle;
    const double capped = std::min(std::abs(found.signed_mm), cap_mm);
    rms_square_mm2 += capped * capped / count;
    if (std::abs(found.signed_mm) > cap_mm) continue;
    const Vector3 arm = (point - equations.centroid_mm) / equations.length_mm;
    PoseVector row;
    row << found.gradient, arm.cross(found.gradient), arm.dot(found.gradient);
    equations.matrix += row * row.transpose() / count;
    equations.right += found.signed_mm / count * row;
  }
  equations.rms_mm = std::sqrt(rms_square_mm2);
  return equations;
}

double capped_rms_mm(std::span<const SurfaceSample> samples, const Eigen::Affine3d& map,
                     const DistanceField& truth, double cap_mm) {
  std::size_t hint = TriangleTree::none;
  double squares = 0.0;
  for (const auto& sample : samples) {
    const DistanceSample found = truth.sample(map * sample.point_mm, hint);
    hint = found.triangle;
    const double capped = std::min(std::abs(found.signed_mm), cap_mm);
    squares += capped * capped;
  }
  return std::sqrt(squares / static_cast<double>(samples.size()));
}

Eigen::MatrixXd unseen_motions(const PoseEquations& equations, int unknowns) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(
      equations.matrix.topLeftCorner(unknowns, unknowns));
  int unseen = 0;  // Eigenvalues come in ascending order.
  while (unseen < unknowns &&
         !(solver.eigenvalues()[unseen] > unseen_below * solver.eigenvalues()[unknowns - 1]))
    ++unseen;
  return solver.eigenvectors().leftCols(unseen);
}

PoseFit fit_pose(std::span<const SurfaceSample> samples, const Eigen::Affine3d& start,
                 const DistanceField& truth, const PoseFitOptions& options) {
  PoseFit best{start, pose_equations(samples, start, truth, options.cap_mm)};
  const int unknowns = options.with_size ? 7 : 6;
  constexpr int most_steps = 20;
  // What is far off pulls a surface near at first; once near, what stays far has no say.
  for (const double cap_mm : {std::numeric_limits<double>::infinity(), options.cap_mm}) {
    Eigen::Affine3d map = best.map;
    for (int i = 0; i < most_steps; ++i) {
      const PoseEquations at = pose_equations(samples, map, truth, cap_mm);
      PoseVector step = least_step(at, unknowns);
      const double length = step.norm(), farthest = 0.3 * at.length_mm;  // The linearisation's reach.
      if (length > farthest) step *= farthest / length;
      map = small_motion(at, step) * map;
      if (!(length > 1e-8 * at.length_mm)) break;
    }
    const PoseEquations at = pose_equations(samples, map, truth, options.cap_mm);
    if (at.rms_mm < best.equations.rms_mm) best = {map, at};
  }
  return best;
}

}  // namespace meshassay::metrics
