// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a surface came out longer or shorter along the slice axis than in the slices.
#pragma once

#include <variant>

#include "core/feature.hpp"
#include "core/reason.hpp"
#include "core/triangle_mesh.hpp"
#include "core/truth.hpp"
#include "metrics/registry.hpp"

namespace meshassay::metrics {

/// A number with its expanded uncertainty (k = 2, from the fit's residuals).
struct FittedNumber {
  double value = 0.0, half_width = 0.0;
};

/// An ellipsoid with axes along those of the scan.
struct AxisRatio {
  FittedNumber ratio;                      ///< Semi-axis along the slice axis over the mean of the other two.
  Vector3 semi_axes_mm = Vector3::Zero();  ///< Along columns, rows and slices.
  Vector3 half_width_mm = Vector3::Zero();  ///< Of each semi-axis: two standard errors.
  double residual_rms_mm = 0.0;
};

/// Fits an ellipsoid to the measured surface in a sphere's region, by area-weighted least squares of the
/// distance to first order, (g^2 - 1) / |grad g^2|; exact for an ellipsoid.
/// \param axes  columns: directions of the scan's columns, rows and slices.
/// Undefined: feature_missing where less than half of the sphere is there, not_converged.
/// \pre The surface is measurable: see why_unmeasurable().
[[nodiscard]] std::variant<AxisRatio, Undefined> axis_ratio(const TriangleMesh& surface,
                                                            const Feature& sphere, const Matrix3& axes);

/// Coefficient in mm of P2(n_z) = (3 n_z^2 - 1) / 2 in the area-weighted least squares of the signed distance
/// to the truth on {1, n_x, n_y, n_z, P2(n_z)}; n is the truth's normal at the foot point, z the slice axis.
/// The linear terms take a shift out; the bias along the slice axis less that in plane is 1.5 times it.
/// Undefined: rank_deficient where the truth's normals do not determine it, reference_not_closed,
/// no_reference. \pre The surface is measurable.
[[nodiscard]] std::variant<FittedNumber, Undefined> p2_coefficient_mm(const TriangleMesh& surface,
                                                                      const TargetTruth& truth,
                                                                      const Matrix3& axes);

/// Root mean square of the distance to the truth where |n_z| > 0.8 over that where |n_z| < 0.2: 1 for a
/// surface that is as good along the slice axis as in the slices. Undefined: rank_deficient where a
/// thousandth of the area or less is of one kind, or the surface lies on the truth in plane;
/// reference_not_closed, no_reference. \pre The surface is measurable.
[[nodiscard]] std::variant<FittedNumber, Undefined> rms_ratio(const TriangleMesh& surface,
                                                              const TargetTruth& truth, const Matrix3& axes);

/// The row `anisotropy.axis_ratio`, for spheres.
[[nodiscard]] const MetricFamily& axis_ratio_family();
/// The rows `anisotropy.p2` and `anisotropy.rms_ratio`, for every shape that turns enough.
[[nodiscard]] const MetricFamily& anisotropy_family();

}  // namespace meshassay::metrics
