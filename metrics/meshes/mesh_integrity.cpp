// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/meshes/mesh_integrity.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "core/blocks.hpp"
#include "core/mesh_check.hpp"
#include "core/union_find.hpp"

namespace meshassay::metrics {
namespace {

constexpr std::size_t max_places = 10;

void add(Defects& defects, const Point3& place_mm) {
  ++defects.count;
  if (defects.places_mm.size() < max_places) defects.places_mm.push_back(place_mm);
}

Point3 triangle_center(const TriangleMesh& mesh, std::size_t t) {
  return (mesh.corner(t, 0) + mesh.corner(t, 1) + mesh.corner(t, 2)) / 3.0;
}

Point3 edge_center(const TriangleMesh& mesh, const EdgeUse& edge) {
  return 0.5 * (mesh.vertices_mm[edge.low] + mesh.vertices_mm[edge.high]);
}

// Of the layer. Boundary edges as a graph: its independent cycles are edges - vertices + parts, and an open
// run ends where their number is odd.
void look_at_boundary(const TriangleMesh& mesh, const EdgeTable& edges, MeshIntegrity& result) {
  const std::size_t vertices = mesh.vertices_mm.size();
  result.closed = edges.edges() > 0;  // Nothing is not closed.
  UnionFind parts(vertices);
  std::vector<std::uint32_t> degree(vertices, 0);
  std::size_t boundary_edges = 0, boundary_vertices = 0, boundary_parts = 0, odd = 0;
  for (std::size_t e = 0; e < edges.edges(); ++e) {
    if (edges.edge(e).size() % 2 != 0) result.closed = false;
    if (edges.edge(e).size() != 1) continue;
    const EdgeUse& use = edges.edge(e).front();
    add(result.boundary_edges, edge_center(mesh, use));
    result.boundary_length_mm += (mesh.vertices_mm[use.high] - mesh.vertices_mm[use.low]).norm();
    ++boundary_edges;
    ++degree[use.low];
    ++degree[use.high];
    parts.unite(use.low, use.high);
  }
  for (std::size_t v = 0; v < vertices; ++v) {
    if (degree[v] == 0) continue;
    ++boundary_vertices;
    odd += degree[v] % 2;
    if (parts.find(v) == v) ++boundary_parts;
  }
  result.boundary_loops = boundary_edges + boundary_parts - boundary_vertices;
  result.boundary_arcs = odd / 2;
}

void look_at_edges(const TriangleMesh& mesh, const EdgeTable& edges, MeshIntegrity& result) {
  result.edges = edges.edges();
  result.edges_have_two = edges.edges() > 0;
  for (std::size_t e = 0; e < edges.edges(); ++e) {
    const auto uses = edges.edge(e);
    int balance = 0;
    for (const EdgeUse& use : uses) balance += use.forward ? 1 : -1;
    if (uses.size() != 2) result.edges_have_two = false;
    if (uses.size() > 2) add(result.non_manifold_edges, edge_center(mesh, uses.front()));
    if (std::abs(balance) > static_cast<int>(uses.size() % 2))
      add(result.misoriented_edges, edge_center(mesh, uses.front()));
  }
  result.consistently_oriented = result.misoriented_edges.count == 0;
}

// What the triangles at a vertex look like.
enum class Link { one_cycle, one_path, other };

Link link_of(std::span<const LinkSide> sides) {
  if (is_one_directed_cycle(sides)) return Link::one_cycle;
  // Follow the sides from one to the next: corners in order, with the sides that they are on.
  std::vector<std::pair<std::uint32_t, std::size_t>> corners;
  for (std::size_t s = 0; s < sides.size(); ++s)
    for (const auto corner : {sides[s].from, sides[s].to}) corners.emplace_back(corner, s);
  std::sort(corners.begin(), corners.end());
  UnionFind parts(sides.size());
  std::size_t ends = 0;
  for (std::size_t c = 0; c < corners.size();) {
    std::size_t next = c;
    while (next < corners.size() && corners[next].first == corners[c].first) {
      parts.unite(corners[c].second, corners[next].second);
      ++next;
    }
    if (next - c > 2) return Link::other;
    if (next - c == 1) ++ends;
    c = next;
  }
  for (std::size_t s = 1; s < sides.size(); ++s)
    if (parts.find(s) != 0) return Link::other;
  return ends == 0 ? Link::one_cycle : Link::one_path;
}

// Looks at the link of every vertex; whether all of them are one cycle.
bool look_at_vertices(const TriangleMesh& mesh, const VertexLinks& links, MeshIntegrity& result) {
  std::vector<Link> kinds(links.vertices());
  for_each_block(links.vertices(), usual_block, [&](const Block& block) {
    for (std::size_t v = block.from; v < block.to; ++v) kinds[v] = link_of(links.at(v));
  });
  bool all_cycles = true;
  for (std::size_t v = 0; v < links.vertices(); ++v) {
    if (links.at(v).empty()) continue;
    ++result.vertices;
    if (kinds[v] != Link::one_cycle) all_cycles = false;
    if (kinds[v] == Link::other) add(result.non_manifold_vertices, mesh.vertices_mm[v]);
  }
  return all_cycles;
}

// Neighbours that run their common edge the same way must be turned against each other: no set of triangles
// may have to be both.
bool is_orientable(const EdgeTable& edges, std::size_t triangles) {
  const auto turns = [&](std::size_t e) {
    const auto uses = edges.edge(e);
    return uses.size() == 2 && uses[0].forward == uses[1].forward;
  };
  std::size_t first = 0;
  while (first < edges.edges() && !turns(first)) ++first;
  if (first == edges.edges()) return true;  // All as they are.
  UnionFind sides(2 * triangles);           // 2 t: as it is; 2 t + 1: turned round.
  for (std::size_t e = 0; e < edges.edges(); ++e) {
    const auto uses = edges.edge(e);
    if (uses.size() != 2) continue;
    const std::size_t turned = turns(e) ? 1 : 0;
    const std::size_t one = 2 * std::size_t{uses[0].triangle}, other = 2 * std::size_t{uses[1].triangle};
    sides.unite(one, other + turned);
    sides.unite(one + 1, other + 1 - turned);
  }
  for (std::size_t t = 0; t < triangles; ++t)
    if (sides.find(2 * t) == sides.find(2 * t + 1)) return false;
  return true;
}

}  // namespace

TriangleMesh layer_of(const TriangleMesh& mesh) {
  TriangleMesh layer{.vertices_mm = mesh.vertices_mm, .triangles = {}};
  for (const auto t : exact::layer_triangles(mesh)) layer.triangles.push_back(mesh.triangles[t]);
  return layer;
}

MeshIntegrity mesh_integrity(const TriangleMesh& given) {
  check_corners(given);
  const TriangleMesh mesh = welded(given);
  const VertexLinks links(mesh);
  const EdgeTable edges(links);
  return mesh_integrity({.mesh = mesh,
                         .links = links,
                         .edges = edges,
                         .degenerate = exact::degenerate_triangles(mesh),
                         .equivalent = exact::equivalent_triangles(links)});
}

MeshIntegrity mesh_integrity(const KnownMesh& known) {
  const auto& [mesh, links, edges, degenerate, equivalent] = known;
  MeshIntegrity result;
  result.triangles = mesh.triangles.size();
  for (const auto t : degenerate) add(result.degenerate, triangle_center(mesh, t));
  for (const auto& again : equivalent) add(result.duplicates, triangle_center(mesh, again.triangle));
  look_at_edges(mesh, edges, result);
  if (equivalent.empty()) {
    look_at_boundary(mesh, edges, result);
  } else {
    const TriangleMesh layer = layer_of(mesh);
    look_at_boundary(layer, EdgeTable(layer), result);
  }
  result.orientable = is_orientable(edges, mesh.triangles.size());
  const bool all_links_are_cycles = look_at_vertices(mesh, links, result);
  // Triangles with two equal corners are on no edge, and no component of what is left.
  const std::size_t regular = links.sides() / 3;
  const auto components = edges.components(mesh.triangles.size());
  if (!components.empty())
    result.components =
        *std::max_element(components.begin(), components.end()) + 1u - (mesh.triangles.size() - regular);

  result.two_manifold = result.edges_have_two && all_links_are_cycles && result.duplicates.count == 0;
  result.euler_characteristic = static_cast<std::int64_t>(result.vertices) -
                                static_cast<std::int64_t>(result.edges) + static_cast<std::int64_t>(regular);
  // Closed oriented surfaces: chi = 2 components - 2 genus, summed over the components.
  if (result.two_manifold && result.consistently_oriented)
    result.genus = static_cast<std::int64_t>(result.components) - result.euler_characteristic / 2;
  return result;
}

}  // namespace meshassay::metrics
