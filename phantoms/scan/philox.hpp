// SPDX-License-Identifier: GPL-3.0-or-later
// Philox4x32-10: a random number generator without state. The numbers are a function of (key, counter) alone,
// so the order of evaluation and the number of threads do not matter. J. K. Salmon, M. A. Moraes, R. O. Dror,
// D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC '11 (2011).
#pragma once

#include <array>
#include <cstdint>

namespace meshassay::phantoms {

[[nodiscard]] constexpr std::array<std::uint32_t, 4> philox4x32_10(std::array<std::uint32_t, 4> counter,
                                                                   std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t product0 = std::uint64_t{0xD2511F53U} * counter[0];
    const std::uint64_t product1 = std::uint64_t{0xCD9E8D57U} * counter[2];
    counter = {static_cast<std::uint32_t>(product1 >> 32) ^ counter[1] ^ key[0],
               static_cast<std::uint32_t>(product1),
               static_cast<std::uint32_t>(product0 >> 32) ^ counter[3] ^ key[1],
               static_cast<std::uint32_t>(product0)};
    key[0] += 0x9E3779B9U;  // The golden ratio's fraction,
    key[1] += 0xBB67AE85U;  // and that of the root of 3: a Weyl sequence of keys.
  }
  return counter;
}

}  // namespace meshassay::phantoms
