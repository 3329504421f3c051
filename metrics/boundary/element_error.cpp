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

// Two elements, lane by lane.
struct ElementLanes {
  using Vector = std::array<TwoLanes, 3>;
  Vector distance_mm;                // By corner.
  std::array<Vector, 3> to_foot_mm;  // By corner.
  std::array<Vector, 3> edge_mm;     // As of ElementShape.
  Vector squared_mm2;
  TwoLanes reach_mm, mean_reach_mm;

  ElementLanes(const std::array<const ElementCorners*, 2>& corners,
               const std::array<const ElementShape*, 2>& shapes) {
    const auto of_shapes = [&](auto value) { return TwoLanes{value(*shapes[0]), value(*shapes[1])}; };
    for (std::size_t i = 0; i < 3; ++i) {
      const ElementCorner &one = (*corners[0])[i], &other = (*corners[1])[i];
      distance_mm[i] = TwoLanes{one.distance_mm, other.distance_mm};
      squared_mm2[i] = of_shapes([i](const ElementShape& shape) { return shape.squared_mm2[i]; });
      for (int a = 0; a < 3; ++a) {
        const auto axis = static_cast<std::size_t>(a);
        to_foot_mm[i][axis] = TwoLanes{one.to_foot_mm[a], other.to_foot_mm[a]};
        edge_mm[i][axis] = of_shapes([i, a](const ElementShape& shape) { return shape.edges_mm[i][a]; });
      }
    }
    reach_mm = of_shapes([](const ElementShape& shape) { return shape.reach_mm; });
    mean_reach_mm = of_shapes([](const ElementShape& shape) { return shape.mean_reach_mm; });
  }
};

TwoLanes dot(const ElementLanes::Vector& one, const ElementLanes::Vector& other) {
  return one[0] * other[0] + one[1] * other[1] + one[2] * other[2];
}

struct ErrorLanes {
  TwoLanes below_mm, mean_below_mm, above_mm, mean_above_mm, upper_mm;
};

// |x|^2 - d^2 is convex for the distance d to any set. So d^2 is at least sum_i w_i d_i^2 less the spread
// sum_ij w_i w_j |v_i - v_j|^2 (i < j). With the linear l = sum_i w_i d_i the first is
// l^2 + sum_ij w_i w_j (d_i - d_j)^2: together d^2 >= l^2 - s, where s is the spread of edges that are the
// shorter the more the distance changes along them. So l - d is at most l - root(l^2 - s), which falls with
// l and is no more than the root of s.
void bound_below(const ElementLanes& element, ErrorLanes& error) {
  const auto& [a, b, c] = element.distance_mm;
  const auto left_of = [](TwoLanes squared, TwoLanes change) {
    return larger(both(0.0), squared - change * change);
  };
  const auto left = spread_of(left_of(element.squared_mm2[0], a - b), left_of(element.squared_mm2[1], b - c),
                              left_of(element.squared_mm2[2], c - a));
  const TwoLanes least = smaller(a, smaller(b, c));
  const TwoLanes remainder = least * least - left.largest;
  const TwoLanes sum = least + root(remainder);
  error.below_mm = left.largest / sum;
  error.mean_below_mm = left.mean / sum;
  for (int lane = 0; lane < 2; ++lane)
    if (!(remainder[lane] > 0.0)) {
      error.below_mm[lane] = std::min(std::sqrt(left.largest[lane]), largest_of({a[lane], b[lane], c[lane]}));
      error.mean_below_mm[lane] = std::min(std::sqrt(left.mean[lane]), (a[lane] + b[lane] + c[lane]) / 3.0);
    }
}

