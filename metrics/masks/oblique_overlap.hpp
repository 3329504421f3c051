// SPDX-License-Identifier: GPL-3.0-or-later
// The part of overlap() for grids whose axes are not parallel.
#pragma once

#include <map>

#include "metrics/masks/overlap.hpp"

namespace meshassay::metrics {

/// Volumes by slice of the reference's grid, from every test voxel's box clipped by the reference's voxel
/// boxes. `reference_mm3` is left at 0.
[[nodiscard]] std::map<std::int64_t, OverlapVolumes> oblique_overlap(const LabelMap& test,
                                                                     const LabelMap& reference,
                                                                     std::uint16_t label);

}  // namespace meshassay::metrics
