// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/steps/smoothing_change.hpp"

#include <cmath>
#include <numbers>

#include "metrics/measurement_rows.hpp"
#include "metrics/meshes/size.hpp"
#include "metrics/registry.hpp"

namespace meshassay::metrics {
namespace {

// f(after) - f(before) for a rising f, with the interval of both.
template <typename Function>
Measurement difference(const MetricDefinition& metric, const Subject& subject, const Interval& before,
                       const Interval& after, const Function& f) {
  const double value = f(0.5 * (after.lo + after.hi), 0.5 * (before.lo + before.hi));
  Measurement row = measured(metric, subject, value);
  const double last_bits = 1e-14 * (1.0 + std::abs(value));
  row.interval = Interval{std::min(value, f(after.lo, before.hi)) - last_bits,
                          std::max(value, f(after.hi, before.lo)) + last_bits};
  row.sources = {{"rounding", 0.5 * row.interval->width()}};
  return row;
}

double ratio_minus_1(double after, double before) { return after / before - 1.0; }
double radius_difference_mm(double after, double before) {
  return equivalent_radius_mm(after) - equivalent_radius_mm(before);
}

std::vector<Measurement> rows_of_surfaces(const TriangleMesh& extracted, const TriangleMesh& smoothed,
                                          const Subject& subject) {
  const auto& family = smoothing_change_family();
  if (smoothed.triangles.empty())
    return all_undefined(family, subject, {"test_empty", "the smoothed surface has no triangles"});
  if (extracted.triangles.empty())
    return all_undefined(family, subject, {"test_empty", "the extracted surface has no triangles"});
  const SurfaceSize before = surface_size(extracted);
  const SurfaceSize after = surface_size(smoothed);
  const auto volume = [](const SurfaceSize& size) {
    return Interval{*size.volume_mm3 - size.volume_half_width_mm3,
                    *size.volume_mm3 + size.volume_half_width_mm3};
  };
  const auto area = [](const SurfaceSize& size) {
    return Interval{size.area_mm2 - size.area_half_width_mm2, size.area_mm2 + size.area_half_width_mm2};
  };
  std::optional<Undefined> why;
  if (!before.volume_mm3)
    why = Undefined{before.why_no_volume.reason, "extracted: " + before.why_no_volume.detail};
  if (!after.volume_mm3)
    why = Undefined{after.why_no_volume.reason, "smoothed: " + after.why_no_volume.detail};
  if (!why && volume(before).lo <= 0.0)
    why = Undefined{"not_oriented", "the extracted surface bounds no positive volume"};

  const auto& metrics = family.metrics;
  std::vector<Measurement> rows;
  rows.push_back(why ? undefined(metrics[0], subject, *why)
                     : difference(metrics[0], subject, volume(before), volume(after), ratio_minus_1));
  rows.push_back(area(before).lo > 0.0
                     ? difference(metrics[1], subject, area(before), area(after), ratio_minus_1)
                     : undefined(metrics[1], subject, {"test_empty", "the extracted surface has no area"}));
  rows.push_back(why ? undefined(metrics[2], subject, *why)
                     : difference(metrics[2], subject, volume(before), volume(after), radius_difference_mm));
  return rows;
}

std::vector<Measurement> rows_of_target(const Trial& trial, const MetricRequest&, const TargetTruth& target) {
  const MetricFamily& family = smoothing_change_family();
  const Subject subject{"smoothed", target_name(trial, target)};
  const Submission& submission = trial.submissions.front();
  const auto extracted = find_surface(submission, "extracted", target.label);
  if (const auto* why = std::get_if<Undefined>(&extracted)) return all_undefined(family, subject, *why);
  const auto smoothed = find_surface(submission, "smoothed", target.label);
  if (const auto* why = std::get_if<Undefined>(&smoothed)) return all_undefined(family, subject, *why);
  return rows_of_surfaces(*std::get<const TriangleMesh*>(extracted), *std::get<const TriangleMesh*>(smoothed),
                          subject);
}

std::vector<Measurement> compute(const Trial& trial, const MetricRequest& request) {
  return rows_a_target(trial, request, rows_of_target);
}

}  // namespace

double equivalent_radius_mm(double volume_mm3) {
  return std::cbrt(volume_mm3 * 3.0 / (4.0 * std::numbers::pi));
}

const MetricFamily& smoothing_change_family() {
  static const MetricFamily family{
      .name = "smoothing_change",
      .metrics = {{.id = "smoothing.volume_change",
                   .unit = "1",
                   .is_signed = true,
                   .definition = "Volume of the smoothed surface over that of the extracted one, minus 1.",
                   .source = "ISO/IEC 3532-1:2023, 6.4"},
                  {.id = "smoothing.area_change",
                   .unit = "1",
                   .is_signed = true,
                   .definition = "Area of the smoothed surface over that of the extracted one, minus 1.",
                   .source = "ISO/IEC 3532-1:2023, 6.4"},
                  {.id = "smoothing.radius_change",
                   .unit = "mm",
                   .is_signed = true,
                   .definition = "Change of the radius of the ball with the surface's volume.",
                   .source = "MeshAssay"}},
      .needs = {"stage:extracted", "stage:smoothed"},
      .compute = compute};
  return family;
}

}  // namespace meshassay::metrics
