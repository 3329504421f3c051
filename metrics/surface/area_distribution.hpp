// SPDX-License-Identifier: GPL-3.0-or-later
// How a quantity is distributed over an area on which it is known as linear pieces.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

namespace meshassay::metrics {

/// A triangle on which a quantity runs linearly between its corners, up to an error.
struct LinearElement {
  std::array<double, 3> at_corners = {};
  double area_mm2 = 0.0;
  float below = 0.0F;  ///< The quantity is nowhere less than the linear one minus this,
  float above = 0.0F;  ///< nor greater than the linear one plus this.
};

/// Which distribution is looked at: that of the linear pieces, or one that bounds the true one.
enum class Bound { none, lower, upper };

/// By how much the bounded quantity lies above the linear one.
[[nodiscard]] inline double shift_of(const LinearElement& element, Bound bound) {
  if (bound == Bound::none) return 0.0;
  return bound == Bound::upper ? element.above : -static_cast<double>(element.below);
}

/// Part of the element's area on which the (bounded) quantity is at most `limit`.
[[nodiscard]] double area_within_mm2(const LinearElement& element, double limit, Bound bound = Bound::none);

/// The percentile of the linear pieces and those of the distributions that bound it.
struct BoundedPercentile {
  double value = 0.0, lower = 0.0, upper = 0.0;
};

/// The smallest value such that the quantity is at most that on `percent` of the area, less 1e-12 of it:
/// rounding may not make a share that is met exactly look as if it were missed. For 100 the largest value.
/// The same for any number of threads. \pre there is an element, and `total_mm2` is the sum of all areas.
[[nodiscard]] BoundedPercentile area_percentile(std::span<const std::vector<LinearElement>> elements,
                                                double total_mm2, double percent);

/// Values within which elements are looked at; the quantity and its bounds lie below them on `below_mm2` of
/// the area, and above them on what is left.
struct KeptElements {
  double from = 0.0, to = 0.0;
  double below_mm2 = 0.0;
};

/// The same, where only the elements are at hand that reach into a range of values; nothing where one of the
/// three lies outside it. For 100 the range has to reach above all others.
[[nodiscard]] std::optional<BoundedPercentile> area_percentile(
    std::span<const std::vector<LinearElement>> elements, const KeptElements& kept, double total_mm2,
    double percent);

}  // namespace meshassay::metrics
