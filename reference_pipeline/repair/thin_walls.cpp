// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference_pipeline/repair/thin_walls.hpp"

#include <cmath>

#include "core/distance/mesh_distance.hpp"
#include "reference_pipeline/repair/convex_pieces.hpp"

namespace meshassay::reference_pipeline::repair {
namespace {

constexpr double least_wall = 0.99;  // Of the thickness, as in the score.
// Of half the thickness: a ball beside the sheet reaches a little across it, so that its point is inside.
constexpr double ball_radius = 1.001;
constexpr int steps = 8;  // To each side of the sheet, half a thickness away at the last.

// Whether a ball fits whose centre is one of a few places across the sheet and that holds the point. In the
// middle first: most walls are as thick to one side as to the other.
bool has_wall(const MeshDistance& solid, const Point3& point, const Vector3& normal, double thickness_mm) {
  for (int n = 0; n <= 2 * steps; ++n) {
    const int step = n % 2 == 0 ? n / 2 : -(n + 1) / 2;
    const double aside_mm = 0.5 * thickness_mm * step / steps;
    const double radius_mm = -solid.sample(point + aside_mm * normal).signed_mm;
    if (2.0 * radius_mm >= least_wall * thickness_mm && radius_mm >= std::abs(aside_mm)) return true;
  }
  return false;
}

}  // namespace

TriangleMesh other_side_of_thin_walls(const SheetComplex& sheets, const TriangleMesh& solid,
                                      const TriangleMesh& passages, double thickness_mm) {
  const MeshDistance to_solid(solid);
  const TriangleTree to_passages(passages);
  const double half_mm = 0.5 * thickness_mm;
  TriangleMesh balls;
  for (std::size_t t = 0; t < sheets.mesh.triangles.size(); ++t) {
    const Point3 middle =
        (sheets.mesh.corner(t, 0) + sheets.mesh.corner(t, 1) + sheets.mesh.corner(t, 2)) / 3.0;
    const Vector3& normal = sheets.normals[t];
    if (has_wall(to_solid, middle, normal, thickness_mm)) continue;
    const Point3 front = middle + half_mm * normal, back = middle - half_mm * normal;
    const bool is_front = to_passages.nearest(front).distance_mm >= to_passages.nearest(back).distance_mm;
    append(balls, icosahedron(is_front ? front : back, ball_radius * half_mm));
  }
  return balls;
}

}  // namespace meshassay::reference_pipeline::repair
