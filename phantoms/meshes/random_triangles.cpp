// SPDX-License-Identifier: GPL-3.0-or-later
// Triangles by lot in a box of 100 mm (Attene 2018, Tables 1 and 2: 20 of them; by our own lot).
//
// No two have a corner in common and none is degenerate (drawn again), so each is a component with a border
// of its own. A corner of the soup's convex hull belongs to one triangle, and no other contains it: there
// both sides of that triangle are seen, so `solid` fails. Whether triangles meet is decided in whole numbers.
// Whether some of them enclose a cell, so that parts are hidden or a solid is there, is not derived.
#include <cmath>
#include <set>

#include "core/errors.hpp"
#include "phantoms/meshes/building.hpp"
#include "phantoms/meshes/draws.hpp"
#include "phantoms/meshes/lattice_triangles.hpp"
#include "phantoms/meshes/shapes.hpp"

namespace meshassay::phantoms {
namespace {

constexpr std::int64_t per_mm = 1024;  // 100 mm in 17 bits: every corner is a float32.
constexpr std::int64_t box = 100 * per_mm;

bool fits(const LatticeTriangle& triangle, double longest) {
  for (std::size_t i = 0; i < 3; ++i) {
    double square = 0.0;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      if (triangle[i][axis] < 0 || triangle[i][axis] > box) return false;
      const auto step = static_cast<double>(triangle[i][axis] - triangle[(i + 1) % 3][axis]);
      square += step * step;
    }
    if (square > longest * longest) return false;
  }
  return !collinear(triangle);
}

LatticeTriangle draw(Draws& draws, double edge_fraction) {
  // Edges of at most the box's diagonal: no limit.
  const bool anywhere = edge_fraction >= 1.0;
  const double longest = anywhere ? 2.0 * box : edge_fraction * box;
  const auto reach = static_cast<std::int64_t>(longest);
  while (true) {
    LatticeTriangle triangle;
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t axis = 0; axis < 3; ++axis)
        triangle[i][axis] = i == 0 || anywhere ? draws.below(box + 1)
                                               : triangle[0][axis] - reach + draws.below(2 * reach + 1);
    if (fits(triangle, longest)) return triangle;
  }
}

bool any_meet(const std::vector<LatticeTriangle>& triangles) {
  for (std::size_t a = 0; a < triangles.size(); ++a)
    for (std::size_t b = 0; b < a; ++b)
      if (meet(triangles[a], triangles[b])) return true;
  return false;
}

MeshPhantom make(const Parameters& resolved) {
  const auto count = static_cast<std::size_t>(number(resolved, "count"));
  Draws draws(static_cast<std::uint64_t>(number(resolved, "seed")));
  std::vector<LatticeTriangle> triangles;
  std::set<LatticePoint> corners;
  while (triangles.size() < count) {
    const auto triangle = draw(draws, number(resolved, "edge_fraction"));
    const std::set<LatticePoint> its(triangle.begin(), triangle.end());
    bool is_new = true;
    for (const auto& corner : its) is_new = is_new && !corners.contains(corner);
    if (!is_new) continue;
    corners.insert(its.begin(), its.end());
    triangles.push_back(triangle);
  }
  MeshPhantom phantom;
  for (const auto& triangle : triangles) {
    const auto first = static_cast<std::uint32_t>(phantom.mesh.vertices_mm.size());
    for (const auto& corner : triangle)
      phantom.mesh.vertices_mm.push_back(Point3(static_cast<double>(corner[0]),
                                                static_cast<double>(corner[1]),
                                                static_cast<double>(corner[2])) /
                                         static_cast<double>(per_mm));
    phantom.mesh.triangles.push_back({first, first + 1, first + 2});
  }
  phantom.expected = open_sheets();
  phantom.expected.polyhedron = !any_meet(triangles);
  phantom.expected.outer_hull.reset();
  phantom.counts = no_defects(count);
  phantom.counts.boundary_edges = 3 * count;
  phantom.counts.boundary_loops = count;
  phantom.repair = {.score = 4, .sheets = true};
  return phantom;
}

}  // namespace

MeshPhantomDefinition random_triangles() {
  return {.id = "random_triangles",
          .asks = "Does a soup of triangles that cross become printable, each triangle a plate?",
          .parameters = {{.name = "count",
                          .default_value = 20.0,
                          .description = "number of triangles",
                          .min = 1.0,
                          .max = 20000.0},
                         {.name = "edge_fraction",
                          .default_value = 1.0,
                          .description = "longest edge as a fraction of the box's 100 mm; 1: no limit",
                          .min = 0.01,
                          .max = 1.0},
                         {.name = "seed",
                          .default_value = 1.0,
                          .description = "of the corners",
                          .min = 0.0,
                          .max = 4294967295.0}},
          .make = make};
}

}  // namespace meshassay::phantoms
