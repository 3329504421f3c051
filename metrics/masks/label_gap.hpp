// SPDX-License-Identifier: GPL-3.0-or-later
// What is left free between two labels that should touch.
#pragma once

#include <cstdint>
#include <vector>

#include "core/shared_mask.hpp"
#include "metrics/registry.hpp"

namespace meshassay::metrics {

struct LabelGapOptions {
  double within_mm = 1.0;  ///< Of the true interface.
};

/// Between two labels of the reference.
struct LabelGap {
  std::uint16_t a = 0, b = 0;
  double interface_mm2 = 0.0;         ///< Area of the voxel faces that the two labels share in the reference.
  double volume_mm3 = 0.0;            ///< That the reference gives to the two and the test mask to neither.
  double uncertain_volume_mm3 = 0.0;  ///< Of voxels that the test mask's grid cuts; 0 on the same grid.
};

/// The gaps between every two labels of the list, all in one pass over the reference; pairs in the order of
/// the list. A voxel of the reference that carries one of the two labels counts where its box comes within
/// `within_mm` of a face between them, and the test mask gives its centre neither. On different grids each
/// voxel is looked at in 4 x 4 x 4 places. Zero where the labels fit, at the rim of the seam too. \throw
/// InvalidInput for a mask whose grid cannot be, or a distance that is not one.
[[nodiscard]] std::vector<LabelGap> label_gaps(const LabelMap& test, const LabelMap& reference,
                                               const std::vector<std::uint16_t>& labels,
                                               const LabelGapOptions& options = {});

/// The row `labels.gap_volume@G`, one for every two targets.
[[nodiscard]] const MetricFamily& label_gap_family();

}  // namespace meshassay::metrics
