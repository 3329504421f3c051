// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference_pipeline/repair/surface_match.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "core/distance/triangle_tree.hpp"
#include "reference_pipeline/repair/float_rounding.hpp"

namespace meshassay::reference_pipeline::repair {
namespace {

using Corner = std::array<double, 3>;
using Corners = std::array<Corner, 3>;

Corners corners_of(const TriangleMesh& mesh, std::size_t t) {
  Corners corners;
  for (int i = 0; i < 3; ++i) {
    const Point3 point = to_float32(mesh.corner(t, i));
    corners[static_cast<std::size_t>(i)] = {point[0] + 0.0, point[1] + 0.0, point[2] + 0.0};
  }
  std::sort(corners.begin(), corners.end());
  return corners;
}

std::vector<Corners> sorted_triangles(const TriangleMesh& mesh) {
  std::vector<Corners> all;
  all.reserve(mesh.triangles.size());
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t) all.push_back(corners_of(mesh, t));
  std::sort(all.begin(), all.end());
  return all;
}

std::vector<std::size_t> not_among(const TriangleMesh& mesh, const std::vector<Corners>& sorted) {
  std::vector<std::size_t> missing;
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t)
    if (!std::binary_search(sorted.begin(), sorted.end(), corners_of(mesh, t))) missing.push_back(t);
  return missing;
}

bool are_near(const TriangleMesh& mesh, const std::vector<std::size_t>& triangles, const TriangleTree& tree,
              double tolerance_mm) {
  const auto is_near = [&](const Point3& point) {
    const auto found = tree.nearest(point, {.within_mm = 2.0 * tolerance_mm});
    return found.triangle != TriangleTree::none && found.distance_mm <= tolerance_mm;
  };
  return std::all_of(triangles.begin(), triangles.end(), [&](std::size_t t) {
    const Point3 &a = mesh.corner(t, 0), &b = mesh.corner(t, 1), &c = mesh.corner(t, 2);
    return is_near((a + b + c) / 3.0) && is_near(a) && is_near(b) && is_near(c);
  });
}

}  // namespace

SurfaceMatch::SurfaceMatch(const TriangleMesh& surface, double tolerance_mm)
    : surface_(surface), tolerance_mm_(tolerance_mm) {}
SurfaceMatch::~SurfaceMatch() = default;

bool SurfaceMatch::matches(const TriangleMesh& other) const {
  const auto lost = not_among(surface_, sorted_triangles(other));
  const auto added = not_among(other, sorted_triangles(surface_));
  if (!lost.empty() && !are_near(surface_, lost, TriangleTree(other), tolerance_mm_)) return false;
  if (added.empty()) return true;
  if (!tree_) tree_ = std::make_unique<TriangleTree>(surface_);
  return are_near(other, added, *tree_, tolerance_mm_);
}

}  // namespace meshassay::reference_pipeline::repair
