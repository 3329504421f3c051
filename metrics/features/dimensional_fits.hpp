// SPDX-License-Identifier: GPL-3.0-or-later
// Sizes of a phantom's named features, as a coordinate measuring machine would find them: least squares on
// the measured surface in the feature's region.
#pragma once

#include <string>
#include <variant>

#include "core/feature.hpp"
#include "core/reason.hpp"
#include "core/triangle_mesh.hpp"
#include "metrics/registry.hpp"

namespace meshassay::metrics {

/// Which part of the surface belongs to a feature.
struct DimensionalFitOptions {
  double max_tilt_deg = 30.0;  ///< Of a triangle of a plate's or a step's face, against the region's axis.
  double min_area_fraction = 0.5;  ///< Of the area that a face should have; with less the feature is missing.
};

/// The size of one feature. The expanded uncertainty (k = 2) is the root of the sum of the squares of fit and
/// faceting, and rounding.
struct FeatureSize {
  std::string feature;
  double nominal_mm = 0.0, measured_mm = 0.0;
  double form_error_mm = 0.0;  ///< Width of the narrowest zone found: see minimum_zone().
  double residual_rms_mm = 0.0;
  double fit_half_width_mm = 0.0;       ///< 2 standard errors: residuals over independent values.
  double faceting_half_width_mm = 0.0;  ///< What fitting the vertices in place of the facets would change.
  double rounding_half_width_mm = 0.0;  ///< Of coordinates of that size in double precision.

  [[nodiscard]] double error_mm() const { return measured_mm - nominal_mm; }
  [[nodiscard]] double half_width_mm() const;
};

/// Radius of a sphere, thickness of a plate, height of a step, width of a gap, diameter of a rod or a hole.
/// Undefined: feature_missing where a face is not there, not_converged where a fit does not settle.
/// \pre The surface is measurable: see why_unmeasurable(). \throw std::logic_error for rims and edges.
[[nodiscard]] std::variant<FeatureSize, Undefined> measure_feature(const TriangleMesh& surface,
                                                                   const Feature& feature,
                                                                   const DimensionalFitOptions& options = {});

/// The rows `size.sphere_radius*`, `size.plate_thickness*`, `size.step_height*`, `size.gap*`,
/// `size.rod_diameter*`, `size.hole_diameter*`; families of their own since each needs another kind of
/// feature.
[[nodiscard]] const MetricFamily& sphere_radius_family();
[[nodiscard]] const MetricFamily& plate_thickness_family();
[[nodiscard]] const MetricFamily& step_height_family();
[[nodiscard]] const MetricFamily& gap_family();
[[nodiscard]] const MetricFamily& rod_diameter_family();
[[nodiscard]] const MetricFamily& hole_diameter_family();

}  // namespace meshassay::metrics
