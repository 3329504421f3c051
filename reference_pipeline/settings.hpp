// SPDX-License-Identifier: GPL-3.0-or-later
// The pipeline's parameters, read once into what each step takes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/parameters.hpp"
#include "reference_pipeline/flying_edges.hpp"
#include "reference_pipeline/mask_editing.hpp"
#include "reference_pipeline/windowed_sinc.hpp"

namespace meshassay::reference_pipeline {

enum class SegmentationMethod { threshold, half_maximum };

struct Settings {
  SegmentationMethod segmentation = SegmentationMethod::half_maximum;
  std::vector<double> thresholds_hu;  ///< As given: one a target, or none.
  MaskEditingOptions editing;
  VertexPlacement placement = VertexPlacement::grey_values;
  std::optional<WindowedSincOptions> smoothing;  ///< Absent: none.
};

/// \param parameters  resolved against pipeline_parameters().
/// \throw InvalidInput for a parameter that the chosen method would ignore, and for a method that lacks one.
[[nodiscard]] Settings read_settings(const Parameters& parameters);

}  // namespace meshassay::reference_pipeline
