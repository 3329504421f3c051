// SPDX-License-Identifier: GPL-3.0-or-later
// A sphere of two halves whose borders do not fit (as in Attene 2018, Figure 5; our own, not the paper's
// model). Both borders are regular n-gons on the equator, turned against each other by half an edge: of an
// upper and a lower border edge, two neighbours cross, and nothing else of the halves meets. That makes 2 n
// crossings, exactly in the plane z = 0, and 2 n slits, at the widest r (1 - cos(pi / n)) wide: both sides of
// all triangles are seen through them.
//
// Thickened, each half is a bowl, two bowls joined at 2 n places: 2 n - 1 handles. With n = 6: 11, the number
// of Figure 5. This holds while the wall is far thinner than the slits: r (1 - cos 30 degrees) = 6.7 mm.
#include <cmath>
#include <numbers>

#include "phantoms/meshes/building.hpp"
#include "phantoms/meshes/shapes.hpp"

namespace meshassay::phantoms {
namespace {

constexpr double radius_mm = 50.0;
constexpr int rings = 5;

// The half above (side = 1) or below (-1), outward; its border starts at `turn_rad`.
TriangleMesh half(int edges, double turn_rad, double side) {
  TriangleMesh mesh;
  const auto n = static_cast<std::uint32_t>(edges);
  for (int ring = 0; ring < rings; ++ring)
    for (std::uint32_t i = 0; i < n; ++i) {
      const double longitude = turn_rad + 2.0 * std::numbers::pi * i / n;
      const double latitude = 0.5 * std::numbers::pi * ring / rings;
      // sin(0) is 0 exactly: the borders lie in the plane z = 0.
      mesh.vertices_mm.emplace_back(radius_mm * std::cos(latitude) * std::cos(longitude),
                                    radius_mm * std::cos(latitude) * std::sin(longitude),
                                    side * radius_mm * std::sin(latitude));
    }
  const auto pole = static_cast<std::uint32_t>(mesh.vertices_mm.size());
  mesh.vertices_mm.emplace_back(0.0, 0.0, side * radius_mm);
  for (std::uint32_t i = 0; i < n; ++i) {
    const std::uint32_t next = (i + 1) % n;
    for (std::uint32_t ring = 0; ring + 1 < rings; ++ring)
      add_quad(mesh, {ring * n + i, ring * n + next, (ring + 1) * n + next, (ring + 1) * n + i});
    mesh.triangles.push_back({(rings - 1) * n + i, (rings - 1) * n + next, pole});
  }
  return side > 0.0 ? mesh : inside_out(std::move(mesh));
}

MeshPhantom make(const Parameters& resolved) {
  const auto n = static_cast<int>(number(resolved, "border_edges"));
  MeshPhantom phantom;
  phantom.mesh = half(n, 0.0, 1.0);
  add_mesh(phantom.mesh, half(n, std::numbers::pi / n, -1.0));
  phantom.expected = open_sheets();
  phantom.expected.polyhedron = false;
  phantom.counts = no_defects(2);
  phantom.counts.boundary_edges = static_cast<std::size_t>(2 * n);
  phantom.counts.boundary_loops = 2;
  phantom.repair = {
      .score = 4, .sheets = true, .parts = 1, .handles = 2 * n - 1, .cavities = 0, .min_thickness_mm = 0.4};
  return phantom;
}

}  // namespace

MeshPhantomDefinition sphere_patches() {
  return {.id = "sphere_patches",
          .asks = "Do two halves of a sphere with borders that do not fit become one part, slits open?",
          .parameters = {{.name = "border_edges",
                          .default_value = 6.0,
                          .description = "edges of each border",
                          .min = 4.0,
                          .max = 12.0}},
          .make = make};
}

}  // namespace meshassay::phantoms
