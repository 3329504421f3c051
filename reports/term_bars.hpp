// SPDX-License-Identifier: GPL-3.0-or-later
// Signed terms of a sum as bars with their intervals, as one SVG picture.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/measurement.hpp"

namespace meshassay::reports {

struct TermBar {
  std::string name;
  std::optional<double> value;       ///< Absent: undefined, and `note` says why.
  std::optional<Interval> interval;  ///< Holds the value.
  std::string note;
  bool is_apart = false;  ///< Not one of the terms that are summed: drawn beneath a line, in another colour.
};

struct TermBarsPanel {
  std::string title, unit;
  std::vector<TermBar> bars;
};

/// Panels beneath each other, each with a scale of its own that holds 0. The same panels give the same bytes.
[[nodiscard]] std::string render_term_bars_svg(std::span<const TermBarsPanel> panels);

}  // namespace meshassay::reports
