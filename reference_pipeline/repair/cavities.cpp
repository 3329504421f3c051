// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference_pipeline/repair/cavities.hpp"

#include "core/exact/arrangement.hpp"
#include "core/exact/outer_hull.hpp"

namespace meshassay::reference_pipeline::repair {
namespace {

bool inside_out(const exact::OuterHull& hull) {
  bool some = false;
  for (std::size_t t = 0; t < hull.role.size(); ++t) {
    if (hull.role[t] != exact::HullRole::solid) continue;
    if (hull.cell[t][0] == 0) return false;
    some = true;
  }
  return some;
}

}  // namespace

std::vector<Cavity> find_cavities(const exact::Arrangement& arrangement, const exact::OuterHull& hull,
                                  double least_mm3) {
  const std::size_t open_side = inside_out(hull) ? 1 : 0;
  std::vector<bool> shut(hull.cells.size(), false), faced(hull.cells.size(), false);
  for (const auto& sides : hull.cell) {
    if (sides[0] == sides[1]) continue;  // A sheet within it.
    faced[sides[open_side]] = true;
    shut[sides[1 - open_side]] = true;
  }
  std::vector<Cavity> cavities;
  for (std::uint32_t cell = 1; cell < hull.cells.size(); ++cell) {
    const auto& each = hull.cells[cell];
    if (!faced[cell] || shut[cell] || each.winding.value_or(0) != 0 || each.volume_mm3 < least_mm3) continue;
    const auto corner = arrangement.triangles[each.some_triangle][0];
    cavities.push_back(
        {.cell = cell, .volume_mm3 = each.volume_mm3, .place_mm = arrangement.vertices_mm[corner]});
  }
  return cavities;
}

}  // namespace meshassay::reference_pipeline::repair
