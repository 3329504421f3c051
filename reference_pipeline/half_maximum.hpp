// SPDX-License-Identifier: GPL-3.0-or-later
// Thresholds halfway between the grey values of neighbouring materials, measured in the scan itself.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/image.hpp"
#include "core/target.hpp"

namespace meshassay::reference_pipeline {

struct HalfMaximum {
  std::vector<double> thresholds_hu;  ///< In the order of the targets.
  double first_guess_hu = 0.0;        ///< Of one target: Otsu's threshold.
  double background_hu = 0.0;         ///< Median of the deep outside.
  std::vector<double> material_hu;    ///< Median of the deep inside of each target.
};

/// Bins of the histogram that Otsu's method looks at, from the least to the greatest HU.
inline constexpr unsigned otsu_bins = 1024;
/// The least contrast between the two materials of a threshold, in standard deviations of the lower one.
inline constexpr double least_contrast_to_noise = 3.0;

/// One target: Otsu's method splits the scan in two classes. Several: each voxel goes to the nearest of the
/// background and the middles of the targets' hu_range. Then each class is reduced to its *deep* voxels,
/// those with all neighbours (26, fewer at the border) in the same class, which takes partial volume away; a
/// class without any is taken whole. A threshold is the mean of the medians of a class and the next lower
/// one. \return nothing, with `why_not` said, where the scan does not hold the materials (one grey value,
/// noise only). \throw InvalidInput for several targets without distinct hu_range.
[[nodiscard]] std::optional<HalfMaximum> half_maximum(const Image<float>& hu, std::span<const Target> targets,
                                                      std::string& why_not);

}  // namespace meshassay::reference_pipeline
