// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/edge_table.hpp"

#include <algorithm>
#include <numeric>

#include "core/blocks.hpp"
#include "core/union_find.hpp"

namespace meshassay {

EdgeTable::EdgeTable(const VertexLinks& links) {
  // An edge is seen from the smaller of its vertices. What is left to sort are a few uses each.
  const std::size_t vertices = links.vertices(), blocks = block_count(vertices, usual_block);
  const auto for_each_use = [&](const Block& block, const auto& what) {
    for (std::size_t v = block.from; v < block.to; ++v) {
      const auto low = static_cast<std::uint32_t>(v);
      for (const auto& [from, to, triangle] : links.at(v)) {
        if (from > low) what(EdgeUse{low, from, triangle, true});
        if (to > low) what(EdgeUse{low, to, triangle, false});
      }
    }
  };
  std::vector<std::size_t> begin(blocks + 1, 0);
  for_each_block(vertices, usual_block, [&](const Block& block) {
    for_each_use(block, [&](const EdgeUse&) { ++begin[block.number + 1]; });
  });
  std::partial_sum(begin.begin(), begin.end(), begin.begin());
  uses_.resize(begin.back());
  std::vector<std::vector<std::uint32_t>> first(blocks);
  for_each_block(vertices, usual_block, [&](const Block& block) {
    std::size_t next = begin[block.number];
    for_each_use(block, [&](const EdgeUse& use) { uses_[next++] = use; });
    const auto key = [](const EdgeUse& use) { return std::uint64_t{use.high} << 32 | use.triangle; };
    for (std::size_t from = begin[block.number]; from < next;) {
      std::size_t to = from + 1;
      while (to < next && uses_[to].low == uses_[from].low) ++to;
      std::sort(uses_.begin() + static_cast<std::ptrdiff_t>(from),
                uses_.begin() + static_cast<std::ptrdiff_t>(to),
                [&](const EdgeUse& a, const EdgeUse& b) { return key(a) < key(b); });
      for (std::size_t u = from; u < to; ++u)
        if (u == from || uses_[u].high != uses_[u - 1].high)
          first[block.number].push_back(static_cast<std::uint32_t>(u));
      from = to;
    }
  });
  std::size_t edges = 0;
  for (const auto& part : first) edges += part.size();
  first_.reserve(edges + 1);
  for (const auto& part : first) first_.insert(first_.end(), part.begin(), part.end());
  first_.push_back(static_cast<std::uint32_t>(uses_.size()));
}

std::vector<std::uint32_t> EdgeTable::components(std::size_t triangles) const {
  UnionFind sets(triangles);
  for (std::size_t e = 0; e < edges(); ++e)
    for (const EdgeUse& use : edge(e).subspan(1)) sets.unite(edge(e).front().triangle, use.triangle);
  return std::move(sets).take_numbers();
}

TriangleMesh welded_without_collapsed(const TriangleMesh& mesh) {
  TriangleMesh result = welded(mesh);
  std::erase_if(result.triangles,
                [](const Triangle& t) { return t[0] == t[1] || t[1] == t[2] || t[2] == t[0]; });
  return result;
}

}  // namespace meshassay
