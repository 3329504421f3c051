// SPDX-License-Identifier: GPL-3.0-or-later
// Passages take from the walls beside them; there a wall goes on to the other side of its sheet.
#pragma once

#include "core/triangle_mesh.hpp"
#include "reference_pipeline/repair/sheets.hpp"

namespace meshassay::reference_pipeline::repair {

/// Closed surfaces, outward: at the middle of each sheet triangle where `solid` holds no ball of 0.99
/// `thickness_mm` that touches the sheet there, a ball of that diameter beside the sheet, on the side that is
/// farther from `passages`. All of them lie within 1.14 `thickness_mm` of the sheet. None: no wall is thin.
/// \param solid  closed, outward.
[[nodiscard]] TriangleMesh other_side_of_thin_walls(const SheetComplex& sheets, const TriangleMesh& solid,
                                                    const TriangleMesh& passages, double thickness_mm);

}  // namespace meshassay::reference_pipeline::repair
