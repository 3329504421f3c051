// SPDX-License-Identifier: GPL-3.0-or-later
// What a triangle mesh is by itself: closed, manifold, oriented, outward; and what is wrong with it, by
// place.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/edge_table.hpp"
#include "core/exact/self_intersection.hpp"
#include "core/triangle_mesh.hpp"
#include "core/vertex_links.hpp"

namespace meshassay::metrics {

struct MetricFamily;

/// Things of one kind: how many, and where the first of them are.
struct Defects {
  std::size_t count = 0;
  std::vector<Point3> places_mm;  ///< Of the first `max_places`: corner, centre of an edge or of a triangle.
};

/// Combinatorics of the welded mesh (vertices with equal coordinates are one). Triangles with two equal
/// corners are counted as degenerate and then left out: dropping them changes no shape. Whether it is closed,
/// and its boundary, are decided on the layer: of triangles with the same corners one counts (Attene 2018,
/// Definitions 3.2 and 3.3).
struct MeshIntegrity {
  std::size_t triangles = 0;  ///< As given.
  std::size_t vertices = 0;   ///< After welding, used by a triangle that is left in.
  std::size_t edges = 0;
  std::size_t components = 0;  ///< Triangles connected over edges.

  bool closed = false;          ///< Every edge of the layer has an even number of triangles.
  bool edges_have_two = false;  ///< Every edge has exactly two triangles.
  bool two_manifold = false;    ///< That, every vertex link is one cycle, and no triangle is there twice.
  /// At every edge as many triangles run one way as the other; one more where their number is odd.
  bool consistently_oriented = false;

  Defects boundary_edges;          ///< Of the layer, with one triangle; loops, arcs and length are theirs.
  Defects non_manifold_edges;      ///< With three or more.
  Defects non_manifold_vertices;   ///< Whose link is neither one cycle nor one open path.
  Defects misoriented_edges;       ///< Where consistently_oriented fails.
  Defects duplicates;              ///< Triangles with the corners of an earlier one, whatever their order.
  Defects degenerate;              ///< Corners on one line, decided exactly.
  std::size_t boundary_loops = 0;  ///< Independent cycles of boundary edges; open arcs add none.
  std::size_t boundary_arcs = 0;   ///< Open runs of boundary edges: half of the corners with an odd number.
  double boundary_length_mm = 0.0;
  /// The triangles can be turned so that neighbours at every edge of exactly two agree; at other edges there
  /// is always a way.
  bool orientable = true;

  std::int64_t euler_characteristic = 0;  ///< Vertices - edges + triangles.
  std::optional<std::int64_t> genus;      ///< Sum over components; absent unless two-manifold and oriented.
};

/// A welded mesh with what is known of it.
struct KnownMesh {
  const TriangleMesh& mesh;
  const VertexLinks& links;
  const EdgeTable& edges;
  const std::vector<std::uint32_t>& degenerate;      ///< exact::degenerate_triangles()
  const std::vector<exact::Equivalent>& equivalent;  ///< exact::equivalent_triangles()
};

/// The layer of a welded mesh: of triangles with the same corners the first; none with two equal corners.
[[nodiscard]] TriangleMesh layer_of(const TriangleMesh& welded);

/// \throw InvalidInput for a corner that is not in the mesh or not finite.
[[nodiscard]] MeshIntegrity mesh_integrity(const TriangleMesh& mesh);
[[nodiscard]] MeshIntegrity mesh_integrity(const KnownMesh& known);

[[nodiscard]] const MetricFamily& mesh_integrity_family();

}  // namespace meshassay::metrics
