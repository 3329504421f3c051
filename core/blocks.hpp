// SPDX-License-Identifier: GPL-3.0-or-later
// Work on many things, in blocks that do not depend on the number of threads: what is put together of them in
// their order does not depend on it either.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

namespace meshassay {

/// Things number `from` to `to` - 1.
struct Block {
  std::size_t number = 0, from = 0, to = 0;
};

[[nodiscard]] inline std::size_t block_count(std::size_t count, std::size_t block_size) {
  return (count + block_size - 1) / block_size;
}

/// Calls `work` for each block of `block_size` of `count` things, by as many threads as there are.
void for_each_block(std::size_t count, std::size_t block_size, const std::function<void(const Block&)>& work);

/// A block that is worth a thread where the work at each thing is little.
inline constexpr std::size_t usual_block = 1 << 14;

/// Does both, which do not need each other: at once where the `count` things that they are about are worth
/// it.
void do_both(std::size_t count, const std::function<void()>& one, const std::function<void()>& other);

/// Calls `is_it` for things 0 to `count` - 1, in blocks; for none after the first in its block for which it
/// is true. \return the first of all for which it is.
template <typename IsIt>
std::optional<std::size_t> first_of_blocks(std::size_t count, const IsIt& is_it) {
  std::vector<std::optional<std::size_t>> first(block_count(count, usual_block));
  for_each_block(count, usual_block, [&](const Block& block) {
    for (std::size_t n = block.from; n < block.to; ++n)
      if (is_it(n)) {
        first[block.number] = n;
        return;
      }
  });
  for (const auto& found : first)
    if (found) return found;
  return std::nullopt;
}

}  // namespace meshassay
