// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/union_find.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

namespace meshassay {
namespace {

TEST(UnionFind, NumbersItsSetsInTheOrderOfTheirSmallestElements) {
  // Against labels that are all rewritten at each union. Pairs come in no order, so that chains of several
  // elements are there when numbers are taken: a number that is taken from a root's name fails here.
  std::mt19937_64 random(5);
  for (int trial = 0; trial < 200; ++trial) {
    constexpr std::size_t count = 60;
    UnionFind sets(count);
    std::vector<std::size_t> smallest(count);
    for (std::size_t e = 0; e < count; ++e) smallest[e] = e;
    for (int pair = 0; pair < trial / 2; ++pair) {
      const std::size_t one = random() % count, other = random() % count;
      sets.unite(one, other);
      const std::size_t low = std::min(smallest[one], smallest[other]),
                        high = std::max(smallest[one], smallest[other]);
      for (auto& each : smallest)
        if (each == high) each = low;
    }
    std::vector<std::uint32_t> expected(count);
    std::uint32_t next = 0;
    for (std::size_t e = 0; e < count; ++e) expected[e] = smallest[e] == e ? next++ : expected[smallest[e]];
    EXPECT_EQ(std::move(sets).take_numbers(), expected);
  }
  EXPECT_TRUE(UnionFind(0).take_numbers().empty());
}

}  // namespace
}  // namespace meshassay
