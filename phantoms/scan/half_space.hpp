// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/geometry.hpp"

namespace meshassay::phantoms {

/// The exact fraction of the box |v_a| <= half_extent_a in which normal . v <= offset. Robust for normals
/// along the axes; a zero normal gives 0 or 1 by the sign of the offset.
[[nodiscard]] double half_space_fraction(const Vector3& normal, const Vector3& half_extent_mm,
                                         double offset_mm);

struct HalfSpaceContent {
  double fraction = 0.0;
  /// Mean over the box of v where normal . v <= offset, and of zero elsewhere: the first moment of what lies
  /// in the half-space, divided by the box's volume.
  Vector3 moment_mm = Vector3::Zero();
};

/// Exact but for rounding, for any normal.
[[nodiscard]] HalfSpaceContent half_space_content(const Vector3& normal, const Vector3& half_extent_mm,
                                                  double offset_mm);

}  // namespace meshassay::phantoms
