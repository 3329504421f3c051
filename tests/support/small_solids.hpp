// SPDX-License-Identifier: GPL-3.0-or-later
// Triangles, boxes and sheets, small enough to think through.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <utility>

#include "core/triangle_mesh.hpp"

namespace test_support {

using meshassay::Point3;
using meshassay::TriangleMesh;

inline void add_triangle(TriangleMesh& mesh, const Point3& a, const Point3& b, const Point3& c) {
  const auto first = static_cast<std::uint32_t>(mesh.vertices_mm.size());
  mesh.vertices_mm.insert(mesh.vertices_mm.end(), {a, b, c});
  mesh.triangles.push_back({first, first + 1, first + 2});
}

inline void add_quad(TriangleMesh& mesh, const Point3& a, const Point3& b, const Point3& c, const Point3& d) {
  add_triangle(mesh, a, b, c);
  add_triangle(mesh, a, c, d);
}

/// Outward; `inwards`: a cavity's wall.
inline void add_box(TriangleMesh& mesh, const Point3& low, const Point3& high, bool inwards = false) {
  const auto corner = [&](int i) {
    return Point3((i & 1) != 0 ? high[0] : low[0], (i & 2) != 0 ? high[1] : low[1],
                  (i & 4) != 0 ? high[2] : low[2]);
  };
  constexpr std::array<std::array<int, 4>, 6> faces{
      {{0, 2, 3, 1}, {4, 5, 7, 6}, {0, 1, 5, 4}, {2, 6, 7, 3}, {0, 4, 6, 2}, {1, 3, 7, 5}}};
  for (const auto& f : faces)
    if (inwards)
      add_quad(mesh, corner(f[3]), corner(f[2]), corner(f[1]), corner(f[0]));
    else
      add_quad(mesh, corner(f[0]), corner(f[1]), corner(f[2]), corner(f[3]));
}

/// A rectangle in the plane z = `z`, in `cells` x `cells` quads.
inline void add_sheet(TriangleMesh& mesh, double size_x, double size_y, double z, int cells) {
  const double x = size_x / cells, y = size_y / cells;
  for (int i = 0; i < cells; ++i)
    for (int j = 0; j < cells; ++j)
      add_quad(mesh, {i * x, j * y, z}, {(i + 1) * x, j * y, z}, {(i + 1) * x, (j + 1) * y, z},
               {i * x, (j + 1) * y, z});
}

/// Edges that do not run one way as often as the other: 0 for a closed, oriented surface.
inline std::size_t unbalanced_edges(const TriangleMesh& mesh) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, int> sum;
  for (const auto& t : mesh.triangles)
    for (std::size_t i = 0; i < 3; ++i) {
      const auto from = t[i], to = t[(i + 1) % 3];
      sum[std::minmax(from, to)] += from < to ? 1 : -1;
    }
  std::size_t unbalanced = 0;
  for (const auto& [edge, balance] : sum) unbalanced += balance != 0 ? 1 : 0;
  return unbalanced;
}

}  // namespace test_support
