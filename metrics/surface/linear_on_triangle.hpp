// SPDX-License-Identifier: GPL-3.0-or-later
// Closed forms for a linear function on a triangle, given by its values at the three corners.
#pragma once

#include <array>

namespace meshassay::metrics {

using CornerValues = std::array<double, 3>;

[[nodiscard]] double mean(const CornerValues& values);
/// Mean of (L - mean)^2.
[[nodiscard]] double variance(const CornerValues& values);
/// Mean of |L|.
[[nodiscard]] double mean_magnitude(const CornerValues& values);
/// Fraction of the triangle's area where L <= limit.
[[nodiscard]] double fraction_at_most(const CornerValues& values, double limit);
/// Fraction of the triangle's area where |L| <= limit.
[[nodiscard]] double fraction_of_magnitude_at_most(const CornerValues& values, double limit);
/// Smallest and largest |L| on the triangle.
[[nodiscard]] double least_magnitude(const CornerValues& values);
[[nodiscard]] double greatest_magnitude(const CornerValues& values);

}  // namespace meshassay::metrics
