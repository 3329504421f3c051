// SPDX-License-Identifier: GPL-3.0-or-later
// Volume and area. A mesh's triangles, moved along the surface's normals, cover the surface once. At a point
// of a triangle with the normal n_T, s above its foot q with the normal n and the shape operator W, the
// surface's area is (n_T . n) / det(1 + s W) of the triangle's (G. Dziuk and C. M. Elliott, "Finite element
// methods for surface PDEs", Acta Numerica 22 (2013) 289-396, section 4.1). So
//   area = sum of integrals of that,   volume = sum of integrals of q . n / 3 times that,
// by Radon's rule with seven points, exact to the fifth degree, on the coarse mesh refined; the difference
// from the coarse mesh itself, which is many times too large, is the stated uncertainty.
#include "phantoms/solids/level_set.hpp"

#include <oneapi/tbb/parallel_for.h>

#include <array>
#include <cmath>
#include <memory>

#include "phantoms/solids/level_set_mesh.hpp"

namespace meshassay::phantoms {
namespace {

struct Content {
  long double volume_mm3 = 0.0L, area_mm2 = 0.0L;
};

/// Surface area for area of a triangle, and a third of the foot's height over the origin.
struct Density {
  double area = 0.0, third_of_height_mm = 0.0;
};

Density density_at(const LevelSetDistance& surface, const Point3& point, const Vector3& triangle_normal) {
  const LevelSetDistance::Foot foot = surface.nearest(point);
  const double slope = foot.jet.gradient.norm();
  const Vector3 normal = foot.jet.gradient / slope;
  const Matrix3 across = Matrix3::Identity() - normal * normal.transpose();
  const Matrix3 shape = across * foot.jet.hessian * across / slope;
  const double above_mm = (point - foot.place_mm).dot(normal);
  const double trace = shape.trace();
  const double determinant = 0.5 * (trace * trace - (shape * shape).trace());  // Of its two dimensions.
  return {triangle_normal.dot(normal) / (1.0 + above_mm * trace + above_mm * above_mm * determinant),
          foot.place_mm.dot(normal) / 3.0};
}

Content content_of(const LevelSetDistance& surface, const TriangleMesh& mesh) {
  const double root = std::sqrt(15.0);
  struct Point {
    std::array<double, 3> corner_shares;
    double weight;
  };
  std::vector<Point> rule = {{{1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0}, 9.0 / 40.0}};
  for (const double sign : {-1.0, 1.0}) {
    const double near = (6.0 + sign * root) / 21.0;
    const double weight = (155.0 + sign * root) / 1200.0;
    for (std::size_t corner = 0; corner < 3; ++corner) {
      Point point{{near, near, near}, weight};
      point.corner_shares[corner] = 1.0 - 2.0 * near;
      rule.push_back(point);
    }
  }
  std::vector<Content> of_triangle(mesh.triangles.size());
  tbb::parallel_for(std::size_t{0}, mesh.triangles.size(), [&](std::size_t t) {
    Content& content = of_triangle[t];
    const Vector3 area_vector = area_vector_mm2(mesh, t);
    const double triangle_mm2 = area_vector.norm();
    for (const auto& [shares, weight] : rule) {
      const Point3 at =
          shares[0] * mesh.corner(t, 0) + shares[1] * mesh.corner(t, 1) + shares[2] * mesh.corner(t, 2);
      const Density density = density_at(surface, at, area_vector / triangle_mm2);
      const long double part_mm2 = static_cast<long double>(weight) * triangle_mm2 * density.area;
      content.area_mm2 += part_mm2;
      content.volume_mm3 += part_mm2 * density.third_of_height_mm;
    }
  });
  Content all;  // In the order of the triangles, whatever the threads did.
  for (const auto& each : of_triangle) {
    all.volume_mm3 += each.volume_mm3;
    all.area_mm2 += each.area_mm2;
  }
  return all;
}

KnownValue with_difference(long double value, long double rougher) {
  // And the rounding of a double.
  return {static_cast<double>(value),
          static_cast<double>(std::abs(value - rougher) + 1e-15L * std::abs(value))};
}

ImplicitSurface implicit_of(const std::shared_ptr<const LevelSetDistance>& surface, const Box3& bounds) {
  return {.signed_distance_mm = [surface](const Point3& point) { return surface->signed_distance_mm(point); },
          .gradient = [surface](const Point3& point) -> Vector3 { return surface->nearest(point).normal(); },
          .flatness_mm = [surface](const Point3& center,
                                   double ball_mm) { return surface->flatness_mm(center, ball_mm); },
          .bounds_mm = bounds,
          .uncertainty_mm = LevelSetDistance::tolerance_mm};
}

}  // namespace

Solid solid_of_level_set(LevelSet function, double chordal_error_mm) {
  const auto surface = std::make_shared<const LevelSetDistance>(std::move(function));
  const LevelSetMesh coarse = coarse_mesh(*surface);
  const LevelSetMesh halved = refined_mesh(*surface, coarse, 0.5 * coarse.hausdorff_bound_mm);
  const Content rough = content_of(*surface, coarse.mesh);
  const Content content = content_of(*surface, halved.mesh);
  LevelSetMesh fine = refined_mesh(*surface, coarse, chordal_error_mm);
  Box3 bounds = bounding_box(fine.mesh);
  bounds.min_mm.array() -= fine.hausdorff_bound_mm;
  bounds.max_mm.array() += fine.hausdorff_bound_mm;
  return {.implicit = implicit_of(surface, bounds),
          .surface = std::move(fine.mesh),
          .chordal_error_mm = fine.hausdorff_bound_mm,
          .volume_mm3 = with_difference(content.volume_mm3, rough.volume_mm3),
          .area_mm2 = with_difference(content.area_mm2, rough.area_mm2)};
}

}  // namespace meshassay::phantoms
