// SPDX-License-Identifier: GPL-3.0-or-later
// Spheres that cross: smooth surfaces in general position, at any resolution.
#include <cmath>
#include <numbers>

#include "phantoms/meshes/building.hpp"
#include "phantoms/meshes/shapes.hpp"
#include "phantoms/solids/sphere_mesh.hpp"

namespace meshassay::phantoms {
namespace {

constexpr double pi = std::numbers::pi;

// Of two balls of one radius whose centres are d apart: two balls less the lens, pi (4 r + d)(2 r - d)^2
// / 12.
double union_of_two_mm3(double radius_mm, double distance_mm) {
  const double cap = 2.0 * radius_mm - distance_mm;
  return 8.0 / 3.0 * pi * radius_mm * radius_mm * radius_mm -
         pi * (4.0 * radius_mm + distance_mm) * cap * cap / 12.0;
}

ParameterDefinition chordal_error() {
  return {.name = "chordal_error_mm",
          .default_value = 0.05,
          .description =
              "distance of mesh and sphere at most; about 40 mm2 over it is the number of triangles "
              "of a sphere",
          .min = 4e-5,
          .max = 0.5};
}

MeshPhantom two(const Parameters& resolved) {
  constexpr double radius_mm = 10.0;
  const Vector3 apart_mm = {9.0, 6.5, 4.5};
  const auto sphere = sphere_mesh(Point3::Zero(), radius_mm, number(resolved, "chordal_error_mm"));
  TriangleMesh second = sphere.mesh;
  for (auto& vertex : second.vertices_mm) vertex += apart_mm;
  if (boolean(resolved, "inverted")) second = inside_out(std::move(second));
  MeshPhantom phantom;
  phantom.mesh = sphere.mesh;
  add_mesh(phantom.mesh, second);
  // Which way the second one faces plays no part: the hull looks at positions only (3.8). A closed sphere
  // turned inside out is consistently oriented still.
  phantom.expected = overlapping_shells();
  phantom.counts = no_defects(2);
  // The meshes lie between spheres of radius r - e and r + e, and so do the unions. Rounding to float32 moves
  // a coordinate below 32 mm by at most 2^-20 mm.
  const double error_mm = sphere.hausdorff_bound_mm + 2e-6;
  const double distance_mm = apart_mm.norm();
  const double low_mm3 = union_of_two_mm3(radius_mm - error_mm, distance_mm);
  const double high_mm3 = union_of_two_mm3(radius_mm + error_mm, distance_mm);
  phantom.repair = {.score = 5,
                    .parts = 1,
                    .handles = 0,
                    .cavities = 0,
                    .volume_mm3 = KnownValue{.value = 0.5 * (low_mm3 + high_mm3),
                                             .uncertainty = 0.5 * (high_mm3 - low_mm3)}};
  return phantom;
}

// n x n x n spheres of radius 6 mm at distances of 10 mm. Neighbours along an axis overlap (10 < 12), others
// are 14 mm apart and do not: the union is a grid graph, thickened, with n^3 nodes and 3 n^2 (n - 1) edges,
// so 3 n^2 (n - 1) - n^3 + 1 handles. The middle of four spheres is 7.07 mm from each: every void between
// eight spheres has windows, none is closed.
MeshPhantom grid(const Parameters& resolved) {
  constexpr double radius_mm = 6.0, distance_mm = 10.0;
  const auto n = static_cast<int>(number(resolved, "per_axis"));
  const auto sphere = sphere_mesh(Point3::Zero(), radius_mm, number(resolved, "chordal_error_mm"));
  MeshPhantom phantom;
  for (int k = 0; k < n; ++k)
    for (int j = 0; j < n; ++j)
      for (int i = 0; i < n; ++i) {
        TriangleMesh next = sphere.mesh;
        for (auto& vertex : next.vertices_mm) vertex += distance_mm * Vector3(i, j, k);
        add_mesh(phantom.mesh, next);
      }
  phantom.expected = overlapping_shells();
  phantom.counts = no_defects(static_cast<std::size_t>(n) * n * n);
  // No three spheres meet (each pair is of neighbours, and three centres cannot all be neighbours): the
  // volume is that of the balls less a lens for each edge.
  const double error_mm = sphere.hausdorff_bound_mm + 1e-5;
  const auto union_mm3 = [&](double r_mm) {
    const double ball_mm3 = 4.0 / 3.0 * pi * r_mm * r_mm * r_mm;
    const double lens_mm3 = 2.0 * ball_mm3 - union_of_two_mm3(r_mm, distance_mm);
    return n * n * n * ball_mm3 - 3 * n * n * (n - 1) * lens_mm3;
  };
  const double low_mm3 = union_mm3(radius_mm - error_mm), high_mm3 = union_mm3(radius_mm + error_mm);
  phantom.repair = {.score = 5,
                    .parts = 1,
                    .handles = 3 * n * n * (n - 1) - n * n * n + 1,
                    .cavities = 0,
                    .volume_mm3 = KnownValue{.value = 0.5 * (low_mm3 + high_mm3),
                                             .uncertainty = 0.5 * (high_mm3 - low_mm3)}};
  return phantom;
}

}  // namespace

MeshPhantomDefinition two_spheres() {
  return {.id = "two_spheres",
          .asks = "Do two spheres that cross become one solid, also where one faces inwards?",
          .parameters = {chordal_error(),
                         {.name = "inverted",
                          .default_value = false,
                          .description = "the second one faces inwards"}},
          .make = two};
}

MeshPhantomDefinition sphere_grid() {
  return {.id = "sphere_grid",
          .asks = "Do 64 spheres, each crossing its neighbours, become one solid with 81 handles?",
          .parameters = {chordal_error(),
                         {.name = "per_axis",
                          .default_value = 4.0,
                          .description = "spheres along each axis",
                          .min = 2.0,
                          .max = 8.0}},
          .make = grid};
}

}  // namespace meshassay::phantoms
