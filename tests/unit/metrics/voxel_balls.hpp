// SPDX-License-Identifier: GPL-3.0-or-later
// Balls and noise as masks.
#pragma once

#include <cstdint>

#include "core/label_map.hpp"
#include "tests/unit/metrics/known_shapes.hpp"

namespace meshassay::metrics {

/// Marks the voxels whose centres lie in a ball about a point of the world.
inline void add_ball(LabelMap& mask, const Point3& center_mm, double radius_mm, std::uint16_t label = 1) {
  const Grid& grid = mask.grid;
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i)
        if ((grid.to_world(Vector3(i, j, k)) - center_mm).squaredNorm() <= radius_mm * radius_mm)
          mask.at(i, j, k) = label;
}

/// Grid about the origin that holds a ball with two voxels to spare; the origin is the centre of a voxel,
/// moved by `phase` voxels.
inline Grid grid_about(double radius_mm, const Vector3& spacing_mm, const Vector3& phase = Vector3::Zero()) {
  Grid grid{.spacing_mm = spacing_mm};
  for (int a = 0; a < 3; ++a) {
    const int half = static_cast<int>(radius_mm / spacing_mm[a]) + 3;
    grid.size[static_cast<std::size_t>(a)] = 2 * half + 1;
    grid.origin_mm[a] = -(half + phase[a]) * spacing_mm[a];
  }
  return grid;
}

inline LabelMap random_voxels(const Grid& grid, double share, std::uint64_t seed) {
  LabelMap mask(grid);
  test::Random random(seed);
  for (auto& value : mask.values) value = random.uniform(0.0, 1.0) < share ? 1 : 0;
  return mask;
}

struct MaskPair {
  LabelMap test, reference;
};

/// Concentric balls of 21 mm (test) and 20 mm.
inline MaskPair balls_of_21_and_20(const Vector3& spacing_mm, const Vector3& phase) {
  MaskPair pair{LabelMap(grid_about(21.0, spacing_mm, phase)), LabelMap(grid_about(21.0, spacing_mm, phase))};
  add_ball(pair.test, Point3::Zero(), 21.0);
  add_ball(pair.reference, Point3::Zero(), 20.0);
  return pair;
}

}  // namespace meshassay::metrics
