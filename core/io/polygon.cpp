// SPDX-License-Identifier: GPL-3.0-or-later
// A polygon of a mesh file as triangles.
#include <array>
#include <cmath>

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
  std::vector<Eigen::Vector2d> outline;
  outline.reserve(corners_.size());
  for (const auto corner : corners_)
    outline.emplace_back(soup.vertices_mm[corner][axes[0]], soup.vertices_mm[corner][axes[1]]);
  const auto pieces = triangulated_region(std::array{outline});
  if (!pieces) return cut_from_first_corner();
  for (const auto& [a, b, c] : *pieces) soup.triangles.push_back({corners_[a], corners_[b], corners_[c]});
}

}  // namespace meshassay::io
