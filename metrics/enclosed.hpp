// SPDX-License-Identifier: GPL-3.0-or-later
// A number with an interval whose parts are known apart.
#pragma once

#include <algorithm>
#include <limits>

#include "core/measurement.hpp"

namespace meshassay::metrics {

/// A value, where it lies for certain or by estimate, and why the interval is as wide as it is.
struct Enclosed {
  double value = 0.0;
  Interval ruler;                 ///< By the method of measuring; holds `value`.
  bool rigorous = true;           ///< Whether `ruler` is an enclosure; else an estimate.
  double truth_half_width = 0.0;  ///< What is not known of the reference, on either side of `ruler`.

  /// Both parts together; not below `least`, where the quantity cannot be.
  [[nodiscard]] Interval interval(double least = -std::numeric_limits<double>::infinity()) const {
    return {std::max(least, ruler.lo - truth_half_width), ruler.hi + truth_half_width};
  }
};

}  // namespace meshassay::metrics
