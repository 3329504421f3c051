// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <utility>

#include "core/text.hpp"
#include "metrics/features/dimensional_fits.hpp"
#include "metrics/measurement_rows.hpp"
#include "metrics/surface/measurable_surface.hpp"

namespace meshassay::metrics {
namespace {

using FamilyAccessor = const MetricFamily& (*)();

std::vector<Measurement> undefined_for(const MetricFamily& family, const Subject& subject,
                                       const Undefined& why, const std::string& feature) {
  auto rows = all_undefined(family, subject, why);
  for (auto& row : rows) row.witnesses = {{"feature", feature}};
  return rows;
}

void add_interval(Measurement& row, double value, const FeatureSize& size) {
  const double half_width = size.half_width_mm();
  row.interval = Interval{value - half_width, value + half_width};
  row.interval_kind = IntervalKind::expanded_k2;
  row.sources = {{"fit", size.fit_half_width_mm},
                 {"faceting", size.faceting_half_width_mm},
                 {"rounding", size.rounding_half_width_mm}};
}

std::vector<std::pair<std::string, MeasuredValue>> witnesses_of(const FeatureSize& size) {
  return {{"feature", size.feature},
          {"nominal_mm", size.nominal_mm},
          {"measured_mm", size.measured_mm},
          {"error_mm", size.error_mm()},
          {"form_error_mm", size.form_error_mm},
          {"residual_rms_mm", size.residual_rms_mm}};
}

Measurement all_sizes(const MetricDefinition& metric, const Subject& subject,
                      const std::vector<FeatureSize>& sizes) {
  std::vector<std::string> names;
  std::vector<double> measured_mm, nominal_mm, error_mm, form_error_mm, half_width_mm;
  for (const auto& size : sizes) {
    names.push_back(size.feature);
    measured_mm.push_back(size.measured_mm);
    nominal_mm.push_back(size.nominal_mm);
    error_mm.push_back(size.error_mm());
    form_error_mm.push_back(size.form_error_mm);
    half_width_mm.push_back(size.half_width_mm());
  }
  Measurement row = measured(metric, subject, measured_mm);
  row.witnesses = {{"feature", join(names, ", ")},
                   {"nominal_mm", nominal_mm},
                   {"error_mm", error_mm},
                   {"form_error_mm", form_error_mm},
                   {"half_width_mm", half_width_mm}};
  return row;
}

std::vector<Measurement> rows_of(const MetricFamily& family, const Subject& subject,
                                 const std::vector<FeatureSize>& sizes) {
  FeatureSize worst = *std::max_element(sizes.begin(), sizes.end(), [](const auto& a, const auto& b) {
    return std::abs(a.error_mm()) < std::abs(b.error_mm());
  });
  Measurement size_row;
  if (family.metrics[0].type == ValueType::numbers) {
    size_row = all_sizes(family.metrics[0], subject, sizes);
  } else {
    size_row = measured(family.metrics[0], subject, worst.measured_mm);
    size_row.witnesses = witnesses_of(worst);
    add_interval(size_row, worst.measured_mm, worst);
  }
  Measurement error_row = measured(family.metrics[1], subject, worst.error_mm());
  error_row.witnesses = witnesses_of(worst);
  // The largest error of several is not known better than any of them.
  for (const auto& size : sizes) {
    worst.fit_half_width_mm = std::max(worst.fit_half_width_mm, size.fit_half_width_mm);
    worst.faceting_half_width_mm = std::max(worst.faceting_half_width_mm, size.faceting_half_width_mm);
    worst.rounding_half_width_mm = std::max(worst.rounding_half_width_mm, size.rounding_half_width_mm);
  }
  add_interval(error_row, worst.error_mm(), worst);
  return {size_row, error_row};
}

template <FamilyAccessor accessor, FeatureKind kind>
std::vector<Measurement> rows_of_target(const Trial& trial, const MetricRequest& request,
                                        const TargetTruth& target) {
  const MetricFamily& family = accessor();
  const Subject subject{surface_stage(request), target_name(trial, target)};
  std::vector<Feature> features;
  for (const auto& feature : target.features)
    if (feature.kind == kind) features.push_back(feature);
  if (features.empty())
    return all_undefined(family, subject, {"no_reference", "this target has no feature of this kind"});
  const auto found = find_measurable_surface(trial, request, target.label);
  if (const auto* why = std::get_if<Undefined>(&found)) return all_undefined(family, subject, *why);
  std::vector<FeatureSize> sizes;
  for (const auto& feature : features) {
    const auto size = measure_feature(*std::get<const TriangleMesh*>(found), feature);
    if (const auto* why = std::get_if<Undefined>(&size))
      return undefined_for(family, subject, *why, feature.name);
    sizes.push_back(std::get<FeatureSize>(size));
  }
  return rows_of(family, subject, sizes);
}

template <FamilyAccessor family, FeatureKind kind>
std::vector<Measurement> compute(const Trial& trial, const MetricRequest& request) {
  return rows_a_target(trial, request, rows_of_target<family, kind>);
}

}  // namespace

const MetricFamily& sphere_radius_family() {
  static const MetricFamily family{
      .name = "sphere_radius",
      .metrics = {{.id = "size.sphere_radius",
                   .unit = "mm",
                   .definition = "Radius of the sphere that fits the measured surface best, by area-weighted "
                                 "orthogonal least squares; of several, the one with the largest error.",
                   .source = "MeshAssay"},
                  {.id = "size.sphere_radius_error",
                   .unit = "mm",
                   .is_signed = true,
                   .definition = "Measured radius less the true one.",
                   .source = "MeshAssay"}},
      .needs = {"surface", "feature:sphere"},
      .compute = compute<sphere_radius_family, FeatureKind::sphere>};
  return family;
}

const MetricFamily& plate_thickness_family() {
  static const MetricFamily family{
      .name = "plate_thickness",
      .metrics = {{.id = "size.plate_thickness",
                   .unit = "mm",
                   .type = ValueType::numbers,
                   .definition =
                       "Distance of two parallel planes that fit a plate's faces best, by "
                       "area-weighted orthogonal least squares; one number a plate, in their order.",
                   .source = "MeshAssay"},
                  {.id = "size.plate_thickness_error",
                   .unit = "mm",
                   .is_signed = true,
                   .definition = "Measured thickness less the true one, of the plate where it is largest in "
                                 "magnitude.",
                   .source = "MeshAssay"}},
      .needs = {"surface", "feature:plate"},
      .compute = compute<plate_thickness_family, FeatureKind::plate>};
  return family;
}

const MetricFamily& step_height_family() {
  static const MetricFamily family{
      .name = "step_height",
      .metrics = {{.id = "size.step_height",
                   .unit = "mm",
                   .type = ValueType::numbers,
                   .definition = "Distance of two parallel planes that fit the faces of a step best, by "
                                 "area-weighted orthogonal least squares; one number a step, in their order.",
                   .source = "MeshAssay"},
                  {.id = "size.step_height_error",
                   .unit = "mm",
                   .is_signed = true,
                   .definition = "Measured height less the true one, of the step where it is largest in "
                                 "magnitude.",
                   .source = "MeshAssay"}},
      .needs = {"surface", "feature:step"},
      .compute = compute<step_height_family, FeatureKind::step>};
  return family;
}

const MetricFamily& gap_family() {
  static const MetricFamily family{
      .name = "gap",
      .metrics = {{.id = "size.gap",
                   .unit = "mm",
                   .type = ValueType::numbers,
                   .definition =
                       "Distance of two parallel planes that fit the faces of a gap best, by area-weighted "
                       "orthogonal least squares; one number a gap, in their order.",
                   .source = "MeshAssay"},
                  {.id = "size.gap_error",
                   .unit = "mm",
                   .is_signed = true,
                   .definition =
                       "Measured width less the true one, of the gap where it is largest in magnitude.",
                   .source = "MeshAssay"}},
      .needs = {"surface", "feature:gap"},
      .compute = compute<gap_family, FeatureKind::gap>};
  return family;
}

const MetricFamily& rod_diameter_family() {
  static const MetricFamily family{
      .name = "rod_diameter",
      .metrics = {{.id = "size.rod_diameter",
                   .unit = "mm",
                   .type = ValueType::numbers,
                   .definition =
                       "Diameter of the cylinder that fits the wall of a rod best, by area-weighted "
                       "orthogonal least squares; one number a rod, in their order.",
                   .source = "MeshAssay"},
                  {.id = "size.rod_diameter_error",
                   .unit = "mm",
                   .is_signed = true,
                   .definition =
                       "Measured diameter less the true one, of the rod where it is largest in magnitude.",
                   .source = "MeshAssay"}},
      .needs = {"surface", "feature:rod"},
      .compute = compute<rod_diameter_family, FeatureKind::rod>};
  return family;
}

const MetricFamily& hole_diameter_family() {
  static const MetricFamily family{
      .name = "hole_diameter",
      .metrics = {{.id = "size.hole_diameter",
                   .unit = "mm",
                   .type = ValueType::numbers,
                   .definition =
                       "Diameter of the cylinder that fits the wall of a hole best, by area-weighted "
                       "orthogonal least squares; one number a hole, in their order.",
                   .source = "MeshAssay"},
                  {.id = "size.hole_diameter_error",
                   .unit = "mm",
                   .is_signed = true,
                   .definition =
                       "Measured diameter less the true one, of the hole where it is largest in magnitude.",
                   .source = "MeshAssay"}},
      .needs = {"surface", "feature:hole"},
      .compute = compute<hole_diameter_family, FeatureKind::hole>};
  return family;
}

}  // namespace meshassay::metrics
