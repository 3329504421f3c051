// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/triangle_mesh.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace meshassay {
namespace {

// A tetrahedron of the coordinate planes with legs of 1 mm, `offset` away: volume 1/6, area 3/2 + sqrt(3)/2.
TriangleMesh tetrahedron(const Vector3& offset) {
  TriangleMesh mesh;
  for (const Point3& point : {Point3(0, 0, 0), Point3(1, 0, 0), Point3(0, 1, 0), Point3(0, 0, 1)})
    mesh.vertices_mm.push_back(point + offset);
  mesh.triangles = {{0, 2, 1}, {0, 1, 3}, {0, 3, 2}, {1, 2, 3}};
  return mesh;
}

TEST(SignedVolume, IsPositiveForAnOutwardSolidAndKeepsItsDigitsFarFromTheOrigin) {
  EXPECT_NEAR(signed_volume_mm3(tetrahedron(Vector3::Zero())), 1.0 / 6.0, 1e-15);
  // The coordinates themselves carry 2^-33 at 1e6 mm; taken about the origin the sum would be off by about 1.
  EXPECT_NEAR(signed_volume_mm3(tetrahedron(Vector3::Constant(1e6))), 1.0 / 6.0, 1e-9);
  auto inverted = tetrahedron(Vector3::Zero());
  for (auto& triangle : inverted.triangles) std::swap(triangle[1], triangle[2]);
  EXPECT_NEAR(signed_volume_mm3(inverted), -1.0 / 6.0, 1e-15);
}

TEST(Area, OfATetrahedron) {
  EXPECT_NEAR(area_mm2(tetrahedron(Vector3::Zero())), 1.5 + std::sqrt(3.0) / 2.0, 1e-15);
}

TEST(Welded, MergesEqualCoordinatesAndTheTwoZerosOnly) {
  TriangleMesh soup;
  soup.vertices_mm = {{0, 0, 0},    {1, 0, 0}, {0, 1, 0},  // first triangle
                      {-0.0, 0, 0}, {0, 1, 0}, {0, 0, 1},  // shares two of its points
                      {9, 9, 9}};                          // used by none
  soup.triangles = {{0, 1, 2}, {3, 4, 5}};
  const auto mesh = welded(soup);
  EXPECT_EQ(mesh.vertices_mm.size(), 4u);
  EXPECT_EQ(mesh.triangles[0], (Triangle{0, 1, 2}));
  EXPECT_EQ(mesh.triangles[1], (Triangle{0, 2, 3}));
  soup.vertices_mm[3] = {1e-300, 0, 0};  // as near as can be, and not equal
  EXPECT_EQ(welded(soup).vertices_mm.size(), 5u);
}

// So many that points are dealt out; against a map, which knows nothing of hashes.
TEST(Welded, OfManyPointsNumbersThemByFirstUse) {
  std::mt19937_64 random(1);
  TriangleMesh soup;
  for (std::uint32_t t = 0; t < 20'000; ++t) {
    for (int i = 0; i < 3; ++i)
      soup.vertices_mm.emplace_back(static_cast<double>(random() % 20),
                                    1e-3 * static_cast<double>(random() % 20),
                                    random() % 2 == 0 ? -0.0 : static_cast<double>(random() % 10));
    soup.triangles.push_back({3 * t, static_cast<std::uint32_t>(random() % (3 * t + 1)), 3 * t + 2});
  }
  std::map<std::array<double, 3>, std::uint32_t> numbers;
  const auto mesh = welded(soup);
  ASSERT_EQ(mesh.triangles.size(), soup.triangles.size());
  for (std::size_t t = 0; t < soup.triangles.size(); ++t)
    for (std::size_t i = 0; i < 3; ++i) {
      const Point3& p = soup.vertices_mm[soup.triangles[t][i]];
      const auto next = static_cast<std::uint32_t>(numbers.size());
      ASSERT_EQ(mesh.triangles[t][i], numbers.try_emplace({p[0], p[1], p[2]}, next).first->second);
      ASSERT_EQ(mesh.vertices_mm[mesh.triangles[t][i]], p);
    }
  EXPECT_EQ(mesh.vertices_mm.size(), numbers.size());
  EXPECT_EQ(welded(mesh).triangles, mesh.triangles);
}

TEST(BoundingBox, LooksAtUsedVerticesOnly) {
  auto mesh = tetrahedron(Vector3::Zero());
  mesh.vertices_mm.emplace_back(100, 100, 100);
  EXPECT_EQ(bounding_box(mesh).max_mm, Point3(1, 1, 1));
  EXPECT_TRUE(bounding_box(TriangleMesh{}).empty());
}

}  // namespace
}  // namespace meshassay
