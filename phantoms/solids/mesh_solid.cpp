// SPDX-License-Identifier: GPL-3.0-or-later
// Flatness of the distance to a mesh, at c over the ball of radius r. Let u = |d(c)|, g the gradient there, q
// the foot, h(x) = g.(x - q) the height above the tangent plane, and R = u + 2 r. The nearest surface point
// of every p in the ball lies within R of c. Suppose that the surface within R of c has heights of at most
// eps
// <= r/2 either way, that c + R g is outside and c - R g inside. The ball of radius R is then cut by the slab
// |h| <= eps into a part above that holds no surface, so is all outside, and a part below that is all inside.
// From p = c + v, go along g to height -eps (or +eps): the end c + v_across - (d(c) + eps) g is within R of
// c, as r^2 + (u + eps)^2 <= (u + 2 r)^2. So the way from p to the side that it is not on crosses the
// surface:
//   p outside: 0 <= d(p) <= h(p) + eps; and d(p) >= h(p) - eps, because the surface is no higher than eps;
//   p inside: the same mirrored.
// Hence |d - h| <= eps on the ball. Otherwise 2 r, as both have Lipschitz constant 1 and agree at c.
#include "phantoms/solids/mesh_solid.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <memory>
#include <utility>

#include "core/distance/mesh_distance.hpp"
#include "core/errors.hpp"
#include "phantoms/shapes/single_target.hpp"

