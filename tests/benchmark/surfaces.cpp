// SPDX-License-Identifier: GPL-3.0-or-later
// Distances of surfaces against CGAL's. Each pair of meshes has 199 080 triangles a mesh.
#include <CGAL/Exact_predicates_inexact_constructions_kernel.h>
#include <CGAL/Polygon_mesh_processing/distance.h>
#include <CGAL/Surface_mesh.h>
#include <fmt/format.h>
#include <tbb/global_control.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <numbers>

#include "core/distance/triangle_tree.hpp"
#include "metrics/deviation/farthest_point.hpp"
#include "metrics/deviation/surface_deviation.hpp"
#include "tests/benchmark/contest.hpp"

namespace meshassay {
namespace {

using benchmark::compare;
using Kernel = CGAL::Exact_predicates_inexact_constructions_kernel;
using Mesh = CGAL::Surface_mesh<Kernel::Point_3>;

// Its result is looked at, so that no work is left out.
volatile double sink;

Mesh to_cgal(const TriangleMesh& mesh) {
  Mesh result;
  std::vector<Mesh::Vertex_index> vertices;
  for (const auto& p : mesh.vertices_mm)
    vertices.push_back(result.add_vertex(Kernel::Point_3(p[0], p[1], p[2])));
  for (const auto& [a, b, c] : mesh.triangles) result.add_face(vertices[a], vertices[b], vertices[c]);
  return result;
}

// Of 316 meridians and 315 parallels, with a relief of five waves of `height_mm` together.
TriangleMesh globe(double radius_mm, double height_mm, double phase, const Matrix3& turned) {
  constexpr std::uint32_t around = 316, down = 316;
  const std::array<Vector3, 5> waves = {{{5, 1, -3}, {-2, 4, 3}, {1, -5, 2}, {4, 3, 4}, {-3, -2, 5}}};
  const auto lifted = [&](const Vector3& direction) {
    double relief = 0.0;
    for (const auto& wave : waves) relief += std::sin(wave.dot(direction) + phase * wave[0]) / 5.0;
    return (turned * direction * (radius_mm + height_mm * relief)).eval();
  };
  TriangleMesh mesh;
  mesh.vertices_mm.push_back(lifted(Vector3::UnitZ()));
  for (std::uint32_t j = 1; j < down; ++j)
    for (std::uint32_t i = 0; i < around; ++i) {
      const double theta = std::numbers::pi * j / down, phi = 2.0 * std::numbers::pi * i / around;
      mesh.vertices_mm.push_back(
          lifted({std::sin(theta) * std::cos(phi), std::sin(theta) * std::sin(phi), std::cos(theta)}));
    }
  mesh.vertices_mm.push_back(lifted(-Vector3::UnitZ()));
  const auto last = static_cast<std::uint32_t>(mesh.vertices_mm.size() - 1);
  const auto at = [&](std::uint32_t j, std::uint32_t i) { return 1 + (j - 1) * around + i % around; };
  for (std::uint32_t i = 0; i < around; ++i) {
    mesh.triangles.push_back({0, at(1, i), at(1, i + 1)});
    for (std::uint32_t j = 1; j + 1 < down; ++j) {
      mesh.triangles.push_back({at(j, i), at(j + 1, i), at(j + 1, i + 1)});
      mesh.triangles.push_back({at(j, i), at(j + 1, i + 1), at(j, i + 1)});
    }
    mesh.triangles.push_back({at(down - 1, i), last, at(down - 1, i + 1)});
  }
  return mesh;
}

metrics::Enclosed ours(const TriangleMesh& a, const TriangleMesh& b) {
  return metrics::hausdorff_distance(
      a, b, {.width_mm = 0.001, .relative_width = 0.0, .max_bisections = 10'000'000});
}

void hausdorff(const std::string& name, const TriangleMesh& a, const TriangleMesh& b, int pairs) {
  const auto result = ours(a, b);
  fmt::print("{}: {} triangles each, Hausdorff distance in [{:.6f}, {:.6f}] mm\n", name, a.triangles.size(),
             result.ruler.lo, result.ruler.hi);
  std::fflush(stdout);
  if (result.ruler.width() > 0.0011) std::abort();
  const Mesh cgal_a = to_cgal(a), cgal_b = to_cgal(b);
  compare(
      {"enclosed Hausdorff distance to 0.001 mm, " + name, [&] { sink = ours(a, b).value; }},
      {"CGAL bounded_error_symmetric_Hausdorff_distance",
       [&] {
         sink =
             CGAL::Polygon_mesh_processing::bounded_error_symmetric_Hausdorff_distance<CGAL::Sequential_tag>(
                 cgal_a, cgal_b, 0.001);
       }},
      pairs);
}

void deviation_threads(const TriangleMesh& a, const TriangleMesh& b) {
  TargetTruth truth;
  truth.surface = b;
  const auto measure = [&](std::size_t threads) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    sink = metrics::surface_deviation(a, truth).rms_mm.value;
  };
  compare({"all deviations of two bumpy spheres, two threads", [&] { measure(2); }},
          {"the same, one thread", [&] { measure(1); }}, 3);
}

}  // namespace
}  // namespace meshassay

int main() {
  using namespace meshassay;
  const Matrix3 upright = Matrix3::Identity();
  const Matrix3 turned = Eigen::AngleAxisd(0.7, Vector3(1, 2, 3).normalized()).toRotationMatrix();
  const auto bumpy = globe(20.0, 1.0, 0.0, upright), other = globe(20.0, 1.0, 0.3, turned);
  hausdorff("bumpy spheres", bumpy, other, 3);
  hausdorff("concentric spheres (a plateau)", globe(20.0, 0.0, 0.0, upright), globe(21.0, 0.0, 0.0, turned),
            1);
  deviation_threads(bumpy, other);
}
