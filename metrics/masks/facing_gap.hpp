// SPDX-License-Identifier: GPL-3.0-or-later
// What is left free between two surfaces, where nobody knows where they should touch.
#pragma once

#include "core/distance/mesh_distance.hpp"

namespace meshassay::metrics {

struct FacingGapOptions {
  double within_mm = 1.0;     ///< The longest way across; finite.
  double facing_deg = 150.0;  ///< Sides face where their normals lie farther apart than this.
};

struct FacingGap {
  double volume_mm3 = 0.0;
  double half_width_mm3 = 0.0;  ///< An estimate: by how much counting on another lattice differs.
};

/// The volume of the points outside of two solids from which the nearest points of the two, p and q, are
/// together at most `within_mm` away, where the outward normals at p and q lie more than `facing_deg` apart:
/// each lies on a way across that joins facing sides. Zero where the two fit, at the rim of the seam too:
/// there the nearest sides look the same way. Counted on two lattices of cubes, sixteen to the longest way
/// (fewer where a layer all over a surface would take tens of millions), one between the other's points;
/// parts of space that hold none are passed over as wholes. \pre both are closed, manifold and consistently
/// oriented.
[[nodiscard]] FacingGap facing_gap(const MeshDistance& one, const MeshDistance& other,
                                   const FacingGapOptions& options = {});

}  // namespace meshassay::metrics
