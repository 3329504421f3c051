// SPDX-License-Identifier: GPL-3.0-or-later
// The part of overlap() for grids whose axes are not parallel.
#pragma once

#include <map>

#include "metrics/masks/overlap.hpp"

namespace meshassay::metrics {

struct ObliqueOverlap {
  /// By slice of the reference's grid, as OverlapSlice::index; `reference_mm3` is left at 0.
  std::map<std::int64_t, OverlapVolumes> slices;
  /// Of the common volume as a whole: where voxels lie is known to a few units in the last place of the
  /// coordinates.
  double rounding_half_width_mm3 = 0.0;
};

/// Volumes from every test voxel's box clipped by the reference's voxel boxes. Of the reference's voxels only
/// those about its label are looked at, so that the time is bounded by the number of voxels and of pairs of
/// them that meet, however the spacings differ.
[[nodiscard]] ObliqueOverlap oblique_overlap(const LabelMap& test, const LabelMap& reference,
                                             std::uint16_t label);

}  // namespace meshassay::metrics
