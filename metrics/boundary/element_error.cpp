// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/boundary/element_error.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace meshassay::metrics {
namespace {

using CornerNumbers = std::array<double, 3>;

double largest_of(const CornerNumbers& values) { return std::max({values[0], values[1], values[2]}); }

// The largest value on a triangle of the smaller of two linear functions: at a corner, or on an edge where
// the two are equal.
double largest_of_smaller(const CornerNumbers& f, const CornerNumbers& g) {
  double largest = -std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < 3; ++i) {
    const std::size_t j = (i + 1) % 3;
    largest = std::max(largest, std::min(f[i], g[i]));
    const double at_i = f[i] - g[i], at_j = f[j] - g[j];
    if ((at_i < 0.0) == (at_j < 0.0) || at_i == at_j) continue;
    const double along = at_i / (at_i - at_j);
    largest = std::max(largest, f[i] + along * (f[j] - f[i]));
  }
  return largest;
}

// The linear functions through the corners' distances to single triangles: each lies above the distance, as
// the distance to a triangle is convex. Two of them meet where the nearest triangle changes.
class UpperFunctions {
 public:
  UpperFunctions(const ElementCorners& corners, const BoundarySearch& search)
      : corners_(corners), search_(search) {}

  void add(const BoundaryTriangle& triangle, ElementError& error) {
    for (std::size_t n = 0; n < count_; ++n)
      if (triangles_[n] == triangle) return;
    triangles_[count_] = triangle;
    CornerNumbers& value = values_[count_];
    CornerNumbers& excess = excesses_[count_];
    // The corners that it is not nearest to: mostly two of them.
    std::array<std::size_t, 3> others{};
    std::size_t count = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      value[i] = corners_[i].distance_mm;
      if (corners_[i].nearest != triangle) others[count++] = i;
    }
    for (std::size_t n = 0; n < count; n += 2) {
      const std::size_t i = others[n], j = others[std::min(n + 1, count - 1)];
      const auto squared =
          search_.squared_distances_mm2(corners_[i].there_mm, corners_[j].there_mm, triangle);
      value[i] = std::max(value[i], std::sqrt(squared[0]));
      value[j] = std::max(value[j], std::sqrt(squared[1]));
    }
    for (std::size_t i = 0; i < 3; ++i) excess[i] = value[i] - corners_[i].distance_mm;
    error.above_mm = std::min(error.above_mm, largest_of(excess));
    error.mean_above_mm = std::min(error.mean_above_mm, (excess[0] + excess[1] + excess[2]) / 3.0);
    error.upper_mm = std::min(error.upper_mm, largest_of(value));
    for (std::size_t n = 0; n < count_; ++n) {
      error.above_mm = std::min(error.above_mm, largest_of_smaller(excess, excesses_[n]));
      error.upper_mm = std::min(error.upper_mm, largest_of_smaller(value, values_[n]));
    }
    ++count_;
  }

 private:
  const ElementCorners& corners_;
  const BoundarySearch& search_;
  std::size_t count_ = 0;
  std::array<BoundaryTriangle, 4> triangles_;
  std::array<CornerNumbers, 4> values_, excesses_;
};

