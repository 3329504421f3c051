// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/vertex_links.hpp"

#include <algorithm>
#include <utility>

#include "core/blocks.hpp"

namespace meshassay {
namespace {

bool is_regular(const Triangle& t) { return t[0] != t[1] && t[1] != t[2] && t[2] != t[0]; }

}  // namespace

VertexLinks::VertexLinks(std::span<const Triangle> triangles, std::size_t vertices) : first_(vertices + 1) {
  // A counting sort in a few lots of triangles, each with a count of its own.
  const std::size_t lots = triangles.size() < 1 << 15 ? 1 : 4;
  const std::size_t lot = triangles.size() / lots + 1;
  std::vector<std::vector<std::uint32_t>> next(lots);
  const auto for_each_lot = [&](const auto& work) { for_each_block(triangles.size(), lot, work); };
  for_each_lot([&](const Block& block) {
    auto& count = next[block.number];
    count.assign(vertices, 0);
    for (std::size_t t = block.from; t < block.to; ++t)
      if (is_regular(triangles[t]))
        for (const auto vertex : triangles[t]) ++count[vertex];
  });
  std::erase_if(next, [](const auto& count) { return count.empty(); });
  std::uint32_t sum = 0;
  for (std::size_t v = 0; v < vertices; ++v) {
    first_[v] = sum;
    for (auto& count : next) {
      const std::uint32_t here = count[v];
      count[v] = sum;
      sum += here;
    }
  }
  first_[vertices] = sum;
  sides_.resize(sum);
  for_each_lot([&](const Block& block) {
    auto& place = next[block.number];
    for (std::size_t t = block.from; t < block.to; ++t) {
      const auto& [a, b, c] = triangles[t];
      if (!is_regular(triangles[t])) continue;
      const auto number = static_cast<std::uint32_t>(t);
      sides_[place[a]++] = {b, c, number};
      sides_[place[b]++] = {c, a, number};
      sides_[place[c]++] = {a, b, number};
    }
  });
}

bool is_one_directed_cycle(std::span<const LinkSide> sides) {
  if (sides.empty()) return false;
  constexpr std::size_t few = 32;
  std::vector<std::pair<std::uint32_t, std::size_t>> by_from;  // Where looking at all would take long.
  if (sides.size() > few) {
    for (std::size_t s = 0; s < sides.size(); ++s) by_from.emplace_back(sides[s].from, s);
    std::sort(by_from.begin(), by_from.end());
  }
  // The first side from a vertex, or none.
  const auto side_from = [&](std::uint32_t vertex) {
    if (by_from.empty()) {
      std::size_t s = 0;
      while (s < sides.size() && sides[s].from != vertex) ++s;
      return s;
    }
    const auto at = std::lower_bound(by_from.begin(), by_from.end(), std::pair(vertex, std::size_t{0}));
    return at != by_from.end() && at->first == vertex ? at->second : sides.size();
  };
  // As many steps as sides, back at the first at the last step only: no side was passed twice, and all were.
  // So there is no second side from any vertex: it would not have been passed.
  std::size_t at = 0;
  for (std::size_t step = 1; step <= sides.size(); ++step) {
    at = side_from(sides[at].to);
    if (at == sides.size()) return false;
    if (at == 0) return step == sides.size();
  }
  return false;
}

}  // namespace meshassay
