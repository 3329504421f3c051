// SPDX-License-Identifier: GPL-3.0-or-later
// Things dealt out to shares, so that shares can be worked on at once: a counting sort, in a few lots of
// things that do not depend on the number of threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "core/blocks.hpp"
#include "core/unfilled.hpp"

namespace meshassay {

struct Dealt {
  Unfilled<std::uint32_t> things;  ///< Share by share, ascending in each.
  std::vector<std::size_t> begin;  ///< Of each share among them, and the end.
  [[nodiscard]] std::span<const std::uint32_t> share(std::size_t number) const {
    return std::span(things).subspan(begin[number], begin[number + 1] - begin[number]);
  }
};

/// `share_of` says for things 0 to `count` - 1 which of `shares` each belongs to; it is asked twice.
template <typename ShareOf>
[[nodiscard]] Dealt dealt(std::size_t count, std::size_t shares, const ShareOf& share_of) {
  const std::size_t lots = count < 1 << 15 ? 1 : 8;
  const std::size_t lot = count / lots + 1;
  Dealt result{Unfilled<std::uint32_t>(count), std::vector<std::size_t>(shares + 1, 0)};
  std::vector<std::vector<std::size_t>> next(block_count(count, lot));
  for_each_block(count, lot, [&](const Block& block) {
    std::vector<std::size_t> counts(shares, 0);
    for (std::size_t n = block.from; n < block.to; ++n) ++counts[share_of(n)];
    next[block.number] = std::move(counts);
  });
  std::size_t sum = 0;
  for (std::size_t share = 0; share < shares; ++share) {
    result.begin[share] = sum;
    for (auto& of_lot : next) sum += std::exchange(of_lot[share], sum);
  }
  result.begin[shares] = sum;
  for_each_block(count, lot, [&](const Block& block) {
    auto& place = next[block.number];
    for (std::size_t n = block.from; n < block.to; ++n)
      result.things[place[share_of(n)]++] = static_cast<std::uint32_t>(n);
  });
  return result;
}

}  // namespace meshassay
