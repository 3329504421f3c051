// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "core/bridge_vtk/convert.hpp"

namespace meshassay::bridge_vtk {
namespace {

TEST(VtkBridge, BringsASurfaceThereAndBackBitForBit) {
  const TriangleMesh mesh{
      .vertices_mm = {{0.1, -0.2, 1e-9}, {1234.5678901234, 2.0, 3.0}, {4.0, 5.0, 6.0}, {7.0, 8.0, 9.5}},
      .triangles = {{0, 1, 2}, {3, 2, 1}}};
  const auto back = from_vtk(*to_vtk(mesh));
  EXPECT_EQ(back.triangles, mesh.triangles);
  ASSERT_EQ(back.vertices_mm.size(), mesh.vertices_mm.size());
  for (std::size_t v = 0; v < mesh.vertices_mm.size(); ++v)
    EXPECT_EQ(back.vertices_mm[v], mesh.vertices_mm[v]);
}

TEST(VtkBridge, PutsEachVoxelOfAnAnisotropicObliqueImageInItsPlace) {
  Grid grid;
  grid.size = {3, 4, 5};
  grid.spacing_mm = Vector3(0.4, 0.7, 2.5);
  grid.origin_mm = Point3(-10.0, 20.0, 30.0);
  grid.direction = (Eigen::AngleAxisd(0.4, Vector3::UnitX()) * Eigen::AngleAxisd(-0.3, Vector3::UnitY()))
                       .toRotationMatrix();
  Image<std::uint8_t> image(grid);
  for (std::size_t v = 0; v < image.values.size(); ++v) image.values[v] = static_cast<std::uint8_t>(v);
  const auto view = view_as_vtk(image);
  for (int k = 0; k < 5; ++k)
    for (int j = 0; j < 4; ++j)
      for (int i = 0; i < 3; ++i) {
        Point3 world;
        view->TransformContinuousIndexToPhysicalPoint(i, j, k, world.data());
        EXPECT_LT((world - grid.to_world(Vector3(i, j, k))).norm(), 1e-12);
        EXPECT_EQ(view->GetScalarComponentAsDouble(i, j, k, 0), image.at(i, j, k));
      }
}

}  // namespace
}  // namespace meshassay::bridge_vtk
