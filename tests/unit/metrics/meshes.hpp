// SPDX-License-Identifier: GPL-3.0-or-later
// Small meshes to measure.
#pragma once

#include <cmath>
#include <cstdint>
#include <utility>

#include "core/triangle_mesh.hpp"

namespace meshassay::metrics {

/// A box from `low` to `low + size`, outward: 8 vertices, 12 triangles.
inline TriangleMesh box_mesh(const Point3& low, const Vector3& size) {
  TriangleMesh mesh;
  for (unsigned c = 0; c < 8; ++c)
    mesh.vertices_mm.push_back(low + size.cwiseProduct(Vector3((c & 1u) != 0 ? 1 : 0, (c & 2u) != 0 ? 1 : 0,
                                                               (c & 4u) != 0 ? 1 : 0)));
  mesh.triangles = {{0, 2, 3}, {0, 3, 1}, {4, 5, 7}, {4, 7, 6}, {0, 1, 5}, {0, 5, 4},
                    {2, 6, 7}, {2, 7, 3}, {0, 4, 6}, {0, 6, 2}, {1, 3, 7}, {1, 7, 5}};
  return mesh;
}

inline TriangleMesh cube_mesh(double low, double size) {
  return box_mesh(Point3::Constant(low), Vector3::Constant(size));
}

/// A tetrahedron of the coordinate planes with legs of 1 mm at `corner`.
inline TriangleMesh tetrahedron_mesh(const Point3& corner) {
  TriangleMesh mesh;
  for (const Point3& point : {Point3(0, 0, 0), Point3(1, 0, 0), Point3(0, 1, 0), Point3(0, 0, 1)})
    mesh.vertices_mm.push_back(corner + point);
  mesh.triangles = {{0, 2, 1}, {0, 1, 3}, {0, 3, 2}, {1, 2, 3}};
  return mesh;
}

inline TriangleMesh inverted(TriangleMesh mesh) {
  for (auto& triangle : mesh.triangles) std::swap(triangle[1], triangle[2]);
  return mesh;
}

inline TriangleMesh together(TriangleMesh mesh, const TriangleMesh& other) {
  const auto offset = static_cast<std::uint32_t>(mesh.vertices_mm.size());
  mesh.vertices_mm.insert(mesh.vertices_mm.end(), other.vertices_mm.begin(), other.vertices_mm.end());
  for (const auto& [a, b, c] : other.triangles)
    mesh.triangles.push_back({a + offset, b + offset, c + offset});
  return mesh;
}

/// A torus of n x m quadrilaterals, each two triangles, outward.
inline TriangleMesh torus_mesh(std::uint32_t n, std::uint32_t m) {
  TriangleMesh mesh;
  const double turn = 6.283185307179586;
  for (std::uint32_t i = 0; i < n; ++i)
    for (std::uint32_t j = 0; j < m; ++j) {
      const double u = turn * i / n, v = turn * j / m;
      const double radius = 3.0 + std::cos(v);
      mesh.vertices_mm.emplace_back(radius * std::cos(u), radius * std::sin(u), std::sin(v));
    }
  for (std::uint32_t i = 0; i < n; ++i)
    for (std::uint32_t j = 0; j < m; ++j) {
      const std::uint32_t a = i * m + j, b = ((i + 1) % n) * m + j;
      const std::uint32_t c = ((i + 1) % n) * m + (j + 1) % m, d = i * m + (j + 1) % m;
      mesh.triangles.push_back({a, b, c});
      mesh.triangles.push_back({a, c, d});
    }
  return mesh;
}

}  // namespace meshassay::metrics
