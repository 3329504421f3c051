// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/geometry.hpp"

namespace meshassay::phantoms {

/// The exact fraction of the box |v_a| <= half_extent_a in which normal . v <= offset. Robust for normals
/// along the axes; a zero normal gives 0 or 1 by the sign of the offset.
[[nodiscard]] double half_space_fraction(const Vector3& normal, const Vector3& half_extent_mm,
                                         double offset_mm);

}  // namespace meshassay::phantoms
