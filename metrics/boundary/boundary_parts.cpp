// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/boundary/boundary_parts.hpp"

#include <array>
#include <cstddef>

#include "core/bridge_vtk/boundary_cases.hpp"
#include "core/union_find.hpp"

namespace meshassay::metrics {
namespace {

// Two crossed edges of a cell that lie on one piece of the surface.
using Link = std::array<std::uint8_t, 2>;

// By case, as few links as join every piece.
std::array<std::vector<Link>, 256> links_of_cases() {
  std::array<std::vector<Link>, 256> links;
  const auto& cases = bridge_vtk::boundary_cases();
  for (std::size_t which = 0; which < cases.size(); ++which) {
    UnionFind pieces(12);
    for (const auto& triangle : cases[which])
      for (std::size_t i = 1; i < 3; ++i) {
        if (pieces.find(triangle[0]) == pieces.find(triangle[i])) continue;
        pieces.unite(triangle[0], triangle[i]);
        links[which].push_back({triangle[0], triangle[i]});
      }
  }
  return links;
}

}  // namespace

std::vector<std::uint32_t> connected_parts(const BoundaryCells& cells) {
  static const auto links = links_of_cases();
  UnionFind sets(cells.vertices());
  BlockVertices vertices;
  for (std::uint32_t b = 0; b < cells.blocks().size(); ++b) {
    const BoundaryBlock& block = cells.blocks()[b];
    vertices.fill(cells, b);
    for_each_bit(block.active, [&](int cell) {
      for (const auto& [one, other] : links[block.case_of(cell)])
        sets.unite(vertices.on(cell, one), vertices.on(cell, other));
    });
  }
  return std::move(sets).take_numbers();
}

}  // namespace meshassay::metrics
