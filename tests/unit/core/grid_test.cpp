// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "core/image.hpp"

namespace meshassay {
namespace {

TEST(Grid, MapsIndicesToVoxelCentresAndBackOnAnObliqueAnisotropicGrid) {
  Grid grid;
  grid.size = {4, 5, 6};
  grid.spacing_mm = {0.5, 0.7, 2.0};
  grid.origin_mm = {10.0, -20.0, 30.0};
  grid.direction =
      (Eigen::AngleAxisd(0.3, Vector3::UnitX()) * Eigen::AngleAxisd(-0.8, Vector3::UnitZ())).matrix();
  const Vector3 index{1.25, 3.5, -2.0};
  // to_index inverts to_world because the direction is orthonormal; only rounding remains.
  EXPECT_LT((grid.to_index(grid.to_world(index)) - index).norm(), 1e-12);
  EXPECT_EQ(grid.to_world(Vector3::Zero()), grid.origin_mm);
  // One step along k moves by the slice distance along the third column.
  EXPECT_LT((grid.to_world({0, 0, 1}) - grid.origin_mm - 2.0 * grid.direction.col(2)).norm(), 1e-12);
}

TEST(Grid, StoresColumnsFastest) {
  Grid grid;
  grid.size = {3, 4, 5};
  EXPECT_EQ(grid.offset(1, 0, 0), 1u);
  EXPECT_EQ(grid.offset(0, 1, 0), 3u);
  EXPECT_EQ(grid.offset(0, 0, 1), 12u);
  EXPECT_EQ(grid.voxels(), 60u);
  EXPECT_FALSE(grid.contains(3, 0, 0));
  EXPECT_FALSE(grid.contains(0, -1, 0));
}

}  // namespace
}  // namespace meshassay
