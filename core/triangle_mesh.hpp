// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/geometry.hpp"

namespace meshassay {

using Triangle = std::array<std::uint32_t, 3>;

/// An indexed triangle surface in LPS mm. Outward: counter-clockwise as seen from outside.
struct TriangleMesh {
  std::vector<Point3> vertices_mm;
  std::vector<Triangle> triangles;

  [[nodiscard]] const Point3& corner(std::size_t triangle, int i) const {
    return vertices_mm[triangles[triangle][static_cast<std::size_t>(i)]];
  }
};

[[nodiscard]] Box3 bounding_box(const TriangleMesh& mesh);
/// Half the cross product of two edges: its length is the area in mm2, its direction the normal.
[[nodiscard]] Vector3 area_vector_mm2(const TriangleMesh& mesh, std::size_t triangle);
[[nodiscard]] double area_mm2(const TriangleMesh& mesh);
/// By the divergence theorem, about the box's centre; positive for a closed surface that is oriented
/// outwards.
[[nodiscard]] double signed_volume_mm3(const TriangleMesh& mesh);
/// Merges vertices with equal coordinates (-0 = +0), in order of first use; drops vertices that no triangle
/// uses. Triangles are kept as they are, degenerate ones too.
[[nodiscard]] TriangleMesh welded(const TriangleMesh& mesh);

}  // namespace meshassay
