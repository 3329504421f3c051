// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference_pipeline/repair/common_offset.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

namespace meshassay::reference_pipeline::repair {
namespace {

TEST(CommonOffset, OfOneNormalIsTheNormal) {
  const std::vector<Vector3> normals = {Vector3::UnitY(), Vector3::UnitY()};
  const auto offset = common_offset(normals, 1.5);
  ASSERT_TRUE(offset);
  EXPECT_NEAR((*offset - Vector3::UnitY()).norm(), 0.0, 1e-12);
}

TEST(CommonOffset, OfTwoIsTheMitre) {
  // Normals at 2 a: the mitre is 1 / cos a long.
  for (const double a : {0.1, 0.4, std::numbers::pi / 4}) {
    const std::vector<Vector3> normals = {{std::sin(a), 0, std::cos(a)}, {-std::sin(a), 0, std::cos(a)}};
    const auto offset = common_offset(normals, std::numbers::sqrt2);
    ASSERT_TRUE(offset) << a;
    EXPECT_NEAR((*offset - Vector3(0, 0, 1 / std::cos(a))).norm(), 0.0, 1e-9) << a;
  }
}

TEST(CommonOffset, IsAbsentWhereTheNormalsSpreadTooFar) {
  // The corner of a cube: (1, 1, 1) is sqrt 3 long.
  const std::vector<Vector3> cube = {Vector3::UnitX(), Vector3::UnitY(), Vector3::UnitZ()};
  EXPECT_FALSE(common_offset(cube, std::numbers::sqrt2));
  const auto longer = common_offset(cube, 1.8);
  ASSERT_TRUE(longer);
  EXPECT_NEAR((*longer - Vector3(1, 1, 1)).norm(), 0.0, 1e-9);
  const std::vector<Vector3> opposite = {Vector3::UnitX(), -Vector3::UnitX()};
  EXPECT_FALSE(common_offset(opposite, 100.0));
}

TEST(CommonOffset, OfAConeRunsAlongItsAxis) {
  // All normals at the angle a to the axis: the axis divided by cos a, whatever their number.
  std::vector<Vector3> normals;
  for (int i = 0; i < 37; ++i) normals.emplace_back(0.6 * std::cos(i), 0.6 * std::sin(i), 0.8);
  const auto offset = common_offset(normals, std::numbers::sqrt2);
  ASSERT_TRUE(offset);
  EXPECT_NEAR((*offset - Vector3(0, 0, 1.25)).norm(), 0.0, 1e-6);
  for (const auto& normal : normals) EXPECT_GE(normal.dot(*offset), 1.0 - 1e-8);
}

}  // namespace
}  // namespace meshassay::reference_pipeline::repair
