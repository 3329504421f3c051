// SPDX-License-Identifier: GPL-3.0-or-later
// For faces that are nearer to each other than float32 resolves, over large areas: no rounding keeps them
// apart, and none makes them one.
#pragma once

#include "core/triangle_mesh.hpp"

namespace meshassay::reference_pipeline::repair {

/// Every closed, consistently oriented component (connected over edges) of a welded mesh, grown by a distance
/// of its own between `least_mm` and twice that, so that faces which nearly coincide overlap or are clearly
/// apart. Vertices move by at most four times `least_mm`; those whose faces spread too far for that stay, and
/// so do other components. Depends on nothing but the mesh.
[[nodiscard]] TriangleMesh grown_apart(const TriangleMesh& welded, double least_mm);

/// A closed surface, outward, drawn into its solid by a distance, so that slits which are narrower than
/// float32 resolves open. Vertices move by at most `longest` times it; those whose faces spread too far for
/// that stay, as at the end of a slit. \param normals  unit, of each triangle; of what it was cut from, since
/// slivers have none.
[[nodiscard]] TriangleMesh drawn_in(TriangleMesh surface, const std::vector<Vector3>& normals, double by_mm);

}  // namespace meshassay::reference_pipeline::repair
