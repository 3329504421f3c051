// SPDX-License-Identifier: GPL-3.0-or-later
// Whole numbers by lot, the same everywhere.
#pragma once

#include <cstdint>

#include "phantoms/scan/philox.hpp"

namespace meshassay::phantoms {

/// The n-th draw of a seed depends on (seed, n) alone.
class Draws {
 public:
  explicit Draws(std::uint64_t seed) : seed_(seed) {}

  /// Uniform in [0, count): the high half of a 64-bit product, biased by less than count / 2^32.
  [[nodiscard]] std::int64_t below(std::int64_t count) {
    const auto bits = philox4x32_10(
        {static_cast<std::uint32_t>(drawn_), static_cast<std::uint32_t>(drawn_ >> 32), 0x6d657368U, 0},
        {static_cast<std::uint32_t>(seed_), static_cast<std::uint32_t>(seed_ >> 32)});
    ++drawn_;
    return static_cast<std::int64_t>((std::uint64_t{bits[0]} * static_cast<std::uint64_t>(count)) >> 32);
  }

 private:
  std::uint64_t seed_, drawn_ = 0;
};

}  // namespace meshassay::phantoms
