// SPDX-License-Identifier: GPL-3.0-or-later
// Closed boxes with something inside that cannot be seen from outside: a cavity, a part, a sheet. None of
// them touches another, so all are polyhedra; the outer hull (Definition 3.8) is the outermost box alone.
#include "phantoms/meshes/building.hpp"
#include "phantoms/meshes/shapes.hpp"

namespace meshassay::phantoms {
namespace {

constexpr double outer_edge_mm = 30.0;

// What the hidden things have in common: not all is outer hull, so 3.11 does not hold; the hull is one box.
MeshPhantom box_with_something_hidden() {
  MeshPhantom phantom;
  add_box(phantom.mesh, cube_mm(Point3::Zero(), outer_edge_mm));
  phantom.expected = nothing_wrong();
  phantom.expected.outer_hull = false;
  phantom.expected.printable = phantom.expected.printable_parts = phantom.expected.strict = false;
  phantom.repair = {.score = 5,
                    .parts = 1,
                    .handles = 0,
                    .volume_mm3 = KnownValue{outer_edge_mm * outer_edge_mm * outer_edge_mm}};
  return phantom;
}

MeshPhantom cavity(const Parameters&) {
  auto phantom = box_with_something_hidden();
  // The inner wall faces inwards: shells alternate, the mesh bounds a solid with a void.
  add_box(phantom.mesh, cube_mm(Point3::Constant(10.0), 10.0), Facing::inwards);
  phantom.counts = no_defects(2);
  phantom.repair.cavities = 1;
  return phantom;
}

MeshPhantom parts(const Parameters& resolved) {
  auto phantom = box_with_something_hidden();
  const auto levels = static_cast<int>(number(resolved, "levels"));
  for (int level = 1; level < levels; ++level)
    add_box(phantom.mesh, cube_mm(Point3::Constant(2.0 * level), outer_edge_mm - 4.0 * level));
  // All face outwards, so the nested ones are not alternating: where is material, is not said.
  phantom.expected.bounds_solid = false;
  phantom.counts = no_defects(static_cast<std::size_t>(levels));
  return phantom;
}

MeshPhantom sheet(const Parameters&) {
  auto phantom = box_with_something_hidden();
  const auto first = static_cast<std::uint32_t>(phantom.mesh.vertices_mm.size());
  for (const auto& [x, y] : {std::pair{10.0, 10.0}, {20.0, 10.0}, {20.0, 20.0}, {10.0, 20.0}})
    phantom.mesh.vertices_mm.emplace_back(x, y, 15.0);
  add_quad(phantom.mesh, {first, first + 1, first + 2, first + 3});
  // The sheet's four sides are borders. It is seen from nowhere, so it is internal and no sheet of the hull:
  // `solid` holds, and nothing has to be thickened.
  phantom.expected.closed = phantom.expected.two_manifold = phantom.expected.bounds_solid = false;
  phantom.counts = no_defects(2);
  phantom.counts.boundary_edges = 4;
  phantom.counts.boundary_loops = 1;
  phantom.repair.cavities = 0;
  return phantom;
}

}  // namespace

MeshPhantomDefinition cube_in_cube() {
  return {.id = "cube_in_cube",
          .asks = "Is a cavity named, and not filled without asking?",
          .parameters = {},
          .make = cavity};
}

MeshPhantomDefinition nested_parts() {
  return {.id = "nested_parts",
          .asks = "Are boxes that lie in a box and face outwards removed, since nobody can see them?",
          .parameters = {{.name = "levels",
                          .default_value = 2.0,
                          .description = "boxes, each in the one before",
                          .min = 2.0,
                          .max = 6.0}},
          .make = parts};
}

MeshPhantomDefinition nested_sheet() {
  return {.id = "nested_sheet",
          .asks = "Is an open sheet within a closed box removed, and not thickened?",
          .parameters = {},
          .make = sheet};
}

}  // namespace meshassay::phantoms