// Distances are 1-Lipschitz: so the roots of the largest and the mean spread bound the excess.
//
// The distance is at most that to any one foot, which is convex. Let the foot of corner i stand for the third
// of the element nearest to it, between that corner, the middles of its edges and the centroid: the excess
// over the linear function is largest at those, and on the mean of the two halves of that third at most the
// mean of their corners. Returns the distances of the feet from the centroid.
ElementLanes::Vector bound_above(const ElementLanes& element, ErrorLanes& error) {
  const auto& d = element.distance_mm;
  const TwoLanes at_centroid = (d[0] + d[1] + d[2]) * (1.0 / 3.0);
  const TwoLanes most = larger(d[0], larger(d[1], d[2]));
  TwoLanes above = both(0.0), upper = most, sum = both(0.0);
  ElementLanes::Vector to_centroid_mm;
  for (std::size_t i = 0; i < 3; ++i) {
    const std::size_t next = (i + 1) % 3, previous = (i + 2) % 3;
    const auto& foot = element.to_foot_mm[i];
    // |t edge - foot|^2 = d^2 - 2 t edge . foot + t^2 edge^2, edges away from corner i.
    const TwoLanes to_next = dot(element.edge_mm[i], foot),
                   to_previous = -dot(element.edge_mm[previous], foot);
    const TwoLanes next2 = element.squared_mm2[i], previous2 = element.squared_mm2[previous],
                   opposite2 = element.squared_mm2[next];
    const TwoLanes squared = d[i] * d[i];
    const TwoLanes next_mm = root(squared - to_next + 0.25 * next2);
    const TwoLanes previous_mm = root(squared - to_previous + 0.25 * previous2);
    // From corner i to the centroid: a third of the sum of both edges, whose square is 2 a^2 + 2 b^2 - c^2.
    const TwoLanes centroid_mm = root(squared - (to_next + to_previous) * (2.0 / 3.0) +
                                      (2.0 * (next2 + previous2) - opposite2) * (1.0 / 9.0));
    const TwoLanes at_next = next_mm - 0.5 * (d[i] + d[next]),
                   at_previous = previous_mm - 0.5 * (d[i] + d[previous]),
                   at_middle = centroid_mm - at_centroid;
    above = larger(above, larger(at_middle, larger(at_next, at_previous)));
    upper = larger(upper, larger(centroid_mm, larger(next_mm, previous_mm)));
    sum += at_next + at_previous + 2.0 * at_middle;
    to_centroid_mm[i] = centroid_mm;
  }
  error.above_mm = smaller(element.reach_mm, above);
  error.upper_mm = smaller(most + element.reach_mm, upper);
  error.mean_above_mm = smaller(element.mean_reach_mm, larger(both(0.0), sum * (1.0 / 18.0)));
  return to_centroid_mm;
}

}  // namespace

std::array<CornerBounds, 2> corner_bounds(const std::array<const ElementCorners*, 2>& corners,
                                          const std::array<const ElementShape*, 2>& shapes) {
  const ElementLanes element(corners, shapes);
  ErrorLanes error;
  bound_below(element, error);
  const auto to_centroid_mm = bound_above(element, error);
  std::array<CornerBounds, 2> result;
  for (int lane = 0; lane < 2; ++lane) {
    const double first = to_centroid_mm[0][lane], second = to_centroid_mm[1][lane],
                 third = to_centroid_mm[2][lane];
    result[static_cast<std::size_t>(lane)] = {
        {error.below_mm[lane], error.mean_below_mm[lane], error.above_mm[lane], error.mean_above_mm[lane],
         error.upper_mm[lane]},
        first <= std::min(second, third) ? 0U
        : second <= third                ? 1U
                                         : 2U};
  }
  return result;
}

ElementError element_error(const ElementCorners& corners, const CornerBounds& bounds,
                           BoundaryNeighbourhood& other, const EnoughError& enough) {
  ElementError error = bounds.error;
  if (error.below_mm > enough.error_mm) return error;  // It is halved anyway.
  // A triangle is worth its price where feet leave much open: that of the best foot says most of what three
  // have to say.
  constexpr double much = 0.25;
  const auto known_within = [&](double error_mm) {
    return error.above_mm <= error_mm && error.upper_mm <= enough.upper_mm;
  };
  if (known_within(much * enough.error_mm)) return error;
  UpperFunctions functions(corners, other.search());
  functions.add(corners[bounds.nearest_to_centroid].nearest, error);
  for (const ElementCorner& corner : corners)
    if (!known_within(enough.error_mm)) functions.add(corner.nearest, error);
  if (!known_within(enough.error_mm)) {
    const Point3 middle = (corners[0].there_mm + corners[1].there_mm + corners[2].there_mm) / 3.0;
    functions.add(other.nearest(middle, corners[0].nearest).triangle, error);
  }
  return error;
}

}  // namespace meshassay::metrics
