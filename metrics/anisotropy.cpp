// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/anisotropy.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <utility>
#include <vector>

#include "core/text.hpp"
#include "metrics/area_least_squares.hpp"
#include "metrics/clipped_surface.hpp"
#include "metrics/distance_field.hpp"
#include "metrics/measurable_surface.hpp"
#include "metrics/measurement_rows.hpp"

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

Measurement p2_row(const MetricFamily& family, const Subject& subject, const TriangleMesh& surface,
                   const TargetTruth& target, const Matrix3& axes) {
  const auto found = p2_coefficient_mm(surface, target, axes);
  if (const auto* why = std::get_if<Undefined>(&found)) return undefined(family.metrics[0], subject, *why);
  return row_of(family.metrics[0], subject, std::get<FittedNumber>(found));
}

template <const MetricFamily& (*family)(), auto row_of_target>
std::vector<Measurement> compute(const Trial& trial, const MetricRequest& request) {
  std::vector<Measurement> rows;
  for (const auto& target : trial.truth.targets) {
    const Subject subject{surface_stage(request), target_name(trial, target)};
    const auto found = find_measurable_surface(trial, request, target.label);
    if (const auto* why = std::get_if<Undefined>(&found))
      rows.push_back(undefined(family().metrics[0], subject, *why));
    else
      rows.push_back(row_of_target(family(), subject, *std::get<const TriangleMesh*>(found), target,
                                   trial.scan_grid->direction));
  }
  return rows;
}

// A point of the surface, its share of the area and the truth there.
struct FieldPoint {
  double weight;
  DistanceSample truth;
};

// How points are spread for integrals over a surface.
struct Spread {
  double longest_edge_mm;  // Of a triangle with one set of points.
  int cuts_at_a_jump = 5;
  std::size_t many_points = 4'000'000;  // From here on nothing is cut at jumps: memory is not without end.
};

double longest_edge_mm(const std::array<Point3, 3>& corners) {
  const auto& [a, b, c] = corners;
  return std::max({(b - a).norm(), (c - b).norm(), (a - c).norm()});
}

// Points of a triangle for integrals over it. Where the truth's normal turns sharply beneath the triangle,
// the integrand jumps and no rule is good: such a triangle is quartered, down to a strip.
void add_field_points(std::vector<FieldPoint>& points, const DistanceField& field,
                      const std::array<Point3, 3>& corners, double area_mm2, const Spread& spread,
                      int cuts = 0) {
  const auto quarter = [&](int cuts_of_parts) {
    for (const auto& part : quarters(corners))
      add_field_points(points, field, part, 0.25 * area_mm2, spread, cuts_of_parts);
  };
  const double longest_mm = longest_edge_mm(corners);
  if (longest_mm > spread.longest_edge_mm) return quarter(cuts);
  const std::size_t first = points.size();
  for_each_quadrature_point(corners, area_mm2, longest_mm, [&](const Point3& point, double weight) {
    points.push_back({weight, field.sample(point)});
  });
  if (cuts == spread.cuts_at_a_jump || first > spread.many_points) return;
  const Vector3 normal = points[first].truth.gradient;
  const auto turned = [&](const Vector3& other) { return (other - normal).squaredNorm() > 0.25; };
  if (std::any_of(points.begin() + static_cast<std::ptrdiff_t>(first), points.end(),
                  [&](const FieldPoint& point) { return turned(point.truth.gradient); }) ||
      std::any_of(corners.begin(), corners.end(),
                  [&](const Point3& corner) { return turned(field.sample(corner).gradient); })) {
    points.resize(first);
    quarter(cuts + 1);
  }
}

std::variant<FittedNumber, Undefined> fit_p2(const TriangleMesh& surface, const DistanceField& field,
                                             const Matrix3& axes) {
  const auto row_at = [&](const Vector3& normal) {
    const Vector3 n = axes.transpose() * normal;
    Eigen::Matrix<double, 5, 1> row;
    row << 1.0, n[0], n[1], n[2], 0.5 * (3.0 * n[2] * n[2] - 1.0);
    return row;
  };
  const Spread spread{.longest_edge_mm = bounding_box(surface).diagonal_mm() / 50.0};
  // Kept for the residuals: a second pass over distances would cost as much as the first.
  std::vector<FieldPoint> points;
  for (std::size_t t = 0; t < surface.triangles.size(); ++t)
    add_field_points(points, field, {surface.corner(t, 0), surface.corner(t, 1), surface.corner(t, 2)},
                     area_vector_mm2(surface, t).norm(), spread);
  NormalEquations<5> equations;
  for (const auto& [weight, truth] : points) equations.add(weight, row_at(truth.gradient), -truth.signed_mm);
  // Normals of one or two directions give 0 but for rounding; a box with sides gives 0.01 and more.
  if (equations.determination() < 1e-4)
    return Undefined{"rank_deficient", "the truth's normals are of too few directions"};
  const Eigen::Matrix<double, 5, 1> fit = equations.step();
  double squares = 0.0;
  for (const auto& [weight, truth] : points) {
    const double residual = truth.signed_mm - row_at(truth.gradient).dot(fit);
    squares += weight * residual * residual;
  }
  const double rms = std::sqrt(squares / equations.area_mm2);
  const double values = std::max(1.0, 0.5 * static_cast<double>(surface.triangles.size()));
  const double variance = equations.variance(Eigen::Matrix<double, 5, 1>::Unit(4), rms, values);
  return FittedNumber{.value = fit[4], .half_width = 2.0 * std::sqrt(variance)};
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
    return AxisRatio{.ratio = ratio_of(semi_axes, equations, independent_values(pieces)),
                     .semi_axes_mm = semi_axes,
                     .residual_rms_mm = equations.rms()};
  }
  return Undefined{"not_converged", sphere.name + ": no ellipsoid fits"};
}

std::variant<FittedNumber, Undefined> p2_coefficient_mm(const TriangleMesh& surface, const TargetTruth& truth,
                                                        const Matrix3& axes) {
  if (truth.implicit) return fit_p2(surface, ImplicitField(*truth.implicit), axes);
  if (!truth.surface || why_unmeasurable(*truth.surface))
    return Undefined{"no_reference", "the truth of this target has no surface"};
  const MeshDistance distance(*truth.surface);
  if (!distance.has_inside())
    return Undefined{"reference_not_closed", "the reference is a mesh that has no inside"};
  return fit_p2(surface, MeshField(distance), axes);
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
      .compute = compute<axis_ratio_family, ratio_row>};
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
                   .source = "MeshAssay"}},
      .needs = {"surface", "reference_surface", "scan_grid"},
      .compute = compute<anisotropy_family, p2_row>};
  return family;
}

}  // namespace meshassay::metrics
