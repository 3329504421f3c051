// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fine_mesh.hpp"

#include <gtest/gtest.h>

#include <map>
#include <utility>

#include "core/errors.hpp"

namespace meshassay {
namespace {

// A tetrahedron of the coordinate planes with legs of 8 mm.
TriangleMesh tetrahedron() {
  TriangleMesh mesh;
  mesh.vertices_mm = {{0, 0, 0}, {8, 0, 0}, {0, 8, 0}, {0, 0, 8}};
  mesh.triangles = {{0, 2, 1}, {0, 1, 3}, {0, 3, 2}, {1, 2, 3}};
  return mesh;
}

double longest_edge_mm(const TriangleMesh& mesh) {
  double longest = 0.0;
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t)
    for (int i = 0; i < 3; ++i)
      longest = std::max(longest, (mesh.corner(t, (i + 1) % 3) - mesh.corner(t, i)).norm());
  return longest;
}

// Each side runs once in either direction: closed, oriented, and no vertex on another triangle's edge.
bool is_closed(const TriangleMesh& mesh) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, int> balance, uses;
  for (const auto& triangle : mesh.triangles)
    for (std::size_t i = 0; i < 3; ++i) {
      const auto from = triangle[i], to = triangle[(i + 1) % 3];
      balance[std::minmax(from, to)] += from < to ? 1 : -1;
      ++uses[std::minmax(from, to)];
    }
  for (const auto& [edge, sum] : balance)
    if (sum != 0 || uses[edge] != 2) return false;
  return true;
}

TEST(WithEdgesUpTo, KeepsTheSurfaceAndItsTopologyWhateverTheLength) {
  const auto coarse = tetrahedron();
  // Legs of 8 mm and edges of 11.3 mm: lengths at which none, some and all edges of a triangle are halved.
  for (const double longest_mm : {12.0, 11.0, 8.0, 5.0, 3.0, 1.0}) {
    const auto fine = with_edges_up_to(coarse, longest_mm);
    EXPECT_LE(longest_edge_mm(fine), longest_mm);
    EXPECT_TRUE(is_closed(fine)) << longest_mm;
    // Halves of whole numbers are exact, so that every piece lies in its face.
    EXPECT_NEAR(signed_volume_mm3(fine), 512.0 / 6.0, 1e-11) << longest_mm;
    EXPECT_NEAR(area_mm2(fine), area_mm2(coarse), 1e-11) << longest_mm;
  }
}

TEST(WithEdgesUpTo, HalvesNoMoreThanItHasTo) {
  EXPECT_EQ(with_edges_up_to(tetrahedron(), 12.0).triangles, tetrahedron().triangles);
  // The three edges of the slanted face: four triangles there, two in each of the others.
  EXPECT_EQ(with_edges_up_to(tetrahedron(), 8.0).triangles.size(), 10u);
  // All six edges, then: four in each face.
  EXPECT_EQ(with_edges_up_to(tetrahedron(), 7.9).triangles.size(), 16u);
}

TEST(WithEdgesUpTo, OfNothingIsNothing) { EXPECT_TRUE(with_edges_up_to({}, 1.0).triangles.empty()); }

TEST(WithEdgesUpTo, RefusesWhatNoMemoryHolds) {
  EXPECT_THROW((void)with_edges_up_to(tetrahedron(), 1e-4), InvalidInput);
}

}  // namespace
}  // namespace meshassay
