// SPDX-License-Identifier: GPL-3.0-or-later
// What of an arrangement can be reached from infinity, and what it encloses (Attene 2018, Definitions 3.8 to
// 3.10), by sides: every triangle has two, and at an edge a side is linked to the side that faces the same
// wedge of space. Decided by exact predicates.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "core/edge_table.hpp"
#include "core/exact/arrangement.hpp"
#include "core/vertex_links.hpp"

namespace meshassay::exact {

enum class HullRole : std::uint8_t {
  internal,  ///< Neither side is reached.
  solid,     ///< One side is reached: part of M_solid.
  sheet,     ///< Both are: part of M_sheet.
};

/// A connected open piece of space between the triangles.
struct Cell {
  double volume_mm3 = 0.0;  ///< Of rounded coordinates; infinity for cell 0.
  /// How often the oriented input winds around it; absent where the orientation is not consistent (the number
  /// would depend on the way).
  std::optional<std::int64_t> winding;
  std::uint32_t some_triangle = 0;  ///< One that bounds it.
};

/// An edge of M_solid at which more than one solid wedge meets.
struct WeakEdge {
  std::uint32_t from = 0, to = 0;  ///< Vertices of the arrangement, the smaller first.
};

inline constexpr std::uint32_t no_part = std::numeric_limits<std::uint32_t>::max();

struct OuterHull {
  std::vector<HullRole> role;  ///< Of each triangle of the arrangement.
  /// Of each triangle: the cell in front of it (where its corners run counter-clockwise) and the one behind.
  /// Cell 0 is the unbounded one. A solid triangle has exactly one of them 0.
  std::vector<std::array<std::uint32_t, 2>> cell;
  std::vector<Cell> cells;

  /// Of each solid triangle the number of its part, else no_part. Triangles that bound the same solid wedge
  /// at an edge belong to the same part, so each part is closed and oriented. Numbered by first triangle.
  std::vector<std::uint32_t> part;
  std::uint32_t parts = 0;
  std::vector<WeakEdge> weak_edges;  ///< Ascending.
  /// Vertices at which more than one fan of solid triangles meets and that are on no weak edge; ascending.
  std::vector<std::uint32_t> weak_vertices;
  /// Components of M_solid over edges of exactly two of its triangles: the letter of Hui and others (2006).
  /// Differs from `parts` where such a component is open.
  std::uint32_t hui_components = 0;
  std::int64_t euler_characteristic = 0;  ///< Of M_solid: vertices - edges + triangles.
};

/// A mesh cut along its self-intersections, and what of it can be reached from infinity.
struct SortedComplex {
  Arrangement arrangement;
  OuterHull hull;
};

/// The hull of a whole arrangement, components nested in the solid of others being internal.
[[nodiscard]] OuterHull outer_hull(const Arrangement& arrangement);
/// The same where the links and edges of its triangles are known.
[[nodiscard]] OuterHull outer_hull(const Arrangement& arrangement, const VertexLinks& links,
                                   const EdgeTable& edges);

/// M_solid as a mesh, outward, with rounded coordinates; one part of it where `part` is given.
[[nodiscard]] TriangleMesh solid_surface(const Arrangement& arrangement, const OuterHull& hull,
                                         std::optional<std::uint32_t> part = std::nullopt);
/// M_sheet as a mesh, with rounded coordinates, oriented as the input.
[[nodiscard]] TriangleMesh sheet_surface(const Arrangement& arrangement, const OuterHull& hull);

}  // namespace meshassay::exact
