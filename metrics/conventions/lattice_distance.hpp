// SPDX-License-Identifier: GPL-3.0-or-later
// Distances between the faces of two unions of voxel boxes on one grid.
#pragma once

#include <optional>
#include <vector>

#include "core/measurement.hpp"
#include "metrics/conventions/voxel_pair.hpp"
#include "metrics/surface/area_distribution.hpp"

namespace meshassay::metrics::conventions {

/// The faces of one union, cut into elements on which the distance to the faces of the other is known.
struct LatticeDistances {
  std::vector<std::vector<LinearElement>> elements;
  double area_mm2 = 0.0, moment = 0.0;            ///< moment: integral of the distance.
  double below_moment = 0.0, above_moment = 0.0;  ///< Bounds of how far the moment may be off.
  double max_mm = 0.0, max_upper_mm = 0.0;        ///< The largest distance lies between them.
};

/// From the faces of the voxels marked in one to those of the other. Seen from one face, each face of the
/// other has one of a few distance functions that are known beforehand (along each axis the gap is constant,
/// or grows or falls with the coordinate), so that the other's faces are looked up by their offsets, the
/// nearest first, until no further one can matter.
///
/// None where the two are so far apart that looking offsets up is not worth while.
/// \pre each marks a voxel, and none in the two outer layers of the box.
[[nodiscard]] std::optional<LatticeDistances> lattice_distances(const VoxelBox& box, const Marks& from,
                                                                const Marks& to);

}  // namespace meshassay::metrics::conventions
