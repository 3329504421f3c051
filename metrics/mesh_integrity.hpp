// SPDX-License-Identifier: GPL-3.0-or-later
// What a triangle mesh is by itself: closed, manifold, oriented, outward; and what is wrong with it, by
// place.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/triangle_mesh.hpp"

namespace meshassay::metrics {

struct MetricFamily;

/// Things of one kind: how many, and where the first of them are.
struct Defects {
  std::size_t count = 0;
  std::vector<Point3> places_mm;  ///< Of the first `max_places`: corner, centre of an edge or of a triangle.
};

/// Combinatorics of the welded mesh (vertices with equal coordinates are one). Triangles with two equal
/// corners are counted as degenerate and then left out: dropping them changes no shape.
struct MeshIntegrity {
  std::size_t triangles = 0;  ///< As given.
  std::size_t vertices = 0;   ///< After welding, used by a triangle that is left in.
  std::size_t edges = 0;
  std::size_t components = 0;  ///< Triangles connected over edges.

  bool closed = false;          ///< Every edge has an even number of triangles.
  bool edges_have_two = false;  ///< Every edge has exactly two triangles.
  bool two_manifold = false;    ///< That, every vertex link is one cycle, and no triangle is there twice.
  /// At every edge as many triangles run one way as the other; one more where their number is odd.
  bool consistently_oriented = false;

  Defects boundary_edges;          ///< With one triangle.
  Defects non_manifold_edges;      ///< With three or more.
  Defects non_manifold_vertices;   ///< Whose link is neither one cycle nor one open path.
  Defects misoriented_edges;       ///< Where consistently_oriented fails.
  Defects duplicates;              ///< Triangles with the corners of an earlier one, whatever their order.
  Defects degenerate;              ///< Corners on one line, decided exactly.
  std::size_t boundary_loops = 0;  ///< Independent cycles of boundary edges; open arcs add none.
  double boundary_length_mm = 0.0;

  std::int64_t euler_characteristic = 0;  ///< Vertices - edges + triangles.
  std::optional<std::int64_t> genus;      ///< Sum over components; absent unless two-manifold and oriented.
};

/// \throw InvalidInput for a corner that is not in the mesh or not finite.
[[nodiscard]] MeshIntegrity mesh_integrity(const TriangleMesh& mesh);

/// A connected closed surface of a mesh, and how it lies to the others.
struct Shell {
  double signed_volume_mm3 = 0.0;
  int depth = 0;  ///< Number of other shells that it lies in: 0 outermost, 1 a cavity's wall, 2 a part in it.
  Point3 place_mm = Point3::Zero();  ///< One of its corners.

  /// Even depth: positive volume. Odd depth: negative.
  [[nodiscard]] bool rightly_oriented() const {
    return depth % 2 == 0 ? signed_volume_mm3 > 0.0 : signed_volume_mm3 < 0.0;
  }
};

/// Shells (connected over edges) in the order of their first triangle. Whether one lies in another is decided
/// by the winding number of the other about its corners: the first corner at which that is within 0.01 of a
/// whole number decides; where none is (it lies on the other all over), it lies outside. In floating point,
/// so a contact of shells is not decided exactly.
/// \pre mesh_integrity() says closed and consistently oriented.
[[nodiscard]] std::vector<Shell> shells(const TriangleMesh& mesh);

[[nodiscard]] const MetricFamily& mesh_integrity_family();

}  // namespace meshassay::metrics
