// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/steps/staircase.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "core/text.hpp"
#include "metrics/measurement_rows.hpp"
#include "metrics/surface/area_least_squares.hpp"
#include "metrics/surface/field_points.hpp"
#include "metrics/surface/measurable_surface.hpp"

namespace meshassay::metrics {
namespace {

constexpr int harmonics = 3;
constexpr int unknowns = 4 + 2 * harmonics;
using Equations = NormalEquations<unknowns>;
// Coefficients of cos and sin, a pair a harmonic.
using Wave = std::array<double, std::size_t{2} * harmonics>;

// cos and sin of each harmonic at a place in periods.
Wave harmonics_at(double periods) {
  Wave values;
  for (int k = 0; k < harmonics; ++k) {
    const double angle = 2.0 * std::numbers::pi * (k + 1) * periods;
    const std::size_t pair = std::size_t{2} * k;
    values[pair] = std::cos(angle);
    values[pair + 1] = std::sin(angle);
  }
  return values;
}

double peak_to_peak(const Wave& wave) {
  double least = 0.0, greatest = 0.0;
  // The third harmonic has a period of a third: 2048 places find its extremes to 1e-5 of them.
  for (int i = 0; i < 2048; ++i) {
    const Wave at = harmonics_at(i / 2048.0);
    double sum = 0.0;
    for (std::size_t c = 0; c < wave.size(); ++c) sum += wave[c] * at[c];
    least = std::min(least, sum);
    greatest = std::max(greatest, sum);
  }
  return greatest - least;
}

// What is fitted at a point: a uniform bias, a shift and the wave.
Equations::Row row_at(const FieldPoint& point, const Grid& grid) {
  const Vector3 n = grid.direction.transpose() * point.truth.gradient;
  const Wave wave = harmonics_at(grid.to_index(point.foot_mm())[2]);
  Equations::Row row;
  row.head<4>() << 1.0, n[0], n[1], n[2];
  for (std::size_t c = 0; c < wave.size(); ++c) row[4 + static_cast<Eigen::Index>(c)] = n[2] * wave[c];
  return row;
}

double area_with_slope(const std::vector<FieldPoint>& points, const Grid& grid) {
  double sum = 0.0;
  for (const auto& point : points) {
    const double along = std::abs(grid.direction.col(2).dot(point.truth.gradient));
    if (along > 0.05 && along < 0.999) sum += point.area_mm2;
  }
  return sum;
}

std::variant<Staircase, Undefined> fit(const TriangleMesh& surface, const DistanceField& field,
                                       const Grid& grid) {
  // A regression needs points at all phases of the wave, not many in each period: some 10^5 to 10^6 of them.
  const double longest_mm = std::max({0.25 * grid.slice_mm(), bounding_box(surface).diagonal_mm() / 400.0,
                                      std::sqrt(area_mm2(surface) / 20000.0)});
  const auto points = field_points(surface, field, {.longest_edge_mm = longest_mm, .cuts_at_a_jump = 2});
  Equations equations;
  for (const auto& point : points) equations.add(point.area_mm2, row_at(point, grid), -point.truth.signed_mm);
  // Along a face across or along the slices the wave is not seen; rims alone do not tell of it.
  if (area_with_slope(points, grid) < 0.02 * equations.area_mm2 || equations.determination() < 1e-6)
    return Undefined{"rank_deficient", "the truth has no face that slopes across the slices"};
  const Equations::Row found = equations.step();
  double squares = 0.0;
  for (const auto& point : points) {
    const double residual = point.truth.signed_mm - row_at(point, grid).dot(found);
    squares += point.area_mm2 * residual * residual;
  }
  const double rms = std::sqrt(squares / equations.area_mm2);
  const double values = std::max(1.0, 0.5 * static_cast<double>(surface.triangles.size()));
  Wave wave;
  double half_width = 0.0;
  for (int k = 0; k < harmonics; ++k) {
    double variance = 0.0;
    for (const int c : {4 + 2 * k, 5 + 2 * k}) {
      wave[static_cast<std::size_t>(c - 4)] = found[c];
      variance += equations.variance(Equations::Row::Unit(c), rms, values);
    }
    half_width += 2.0 * std::sqrt(variance);  // No wave's height moves by more than those of its harmonics.
  }
  // Facets lie on a smooth truth to no better than this.
  const double rounding = 1e-12 * (1.0 + bounding_box(surface).diagonal_mm());
  const double recovery = staircase_recovery();
  return Staircase{.amplitude_mm = 0.5 * peak_to_peak(wave) / recovery,
                   .half_width_mm = (half_width + rounding) / recovery,
                   .period_mm = grid.slice_mm(),
                   .residual_rms_mm = rms};
}

Measurement row_of_target(const Trial& trial, const MetricRequest& request, const TargetTruth& target) {
  const MetricDefinition& metric = staircase_family().metrics[0];
  const Subject subject{surface_stage(request), target_name(trial, target)};
  const auto surface = find_measurable_surface(trial, request, target.label);
  if (const auto* why = std::get_if<Undefined>(&surface)) return undefined(metric, subject, *why);
  const auto found = staircase(*std::get<const TriangleMesh*>(surface), target, *trial.scan_grid);
  if (const auto* why = std::get_if<Undefined>(&found)) return undefined(metric, subject, *why);
  const auto& stairs = std::get<Staircase>(found);
  Measurement row = measured(metric, subject, stairs.amplitude_mm);
  row.interval = Interval{std::max(0.0, stairs.amplitude_mm - stairs.half_width_mm),
                          stairs.amplitude_mm + stairs.half_width_mm};
  row.interval_kind = IntervalKind::expanded_k2;
  row.sources = {{"fit", stairs.half_width_mm}};
  row.witnesses = {{"slice_distance_mm", stairs.period_mm}, {"residual_rms_mm", stairs.residual_rms_mm}};
  return row;
}

std::vector<Measurement> compute(const Trial& trial, const MetricRequest& request) {
  return one_row_a_target(trial, request, row_of_target);
}

}  // namespace

double staircase_recovery() {
  static const double recovery = [] {
    // With h = 1: on a riser the surface is at height t in [-1/2, 1/2] above its slice and n_z t outside, its
    // foot at (1 - n_z^2) t. On a tread it is s in [-1/2, 1/2] above the truth and n_z s outside, its foot
    // n_z^2 s below the tread, which is at 1/2. Areas a slice: circumference times 1, and times n_z / n_r;
    // the circumference goes with n_r. On a sphere n_z is spread evenly.
    NormalEquations<2 * harmonics> equations;
    constexpr int slopes = 200, places = 200;
    for (int i = 0; i < slopes; ++i)
      for (int j = 0; j < places; ++j) {
        const double nz = (i + 0.5) / slopes, t = (j + 0.5) / places - 0.5;
        const auto add = [&](double area, double foot) {
          const Wave wave = harmonics_at(foot);
          NormalEquations<2 * harmonics>::Row row;
          for (std::size_t c = 0; c < wave.size(); ++c) row[static_cast<Eigen::Index>(c)] = nz * wave[c];
          equations.add(area, row, -nz * t);
        };
        add(std::sqrt(1.0 - nz * nz), (1.0 - nz * nz) * t);
        add(nz, 0.5 - nz * nz * t);
      }
    const auto found = equations.step();
    Wave wave;
    for (std::size_t c = 0; c < wave.size(); ++c) wave[c] = found[static_cast<Eigen::Index>(c)];
    return peak_to_peak(wave);
  }();
  return recovery;
}

std::variant<Staircase, Undefined> staircase(const TriangleMesh& surface, const TargetTruth& truth,
                                             const Grid& scan_grid) {
  if (truth.implicit) return fit(surface, ImplicitField(*truth.implicit), scan_grid);
  if (!truth.surface || why_unmeasurable(*truth.surface))
    return Undefined{"no_reference", "the truth of this target has no surface"};
  const MeshDistance distance(*truth.surface);
  if (!distance.has_inside())
    return Undefined{"reference_not_closed", "the reference is a mesh that has no inside"};
  return fit(surface, MeshField(distance, 0.0), scan_grid);
}

const MetricFamily& staircase_family() {
  static const MetricFamily family{
      .name = "staircase",
      .metrics = {{.id = "staircase.amplitude",
                   .unit = "mm",
                   .definition =
                       "Half the peak to peak of the wave with the slice distance as its period that fits "
                       "the signed distance over n_z best, three harmonics, over what these find of a "
                       "nearest-voxel staircase.",
                   .source = "MeshAssay"}},
      .needs = {"surface", "reference_surface", "scan_grid"},
      .compute = compute};
  return family;
}

}  // namespace meshassay::metrics
