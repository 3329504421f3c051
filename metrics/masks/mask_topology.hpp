// SPDX-License-Identifier: GPL-3.0-or-later
// Parts, tunnels and hollows of a mask.
#pragma once

#include <cstdint>
#include <vector>

#include "core/label_map.hpp"

namespace meshassay::metrics {

struct MetricFamily;

/// Betti numbers of the union of the closed voxel boxes of a label: voxels that share a corner are connected
/// (26-connected foreground), the background is connected through faces (6-connected).
struct MaskTopology {
  std::int64_t components = 0;
  std::int64_t handles = 0;
  std::int64_t cavities = 0;
  std::int64_t euler_characteristic = 0;        ///< components - handles + cavities.
  std::vector<std::uint64_t> component_voxels;  ///< In descending order.
  std::vector<std::uint64_t> cavity_voxels;     ///< In descending order.
};

/// Components and cavities by union-find over runs of voxels, the Euler characteristic by a table of the 256
/// ways to fill the eight voxels around a grid point, handles = components + cavities - Euler characteristic.
/// What lies outside the grid is background. Linear in the number of voxels.
/// \throw InvalidInput where values and grid do not fit.
[[nodiscard]] MaskTopology mask_topology(const LabelMap& mask, std::uint16_t label);

[[nodiscard]] const MetricFamily& mask_topology_family();

}  // namespace meshassay::metrics
