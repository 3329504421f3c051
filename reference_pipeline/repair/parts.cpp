// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference_pipeline/repair/parts.hpp"

#include <numeric>
#include <utility>

namespace meshassay::reference_pipeline::repair {

Parts find_parts(const Sorted& sorted) {
  const auto& hull = sorted.hull;
  // Cells of the solid that an internal triangle separates are one piece: it goes.
  std::vector<std::uint32_t> piece(hull.cells.size());
  std::iota(piece.begin(), piece.end(), 0U);
  const auto root = [&](std::uint32_t cell) {
    while (piece[cell] != cell) cell = piece[cell] = piece[piece[cell]];
    return cell;
  };
  for (std::size_t t = 0; t < hull.cell.size(); ++t)
    if (role(sorted, t) == Role::internal) piece[root(hull.cell[t][0])] = root(hull.cell[t][1]);

  constexpr auto unknown = static_cast<std::uint32_t>(-1);
  std::vector<std::uint32_t> number(hull.cells.size(), unknown);
  Parts parts;
  parts.of_triangle.assign(hull.cell.size(), 0);
  for (std::size_t t = 0; t < hull.cell.size(); ++t) {
    if (role(sorted, t) != Role::solid) continue;
    const auto& [front, back] = hull.cell[t];
    auto& of_piece = number[root(sorted.open[front] ? back : front)];
    if (of_piece == unknown) of_piece = parts.count++;
    parts.of_triangle[t] = of_piece;
  }
  return parts;
}

}  // namespace meshassay::reference_pipeline::repair
