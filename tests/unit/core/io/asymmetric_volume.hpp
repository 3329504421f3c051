// SPDX-License-Identifier: GPL-3.0-or-later
// A small volume in which no two axes, voxels or directions can be mistaken for each other.
#pragma once

#include "core/ct_volume.hpp"

namespace meshassay::testing {

inline Grid asymmetric_grid() {
  Grid grid{.size = {5, 4, 3}, .spacing_mm = {0.5, 0.7, 2.5}, .origin_mm = {-12.5, 30.25, 101.0}};
  grid.direction = (Eigen::AngleAxisd(0.3, Vector3::UnitZ()) * Eigen::AngleAxisd(-0.4, Vector3::UnitX()) *
                    Eigen::AngleAxisd(0.2, Vector3::UnitY()))
                       .toRotationMatrix();
  return grid;
}

/// HU i + 10 j + 100 k - 150: every voxel tells its place.
inline CtVolume asymmetric_volume() {
  CtVolume volume;
  volume.hu = Image<float>(asymmetric_grid());
  const Grid& grid = volume.hu.grid;
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i)
        volume.hu.at(i, j, k) = static_cast<float>(i + 10 * j + 100 * k - 150);
  return volume;
}

/// The largest difference of a corner's place between two grids of the same size, in mm.
inline double largest_difference_mm(const Grid& a, const Grid& b) {
  double largest_mm = 0.0;
  for (int corner = 0; corner < 8; ++corner) {
    const Vector3 index((corner & 1) * (a.size[0] - 1), (corner >> 1 & 1) * (a.size[1] - 1),
                        (corner >> 2 & 1) * (a.size[2] - 1));
    largest_mm = std::max(largest_mm, (a.to_world(index) - b.to_world(index)).norm());
  }
  return largest_mm;
}

}  // namespace meshassay::testing
