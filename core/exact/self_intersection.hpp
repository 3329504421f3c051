// SPDX-License-Identifier: GPL-3.0-or-later
// Which triangles of a mesh meet in more than a common vertex or edge: decided by exact predicates on the
// coordinates as they stand.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "core/exact/triangle_pair.hpp"
#include "core/triangle_mesh.hpp"
#include "core/vertex_links.hpp"

namespace meshassay::exact {

/// Triangles whose three corners lie on one line (equal corners included), ascending.
[[nodiscard]] std::vector<std::uint32_t> degenerate_triangles(const TriangleMesh& mesh);

/// Triangles with the three vertices of an earlier one, in whatever order.
struct Equivalent {
  std::uint32_t triangle = 0, first = 0;  ///< The later one, and the first of its kind.
  bool same_orientation = true;
  friend bool operator==(const Equivalent&, const Equivalent&) = default;
};
/// Ascending by triangle; triangles with two equal corners are left out. \pre Welded.
[[nodiscard]] std::vector<Equivalent> equivalent_triangles(const TriangleMesh& mesh);
[[nodiscard]] std::vector<Equivalent> equivalent_triangles(const VertexLinks& links);

/// The layer of a welded mesh (Attene 2018, Definition 3.1): triangles with three different corners, of
/// equivalent ones the first. Ascending.
[[nodiscard]] std::vector<std::uint32_t> layer_triangles(const TriangleMesh& mesh);

struct SelfIntersections {
  std::vector<std::pair<std::uint32_t, std::uint32_t>>
      pairs;                            ///< Triangle ids, the smaller first, ascending; at most `max_pairs`.
  std::vector<IntersectionKind> kinds;  ///< Of each pair; never `none`.
  bool complete = true;                 ///< False where the search stopped at `max_pairs`.
};

/// Pairs of triangles that meet in anything but nothing, a common vertex or a common edge (Attene 2018,
/// Definitions 3.6 and 3.7). Vertices are the same where their index is: weld first. Degenerate triangles and
/// pairs with the same three vertices are left out: they have predicates of their own. Same result for any
/// number of threads.
[[nodiscard]] SelfIntersections self_intersections(const TriangleMesh& mesh,
                                                   std::size_t max_pairs = 1'000'000);

/// What is known before the search, of each triangle or vertex; where nothing is given, nothing is known.
struct KnownOfMesh {
  std::span<const std::uint8_t> left_out = {};  ///< 1: the triangle is not looked at.
  /// 1: flat_stars() found that triangles which share the vertex do not intersect.
  std::span<const std::uint8_t> flat_star = {};
  /// 0: triangles that do not intersect each other; only pairs with another one are looked at.
  std::span<const std::uint8_t> suspect = {};
};
[[nodiscard]] SelfIntersections self_intersections(const TriangleMesh& mesh, const KnownOfMesh& known,
                                                   std::size_t max_pairs);

}  // namespace meshassay::exact
