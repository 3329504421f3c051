// SPDX-License-Identifier: GPL-3.0-or-later
// The deviation at each point of a measured surface, to look at.
#pragma once

#include <string>
#include <vector>

#include "core/triangle_mesh.hpp"
#include "core/truth.hpp"

namespace meshassay::metrics {

/// Signed distance in mm from each vertex to the truth, in the order of the vertices: to its implicit
/// surface, else to its mesh; positive outside. Where that mesh has no inside the distances have no sign.
/// \pre The mesh is measurable: see why_unmeasurable(); the truth has an implicit surface or a measurable
/// mesh.
[[nodiscard]] std::vector<double> vertex_deviations_mm(const TriangleMesh& measured_surface,
                                                       const TargetTruth& truth);

/// A binary PLY file of the surface (LPS mm) whose vertices carry `deviation_mm` and a colour for it: white
/// at 0, orange where material was added, blue where it is missing, full at the largest magnitude. \pre One
/// value a vertex, all finite.
[[nodiscard]] std::string deviation_ply(const TriangleMesh& measured_surface,
                                        const std::vector<double>& deviations_mm);

}  // namespace meshassay::metrics
