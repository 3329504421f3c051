// SPDX-License-Identifier: GPL-3.0-or-later
// A polygon of a mesh file as triangles.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "core/bridge_cgal/triangulated_region.hpp"
#include "core/io/mesh_formats.hpp"

namespace meshassay::io {
namespace {

// Half of it is the vector area, of polygons that are not flat too.
Vector3 twice_vector_area_mm2(const std::vector<Vector3>& from_first_mm) {
  Vector3 sum = Vector3::Zero();
  for (std::size_t i = 1; i + 1 < from_first_mm.size(); ++i)
    sum += from_first_mm[i].cross(from_first_mm[i + 1]);
  return sum;
}

// The two axes of the projection, in the order in which the polygon runs counter-clockwise.
std::array<int, 2> projection_axes(const Vector3& normal) {
  int dropped = 0;
  normal.cwiseAbs().maxCoeff(&dropped);
  const int next = (dropped + 1) % 3, last = (dropped + 2) % 3;
  return normal[dropped] > 0.0 ? std::array{next, last} : std::array{last, next};
}

// Whether all triangles from the first corner run counter-clockwise beyond any doubt of rounding: then, of a
// polygon that does not meet itself, they cover it once.
bool first_corner_sees_all(const std::vector<Vector3>& from_first_mm, std::array<int, 2> axes) {
  // Differences of coordinates, products and their difference round by 2^-53 each: 8 of them are ample.
  constexpr double bound = 8.0 / 9007199254740992.0;
  for (std::size_t i = 1; i + 1 < from_first_mm.size(); ++i) {
    const auto &a = from_first_mm[i], &b = from_first_mm[i + 1];
    const double left = a[axes[0]] * b[axes[1]], right = a[axes[1]] * b[axes[0]];
    if (!(left - right > bound * (std::abs(left) + std::abs(right)))) return false;
  }
  return true;
}

using Corners = std::vector<std::uint32_t>;

// The closed walks without a place that stands twice into which a polygon falls. A corner that is named again
// at once adds nothing; a hole that a bridge joins to the outline becomes a walk of its own, and the bridge,
// which runs forth and back, none.
std::vector<Corners> simple_walks(const Corners& corners, const std::vector<Point3>& vertices_mm) {
  std::vector<Corners> walks;
  Corners walk;
  std::map<std::array<double, 3>, std::size_t> place_in_walk;
  const auto key = [&](std::uint32_t corner) {
    const auto& point = vertices_mm[corner];
    return std::array{point[0], point[1], point[2]};
  };
  const auto close_from = [&](std::size_t first) {
    if (walk.size() - first > 2)
      walks.emplace_back(walk.begin() + static_cast<std::ptrdiff_t>(first), walk.end());
  };
  for (const auto corner : corners) {
    const auto [place, is_new] = place_in_walk.try_emplace(key(corner), walk.size());
    if (is_new) {
      walk.push_back(corner);
      continue;
    }
    const std::size_t first = place->second;
    close_from(first);
    for (std::size_t n = first + 1; n < walk.size(); ++n) place_in_walk.erase(key(walk[n]));
    walk.resize(first + 1);
  }
  close_from(0);
  return walks;
}

std::vector<Eigen::Vector2d> projected(const Corners& corners, const std::vector<Point3>& vertices_mm,
                                       std::array<int, 2> axes) {
  std::vector<Eigen::Vector2d> outline;
  outline.reserve(corners.size());
  for (const auto corner : corners)
    outline.emplace_back(vertices_mm[corner][axes[0]], vertices_mm[corner][axes[1]]);
  return outline;
}

bool runs_counter_clockwise(const std::vector<Eigen::Vector2d>& outline) {
  double twice_area = 0.0;
  for (std::size_t i = 1; i + 1 < outline.size(); ++i) {
    const Eigen::Vector2d a = outline[i] - outline[0], b = outline[i + 1] - outline[0];
    twice_area += a[0] * b[1] - a[1] * b[0];
  }
  return twice_area > 0.0;
}

// Of the region that the walks bound; none where they meet or cross, but for lobes that meet in a corner.
std::vector<Triangle> triangles_of(const std::vector<Corners>& walks, const std::vector<Point3>& vertices_mm,
                                   std::array<int, 2> axes) {
  std::vector<std::vector<Eigen::Vector2d>> outlines;
  for (const auto& walk : walks) outlines.push_back(projected(walk, vertices_mm, axes));
  std::vector<Triangle> triangles;
  const auto add = [&](std::span<const std::vector<Eigen::Vector2d>> region, const Corners& corners) {
    const auto pieces = triangulated_region(region);
    if (!pieces) return false;
    for (const auto& [a, b, c] : *pieces) triangles.push_back({corners[a], corners[b], corners[c]});
    return true;
  };
  Corners all;
  for (const auto& walk : walks) all.insert(all.end(), walk.begin(), walk.end());
  if (add(outlines, all) || walks.size() < 2) return triangles;
  for (std::size_t n = 0; n < walks.size(); ++n)
    if (!runs_counter_clockwise(outlines[n]) || !add(std::span(outlines).subspan(n, 1), walks[n])) return {};
  return triangles;
}

}  // namespace

void Polygon::cut_into(TriangleMesh& soup) const {
  const auto cut_from_first_corner = [&] {
    for (std::size_t i = 1; i + 1 < corners_.size(); ++i)
      soup.triangles.push_back({corners_[0], corners_[i], corners_[i + 1]});
  };
  if (corners_.size() <= 3) return cut_from_first_corner();
  const auto& first_mm = soup.vertices_mm[corners_[0]];
  std::vector<Vector3> from_first_mm;
  from_first_mm.reserve(corners_.size());
  for (const auto corner : corners_) from_first_mm.push_back(soup.vertices_mm[corner] - first_mm);
  const Vector3 normal = twice_vector_area_mm2(from_first_mm);
  if (!normal.allFinite() || normal.isZero(0.0)) return cut_from_first_corner();
  const auto axes = projection_axes(normal);
  if (first_corner_sees_all(from_first_mm, axes)) return cut_from_first_corner();
  const auto triangles = triangles_of(simple_walks(corners_, soup.vertices_mm), soup.vertices_mm, axes);
  if (triangles.empty()) return cut_from_first_corner();
  soup.triangles.insert(soup.triangles.end(), triangles.begin(), triangles.end());
}

}  // namespace meshassay::io
