// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/meshes/mesh_difference.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <set>

#include "core/distance/triangle_tree.hpp"
#include "tests/support/small_solids.hpp"

namespace meshassay::metrics {
namespace {

using test_support::add_sheet;
using test_support::add_triangle;

TEST(MeshDifference, IsWhatOnlyOneOfThemHas) {
  TriangleMesh one, other;
  add_triangle(one, {0, 0, 0}, {1, 0, 0}, {0, 1, 0});
  add_triangle(one, {0, 0, 1}, {1, 0, 1}, {0, 1, 1});
  add_triangle(one, {0, 0, 2}, {1, 0, 2}, {0, 1, 2});
  add_triangle(other, {0, 0, 3}, {1, 0, 3}, {0, 1, 3});
  add_triangle(other, {0, 0, 2}, {0, 1, 2}, {1, 0, 2});                         // Turned.
  add_triangle(other, {0, 0, 1}, {std::nextafter(1.0, 2.0), 0, 1}, {0, 1, 1});  // An ulp off.
  add_triangle(other, {-0.0, 0, 0}, {1, 0, 0}, {0, 1, 0});
  const auto [of_one, of_other] = difference_of(one, other);
  ASSERT_EQ(of_one.triangles.size(), 1u);
  EXPECT_EQ(of_one.corner(0, 0), Point3(0, 0, 1));
  ASSERT_EQ(of_other.triangles.size(), 2u);
  EXPECT_EQ(of_other.corner(0, 0), Point3(0, 0, 3));
  EXPECT_EQ(of_other.corner(1, 0), Point3(0, 0, 1));
}

TEST(MeshDifference, CountsNoMoreThanOneOfEachKind) {
  TriangleMesh twice, once;
  for (int n = 0; n < 2; ++n) add_triangle(twice, {0, 0, 0}, {1, 0, 0}, {0, 1, 0});
  add_triangle(once, {0, 0, 0}, {1, 0, 0}, {0, 1, 0});
  EXPECT_TRUE(difference_of(twice, once).of_first.triangles.empty());
  EXPECT_TRUE(difference_of(once, twice).of_second.triangles.empty());
  EXPECT_EQ(difference_of(twice, {}).of_first.triangles.size(), 2u);  // Not in the other: both stay.
  EXPECT_TRUE(difference_of({}, {}).of_first.triangles.empty());
}

// Lists that are in line for a while: what is in line is of the kind of what is not. Corners are those of a
// small grid, so that kinds come often; against maps, which know nothing of places in a list.
TEST(MeshDifference, IsTheSameWhereTheListsAreInLine) {
  using Kind = std::array<std::array<double, 3>, 3>;
  const auto kind_of = [](const TriangleMesh& mesh, std::size_t t) {
    Kind kind{};
    for (std::size_t i = 0; i < 3; ++i) {
      const Point3& p = mesh.corner(t, static_cast<int>(i));
      kind[i] = {p[0], p[1], p[2]};
    }
    std::sort(kind.begin(), kind.end());
    return kind;
  };
  const auto is_regular = [](const Kind& kind) { return kind[0] != kind[1] && kind[1] != kind[2]; };
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    std::mt19937_64 random(seed);
    const auto place = [&] {
      const auto x = static_cast<double>(random() % 3);
      return Point3(x, static_cast<double>(random() % 2), 0.0);
    };
    TriangleMesh one, other;
    for (int n = 0; n < 12; ++n) {
      const Point3 a = place(), b = place(), c = place();
      add_triangle(one, a, b, c);
      if (random() % 4 == 0)
        add_triangle(other, place(), place(), place());
      else if (random() % 4 == 0)
        add_triangle(other, b, a, c);
      else
        add_triangle(other, a, b, c);
    }
    if (seed % 3 == 0) add_triangle(other, place(), place(), place());
    const auto expected = [&](const TriangleMesh& mesh, const TriangleMesh& against) {
      std::set<Kind> there;
      for (std::size_t t = 0; t < against.triangles.size(); ++t) there.insert(kind_of(against, t));
      std::vector<Kind> only;
      for (std::size_t t = 0; t < mesh.triangles.size(); ++t)
        if (const auto kind = kind_of(mesh, t); !is_regular(kind) || !there.contains(kind))
          only.push_back(kind);
      return only;
    };
    const auto kinds_of = [&](const TriangleMesh& mesh) {
      std::vector<Kind> kinds;
      for (std::size_t t = 0; t < mesh.triangles.size(); ++t) kinds.push_back(kind_of(mesh, t));
      return kinds;
    };
    const auto found = difference_of(one, other);
    ASSERT_EQ(kinds_of(found.of_first), expected(one, other)) << "seed " << seed;
    ASSERT_EQ(kinds_of(found.of_second), expected(other, one)) << "seed " << seed;
  }
}

// A plate of many cells, and bumps a little above it at a few: the nearest point of what is left is that of
// the whole.
TEST(MeshDifference, WhatIsOutOfReachIsNearestToNothing) {
  TriangleMesh plate, bumps;
  add_sheet(plate, 40, 40, 0, 40);
  add_triangle(bumps, {3, 3, 0.4}, {4, 3, 0.6}, {3, 4, 0.5});
  add_triangle(bumps, {30, 20, 2}, {33, 20, 0}, {30, 24, 0.5});
  TriangleMesh some;
  add_triangle(some, {3, 3, 0}, {4, 3, 0}, {4, 4, 0});
  add_triangle(some, {30, 20, 0}, {31, 20, 0}, {31, 21, 0});
  const auto near = within_reach(bumps, plate, some);
  EXPECT_GT(near.triangles.size(), 20u);
  EXPECT_LT(near.triangles.size(), plate.triangles.size() / 4);
  const TriangleTree whole(plate), part(near);
  std::mt19937_64 random(1);
  const auto uniform = [&] { return static_cast<double>(random() >> 11) * 0x1p-53; };
  for (int n = 0; n < 2000; ++n) {
    const std::size_t t = random() % 2;
    const double a = uniform(), b = uniform() * (1.0 - a);
    const Point3 point = (1.0 - a - b) * bumps.corner(t, 0) + a * bumps.corner(t, 1) + b * bumps.corner(t, 2);
    ASSERT_EQ(part.nearest(point).distance_mm, whole.nearest(point).distance_mm);
  }
}

}  // namespace
}  // namespace meshassay::metrics
