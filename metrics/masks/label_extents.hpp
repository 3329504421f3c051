// SPDX-License-Identifier: GPL-3.0-or-later
// Where the labels of a mask are, found in one pass over it.
#pragma once

#include <array>
#include <cstdint>
#include <map>

#include "core/label_map.hpp"

namespace meshassay::metrics {

/// The smallest box of voxels begin ... end - 1 that holds a label.
struct LabelExtent {
  std::array<int, 3> begin = {0, 0, 0}, end = {0, 0, 0};

  [[nodiscard]] bool empty() const { return end[0] <= begin[0]; }
  /// Whether a voxel of the label lies at the border of the grid, where the object may have been cut.
  [[nodiscard]] bool touches_border(const Grid& grid) const;
};

/// Every label of the mask but 0, ascending.
[[nodiscard]] std::map<std::uint16_t, LabelExtent> label_extents(const LabelMap& mask);

}  // namespace meshassay::metrics
