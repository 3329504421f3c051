// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/dimensional_fits.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "core/distance/mesh_distance.hpp"
#include "core/text.hpp"
#include "metrics/area_least_squares.hpp"
#include "metrics/clipped_surface.hpp"
#include "metrics/measurable_surface.hpp"
#include "metrics/measurement_rows.hpp"

namespace meshassay::metrics {
namespace {

using Pieces = std::vector<Piece>;

Undefined missing(const Feature& feature, const std::string& face, double found_mm2, double expected_mm2) {
  return {"feature_missing", feature.name + ": " + face + " has " + format_rounded(found_mm2) + " of " +
                                 format_rounded(expected_mm2) + " mm2"};
}

// Mean distance of the vertices from the centre, each with a third of the area of its triangles.
double radius_of_vertices(const Pieces& pieces, const Point3& center) {
  double sum = 0.0;
  for (const auto& piece : pieces)
    for (const auto& corner : piece.corners) sum += piece.area_mm2 / 3.0 * (corner - center).norm();
  return sum / area_mm2(pieces);
}

double peak_to_valley(const Pieces& pieces, const Point3& center) {
  double least = std::numeric_limits<double>::infinity(), greatest = 0.0;
  for (const auto& [corners, normal, area, source] : pieces) {
    const Point3 nearest = nearest_on_triangle(center, corners[0], corners[1], corners[2]).point_mm;
    least = std::min(least, (nearest - center).norm());
    for (const auto& corner : corners) greatest = std::max(greatest, (corner - center).norm());
  }
  return greatest - least;
}

std::variant<FeatureSize, Undefined> measure_sphere(const TriangleMesh& surface, const Feature& feature,
                                                    const DimensionalFitOptions& options) {
  const Pieces pieces = clipped_to(surface, feature.region);
  const double expected_mm2 = 4.0 * std::numbers::pi * feature.nominal_mm * feature.nominal_mm;
  if (area_mm2(pieces) < options.min_area_fraction * expected_mm2)
    return missing(feature, "its surface", area_mm2(pieces), expected_mm2);

  // Gauss and Newton on centre and radius; the region's coordinates start near the centre.
  Point3 center = Point3::Zero();
  double radius = feature.nominal_mm;
  for (int iteration = 0; iteration < 50; ++iteration) {
    NormalEquations<4> equations;
    for (const auto& piece : pieces)
      for_each_quadrature_point(piece.corners, piece.area_mm2, feature.nominal_mm / 8.0,
                                [&](const Point3& point, double weight) {
                                  const Vector3 offset = point - center;
                                  const double distance = offset.norm();
                                  if (!(distance > 0.0)) return;
                                  Eigen::Vector4d row;
                                  row << -offset / distance, -1.0;
                                  equations.add(weight, row, distance - radius);
                                });
    const Eigen::Vector4d step = equations.step();
    if (!step.allFinite() || step.norm() > 100.0 * feature.nominal_mm) break;
    center += step.head<3>();
    radius += step[3];
    if (step.norm() > 1e-10 * feature.nominal_mm) continue;
    const double rms = equations.rms();
    const double variance = equations.variance(Eigen::Vector4d::UnitW(), rms, independent_values(pieces));
    return FeatureSize{.feature = feature.name,
                       .nominal_mm = feature.nominal_mm,
                       .measured_mm = radius,
                       .form_error_mm = peak_to_valley(pieces, center),
                       .residual_rms_mm = rms,
                       .fit_half_width_mm = 2.0 * std::sqrt(variance),
                       .faceting_half_width_mm = std::abs(radius_of_vertices(pieces, center) - radius)};
  }
  return Undefined{"not_converged", feature.name + ": no sphere fits"};
}

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

double peak_to_valley(const Pieces& pieces, const Vector3& normal, const Point3& centroid) {
  double least = 0.0, greatest = 0.0;
  for (const auto& piece : pieces)
    for (const auto& corner : piece.corners) {
      const double height = normal.dot(corner - centroid);
      least = std::min(least, height);
      greatest = std::max(greatest, height);
    }
  return greatest - least;
}

// Two planes with a common normal by orthogonal least squares: the normal is the direction in which both
// faces together scatter least, each plane goes through its face's centroid. Measured along the third axis.
std::variant<FeatureSize, Undefined> fit_parallel_planes(const Pieces& lower, const Pieces& upper,
                                                         const Feature& feature,
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
                     .form_error_mm = std::max(peak_to_valley(lower, normal, below.centroid),
                                               peak_to_valley(upper, normal, above.centroid)),
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

std::variant<FeatureSize, Undefined> measure_plate(const TriangleMesh& surface, const Feature& feature,
                                                   const DimensionalFitOptions& options) {
  const Pieces pieces = clipped_to(surface, feature.region);
  const Pieces lower = facing(pieces, -1.0, options), upper = facing(pieces, 1.0, options);
  const double expected_mm2 = 4.0 * feature.region.half_extent_mm[0] * feature.region.half_extent_mm[1];
  for (const auto* face : {&lower, &upper})
    if (area_mm2(*face) < options.min_area_fraction * expected_mm2)
      return missing(feature, face == &lower ? "one face" : "the other face", area_mm2(*face), expected_mm2);
  auto size = fit_parallel_planes(lower, upper, feature, options);
  // On a surface that is inside out the faces change places.
  if (auto* found = std::get_if<FeatureSize>(&size)) found->measured_mm = std::abs(found->measured_mm);
  return size;
}

// The part of a region on one side of its first axis, without the third next to the riser: blur and smoothing
// round the edges there.
OrientedBox3 side_of(const OrientedBox3& region, double side) {
  OrientedBox3 part = region;
  part.half_extent_mm[0] = region.half_extent_mm[0] / 3.0;
  part.center_mm += side * 2.0 / 3.0 * region.half_extent_mm[0] * region.axes.col(0);
  return part;
}

std::variant<FeatureSize, Undefined> measure_step(const TriangleMesh& surface, const Feature& feature,
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

std::variant<FeatureSize, Undefined> fitted(const TriangleMesh& surface, const Feature& feature,
                                            const DimensionalFitOptions& options) {
  switch (feature.kind) {
    case FeatureKind::sphere: return measure_sphere(surface, feature, options);
    case FeatureKind::plate: return measure_plate(surface, feature, options);
    case FeatureKind::step: return measure_step(surface, feature, options);
    case FeatureKind::gap:
    case FeatureKind::rod:
    case FeatureKind::hole:
    case FeatureKind::rim:
    case FeatureKind::edge: break;
  }
  throw std::logic_error("no fit for this kind of feature");
}

// What rounding may do to a length between points of the region.
double rounding_mm(const OrientedBox3& region) {
  const double largest = region.center_mm.cwiseAbs().maxCoeff() + region.half_extent_mm.norm();
  return 64.0 * std::numeric_limits<double>::epsilon() * largest;
}

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

std::vector<Measurement> rows_of_target(const MetricFamily& family, FeatureKind kind, const Trial& trial,
                                        const MetricRequest& request, const TargetTruth& target) {
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
  std::vector<Measurement> result;
  for (const auto& target : trial.truth.targets)
    for (auto& row : rows_of_target(family(), kind, trial, request, target)) result.push_back(std::move(row));
  return result;
}

}  // namespace

double FeatureSize::half_width_mm() const {
  return std::hypot(fit_half_width_mm, faceting_half_width_mm) + rounding_half_width_mm;
}

std::variant<FeatureSize, Undefined> measure_feature(const TriangleMesh& surface, const Feature& feature,
                                                     const DimensionalFitOptions& options) {
  auto size = fitted(surface, feature, options);
  if (auto* found = std::get_if<FeatureSize>(&size))
    found->rounding_half_width_mm = rounding_mm(feature.region);
  return size;
}

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

}  // namespace meshassay::metrics
