// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/meshes/mesh_difference.hpp"

#include <algorithm>
#include <vector>

#include "core/blocks.hpp"
#include "core/distance/triangle_tree.hpp"
#include "core/exact/box_tree.hpp"
#include "core/exact/self_intersection.hpp"

namespace meshassay::metrics {
namespace {

TriangleMesh marked(const TriangleMesh& mesh, const std::vector<std::uint8_t>& marks, std::uint8_t mark) {
  TriangleMesh some{.vertices_mm = mesh.vertices_mm, .triangles = {}};
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t)
    if (marks[t] == mark) some.triangles.push_back(mesh.triangles[t]);
  return some;
}

Box3 box_of(const TriangleMesh& mesh, std::size_t triangle) {
  Box3 box;
  for (int i = 0; i < 3; ++i) box.add(mesh.corner(triangle, i));
  return box;
}

}  // namespace

MeshDifference difference_of(const TriangleMesh& first, const TriangleMesh& second) {
  TriangleMesh both = first;
  both.vertices_mm.insert(both.vertices_mm.end(), second.vertices_mm.begin(), second.vertices_mm.end());
  const auto offset = static_cast<std::uint32_t>(first.vertices_mm.size());
  for (const auto& [a, b, c] : second.triangles)
    both.triangles.push_back({offset + a, offset + b, offset + c});
  const std::size_t of_first = first.triangles.size();
  // Of equivalent triangles the first stands for all: which meshes have one like it.
  const auto equivalent = exact::equivalent_triangles(welded(both));
  std::vector<std::uint8_t> in_second(both.triangles.size(), 0), in_both(both.triangles.size(), 0);
  for (const auto& each : equivalent)
    if (each.triangle >= of_first) in_second[each.first] = 1;
  const auto is_common = [&](std::uint32_t kind) { return kind < of_first && in_second[kind] != 0; };
  for (const auto& each : equivalent)
    if (is_common(each.first)) in_both[each.first] = in_both[each.triangle] = 1;
  const auto middle = in_both.begin() + static_cast<std::ptrdiff_t>(of_first);
  return {marked(first, {in_both.begin(), middle}, 0), marked(second, {middle, in_both.end()}, 0)};
}

TriangleMesh within_reach(const TriangleMesh& from, const TriangleMesh& to, const TriangleMesh& some) {
  const TriangleTree near(some);
  std::vector<exact::FloatBox> reach(from.triangles.size());
  for_each_block(reach.size(), 256, [&](const Block& block) {
    for (std::size_t t = block.from; t < block.to; ++t) {
      const Point3& corner = from.corner(t, 0);
      const double across_mm =
          std::max((from.corner(t, 1) - corner).norm(), (from.corner(t, 2) - corner).norm());
      // From each point by way of the corner; grown by more than rounding can do.
      const double size_mm = corner.cwiseAbs().maxCoeff() + across_mm;
      const double farthest_mm = near.nearest(corner).distance_mm + across_mm + 1e-9 * size_mm;
      Box3 box = box_of(from, t);
      box.min_mm.array() -= 1.000001 * farthest_mm;
      box.max_mm.array() += 1.000001 * farthest_mm;
      reach[t] = exact::enclosing(box);
    }
  });
  const exact::BoxTree tree(reach);
  std::vector<std::uint8_t> is_near(to.triangles.size(), 0);
  for_each_block(to.triangles.size(), usual_block, [&](const Block& block) {
    for (std::size_t t = block.from; t < block.to; ++t)
      is_near[t] = tree.meets_any(exact::enclosing(box_of(to, t))) ? 1 : 0;
  });
  return marked(to, is_near, 1);
}

}  // namespace meshassay::metrics
