// SPDX-License-Identifier: GPL-3.0-or-later
// The smallest model with a volume: a cube, as mesh, mask and CT.
#pragma once

#include "core/ct_volume.hpp"
#include "core/label_map.hpp"
#include "core/triangle_mesh.hpp"

namespace meshassay::harness {

/// Outward, from `low_mm` on, with edges of 1 mm.
inline TriangleMesh unit_cube(const Point3& low_mm) {
  TriangleMesh cube;
  for (int corner = 0; corner < 8; ++corner)
    cube.vertices_mm.emplace_back(low_mm + Vector3(corner & 1, (corner >> 1) & 1, (corner >> 2) & 1));
  cube.triangles = {{0, 2, 1}, {1, 2, 3}, {4, 5, 6}, {5, 7, 6}, {0, 1, 4}, {1, 5, 4},
                    {2, 6, 3}, {3, 6, 7}, {0, 4, 2}, {2, 4, 6}, {1, 3, 5}, {3, 7, 5}};
  return cube;
}

/// 16 x 16 x 16 voxels of 0.5 mm; the inner 8 x 8 x 8 are 1000 HU, the others -1000.
inline CtVolume cube_ct() {
  Grid grid;
  grid.size = {16, 16, 16};
  grid.spacing_mm = Vector3(0.5, 0.5, 0.5);
  CtVolume ct{.hu = Image<float>(grid, -1000.0f)};
  for (int k = 4; k < 12; ++k)
    for (int j = 4; j < 12; ++j)
      for (int i = 4; i < 12; ++i) ct.hu.at(i, j, k) = 1000.0f;
  return ct;
}

inline LabelMap cube_mask() {
  const auto ct = cube_ct();
  LabelMap mask(ct.hu.grid);
  for (std::size_t voxel = 0; voxel < mask.values.size(); ++voxel)
    mask.values[voxel] = ct.hu.values[voxel] > 0.0f ? 1 : 0;
  return mask;
}

}  // namespace meshassay::harness
