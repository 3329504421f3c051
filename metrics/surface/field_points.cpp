// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/surface/field_points.hpp"

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <cstddef>

#include "metrics/surface/area_least_squares.hpp"

namespace meshassay::metrics {
namespace {

constexpr std::size_t many_points = 4'000'000;  // Memory is not without end.

double longest_edge_mm(const std::array<Point3, 3>& corners) {
  const auto& [a, b, c] = corners;
  return std::max({(b - a).norm(), (c - b).norm(), (a - c).norm()});
}

struct Spread {
  const DistanceField& field;
  const FieldPointOptions& options;
  bool cut_at_jumps;

  void add(std::vector<FieldPoint>& points, const std::array<Point3, 3>& corners, double area_mm2,
           int cuts = 0) const {
    const auto quarter = [&](int cuts_of_parts) {
      for (const auto& part : quarters(corners)) add(points, part, 0.25 * area_mm2, cuts_of_parts);
    };
    const double longest_mm = longest_edge_mm(corners);
    if (longest_mm > options.longest_edge_mm) return quarter(cuts);
    const std::size_t first = points.size();
    std::size_t hint = TriangleTree::none;
    for_each_quadrature_point(corners, area_mm2, longest_mm, [&](const Point3& point, double weight) {
      points.push_back({weight, point, field.sample(point, hint)});
      hint = points.back().truth.triangle;
    });
    if (cuts == options.cuts_at_a_jump || !cut_at_jumps) return;
    const Vector3 normal = points[first].truth.gradient;
    const auto turned = [&](const Vector3& other) { return (other - normal).squaredNorm() > 0.25; };
    if (std::any_of(points.begin() + static_cast<std::ptrdiff_t>(first), points.end(),
                    [&](const FieldPoint& point) { return turned(point.truth.gradient); }) ||
        std::any_of(corners.begin(), corners.end(),
                    [&](const Point3& corner) { return turned(field.sample(corner, hint).gradient); })) {
      points.resize(first);
      quarter(cuts + 1);
    }
  }
};

}  // namespace

std::vector<FieldPoint> field_points(const TriangleMesh& surface, const DistanceField& field,
                                     const FieldPointOptions& options) {
  std::vector<FieldPoint> points;
  // In blocks of triangles, joined in order: what is found does not depend on the threads.
  constexpr std::size_t block = 1024, together = 16;
  const std::size_t count = surface.triangles.size();
  for (std::size_t start = 0; start < count; start += block * together) {
    const Spread spread{field, options, points.size() < many_points};
    std::array<std::vector<FieldPoint>, together> found;
    tbb::parallel_for(std::size_t{0}, together, [&](std::size_t b) {
      const std::size_t first = std::min(count, start + b * block), last = std::min(count, first + block);
      for (std::size_t t = first; t < last; ++t)
        spread.add(found[b], {surface.corner(t, 0), surface.corner(t, 1), surface.corner(t, 2)},
                   area_vector_mm2(surface, t).norm());
    });
    for (const auto& part : found) points.insert(points.end(), part.begin(), part.end());
  }
  return points;
}

}  // namespace meshassay::metrics
