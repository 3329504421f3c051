// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/deviation/mask_discretisation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "metrics/registry.hpp"

namespace meshassay::metrics {
namespace {

// Two coordinates of a vertex are whole, the one along its edge is a half.
int axis_of_edge(const Point3& vertex_index) {
  int axis = 0;
  (vertex_index.array() - vertex_index.array().round()).abs().maxCoeff(&axis);
  return axis;
}

bool is_mean(std::string_view metric) {
  constexpr std::array means = {"deviation.bias", "deviation.mean_abs", "deviation.rms", "deviation.sd",
                                "deviation.rms_truth_to_test"};
  return std::find(means.begin(), means.end(), metric) != means.end();
}

void widen_length(Measurement& row, double half_width_mm, bool is_signed) {
  const double lo = row.interval->lo - half_width_mm;
  row.interval = Interval{is_signed ? lo : std::max(0.0, lo), row.interval->hi + half_width_mm};
  row.sources.push_back({"discretisation", half_width_mm});
}

// The fraction within a tolerance that is larger or smaller by `open_mm`: as of a truth that far off.
void widen_fraction(Measurement& row, Trial trial, double open_mm) {
  for (auto& target : trial.truth.targets) target.surface_chordal_error_mm += open_mm;
  const std::vector<MeasureItem> item = {{row.metric, row.stage}};
  for (const auto& wider : measure(trial, item)) {
    if (wider.target != row.target || !wider.interval) continue;
    const Interval before = *row.interval;
    row.interval = Interval{std::min(before.lo, wider.interval->lo), std::max(before.hi, wider.interval->hi)};
    row.sources.push_back(
        {"discretisation", std::max(before.lo - row.interval->lo, row.interval->hi - before.hi)});
  }
}

}  // namespace

MaskDiscretisation mask_discretisation(const TriangleMesh& boundary_index, const Grid& grid) {
  MaskDiscretisation result;
  double area_mm2 = 0.0, integral = 0.0;
  for (const auto& triangle : boundary_index.triangles) {
    std::array<Point3, 3> corners_mm;
    double squares_mm2 = 0.0;
    for (std::size_t i = 0; i < 3; ++i) {
      const Point3& index = boundary_index.vertices_mm[triangle[i]];
      const int axis = axis_of_edge(index);
      const double half_edge_mm = 0.5 * grid.spacing_mm[axis];
      result.largest_mm = std::max(result.largest_mm, half_edge_mm);
      result.touches_border = result.touches_border || index[axis] < 0.0 ||
                              index[axis] > grid.size[static_cast<std::size_t>(axis)] - 1;
      squares_mm2 += half_edge_mm * half_edge_mm / 3.0;
      corners_mm[i] = index.cwiseProduct(grid.spacing_mm);
    }
    const auto& [a, b, c] = corners_mm;
    const double area = 0.5 * (b - a).cross(c - a).norm();
    area_mm2 += area;
    integral += area * squares_mm2;
  }
  if (area_mm2 > 0.0) result.rms_mm = std::sqrt(integral / area_mm2);
  return result;
}

void add_discretisation(std::vector<Measurement>& rows, const Trial& trial, const MaskDiscretisation* test,
                        const MaskDiscretisation* reference) {
  const MaskDiscretisation none;
  const MaskDiscretisation& a = test ? *test : none;
  const MaskDiscretisation& b = reference ? *reference : none;
  for (auto& row : rows) {
    const std::string_view metric = row.metric;
    const bool is_deviation = metric.starts_with("deviation."),
               is_fraction = metric.starts_with("completeness");
    if ((!is_deviation && !is_fraction) || !row.value || !row.interval) continue;
    if (is_fraction)
      widen_fraction(row, trial, a.largest_mm + b.largest_mm);
    else
      widen_length(row, is_mean(metric) ? a.rms_mm + b.rms_mm : a.largest_mm + b.largest_mm,
                   metric == "deviation.bias");
    row.interval_kind = IntervalKind::expanded_k2;
    if (test) row.witnesses.emplace_back("test_touches_border", test->touches_border);
    if (reference) row.witnesses.emplace_back("reference_touches_border", reference->touches_border);
  }
}

}  // namespace meshassay::metrics
