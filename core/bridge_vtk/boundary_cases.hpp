// SPDX-License-Identifier: GPL-3.0-or-later
// How the half-level isosurface of an indicator runs through one cell of eight voxel centres.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace meshassay::bridge_vtk {

/// Three edges of a cell, on whose middles the triangle's corners lie; counter-clockwise as seen from outside
/// in a right-handed index space. Edge 4 a + p runs along axis a from the corner whose two other coordinates
/// are the bits of p, the lower axis first.
using CaseTriangle = std::array<std::uint8_t, 3>;

/// By case: bit x + 2 y + 4 z is set where the corner (x, y, z) of the cell is inside. The triangles are
/// those of VTK's table for Flying Edges, so that the surface is that of mask_boundary_index(), triangle by
/// triangle.
[[nodiscard]] const std::array<std::vector<CaseTriangle>, 256>& boundary_cases();

}  // namespace meshassay::bridge_vtk
