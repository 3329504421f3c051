// SPDX-License-Identifier: GPL-3.0-or-later
// What a mask leaves open of the surface that it was sampled from, where its boundary is measured as a
// surface.
#pragma once

#include <vector>

#include "core/grid.hpp"
#include "core/measurement.hpp"
#include "core/trial.hpp"

namespace meshassay::metrics {

/// Each vertex of a mask's boundary is the middle of an edge of the grid, which the true surface crosses
/// somewhere: the half edges, over the boundary.
struct MaskDiscretisation {
  double largest_mm = 0.0;
  double rms_mm = 0.0;          ///< Weighted by area.
  bool touches_border = false;  ///< Some of the boundary is where the grid ends.
};

/// \param boundary_index  as bridge_vtk::mask_boundary_index() has it; without triangles nothing is open.
[[nodiscard]] MaskDiscretisation mask_discretisation(const TriangleMesh& boundary_index, const Grid& grid);

/// Widens the intervals of `deviation.*` and `completeness` by what masks leave open, as the source
/// "discretisation", and says as a witness whether the boundary touches the border; other rows stay as they
/// are. A surface that is smooth at the scale of a voxel is assumed: the intervals are estimates from then
/// on. Largest distances, percentiles and tolerances are open by the largest half edges, means and standard
/// deviations by the root mean squares.
/// \param rows  as measure() gave them for the trial.
/// \param test, reference  null where that surface is not the boundary of a mask.
void add_discretisation(std::vector<Measurement>& rows, const Trial& trial, const MaskDiscretisation* test,
                        const MaskDiscretisation* reference);

}  // namespace meshassay::metrics
