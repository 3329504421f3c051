// SPDX-License-Identifier: GPL-3.0-or-later
// Curves over a common axis, as one SVG picture: what was declared as a line, what was measured as points.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace meshassay::reports {

/// One panel. The three lists have the same length.
struct CurvesPanel {
  std::string title, x_name, y_name;
  std::vector<double> x, declared, measured;
};

/// Panels beside each other. Values that are not finite are left out. The same panels give the same bytes.
[[nodiscard]] std::string render_curves_svg(std::span<const CurvesPanel> panels);

}  // namespace meshassay::reports
