// SPDX-License-Identifier: GPL-3.0-or-later
// The segmentation step: which thresholds, and the mask that they make.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/submission.hpp"
#include "core/target.hpp"
#include "reference_pipeline/settings.hpp"
#include "reference_pipeline/threshold.hpp"

namespace meshassay::reference_pipeline {

struct Segmentation {
  LabelMap mask;
  std::vector<TargetThreshold> thresholds;  ///< In the order of the targets.
  RecordedStep step;
  std::string refusal;  ///< Why there is no mask; empty where there is one.
};

/// \throw InvalidInput where the thresholds given are not one a target, or a fixed threshold is asked for and
/// neither threshold_hu nor the target's hu_range is set.
[[nodiscard]] Segmentation segment(const Image<float>& hu, std::span<const Target> targets,
                                   const Settings& settings);

/// "threshold_hu" for the only target, "threshold_hu.2" for label 2 of several.
[[nodiscard]] std::string name_for(const std::string& name, std::span<const Target> targets,
                                   std::uint16_t label);

}  // namespace meshassay::reference_pipeline
