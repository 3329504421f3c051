// SPDX-License-Identifier: GPL-3.0-or-later
// The part of a surface that lies in a region, cut exactly at its sides.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "core/triangle_mesh.hpp"

namespace meshassay::metrics {

/// A triangle of what is left, in the region's own coordinates.
struct Piece {
  std::array<Point3, 3> corners;
  Vector3 normal = Vector3::Zero();  ///< Unit, of the whole triangle that it comes from.
  double area_mm2 = 0.0;
  std::size_t source = 0;  ///< The triangle that it comes from.
};

/// Triangles in order, cut by Sutherland and Hodgman's method and fanned; those without area are left out.
[[nodiscard]] std::vector<Piece> clipped_to(const TriangleMesh& surface, const OrientedBox3& region);

[[nodiscard]] double area_mm2(std::span<const Piece> pieces);
/// How many values the statistics of a fit may count on: half the triangles (that is about the number of
/// vertices, which are what scatters), at least 1.
[[nodiscard]] double independent_values(std::span<const Piece> pieces);

}  // namespace meshassay::metrics
