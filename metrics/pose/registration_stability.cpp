// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/pose/registration_stability.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>
#include <vector>

#include "core/bridge_open3d/registration.hpp"
#include "metrics/measurement_rows.hpp"
#include "metrics/pose/pose_fit.hpp"
#include "metrics/surface/measurable_surface.hpp"
#include "metrics/surface/surface_samples.hpp"

namespace meshassay::metrics {
namespace {

// Directions spread over the sphere (Fibonacci's lattice), turned by the seed.
Vector3 direction(int i, int count, double turn) {
  const double z = 1.0 - (2.0 * i + 1.0) / count;
  const double angle = 2.0 * std::numbers::pi * (i / 1.6180339887498949 + turn);
  const double radius = std::sqrt(1.0 - z * z);
  return {radius * std::cos(angle), radius * std::sin(angle), z};
}

// Turned about the middle, and shifted along another direction than the axis.
Eigen::Affine3d start_of(int i, const Point3& middle, double diagonal_mm, const StabilityOptions& options) {
  const double turn_rad = options.turn_deg * std::numbers::pi / 180.0;
  const Matrix3 turn =
      Eigen::AngleAxisd(turn_rad, direction(i, options.starts, 0.1 * options.seed)).toRotationMatrix();
  const Vector3 shift =
      options.shift_part * diagonal_mm *
      direction((i + options.starts / 2) % options.starts, options.starts, 0.37 + 0.1 * options.seed);
  Eigen::Affine3d start = Eigen::Affine3d::Identity();
  start.linear() = turn;
  start.translation() = middle + shift - turn * middle;
  return start;
}

// Rows of the distance to the plane through each point: what small motions do to the surface itself.
bool slides_along_itself(const std::vector<SurfaceSample>& samples) {
  const double count = static_cast<double>(samples.size());
  PoseEquations equations;
  for (const auto& sample : samples) equations.centroid_mm += sample.point_mm / count;
  double square_mm2 = 0.0;
  for (const auto& sample : samples)
    square_mm2 += (sample.point_mm - equations.centroid_mm).squaredNorm() / count;
  equations.length_mm = std::sqrt(square_mm2);
  for (const auto& sample : samples) {
    const Vector3 arm = (sample.point_mm - equations.centroid_mm) / equations.length_mm;
    PoseVector row;
    row << sample.normal, arm.cross(sample.normal), arm.dot(sample.normal);
    equations.matrix += row * row.transpose() / count;
  }
  return unseen_motions(equations, 6).cols() > 0;
}

Measurement row_of_target(const Trial& trial, const MetricRequest& request, const TargetTruth& target) {
  const MetricDefinition& metric = registration_stability_family().metrics[0];
  const Subject subject{surface_stage(request), target_name(trial, target)};
  if (!target.surface || why_unmeasurable(*target.surface))
    return undefined(metric, subject,
                     {"no_reference", "the truth of this target has no mesh to register to"});
  const auto found = find_measurable_surface(trial, request, target.label);
  if (const auto* why = std::get_if<Undefined>(&found)) return undefined(metric, subject, *why);
  const auto stability = registration_stability(*std::get<const TriangleMesh*>(found), *target.surface);
  if (const auto* why = std::get_if<Undefined>(&stability)) return undefined(metric, subject, *why);
  const auto& [spread_mm, paired] = std::get<RegistrationStability>(stability);
  Measurement row = measured(metric, subject, spread_mm);
  row.witnesses = {{"least_paired_fraction", paired}};
  return row;
}

std::vector<Measurement> compute(const Trial& trial, const MetricRequest& request) {
  return one_row_a_target(trial, request, row_of_target);
}

}  // namespace

std::variant<RegistrationStability, Undefined> registration_stability(const TriangleMesh& surface,
                                                                      const TriangleMesh& reference,
                                                                      const StabilityOptions& options) {
  const auto fixed_samples = surface_samples(reference, options.fixed_points, options.seed);
  if (slides_along_itself(fixed_samples))
    return Undefined{"rank_deficient", "the reference looks the same after a small motion"};
  bridge_open3d::OrientedPoints fixed;
  for (const auto& sample : fixed_samples) {
    fixed.points_mm.push_back(sample.point_mm);
    fixed.normals.push_back(sample.normal);
  }
  const Box3 box = bounding_box(reference);
  const double diagonal_mm = box.diagonal_mm();
  // A start moves a point by its turn over half of the diagonal and by its shift, at most.
  const double reach_mm =
      diagonal_mm * (0.5 * options.turn_deg * std::numbers::pi / 180.0 + 2.0 * options.shift_part);
  const auto seen = surface_samples(surface, options.moving_points, options.seed);
  std::vector<Eigen::Affine3d> motions;
  RegistrationStability result{.least_paired_fraction = 1.0};
  for (int i = 0; i < options.starts; ++i) {
    std::vector<Point3> moving;
    for (const auto& sample :
         surface_samples(surface, options.moving_points, options.seed + 1 + static_cast<std::uint32_t>(i)))
      moving.push_back(sample.point_mm);
    const auto found = bridge_open3d::register_rigidly(
        moving, fixed, start_of(i, box.center_mm(), diagonal_mm, options), {.reach_mm = reach_mm});
    result.least_paired_fraction = std::min(result.least_paired_fraction, found.paired_fraction);
    for (const auto& other : motions)
      for (const auto& sample : seen)
        result.spread_mm =
            std::max(result.spread_mm, (found.motion * sample.point_mm - other * sample.point_mm).norm());
    motions.push_back(found.motion);
  }
  return result;
}

const MetricFamily& registration_stability_family() {
  static const MetricFamily family{
      .name = "registration_stability",
      .metrics = {{.id = "registration.stability",
                   .unit = "mm",
                   .definition =
                       "Greatest distance between where two of eight registrations (ICP from different "
                       "starts, with different points) put the same point of the surface.",
                   .source = "Chen and Medioni 1992 (ICP, by Open3D), Gelfand et al. 2003 (stability)"}},
      .needs = {"surface", "reference_surface"},
      .compute = compute};
  return family;
}

}  // namespace meshassay::metrics
