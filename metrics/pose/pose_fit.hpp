// SPDX-License-Identifier: GPL-3.0-or-later
// The rigid motion or similarity that lays points of a surface onto the truth best.
#pragma once

#include <span>
#include <vector>

#include "metrics/surface/distance_field.hpp"
#include "metrics/surface/surface_samples.hpp"

namespace meshassay::metrics {

/// Shift, rotation vector times `length_mm`, and relative size times `length_mm`, about the points' centroid.
using PoseVector = Eigen::Matrix<double, 7, 1>;
using PoseMatrix = Eigen::Matrix<double, 7, 7>;

/// How the mean square of the distance to the truth depends on small motions.
struct PoseEquations {
  PoseMatrix matrix = PoseMatrix::Zero();  ///< Mean of row * row^T; without unit.
  PoseVector right = PoseVector::Zero();
  Point3 centroid_mm = Point3::Zero();
  double length_mm = 1.0;  ///< Root mean square distance of the points from their centroid.
  /// Root mean square distance to the truth; distances above the cap count as the cap.
  double rms_mm = 0.0;
};
/// \param map  applied to the samples first. \param cap_mm  points farther than this have no say in the fit.
[[nodiscard]] PoseEquations pose_equations(std::span<const SurfaceSample> samples, const Eigen::Affine3d& map,
                                           const DistanceField& truth, double cap_mm);
/// rms_mm alone.
[[nodiscard]] double capped_rms_mm(std::span<const SurfaceSample> samples, const Eigen::Affine3d& map,
                                   const DistanceField& truth, double cap_mm);

/// Motions that the shape does not see (a ball's rotations), as orthonormal columns: those whose mean square
/// effect is below a thousandth of the largest. \param unknowns  6: rigid, 7: with size.
[[nodiscard]] Eigen::MatrixXd unseen_motions(const PoseEquations& equations, int unknowns);

struct PoseFitOptions {
  bool with_size = false;
  double cap_mm = 1.0;
};
struct PoseFit {
  Eigen::Affine3d map = Eigen::Affine3d::Identity();  ///< From the surface to the truth.
  PoseEquations equations;                            ///< There.
};
/// Gauss-Newton (point to plane: Chen and Medioni 1992) from `start`, first with all points, then with those
/// within the cap; motions that the shape does not see are left alone. What is returned is the best that was
/// seen, `start` included.
[[nodiscard]] PoseFit fit_pose(std::span<const SurfaceSample> samples, const Eigen::Affine3d& start,
                               const DistanceField& truth, const PoseFitOptions& options);

}  // namespace meshassay::metrics
