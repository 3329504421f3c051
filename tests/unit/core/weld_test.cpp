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
