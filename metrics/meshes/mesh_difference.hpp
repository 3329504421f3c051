// SPDX-License-Identifier: GPL-3.0-or-later
// What two meshes do not have in common, and what of the one can be near to it: a large mesh that was changed
// in a few places is compared there.
#pragma once

#include "core/triangle_mesh.hpp"

namespace meshassay::metrics {

/// Triangles without one in the other mesh that has the same three corners, in whatever order. Those with two
/// equal corners are never in common.
struct MeshDifference {
  TriangleMesh of_first, of_second;
};
/// \pre Corners are vertices of their mesh.
[[nodiscard]] MeshDifference difference_of(const TriangleMesh& first, const TriangleMesh& second);

/// The triangles of `to` on which the nearest point of `to` from a point of `from` can lie, and few more.
/// `some` of `to` are such that most of `from` is near to one of them: they bound how far away it can be.
/// \pre `from` is not empty, and a triangle of `some` has an area.
[[nodiscard]] TriangleMesh within_reach(const TriangleMesh& from, const TriangleMesh& to,
                                        const TriangleMesh& some);

}  // namespace meshassay::metrics
