// SPDX-License-Identifier: GPL-3.0-or-later
// Boxes with thin triangles, with triangles without area, and with vertices where they do not belong.
#include <cmath>

#include "phantoms/meshes/building.hpp"
#include "phantoms/meshes/shapes.hpp"

namespace meshassay::phantoms {
namespace {

constexpr double edge_mm = 16.0;  // A power of two: midpoints and products are exact.
constexpr double volume_mm3 = edge_mm * edge_mm * edge_mm;

// Corners of the box by number: bit 0 is x, bit 1 is y, bit 2 is z (add_box()).
MeshPhantom box_with_defects() {
  MeshPhantom phantom;
  add_box(phantom.mesh, cube_mm(Point3::Zero(), edge_mm));
  phantom.expected = nothing_wrong();
  phantom.counts = no_defects(1);
  phantom.repair = {
      .score = 5, .parts = 1, .handles = 0, .cavities = 0, .volume_mm3 = KnownValue{volume_mm3}};
  return phantom;
}

void spoil(ExpectedPredicates& row) {
  row.bounds_solid = row.printable = row.printable_parts = row.strict = false;
}

// The box of a mesh without a defect, some triangles of which are extremely thin. On the lid, P lies 2^-40 mm
// within the edge from 4 to 5: triangle (4, 5, P) is a cap. M lies 2^-30 mm behind corner 5 on the edge from
// 5 to 7: triangles (5, M, P) and, on the side, (1, M, 5) are needles. P is strictly within the convex lid
// polygon 4 5 M 7 6, so the fan about it has triangles of positive area only, and lid and side share M: the
// box is conforming.
MeshPhantom thin(const Parameters&) {
  auto phantom = box_with_defects();
  auto& mesh = phantom.mesh;
  std::erase_if(mesh.triangles, [](const Triangle& triangle) {
    const auto on = [&](unsigned mask) {
      return std::all_of(triangle.begin(), triangle.end(),
                         [&](std::uint32_t vertex) { return (vertex & mask) == mask; });
    };
    return on(4) || on(1);  // The lid z = edge, the side x = edge.
  });
  const std::uint32_t m = 8, p = 9;
  mesh.vertices_mm.emplace_back(edge_mm, std::ldexp(1.0, -30), edge_mm);
  mesh.vertices_mm.emplace_back(0.5 * edge_mm, std::ldexp(1.0, -40), edge_mm);
  for (const Triangle& triangle :
       {Triangle{4, 5, p}, {5, m, p}, {m, 7, p}, {7, 6, p}, {6, 4, p}, {1, 3, 7}, {1, 7, m}, {1, m, 5}})
    mesh.triangles.push_back(triangle);
  return phantom;
}

// The edge from 4 to 5 is halved at M on the lid's side only; the other side keeps the whole edge.
MeshPhantom halved_edge() {
  auto phantom = box_with_defects();
  auto& mesh = phantom.mesh;
  mesh.vertices_mm.emplace_back(0.5 * edge_mm, 0.0, edge_mm);
  std::erase(mesh.triangles, Triangle{4, 5, 6});
  mesh.triangles.push_back({4, 8, 6});
  mesh.triangles.push_back({8, 5, 6});
  return phantom;
}

// Edges 4-5, 4-M and M-5 have one triangle each; as sets of points they cover each other, so the point set is
// the box's surface all the same: hull and solid are the box. The triangle at 4-5 meets those at M in more
// than a common corner.
MeshPhantom junction(const Parameters&) {
  auto phantom = halved_edge();
  phantom.expected.closed = phantom.expected.polyhedron = phantom.expected.two_manifold = false;
  spoil(phantom.expected);
  phantom.counts.boundary_edges = 3;
  phantom.counts.boundary_loops = 1;  // 4, M, 5
  return phantom;
}

// The same, with the gap closed by a triangle without area: each edge has two triangles, each vertex one fan
// (that of M: 4, 6, 5, 4). The triangles with area still meet in halves of an edge; and a mesh with a
// degenerate triangle admits no polyhedron (3.7).
MeshPhantom collinear(const Parameters&) {
  auto phantom = halved_edge();
  phantom.mesh.triangles.push_back({5, 8, 4});
  phantom.expected.non_degenerate = phantom.expected.polyhedron = false;
  spoil(phantom.expected);
  phantom.counts.degenerate = 1;
  return phantom;
}

// A triangle with two equal corners is the segment between them. It stands out of corner 7: seen, without a
// solid, so it becomes a wire of the wall's thickness, joined to the box.
MeshPhantom with_wire(const Parameters&) {
  auto phantom = box_with_defects();
  phantom.mesh.vertices_mm.emplace_back(1.5 * edge_mm, 1.5 * edge_mm, 1.5 * edge_mm);
  phantom.mesh.triangles.push_back({7, 7, 8});
  phantom.expected.regular = phantom.expected.non_degenerate = false;
  spoil(phantom.expected);
  phantom.counts.irregular = phantom.counts.degenerate = 1;
  phantom.repair = {.score = 4, .wires = true, .parts = 1, .handles = 0, .cavities = 0};
  return phantom;
}

// Triangles of three equal corners: one far outside, one at a corner, one within. They are dropped.
MeshPhantom with_points(const Parameters&) {
  auto phantom = box_with_defects();
  for (const auto& point : {Point3(3.0 * edge_mm, 0.0, 0.0), Point3(0.0, 0.0, 0.0),
                            Point3(0.5 * edge_mm, 0.25 * edge_mm, 0.25 * edge_mm)}) {
    const auto vertex = static_cast<std::uint32_t>(phantom.mesh.vertices_mm.size());
    phantom.mesh.vertices_mm.push_back(point);
    phantom.mesh.triangles.push_back({vertex, vertex, vertex});
  }
  phantom.expected.regular = phantom.expected.non_degenerate = false;
  spoil(phantom.expected);
  phantom.counts.irregular = phantom.counts.degenerate = 3;
  return phantom;
}

}  // namespace

MeshPhantomDefinition needles_and_caps() {
  return {.id = "needles_and_caps",
          .asks = "Are extremely thin triangles that are right left as they are?",
          .parameters = {},
          .make = thin};
}

MeshPhantomDefinition t_junction() {
  return {.id = "t_junction",
          .asks = "Is an edge that is halved on one side only closed without moving anything?",
          .parameters = {},
          .make = junction};
}

MeshPhantomDefinition collinear_triangle() {
  return {.id = "collinear_triangle",
          .asks = "Is a gap that only a triangle without area closes mended?",
          .parameters = {},
          .make = collinear};
}

MeshPhantomDefinition wire() {
  return {.id = "wire",
          .asks = "Does a segment, a triangle with two equal corners, become a wire?",
          .parameters = {},
          .make = with_wire};
}

MeshPhantomDefinition isolated_points() {
  return {.id = "isolated_points",
          .asks = "Are triangles of three equal corners dropped?",
          .parameters = {},
          .make = with_points};
}

}  // namespace meshassay::phantoms
