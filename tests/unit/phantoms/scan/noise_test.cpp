// SPDX-License-Identifier: GPL-3.0-or-later
#include "phantoms/scan/noise.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "phantoms/scan/philox.hpp"

namespace meshassay::phantoms {
namespace {

using Counter = std::array<std::uint32_t, 4>;

TEST(Philox, GivesThePublishedAnswers) {
  // Rows "philox4x32 10" of tests/kat_vectors of Random123 (Salmon et al. 2011).
  EXPECT_EQ(philox4x32_10({0, 0, 0, 0}, {0, 0}), (Counter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  constexpr std::uint32_t all = 0xffffffff;
  EXPECT_EQ(philox4x32_10({all, all, all, all}, {all, all}),
            (Counter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox4x32_10({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Counter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Noise, IsStandardNormal) {
  constexpr int n = 1'000'000;
  double moments[5] = {};
  int beyond_two = 0;
  double neighbours = 0.0;
  double previous = 0.0;
  for (std::uint64_t voxel = 0; voxel < n; ++voxel) {
    const double x = standard_normal(7, voxel);
    for (int power = 1; power <= 4; ++power) moments[power] += std::pow(x, power) / n;
    beyond_two += std::abs(x) > 2.0 ? 1 : 0;
    neighbours += x * previous / n;
    previous = x;
  }
  // Standard errors of the moments are sqrt(1, 2, 15, 96) / 1000; five of them.
  EXPECT_NEAR(moments[1], 0.0, 0.005);
  EXPECT_NEAR(moments[2], 1.0, 0.0071);
  EXPECT_NEAR(moments[3], 0.0, 0.0194);
  EXPECT_NEAR(moments[4], 3.0, 0.049);
  EXPECT_NEAR(neighbours, 0.0, 0.005);
  // P(|x| > 2) = erfc(sqrt 2) = 0.0455003; binomial standard error 0.00021.
  EXPECT_NEAR(static_cast<double>(beyond_two) / n, std::erfc(std::sqrt(2.0)), 0.00105);
}

TEST(Noise, DependsOnAllBitsOfSeedAndVoxel) {
  const double x = standard_normal(1, 1);
  EXPECT_EQ(standard_normal(1, 1), x);
  EXPECT_NE(standard_normal(1, 2), x);
  EXPECT_NE(standard_normal(2, 1), x);
  EXPECT_NE(standard_normal(1 + (1ULL << 32), 1), x);
  EXPECT_NE(standard_normal(1, 1 + (1ULL << 32)), x);
}

}  // namespace
}  // namespace meshassay::phantoms
