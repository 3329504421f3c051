// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/weld.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <limits>
#include <random>

namespace meshassay {
namespace {

// Three vertices to each triangle; few places, so that each comes in many lots of triangles, with both zeros
// and a NaN among the coordinates.
TriangleMesh soup_of(std::uint32_t triangles, std::uint64_t places) {
  std::mt19937_64 random(7);
  TriangleMesh soup;
  for (std::uint32_t t = 0; t < triangles; ++t) {
    for (int i = 0; i < 3; ++i) {
      const double x = static_cast<double>(random() % places), y = 1e-3 * static_cast<double>(random() % 7);
      const auto kind = random() % 100;
      soup.vertices_mm.emplace_back(x, y,
                                    kind == 0   ? std::numeric_limits<double>::quiet_NaN()
                                    : kind < 50 ? -0.0
                                                : 0.0);
    }
    soup.triangles.push_back({3 * t, 3 * t + 1, 3 * t + 2});
  }
  return soup;
}

// As doubles are: NaN like NaN, -0 unlike +0: of equal places the one that came first has to be kept.
std::vector<std::array<std::uint64_t, 3>> bits_of(const TriangleMesh& mesh) {
  std::vector<std::array<std::uint64_t, 3>> bits;
  for (const auto& p : mesh.vertices_mm)
    bits.push_back({std::bit_cast<std::uint64_t>(p[0]), std::bit_cast<std::uint64_t>(p[1]),
                    std::bit_cast<std::uint64_t>(p[2])});
  return bits;
}

// Four places, each used, in the order of first use; then all that can be wrong with that, one at a time.
TEST(Welded, KeepsOnlyWhatIsWeldedAndInTheOrderOfFirstUse) {
  const TriangleMesh tidy{.vertices_mm = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
                          .triangles = {{0, 1, 2}, {1, 0, 3}}};
  const auto is_as_tidy = [&](const TriangleMesh& mesh) {
    const auto result = welded(mesh);
    return result.triangles == tidy.triangles && result.vertices_mm == tidy.vertices_mm;
  };
  EXPECT_TRUE(is_as_tidy(tidy));
  TriangleMesh unused_at_end = tidy;
  unused_at_end.vertices_mm.emplace_back(5, 5, 5);
  EXPECT_TRUE(is_as_tidy(unused_at_end));
  TriangleMesh unused_between = tidy;
  unused_between.vertices_mm.insert(unused_between.vertices_mm.begin() + 3, Point3(5, 5, 5));
  unused_between.triangles[1][2] = 4;
  EXPECT_TRUE(is_as_tidy(unused_between));
  TriangleMesh twice = tidy;
  twice.vertices_mm.push_back(twice.vertices_mm[0]);
  twice.triangles[1] = {1, 4, 3};
  EXPECT_TRUE(is_as_tidy(twice));
  TriangleMesh twice_in_order = tidy;  // Vertex 3 is vertex 0 again, with another zero.
  twice_in_order.vertices_mm = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, -0.0, 0}, {0, 0, 1}};
  twice_in_order.triangles[1] = {1, 3, 4};
  EXPECT_TRUE(is_as_tidy(twice_in_order));
  TriangleMesh other_order = tidy;
  std::swap(other_order.vertices_mm[1], other_order.vertices_mm[2]);
  other_order.triangles = {{0, 2, 1}, {2, 0, 3}};
  EXPECT_TRUE(is_as_tidy(other_order));
}

// welded() is held against a map in its own test. None, one, one whole lot of 2^14, one more, many.
TEST(WeldedTriangles, AreWhatWeldingTheSoupMakesOfThem) {
  for (const std::uint32_t triangles : {0u, 1u, 1u << 14, (1u << 14) + 1, 70'000u})
    for (const std::uint64_t places : {3u, 5'000u, 1'000'000u}) {
      const auto soup = soup_of(triangles, places);
      const auto expected = welded(soup);
      const auto mesh = welded_triangles(triangles, [&](std::size_t t) {
        return std::array{soup.corner(t, 0), soup.corner(t, 1), soup.corner(t, 2)};
      });
      ASSERT_EQ(mesh.triangles, expected.triangles) << triangles << " triangles, " << places << " places";
      ASSERT_EQ(bits_of(mesh), bits_of(expected)) << triangles << " triangles, " << places << " places";
    }
}

}  // namespace
}  // namespace meshassay
