// SPDX-License-Identifier: GPL-3.0-or-later
// What the hull reaches from both sides, and how it becomes solid (Attene 2018, Section 4.3).
#pragma once

#include <utility>
#include <vector>

#include "core/triangle_mesh.hpp"

namespace meshassay::reference_pipeline::repair {

/// M_sheet: triangles that meet in common vertices and edges only, with what is needed to give them a wall.
struct SheetComplex {
  TriangleMesh mesh;
  std::vector<Vector3> normals;  ///< Unit, of each triangle; of its input triangle, since slivers have none.
  /// Edges of `mesh` that are edges of the solid too: the roots of fins. Smaller vertex first, ascending.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> roots;
};

/// Closed surfaces, outward, that overlap each other and whose union is the sheets with a wall: everything
/// within 0.99 `half_wall_mm` of a sheet (in the solid's neighbourhood, of what stands out of it), nothing
/// farther than sqrt(2) `half_wall_mm`. Plates run on past rims, folds and roots by about `half_wall_mm`.
/// Triangles that bend by less than a right angle share one plate; its faces lie at `half_wall_mm`.
[[nodiscard]] TriangleMesh thickened(const SheetComplex& sheets, double half_wall_mm);

}  // namespace meshassay::reference_pipeline::repair
