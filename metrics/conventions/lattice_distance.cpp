// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/conventions/lattice_distance.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <utility>

namespace meshassay::metrics::conventions {
namespace {

constexpr int deepest = 7;                    // Halvings of an element's edges.
constexpr std::size_t most_offsets = 30'000;  // Faces to be looked up about a face, about.
constexpr double unbounded = std::numeric_limits<double>::infinity();

// The gap to a face of the other along one axis in the plane of a face, over the coordinate from its lowest
// corner: start + slope * coordinate, never negative; the slope is 0 (and the gap too), 1 or -1.
struct Gap {
  double start_mm = 0.0;
  int slope = 0;

  [[nodiscard]] double at(double coordinate_mm) const { return start_mm + slope * coordinate_mm; }
};

// The distance to one face of the other.
struct FaceDistance {
  double across_mm = 0.0;  // The gap along the normal.
  std::array<Gap, 2> gaps;

  [[nodiscard]] double at(const std::array<double, 2>& place_mm) const {
    const double u = gaps[0].at(place_mm[0]), v = gaps[1].at(place_mm[1]);
    return std::sqrt(across_mm * across_mm + u * u + v * v);
  }
  // Constant, or as the coordinate.
  [[nodiscard]] bool is_linear() const {
    const int changing = std::abs(gaps[0].slope) + std::abs(gaps[1].slope);
    return changing == 0 || (changing == 1 && across_mm == 0.0);
  }
};

// A face of the other as seen from a face with a given normal.
struct Offset {
  std::array<int, 3> step{};  // From the voxel below the one to the voxel below the other.
  int axis = 0;               // The other's normal.
  FaceDistance distance;
  double least_mm = 0.0;
};

// Where a face, between the voxels at 0 and 1 along its normal, and another lie along an axis, in voxels.
Offset offset_of(int normal, int axis, const std::array<int, 3>& step, const Vector3& spacing_mm) {
  Offset offset{.step = step, .axis = axis};
  std::size_t in_plane = 0;
  double square = 0.0;
  for (int a = 0; a < 3; ++a) {
    const int at = step[static_cast<std::size_t>(a)];
    const int low = a == axis ? at + 1 : at, high = at + 1;
    if (a == normal) {
      offset.distance.across_mm = spacing_mm[a] * std::max({low - 1, 1 - high, 0});
      square += offset.distance.across_mm * offset.distance.across_mm;
      continue;
    }
    Gap& gap = offset.distance.gaps[in_plane++];
    if (low >= 1)
      gap = {spacing_mm[a] * low, -1};
    else if (high <= 0)
      gap = {-spacing_mm[a] * high, 1};
    const double least = std::min(gap.at(0.0), gap.at(spacing_mm[a]));
    square += least * least;
  }
  offset.least_mm = std::sqrt(square);
  return offset;
}

// All within a radius, the nearest first.
std::vector<Offset> offsets_about(int normal, const Vector3& spacing_mm, double radius_mm) {
  std::array<int, 3> reach{};
  for (int a = 0; a < 3; ++a)
    reach[static_cast<std::size_t>(a)] = static_cast<int>(std::ceil(radius_mm / spacing_mm[a])) + 1;
  std::vector<Offset> offsets;
  for (int axis = 0; axis < 3; ++axis)
    for (int k = -reach[2]; k <= reach[2]; ++k)
      for (int j = -reach[1]; j <= reach[1]; ++j)
        for (int i = -reach[0]; i <= reach[0]; ++i) {
          const Offset offset = offset_of(normal, axis, {i, j, k}, spacing_mm);
          if (offset.least_mm <= radius_mm) offsets.push_back(offset);
        }
  std::stable_sort(offsets.begin(), offsets.end(),
                   [](const Offset& a, const Offset& b) { return a.least_mm < b.least_mm; });
  return offsets;
}

// By axis: whether there is a face between a voxel and the next.
using Faces = std::array<Marks, 3>;

Faces faces_of(const VoxelBox& box, const Marks& marks) {
  Faces faces;
  for (int axis = 0; axis < 3; ++axis) {
    Marks& of_axis = faces[static_cast<std::size_t>(axis)];
    of_axis.assign(marks.size(), 0);
    const std::size_t next = box.stride(axis);
    for (std::size_t v = 0; v + next < marks.size(); ++v) of_axis[v] = marks[v] != marks[v + next] ? 1 : 0;
  }
  return faces;
}

struct Element {
  std::array<std::array<double, 2>, 3> corners_mm;  // From the face's lowest corner.
  double area_mm2 = 0.0;
};

// What is known of the distance on an element, against the linear one through its corners.
struct ElementBounds {
  std::array<double, 3> at_corners{};
  double below_mm = 0.0, mean_below_mm = 0.0;
  double above_mm = unbounded, mean_above_mm = unbounded;
  double upper_mm = unbounded;
};

// Of the function on the smallest box about an element: along each axis it is least at an end.
double least_of(const FaceDistance& function, const Element& element) {
  double square = function.across_mm * function.across_mm;
  for (std::size_t a = 0; a < 2; ++a) {
    const auto& c = element.corners_mm;
    const auto [low, high] = std::minmax({c[0][a], c[1][a], c[2][a]});
    const double gap = std::min(function.gaps[a].at(low), function.gaps[a].at(high));
    square += gap * gap;
  }
  return std::sqrt(square);
}

double squared_length(const std::array<double, 2>& a, const std::array<double, 2>& b) {
  return (a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]);
}

// The distance is the least of some functions, each convex, with a second derivative of at most 1 over its
// value. So the linear one through a function's corners lies above it, and by no more than half the square of
// the element's radius times that; and the least of them lies above the distance.
// `values` is room to work in.
ElementBounds bounds_of(const Element& element, const std::vector<FaceDistance>& functions,
                        std::vector<std::array<double, 3>>& values) {
  const auto& c = element.corners_mm;
  std::array<double, 3> edges{};
  for (std::size_t i = 0; i < 3; ++i) edges[i] = squared_length(c[i], c[(i + 1) % 3]);
  const double longest = *std::max_element(edges.begin(), edges.end());
  const double sum = edges[0] + edges[1] + edges[2];
  ElementBounds bounds;
  bounds.at_corners.fill(unbounded);
  values.resize(functions.size());
  for (std::size_t k = 0; k < functions.size(); ++k)
    for (std::size_t i = 0; i < 3; ++i) {
      values[k][i] = functions[k].at(c[i]);
      bounds.at_corners[i] = std::min(bounds.at_corners[i], values[k][i]);
    }
  for (const auto& value : values)
    bounds.upper_mm = std::min(bounds.upper_mm, std::max({value[0], value[1], value[2]}));
  for (std::size_t k = 0; k < functions.size(); ++k) {
    double excess = 0.0, mean_excess = 0.0;
    for (std::size_t i = 0; i < 3; ++i) {
      excess = std::max(excess, values[k][i] - bounds.at_corners[i]);
      mean_excess += (values[k][i] - bounds.at_corners[i]) / 3.0;
    }
    bounds.above_mm = std::min(bounds.above_mm, excess);
    bounds.mean_above_mm = std::min(bounds.mean_above_mm, mean_excess);
    if (functions[k].is_linear()) continue;
    const double nearest = least_of(functions[k], element);
    if (nearest > bounds.upper_mm) continue;  // Nowhere the least.
    // An element has a right angle, so that half its longest edge is its radius.
    bounds.below_mm = std::max(bounds.below_mm, longest / (8.0 * nearest));
    bounds.mean_below_mm = std::max(bounds.mean_below_mm, sum / (24.0 * nearest));
  }
  // No distance is below 0.
  const auto& at = bounds.at_corners;
  bounds.below_mm = std::min(bounds.below_mm, std::max({at[0], at[1], at[2]}));
  bounds.mean_below_mm = std::min(bounds.mean_below_mm, (at[0] + at[1] + at[2]) / 3.0);
  return bounds;
}

// Rounded up: a bound stays one.
float rounded_up(double value) {
  return std::nextafter(static_cast<float>(value), std::numeric_limits<float>::infinity());
}

// Adds the elements of a layer of faces.
class Layer {
 public:
  Layer(const VoxelBox& box, const Faces& to, const std::array<std::vector<Offset>, 3>& offsets)
      : box_(box), to_(to), offsets_(offsets), max_error_mm_(0.05 * std::cbrt(box.spacing_mm.prod())) {}

