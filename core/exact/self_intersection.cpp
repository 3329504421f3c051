// SPDX-License-Identifier: GPL-3.0-or-later
// Candidates by boxes, each pair by the fewest exact predicates that decide it.
#include "core/exact/self_intersection.hpp"

#include <CGAL/Exact_predicates_inexact_constructions_kernel.h>
#include <tbb/parallel_pipeline.h>
#include <tbb/parallel_sort.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <tuple>

#include "core/blocks.hpp"
#include "core/exact/box_tree.hpp"
#include "core/exact/flat_stars.hpp"
#include "core/unfilled.hpp"

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

// Then they meet in no more than what they share.
bool share_flat_star(const Triangle& a, const Triangle& b, std::span<const std::uint8_t> flat_star) {
  if (flat_star.empty()) return false;
  for (const auto vertex : a)
    if ((vertex == b[0] || vertex == b[1] || vertex == b[2]) && flat_star[vertex] != 0) return true;
  return false;
}

using Found = std::vector<std::pair<std::pair<std::uint32_t, std::uint32_t>, IntersectionKind>>;

constexpr std::size_t blocks_under_way = 64;

}  // namespace

std::vector<std::uint32_t> degenerate_triangles(const TriangleMesh& mesh) {
  std::vector<std::vector<std::uint32_t>> parts(block_count(mesh.triangles.size(), usual_block));
  for_each_block(mesh.triangles.size(), usual_block, [&](const Block& block) {
    for (std::size_t t = block.from; t < block.to; ++t)
      if (is_degenerate(mesh, t)) parts[block.number].push_back(static_cast<std::uint32_t>(t));
  });
  std::vector<std::uint32_t> found;
  for (const auto& part : parts) found.insert(found.end(), part.begin(), part.end());
  return found;
}

std::vector<Equivalent> equivalent_triangles(const TriangleMesh& mesh) {
  return equivalent_triangles(VertexLinks(mesh));
}

std::vector<Equivalent> equivalent_triangles(const VertexLinks& links) {
  // Seen from their smallest vertex: two others, and which of them comes first.
  using Others = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, bool>;  // Triangle before order.
  std::vector<std::vector<Equivalent>> parts(block_count(links.vertices(), usual_block));
  for_each_block(links.vertices(), usual_block, [&](const Block& block) {
    std::vector<Others> others;
    for (std::size_t v = block.from; v < block.to; ++v) {
      others.clear();
      for (const auto& [from, to, triangle] : links.at(v))
        if (from > v && to > v)
          others.emplace_back(std::min(from, to), std::max(from, to), triangle, from < to);
      if (others.size() < 2) continue;
      std::sort(others.begin(), others.end());
      std::size_t group = 0;
      for (std::size_t k = 1; k < others.size(); ++k) {
        const auto& [low, high, triangle, ascends] = others[k];
        const auto& [low_first, high_first, first, first_ascends] = others[group];
        if (low == low_first && high == high_first)
          parts[block.number].push_back({triangle, first, ascends == first_ascends});
        else
          group = k;
      }
    }
  });
  std::vector<Equivalent> found;
  for (const auto& part : parts) found.insert(found.end(), part.begin(), part.end());
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
  const auto flat = flat_stars(mesh, VertexLinks(mesh), left_out);
  return self_intersections(mesh, {.left_out = left_out, .flat_star = flat}, max_pairs);
}

SelfIntersections self_intersections(const TriangleMesh& mesh, const KnownOfMesh& known,
                                     std::size_t max_pairs) {
  // Of what is suspect there are boxes in a tree; the rest, if any, is held against it.
  std::vector<std::uint32_t> ids, unsuspected;
  ids.reserve(mesh.triangles.size());
  for (std::uint32_t t = 0; t < mesh.triangles.size(); ++t) {
    if (!known.left_out.empty() && known.left_out[t] != 0) continue;
    (known.suspect.empty() || known.suspect[t] != 0 ? ids : unsuspected).push_back(t);
  }
  const auto box_of = [&](std::uint32_t t) {
    Box3 box;
    for (int i = 0; i < 3; ++i) box.add(mesh.corner(t, i));
    return enclosing(box);
  };
  Unfilled<FloatBox> boxes(ids.size());
  for_each_block(ids.size(), usual_block, [&](const Block& block) {
    for (std::size_t n = block.from; n < block.to; ++n) boxes[n] = box_of(ids[n]);
  });
  // Closed boxes: triangles that only touch must be seen too.
  const BoxTree tree(boxes);
  const std::size_t further = ids.empty() ? 0 : block_count(unsuspected.size(), usual_block);
  const std::size_t blocks = tree.blocks() + further;
  const auto candidates_of = [&](std::size_t number, BoxTree::Pairs& candidates) {
    if (number < tree.blocks()) {
      tree.pairs_of_block(number, candidates);
      for (auto& [a, b] : candidates) a = ids[a], b = ids[b];
      return;
    }
    const std::size_t from = (number - tree.blocks()) * usual_block;
    std::vector<std::uint32_t> met;
    for (std::size_t n = from; n < std::min(from + usual_block, unsuspected.size()); ++n) {
      met.clear();
      tree.meeting(box_of(unsuspected[n]), met);
      for (const auto other : met) candidates.push_back(std::minmax(unsuspected[n], ids[other]));
    }
  };
  const auto found_in = [&](std::size_t block) {
    BoxTree::Pairs candidates;
    candidates_of(block, candidates);
    Found found;
    for (const auto& [first, second] : candidates) {
      const Triangle &one = mesh.triangles[first], &other = mesh.triangles[second];
      if (share_flat_star(one, other, known.flat_star) || equivalent(one, other)) continue;
      const auto kind = intersect(mesh, first, second).kind;
      if (kind == IntersectionKind::none) continue;
      found.emplace_back(std::pair(first, second), kind);
      if (found.size() > max_pairs) break;
    }
    return found;
  };
  // Blocks are put together in their order, so that what is found first does not depend on the number of
  // threads; a bounded number of them is under way.
  Found all;
  std::atomic<bool> complete = true;
  const auto add = [&](const Found& found) {
    const std::size_t room = max_pairs - all.size();
    if (found.size() > room) complete = false;
    all.insert(all.end(), found.begin(),
               found.begin() + static_cast<std::ptrdiff_t>(std::min(found.size(), room)));
  };
  std::size_t next = 0;
  if (blocks == 1) {
    add(found_in(0));
  } else {
    tbb::parallel_pipeline(blocks_under_way,
                           tbb::make_filter<void, std::size_t>(tbb::filter_mode::serial_in_order,
                                                               [&](tbb::flow_control& control) {
                                                                 if (next == blocks || !complete)
                                                                   control.stop();
                                                                 return next++;
                                                               }) &
                               tbb::make_filter<std::size_t, Found>(tbb::filter_mode::parallel, found_in) &
                               tbb::make_filter<Found, void>(tbb::filter_mode::serial_in_order, add));
  }
  tbb::parallel_sort(all.begin(), all.end());
  SelfIntersections result{.pairs = {}, .kinds = {}, .complete = complete};
  result.pairs.reserve(all.size());
  result.kinds.reserve(all.size());
  for (const auto& [pair, kind] : all) {
    result.pairs.push_back(pair);
    result.kinds.push_back(kind);
  }
  return result;
}

}  // namespace meshassay::exact
