// SPDX-License-Identifier: GPL-3.0-or-later
// Masks whose boundaries are measured.
#pragma once

#include <cstdint>

#include "metrics/masks/label_extents.hpp"
#include "tests/unit/metrics/voxel_balls.hpp"

namespace meshassay::metrics {

inline LabelExtent extent_of(const LabelMap& mask, std::uint16_t label = 1) {
  const auto extents = label_extents(mask);
  return extents.contains(label) ? extents.at(label) : LabelExtent{};
}

// A ball by voxel centres, about the middle of the grid moved by `shift_mm`.
inline LabelMap ball(const Grid& grid, double radius_mm, const Vector3& shift_mm = Vector3::Zero()) {
  LabelMap mask(grid);
  const Vector3 middle(0.5 * (grid.size[0] - 1), 0.5 * (grid.size[1] - 1), 0.5 * (grid.size[2] - 1));
  add_ball(mask, grid.to_world(middle) + shift_mm, radius_mm);
  return mask;
}

}  // namespace meshassay::metrics
