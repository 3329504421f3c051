// SPDX-License-Identifier: GPL-3.0-or-later
// Small CT volumes with partial volume in closed form, so that these tests need no other module.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

#include "core/ct_volume.hpp"

namespace meshassay::testing {

/// The fraction of a unit cube with sum(a_i u_i) <= s, by inclusion and exclusion over its corners.
inline double cube_below_plane(Vector3 a, double s) {
  a = a.cwiseAbs().cwiseMax(1e-3 * a.cwiseAbs().maxCoeff());  // Moves the value by less than 1e-3 of a voxel.
  double sum = 0.0;
  for (int corner = 0; corner < 8; ++corner) {
    double rest = s, sign = 1.0;
    for (int axis = 0; axis < 3; ++axis)
      if (corner >> axis & 1) {
        rest -= a[axis];
        sign = -sign;
      }
    if (rest > 0.0) sum += sign * rest * rest * rest;
  }
  return std::clamp(sum / (6.0 * a.prod()), 0.0, 1.0);
}

struct Materials {
  double inside_hu = 1000.0, outside_hu = -1000.0;
};

/// A ball about the world's origin. Each voxel is cut into 4^3 boxes, and the sphere is a plane in each: the
/// curvature that is left out is below (spacing / 4)^2 / (6 radius), 0.0003 mm at 0.5 mm and 10 mm.
inline CtVolume ball(const Grid& grid, double radius_mm, const Materials& materials = {}) {
  constexpr int parts = 4;
  CtVolume ct{.hu = Image<float>(grid), .acquisition = {}, .warnings = {}};
  const double reach_mm = 0.5 * grid.spacing_mm.norm();
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i) {
        const double distance_mm = grid.to_world(Vector3(i, j, k)).norm() - radius_mm;
        double fraction = distance_mm < 0.0 ? 1.0 : 0.0;
        if (std::abs(distance_mm) <= reach_mm) {
          fraction = 0.0;
          for (int part = 0; part < parts * parts * parts; ++part) {
            const Vector3 offset(part % parts, part / parts % parts, part / parts / parts % parts);
            const Vector3 index =
                Vector3(i, j, k) + (offset + Vector3::Constant(0.5)) / parts - Vector3::Constant(0.5);
            const Point3 center = grid.to_world(index);
            const Vector3 slope =
                (grid.direction.transpose() * center.normalized()).cwiseProduct(grid.spacing_mm).cwiseAbs() /
                parts;
            fraction += cube_below_plane(slope, 0.5 * slope.sum() - (center.norm() - radius_mm)) /
                        (parts * parts * parts);
          }
        }
        ct.hu.at(i, j, k) = static_cast<float>(materials.outside_hu +
                                               fraction * (materials.inside_hu - materials.outside_hu));
      }
  return ct;
}

/// A grid about the world's origin that holds a ball of `half_extent_mm`, shifted a little off symmetry.
inline Grid centered_grid(const Vector3& spacing_mm, double half_extent_mm,
                          const Matrix3& direction = Matrix3::Identity()) {
  Grid grid;
  grid.spacing_mm = spacing_mm;
  grid.direction = direction;
  Vector3 middle;
  for (int axis = 0; axis < 3; ++axis) {
    grid.size[static_cast<std::size_t>(axis)] =
        2 * static_cast<int>(std::ceil(half_extent_mm / spacing_mm[axis])) + 1;
    middle[axis] = 0.5 * (grid.size[static_cast<std::size_t>(axis)] - 1) + 0.1 * (axis + 1);
  }
  grid.origin_mm = -(direction * middle.cwiseProduct(spacing_mm));
  return grid;
}

inline double radius_of_volume_mm(double volume_mm3) {
  return std::cbrt(volume_mm3 * 0.75 / std::numbers::pi);
}

}  // namespace meshassay::testing
