// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/blocks.hpp"

#include <tbb/parallel_for.h>
#include <tbb/parallel_invoke.h>

#include <algorithm>

namespace meshassay {

void for_each_block(std::size_t count, std::size_t block_size,
                    const std::function<void(const Block&)>& work) {
  const std::size_t blocks = block_count(count, block_size);
  const auto one = [&](std::size_t number) {
    work({number, number * block_size, std::min(count, (number + 1) * block_size)});
  };
  if (blocks == 1)
    one(0);
  else
    tbb::parallel_for(std::size_t{0}, blocks, one);
}

void do_both(std::size_t count, const std::function<void()>& one, const std::function<void()>& other) {
  if (count > usual_block) {
    tbb::parallel_invoke(one, other);
  } else {
    one();
    other();
  }
}

}  // namespace meshassay
