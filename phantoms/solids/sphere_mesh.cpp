// SPDX-License-Identifier: GPL-3.0-or-later
// The vertices lie on a sphere of a slightly larger radius rho, so that the mesh encloses exactly the volume
// of the true sphere: errors are two-sided, and the mesh as a submission has no bias. (Inscribed: rho = R.)
//
// The bound. Let the unit mesh (vertices on the unit sphere) have all its triangles' planes at a distance of
// at least h from the centre. A point x of a triangle lies in its plane, so |x| >= rho h; the triangle is the
// convex hull of points at distance rho, so |x| <= rho. Hence | |x| - R | <= delta = max(rho - R, R - rho h):
// the distance from every point of the mesh to the sphere. The other way: each triangle faces away from the
// centre (its signed volume about it is positive) and the mesh is a closed surface of the icosahedron's
// topology, so the central projection maps it one-to-one onto the sphere; a point R u of the sphere has the
// mesh point |x| u on its ray, at the distance | |x| - R | <= delta. So the Hausdorff distance is at most
// delta.
#include "phantoms/solids/sphere_mesh.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "core/errors.hpp"

namespace meshassay::phantoms {
namespace {

/// Each edge of the icosahedron cut into `frequency` parts, all points moved onto the unit sphere.
TriangleMesh geodesic_unit_sphere(int frequency) {
  const double t = std::numbers::phi;
  const std::array<Point3, 12> corners = {Point3{-1, t, 0}, {1, t, 0}, {-1, -t, 0}, {1, -t, 0},
                                          {0, -1, t},       {0, 1, t}, {0, -1, -t}, {0, 1, -t},
                                          {t, 0, -1},       {t, 0, 1}, {-t, 0, -1}, {-t, 0, 1}};
  constexpr std::array<std::array<int, 3>, 20> faces = {
      {{0, 11, 5},  {0, 5, 1},  {0, 1, 7},  {0, 7, 10}, {0, 10, 11}, {1, 5, 9}, {5, 11, 4},
       {11, 10, 2}, {10, 7, 6}, {7, 1, 8},  {3, 9, 4},  {3, 4, 2},   {3, 2, 6}, {3, 6, 8},
       {3, 8, 9},   {4, 9, 5},  {2, 4, 11}, {6, 2, 10}, {8, 6, 7},   {9, 8, 1}}};
  TriangleMesh soup;
  const auto add = [&](const std::array<int, 3>& face, std::array<int, 3> weights) {
    // Summed in the order of the corners' numbers, so that two faces give the same bits on their common edge
    // (there the third corner adds zero) and welding by equal coordinates joins them.
    std::array<std::pair<int, int>, 3> terms = {
        std::pair{face[0], weights[0]}, {face[1], weights[1]}, {face[2], weights[2]}};
    std::sort(terms.begin(), terms.end());
    Point3 sum = Point3::Zero();
    for (const auto& [corner, weight] : terms) sum += weight * corners[static_cast<std::size_t>(corner)];
    soup.vertices_mm.push_back(sum.normalized());
    return static_cast<std::uint32_t>(soup.vertices_mm.size() - 1);
  };
  for (const auto& face : faces)
    for (int i = 0; i < frequency; ++i)
      for (int j = 0; i + j < frequency; ++j) {
        const int rest = frequency - i - j;
        soup.triangles.push_back(
            {add(face, {rest, i, j}), add(face, {rest - 1, i + 1, j}), add(face, {rest - 1, i, j + 1})});
        if (rest > 1)
          soup.triangles.push_back({add(face, {rest - 1, i + 1, j}), add(face, {rest - 2, i + 1, j + 1}),
                                    add(face, {rest - 1, i, j + 1})});
      }
  return welded(soup);
}

/// The smallest distance of a triangle's plane from the origin.
double smallest_plane_distance(const TriangleMesh& mesh) {
  double smallest = 1.0;
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t)
    smallest = std::min(smallest, mesh.corner(t, 0).dot(area_vector_mm2(mesh, t).normalized()));
  return smallest;
}

}  // namespace

SphereMesh sphere_mesh(const Point3& center_mm, double radius_mm, double chordal_error_mm, SphereFit fit) {
  constexpr int most = 500;  // 20 frequency^2 triangles: five million.
  // delta is about 0.2 R / frequency^2; started a little below, so that the first that holds is nearly the
  // coarsest.
  double wanted = std::sqrt(0.15 * radius_mm / chordal_error_mm);
  for (int frequency = static_cast<int>(std::clamp(wanted, 4.0, most + 1.0)); frequency <= most;
       frequency += 1 + frequency / 20) {
    TriangleMesh mesh = geodesic_unit_sphere(frequency);
    const double nearest = smallest_plane_distance(mesh);
    const double unit_volume = signed_volume_mm3(mesh);
    const double scale = fit == SphereFit::equal_volume
                             ? std::cbrt(4.0 / 3.0 * std::numbers::pi / unit_volume)
                             : 1.0 - 1e-12;  // Rounding stays inside, too.
    const double vertex_radius_mm = radius_mm * scale;
    const double bound_mm = std::max(vertex_radius_mm - radius_mm, radius_mm - vertex_radius_mm * nearest);
    if (bound_mm > chordal_error_mm) continue;
    for (auto& vertex : mesh.vertices_mm) vertex = center_mm + vertex_radius_mm * vertex;
    return {.mesh = std::move(mesh), .hausdorff_bound_mm = bound_mm};
  }
  throw InvalidInput(
      {.what = "the truth surface of a sphere would have more than five million triangles",
       .expected = fmt::format("a chordal error of at least about {:.2g} mm for a radius of {} mm",
                               0.2 * radius_mm / (most * most), radius_mm),
       .got = fmt::format("{} mm", chordal_error_mm),
       .mend = "allow a larger chordal error, or take a smaller radius_mm"});
}

}  // namespace meshassay::phantoms
