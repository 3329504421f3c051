// SPDX-License-Identifier: GPL-3.0-or-later
// Where numbers lie on the small bars that show an interval against its limit.
#pragma once

#include <optional>
#include <span>
#include <string>

namespace meshassay::reports {

struct Scale {
  double lo = 0.0, hi = 1.0;
};

/// A scale that holds all the numbers with a margin on both sides; nothing where there are none, or where
/// they are too far apart for a double.
[[nodiscard]] std::optional<Scale> scale_of(std::span<const double> numbers);
/// Pixels from the left end of a bar of `width_px`, with one decimal; clamped to the bar.
[[nodiscard]] std::string position_text(const Scale& scale, double value, double width_px);
/// Pixels from one number to the next, at least one.
[[nodiscard]] std::string extent_text(const Scale& scale, double from, double to, double width_px);

}  // namespace meshassay::reports
