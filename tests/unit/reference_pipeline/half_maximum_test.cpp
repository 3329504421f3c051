// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference_pipeline/half_maximum.hpp"

#include <gtest/gtest.h>

#include <random>

#include "core/errors.hpp"
#include "tests/unit/reference_pipeline/synthetic_ct.hpp"

namespace meshassay::reference_pipeline {
namespace {

const Target one_target{};

// A sum of 12 uniform numbers less 6 is close to normal with deviation 1; the generator's sequence is fixed
// by the standard.
void add_noise(Image<float>& hu, double deviation_hu) {
  std::mt19937 random(1);
  for (auto& value : hu.values) {
    double sum = -6.0;
    for (int n = 0; n < 12; ++n) sum += static_cast<double>(random()) / 4294967296.0;
    value += static_cast<float>(deviation_hu * sum);
  }
}

TEST(HalfMaximum, LiesMidwayBetweenTheMaterialsWhateverTheirShareOfTheVolume) {
  // Noise-free: the medians deep inside and outside are the materials themselves, (700 - 200) / 2 = 250.
  for (const double radius_mm : {2.0, 5.0, 9.0}) {
    const auto ct = testing::ball(testing::centered_grid(Vector3(0.5, 0.5, 1.0), 10.0), radius_mm,
                                  {.inside_hu = 700.0, .outside_hu = -200.0});
    std::string why_not;
    const auto found = half_maximum(ct.hu, {&one_target, 1}, why_not);
    ASSERT_TRUE(found) << why_not;
    EXPECT_DOUBLE_EQ(found->background_hu, -200.0);
    EXPECT_DOUBLE_EQ(found->material_hu.front(), 700.0);
    EXPECT_DOUBLE_EQ(found->thresholds_hu.front(), 250.0);
  }
}

TEST(HalfMaximum, IsSteadyUnderNoise) {
  auto ct = testing::ball(testing::centered_grid(Vector3(0.5, 0.5, 0.5), 11.0), 10.0);
  add_noise(ct.hu, 50.0);
  std::string why_not;
  const auto found = half_maximum(ct.hu, {&one_target, 1}, why_not);
  ASSERT_TRUE(found) << why_not;
  // A median of more than 20,000 values has a deviation of 1.25 * 50 / sqrt(20000) = 0.44 HU; five of those.
  EXPECT_NEAR(found->thresholds_hu.front(), 0.0, 2.2);
}

TEST(HalfMaximum, TakesTheWholeClassWhereNoVoxelIsDeep) {
  // A plate one voxel thick has no deep voxel.
  Grid grid;
  grid.size = {9, 9, 9};
  Image<float> hu(grid, -100.0F);
  for (int j = 0; j < 9; ++j)
    for (int i = 0; i < 9; ++i) hu.at(i, j, 4) = 300.0F;
  std::string why_not;
  const auto found = half_maximum(hu, {&one_target, 1}, why_not);
  ASSERT_TRUE(found) << why_not;
  EXPECT_DOUBLE_EQ(found->thresholds_hu.front(), 100.0);
}

TEST(HalfMaximum, SeparatesSeveralMaterialsByTheirRanges) {
  Grid grid;
  grid.size = {30, 10, 10};
  Image<float> hu(grid, -1000.0F);
  for (int k = 0; k < 10; ++k)
    for (int j = 0; j < 10; ++j)
      for (int i = 0; i < 30; ++i) hu.at(i, j, k) = i < 10 ? -1000.0F : i < 20 ? 60.0F : 900.0F;
  // The order of the targets is free, and the ranges need not hold the values found.
  const std::vector<Target> targets = {{.label = 5, .name = "bone", .hu_range = {800.0, 1200.0}},
                                       {.label = 2, .name = "soft", .hu_range = {0.0, 100.0}}};
  std::string why_not;
  const auto found = half_maximum(hu, targets, why_not);
  ASSERT_TRUE(found) << why_not;
  EXPECT_EQ(found->thresholds_hu, (std::vector<double>{480.0, -470.0}));
}

TEST(HalfMaximum, SaysWhyThereIsNothingToFind) {
  Grid grid;
  grid.size = {20, 20, 20};
  std::string why_not;
  EXPECT_FALSE(half_maximum(Image<float>(grid, 40.0F), {&one_target, 1}, why_not));
  EXPECT_NE(why_not.find("same grey value"), std::string::npos);
  EXPECT_FALSE(half_maximum(Image<float>(grid, std::nanf("")), {&one_target, 1}, why_not));

  Image<float> noise(grid);
  add_noise(noise, 30.0);
  EXPECT_FALSE(half_maximum(noise, {&one_target, 1}, why_not));
  EXPECT_NE(why_not.find("cannot be told apart"), std::string::npos);
}

TEST(HalfMaximum, RefusesTargetsThatNothingTellsApart) {
  Grid grid;
  grid.size = {2, 1, 1};
  Image<float> hu(grid);
  hu.values = {0.0F, 1.0F};
  const std::vector<Target> targets = {{.label = 1}, {.label = 2}};
  std::string why_not;
  EXPECT_THROW((void)half_maximum(hu, targets, why_not), InvalidInput);
}

}  // namespace
}  // namespace meshassay::reference_pipeline
