// SPDX-License-Identifier: GPL-3.0-or-later
// More meshes that are small enough to think through.
#pragma once

#include <array>
#include <cmath>
#include <numbers>
#include <set>
#include <vector>

#include "core/triangle_mesh.hpp"
#include "tests/support/small_solids.hpp"

namespace meshassay::exact {

using test_support::add_box;
using test_support::add_quad;
using test_support::add_triangle;

inline TriangleMesh box(const Point3& low, const Point3& high) {
  TriangleMesh mesh;
  add_box(mesh, low, high);
  return mesh;
}
// Outward where the base runs counter-clockwise as seen from the apex.
inline void add_pyramid(TriangleMesh& mesh, const std::vector<Point3>& base, const Point3& apex) {
  for (std::size_t i = 0; i < base.size(); ++i)
    add_triangle(mesh, base[i], base[(i + 1) % base.size()], apex);
  for (std::size_t i = 2; i < base.size(); ++i) add_triangle(mesh, base[0], base[i], base[i - 1]);
}
// The faces of unit voxels towards what is not set.
inline TriangleMesh voxel_surface(const std::set<std::array<int, 3>>& voxels) {
  TriangleMesh mesh;
  for (const auto& v : voxels)
    for (int axis = 0; axis < 3; ++axis)
      for (const int side : {0, 1}) {
        auto neighbour = v;
        neighbour[static_cast<std::size_t>(axis)] += side == 1 ? 1 : -1;
        if (voxels.contains(neighbour)) continue;
        const int u = (axis + 1) % 3, w = (axis + 2) % 3;
        Point3 low(v[0], v[1], v[2]);
        low[axis] += side;
        const Point3 a = low, b = low + Point3::Unit(u), c = b + Point3::Unit(w), d = low + Point3::Unit(w);
        if (side == 1)
          add_quad(mesh, a, b, c, d);
        else
          add_quad(mesh, d, c, b, a);
      }
  return welded(mesh);
}
// A figure eight that turns over once on its way round (immersed Klein bottle). `eight` is even: no vertex is
// where the eight crosses itself.
inline TriangleMesh figure_eight_klein_bottle(int around, int eight) {
  TriangleMesh mesh;
  const double tau = 2.0 * std::numbers::pi;
  for (int i = 0; i < around; ++i)
    for (int j = 0; j < eight; ++j) {
      const double u = tau * i / around, v = tau * (j + 0.5) / eight;
      const double x = std::sin(v), y = std::sin(2.0 * v);
      const double r = 4.0 + std::cos(u / 2.0) * x - std::sin(u / 2.0) * y;
      mesh.vertices_mm.emplace_back(r * std::cos(u), r * std::sin(u),
                                    std::sin(u / 2.0) * x + std::cos(u / 2.0) * y);
    }
  // After one round (x, y) has become (-x, -y), which is v -> -v: the vertex j + 1/2 is -j - 1/2.
  const auto at = [&](int i, int j) {
    if (i == around) j = -j - 1;
    return static_cast<std::uint32_t>(i % around * eight + (j % eight + eight) % eight);
  };
  for (int i = 0; i < around; ++i)
    for (int j = 0; j < eight; ++j) {
      mesh.triangles.push_back({at(i, j), at(i + 1, j), at(i + 1, j + 1)});
      mesh.triangles.push_back({at(i, j), at(i + 1, j + 1), at(i, j + 1)});
    }
  return mesh;
}
// A band that makes `turns` half turns on its way round: a Moebius strip where that is odd.
inline TriangleMesh twisted_strip(int around, int turns) {
  TriangleMesh mesh;
  for (int i = 0; i < around; ++i)
    for (const double side : {-1.0, 1.0}) {
      const double u = 2.0 * std::numbers::pi * i / around, twist = 0.5 * turns * u;
      const double r = 5.0 + side * std::cos(twist);
      mesh.vertices_mm.emplace_back(r * std::cos(u), r * std::sin(u), side * std::sin(twist));
    }
  const auto at = [&](int i, int side) {
    if (i == around && turns % 2 != 0) side = 1 - side;
    return static_cast<std::uint32_t>(2 * (i % around) + side);
  };
  for (int i = 0; i < around; ++i) {
    mesh.triangles.push_back({at(i, 0), at(i + 1, 0), at(i + 1, 1)});
    mesh.triangles.push_back({at(i, 0), at(i + 1, 1), at(i, 1)});
  }
  return mesh;
}

}  // namespace meshassay::exact
