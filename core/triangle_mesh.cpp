// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/triangle_mesh.hpp"

#include <vector>

#include "core/blocks.hpp"

namespace meshassay {

Box3 bounding_box(const TriangleMesh& mesh) {
  std::vector<Box3> boxes(block_count(mesh.triangles.size(), usual_block));
  for_each_block(mesh.triangles.size(), usual_block, [&](const Block& block) {
    for (std::size_t t = block.from; t < block.to; ++t)
      for (int i = 0; i < 3; ++i) boxes[block.number].add(mesh.corner(t, i));
  });
  Box3 all;
  for (const auto& box : boxes) all.add(box);
  return all;
}

Vector3 area_vector_mm2(const TriangleMesh& mesh, std::size_t triangle) {
  const Point3& a = mesh.corner(triangle, 0);
  return 0.5 * (mesh.corner(triangle, 1) - a).cross(mesh.corner(triangle, 2) - a);
}

double area_mm2(const TriangleMesh& mesh) {
  double sum_mm2 = 0.0;
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t) sum_mm2 += area_vector_mm2(mesh, t).norm();
  return sum_mm2;
}

double signed_volume_mm3(const TriangleMesh& mesh) {
  // About the centre of the box, so that a mesh far from the origin does not lose its digits.
  const Box3 box = bounding_box(mesh);
  if (box.empty()) return 0.0;
  const Point3 center = box.center_mm();
  double sum_mm3 = 0.0;
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
    const Vector3 a = mesh.corner(t, 0) - center;
    const Vector3 b = mesh.corner(t, 1) - center;
    const Vector3 c = mesh.corner(t, 2) - center;
    sum_mm3 += a.dot(b.cross(c)) / 6.0;
  }
  return sum_mm3;
}

}  // namespace meshassay
