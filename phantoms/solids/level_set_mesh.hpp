// SPDX-License-Identifier: GPL-3.0-or-later
// A triangle mesh near a level set, proven to be a homeomorphic image of it.
#pragma once

#include "phantoms/solids/level_set_distance.hpp"

namespace meshassay::phantoms {

struct LevelSetMesh {
  TriangleMesh mesh;              ///< Vertices on the surface; closed, two-manifold, outward, embedded.
  double hausdorff_bound_mm = 0;  ///< Of mesh and surface.
};

/// About as coarse as the surface's bends allow. The same for the same function.
/// \throw InvalidInput where the proof fails.
[[nodiscard]] LevelSetMesh coarse_mesh(const LevelSetDistance& surface);
/// Triangles cut in two where the bound asks for it, new vertices moved onto the surface. \throw InvalidInput
/// where that would take more than five million triangles.
[[nodiscard]] LevelSetMesh refined_mesh(const LevelSetDistance& surface, const LevelSetMesh& coarse,
                                        double chordal_error_mm);

}  // namespace meshassay::phantoms
