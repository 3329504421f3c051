// SPDX-License-Identifier: GPL-3.0-or-later
// A profile turned about an axis: exact distance, closed forms, closed mesh.
#pragma once

#include "phantoms/solids/profile.hpp"
#include "phantoms/solids/solid.hpp"

namespace meshassay::phantoms {

/// The solid of revolution about z: (u, v) of the profile are the distance from the axis and z, in mm about
/// the origin. The profile lies in u >= 0; its pieces on u = 0 are no boundary.
/// Volume and area by Pappus. The mesh's rings keep the area of every cross-section, so that only arcs of the
/// profile change the volume.
/// \param corners_for_radius_mm  the radius that the number of corners around is chosen for, where it shall
/// be the same as another's: a core then shares its face with the shell around it. 0: the profile's own.
/// \throw InvalidInput where the mesh would have more than five million triangles.
[[nodiscard]] Solid revolved(std::vector<ProfileLoop> loops, double chordal_error_mm,
                             double corners_for_radius_mm = 0.0);

}  // namespace meshassay::phantoms
