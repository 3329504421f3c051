// SPDX-License-Identifier: GPL-3.0-or-later
// The boundary of a mask: the half-level isosurface of its indicator on the voxel centres, with background
// all round.
#pragma once

#include <cstdint>

#include "core/label_map.hpp"
#include "core/triangle_mesh.hpp"

namespace meshassay::bridge_vtk {

/// The boundary of one label in fractions of the mask's index, by Flying Edges \cite
/// schroeder_2015_flying_edges: each vertex is the middle of the grid edge between a voxel inside and one
/// outside, so two of its coordinates are whole and one is a half. Closed and two-manifold for every mask,
/// empty where the label is; triangles are counter-clockwise as seen from outside in index space. Voxels
/// inside that share a face of a cell only by its diagonal are joined, voxels that share only a corner are
/// not.
[[nodiscard]] TriangleMesh mask_boundary_index(const LabelMap& mask, std::uint16_t label);

/// The same in LPS mm, outward on left-handed grids too.
[[nodiscard]] TriangleMesh mask_boundary(const LabelMap& mask, std::uint16_t label);

/// From index space to LPS mm; turns the triangles where the grid is left-handed.
[[nodiscard]] TriangleMesh to_world(TriangleMesh index_space, const Grid& grid);

}  // namespace meshassay::bridge_vtk
