// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/vertex_links.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "core/edge_table.hpp"

namespace meshassay {
namespace {

// Triangles from vertex 0 to each next two of 1 to `sides`, and on to 1 again.
std::vector<Triangle> fan(std::uint32_t sides) {
  std::vector<Triangle> triangles;
  for (std::uint32_t s = 0; s < sides; ++s) triangles.push_back({0, 1 + s, 1 + (s + 1) % sides});
  return triangles;
}

bool is_cycle_at_0(const std::vector<Triangle>& triangles) {
  return is_one_directed_cycle(VertexLinks(triangles, 1000).at(0));
}

TEST(VertexLinks, SeeTheTrianglesAtAVertexInTheirOrder) {
  // The second has a corner twice.
  const VertexLinks links(std::vector<Triangle>{{0, 1, 2}, {0, 1, 1}, {2, 1, 3}}, 5);
  EXPECT_EQ(links.vertices(), 5u);
  EXPECT_EQ(links.sides(), 6u);
  ASSERT_EQ(links.at(1).size(), 2u);
  EXPECT_EQ(links.at(1)[0].from, 2u);
  EXPECT_EQ(links.at(1)[0].to, 0u);
  EXPECT_EQ(links.at(1)[0].triangle, 0u);
  EXPECT_EQ(links.at(1)[1].from, 3u);
  EXPECT_EQ(links.at(1)[1].to, 2u);
  EXPECT_EQ(links.at(1)[1].triangle, 2u);
  EXPECT_TRUE(links.at(4).empty());
}

TEST(VertexLinks, OneDirectedCycleAndNothingElse) {
  for (const std::uint32_t sides : {3u, 6u, 32u, 33u, 200u}) {  // Searched in two ways.
    const auto closed = fan(sides);
    EXPECT_TRUE(is_cycle_at_0(closed)) << sides;
    auto open = closed;
    open.pop_back();
    EXPECT_FALSE(is_cycle_at_0(open)) << sides;
    auto turned = closed;
    std::swap(turned[1][1], turned[1][2]);
    EXPECT_FALSE(is_cycle_at_0(turned)) << sides;
    auto twice = closed;
    twice.push_back(closed.front());
    EXPECT_FALSE(is_cycle_at_0(twice)) << sides;
    auto two = closed;  // Another cone, apex to apex.
    for (auto [a, b, c] : closed) two.push_back({a, b + sides, c + sides});
    EXPECT_FALSE(is_cycle_at_0(two)) << sides;
  }
  EXPECT_FALSE(is_cycle_at_0({}));
}

// Many triangles, so that lots and blocks are used, against maps.
TEST(VertexLinks, EdgesAreThoseThatAMapFinds) {
  std::mt19937_64 random(1);
  constexpr std::uint32_t vertices = 40'000;
  TriangleMesh mesh{.vertices_mm = std::vector<Point3>(vertices, Point3(0, 0, 0)), .triangles = {}};
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<std::pair<std::uint32_t, bool>>> expected;
  for (std::uint32_t t = 0; t < 100'000; ++t) {
    const auto a = static_cast<std::uint32_t>(random() % (vertices - 50));
    const Triangle triangle{a, a + 1 + static_cast<std::uint32_t>(random() % 20),
                            a + static_cast<std::uint32_t>(random() % 3)};
    mesh.triangles.push_back(triangle);
    if (triangle[0] == triangle[2] || triangle[1] == triangle[2]) continue;
    for (std::size_t i = 0; i < 3; ++i) {
      const auto from = triangle[i], to = triangle[(i + 1) % 3];
      expected[std::minmax(from, to)].emplace_back(t, from < to);
    }
  }
  const EdgeTable edges(mesh);
  ASSERT_EQ(edges.edges(), expected.size());
  std::size_t e = 0;
  for (const auto& [ends, uses] : expected) {
    const auto found = edges.edge(e++);
    ASSERT_EQ(found.size(), uses.size());
    for (std::size_t u = 0; u < uses.size(); ++u) {
      ASSERT_EQ(std::pair(found[u].low, found[u].high), ends);
      ASSERT_EQ(std::pair(found[u].triangle, found[u].forward), uses[u]);
    }
  }
}

}  // namespace
}  // namespace meshassay
