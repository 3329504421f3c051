// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace meshassay::reports {

/// One mark on an axis.
struct Tick {
  double value = 0.0;
  std::string text;
};

/// The multiples of 1, 2 or 5 times a power of ten that cut the range into about five, from low to high.
/// \pre low < high, both finite.
[[nodiscard]] std::vector<Tick> ticks_between(double low, double high);

}  // namespace meshassay::reports
