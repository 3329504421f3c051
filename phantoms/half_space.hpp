// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/geometry.hpp"

namespace meshassay::phantoms {

/// The exact fraction of the box |v_a| <= half_extent_a in which normal . v <= offset. Robust for normals
/// along the axes; a zero normal gives 0 or 1 by the sign of the offset.
[[nodiscard]] double half_space_fraction(const Vector3& normal, const Vector3& half_extent_mm,
                                         double offset_mm);

/// Mean over the box of v where normal . v <= offset, and of zero elsewhere: the first moment of what lies in
/// the half-space, divided by the box's volume. Exact but for rounding, for any normal.
[[nodiscard]] Vector3 half_space_moment_mm(const Vector3& normal, const Vector3& half_extent_mm,
                                           double offset_mm);

}  // namespace meshassay::phantoms
