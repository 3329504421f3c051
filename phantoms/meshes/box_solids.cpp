// SPDX-License-Identifier: GPL-3.0-or-later
// Boxes that overlap or share parts of faces: unions, whose volumes are sums of cells.
#include <algorithm>
#include <array>
#include <set>

#include "core/errors.hpp"
#include "phantoms/meshes/building.hpp"
#include "phantoms/meshes/cell_solid.hpp"
#include "phantoms/meshes/draws.hpp"
#include "phantoms/meshes/shapes.hpp"

namespace meshassay::phantoms {
namespace {

// Two cubes, the second moved by 1/2, 1/4 and 1/8 of the edge: each hides a corner of the other. In general
// position but for the axes: no two faces are coplanar.
MeshPhantom two_cubes(const Parameters& resolved) {
  const double edge_mm = number(resolved, "edge_mm");
  const Point3 low_mm = Point3::Constant(number(resolved, "offset_mm"));
  const auto rounded = [](const Box3& box) { return box_mm(as_float32(box.min_mm), as_float32(box.max_mm)); };
  const std::array boxes = {rounded(cube_mm(low_mm, edge_mm)),
                            rounded(cube_mm(low_mm + edge_mm * Vector3(0.5, 0.25, 0.125), edge_mm))};
  for (int axis = 0; axis < 3; ++axis)
    if (boxes[0].min_mm[axis] >= boxes[1].min_mm[axis] || boxes[1].min_mm[axis] >= boxes[0].max_mm[axis] ||
        boxes[0].max_mm[axis] >= boxes[1].max_mm[axis])
      throw InvalidInput(
          {.what = "the cubes are no longer two where they lie",
           .expected = "an edge of at least 16 units in the last place of 'offset_mm'",
           .got = "edge_mm = " + format_parameter(edge_mm) + ", offset_mm = " + format_parameter(low_mm[0]),
           .mend = "take a larger edge_mm or a smaller offset_mm"});
  MeshPhantom phantom;
  for (const auto& box : boxes) add_box(phantom.mesh, box);
  const auto volume_mm3 = [](const Box3& box) { return box.size_mm().prod(); };
  const Box3 common = {.min_mm = boxes[1].min_mm, .max_mm = boxes[0].max_mm};
  phantom.expected = overlapping_shells();
  phantom.counts = no_defects(2);
  phantom.repair = {
      .score = 5,
      .parts = 1,
      .handles = 0,
      .cavities = 0,
      .volume_mm3 = KnownValue{volume_mm3(boxes[0]) + volume_mm3(boxes[1]) - volume_mm3(common)}};
  return phantom;
}

// Side by side, the second moved along: a part of a face of each lies on the other's. That part is seen from
// nowhere; the rest is the surface of one solid of both volumes.
MeshPhantom side_by_side(const Parameters&) {
  constexpr double edge_mm = 20.0;
  MeshPhantom phantom;
  add_box(phantom.mesh, cube_mm(Point3::Zero(), edge_mm));
  add_box(phantom.mesh, cube_mm({edge_mm, 0.5 * edge_mm, 0.0}, edge_mm));
  phantom.expected = overlapping_shells();
  phantom.counts = no_defects(2);
  phantom.repair = {.score = 5,
                    .parts = 1,
                    .handles = 0,
                    .cavities = 0,
                    .volume_mm3 = KnownValue{2.0 * edge_mm * edge_mm * edge_mm}};
  return phantom;
}

// Six slabs, each a whole side of a box: they overlap along its edges, with coplanar outer faces, and enclose
// a void that no shell bounds by itself. Two slabs that meet in an edge of the box have that edge in common:
// four triangles there, two each way; so all six hang together over edges, and the mesh is no two-manifold.
MeshPhantom slabs(const Parameters&) {
  constexpr double edge_mm = 30.0, wall_mm = 4.0;
  MeshPhantom phantom;
  for (int axis = 0; axis < 3; ++axis)
    for (const bool low : {true, false}) {
      Box3 slab = cube_mm(Point3::Zero(), edge_mm);
      (low ? slab.max_mm[axis] : slab.min_mm[axis]) = low ? wall_mm : edge_mm - wall_mm;
      add_box(phantom.mesh, slab);
    }
  phantom.expected = overlapping_shells();
  phantom.expected.two_manifold = false;
  phantom.counts = no_defects(1);
  phantom.repair = {.score = 5,
                    .parts = 1,
                    .handles = 0,
                    .cavities = 1,
                    .volume_mm3 = KnownValue{edge_mm * edge_mm * edge_mm}};
  return phantom;
}

/// Whole numbers: cells of the lattice.
struct LatticeBox {
  std::array<int, 3> low{}, high{};
};

bool surfaces_meet(const LatticeBox& a, const LatticeBox& b) {
  const auto contains_strictly = [](const LatticeBox& outer, const LatticeBox& inner) {
    for (std::size_t axis = 0; axis < 3; ++axis)
      if (outer.low[axis] >= inner.low[axis] || outer.high[axis] <= inner.high[axis]) return false;
    return true;
  };
  for (std::size_t axis = 0; axis < 3; ++axis)
    if (a.high[axis] < b.low[axis] || b.high[axis] < a.low[axis]) return false;
  return !contains_strictly(a, b) && !contains_strictly(b, a);
}

// Boxes by lot on a lattice of 64 cells, so that coplanar faces and edges that cross are common. A box with a
// corner at a corner that is there already is drawn again: shells then share no vertex, and each is a
// component and a two-manifold by itself. The row is counted on the lattice.
MeshPhantom many_boxes(const Parameters& resolved) {
  constexpr int lattice = 64, shortest = 4, longest = 16;
  const auto count = static_cast<std::size_t>(number(resolved, "count"));
  Draws draws(static_cast<std::uint64_t>(number(resolved, "seed")));
  std::vector<LatticeBox> boxes;
  std::set<std::array<int, 3>> corners;
  while (boxes.size() < count) {
    LatticeBox box;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const auto length = shortest + static_cast<int>(draws.below(longest - shortest + 1));
      box.low[axis] = static_cast<int>(draws.below(lattice - length + 1));
      box.high[axis] = box.low[axis] + length;
    }
    std::set<std::array<int, 3>> its;
    for (std::size_t c = 0; c < 8; ++c)
      its.insert({(c & 1) != 0 ? box.high[0] : box.low[0], (c & 2) != 0 ? box.high[1] : box.low[1],
                  (c & 4) != 0 ? box.high[2] : box.low[2]});
    if (std::any_of(its.begin(), its.end(), [&](const auto& corner) { return corners.contains(corner); }))
      continue;
    corners.merge(its);
    boxes.push_back(box);
  }
  auto solid = CellSolid::of_voxels({lattice, lattice, lattice});
  bool apart = true;
  MeshPhantom phantom;
  for (std::size_t a = 0; a < boxes.size(); ++a) {
    const auto& box = boxes[a];
    for (int k = box.low[2]; k < box.high[2]; ++k)
      for (int j = box.low[1]; j < box.high[1]; ++j)
        for (int i = box.low[0]; i < box.high[0]; ++i) solid.set(i, j, k, true);
    for (std::size_t b = 0; b < a; ++b) apart = apart && !surfaces_meet(box, boxes[b]);
    add_box(phantom.mesh, box_mm(Point3(box.low[0], box.low[1], box.low[2]),
                                 Point3(box.high[0], box.high[1], box.high[2])));
  }
  const auto hull = solid.with_voids_filled();
  // A face of a box is hidden where the cell beyond it is solid or a void.
  bool all_seen = true;
  for (const auto& box : boxes)
    for (std::size_t axis = 0; axis < 3; ++axis)
      for (const bool low : {true, false}) {
        LatticeBox beyond = box;
        beyond.low[axis] = low ? box.low[axis] - 1 : box.high[axis];
        beyond.high[axis] = beyond.low[axis] + 1;
        for (int k = beyond.low[2]; k < beyond.high[2]; ++k)
          for (int j = beyond.low[1]; j < beyond.high[1]; ++j)
            for (int i = beyond.low[0]; i < beyond.high[0]; ++i) all_seen = all_seen && !hull.solid(i, j, k);
      }
  const int parts = hull.parts();
  auto& row = phantom.expected;
  row = nothing_wrong();
  row.polyhedron = apart;
  row.outer_hull = all_seen;
  row.manifold_connected = parts == 1;
  // Boxes that do not meet and are all seen are parts; one within another faces outwards as that does.
  row.bounds_solid = row.printable_parts = apart && all_seen;
  row.printable = row.strict = apart && all_seen && parts == 1;
  phantom.counts = no_defects(count);
  phantom.repair = {.score = 5,
                    .parts = parts,
                    .handles = parts - hull.euler_characteristic(),
                    .cavities = solid.voids(),
                    .volume_mm3 = KnownValue{hull.volume_mm3()}};
  return phantom;
}

}  // namespace

