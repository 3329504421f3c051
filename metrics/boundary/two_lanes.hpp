// SPDX-License-Identifier: GPL-3.0-or-later
// Two numbers side by side, for formulas that are wanted of two things at once: most processors compute with
// both at the price of one. Each lane gets what a double gets by the same formula.
#pragma once

#include <algorithm>
#include <cmath>

namespace meshassay::metrics {

using TwoLanes = double __attribute__((vector_size(16)));

inline TwoLanes both(double value) { return TwoLanes{value, value}; }

inline TwoLanes smaller(TwoLanes one, TwoLanes other) { return other < one ? other : one; }

inline double larger(double one, double other) { return std::max(one, other); }
inline TwoLanes larger(TwoLanes one, TwoLanes other) { return one < other ? other : one; }

/// The root, of a negative number 0.
inline TwoLanes root(TwoLanes value) {
  const TwoLanes positive = larger(both(0.0), value);
  return TwoLanes{std::sqrt(positive[0]), std::sqrt(positive[1])};
}

}  // namespace meshassay::metrics
