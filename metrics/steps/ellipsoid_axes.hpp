// SPDX-License-Identifier: GPL-3.0-or-later
// The semi-axes of what came back for a ball.
#pragma once

#include "metrics/registry.hpp"

namespace meshassay::metrics {

/// The rows `size.ellipsoid_axes` and `size.ellipsoid_axes_error`: the semi-axes of the ellipsoid that
/// axis_ratio() fits, along the feature's own axes.
[[nodiscard]] const MetricFamily& ellipsoid_axes_family();

}  // namespace meshassay::metrics