MeshPhantomDefinition overlapping_cubes() {
  return {.id = "overlapping_cubes",
          .asks = "Do two cubes that overlap become one solid, near the origin, far from it and when tiny?",
          .parameters = {{.name = "edge_mm",
                          .default_value = 20.0,
                          .description = "edge of each cube; tiny: 0.000001",
                          .min = 1e-6,
                          .max = 1e5},
                         {.name = "offset_mm",
                          .default_value = 0.0,
                          .description = "of the cubes from the origin, along each axis; far: 1000000",
                          .min = -1e7,
                          .max = 1e7}},
          .make = two_cubes};
}

MeshPhantomDefinition coplanar_cubes() {
  return {.id = "coplanar_cubes",
          .asks = "Do two cubes that share a part of a face become one solid without the wall between them?",
          .parameters = {},
          .make = side_by_side};
}

MeshPhantomDefinition six_slabs() {
  return {.id = "six_slabs",
          .asks = "Do six overlapping slabs with coplanar outer faces become one hollow box?",
          .parameters = {},
          .make = slabs};
}

MeshPhantomDefinition boxes() {
  return {.id = "boxes",
          .asks = "Are hundreds of boxes with coplanar faces and crossing edges united?",
          .parameters = {{.name = "count",
                          .default_value = 300.0,
                          .description = "number of boxes",
                          .min = 2.0,
                          .max = 2000.0},
                         {.name = "seed",
                          .default_value = 1.0,
                          .description = "of the boxes",
                          .min = 0.0,
                          .max = 4294967295.0}},
          .make = many_boxes};
}

}  // namespace meshassay::phantoms
