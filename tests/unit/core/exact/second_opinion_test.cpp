// SPDX-License-Identifier: GPL-3.0-or-later
// CGAL's Polygon Mesh Processing as a second opinion on self-intersections, where coincidences abound.
#include <CGAL/Exact_predicates_inexact_constructions_kernel.h>
#include <CGAL/Polygon_mesh_processing/self_intersections.h>
#include <CGAL/Surface_mesh.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "core/exact/self_intersection.hpp"
#include "tests/unit/core/exact/small_meshes.hpp"

namespace meshassay::exact {
namespace {

using Kernel = CGAL::Exact_predicates_inexact_constructions_kernel;
using Surface = CGAL::Surface_mesh<Kernel::Point_3>;
using Pairs = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

Pairs pairs_of_cgal(const TriangleMesh& mesh) {
  Surface surface;
  std::vector<Surface::Vertex_index> vertices;
  for (const auto& p : mesh.vertices_mm) vertices.push_back(surface.add_vertex({p[0], p[1], p[2]}));
  for (const auto& t : mesh.triangles)
    if (!surface.add_face(vertices[t[0]], vertices[t[1]], vertices[t[2]]).is_valid())
      throw std::logic_error("no manifold");
  std::vector<std::pair<Surface::Face_index, Surface::Face_index>> found;
  CGAL::Polygon_mesh_processing::self_intersections(surface, std::back_inserter(found));
  Pairs pairs;
  for (const auto& [a, b] : found)
    pairs.emplace_back(std::min<std::uint32_t>(a, b), std::max<std::uint32_t>(a, b));
  std::sort(pairs.begin(), pairs.end());
  return pairs;
}

// Not welded: to both, a touch at equal corners is one.
TEST(SecondOpinion, OfCgalOnSoupsOnALattice) {
  std::size_t intersecting = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    std::mt19937_64 random(seed);
    TriangleMesh mesh;
    while (mesh.triangles.size() < 30) {
      std::array<Point3, 3> p;
      for (auto& corner : p)
        for (int i = 0; i < 3; ++i) corner[i] = static_cast<double>(random() % 12);
      if ((p[1] - p[0]).cross(p[2] - p[0]).isZero(0.0)) continue;  // exact on whole numbers
      add_triangle(mesh, p[0], p[1], p[2]);
    }
    const auto ours = self_intersections(mesh).pairs;
    ASSERT_EQ(ours, pairs_of_cgal(mesh)) << "seed " << seed;
    intersecting += ours.size();
  }
  EXPECT_GT(intersecting, 1000u);
}

// A torus whose corners are rounded to a coarse lattice: faces fold over, touch and coincide.
TEST(SecondOpinion, OfCgalOnASurfaceThatIsRoundedToALattice) {
  std::size_t compared = 0, intersecting = 0;
  for (int steps = 8; steps <= 40; ++steps) {
    TriangleMesh mesh;
    for (int i = 0; i < 2 * steps; ++i)
      for (int j = 0; j < steps; ++j) {
        const double u = std::numbers::pi * i / steps, v = 2.0 * std::numbers::pi * j / steps;
        const double r = 3.0 + 1.4 * std::cos(v);
        mesh.vertices_mm.emplace_back(std::round(2.0 * r * std::cos(u)), std::round(2.0 * r * std::sin(u)),
                                      std::round(2.8 * std::sin(v)));
      }
    const auto at = [&](int i, int j) {
      return static_cast<std::uint32_t>(i % (2 * steps) * steps + j % steps);
    };
    for (int i = 0; i < 2 * steps; ++i)
      for (int j = 0; j < steps; ++j) {
        mesh.triangles.push_back({at(i, j), at(i + 1, j), at(i + 1, j + 1)});
        mesh.triangles.push_back({at(i, j), at(i + 1, j + 1), at(i, j + 1)});
      }
    // CGAL's predicates want triangles with an area: those without are taken out of both.
    const auto degenerate = degenerate_triangles(mesh);
    TriangleMesh left{mesh.vertices_mm, {}};
    for (std::uint32_t t = 0; t < mesh.triangles.size(); ++t)
      if (!std::binary_search(degenerate.begin(), degenerate.end(), t))
        left.triangles.push_back(mesh.triangles[t]);
    const auto ours = self_intersections(left).pairs;
    ASSERT_EQ(ours, pairs_of_cgal(left)) << steps << " steps";
    ++compared;
    intersecting += ours.size();
  }
  EXPECT_EQ(compared, 33u);
  EXPECT_GT(intersecting, 1000u);
}

}  // namespace
}  // namespace meshassay::exact
