// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "core/image.hpp"

namespace meshassay::reference_pipeline {

enum class Connectivity { faces, faces_edges_corners };  ///< 6 or 26 neighbours.

struct Components {
  Image<std::uint32_t> ids;  ///< 0 outside; 1, 2, ... in the order of each component's first voxel in memory.
  std::vector<std::size_t> voxels;  ///< Of component 1, 2, ...
};

/// The connected components of the voxels that are not 0.
[[nodiscard]] Components connected_components(const Image<std::uint8_t>& inside, Connectivity connectivity);

}  // namespace meshassay::reference_pipeline
