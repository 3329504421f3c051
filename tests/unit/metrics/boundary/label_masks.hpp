// SPDX-License-Identifier: GPL-3.0-or-later
// Masks whose boundaries are measured.
#pragma once

#include <cstdint>

#include "metrics/masks/label_extents.hpp"
#include "tests/unit/metrics/known_shapes.hpp"

namespace meshassay::metrics {

inline LabelExtent extent_of(const LabelMap& mask, std::uint16_t label = 1) {
  const auto extents = label_extents(mask);
  return extents.contains(label) ? extents.at(label) : LabelExtent{};
}

// A ball by voxel centres, about the middle of the grid moved by `shift_mm`.
inline LabelMap ball(const Grid& grid, double radius_mm, const Vector3& shift_mm = Vector3::Zero()) {
  LabelMap mask(grid);
  const Vector3 middle(0.5 * (grid.size[0] - 1), 0.5 * (grid.size[1] - 1), 0.5 * (grid.size[2] - 1));
  const Point3 center = grid.to_world(middle) + shift_mm;
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i)
        if ((grid.to_world(Vector3(i, j, k)) - center).norm() <= radius_mm) mask.at(i, j, k) = 1;
  return mask;
}

// Grid about the origin that holds a ball with two voxels to spare.
inline Grid grid_for(double radius_mm, const Vector3& spacing_mm) {
  Grid grid{.spacing_mm = spacing_mm};
  for (int a = 0; a < 3; ++a) {
    grid.size[static_cast<std::size_t>(a)] = 2 * static_cast<int>(radius_mm / spacing_mm[a]) + 7;
    grid.origin_mm[a] = -0.5 * (grid.size[static_cast<std::size_t>(a)] - 1) * spacing_mm[a];
  }
  return grid;
}

inline LabelMap noise(const Grid& grid, double share, std::uint64_t seed) {
  LabelMap mask(grid);
  test::Random random(seed);
  for (auto& value : mask.values) value = random.uniform(0.0, 1.0) < share ? 1 : 0;
  return mask;
}

}  // namespace meshassay::metrics
