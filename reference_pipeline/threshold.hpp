// SPDX-License-Identifier: GPL-3.0-or-later
// Segmentation by fixed thresholds: a voxel at or above its target's threshold is inside.
#pragma once

#include <cstddef>
#include <span>

#include "core/image.hpp"
#include "core/label_map.hpp"

namespace meshassay::reference_pipeline {

struct TargetThreshold {
  std::uint16_t label = 1;
  double threshold_hu = 0.0;
};

/// Gives each voxel the label of the highest threshold that it reaches (HU >= threshold), 0 where it reaches
/// none. So labels are disjoint by construction, and a denser target takes a voxel from a less dense one. NaN
/// is outside. \throw InvalidInput where two thresholds are equal: nothing would tell their targets apart.
[[nodiscard]] LabelMap label_by_threshold(const Image<float>& hu,
                                          std::span<const TargetThreshold> thresholds);

[[nodiscard]] std::size_t voxels_exactly_at(const Image<float>& hu, double threshold_hu);

}  // namespace meshassay::reference_pipeline
