// SPDX-License-Identifier: GPL-3.0-or-later
// From a mask to a closed surface: topology from the mask, positions from the grey values or from the mask.
#pragma once

#include <cstdint>
#include <map>

#include "core/image.hpp"
#include "core/label_map.hpp"
#include "core/triangle_mesh.hpp"

namespace meshassay::reference_pipeline {

/// Where a vertex lies on the grid edge between a voxel inside and one outside.
enum class VertexPlacement {
  grey_values,  ///< Where the HU, interpolated linearly, reach the threshold.
  middle,       ///< In the middle.
};

struct SurfaceSource {
  const LabelMap& mask;
  const Image<float>& hu;                         ///< On the same grid.
  std::map<std::uint16_t, double> thresholds_hu;  ///< By label.
};

/// No vertex comes nearer to a voxel's centre than this fraction of the grid edge, so that a voxel exactly at
/// the threshold does not collapse triangles.
inline constexpr double least_edge_fraction = 1.0 / 128.0;

/// The surface of one label in LPS mm, by Flying Edges over the mask with a layer of background around it.
/// \cite schroeder_2015_flying_edges, \cite lorensen_1987_marching_cubes. Closed, two-manifold and outward
/// for every mask and every grid; empty where the label is. Voxels inside that share a face of a cell only by
/// its diagonal are joined, voxels that share only a corner are not. Where the volume cuts the label, a cap
/// lies half a voxel outside the last centres. Between two labels the threshold of the denser one counts, so
/// that their surfaces coincide; where the HU do not bracket the threshold (an edited mask) the vertex is in
/// the middle.
[[nodiscard]] TriangleMesh extract_surface(const SurfaceSource& source, std::uint16_t label,
                                           VertexPlacement placement);

}  // namespace meshassay::reference_pipeline
