// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference_pipeline/repair/convex_pieces.hpp"

#include <cmath>
#include <numbers>

namespace meshassay::reference_pipeline::repair {
namespace {

constexpr double taper = 0.996;

Vector3 any_perpendicular(const Vector3& direction) {
  Eigen::Index axis = 0;
  direction.cwiseAbs().minCoeff(&axis);
  return direction.cross(Vector3::Unit(axis)).normalized();
}

}  // namespace

void append(TriangleMesh& mesh, const TriangleMesh& piece) {
  const auto first = static_cast<std::uint32_t>(mesh.vertices_mm.size());
  mesh.vertices_mm.insert(mesh.vertices_mm.end(), piece.vertices_mm.begin(), piece.vertices_mm.end());
  for (const auto& [a, b, c] : piece.triangles) mesh.triangles.push_back({first + a, first + b, first + c});
}

TriangleMesh prism(const Point3& from, const Point3& to, const PrismOptions& options) {
  const Vector3 axis = (to - from).normalized();
  const Vector3 u = any_perpendicular(axis), v = axis.cross(u);
  const double half_angle = std::numbers::pi / options.sides;
  const double radius_mm = options.inner_radius_mm / std::cos(half_angle);
  // Rings: the far end of the run-on, the segment's ends, the other far end.
  std::vector<std::pair<Point3, double>> rings;
  if (options.past_mm > 0.0) rings.emplace_back(from - options.past_mm * axis, taper * radius_mm);
  rings.emplace_back(from, radius_mm);
  rings.emplace_back(to, radius_mm);
  if (options.past_mm > 0.0) rings.emplace_back(to + options.past_mm * axis, taper * radius_mm);

  TriangleMesh mesh;
  const auto sides = static_cast<std::uint32_t>(options.sides);
  for (const auto& [center, ring_mm] : rings)
    for (std::uint32_t i = 0; i < sides; ++i) {
      const double angle = (2.0 * i + 1.0) * half_angle;
      mesh.vertices_mm.emplace_back(center + ring_mm * (std::cos(angle) * u + std::sin(angle) * v));
    }
  for (std::uint32_t ring = 0; ring + 1 < rings.size(); ++ring)
    for (std::uint32_t i = 0; i < sides; ++i) {
      const std::uint32_t a = ring * sides + i, b = ring * sides + (i + 1) % sides;
      mesh.triangles.push_back({a, b, b + sides});
      mesh.triangles.push_back({a, b + sides, a + sides});
    }
  const auto last = static_cast<std::uint32_t>((rings.size() - 1) * sides);
  for (std::uint32_t i = 1; i + 1 < sides; ++i) {
    mesh.triangles.push_back({0, i + 1, i});
    mesh.triangles.push_back({last, last + i, last + i + 1});
  }
  return mesh;
}

TriangleMesh icosahedron(const Point3& center, double inner_radius_mm) {
  // Corners (0, +-1, +-g) and their rotations, g the golden ratio: inscribed radius g^2 / sqrt(3).
  constexpr double g = std::numbers::phi;
  const double scale = inner_radius_mm * std::numbers::sqrt3 / (g * g);
  TriangleMesh mesh;
  for (const auto& corner : {Vector3(-1, g, 0), Vector3(1, g, 0), Vector3(-1, -g, 0), Vector3(1, -g, 0),
                             Vector3(0, -1, g), Vector3(0, 1, g), Vector3(0, -1, -g), Vector3(0, 1, -g),
                             Vector3(g, 0, -1), Vector3(g, 0, 1), Vector3(-g, 0, -1), Vector3(-g, 0, 1)})
    mesh.vertices_mm.emplace_back(center + scale * corner);
  mesh.triangles = {{0, 11, 5},  {0, 5, 1},  {0, 1, 7},  {0, 7, 10}, {0, 10, 11}, {1, 5, 9}, {5, 11, 4},
                    {11, 10, 2}, {10, 7, 6}, {7, 1, 8},  {3, 9, 4},  {3, 4, 2},   {3, 2, 6}, {3, 6, 8},
                    {3, 8, 9},   {4, 9, 5},  {2, 4, 11}, {6, 2, 10}, {8, 6, 7},   {9, 8, 1}};
  return mesh;
}

}  // namespace meshassay::reference_pipeline::repair
