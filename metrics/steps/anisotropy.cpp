// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/steps/anisotropy.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>
#include <vector>

#include "core/text.hpp"
#include "metrics/surface/area_least_squares.hpp"
#include "metrics/surface/clipped_surface.hpp"
#include "metrics/surface/distance_field.hpp"
#include "metrics/surface/field_points.hpp"
#include "metrics/surface/surface_rows.hpp"

namespace meshassay::metrics {
namespace {

// Of centre and semi-axes.
using EllipsoidEquations = NormalEquations<6>;

// One point of the surface in the ellipsoid's axes, relative to its centre: with g^2 = sum q_i^2 / a_i^2 and
// h^2 = sum q_i^2 / a_i^4 the distance to first order is (g^2 - 1) / (2 h).
void add_point(EllipsoidEquations& equations, double weight, const Vector3& q, const Vector3& a) {
  const Vector3 over_square = q.array() / a.array().square();
  const double g2 = q.dot(over_square);
  const double h = over_square.norm();
  if (!(h > 0.0)) return;
  EllipsoidEquations::Row row;
  for (int i = 0; i < 3; ++i) {
    const double by_q = over_square[i] / h - (g2 - 1.0) / (2.0 * h * h * h) * over_square[i] / (a[i] * a[i]);
    row[i] = -by_q;  // The centre moves against the point.
    row[3 + i] = -over_square[i] * q[i] / (a[i] * h) +
                 (g2 - 1.0) / (h * h * h) * over_square[i] * over_square[i] / a[i];
  }
  equations.add(weight, row, (g2 - 1.0) / (2.0 * h));
}

FittedNumber ratio_of(const Vector3& semi_axes, const EllipsoidEquations& equations, double values) {
  const double in_plane = 0.5 * (semi_axes[0] + semi_axes[1]);
  EllipsoidEquations::Row gradient = EllipsoidEquations::Row::Zero();
  gradient[3] = gradient[4] = -0.5 * semi_axes[2] / (in_plane * in_plane);
  gradient[5] = 1.0 / in_plane;
  return {.value = semi_axes[2] / in_plane,
          .half_width = 2.0 * std::sqrt(equations.variance(gradient, equations.rms(), values))};
}

Measurement row_of(const MetricDefinition& metric, const Subject& subject, const FittedNumber& number) {
  Measurement row = measured(metric, subject, number.value);
  row.interval = Interval{number.value - number.half_width, number.value + number.half_width};
  row.interval_kind = IntervalKind::expanded_k2;
  row.sources = {{"fit", number.half_width}};
  return row;
}

Measurement ratio_row(const MetricFamily& family, const Subject& subject, const TriangleMesh& surface,
                      const TargetTruth& target, const Matrix3& axes) {
  const Feature* sphere = nullptr;
  for (const auto& feature : target.features)
    if (!sphere && feature.kind == FeatureKind::sphere) sphere = &feature;
  if (!sphere)
    return undefined(family.metrics[0], subject, {"no_reference", "this target has no sphere to measure"});
  const auto found = axis_ratio(surface, *sphere, axes);
  if (const auto* why = std::get_if<Undefined>(&found)) return undefined(family.metrics[0], subject, *why);
  const auto& fit = std::get<AxisRatio>(found);
  Measurement row = row_of(family.metrics[0], subject, fit.ratio);
  row.witnesses = {
      {"feature", sphere->name},
      {"semi_axes_mm", std::vector<double>{fit.semi_axes_mm[0], fit.semi_axes_mm[1], fit.semi_axes_mm[2]}},
      {"residual_rms_mm", fit.residual_rms_mm}};
  return row;
}

std::vector<Measurement> axis_ratio_rows(const SurfaceOfTarget& of) {
  return {ratio_row(axis_ratio_family(), of.subject, of.surface, of.target, of.trial.scan_grid->direction)};
}

std::vector<Measurement> compute_axis_ratio(const Trial& trial, const MetricRequest& request) {
  return rows_a_surface(trial, request, {axis_ratio_family(), find_measurable_surface, axis_ratio_rows});
}

using FieldPoints = std::variant<std::vector<FieldPoint>, Undefined>;

FieldPoints points_against(const TriangleMesh& surface, const TargetTruth& truth) {
  const FieldPointOptions options{.longest_edge_mm = bounding_box(surface).diagonal_mm() / 50.0};
  if (truth.implicit) return field_points(surface, ImplicitField(*truth.implicit), options);
  if (!truth.surface || why_unmeasurable(*truth.surface))
    return Undefined{"no_reference", "the truth of this target has no surface"};
  const MeshDistance distance(*truth.surface);
  if (!distance.has_inside())
    return Undefined{"reference_not_closed", "the reference is a mesh that has no inside"};
  return field_points(surface, MeshField(distance, 0.0), options);
}

// About as many values as there are vertices are independent.
double independent_values_of(const TriangleMesh& surface) {
  return std::max(1.0, 0.5 * static_cast<double>(surface.triangles.size()));
}

std::variant<FittedNumber, Undefined> fit_p2(const std::vector<FieldPoint>& points, const Matrix3& axes,
                                             double values) {
  const auto row_at = [&](const Vector3& normal) {
    const Vector3 n = axes.transpose() * normal;
    Eigen::Matrix<double, 5, 1> row;
    row << 1.0, n[0], n[1], n[2], 0.5 * (3.0 * n[2] * n[2] - 1.0);
    return row;
  };
  NormalEquations<5> equations;
  for (const auto& [weight, point, truth] : points)
    equations.add(weight, row_at(truth.gradient), -truth.signed_mm);
  // Normals of one or two directions give 0 but for rounding; a box with sides gives 0.01 and more.
  if (equations.determination() < 1e-4)
    return Undefined{"rank_deficient", "the truth's normals are of too few directions"};
  const Eigen::Matrix<double, 5, 1> fit = equations.step();
  double squares = 0.0;
  for (const auto& [weight, point, truth] : points) {
    const double residual = truth.signed_mm - row_at(truth.gradient).dot(fit);
    squares += weight * residual * residual;
  }
  const double rms = std::sqrt(squares / equations.area_mm2);
  const double variance = equations.variance(Eigen::Matrix<double, 5, 1>::Unit(4), rms, values);
  return FittedNumber{.value = fit[4], .half_width = 2.0 * std::sqrt(variance)};
}

// The area and the mean square of the distance where the normal is of a kind.
struct Cap {
  double area_mm2 = 0.0, squares = 0.0;
  void add(const FieldPoint& point) {
    area_mm2 += point.area_mm2;
    squares += point.area_mm2 * point.truth.signed_mm * point.truth.signed_mm;
  }
  [[nodiscard]] double rms() const { return std::sqrt(squares / area_mm2); }
};

std::variant<FittedNumber, Undefined> ratio_of_rms(const std::vector<FieldPoint>& points, const Matrix3& axes,
                                                   double values) {
  Cap along, across;
  double area_mm2 = 0.0, size_mm = 0.0;
  for (const auto& point : points) {
    const double nz = std::abs(axes.col(2).dot(point.truth.gradient));
    if (nz > 0.8) along.add(point);
    if (nz < 0.2) across.add(point);
    area_mm2 += point.area_mm2;
    size_mm = std::max(size_mm, point.point_mm.cwiseAbs().maxCoeff());
  }
  if (along.area_mm2 < 0.001 * area_mm2 || across.area_mm2 < 0.001 * area_mm2)
    return Undefined{"rank_deficient", "the truth has no faces both across and along the slice axis"};
  // Below this a distance is rounding, and a ratio to it says nothing.
  if (!(across.rms() > 1e-12 * (1.0 + size_mm)))
    return Undefined{"rank_deficient", "the surface lies on the truth where that is along the slice axis"};
  const double ratio = along.rms() / across.rms();
  // A mean square over n values scatters by sqrt(2 / n) of itself, its root by half of that; two standard
  // errors.
  const auto relative_variance = [&](const Cap& cap) {
    return 0.5 / std::max(1.0, values * cap.area_mm2 / area_mm2);
  };
  return FittedNumber{
      .value = ratio,
      .half_width = 2.0 * ratio * std::sqrt(relative_variance(along) + relative_variance(across))};
}

Measurement row_or_why(const MetricDefinition& metric, const Subject& subject,
                       const std::variant<FittedNumber, Undefined>& found, double least) {
  if (const auto* why = std::get_if<Undefined>(&found)) return undefined(metric, subject, *why);
  Measurement row = row_of(metric, subject, std::get<FittedNumber>(found));
  row.interval->lo = std::max(least, row.interval->lo);
  return row;
}

std::vector<Measurement> anisotropy_rows(const SurfaceOfTarget& of) {
  const MetricFamily& family = anisotropy_family();
  const auto& [trial, target, surface, subject] = of;
  const FieldPoints points = points_against(surface, target);
  if (const auto* why = std::get_if<Undefined>(&points)) return all_undefined(family, subject, *why);
  const auto& at = std::get<std::vector<FieldPoint>>(points);
  const Matrix3& axes = trial.scan_grid->direction;
  const double values = independent_values_of(surface);
  return {row_or_why(family.metrics[0], subject, fit_p2(at, axes, values),
                     -std::numeric_limits<double>::infinity()),
          row_or_why(family.metrics[1], subject, ratio_of_rms(at, axes, values), 0.0)};
}

std::vector<Measurement> compute_anisotropy(const Trial& trial, const MetricRequest& request) {
  return rows_a_surface(trial, request, {anisotropy_family(), find_measurable_surface, anisotropy_rows});
}

}  // namespace

std::variant<AxisRatio, Undefined> axis_ratio(const TriangleMesh& surface, const Feature& sphere,
                                              const Matrix3& axes) {
  const auto pieces = clipped_to(surface, sphere.region);
  const double expected_mm2 = 4.0 * std::numbers::pi * sphere.nominal_mm * sphere.nominal_mm;
  if (area_mm2(pieces) < 0.5 * expected_mm2)
    return Undefined{"feature_missing", sphere.name + ": its surface has " +
                                            format_rounded(area_mm2(pieces)) + " of " +
                                            format_rounded(expected_mm2) + " mm2"};
  const Matrix3 to_axes = axes.transpose() * sphere.region.axes;
  Vector3 center = Vector3::Zero();  // From the region's centre, in the scan's axes.
  Vector3 semi_axes = Vector3::Constant(sphere.nominal_mm);
  for (int iteration = 0; iteration < 100; ++iteration) {
    EllipsoidEquations equations;
    for (const auto& piece : pieces)
      for_each_quadrature_point(piece.corners, piece.area_mm2, sphere.nominal_mm / 8.0,
                                [&](const Point3& point, double weight) {
                                  add_point(equations, weight, to_axes * point - center, semi_axes);
                                });
    EllipsoidEquations::Row step = equations.step();
    if (!step.allFinite()) break;
    // No farther than a fifth of the size at once: far from the solution the linearisation does not hold.
    const double farthest = 0.2 * sphere.nominal_mm;
    if (step.norm() > farthest) step *= farthest / step.norm();
    center += step.head<3>();
    semi_axes += step.tail<3>();
    if (!(semi_axes.minCoeff() > 0.01 * sphere.nominal_mm)) break;
    if (step.norm() > 1e-10 * sphere.nominal_mm) continue;
    const double values = independent_values(pieces);
    AxisRatio result{.ratio = ratio_of(semi_axes, equations, values),
                     .semi_axes_mm = semi_axes,
                     .residual_rms_mm = equations.rms()};
    for (int i = 0; i < 3; ++i)
      result.half_width_mm[i] =
          2.0 * std::sqrt(equations.variance(EllipsoidEquations::Row::Unit(3 + i), equations.rms(), values));
    return result;
  }
  return Undefined{"not_converged", sphere.name + ": no ellipsoid fits"};
}

std::variant<FittedNumber, Undefined> p2_coefficient_mm(const TriangleMesh& surface, const TargetTruth& truth,
                                                        const Matrix3& axes) {
  const FieldPoints points = points_against(surface, truth);
  if (const auto* why = std::get_if<Undefined>(&points)) return *why;
  return fit_p2(std::get<std::vector<FieldPoint>>(points), axes, independent_values_of(surface));
}

std::variant<FittedNumber, Undefined> rms_ratio(const TriangleMesh& surface, const TargetTruth& truth,
                                                const Matrix3& axes) {
  const FieldPoints points = points_against(surface, truth);
  if (const auto* why = std::get_if<Undefined>(&points)) return *why;
  return ratio_of_rms(std::get<std::vector<FieldPoint>>(points), axes, independent_values_of(surface));
}

const MetricFamily& axis_ratio_family() {
  static const MetricFamily family{
      .name = "axis_ratio",
      .metrics = {{.id = "anisotropy.axis_ratio",
                   .unit = "1",
                   .definition =
                       "Semi-axis along the slice axis over the mean in-plane one, of the ellipsoid "
                       "that fits a sphere's measured surface best, weighted by area.",
                   .source = "MeshAssay"}},
      .needs = {"surface", "feature:sphere", "scan_grid"},
      .compute = compute_axis_ratio};
  return family;
}

const MetricFamily& anisotropy_family() {
  static const MetricFamily family{
      .name = "anisotropy",
      .metrics = {{.id = "anisotropy.p2",
                   .unit = "mm",
                   .is_signed = true,
                   .definition = "Coefficient of P2(n_z) in the area-weighted least squares of the signed "
                                 "distance on {1, n_x, n_y, n_z, P2(n_z)}, n the truth's normal, z the slice "
                                 "axis; 1.5 times it is the bias along the slice axis less that in plane.",
                   .source = "MeshAssay"},
                  {.id = "anisotropy.rms_ratio",
                   .unit = "1",
                   .definition =
                       "Root mean square of the distance to the truth where |n_z| > 0.8 over that where "
                       "|n_z| < 0.2, n the truth's normal, z the slice axis.",
                   .source = "MeshAssay"}},
      .needs = {"surface", "reference_surface", "scan_grid"},
      .compute = compute_anisotropy};
  return family;
}

}  // namespace meshassay::metrics
