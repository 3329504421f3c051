// SPDX-License-Identifier: GPL-3.0-or-later
// The four solids of Attene 2018, Figure 2 (our own, of the same kind). All are closed polyhedra, outward,
// seen from one side only, and none is a two-manifold: they touch themselves at a vertex or along an edge.
//   (a) two pyramids, apex to apex; (b) two wedges, edge to edge: two solids each, a contact holds nothing.
//   (c) a cylinder whose bases' middles are pushed to one point; (d) the same with an edge of each base: one
//   solid that goes round the contact, and a ring once the contact is taken apart: one handle.
#include <array>

#include "phantoms/meshes/building.hpp"
#include "phantoms/meshes/shapes.hpp"

namespace meshassay::phantoms {
namespace {

constexpr double height_mm = 12.0;  // Of each half.

// A square of 20 mm at height z, counter-clockwise as seen from above.
std::uint32_t add_square(TriangleMesh& mesh, double z_mm) {
  const auto first = static_cast<std::uint32_t>(mesh.vertices_mm.size());
  for (const auto& [x, y] : {std::pair{-10.0, -10.0}, {10.0, -10.0}, {10.0, 10.0}, {-10.0, 10.0}})
    mesh.vertices_mm.emplace_back(x, y, z_mm);
  return first;
}

// Faces of a square at `first` to what lies towards z = 0: a point, or an edge from `left` to `right` along
// x.
void add_dent(TriangleMesh& mesh, std::uint32_t first, std::uint32_t left, std::uint32_t right) {
  const auto add = [&](std::uint32_t a, std::uint32_t b, std::uint32_t c) {
    mesh.triangles.push_back({a, b, c});
  };
  // Seen from above, of a square above z = 0: sides y = -10, x = 10, y = 10, x = -10.
  if (left != right) {
    add(first, first + 1, right);
    add(first, right, left);
    add(first + 1, first + 2, right);
    add(first + 2, first + 3, left);
    add(first + 2, left, right);
    add(first + 3, first, left);
  } else {
    for (std::uint32_t i = 0; i < 4; ++i) add(first + i, first + (i + 1) % 4, left);
  }
}

MeshPhantom make(const Parameters& resolved) {
  const auto& kind = text(resolved, "kind");
  const bool apart = kind == "a" || kind == "b";
  const bool by_edge = kind == "b" || kind == "d";
  constexpr double base_mm2 = 20.0 * 20.0, half_edge_mm = 10.0;
  // (b): the edge is as long as the square, so the ends of the wedges are upright; (d): half of it, within.
  const double reach_mm = kind == "b" ? half_edge_mm : 0.5 * half_edge_mm;

  TriangleMesh upper;  // Square above, dent down to z = 0.
  const auto square = add_square(upper, height_mm);
  const auto left = static_cast<std::uint32_t>(upper.vertices_mm.size());
  upper.vertices_mm.emplace_back(by_edge ? -reach_mm : 0.0, 0.0, 0.0);
  const auto right = by_edge ? left + 1 : left;
  if (by_edge) upper.vertices_mm.emplace_back(reach_mm, 0.0, 0.0);
  add_dent(upper, square, left, right);

  MeshPhantom phantom;
  auto& mesh = phantom.mesh;
  // (a), (b): the dent's faces are the sides of a pyramid or wedge under its base. As they stand, they face
  // up, into it. (c), (d): they are the upper end of the block.
  if (apart) {
    upper = inside_out(std::move(upper));
    add_quad(upper, {square, square + 1, square + 2, square + 3});
  }
  TriangleMesh lower = inside_out(upper);
  for (auto& vertex : lower.vertices_mm) vertex[2] = -vertex[2];
  mesh = upper;
  const auto below = static_cast<std::uint32_t>(mesh.vertices_mm.size());
  add_mesh(mesh, lower);
  if (!apart)
    for (std::uint32_t i = 0; i < 4; ++i) {
      const std::uint32_t next = (i + 1) % 4;
      add_quad(mesh, {below + i, below + next, next, i});
    }

  phantom.expected = nothing_wrong();
  phantom.expected.two_manifold = false;
  if (apart)
    phantom.expected.manifold_connected = phantom.expected.printable = phantom.expected.strict = false;
  // Over edges, (a) falls apart at the apex; the edge of (b) holds all four of its triangles together.
  phantom.counts = no_defects(kind == "a" ? 2 : 1);
  // Under a square of edge b lies a pyramid b^2 h / 3, or a wedge b h (2 b + l) / 6 with the edge l.
  const double dent_mm3 =
      by_edge ? 20.0 * height_mm * (2.0 * 20.0 + 2.0 * reach_mm) / 6.0 : base_mm2 * height_mm / 3.0;
  const double block_mm3 = 2.0 * base_mm2 * height_mm;
  phantom.repair = {.score = 5,
                    .parts = apart ? 2 : 1,
                    .handles = apart ? 0 : 1,
                    .cavities = 0,
                    .volume_mm3 = KnownValue{apart ? 2.0 * dent_mm3 : block_mm3 - 2.0 * dent_mm3}};
  return phantom;
}

}  // namespace

MeshPhantomDefinition figure_2() {
  return {.id = "figure_2",
          .asks = "Are solids that only touch told from one solid that touches itself?",
          .parameters = {{.name = "kind",
                          .default_value = std::string("a"),
                          .description = "apex to apex, edge to edge, pinched at a point, pinched at an edge",
                          .choices = {"a", "b", "c", "d"}}},
          .make = make};
}

}  // namespace meshassay::phantoms
