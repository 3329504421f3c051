// SPDX-License-Identifier: GPL-3.0-or-later
// What a surface must be, checked from its triangles alone and independently of how it was made.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>
#include <vector>

#include "core/triangle_mesh.hpp"

namespace meshassay::testing {

/// Closed, two-manifold and consistently oriented: each directed edge is used once and its reverse once, and
/// the triangles round each vertex form one cycle.
inline ::testing::AssertionResult is_closed_two_manifold(const TriangleMesh& mesh) {
  using DirectedEdge = std::pair<std::uint32_t, std::uint32_t>;
  std::vector<DirectedEdge> edges;
  edges.reserve(3 * mesh.triangles.size());
  // The link of a vertex: each triangle leads from its next corner to the one after.
  std::vector<std::vector<DirectedEdge>> links(mesh.vertices_mm.size());
  for (const auto& t : mesh.triangles) {
    if (t[0] == t[1] || t[1] == t[2] || t[2] == t[0])
      return ::testing::AssertionFailure() << "a triangle uses a vertex twice";
    for (std::size_t i = 0; i < 3; ++i) {
      edges.emplace_back(t[i], t[(i + 1) % 3]);
      links[t[i]].emplace_back(t[(i + 1) % 3], t[(i + 2) % 3]);
    }
  }
  std::sort(edges.begin(), edges.end());
  if (std::adjacent_find(edges.begin(), edges.end()) != edges.end())
    return ::testing::AssertionFailure() << "a directed edge is used twice";
  for (const auto& [a, b] : edges)
    if (!std::binary_search(edges.begin(), edges.end(), DirectedEdge{b, a}))
      return ::testing::AssertionFailure() << "edge " << a << "-" << b << " is open";
  for (std::size_t v = 0; v < links.size(); ++v) {
    if (links[v].empty()) return ::testing::AssertionFailure() << "vertex " << v << " has no triangle";
    std::size_t steps = 0;
    auto at = links[v].front().first;
    do {
      const auto next = std::find_if(links[v].begin(), links[v].end(),
                                     [&](const DirectedEdge& edge) { return edge.first == at; });
      if (next == links[v].end()) return ::testing::AssertionFailure() << "the link of " << v << " is open";
      at = next->second;
      ++steps;
    } while (at != links[v].front().first && steps <= links[v].size());
    if (steps != links[v].size())
      return ::testing::AssertionFailure() << "vertex " << v << " has more than one fan of triangles";
  }
  return ::testing::AssertionSuccess();
}

}  // namespace meshassay::testing
