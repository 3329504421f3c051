// SPDX-License-Identifier: GPL-3.0-or-later
// Named features that smoothing removed.
#pragma once

#include "metrics/registry.hpp"

namespace meshassay::metrics {

/// The row `smoothing.feature_loss`: how many of the features with a size (sphere, plate, step, gap, rod,
/// hole) that measure_feature() finds on the stage `extracted` it does not find on the stage `smoothed`.
[[nodiscard]] const MetricFamily& feature_loss_family();

}  // namespace meshassay::metrics
