// SPDX-License-Identifier: GPL-3.0-or-later
// What the makers of mesh phantoms share: boxes, and rows that several phantoms have.
#pragma once

#include "phantoms/mesh_phantom.hpp"

namespace meshassay::phantoms {

/// The nearest float32, as a double.
[[nodiscard]] double as_float32(double value);
[[nodiscard]] Point3 as_float32(const Point3& point_mm);

enum class Facing { outwards, inwards };
/// 8 vertices and 12 triangles; the diagonals of opposite faces lie over each other.
void add_box(TriangleMesh& mesh, const Box3& box_mm, Facing facing = Facing::outwards);
[[nodiscard]] Box3 box_mm(const Point3& low_mm, const Point3& high_mm);
[[nodiscard]] Box3 cube_mm(const Point3& low_mm, double edge_mm);
void add_mesh(TriangleMesh& mesh, const TriangleMesh& more);
/// A quadrilateral a, b, c, d as the triangles (a, b, c) and (a, c, d).
void add_quad(TriangleMesh& mesh, const std::array<std::uint32_t, 4>& corners);
[[nodiscard]] TriangleMesh inside_out(TriangleMesh mesh);

/// The row of a mesh without a defect: one part, outward.
[[nodiscard]] ExpectedPredicates nothing_wrong();
/// Closed surfaces, each embedded and outward, that cross or overlap: what is behind them is one solid or
/// several, parts of them are hidden in others.
[[nodiscard]] ExpectedPredicates overlapping_shells();
/// Surfaces with borders, free of intersections, every part seen from both sides. No solid is behind them.
[[nodiscard]] ExpectedPredicates open_sheets();
/// No triangle is irregular, degenerate or there twice, no edge has one triangle only.
[[nodiscard]] ExpectedCounts no_defects(std::size_t components);

}  // namespace meshassay::phantoms
