// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <numbers>

#include "metrics/features/feature_sizes.hpp"
#include "metrics/features/fitted_shapes.hpp"

namespace meshassay::metrics {
namespace {

using Pieces = std::vector<Piece>;

// The pieces of a wall about the third axis: their normal looks away from it, times `away`.
Pieces wall_of(const Pieces& pieces, double away, const DimensionalFitOptions& options) {
  const double least = std::cos(options.max_tilt_deg * std::numbers::pi / 180.0);
  Pieces kept;
  for (const auto& piece : pieces) {
    Vector3 outward = piece.corners[0] + piece.corners[1] + piece.corners[2];
    outward[2] = 0.0;
    const double length = outward.norm();
    if (length > 0.0 && away * piece.normal.dot(outward) >= least * length) kept.push_back(piece);
  }
  return kept;
}

double radius_of_vertices(const Pieces& pieces, const FittedCylinder& cylinder) {
  double sum = 0.0;
  FittedCylinder::Row change;
  for (const auto& piece : pieces)
    for (const auto& corner : piece.corners)
      sum += piece.area_mm2 / 3.0 * (cylinder.distance_mm(corner, change) + cylinder.radius_mm);
  return sum / area_mm2(pieces);
}

FeatureResult fit_wall(const Pieces& pieces, const Feature& feature, const DimensionalFitOptions& options) {
  const double radius_mm = 0.5 * feature.nominal_mm;
  const auto fit =
      least_squares_fit<FittedCylinder>(quadrature_points(pieces, radius_mm), {.radius_mm = radius_mm});
  if (!fit) return Undefined{"not_converged", feature.name + ": no cylinder fits"};
  const FittedCylinder& cylinder = fit->shape;
  if (std::abs(cylinder.axis[2]) < std::cos(options.max_tilt_deg * std::numbers::pi / 180.0) ||
      cylinder.point_mm.norm() > feature.region.half_extent_mm.norm())
    return Undefined{"feature_missing", feature.name + ": what is there is no wall about its axis"};
  const double variance =
      fit->equations.variance(FittedCylinder::Row::Unit(4), fit->rms_mm, independent_values(pieces));
  return FeatureSize{
      .feature = feature.name,
      .nominal_mm = feature.nominal_mm,
      .measured_mm = 2.0 * cylinder.radius_mm,
      .form_error_mm = minimum_zone<FittedCylinder>(corners_of(pieces), cylinder).upper_mm,
      .residual_rms_mm = fit->rms_mm,
      .fit_half_width_mm = 4.0 * std::sqrt(variance),  // Of the diameter, two standard errors.
      .faceting_half_width_mm = 2.0 * std::abs(radius_of_vertices(pieces, cylinder) - cylinder.radius_mm)};
}

}  // namespace

FeatureResult measure_wall(const TriangleMesh& surface, const Feature& feature,
                           const DimensionalFitOptions& options) {
  const Pieces pieces = clipped_to(surface, feature.region);
  const double length_mm = 2.0 * feature.region.half_extent_mm[2];
  const double expected_mm2 = std::numbers::pi * feature.nominal_mm * length_mm;
  const double away = feature.kind == FeatureKind::hole ? -1.0 : 1.0;
  const Pieces wall = wall_of(pieces, away, options);
  if (area_mm2(wall) >= options.min_area_fraction * expected_mm2) return fit_wall(wall, feature, options);
  // Where the surface is inside out its walls look the other way.
  const Pieces turned = wall_of(pieces, -away, options);
  if (area_mm2(turned) >= options.min_area_fraction * expected_mm2) return fit_wall(turned, feature, options);
  return missing(feature, "its wall", area_mm2(wall), expected_mm2);
}

}  // namespace meshassay::metrics
