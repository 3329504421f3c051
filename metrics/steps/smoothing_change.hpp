// SPDX-License-Identifier: GPL-3.0-or-later
// What smoothing took away or added: the stage `smoothed` against the stage `extracted`.
#pragma once

namespace meshassay::metrics {

struct MetricFamily;

/// Radius of the ball with this volume.
[[nodiscard]] double equivalent_radius_mm(double volume_mm3);

[[nodiscard]] const MetricFamily& smoothing_change_family();

}  // namespace meshassay::metrics
