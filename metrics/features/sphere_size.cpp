// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <numbers>

#include "core/distance/mesh_distance.hpp"
#include "metrics/features/feature_sizes.hpp"
#include "metrics/features/fitted_shapes.hpp"

namespace meshassay::metrics {
namespace {

// Mean distance of the vertices from the centre, each with a third of the area of its triangles.
double radius_of_vertices(const std::vector<Piece>& pieces, const Point3& center) {
  double sum = 0.0;
  for (const auto& piece : pieces)
    for (const auto& corner : piece.corners) sum += piece.area_mm2 / 3.0 * (corner - center).norm();
  return sum / area_mm2(pieces);
}

}  // namespace

FeatureResult measure_sphere(const TriangleMesh& surface, const Feature& feature,
                             const DimensionalFitOptions& options) {
  const auto pieces = clipped_to(surface, feature.region);
  const double expected_mm2 = 4.0 * std::numbers::pi * feature.nominal_mm * feature.nominal_mm;
  if (area_mm2(pieces) < options.min_area_fraction * expected_mm2)
    return missing(feature, "its surface", area_mm2(pieces), expected_mm2);
  // The region's coordinates start near the centre.
  const auto fit = least_squares_fit<FittedSphere>(quadrature_points(pieces, feature.nominal_mm / 8.0),
                                                   {.radius_mm = feature.nominal_mm});
  if (!fit || (fit->shape.center_mm.norm() > 100.0 * feature.nominal_mm))
    return Undefined{"not_converged", feature.name + ": no sphere fits"};
  const FittedSphere& sphere = fit->shape;
  // Nearest to a centre a facet is inside, farthest at a corner.
  auto extremes = corners_of(pieces);
  for (const auto& piece : pieces)
    extremes.push_back(
        nearest_on_triangle(sphere.center_mm, piece.corners[0], piece.corners[1], piece.corners[2]).point_mm);
  const double variance =
      fit->equations.variance(FittedSphere::Row::UnitW(), fit->rms_mm, independent_values(pieces));
  return FeatureSize{
      .feature = feature.name,
      .nominal_mm = feature.nominal_mm,
      .measured_mm = sphere.radius_mm,
      .form_error_mm = minimum_zone<FittedSphere>(extremes, sphere).upper_mm,
      .residual_rms_mm = fit->rms_mm,
      .fit_half_width_mm = 2.0 * std::sqrt(variance),
      .faceting_half_width_mm = std::abs(radius_of_vertices(pieces, sphere.center_mm) - sphere.radius_mm)};
}

}  // namespace meshassay::metrics
