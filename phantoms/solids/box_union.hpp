// SPDX-License-Identifier: GPL-3.0-or-later
// A solid made of axis-aligned boxes: exact distance, exact closed mesh.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "core/implicit_surface.hpp"
#include "core/triangle_mesh.hpp"
#include "phantoms/solids/solid.hpp"

namespace meshassay::phantoms {

/// The union of boxes, which may touch and overlap, as a complex of cells between all the boxes' coordinates.
class BoxUnion {
 public:
  /// \throw InvalidInput if there is no box, a box is flat or not finite, or the union touches itself along
  /// an edge or at a corner only, so that its surface would not be a two-manifold.
  explicit BoxUnion(std::span<const Box3> boxes);

  [[nodiscard]] const std::array<std::vector<double>, 3>& coordinates_mm() const { return coordinates_mm_; }
  /// Whether the cell between coordinates i and i+1, j and j+1, k and k+1 is solid; false outside the
  /// complex.
  [[nodiscard]] bool solid(int i, int j, int k) const;
  [[nodiscard]] std::array<int, 3> cells() const;
  /// Every box that is wholly solid (or, for `of_solid` false, wholly empty) and can grow in no direction.
  /// Together they cover the solid (the rest of space; those boxes reach to infinity).
  [[nodiscard]] std::vector<Box3> maximal_boxes(bool of_solid) const;

 private:
  void refuse_contacts_without_area() const;

  std::array<std::vector<double>, 3> coordinates_mm_;
  std::vector<char> solid_;  ///< Cells, i fastest.
};

/// The exact Euclidean distance, also at re-entrant edges and outside corners.
[[nodiscard]] ImplicitSurface implicit_surface(const BoxUnion& solid);
/// Exact: two triangles for each cell face between solid and empty; conforming, closed, two-manifold,
/// outward.
[[nodiscard]] TriangleMesh surface_mesh(const BoxUnion& solid);
/// Distance, mesh, and the volume and area of the mesh, which is exact.
[[nodiscard]] Solid solid_of(const BoxUnion& boxes);

}  // namespace meshassay::phantoms
