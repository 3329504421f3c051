// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/edge_table.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "core/union_find.hpp"

namespace meshassay {

EdgeTable::EdgeTable(const TriangleMesh& mesh) {
  // By the smaller vertex first: what is left to sort are a few uses each.
  std::vector<std::size_t> from(mesh.vertices_mm.size() + 1, 0);
  const auto for_each_use = [&](const auto& what) {
    for (std::size_t t = 0; t < mesh.triangles.size(); ++t)
      for (std::size_t side = 0; side < 3; ++side) {
        const std::uint32_t start = mesh.triangles[t][side], end = mesh.triangles[t][(side + 1) % 3];
        what(EdgeUse{std::min(start, end), std::max(start, end), static_cast<std::uint32_t>(t), start < end});
      }
  };
  for_each_use([&](const EdgeUse& use) { ++from[use.low + 1]; });
  std::partial_sum(from.begin(), from.end(), from.begin());
  uses_.resize(from.back());
  auto next = from;
  for_each_use([&](const EdgeUse& use) { uses_[next[use.low]++] = use; });
  for (std::size_t v = 0; v + 1 < from.size(); ++v)
    std::sort(uses_.begin() + static_cast<std::ptrdiff_t>(from[v]),
              uses_.begin() + static_cast<std::ptrdiff_t>(from[v + 1]),
              [](const EdgeUse& a, const EdgeUse& b) {
                return std::tie(a.high, a.triangle) < std::tie(b.high, b.triangle);
              });
  for (std::size_t u = 0; u < uses_.size(); ++u)
    if (u == 0 || uses_[u].low != uses_[u - 1].low || uses_[u].high != uses_[u - 1].high) first_.push_back(u);
  first_.push_back(uses_.size());
}

std::vector<std::uint32_t> EdgeTable::components(std::size_t triangles) const {
  UnionFind sets(triangles);
  for (std::size_t e = 0; e < edges(); ++e)
    for (const EdgeUse& use : edge(e)) sets.unite(edge(e).front().triangle, use.triangle);
  std::vector<std::uint32_t> number(triangles);
  std::uint32_t next = 0;
  // A set's name is its smallest triangle, so it has been numbered when the others come.
  for (std::size_t t = 0; t < triangles; ++t) number[t] = sets.find(t) == t ? next++ : number[sets.find(t)];
  return number;
}

TriangleMesh welded_without_collapsed(const TriangleMesh& mesh) {
  TriangleMesh result = welded(mesh);
  std::erase_if(result.triangles,
                [](const Triangle& t) { return t[0] == t[1] || t[1] == t[2] || t[2] == t[0]; });
  return result;
}

}  // namespace meshassay