namespace meshassay::phantoms {
namespace {

/// The largest |height| of the triangle's part within a box; a polygon clipped by six planes.
double largest_height_mm(const std::array<Point3, 3>& corners, const Box3& box, const Point3& foot,
                         const Vector3& up) {
  std::vector<Point3> polygon(corners.begin(), corners.end());
  std::vector<Point3> clipped;
  for (int axis = 0; axis < 3; ++axis)
    for (const bool upper : {false, true}) {
      const auto depth = [&](const Point3& p) {
        return upper ? box.max_mm[axis] - p[axis] : p[axis] - box.min_mm[axis];
      };
      clipped.clear();
      for (std::size_t n = 0; n < polygon.size(); ++n) {
        const Point3& a = polygon[n];
        const Point3& b = polygon[(n + 1) % polygon.size()];
        const double da = depth(a);
        const double db = depth(b);
        if (da >= 0.0) clipped.push_back(a);
        if ((da < 0.0) != (db < 0.0)) clipped.push_back(a + (da / (da - db)) * (b - a));
      }
      polygon.swap(clipped);
    }
  double largest = 0.0;
  for (const auto& point : polygon) largest = std::max(largest, std::abs(up.dot(point - foot)));
  return largest;
}

struct Body {
  explicit Body(const TriangleMesh& mesh) : distance(mesh), bounds(bounding_box(mesh)) {}
  MeshDistance distance;
  Box3 bounds;
};

double flatness_mm(const Body& body, const Point3& center, double ball_mm) {
  const auto at = body.distance.sample(center);
  const double reach_mm = std::abs(at.signed_mm) + 2.0 * ball_mm;
  const Point3 foot = center - at.signed_mm * at.gradient;
  // Rounding of the foot and of heights, at coordinates of this size.
  const double rounding_mm = 1e-14 * (body.bounds.max_mm.cwiseAbs().maxCoeff() +
                                      body.bounds.min_mm.cwiseAbs().maxCoeff() + reach_mm);
  const Box3 box{.min_mm = center.array() - reach_mm, .max_mm = center.array() + reach_mm};
  const double most_mm = 0.5 * ball_mm;
  double eps_mm = 0.0;
  body.distance.tree().visit(
      {.center_mm = center, .radius_mm = reach_mm},
      [&](const Point3&, const Point3&) { return eps_mm <= most_mm; },
      [&](std::size_t triangle, const std::array<Point3, 3>& corners) {
        if (eps_mm > most_mm) return;
        double height_mm = largest_height_mm(corners, box, foot, at.gradient);
        // The box is wider than the ball: a triangle in its corners does not count.
        if (height_mm > eps_mm && body.distance.distance_to_triangle_mm(center, triangle) > reach_mm)
          height_mm = 0.0;
        eps_mm = std::max(eps_mm, height_mm);
      });
  if (eps_mm > most_mm) return 2.0 * ball_mm;
  const double end_mm = reach_mm * (1.0 - 1e-9);
  if (body.distance.sample(center + end_mm * at.gradient).signed_mm <= 0.0 ||
      body.distance.sample(center - end_mm * at.gradient).signed_mm >= 0.0)
    return 2.0 * ball_mm;
  return std::min(2.0 * ball_mm, eps_mm + rounding_mm);
}

}  // namespace

Solid mesh_solid(const TriangleMesh& mesh) {
  const auto body = std::make_shared<const Body>(mesh);
  if (!body->distance.has_inside() || !(signed_volume_mm3(mesh) > 0.0))
    throw InvalidInput(
        {.what = "the mesh does not divide space into inside and outside",
         .expected = "a closed, two-manifold, consistently oriented, outward surface",
         .got = body->distance.has_inside()
                    ? "a surface that is inside out"
                    : "an edge or a vertex where the surface is open, touches itself or turns over",
         .mend = "see 'meshassay inspect'; repair the mesh"});
  return {.implicit = {.signed_distance_mm =
                           [body](const Point3& point) { return body->distance.sample(point).signed_mm; },
                       .gradient = [body](const Point3& point) -> Vector3 {
                         const Vector3 gradient = body->distance.sample(point).gradient;
                         return gradient.isZero(0.0) ? Vector3(Vector3::UnitX()) : gradient;
                       },
                       .flatness_mm = [body](const Point3& center,
                                             double ball_mm) { return flatness_mm(*body, center, ball_mm); },
                       .bounds_mm = body->bounds},
          .surface = body->distance.mesh(),
          .volume_mm3 = {signed_volume_mm3(mesh)},
          .area_mm2 = {area_mm2(mesh)}};
}

std::vector<ParameterDefinition> mesh_solid_parameters() { return with_materials({}); }

Phantom phantom_of_mesh(const std::string& id, const TriangleMesh& mesh, const Parameters& given,
                        const std::string& where) {
  const Parameters resolved = resolve_parameters(mesh_solid_parameters(), given, where);
  Solid solid = mesh_solid(mesh);
  const BettiNumbers betti = betti_of_mesh(solid.surface);
  const auto& turns_deg = numbers(resolved, "turn_deg");
  const Matrix3 rotation = rotation_of({turns_deg[0], turns_deg[1], turns_deg[2]});
  const Point3 middle_mm = solid.implicit.bounds_mm.center_mm();
  TargetTruth truth = truth_of_solid(std::move(solid), betti);
  if (!rotation.isIdentity(0.0))
    truth = moved(std::move(truth), {rotation, middle_mm - rotation * middle_mm});
  Phantom phantom = single_target_phantom(id, resolved, std::move(truth));
  check_contrast(phantom, where);
  return phantom;
}

BettiNumbers betti_of_mesh(const TriangleMesh& mesh) {
  std::vector<std::uint32_t> parent(mesh.vertices_mm.size());
  for (std::uint32_t n = 0; n < parent.size(); ++n) parent[n] = n;
  const auto root = [&](std::uint32_t n) {
    while (parent[n] != n) n = parent[n] = parent[parent[n]];
    return n;
  };
  for (const auto& triangle : mesh.triangles) {
    parent[root(triangle[0])] = root(triangle[1]);
    parent[root(triangle[1])] = root(triangle[2]);
  }
  struct Shell {
    int vertices = 0, triangles = 0;
    double six_volumes_mm3 = 0.0;
  };
  std::map<std::uint32_t, Shell> shells;
  for (std::uint32_t n = 0; n < parent.size(); ++n) ++shells[root(n)].vertices;
  const Point3 middle_mm = bounding_box(mesh).center_mm();
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
    Shell& shell = shells[root(mesh.triangles[t][0])];
    ++shell.triangles;
    shell.six_volumes_mm3 += 2.0 * area_vector_mm2(mesh, t).dot(mesh.corner(t, 0) - middle_mm);
  }
  BettiNumbers betti{.components = 0, .handles = 0, .cavities = 0};
  for (const auto& [id, shell] : shells) {
    ++(shell.six_volumes_mm3 > 0.0 ? betti.components : betti.cavities);
    betti.handles += (2 - shell.vertices + shell.triangles / 2) / 2;  // E = 3 F / 2.
  }
  return betti;
}

}  // namespace meshassay::phantoms
