// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace meshassay::metrics {

struct MetricFamily;

/// boundary.hd, .hd95, .assd, .masd and .nsd@T of masks, by boundary_distance().
[[nodiscard]] const MetricFamily& boundary_family();

}  // namespace meshassay::metrics
