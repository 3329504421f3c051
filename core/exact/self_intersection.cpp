// SPDX-License-Identifier: GPL-3.0-or-later
// Candidates by boxes, each pair by the fewest exact predicates that decide it.
#include "core/exact/self_intersection.hpp"

#include <CGAL/Exact_predicates_inexact_constructions_kernel.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_sort.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "core/exact/box_tree.hpp"

namespace meshassay::exact {
namespace {

using Kernel = CGAL::Exact_predicates_inexact_constructions_kernel;

Kernel::Point_3 to_cgal(const Point3& point) { return {point[0], point[1], point[2]}; }

bool is_degenerate(const TriangleMesh& mesh, std::size_t triangle) {
  const Point3 &a = mesh.corner(triangle, 0), &b = mesh.corner(triangle, 1), &c = mesh.corner(triangle, 2);
  // Most triangles are far from it: twice the area in one projection, with a bound on its error.
  const Vector3 u = b - a, v = c - a;
  const double size = std::max(u.cwiseAbs().maxCoeff(), v.cwiseAbs().maxCoeff());
  if (u.cross(v).cwiseAbs().maxCoeff() > 1e-14 * size * size && size > 1e-140 && size < 1e140) return false;
  return CGAL::collinear(to_cgal(a), to_cgal(b), to_cgal(c));
}

bool is_regular(const Triangle& t) { return t[0] != t[1] && t[1] != t[2] && t[2] != t[0]; }

bool equivalent(const Triangle& a, const Triangle& b) {
  return std::all_of(a.begin(), a.end(),
                     [&](std::uint32_t vertex) { return std::find(b.begin(), b.end(), vertex) != b.end(); });
}

bool is_even(const Triangle& t) {  // An even number of swaps puts it in order.
  return (t[0] < t[1]) == ((t[1] < t[2]) == (t[0] < t[2]));
}

struct Found {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  std::vector<IntersectionKind> kinds;
};

// Work is handed out in lots, so that what is found first does not depend on the number of threads.
constexpr std::size_t lot = 64;

}  // namespace

std::vector<std::uint32_t> degenerate_triangles(const TriangleMesh& mesh) {
  std::vector<std::uint8_t> is(mesh.triangles.size());
  tbb::parallel_for(std::size_t{0}, is.size(),
                    [&](std::size_t t) { is[t] = is_degenerate(mesh, t) ? 1 : 0; });
  std::vector<std::uint32_t> found;
  for (std::uint32_t t = 0; t < is.size(); ++t)
    if (is[t] != 0) found.push_back(t);
  return found;
}

std::vector<Equivalent> equivalent_triangles(const TriangleMesh& mesh) {
  // By smallest vertex first: the lists are short.
  const auto& triangles = mesh.triangles;
  const auto smallest = [](const Triangle& t) { return std::min({t[0], t[1], t[2]}); };
  std::vector<std::uint32_t> first(mesh.vertices_mm.size() + 1, 0);
  for (const auto& t : triangles)
    if (is_regular(t)) ++first[smallest(t) + 1];
  std::partial_sum(first.begin(), first.end(), first.begin());
  std::vector<std::uint32_t> listed(first.back());
  auto next = first;
  for (std::uint32_t t = 0; t < triangles.size(); ++t)
    if (is_regular(triangles[t])) listed[next[smallest(triangles[t])]++] = t;
  const auto key = [&](std::uint32_t t) {
    Triangle sorted = triangles[t];
    std::sort(sorted.begin(), sorted.end());
    return std::pair(sorted, t);
  };
  std::vector<Equivalent> found;
  std::vector<std::pair<Triangle, std::uint32_t>> keys;
  for (std::size_t v = 0; v + 1 < first.size(); ++v) {
    if (first[v + 1] - first[v] < 2) continue;
    keys.clear();
    for (std::uint32_t n = first[v]; n < first[v + 1]; ++n) keys.push_back(key(listed[n]));
    std::sort(keys.begin(), keys.end());
    std::size_t group = 0;
    for (std::size_t k = 1; k < keys.size(); ++k) {
      if (keys[k].first != keys[group].first) {
        group = k;
        continue;
      }
      const std::uint32_t again = keys[k].second, original = keys[group].second;
      found.push_back({again, original, is_even(triangles[again]) == is_even(triangles[original])});
    }
  }
  std::sort(found.begin(), found.end(),
            [](const Equivalent& a, const Equivalent& b) { return a.triangle < b.triangle; });
  return found;
}

std::vector<std::uint32_t> layer_triangles(const TriangleMesh& mesh) {
  std::vector<std::uint8_t> left_out(mesh.triangles.size(), 0);
  for (const auto& again : equivalent_triangles(mesh)) left_out[again.triangle] = 1;
  std::vector<std::uint32_t> kept;
  for (std::uint32_t t = 0; t < left_out.size(); ++t)
    if (left_out[t] == 0 && is_regular(mesh.triangles[t])) kept.push_back(t);
  return kept;
}

SelfIntersections self_intersections(const TriangleMesh& mesh, std::size_t max_pairs) {
  std::vector<std::uint8_t> left_out(mesh.triangles.size(), 0);
  for (const auto t : degenerate_triangles(mesh)) left_out[t] = 1;
  return self_intersections(mesh, left_out, max_pairs);
}

SelfIntersections self_intersections(const TriangleMesh& mesh, const std::vector<std::uint8_t>& left_out,
                                     std::size_t max_pairs) {
  std::vector<std::uint32_t> ids;
  ids.reserve(mesh.triangles.size());
  for (std::uint32_t t = 0; t < mesh.triangles.size(); ++t)
    if (left_out[t] == 0) ids.push_back(t);
  std::vector<FloatBox> boxes(ids.size());
  tbb::parallel_for(std::size_t{0}, ids.size(), [&](std::size_t n) {
    Box3 box;
    for (int i = 0; i < 3; ++i) box.add(mesh.corner(ids[n], i));
    boxes[n] = enclosing(box);
  });
  // Closed boxes: triangles that only touch must be seen too.
  const BoxTree tree(boxes);
  std::vector<std::pair<std::pair<std::uint32_t, std::uint32_t>, IntersectionKind>> all;
  SelfIntersections result;
  for (std::size_t from = 0; from < tree.blocks() && result.complete; from += lot) {
    const std::size_t to = std::min(from + lot, tree.blocks());
    std::vector<Found> found(to - from);
    tbb::parallel_for(from, to, [&](std::size_t block) {
      BoxTree::Pairs candidates;
      tree.pairs_of_block(block, candidates);
      Found& mine = found[block - from];
      for (const auto& [a, b] : candidates) {
        const std::uint32_t first = ids[a], second = ids[b];
        if (equivalent(mesh.triangles[first], mesh.triangles[second])) continue;
        const auto kind = intersect(mesh, first, second).kind;
        if (kind == IntersectionKind::none) continue;
        mine.pairs.emplace_back(first, second);
        mine.kinds.push_back(kind);
        if (mine.pairs.size() > max_pairs) break;
      }
    });
    for (const auto& part : found)
      for (std::size_t n = 0; n < part.pairs.size(); ++n) {
        if (all.size() == max_pairs) {
          result.complete = false;
          break;
        }
        all.emplace_back(part.pairs[n], part.kinds[n]);
      }
  }
  tbb::parallel_sort(all.begin(), all.end());
  result.pairs.reserve(all.size());
  result.kinds.reserve(all.size());
  for (const auto& [pair, kind] : all) {
    result.pairs.push_back(pair);
    result.kinds.push_back(kind);
  }
  return result;
}

}  // namespace meshassay::exact
