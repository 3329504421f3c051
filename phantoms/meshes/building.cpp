// SPDX-License-Identifier: GPL-3.0-or-later
#include "phantoms/meshes/building.hpp"

namespace meshassay::phantoms {

double as_float32(double value) { return static_cast<double>(static_cast<float>(value)); }

Point3 as_float32(const Point3& point_mm) { return point_mm.cast<float>().cast<double>(); }

void add_box(TriangleMesh& mesh, const Box3& box, Facing facing) {
  const auto first = static_cast<std::uint32_t>(mesh.vertices_mm.size());
  for (int corner = 0; corner < 8; ++corner)
    mesh.vertices_mm.emplace_back((corner & 1) != 0 ? box.max_mm[0] : box.min_mm[0],
                                  (corner & 2) != 0 ? box.max_mm[1] : box.min_mm[1],
                                  (corner & 4) != 0 ? box.max_mm[2] : box.min_mm[2]);
  constexpr std::array<Triangle, 12> faces = {{{0, 2, 1},
                                               {1, 2, 3},
                                               {4, 5, 6},
                                               {5, 7, 6},
                                               {0, 1, 4},
                                               {1, 5, 4},
                                               {2, 6, 3},
                                               {3, 6, 7},
                                               {0, 4, 2},
                                               {2, 4, 6},
                                               {1, 3, 5},
                                               {3, 7, 5}}};
  for (Triangle triangle : faces) {
    for (auto& vertex : triangle) vertex += first;
    if (facing == Facing::inwards) std::swap(triangle[1], triangle[2]);
    mesh.triangles.push_back(triangle);
  }
}

Box3 box_mm(const Point3& low_mm, const Point3& high_mm) { return {.min_mm = low_mm, .max_mm = high_mm}; }

Box3 cube_mm(const Point3& low_mm, double edge_mm) {
  return {.min_mm = low_mm, .max_mm = low_mm.array() + edge_mm};
}

void add_mesh(TriangleMesh& mesh, const TriangleMesh& more) {
  const auto first = static_cast<std::uint32_t>(mesh.vertices_mm.size());
  mesh.vertices_mm.insert(mesh.vertices_mm.end(), more.vertices_mm.begin(), more.vertices_mm.end());
  for (Triangle triangle : more.triangles) {
    for (auto& vertex : triangle) vertex += first;
    mesh.triangles.push_back(triangle);
  }
}

void add_quad(TriangleMesh& mesh, const std::array<std::uint32_t, 4>& corners) {
  mesh.triangles.push_back({corners[0], corners[1], corners[2]});
  mesh.triangles.push_back({corners[0], corners[2], corners[3]});
}

TriangleMesh inside_out(TriangleMesh mesh) {
  for (auto& triangle : mesh.triangles) std::swap(triangle[1], triangle[2]);
  return mesh;
}

ExpectedPredicates nothing_wrong() {
  return {.regular = true,
          .layer = true,
          .non_degenerate = true,
          .closed = true,
          .polyhedron = true,
          .outer_hull = true,
          .solid = true,
          .manifold_connected = true,
          .two_manifold = true,
          .consistently_oriented = true,
          .bounds_solid = true,
          .printable = true,
          .printable_parts = true,
          .strict = true};
}

ExpectedPredicates overlapping_shells() {
  auto row = nothing_wrong();
  row.polyhedron = row.outer_hull = false;
  row.bounds_solid = row.printable = row.printable_parts = row.strict = false;
  return row;
}

ExpectedPredicates open_sheets() {
  auto row = nothing_wrong();
  row.closed = row.solid = row.two_manifold = false;
  row.manifold_connected.reset();
  row.bounds_solid = row.printable = row.printable_parts = row.strict = false;
  return row;
}

ExpectedCounts no_defects(std::size_t components) {
  return {.irregular = 0,
          .degenerate = 0,
          .duplicates = 0,
          .components = components,
          .boundary_edges = 0,
          .boundary_loops = 0};
}

}  // namespace meshassay::phantoms
