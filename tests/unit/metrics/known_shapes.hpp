// SPDX-License-Identifier: GPL-3.0-or-later
// Shapes whose distances are known in closed form, for tests of metrics.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "core/implicit_surface.hpp"
#include "core/triangle_mesh.hpp"
#include "core/truth.hpp"

namespace meshassay::test {

inline TriangleMesh moved(TriangleMesh mesh, const Matrix3& matrix, const Vector3& shift_mm) {
  for (auto& vertex : mesh.vertices_mm) vertex = matrix * vertex + shift_mm;
  return mesh;
}

inline TriangleMesh inside_out(TriangleMesh mesh) {
  for (auto& triangle : mesh.triangles) std::swap(triangle[1], triangle[2]);
  return mesh;
}

/// Level n has 20 * 4^n triangles; every vertex lies on the sphere.
inline TriangleMesh icosphere(double radius_mm, int level, const Point3& center_mm = Point3::Zero()) {
  const double g = 0.5 * (1.0 + std::sqrt(5.0));
  TriangleMesh mesh;
  mesh.vertices_mm = {{-1, g, 0},  {1, g, 0},  {-1, -g, 0}, {1, -g, 0}, {0, -1, g},  {0, 1, g},
                      {0, -1, -g}, {0, 1, -g}, {g, 0, -1},  {g, 0, 1},  {-g, 0, -1}, {-g, 0, 1}};
  mesh.triangles = {{0, 11, 5},  {0, 5, 1},  {0, 1, 7},  {0, 7, 10}, {0, 10, 11}, {1, 5, 9}, {5, 11, 4},
                    {11, 10, 2}, {10, 7, 6}, {7, 1, 8},  {3, 9, 4},  {3, 4, 2},   {3, 2, 6}, {3, 6, 8},
                    {3, 8, 9},   {4, 9, 5},  {2, 4, 11}, {6, 2, 10}, {8, 6, 7},   {9, 8, 1}};
  for (auto& vertex : mesh.vertices_mm) vertex.normalize();
  for (int i = 0; i < level; ++i) {
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> middles;
    const auto middle = [&](std::uint32_t a, std::uint32_t b) {
      const auto [entry, is_new] = middles.try_emplace(std::minmax(a, b), mesh.vertices_mm.size());
      if (is_new) mesh.vertices_mm.push_back((mesh.vertices_mm[a] + mesh.vertices_mm[b]).normalized());
      return entry->second;
    };
    std::vector<Triangle> finer;
    for (const auto& [a, b, c] : mesh.triangles) {
      const auto ab = middle(a, b), bc = middle(b, c), ca = middle(c, a);
      for (const Triangle& t :
           {Triangle{a, ab, ca}, Triangle{b, bc, ab}, Triangle{c, ca, bc}, Triangle{ab, bc, ca}})
        finer.push_back(t);
    }
    mesh.triangles = std::move(finer);
  }
  return moved(std::move(mesh), radius_mm * Matrix3::Identity(), center_mm);
}

/// Exact distance of a sphere.
inline ImplicitSurface sphere(double radius_mm, const Point3& center_mm = Point3::Zero()) {
  ImplicitSurface surface;
  surface.signed_distance_mm = [=](const Point3& p) { return (p - center_mm).norm() - radius_mm; };
  surface.gradient = [=](const Point3& p) {
    const Vector3 offset = p - center_mm;
    return offset.norm() > 0.0 ? offset.normalized().eval() : Vector3::UnitX().eval();
  };
  // |q| is convex and its second derivative across is 1 / |q|: at most rho^2 / (2 (|c| - rho)).
  surface.flatness_mm = [=](const Point3& center, double rho) {
    const double near = (center - center_mm).norm() - rho;
    return near > 0.0 ? std::min(2.0 * rho, rho * rho / (2.0 * near)) : 2.0 * rho;
  };
  surface.bounds_mm.add(center_mm + Vector3::Constant(radius_mm));
  surface.bounds_mm.add(center_mm - Vector3::Constant(radius_mm));
  return surface;
}

/// The half-space z <= `height_mm`.
inline ImplicitSurface half_space(double height_mm) {
  ImplicitSurface surface;
  surface.signed_distance_mm = [=](const Point3& p) { return p[2] - height_mm; };
  surface.gradient = [](const Point3&) { return Vector3::UnitZ().eval(); };
  surface.flatness_mm = [](const Point3&, double) { return 0.0; };
  return surface;
}

/// A closed box about the centre, two triangles a face.
inline TriangleMesh box(const Vector3& size_mm, const Point3& center_mm = Point3::Zero()) {
  TriangleMesh mesh;
  for (int corner = 0; corner < 8; ++corner)
    mesh.vertices_mm.push_back(center_mm + 0.5 * Vector3((corner & 1 ? 1 : -1) * size_mm[0],
                                                         (corner & 2 ? 1 : -1) * size_mm[1],
                                                         (corner & 4 ? 1 : -1) * size_mm[2]));
  mesh.triangles = {{0, 2, 3}, {0, 3, 1}, {4, 5, 7}, {4, 7, 6}, {0, 1, 5}, {0, 5, 4},
                    {2, 6, 7}, {2, 7, 3}, {0, 4, 6}, {0, 6, 2}, {1, 3, 7}, {1, 7, 5}};
  return mesh;
}

/// A square in the plane z = height, `cells` x `cells` squares of two triangles, facing +z.
inline TriangleMesh square(double side_mm, double height_mm, std::uint32_t cells,
                           const Point3& corner_mm = Point3::Zero()) {
  TriangleMesh mesh;
  const std::uint32_t row = cells + 1;
  for (std::uint32_t j = 0; j < row; ++j)
    for (std::uint32_t i = 0; i < row; ++i)
      mesh.vertices_mm.push_back(corner_mm + Vector3(side_mm * i / cells, side_mm * j / cells, height_mm));
  for (std::uint32_t j = 0; j < cells; ++j)
    for (std::uint32_t i = 0; i < cells; ++i) {
      const std::uint32_t v = j * row + i;
      mesh.triangles.push_back({v, v + 1, v + row + 1});
      mesh.triangles.push_back({v, v + row + 1, v + row});
    }
  return mesh;
}

inline TriangleMesh together(TriangleMesh a, const TriangleMesh& b) {
  const auto offset = static_cast<std::uint32_t>(a.vertices_mm.size());
  a.vertices_mm.insert(a.vertices_mm.end(), b.vertices_mm.begin(), b.vertices_mm.end());
  for (const auto& [i, j, k] : b.triangles) a.triangles.push_back({i + offset, j + offset, k + offset});
  return a;
}

/// Random numbers that are the same on every machine (splitmix64).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  double uniform(double low, double high) {
    state_ += 0x9e3779b97f4a7c15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    z ^= z >> 31;
    return low + (high - low) * static_cast<double>(z >> 11) * 0x1p-53;
  }
  Vector3 point(double half_width) {
    const double x = uniform(-half_width, half_width), y = uniform(-half_width, half_width);
    return {x, y, uniform(-half_width, half_width)};
  }
  Matrix3 rotation() {
    return Eigen::AngleAxisd(uniform(0.0, 6.0), point(1.0).normalized()).toRotationMatrix();
  }

 private:
  std::uint64_t state_;
};

/// A sphere with a smooth random relief of at most `height_mm`: star-shaped.
inline TriangleMesh bumpy_sphere(double radius_mm, double height_mm, int level, std::uint64_t seed) {
  Random random(seed);
  std::array<Vector3, 5> waves;
  for (auto& wave : waves) wave = random.point(6.0);
  auto mesh = icosphere(1.0, level);
  for (auto& vertex : mesh.vertices_mm) {
    double relief = 0.0;
    for (const auto& wave : waves) relief += std::sin(wave.dot(vertex) + wave[0]) / waves.size();
    vertex *= radius_mm + height_mm * relief;
  }
  return mesh;
}

inline TargetTruth truth_of(ImplicitSurface surface) {
  TargetTruth truth;
  truth.implicit = std::move(surface);
  return truth;
}

inline TargetTruth truth_of(TriangleMesh mesh) {
  TargetTruth truth;
  truth.surface = std::move(mesh);
  return truth;
}

}  // namespace meshassay::test
