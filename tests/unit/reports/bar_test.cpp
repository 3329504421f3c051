// SPDX-License-Identifier: GPL-3.0-or-later
#include "reports/bar.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace meshassay::reports {
namespace {

TEST(ScaleOf, HoldsAllNumbersWithAFifthOfTheRangeOnBothSides) {
  const auto scale = scale_of(std::vector{1.0, 3.0, 2.0});
  ASSERT_TRUE(scale);
  EXPECT_DOUBLE_EQ(scale->lo, 0.6);  // 1 - 0.2 * 2
  EXPECT_DOUBLE_EQ(scale->hi, 3.4);
}

TEST(ScaleOf, ANumberAloneHasAWidth) {
  for (const double value : {0.0, 5.0, -2.0, 1e-300}) {
    const auto scale = scale_of(std::vector{value});
    ASSERT_TRUE(scale);
    EXPECT_LT(scale->lo, value);
    EXPECT_GT(scale->hi, value);
  }
}

TEST(ScaleOf, DoesNotExistWithoutNumbersOrBeyondADouble) {
  EXPECT_FALSE(scale_of({}));
  const double huge = std::numeric_limits<double>::max();
  EXPECT_FALSE(scale_of(std::vector{-huge, huge}));
}

TEST(PositionText, IsLinearAndClamped) {
  const Scale scale{0.0, 10.0};
  EXPECT_EQ(position_text(scale, 2.5, 160.0), "40.0");
  EXPECT_EQ(position_text(scale, -1.0, 160.0), "0.0");
  EXPECT_EQ(position_text(scale, 1e300, 160.0), "160.0");
}

TEST(ExtentText, IsSeenEvenWhereItIsNothing) {
  const Scale scale{0.0, 10.0};
  EXPECT_EQ(extent_text(scale, 2.0, 4.0, 160.0), "32.0");
  EXPECT_EQ(extent_text(scale, 2.0, 2.0, 160.0), "1.0");
}

}  // namespace
}  // namespace meshassay::reports