// The distance is at most that to any one foot, which is convex. Let the foot of corner i stand for the third
// of the element nearest to it, between that corner, the middles of its edges and the centroid: the excess
// over the linear function is largest at those, and on the mean of the two halves of that third at most the
// mean of their corners.
void bound_by_feet(const ElementCorners& corners, const ElementShape& shape, ElementError& error) {
  const auto& d = std::array{corners[0].distance_mm, corners[1].distance_mm, corners[2].distance_mm};
  const double at_centroid = (d[0] + d[1] + d[2]) / 3.0;
  double above = 0.0, upper = std::max({d[0], d[1], d[2]}), sum = 0.0;
  for (std::size_t i = 0; i < 3; ++i) {
    const std::size_t next = (i + 1) % 3, previous = (i + 2) % 3;
    const Vector3& foot = corners[i].to_foot_mm;
    // |t edge - foot|^2 = d^2 - 2 t edge . foot + t^2 edge^2, edges away from corner i.
    const double to_next = shape.edges_mm[i].dot(foot), to_previous = -shape.edges_mm[previous].dot(foot);
    const double next2 = shape.squared_mm2[i], previous2 = shape.squared_mm2[previous],
                 opposite2 = shape.squared_mm2[next];
    const double squared = d[i] * d[i];
    const double next_mm = std::sqrt(std::max(0.0, squared - to_next + 0.25 * next2));
    const double previous_mm = std::sqrt(std::max(0.0, squared - to_previous + 0.25 * previous2));
    // From corner i to the centroid: a third of the sum of both edges, whose square is 2 a^2 + 2 b^2 - c^2.
    const double centroid_mm =
        std::sqrt(std::max(0.0, squared - (to_next + to_previous) * (2.0 / 3.0) +
                                    (2.0 * (next2 + previous2) - opposite2) * (1.0 / 9.0)));
    const double at_next = next_mm - 0.5 * (d[i] + d[next]),
                 at_previous = previous_mm - 0.5 * (d[i] + d[previous]),
                 at_middle = centroid_mm - at_centroid;
    above = std::max({above, at_next, at_previous, at_middle});
    upper = std::max({upper, next_mm, previous_mm, centroid_mm});
    sum += at_next + at_previous + 2.0 * at_middle;
  }
  error.above_mm = std::min(error.above_mm, above);
  error.upper_mm = std::min(error.upper_mm, upper);
  error.mean_above_mm = std::min(error.mean_above_mm, std::max(0.0, sum / 18.0));
}

}  // namespace

ElementError element_error(const ElementCorners& corners, const ElementShape& shape,
                           BoundaryNeighbourhood& other, const EnoughError& enough) {
  const double a = corners[0].distance_mm, b = corners[1].distance_mm, c = corners[2].distance_mm;
  const double least = std::min({a, b, c}), most = std::max({a, b, c});
  // Distances are 1-Lipschitz, so the spread's root bounds both sides.
  ElementError error{.below_mm = std::min(shape.reach_mm, most),
                     .mean_below_mm = std::min(shape.mean_reach_mm, (a + b + c) / 3.0),
                     .above_mm = shape.reach_mm,
                     .mean_above_mm = shape.mean_reach_mm,
                     .upper_mm = most + shape.reach_mm};
  // |x|^2 - d^2 is convex for the distance d to any set. So with the linear l = sum_i w_i d_i, d^2 is at
  // least sum_i w_i d_i^2 - spread, which is at least l^2 - spread: and l - d at most spread / (l + root of
  // that), which falls with l.
  const double remainder = least * least - shape.largest_spread_mm2;
  if (remainder > 0.0) {
    const double sum = least + std::sqrt(remainder);
    error.below_mm = std::min(error.below_mm, shape.largest_spread_mm2 / sum);
    error.mean_below_mm = std::min(error.mean_below_mm, shape.mean_spread_mm2 / sum);
  }
  if (error.below_mm > enough.error_mm) return error;  // It is halved anyway.
  bound_by_feet(corners, shape, error);
  // Triangles are worth their price where feet leave much open.
  const auto close_enough = [&] {
    return error.above_mm <= 0.25 * enough.error_mm && error.upper_mm <= enough.upper_mm;
  };
  if (close_enough()) return error;
  const BoundarySearch& search = other.search();
  UpperFunctions functions(corners, search);
  for (const ElementCorner& corner : corners)
    if (!close_enough()) functions.add(corner.nearest, error);
  if (error.above_mm > enough.error_mm || error.upper_mm > enough.upper_mm) {
    const Point3 middle = (corners[0].there_mm + corners[1].there_mm + corners[2].there_mm) / 3.0;
    functions.add(other.nearest(middle, corners[0].nearest).triangle, error);
  }
  return error;
}

}  // namespace meshassay::metrics
