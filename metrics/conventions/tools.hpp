// SPDX-License-Identifier: GPL-3.0-or-later
// One convention a file; catalogue.cpp lists them.
#pragma once

#include "metrics/conventions/convention.hpp"

namespace meshassay::metrics::conventions {

[[nodiscard]] const Convention& itk_convention();
[[nodiscard]] const Convention& medpy_convention();
[[nodiscard]] const Convention& monai_convention();
[[nodiscard]] const Convention& deepmind_convention();
[[nodiscard]] const Convention& plastimatch_convention();
[[nodiscard]] const Convention& metricsreloaded_convention();
[[nodiscard]] const Convention& evaluatesegmentation_convention();
[[nodiscard]] const Convention& voxel_boxes_convention();
[[nodiscard]] const Convention& surface_convention();

}  // namespace meshassay::metrics::conventions
