// SPDX-License-Identifier: GPL-3.0-or-later
// How two triangles of a welded mesh meet, decided by exact predicates.
#pragma once

#include <array>
#include <cstdint>

#include "core/triangle_mesh.hpp"

namespace meshassay::exact {

enum class IntersectionKind : std::uint8_t {
  none,              ///< They meet in nothing, or in exactly a common vertex or edge.
  touching,          ///< Not that, but their interiors have no point in common: a vertex or an edge touches.
  crossing,          ///< Their interiors cross along a segment.
  coplanar_overlap,  ///< Their interiors have an area in common.
};

/// Where a point is on a triangle: 0 to 2 corner, 3 to 5 inside the edge from corner n - 3 to the next, 6
/// inside.
using Location = std::uint8_t;
inline constexpr Location inside_triangle = 6, outside_triangle = 7;

/// A point that both triangles have.
struct Contact {
  std::array<Location, 2> at{outside_triangle, outside_triangle};  ///< On the first, on the second.
  friend bool operator==(const Contact&, const Contact&) = default;
};

struct PairIntersection {
  IntersectionKind kind = IntersectionKind::none;
  /// Ends of what they have in common (one where it is a point), where they are not coplanar. Where they are
  /// and only touch: corners of either that lie on the other. None for an overlap.
  std::array<Contact, 6> contacts{};
  std::uint8_t count = 0;
  bool coplanar = false;
};

/// \pre Neither triangle is degenerate, and they are not equivalent. Vertices are the same where their index
/// is.
[[nodiscard]] PairIntersection intersect(const TriangleMesh& mesh, std::uint32_t first, std::uint32_t second);

}  // namespace meshassay::exact
