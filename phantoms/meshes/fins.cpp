// SPDX-License-Identifier: GPL-3.0-or-later
// A solid with a sheet on it. The solid's surface is seen from one side, the fin from both: the hull is all
// of it, `solid` fails for the fin, and the solid behind the hull is one part. A repair keeps the solid and
// thickens the fin, its root running into the solid: one part without handles.
#include "phantoms/meshes/building.hpp"
#include "phantoms/meshes/shapes.hpp"

namespace meshassay::phantoms {
namespace {

ExpectedPredicates solid_with_fin() {
  auto row = open_sheets();
  row.manifold_connected = true;
  return row;
}

ExpectedRepair thickened() { return {.score = 4, .sheets = true, .parts = 1, .handles = 0, .cavities = 0}; }

// The root as an edge of the lid has three triangles, two of which must run one way: consistent, "one more
// where their number is odd". Its ends are the ends of the fin's border: an open arc of three edges, no loop.
// Without that edge in the lid the fin stands on the lid's inside: not conforming, so no polyhedron; the fin
// is a component of its own with a border of four edges.
MeshPhantom on_box(const Parameters& resolved) {
  const bool conforming = boolean(resolved, "conforming");
  MeshPhantom phantom;
  auto& mesh = phantom.mesh;
  add_box(mesh, box_mm(Point3::Zero(), {40.0, 20.0, 10.0}));
  mesh.vertices_mm.emplace_back(10.0, 10.0, 10.0);  // 8, 9: the root
  mesh.vertices_mm.emplace_back(30.0, 10.0, 10.0);
  mesh.vertices_mm.emplace_back(10.0, 10.0, 25.0);  // 10, 11: the fin's upper edge
  mesh.vertices_mm.emplace_back(30.0, 10.0, 25.0);
  if (conforming) {
    std::erase(mesh.triangles, Triangle{4, 5, 6});
    std::erase(mesh.triangles, Triangle{5, 7, 6});
    for (const Triangle& triangle :
         {Triangle{4, 5, 9}, {4, 9, 8}, {4, 8, 6}, {6, 8, 9}, {6, 9, 7}, {5, 7, 9}})
      mesh.triangles.push_back(triangle);
  }
  add_quad(mesh, {8, 9, 11, 10});
  phantom.expected = solid_with_fin();
  phantom.counts = no_defects(conforming ? 1 : 2);
  phantom.counts.boundary_edges = conforming ? 3 : 4;
  phantom.counts.boundary_loops = conforming ? 0 : 1;
  if (!conforming) phantom.expected.polyhedron = false;
  phantom.repair = thickened();
  return phantom;
}

// A house with a fin along its whole ridge: the ridge has three triangles.
MeshPhantom on_ridge(const Parameters&) {
  MeshPhantom phantom;
  auto& mesh = phantom.mesh;
  // The gable's corners in front (y = 0), counter-clockwise as seen from there, then the same behind.
  for (const double y_mm : {0.0, 40.0})
    for (const auto& [x_mm, z_mm] :
         {std::pair{0.0, 0.0}, {20.0, 0.0}, {20.0, 10.0}, {10.0, 16.0}, {0.0, 10.0}})
      mesh.vertices_mm.emplace_back(x_mm, y_mm, z_mm);
  for (std::uint32_t i = 0; i < 5; ++i) {
    const std::uint32_t next = (i + 1) % 5;
    add_quad(mesh, {i, i + 5, next + 5, next});
  }
  for (std::uint32_t i = 1; i + 1 < 5; ++i) {
    mesh.triangles.push_back({0, i, i + 1});
    mesh.triangles.push_back({5, i + 6, i + 5});
  }
  mesh.vertices_mm.emplace_back(10.0, 0.0, 30.0);   // 10
  mesh.vertices_mm.emplace_back(10.0, 40.0, 30.0);  // 11
  add_quad(mesh, {3, 8, 11, 10});
  phantom.expected = solid_with_fin();
  phantom.counts = no_defects(1);
  phantom.counts.boundary_edges = 3;
  phantom.counts.boundary_loops = 0;
  phantom.repair = thickened();
  return phantom;
}

}  // namespace

MeshPhantomDefinition fin_on_box() {
  return {.id = "fin_on_box",
          .asks = "Does a sheet on a box become a wall that is joined to it?",
          .parameters = {{.name = "conforming",
                          .default_value = true,
                          .description = "the root is an edge of the lid"}},
          .make = on_box};
}

MeshPhantomDefinition fin_on_ridge() {
  return {.id = "fin_on_ridge",
          .asks = "Does a sheet on the ridge of a roof become a wall that is joined to it?",
          .parameters = {},
          .make = on_ridge};
}

}  // namespace meshassay::phantoms
