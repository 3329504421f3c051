// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/meshes/mesh_integrity.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "core/edge_table.hpp"
#include "core/exact/self_intersection.hpp"
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
    const Point3 center = edge_center(mesh, uses.front());
    int balance = 0;
    for (const EdgeUse& use : uses) balance += use.forward ? 1 : -1;
    if (uses.size() != 2) result.edges_have_two = false;
    if (uses.size() > 2) add(result.non_manifold_edges, center);
    if (std::abs(balance) > static_cast<int>(uses.size() % 2)) add(result.misoriented_edges, center);
  }
  result.consistently_oriented = result.misoriented_edges.count == 0;
}

// What the triangles at a vertex look like.
enum class Link { one_cycle, one_path, other };

// A side of a link: the two other corners of a triangle at the vertex.
using LinkSide = std::array<std::uint32_t, 2>;

Link link_of(std::vector<LinkSide>& sides) {
  // Follow the sides from one to the next: corners in order, with the sides that they are on.
  std::vector<std::pair<std::uint32_t, std::size_t>> corners;
  for (std::size_t s = 0; s < sides.size(); ++s)
    for (const auto corner : sides[s]) corners.emplace_back(corner, s);
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
bool look_at_vertices(const TriangleMesh& mesh, MeshIntegrity& result) {
  std::vector<std::size_t> first(mesh.vertices_mm.size() + 1, 0);
  for (const auto& triangle : mesh.triangles)
    for (const auto vertex : triangle) ++first[vertex + 1];
  for (std::size_t v = 1; v < first.size(); ++v) first[v] += first[v - 1];
  std::vector<LinkSide> sides(first.back());
  auto next = first;
  for (const auto& triangle : mesh.triangles)
    for (std::size_t c = 0; c < 3; ++c)
      sides[next[triangle[c]]++] = {triangle[(c + 1) % 3], triangle[(c + 2) % 3]};
  bool all_cycles = true;
  std::vector<LinkSide> link;
  for (std::size_t v = 0; v < mesh.vertices_mm.size(); ++v) {
    if (first[v] == first[v + 1]) continue;
    ++result.vertices;
    link.assign(sides.begin() + static_cast<std::ptrdiff_t>(first[v]),
                sides.begin() + static_cast<std::ptrdiff_t>(first[v + 1]));
    const Link kind = link_of(link);
    if (kind != Link::one_cycle) all_cycles = false;
    if (kind == Link::other) add(result.non_manifold_vertices, mesh.vertices_mm[v]);
  }
  return all_cycles;
}

// Neighbours that run their common edge the same way must be turned against each other: no set of triangles
// may have to be both.
bool is_orientable(const EdgeTable& edges, std::size_t triangles) {
  UnionFind sides(2 * triangles);  // 2 t: as it is; 2 t + 1: turned round.
  for (std::size_t e = 0; e < edges.edges(); ++e) {
    const auto uses = edges.edge(e);
    if (uses.size() != 2) continue;
    const std::size_t turned = uses[0].forward == uses[1].forward ? 1 : 0;
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
  MeshIntegrity result;
  result.triangles = given.triangles.size();
  TriangleMesh mesh = welded(given);
  for (const auto t : exact::degenerate_triangles(mesh)) add(result.degenerate, triangle_center(mesh, t));
  const auto equivalent = exact::equivalent_triangles(mesh);
  for (const auto& again : equivalent) add(result.duplicates, triangle_center(mesh, again.triangle));
  const auto layer = equivalent.empty() ? std::nullopt : std::optional(layer_of(mesh));
  std::erase_if(mesh.triangles,
                [](const Triangle& t) { return t[0] == t[1] || t[1] == t[2] || t[2] == t[0]; });
  const EdgeTable edges(mesh);
  look_at_edges(mesh, edges, result);
  if (layer)
    look_at_boundary(*layer, EdgeTable(*layer), result);
  else
    look_at_boundary(mesh, edges, result);
  result.orientable = is_orientable(edges, mesh.triangles.size());
  const bool all_links_are_cycles = look_at_vertices(mesh, result);
  const auto components = edges.components(mesh.triangles.size());
  if (!components.empty()) result.components = *std::max_element(components.begin(), components.end()) + 1u;

  result.two_manifold = result.edges_have_two && all_links_are_cycles && result.duplicates.count == 0;
  result.euler_characteristic = static_cast<std::int64_t>(result.vertices) -
                                static_cast<std::int64_t>(result.edges) +
                                static_cast<std::int64_t>(mesh.triangles.size());
  // Closed oriented surfaces: chi = 2 components - 2 genus, summed over the components.
  if (result.two_manifold && result.consistently_oriented)
    result.genus = static_cast<std::int64_t>(result.components) - result.euler_characteristic / 2;
  return result;
}

}  // namespace meshassay::metrics
