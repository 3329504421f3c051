// SPDX-License-Identifier: GPL-3.0-or-later
// Cuberille surfaces (Herman and Liu 1979): the faces between voxels of a mask and the rest, as every CT
// pipeline can make them. Voxels that touch along an edge or at a corner leave edges with four triangles and
// vertices with several fans.
//
// The rows come from counting cells (CellSolid). The surface is the boundary of a solid, outward: closed,
// consistently oriented, and a polyhedron, since faces of voxels meet in common edges and corners only. A
// side of a face sees infinity exactly where its empty voxel is reached from outside over faces; so the hull
// is the surface of the solid with unreached voids filled, and `outer_hull` holds where there is none. At an
// edge, faces of the same solid wedge belong together, so the parts are the solids that are connected over
// faces.
#include <cmath>

#include "phantoms/meshes/building.hpp"
#include "phantoms/meshes/cell_solid.hpp"
#include "phantoms/meshes/shapes.hpp"
#include "phantoms/scan/philox.hpp"

namespace meshassay::phantoms {
namespace {

MeshPhantom surface_of(const CellSolid& voxels) {
  const auto hull = voxels.with_voids_filled();
  const int parts = hull.parts();
  const bool no_void = voxels.voids() == 0;
  MeshPhantom phantom;
  phantom.mesh = voxels.surface();
  phantom.expected = nothing_wrong();
  phantom.expected.outer_hull = no_void;
  phantom.expected.two_manifold = voxels.two_manifold();
  phantom.expected.manifold_connected = parts == 1;
  phantom.expected.printable_parts = no_void;
  phantom.expected.printable = phantom.expected.strict = no_void && parts == 1;
  phantom.counts = no_defects(voxels.surface_components());
  phantom.repair = {.score = 5,
                    .parts = parts,
                    // The hull has no void, so the Euler characteristic is parts less handles.
                    .handles = parts - hull.euler_characteristic(),
                    .cavities = voxels.voids(),
                    .volume_mm3 = KnownValue{hull.volume_mm3()}};
  return phantom;
}

// A ring of 8 voxels; the voxel under its middle touches it along four edges and is joined to it by a bridge
// from below. All edges have two or four triangles. Cut at all edges of four, the floor of the dent, two
// triangles, falls off the 110 others: the letter of Hui and others (2006). By solid wedges it is one part:
// the floor belongs to the voxel beneath it. 14 voxels, 14 common faces: 84 - 28 = 56 faces, 112 triangles;
// one ring, so one handle (14 cells - 14 inner faces = 0 = 1 part - 1 handle). Printable as it is.
MeshPhantom dent(const Parameters&) {
  auto voxels = CellSolid::of_voxels({4, 3, 3});
  for (int j = 0; j < 3; ++j)
    for (int i = 0; i < 3; ++i) voxels.set(i, j, 2, i != 1 || j != 1);
  voxels.set(1, 1, 1, true);
  for (const auto& [i, k] : {std::pair{1, 0}, {2, 0}, {3, 0}, {3, 1}, {3, 2}}) voxels.set(i, 1, k, true);
  return surface_of(voxels);
}

// A ball whose voxels within 1.5 voxels of its surface are drawn by lot: specks, pits, contacts of all kinds.
MeshPhantom mask(const Parameters& resolved) {
  const auto size = static_cast<int>(number(resolved, "size"));
  const auto seed = static_cast<std::uint64_t>(number(resolved, "seed"));
  auto voxels = CellSolid::of_voxels({size, size, size});
  const Point3 center = Point3::Constant(0.5 * size);
  const double radius = 0.5 * size - 2.0;
  for (int k = 0; k < size; ++k)
    for (int j = 0; j < size; ++j)
      for (int i = 0; i < size; ++i) {
        const double depth = radius - (Point3(i + 0.5, j + 0.5, k + 0.5) - center).norm();
        const auto voxel = static_cast<std::uint32_t>((k * size + j) * size + i);
        const auto draw = philox4x32_10(
            {voxel, 0, 0, 0}, {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)});
        const bool heads = (draw[0] >> 31) != 0;
        voxels.set(i, j, k, std::abs(depth) < 1.5 ? heads : depth > 0.0);
      }
  return surface_of(voxels);
}

}  // namespace

MeshPhantomDefinition voxel_dent() {
  return {.id = "voxel_dent",
          .asks = "Does a surface whose edges of four triangles belong to one solid stay one part?",
          .parameters = {},
          .make = dent};
}

MeshPhantomDefinition cuberille() {
  return {.id = "cuberille",
          .asks =
              "Is the surface of a noisy voxel mask, with voxels that touch along edges and at corners, "
              "taken apart by solids?",
          .parameters = {{.name = "size",
                          .default_value = 16.0,
                          .description = "voxels along each axis",
                          .min = 8.0,
                          .max = 300.0},
                         {.name = "seed",
                          .default_value = 1.0,
                          .description = "of the voxels that are drawn by lot",
                          .min = 0.0,
                          .max = 4294967295.0}},
          .make = mask};
}

}  // namespace meshassay::phantoms
