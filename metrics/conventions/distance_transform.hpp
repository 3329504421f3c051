// SPDX-License-Identifier: GPL-3.0-or-later
// Exact Euclidean distances between voxel centres.
#pragma once

#include <vector>

#include "metrics/conventions/voxel_pair.hpp"

namespace meshassay::metrics::conventions {

/// From the centre of each voxel of the box to that of the nearest marked one, in mm; infinite where nothing
/// is marked. Lower envelopes of parabolas, axis by axis: Felzenszwalb and Huttenlocher 2012, "Distance
/// Transforms of Sampled Functions", Theory of Computing 8:415.
[[nodiscard]] std::vector<double> distances_mm(const VoxelBox& box, const Marks& marked);

}  // namespace meshassay::metrics::conventions
