// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference_pipeline/threshold.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/errors.hpp"

namespace meshassay::reference_pipeline {
namespace {

Image<float> row_of(const std::vector<float>& values) {
  Grid grid;
  grid.size = {static_cast<int>(values.size()), 1, 1};
  Image<float> hu(grid);
  hu.values = values;
  return hu;
}

TEST(LabelByThreshold, TakesAVoxelExactlyAtTheThresholdAndLeavesTheNextNumberBelow) {
  const auto hu = row_of({std::nextafter(250.0F, 0.0F), 250.0F, 251.0F, std::nanf(""), INFINITY});
  const TargetThreshold target{.label = 3, .threshold_hu = 250.0};
  EXPECT_EQ(label_by_threshold(hu, {&target, 1}).values, (std::vector<std::uint16_t>{0, 3, 3, 0, 3}));
  EXPECT_EQ(voxels_exactly_at(hu, 250.0), 1U);
}

TEST(LabelByThreshold, GivesAVoxelToTheHighestThresholdThatItReachesInWhateverOrderTheyCome) {
  const auto hu = row_of({-1000.0F, 50.0F, 900.0F});
  const std::vector<TargetThreshold> targets = {{.label = 2, .threshold_hu = 500.0},
                                                {.label = 1, .threshold_hu = 0.0}};
  EXPECT_EQ(label_by_threshold(hu, targets).values, (std::vector<std::uint16_t>{0, 1, 2}));
}

TEST(LabelByThreshold, RefusesEqualThresholds) {
  const std::vector<TargetThreshold> targets = {{.label = 1, .threshold_hu = 10.0},
                                                {.label = 2, .threshold_hu = 10.0}};
  EXPECT_THROW((void)label_by_threshold(row_of({0.0F}), targets), InvalidInput);
}

}  // namespace
}  // namespace meshassay::reference_pipeline
