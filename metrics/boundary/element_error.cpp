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
// mean of their corners. Returns the corner whose foot is nearest to the centroid.
std::size_t bound_by_feet(const ElementCorners& corners, const ElementShape& shape, ElementError& error) {
  const CornerNumbers d = {corners[0].distance_mm, corners[1].distance_mm, corners[2].distance_mm};
  const double at_centroid = (d[0] + d[1] + d[2]) / 3.0;
  double above = 0.0, upper = largest_of(d), sum = 0.0;
  CornerNumbers to_centroid_mm;
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
    to_centroid_mm[i] = centroid_mm;
  }
  error.above_mm = std::min(error.above_mm, above);
  error.upper_mm = std::min(error.upper_mm, upper);
  error.mean_above_mm = std::min(error.mean_above_mm, std::max(0.0, sum / 18.0));
  return static_cast<std::size_t>(std::min_element(to_centroid_mm.begin(), to_centroid_mm.end()) -
                                  to_centroid_mm.begin());
}

}  // namespace

ElementError element_error(const ElementCorners& corners, const ElementShape& shape,
                           BoundaryNeighbourhood& other, const EnoughError& enough) {
  const double a = corners[0].distance_mm, b = corners[1].distance_mm, c = corners[2].distance_mm;
  const double least = std::min(a, std::min(b, c)), most = std::max(a, std::max(b, c));
  // Distances are 1-Lipschitz: so the roots of the largest and the mean spread bound the excess.
  ElementError error{
      .above_mm = shape.reach_mm, .mean_above_mm = shape.mean_reach_mm, .upper_mm = most + shape.reach_mm};
  // |x|^2 - d^2 is convex for the distance d to any set. So d^2 is at least sum_i w_i d_i^2 less the spread
  // sum_ij w_i w_j |v_i - v_j|^2 (i < j). With the linear l = sum_i w_i d_i the first is
  // l^2 + sum_ij w_i w_j (d_i - d_j)^2: together d^2 >= l^2 - s, where s is the spread of edges that are the
  // shorter the more the distance changes along them. So l - d is at most l - root(l^2 - s), which falls with
  // l and is no more than the root of s.
  const auto left_of = [](double squared, double change) { return std::max(0.0, squared - change * change); };
  const Spread left = spread_of(left_of(shape.squared_mm2[0], a - b), left_of(shape.squared_mm2[1], b - c),
                                left_of(shape.squared_mm2[2], c - a));
  if (const double remainder = least * least - left.largest; remainder > 0.0) {
    const double sum = least + std::sqrt(remainder);
    error.below_mm = left.largest / sum;
    error.mean_below_mm = left.mean / sum;
  } else {
    error.below_mm = std::min(std::sqrt(left.largest), most);
    error.mean_below_mm = std::min(std::sqrt(left.mean), (a + b + c) / 3.0);
  }
  if (error.below_mm > enough.error_mm) return error;  // It is halved anyway.
  const std::size_t nearest_to_centroid = bound_by_feet(corners, shape, error);
  // A triangle is worth its price where feet leave much open: that of the best foot says most of what three
  // have to say.
  constexpr double much = 0.25;
  const auto known_within = [&](double error_mm) {
    return error.above_mm <= error_mm && error.upper_mm <= enough.upper_mm;
  };
  if (known_within(much * enough.error_mm)) return error;
  UpperFunctions functions(corners, other.search());
  functions.add(corners[nearest_to_centroid].nearest, error);
  for (const ElementCorner& corner : corners)
    if (!known_within(enough.error_mm)) functions.add(corner.nearest, error);
  if (!known_within(enough.error_mm)) {
    const Point3 middle = (corners[0].there_mm + corners[1].there_mm + corners[2].there_mm) / 3.0;
    functions.add(other.nearest(middle, corners[0].nearest).triangle, error);
  }
  return error;
}

}  // namespace meshassay::metrics
