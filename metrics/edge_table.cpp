// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/edge_table.hpp"

#include <algorithm>
#include <tuple>

#include "metrics/union_find.hpp"

namespace meshassay::metrics {

EdgeTable::EdgeTable(const TriangleMesh& mesh) {
  uses_.reserve(3 * mesh.triangles.size());
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t)
    for (std::size_t side = 0; side < 3; ++side) {
      const std::uint32_t from = mesh.triangles[t][side];
      const std::uint32_t to = mesh.triangles[t][(side + 1) % 3];
      uses_.push_back({std::min(from, to), std::max(from, to), static_cast<std::uint32_t>(t), from < to});
    }
  std::sort(uses_.begin(), uses_.end(), [](const EdgeUse& a, const EdgeUse& b) {
    return std::tie(a.low, a.high, a.triangle) < std::tie(b.low, b.high, b.triangle);
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

}  // namespace meshassay::metrics
