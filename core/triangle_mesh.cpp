// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/triangle_mesh.hpp"

#include <bit>
#include <unordered_map>

namespace meshassay {

Box3 bounding_box(const TriangleMesh& mesh) {
  Box3 box;
  for (const auto& triangle : mesh.triangles)
    for (const auto vertex : triangle) box.add(mesh.vertices_mm[vertex]);
  return box;
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

namespace {

struct CoordinatesHash {
  std::size_t operator()(const std::array<std::uint64_t, 3>& bits) const {
    std::uint64_t hash = 0;
    for (const auto word : bits) {
      hash ^= word + 0x9e3779b97f4a7c15ULL + (hash << 6) + (hash >> 2);
      hash *= 0xff51afd7ed558ccdULL;
    }
    return static_cast<std::size_t>(hash ^ (hash >> 32));
  }
};

std::array<std::uint64_t, 3> bits_of(const Point3& point) {
  // Adding +0 turns -0 into +0.
  return {std::bit_cast<std::uint64_t>(point[0] + 0.0), std::bit_cast<std::uint64_t>(point[1] + 0.0),
          std::bit_cast<std::uint64_t>(point[2] + 0.0)};
}

}  // namespace

TriangleMesh welded(const TriangleMesh& mesh) {
  TriangleMesh result;
  result.triangles.reserve(mesh.triangles.size());
  std::unordered_map<std::array<std::uint64_t, 3>, std::uint32_t, CoordinatesHash> ids;
  ids.reserve(mesh.vertices_mm.size());
  for (const auto& triangle : mesh.triangles) {
    Triangle out{};
    for (std::size_t i = 0; i < 3; ++i) {
      const Point3& point = mesh.vertices_mm[triangle[i]];
      const auto next = static_cast<std::uint32_t>(result.vertices_mm.size());
      const auto [entry, is_new] = ids.try_emplace(bits_of(point), next);
      if (is_new) result.vertices_mm.push_back(point);
      out[i] = entry->second;
    }
    result.triangles.push_back(out);
  }
  return result;
}

}  // namespace meshassay
