// SPDX-License-Identifier: GPL-3.0-or-later
// Convex polygons of few corners, cut by planes without taking memory.
#pragma once

#include <array>
#include <cstddef>

#include "core/geometry.hpp"

namespace meshassay::metrics {

/// A convex polygon in space. A cut adds at most one corner.
class SmallPolygon {
 public:
  static constexpr std::size_t most_corners = 12;

  SmallPolygon() = default;
  explicit SmallPolygon(const std::array<Point3, 3>& triangle) : size_(3) {
    for (std::size_t i = 0; i < 3; ++i) corners_[i] = triangle[i];
  }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool is_full() const { return size_ == most_corners; }
  [[nodiscard]] const Point3& operator[](std::size_t i) const { return corners_[i]; }
  [[nodiscard]] const Point3* begin() const { return corners_.data(); }
  [[nodiscard]] const Point3* end() const { return corners_.data() + size_; }
  void add(const Point3& corner) { corners_[size_++] = corner; }
  [[nodiscard]] Point3 mean() const {
    Point3 sum = Point3::Zero();
    for (const auto& corner : *this) sum += corner;
    return sum / static_cast<double>(size_);
  }

 private:
  std::array<Point3, most_corners> corners_;
  std::size_t size_ = 0;
};

struct PolygonHalves {
  SmallPolygon positive, negative;
};

/// Cuts by the plane normal.(p - origin) = 0; what lies in the plane goes to both, and a part of fewer than
/// three corners is dropped. \pre The polygon is not full.
[[nodiscard]] inline PolygonHalves cut(const SmallPolygon& polygon, const Point3& origin,
                                       const Vector3& normal) {
  PolygonHalves halves;
  std::array<double, SmallPolygon::most_corners> height;
  bool any_positive = false, any_negative = false;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    height[i] = normal.dot(polygon[i] - origin);
    any_positive = any_positive || height[i] > 0.0;
    any_negative = any_negative || height[i] < 0.0;
  }
  // A line crosses the border of a convex polygon twice. Rounding may say otherwise of one that is all but
  // flat: that one is left whole.
  int crossings = 0;
  for (std::size_t i = 0, last = 0; i <= polygon.size() && any_negative && any_positive; ++i) {
    const std::size_t at = i % polygon.size();
    if (height[at] == 0.0) continue;
    if (height[last] != 0.0 && (height[at] < 0.0) != (height[last] < 0.0)) ++crossings;
    last = at;
  }
  if (!any_negative || !any_positive || crossings > 2) {
    (any_negative && !any_positive ? halves.negative : halves.positive) = polygon;
    return halves;
  }
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const std::size_t next = i + 1 == polygon.size() ? 0 : i + 1;
    if (height[i] >= 0.0) halves.positive.add(polygon[i]);
    if (height[i] <= 0.0) halves.negative.add(polygon[i]);
    if (!((height[i] < 0.0 && height[next] > 0.0) || (height[i] > 0.0 && height[next] < 0.0))) continue;
    const Point3 crossing =
        polygon[i] + height[i] / (height[i] - height[next]) * (polygon[next] - polygon[i]);
    halves.positive.add(crossing);
    halves.negative.add(crossing);
  }
  if (halves.positive.size() < 3) halves.positive = {};
  if (halves.negative.size() < 3) halves.negative = {};
  return halves;
}

}  // namespace meshassay::metrics
