// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/steps/ellipsoid_axes.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <variant>
#include <vector>

#include "metrics/measurement_rows.hpp"
#include "metrics/steps/anisotropy.hpp"
#include "metrics/surface/measurable_surface.hpp"

namespace meshassay::metrics {
namespace {

std::vector<double> listed(const Vector3& values) { return {values[0], values[1], values[2]}; }

std::vector<Measurement> rows_of(const Subject& subject, const Feature& ball, const AxisRatio& fit) {
  const auto& metrics = ellipsoid_axes_family().metrics;
  Measurement axes = measured(metrics[0], subject, listed(fit.semi_axes_mm));
  axes.witnesses = {{"feature", ball.name},
                    {"nominal_mm", ball.nominal_mm},
                    {"half_width_mm", listed(fit.half_width_mm)},
                    {"residual_rms_mm", fit.residual_rms_mm}};
  const Vector3 errors = fit.semi_axes_mm.array() - ball.nominal_mm;
  Eigen::Index worst = 0;
  errors.cwiseAbs().maxCoeff(&worst);
  Measurement error = measured(metrics[1], subject, errors[worst]);
  // The largest error of three is not known better than any of them; coordinates are doubles.
  const double rounding = 1e-13 * (1.0 + ball.region.center_mm.cwiseAbs().maxCoeff() + ball.nominal_mm);
  const double half_width = fit.half_width_mm.maxCoeff() + rounding;
  error.interval = Interval{errors[worst] - half_width, errors[worst] + half_width};
  error.interval_kind = IntervalKind::expanded_k2;
  error.sources = {{"fit", fit.half_width_mm.maxCoeff()}, {"rounding", rounding}};
  error.witnesses = {{"feature", ball.name}, {"error_mm", listed(errors)}};
  return {axes, error};
}

std::vector<Measurement> rows_of_target(const Trial& trial, const MetricRequest& request,
                                        const TargetTruth& target) {
  const MetricFamily& family = ellipsoid_axes_family();
  const Subject subject{surface_stage(request), target_name(trial, target)};
  const auto ball = std::find_if(target.features.begin(), target.features.end(),
                                 [](const Feature& feature) { return feature.kind == FeatureKind::sphere; });
  if (ball == target.features.end())
    return all_undefined(family, subject, {"no_reference", "this target has no sphere to measure"});
  const auto found = find_measurable_surface(trial, request, target.label);
  if (const auto* why = std::get_if<Undefined>(&found)) return all_undefined(family, subject, *why);
  const auto fit = axis_ratio(*std::get<const TriangleMesh*>(found), *ball, ball->region.axes);
  if (const auto* why = std::get_if<Undefined>(&fit)) return all_undefined(family, subject, *why);
  return rows_of(subject, *ball, std::get<AxisRatio>(fit));
}

std::vector<Measurement> compute(const Trial& trial, const MetricRequest& request) {
  return rows_a_target(trial, request, rows_of_target);
}

}  // namespace

const MetricFamily& ellipsoid_axes_family() {
  static const MetricFamily family{
      .name = "ellipsoid_axes",
      .metrics = {{.id = "size.ellipsoid_axes",
                   .unit = "mm",
                   .type = ValueType::numbers,
                   .definition =
                       "Semi-axes, along the object's own axes, of the ellipsoid that fits a ball's measured "
                       "surface best, by area-weighted least squares.",
                   .source = "MeshAssay"},
                  {.id = "size.ellipsoid_axes_error",
                   .unit = "mm",
                   .is_signed = true,
                   .definition =
                       "Semi-axis less the true radius, of the axis where it is largest in magnitude.",
                   .source = "MeshAssay"}},
      .needs = {"surface", "feature:sphere"},
      .compute = compute};
  return family;
}

}  // namespace meshassay::metrics
