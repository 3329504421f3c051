// SPDX-License-Identifier: GPL-3.0-or-later
// Mistakes with frames, grids and units that put a surface in the wrong place.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/geometry.hpp"
#include "core/grid.hpp"

namespace meshassay::metrics {

/// One way of making a mistake: where it puts a point, in LPS mm.
struct PoseFault {
  std::string cause;  ///< "axis_flip_x": the id that `pose.cause` gives.
  std::string how;    ///< For people: "columns counted from the other end".
  Eigen::Affine3d map = Eigen::Affine3d::Identity();
};

/// The faults that need no estimate, several ways a cause, ordered by cause. Faults of voxel grids only where
/// the scan's grid is known. Maps that do nothing (an origin of zero ignored) are among them.
[[nodiscard]] std::vector<PoseFault> pose_faults(const std::optional<Grid>& scan_grid);

/// Slices laid `ratio` times too far from each other, the first or the last one kept where it is.
[[nodiscard]] PoseFault slice_spacing_fault(const Grid& scan_grid, double ratio, bool keeps_last_slice);

}  // namespace meshassay::metrics
