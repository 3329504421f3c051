// SPDX-License-Identifier: GPL-3.0-or-later
// The point of one mesh that is farthest from another, by branch and bound.
#pragma once

#include <array>

#include "core/distance/mesh_distance.hpp"
#include "core/triangle_mesh.hpp"
#include "metrics/deviation/deviation_cells.hpp"

namespace meshassay::metrics {

/// A closed set of points that a search passes over. Many threads may ask at once.
class PassedOver {
 public:
  virtual ~PassedOver() = default;
  [[nodiscard]] virtual bool holds(const Point3& point_mm) const = 0;
  /// Whether a triangle lies within it; false where that is not certain.
  [[nodiscard]] virtual bool holds_all_of(const std::array<Point3, 3>& corners) const = 0;
};

/// The largest distance from a point of `surface` to a mesh, without its sign: the one-sided Hausdorff
/// distance as a rigorous enclosure. `value` is attained at `place_mm`.
///
/// Bounds of a piece of a triangle: the distance to one triangle is convex, so that on the piece it is
/// largest at a corner, and it bounds the distance to the mesh. A piece whose bound is too large is cut along
/// the planes that halve the angles between a triangle of the mesh and its neighbours, from one neighbour to
/// the next, so that each part lies over one triangle; what is left is halved. On plateaus, where every piece
/// is about as far as the farthest, this settles each triangle once, where balls about centres would not.
///
/// Before that, groups of triangles are put aside as wholes: the distance grows by at most as much as one
/// walks, so that the distance at the middle of a group's box and the box's size bound it. `value` is no less
/// than the distance of any vertex.
/// Points in `passed_over` do not count; where all are, the distance is 0.
/// \pre `surface` has a triangle, and its coordinates are finite.
[[nodiscard]] GreatestDistance farthest_point(const TriangleMesh& surface, const MeshDistance& mesh,
                                              const RefinementOptions& options,
                                              const PassedOver* passed_over = nullptr);
/// The same of a surface that has a tree already.
[[nodiscard]] GreatestDistance farthest_point(const MeshDistance& surface, const MeshDistance& mesh,
                                              const RefinementOptions& options);

/// The larger of the two largest one-sided distances. \pre Both are measurable: see why_unmeasurable().
[[nodiscard]] Enclosed hausdorff_distance(const TriangleMesh& a, const TriangleMesh& b,
                                          const RefinementOptions& options);

}  // namespace meshassay::metrics