  // False where the other's faces are too far.
  bool add_face(int normal, const std::array<int, 3>& voxel) {
    std::array<double, 2> size_mm{};
    std::size_t in_plane = 0;
    for (int a = 0; a < 3; ++a)
      if (a != normal) size_mm[in_plane++] = box_.spacing_mm[a];
    if (!find_functions(normal, voxel, size_mm)) return false;
    const std::array<double, 2> origin{}, along{size_mm[0], 0.0}, across{0.0, size_mm[1]};
    const double half_mm2 = 0.5 * size_mm[0] * size_mm[1];
    add({{origin, along, across}, half_mm2}, functions_, 0);
    add({{size_mm, across, along}, half_mm2}, functions_, 0);
    return true;
  }

  std::vector<LinearElement> elements;
  double area_mm2 = 0.0, moment = 0.0, below_moment = 0.0, above_moment = 0.0, max_mm = 0.0,
         max_upper_mm = 0.0;

 private:
  // The functions of the other's faces that may be the least somewhere on the face.
  bool find_functions(int normal, const std::array<int, 3>& voxel, const std::array<double, 2>& size_mm) {
    functions_.clear();
    double upper = unbounded;
    for (const Offset& offset : offsets_[static_cast<std::size_t>(normal)]) {
      if (offset.least_mm > upper) return true;
      std::array<int, 3> at{};
      bool within = true;
      for (std::size_t a = 0; a < 3; ++a) {
        at[a] = voxel[a] + offset.step[a];
        within = within && at[a] >= 0 && at[a] < box_.size[a];
      }
      if (!within) continue;
      const std::size_t index = static_cast<std::size_t>(at[0]) +
                                static_cast<std::size_t>(at[1]) * box_.stride(1) +
                                static_cast<std::size_t>(at[2]) * box_.stride(2);
      if (to_[static_cast<std::size_t>(offset.axis)][index] == 0 || is_hidden(offset.distance, size_mm))
        continue;
      functions_.push_back(offset.distance);
      double greatest = 0.0;
      for (const double u : {0.0, size_mm[0]})
        for (const double v : {0.0, size_mm[1]}) greatest = std::max(greatest, offset.distance.at({u, v}));
      upper = std::min(upper, greatest);
    }
    return false;
  }

