// SPDX-License-Identifier: GPL-3.0-or-later
// A closed triangle mesh near an exact sphere, with a proven bound on how near.
#pragma once

#include "core/triangle_mesh.hpp"

namespace meshassay::phantoms {

enum class SphereFit {
  equal_volume,  ///< The mesh has exactly the sphere's volume: its errors are two-sided.
  inscribed,     ///< The mesh lies in the ball: meshes of balls that touch do not overlap.
};

struct SphereMesh {
  TriangleMesh mesh;              ///< Closed, two-manifold, outward.
  double hausdorff_bound_mm = 0;  ///< Of the mesh and the sphere, at most `chordal_error_mm` of the call.
};

/// The fewest triangles of a geodesic subdivision of the icosahedron that keep the bound.
/// \throw InvalidInput where that would take more than five million triangles.
[[nodiscard]] SphereMesh sphere_mesh(const Point3& center_mm, double radius_mm, double chordal_error_mm,
                                     SphereFit fit = SphereFit::equal_volume);

}  // namespace meshassay::phantoms
