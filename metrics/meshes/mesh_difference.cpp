// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/meshes/mesh_difference.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <unordered_set>
#include <vector>

#include "core/blocks.hpp"
#include "core/distance/triangle_tree.hpp"
#include "core/exact/box_tree.hpp"
#include "core/exact/self_intersection.hpp"
#include "core/vertex_links.hpp"
#include "core/weld.hpp"

namespace meshassay::metrics {
namespace {

// With the vertices that are used: they are few where the triangles are.
TriangleMesh marked(const TriangleMesh& mesh, const std::vector<std::uint8_t>& marks, std::uint8_t mark) {
  constexpr auto none = static_cast<std::uint32_t>(-1);
  std::vector<std::uint32_t> number(mesh.vertices_mm.size(), none);
  TriangleMesh some;
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
    if (marks[t] != mark) continue;
    Triangle corners = mesh.triangles[t];
    for (auto& vertex : corners) {
      auto& kept = number[vertex];
      if (kept == none) {
        kept = static_cast<std::uint32_t>(some.vertices_mm.size());
        some.vertices_mm.push_back(mesh.vertices_mm[vertex]);
      }
      vertex = kept;
    }
    some.triangles.push_back(corners);
  }
  return some;
}

Box3 box_of(const TriangleMesh& mesh, std::size_t triangle) {
  Box3 box;
  for (int i = 0; i < 3; ++i) box.add(mesh.corner(triangle, i));
  return box;
}

std::array<Point3, 3> corners_of(const TriangleMesh& mesh, std::size_t triangle) {
  return {mesh.corner(triangle, 0), mesh.corner(triangle, 1), mesh.corner(triangle, 2)};
}

bool are_alike(const TriangleMesh& first, std::size_t one, const TriangleMesh& second, std::size_t other) {
  const auto corners = corners_of(first, one);
  return corners == corners_of(second, other) && corners[0] != corners[1] && corners[1] != corners[2] &&
         corners[2] != corners[0];
}

// 1 for triangles that are in common.
struct Common {
  std::vector<std::uint8_t> of_first, of_second;
};

// Triangles with the same corners in the same order that stand in line: where the lists part, one of them
// goes on if it soon comes to where the other one is. Most of what is common, if the one was made of the
// other.
Common in_line(const TriangleMesh& first, const TriangleMesh& second) {
  constexpr std::size_t soon = 64;
  const std::size_t of_first = first.triangles.size(), of_second = second.triangles.size();
  Common common{std::vector<std::uint8_t>(of_first, 0), std::vector<std::uint8_t>(of_second, 0)};
  std::size_t looks = of_first + of_second;  // Lists that have nothing in common are not worth more.
  const auto part = [&](std::size_t& one, std::size_t& other) {
    for (std::size_t step = 1; step <= soon && looks > 0; ++step, --looks) {
      if (one + step < of_first && are_alike(first, one + step, second, other)) {
        one += step;
        return;
      }
      if (other + step < of_second && are_alike(first, one, second, other + step)) {
        other += step;
        return;
      }
    }
    ++one, ++other;
  };
  for (std::size_t one = 0, other = 0; one < of_first && other < of_second;) {
    if (are_alike(first, one, second, other))
      common.of_first[one++] = common.of_second[other++] = 1;
    else
      part(one, other);
  }
  return common;
}

// Places of corners of triangles that are not in line. Only what has all of its corners there can be of the
// kind of one of them.
class Places {
 public:
  void add_unmarked(const TriangleMesh& mesh, const std::vector<std::uint8_t>& marks) {
    std::vector<std::uint8_t> is(mesh.vertices_mm.size(), 0);
    for (std::size_t t = 0; t < marks.size(); ++t)
      if (marks[t] == 0)
        for (const auto vertex : mesh.triangles[t]) is[vertex] = 1;
    for (std::size_t v = 0; v < is.size(); ++v)
      if (is[v] != 0) places_.insert(key(mesh.vertices_mm[v]));
  }
  [[nodiscard]] std::vector<std::uint32_t> with_all_corners(const TriangleMesh& mesh) const {
    if (places_.empty()) return {};
    std::vector<std::uint8_t> is(mesh.vertices_mm.size(), 0);
    for_each_block(is.size(), usual_block, [&](const Block& block) {
      for (std::size_t v = block.from; v < block.to; ++v)
        is[v] = places_.contains(key(mesh.vertices_mm[v])) ? 1 : 0;
    });
    std::vector<std::uint32_t> found;
    for (std::uint32_t t = 0; t < mesh.triangles.size(); ++t)
      if (const auto& [a, b, c] = mesh.triangles[t]; is[a] != 0 && is[b] != 0 && is[c] != 0)
        found.push_back(t);
    return found;
  }

 private:
  using Key = std::array<double, 3>;
  struct Hash {
    std::size_t operator()(const Key& place) const {
      std::size_t hash = 0;
      for (const double each : place) hash = (hash ^ std::hash<double>{}(each)) * 0x9e3779b97f4a7c15ULL;
      return hash ^ (hash >> 29);
    }
  };
  static Key key(const Point3& point) { return {point[0] + 0.0, point[1] + 0.0, point[2] + 0.0}; }
  std::unordered_set<Key, Hash> places_;
};

}  // namespace

MeshDifference difference_of(const TriangleMesh& first, const TriangleMesh& second) {
  auto common = in_line(first, second);
  Places places;
  places.add_unmarked(first, common.of_first);
  places.add_unmarked(second, common.of_second);
  const auto some_of_first = places.with_all_corners(first), some_of_second = places.with_all_corners(second);
  const std::size_t middle = some_of_first.size();
  const auto some = welded_triangles(middle + some_of_second.size(), [&](std::size_t n) {
    return n < middle ? corners_of(first, some_of_first[n]) : corners_of(second, some_of_second[n - middle]);
  });
  // Of equivalent triangles the first stands for all: which meshes have one like it.
  const auto equivalent = exact::equivalent_triangles(VertexLinks(some));
  std::vector<std::uint8_t> in_second(some.triangles.size(), 0);
  for (const auto& each : equivalent)
    if (each.triangle >= middle) in_second[each.first] = 1;
  const auto mark = [&](std::uint32_t n) {
    if (n < middle)
      common.of_first[some_of_first[n]] = 1;
    else
      common.of_second[some_of_second[n - middle]] = 1;
  };
  for (const auto& each : equivalent)
    if (each.first < middle && in_second[each.first] != 0) mark(each.first), mark(each.triangle);
  return {marked(first, common.of_first, 0), marked(second, common.of_second, 0)};
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
