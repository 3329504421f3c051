// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dealing.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <vector>

namespace meshassay {
namespace {

// Dealing is sorting by share in which equal ones keep their order. Shares that nothing belongs to are there.
TEST(Dealt, IsAStableSort) {
  for (const std::size_t count : {0u, 1u, 7u, 8u, 9u, 1000u, 50'000u})
    for (const std::size_t shares : {1u, 2u, 64u, 4096u}) {
      const auto share_of = [&](std::size_t n) { return (n * 2654435761u >> 7) % shares / 2; };
      const auto by_share = dealt(count, shares, share_of);
      std::vector<std::uint32_t> sorted(count);
      std::iota(sorted.begin(), sorted.end(), 0U);
      std::stable_sort(sorted.begin(), sorted.end(),
                       [&](std::uint32_t a, std::uint32_t b) { return share_of(a) < share_of(b); });
      ASSERT_TRUE(std::equal(sorted.begin(), sorted.end(), by_share.things.begin(), by_share.things.end()));
      ASSERT_EQ(by_share.begin.size(), shares + 1);
      for (std::size_t share = 0; share < shares; ++share)
        for (const auto thing : by_share.share(share)) ASSERT_EQ(share_of(thing), share);
      EXPECT_EQ(by_share.begin.back(), count);
    }
}

}  // namespace
}  // namespace meshassay
