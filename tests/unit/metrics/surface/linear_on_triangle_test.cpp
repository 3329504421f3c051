// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/surface/linear_on_triangle.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/unit/metrics/known_shapes.hpp"

namespace meshassay::metrics {
namespace {

TEST(LinearOnTriangle, OneCornerAboveZeroByHand) {
  // Values 1, -1, -1: positive on a quarter of the area, where the mean is 1/3: mean of the positive part
  // 1/12; the mean is -1/3, so mean |L| = 2/12 + 1/3 = 1/2.
  EXPECT_NEAR(mean_magnitude({1, -1, -1}), 0.5, 1e-15);
  EXPECT_NEAR(mean_magnitude({-1, 1, 1}), 0.5, 1e-15);
  EXPECT_NEAR(fraction_at_most({1, -1, -1}, 0.0), 0.75, 1e-15);
  EXPECT_NEAR(mean({1, -1, -1}), -1.0 / 3.0, 1e-15);
  // (16 + 4 + 4) / 9 / 12
  EXPECT_NEAR(variance({1, -1, -1}), 24.0 / 108.0, 1e-15);
}

TEST(LinearOnTriangle, IsRightForConstants) {
  EXPECT_EQ(mean_magnitude({-2, -2, -2}), 2.0);
  EXPECT_EQ(fraction_at_most({2, 2, 2}, 2.0), 1.0);
  EXPECT_EQ(fraction_at_most({2, 2, 2}, 1.9), 0.0);
  EXPECT_EQ(fraction_of_magnitude_at_most({-2, -2, -2}, 2.0), 1.0);
  EXPECT_EQ(fraction_of_magnitude_at_most({0, 0, 0}, 0.0), 1.0);
  EXPECT_EQ(fraction_of_magnitude_at_most({0, 0, 0}, -1.0), 0.0);
}

TEST(LinearOnTriangle, AgreesWithAFineSampling) {
  test::Random random(5);
  for (int trial = 0; trial < 50; ++trial) {
    const CornerValues values = {random.uniform(-1, 1), random.uniform(-1, 1), random.uniform(-1, 1)};
    const double limit = random.uniform(0, 1);
    double magnitude = 0.0, at_most = 0.0, magnitude_at_most = 0.0, count = 0.0;
    const int n = 300;
    for (int i = 0; i < n; ++i)
      for (int j = 0; i + j < n; ++j)
        for (int upper = 0; upper < (i + j + 1 < n ? 2 : 1); ++upper) {
          const double third = upper ? 2.0 / 3.0 : 1.0 / 3.0;
          const double u = (i + third) / n, v = (j + third) / n;
          const double value = values[0] + u * (values[1] - values[0]) + v * (values[2] - values[0]);
          count += 1.0;
          magnitude += std::abs(value);
          at_most += value <= limit;
          magnitude_at_most += std::abs(value) <= limit;
        }
    EXPECT_NEAR(mean_magnitude(values), magnitude / count, 1e-4);         // the kink's cells: 1 / n^2
    EXPECT_NEAR(fraction_at_most(values, limit), at_most / count, 0.01);  // the limit's cells: 1 / n
    EXPECT_NEAR(fraction_of_magnitude_at_most(values, limit), magnitude_at_most / count, 0.01);
  }
}

}  // namespace
}  // namespace meshassay::metrics
