// SPDX-License-Identifier: GPL-3.0-or-later
// A cube without a defect, and what its orientation alone can spoil. Definition 3.11 looks at positions only,
// so `printable` stays; `strict` and `bounds_solid` ask for the orientation.
#include "phantoms/meshes/building.hpp"
#include "phantoms/meshes/shapes.hpp"

namespace meshassay::phantoms {
namespace {

MeshPhantom good(const Parameters& resolved) {
  const double edge_mm = as_float32(number(resolved, "edge_mm"));
  MeshPhantom phantom;
  add_box(phantom.mesh, cube_mm(Point3::Zero(), edge_mm));
  phantom.expected = nothing_wrong();
  phantom.counts = no_defects(1);
  phantom.repair = {.score = 5,
                    .parts = 1,
                    .handles = 0,
                    .cavities = 0,
                    .volume_mm3 = KnownValue{edge_mm * edge_mm * edge_mm}};
  return phantom;
}

MeshPhantom turned(const Parameters& resolved) {
  auto phantom = good(resolved);
  phantom.mesh = inside_out(std::move(phantom.mesh));
  // All triangles run the same way, the wrong one: consistent, not outward.
  phantom.expected.bounds_solid = phantom.expected.strict = false;
  return phantom;
}

MeshPhantom flipped(const Parameters& resolved) {
  auto phantom = good(resolved);
  std::swap(phantom.mesh.triangles[5][1], phantom.mesh.triangles[5][2]);
  // Its three edges are run through twice the same way.
  phantom.expected.consistently_oriented = false;
  phantom.expected.bounds_solid = phantom.expected.strict = false;
  return phantom;
}

std::vector<ParameterDefinition> edge() {
  return {
      {.name = "edge_mm", .default_value = 20.0, .description = "edge of the cube", .min = 1e-6, .max = 1e6}};
}

}  // namespace

MeshPhantomDefinition good_cube() {
  return {.id = "good_cube",
          .asks = "Is a mesh without a defect left as it is?",
          .parameters = edge(),
          .make = good};
}

MeshPhantomDefinition inside_out_cube() {
  return {.id = "inside_out",
          .asks = "Is a cube that faces inwards found, and turned?",
          .parameters = edge(),
          .make = turned};
}

MeshPhantomDefinition flipped_triangle() {
  return {.id = "flipped_triangle",
          .asks = "Is the one triangle of a cube that faces inwards found, and turned?",
          .parameters = edge(),
          .make = flipped};
}

}  // namespace meshassay::phantoms
