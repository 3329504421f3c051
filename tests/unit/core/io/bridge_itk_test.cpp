// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "core/bridge_itk/convert_image.hpp"
#include "tests/unit/core/io/asymmetric_volume.hpp"

namespace meshassay {
namespace {

TEST(ItkBridge, RoundTripKeepsGridAndValues) {
  const Image<float> image = testing::asymmetric_volume().hu;
  const Image<float> back = bridge_itk::from_itk(*bridge_itk::to_itk(image));
  EXPECT_EQ(back.grid, image.grid);
  EXPECT_EQ(back.values, image.values);
}

TEST(ItkBridge, ItkSeesEveryVoxelWhereWeDo) {
  const Image<float> image = testing::asymmetric_volume().hu;
  const auto converted = bridge_itk::to_itk(image);
  const itk::Index<3> index = {{4, 1, 2}};
  itk::Point<double, 3> point;
  converted->TransformIndexToPhysicalPoint(index, point);
  const Point3 expected = image.grid.to_world(Vector3(4, 1, 2));
  for (unsigned axis = 0; axis < 3; ++axis) EXPECT_NEAR(point[axis], expected[axis], 1e-12);
  EXPECT_EQ(converted->GetPixel(index), image.at(4, 1, 2));
}

TEST(ItkBridge, ARegionThatDoesNotStartAtZeroMovesTheOrigin) {
  const Image<float> image = testing::asymmetric_volume().hu;
  const auto converted = bridge_itk::to_itk(image);
  itk::Image<float, 3>::RegionType region = converted->GetLargestPossibleRegion();
  region.SetIndex({{2, -1, 3}});
  converted->SetRegions(region);  // The same buffer, called by other indices.
  const Grid grid = bridge_itk::to_grid(*converted);
  EXPECT_LT((grid.origin_mm - image.grid.to_world(Vector3(2, -1, 3))).norm(), 1e-12);
}

}  // namespace
}  // namespace meshassay
