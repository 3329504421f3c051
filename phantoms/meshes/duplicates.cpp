// SPDX-License-Identifier: GPL-3.0-or-later
// A cube with triangles that are there twice. All that comes after `layer` is decided on one of each, and so
// is the cube's: printable (Definitions 3.3 and 3.11). `bounds_solid`, `strict` and `two_manifold` ask for
// the file itself to be a layer.
#include "phantoms/meshes/building.hpp"
#include "phantoms/meshes/shapes.hpp"

namespace meshassay::phantoms {
namespace {

MeshPhantom make(const Parameters& resolved) {
  constexpr double edge_mm = 20.0;
  MeshPhantom phantom;
  add_box(phantom.mesh, cube_mm(Point3::Zero(), edge_mm));
  const bool all = text(resolved, "which") == "all";
  const bool reversed = text(resolved, "order") == "reversed";
  const std::size_t copies = all ? phantom.mesh.triangles.size() : 1;
  for (std::size_t t = 0; t < copies; ++t) {
    Triangle triangle = phantom.mesh.triangles[t];
    if (reversed) std::swap(triangle[0], triangle[1]);
    phantom.mesh.triangles.push_back(triangle);
  }
  phantom.expected = nothing_wrong();
  phantom.expected.layer = phantom.expected.two_manifold = phantom.expected.bounds_solid =
      phantom.expected.strict = false;
  phantom.counts = no_defects(1);
  phantom.counts.duplicates = copies;
  phantom.repair = {.score = 5,
                    .parts = 1,
                    .handles = 0,
                    .cavities = 0,
                    .volume_mm3 = KnownValue{edge_mm * edge_mm * edge_mm}};
  return phantom;
}

}  // namespace

MeshPhantomDefinition duplicates() {
  return {.id = "duplicates",
          .asks = "Are triangles that are there twice taken out, whatever the order of their corners?",
          .parameters = {{.name = "which",
                          .default_value = std::string("one"),
                          .description = "one triangle twice, or the whole cube",
                          .choices = {"one", "all"}},
                         {.name = "order",
                          .default_value = std::string("same"),
                          .description = "of the corners of the second",
                          .choices = {"same", "reversed"}}},
          .make = make};
}

}  // namespace meshassay::phantoms
