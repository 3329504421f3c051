// SPDX-License-Identifier: GPL-3.0-or-later
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include "metrics/features/feature_sizes.hpp"
#include "metrics/features/fitted_shapes.hpp"

namespace meshassay::metrics {
namespace {

using Pieces = std::vector<Piece>;

// Area, centroid and second moment about it of one face.
struct FaceMoments {
  double area_mm2 = 0.0;
  Point3 centroid = Point3::Zero();
  Matrix3 second = Matrix3::Zero();
};

FaceMoments moments_of(const Pieces& pieces) {
  FaceMoments face;
  for (const auto& piece : pieces) {
    face.area_mm2 += piece.area_mm2;
    face.centroid += piece.area_mm2 / 3.0 * (piece.corners[0] + piece.corners[1] + piece.corners[2]);
  }
  face.centroid /= face.area_mm2;
  for (const auto& piece : pieces) {
    const Point3 center = (piece.corners[0] + piece.corners[1] + piece.corners[2]) / 3.0;
    const Vector3 away = center - face.centroid;
    Matrix3 second = away * away.transpose();
    for (const auto& corner : piece.corners)
      second += (corner - center) * (corner - center).transpose() / 12.0;
    face.second += piece.area_mm2 * second;
  }
  return face;
}

// The minimum zone of one face.
double flatness_mm(const Pieces& pieces, const Point3& centroid, const Vector3& normal) {
  return minimum_zone<FittedPlane>(corners_of(pieces), {.point_mm = centroid, .normal = normal}).upper_mm;
}

// Two planes with a common normal by orthogonal least squares: the normal is the direction in which both
// faces together scatter least, each plane goes through its face's centroid. Measured along the third axis.
FeatureResult fit_parallel_planes(const Pieces& lower, const Pieces& upper, const Feature& feature,
                                  const DimensionalFitOptions& options) {
  const FaceMoments below = moments_of(lower), above = moments_of(upper);
  const Matrix3 second = below.second + above.second;
  const Eigen::SelfAdjointEigenSolver<Matrix3> solver(second);
  Vector3 normal = solver.eigenvectors().col(0);
  if (normal[2] < 0.0) normal = -normal;
  if (normal[2] < std::cos(options.max_tilt_deg * std::numbers::pi / 180.0))
    return Undefined{"feature_missing", feature.name + ": its faces are not flat"};
  const double below_square = std::max(0.0, normal.dot(below.second * normal)) / below.area_mm2;
  const double above_square = std::max(0.0, normal.dot(above.second * normal)) / above.area_mm2;
  const double variance = below_square / independent_values(lower) + above_square / independent_values(upper);
  return FeatureSize{.feature = feature.name,
                     .nominal_mm = feature.nominal_mm,
                     .measured_mm = normal.dot(above.centroid - below.centroid),
                     .form_error_mm = std::max(flatness_mm(lower, below.centroid, normal),
                                               flatness_mm(upper, above.centroid, normal)),
                     .residual_rms_mm = std::sqrt(0.5 * (below_square + above_square)),
                     .fit_half_width_mm = 2.0 * std::sqrt(variance)};
}

// The pieces whose normal is within the tilt of the third axis, times `facing`.
Pieces facing(const Pieces& pieces, double facing, const DimensionalFitOptions& options) {
  const double least = std::cos(options.max_tilt_deg * std::numbers::pi / 180.0);
  Pieces kept;
  for (const auto& piece : pieces)
    if (facing * piece.normal[2] >= least) kept.push_back(piece);
  return kept;
}

// The part of a region on one side of its first axis, without the third next to the riser: blur and smoothing
// round the edges there.
OrientedBox3 side_of(const OrientedBox3& region, double side) {
  OrientedBox3 part = region;
  part.half_extent_mm[0] = region.half_extent_mm[0] / 3.0;
  part.center_mm += side * 2.0 / 3.0 * region.half_extent_mm[0] * region.axes.col(0);
  return part;
}

}  // namespace

FeatureResult measure_parallel_faces(const TriangleMesh& surface, const Feature& feature,
                                     const DimensionalFitOptions& options) {
  const Pieces pieces = clipped_to(surface, feature.region);
  const double away = feature.kind == FeatureKind::gap ? -1.0 : 1.0;
  const Pieces lower = facing(pieces, -away, options), upper = facing(pieces, away, options);
  const double expected_mm2 = 4.0 * feature.region.half_extent_mm[0] * feature.region.half_extent_mm[1];
  for (const auto* face : {&lower, &upper})
    if (area_mm2(*face) < options.min_area_fraction * expected_mm2)
      return missing(feature, face == &lower ? "one face" : "the other face", area_mm2(*face), expected_mm2);
  auto size = fit_parallel_planes(lower, upper, feature, options);
  // On a surface that is inside out the faces change places.
  if (auto* found = std::get_if<FeatureSize>(&size)) found->measured_mm = std::abs(found->measured_mm);
  return size;
}

FeatureResult measure_step(const TriangleMesh& surface, const Feature& feature,
                           const DimensionalFitOptions& options) {
  const OrientedBox3 low = side_of(feature.region, -1.0), high = side_of(feature.region, 1.0);
  const double expected_mm2 = 4.0 * low.half_extent_mm[0] * low.half_extent_mm[1];
  const Pieces low_side = clipped_to(surface, low);
  Pieces high_side = clipped_to(surface, high);
  // Into the coordinates of the lower side.
  for (auto& piece : high_side)
    for (auto& corner : piece.corners) corner += low.to_local(high.center_mm);
  std::optional<Undefined> why;
  // Both faces look along the axis, or against it where the surface is inside out.
  for (const double direction : {1.0, -1.0}) {
    const Pieces lower = facing(low_side, direction, options), upper = facing(high_side, direction, options);
    const bool lower_is_there = area_mm2(lower) >= options.min_area_fraction * expected_mm2;
    if (lower_is_there && area_mm2(upper) >= options.min_area_fraction * expected_mm2)
      return fit_parallel_planes(lower, upper, feature, options);
    if (!why)
      why = lower_is_there ? missing(feature, "the upper face", area_mm2(upper), expected_mm2)
                           : missing(feature, "the lower face", area_mm2(lower), expected_mm2);
  }
  return *why;
}

}  // namespace meshassay::metrics
