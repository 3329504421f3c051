// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/surface/linear_on_triangle.hpp"

#include <algorithm>
#include <cmath>

namespace meshassay::metrics {
namespace {

CornerValues ascending(CornerValues values) {
  std::sort(values.begin(), values.end());
  return values;
}

// Mean over the triangle of max(0, L) where only `peak` is positive: a corner triangle with the area fraction
// peak^2 / ((peak - u) (peak - v)) on which the mean is peak / 3.
double mean_of_one_positive_corner(double peak, double u, double v) {
  return peak * (peak / (peak - u)) * (peak / (peak - v)) / 3.0;
}

CornerValues negated(const CornerValues& values) { return {-values[0], -values[1], -values[2]}; }

}  // namespace

double mean(const CornerValues& values) { return (values[0] + values[1] + values[2]) / 3.0; }

double variance(const CornerValues& values) {
  // The covariance of a triangle's points is that of its corners about the centroid, a twelfth of their sum.
  const double center = mean(values);
  double sum = 0.0;
  for (const double value : values) sum += (value - center) * (value - center);
  return sum / 12.0;
}

double mean_magnitude(const CornerValues& values) {
  const auto [lowest, middle, highest] = ascending(values);
  const double center = mean(values);
  if (lowest >= 0.0 || highest <= 0.0) return std::abs(center);
  // |L| = 2 max(0, L) - L = L + 2 max(0, -L)
  if (middle <= 0.0) return 2.0 * mean_of_one_positive_corner(highest, middle, lowest) - center;
  return center + 2.0 * mean_of_one_positive_corner(-lowest, -middle, -highest);
}

double fraction_at_most(const CornerValues& values, double limit) {
  const auto [lowest, middle, highest] = ascending(values);
  if (limit < lowest) return 0.0;
  if (limit >= highest) return 1.0;
  if (limit < middle) return (limit - lowest) / (middle - lowest) * ((limit - lowest) / (highest - lowest));
  return 1.0 - (highest - limit) / (highest - middle) * ((highest - limit) / (highest - lowest));
}

double fraction_of_magnitude_at_most(const CornerValues& values, double limit) {
  if (limit < 0.0) return 0.0;
  const double below = 1.0 - fraction_at_most(negated(values), limit);  // where L < -limit
  return std::max(0.0, fraction_at_most(values, limit) - below);
}

double least_magnitude(const CornerValues& values) {
  const auto [lowest, middle, highest] = ascending(values);
  return lowest <= 0.0 && highest >= 0.0 ? 0.0 : std::min(std::abs(lowest), std::abs(highest));
}

double greatest_magnitude(const CornerValues& values) {
  return std::max({std::abs(values[0]), std::abs(values[1]), std::abs(values[2])});
}

}  // namespace meshassay::metrics