  // Whether one that is known is nowhere larger: gap by gap.
  [[nodiscard]] bool is_hidden(const FaceDistance& distance, const std::array<double, 2>& size_mm) const {
    return std::any_of(functions_.begin(), functions_.end(), [&](const FaceDistance& known) {
      bool is_less = known.across_mm <= distance.across_mm;
      for (std::size_t a = 0; a < 2; ++a)
        is_less = is_less && known.gaps[a].at(0.0) <= distance.gaps[a].at(0.0) &&
                  known.gaps[a].at(size_mm[a]) <= distance.gaps[a].at(size_mm[a]);
      return is_less;
    });
  }

  void add(const Element& element, const std::vector<FaceDistance>& functions, int depth) {
    const ElementBounds bounds = bounds_of(element, functions, values_);
    for (const double value : bounds.at_corners) max_mm = std::max(max_mm, value);
    const bool is_good = bounds.below_mm <= max_error_mm_ && bounds.above_mm <= max_error_mm_ &&
                         bounds.upper_mm <= max_mm + 0.05 * max_error_mm_;
    if (is_good || depth == deepest) {
      accept(element, bounds);
      return;
    }
    std::vector<FaceDistance> left;
    for (const auto& function : functions)
      if (least_of(function, element) <= bounds.upper_mm) left.push_back(function);
    const auto& c = element.corners_mm;
    const auto middle = [](const std::array<double, 2>& a, const std::array<double, 2>& b) {
      return std::array<double, 2>{0.5 * (a[0] + b[0]), 0.5 * (a[1] + b[1])};
    };
    const auto m = std::array{middle(c[0], c[1]), middle(c[1], c[2]), middle(c[2], c[0])};
    const double quarter = 0.25 * element.area_mm2;
    add({{c[0], m[0], m[2]}, quarter}, left, depth + 1);
    add({{m[0], c[1], m[1]}, quarter}, left, depth + 1);
    add({{m[2], m[1], c[2]}, quarter}, left, depth + 1);
    add({{m[0], m[1], m[2]}, quarter}, left, depth + 1);
  }

