// SPDX-License-Identifier: GPL-3.0-or-later
// Slits that are narrower than float32 resolves: what lies about one of their sides is taken out of the
// solid, so that they become as wide as the format can hold.
#pragma once

#include <vector>

#include "core/triangle_mesh.hpp"
#include "reference_pipeline/repair/sheets.hpp"
#include "reference_pipeline/repair/solid.hpp"

namespace meshassay::reference_pipeline::repair {

/// One side of every slit: the triangles of a closed, outward surface that another one faces, nearly
/// parallel, at less than a distance. Which side is the same for all that lie about as they do, so that a
/// slit has no floor on both. \param normals  unit, of each triangle; of what it was cut from, since slivers
/// have none.
[[nodiscard]] SheetComplex slit_floors(const TriangleMesh& surface, const std::vector<Vector3>& normals,
                                       double width_mm);

/// Closed surfaces, inward, about the floors: everything within `half_width_mm` of them.
[[nodiscard]] TriangleMesh widened_slits(const SheetComplex& floors, double half_width_mm);

}  // namespace meshassay::reference_pipeline::repair
