// SPDX-License-Identifier: GPL-3.0-or-later
// A profile swept along its normal: exact distance, closed forms, closed mesh.
#pragma once

#include "phantoms/solids/profile.hpp"
#include "phantoms/solids/solid.hpp"

namespace meshassay::phantoms {

/// The prism over the profile: (u, v) are x and y in mm about the origin, |z| <= height / 2.
/// \throw InvalidInput where the chordal error is too coarse for the profile, so that its loops would meet.
[[nodiscard]] Solid extruded(std::vector<ProfileLoop> loops, double height_mm, double chordal_error_mm);

}  // namespace meshassay::phantoms