  void accept(const Element& element, const ElementBounds& bounds) {
    elements.push_back({.at_corners = bounds.at_corners,
                        .area_mm2 = element.area_mm2,
                        .below = rounded_up(bounds.below_mm),
                        .above = rounded_up(bounds.above_mm)});
    const auto& at = bounds.at_corners;
    area_mm2 += element.area_mm2;
    moment += element.area_mm2 * (at[0] + at[1] + at[2]) / 3.0;
    below_moment += element.area_mm2 * bounds.mean_below_mm;
    above_moment += element.area_mm2 * bounds.mean_above_mm;
    max_upper_mm = std::max(max_upper_mm, bounds.upper_mm);
  }

  const VoxelBox& box_;
  const Faces& to_;
  const std::array<std::vector<Offset>, 3>& offsets_;
  double max_error_mm_;
  std::vector<FaceDistance> functions_;
  std::vector<std::array<double, 3>> values_;
};

}  // namespace

std::optional<LatticeDistances> lattice_distances(const VoxelBox& box, const Marks& from, const Marks& to) {
  const Faces of_from = faces_of(box, from), of_to = faces_of(box, to);
  // The ball that holds as many faces, were there three at every voxel.
  const double radius_mm = std::cbrt(most_offsets * box.spacing_mm.prod() / (4.0 * std::numbers::pi));
  std::array<std::vector<Offset>, 3> offsets;
  for (int normal = 0; normal < 3; ++normal)
    offsets[static_cast<std::size_t>(normal)] = offsets_about(normal, box.spacing_mm, radius_mm);
  std::vector<Layer> layers(static_cast<std::size_t>(box.size[2]), Layer(box, of_to, offsets));
  std::atomic<bool> is_near = true;
  tbb::parallel_for(0, box.size[2], [&](int k) {
    for (int j = 0; j < box.size[1]; ++j)
      for (int i = 0; i < box.size[0]; ++i)
        for (int normal = 0; normal < 3 && is_near; ++normal) {
          const std::size_t index = static_cast<std::size_t>(i) +
                                    static_cast<std::size_t>(j) * box.stride(1) +
                                    static_cast<std::size_t>(k) * box.stride(2);
          if (of_from[static_cast<std::size_t>(normal)][index] != 0 &&
              !layers[static_cast<std::size_t>(k)].add_face(normal, {i, j, k}))
            is_near = false;
        }
  });
  if (!is_near) return std::nullopt;
  LatticeDistances result;
  for (Layer& layer : layers) {
    result.area_mm2 += layer.area_mm2;
    result.moment += layer.moment;
    result.below_moment += layer.below_moment;
    result.above_moment += layer.above_moment;
    result.max_mm = std::max(result.max_mm, layer.max_mm);
    result.max_upper_mm = std::max(result.max_upper_mm, layer.max_upper_mm);
    result.elements.push_back(std::move(layer.elements));
  }
  return result;
}

}  // namespace meshassay::metrics::conventions
