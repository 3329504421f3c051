// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distance/triangle_tree.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "core/bridge_cgal/nearest_point.hpp"
#include "core/errors.hpp"
#include "tests/unit/metrics/known_shapes.hpp"

namespace meshassay {
namespace {

using namespace meshassay::test;

TEST(TriangleTree, FindsWhatAllTrianglesOneByOneHoldAndWhatCgalFinds) {
  const auto mesh = bumpy_sphere(10.0, 2.0, 3, 4);
  const TriangleTree tree(mesh);
  const NearestPoint second(mesh);
  Random random(5);
  for (int trial = 0; trial < 300; ++trial) {
    const Point3 p = random.point(trial % 2 ? 14.0 : 40.0);
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t t = 0; t < mesh.triangles.size(); ++t)
      least = std::min(
          least,
          (p - nearest_on_triangle(p, mesh.corner(t, 0), mesh.corner(t, 1), mesh.corner(t, 2)).point_mm)
              .norm());
    const auto found = tree.nearest(p);
    EXPECT_EQ(found.distance_mm, least);  // the same arithmetic
    EXPECT_NEAR(found.distance_mm, second.query(p).distance_mm, 1e-12 * (1.0 + least));
    EXPECT_NEAR((p - found.foot.point_mm).norm(), least, 1e-12);
  }
}

TEST(TriangleTree, AnswersTheSameWhateverTheHint) {
  // At a corner of the mesh six triangles are equally near: the first of them is the answer.
  const auto mesh = icosphere(5.0, 2);
  const TriangleTree tree(mesh);
  Random random(6);
  for (int trial = 0; trial < 200; ++trial) {
    const Point3 p =
        trial % 2 ? random.point(8.0) : Point3(1.3 * mesh.vertices_mm[static_cast<std::size_t>(trial) % 162]);
    const auto plain = tree.nearest(p);
    for (const std::size_t hint : {std::size_t{0}, std::size_t{57}, mesh.triangles.size() - 1})
      EXPECT_EQ(tree.nearest(p, hint).triangle, plain.triangle);
  }
}

TEST(TriangleTree, LeavesOutTrianglesWithoutAnArea) {
  auto mesh = square(2.0, 0.0, 1);
  mesh.vertices_mm.emplace_back(1.0, 1.0, 5.0);
  mesh.vertices_mm.emplace_back(1.0, 1.0, 6.0);
  mesh.triangles.push_back({4, 5, 5});
  const TriangleTree tree(mesh);
  EXPECT_FALSE(tree.holds(2));
  EXPECT_DOUBLE_EQ(tree.nearest({1.0, 0.9, 5.5}, 2).distance_mm, 5.5);
}

TEST(TriangleTree, VisitsEveryTriangleThroughBoxesThatHoldIt) {
  const auto mesh = bumpy_sphere(3.0, 0.5, 2, 1);
  const TriangleTree tree(mesh);
  std::set<std::size_t> seen;
  Point3 low, high;
  tree.visit(
      {},
      [&](const Point3& l, const Point3& h) {
        low = l;
        high = h;
        return true;
      },
      [&](std::size_t triangle, const std::array<Point3, 3>& corners) {
        EXPECT_TRUE(seen.insert(triangle).second);
        for (int i = 0; i < 3; ++i) {
          EXPECT_EQ(corners[static_cast<std::size_t>(i)], mesh.corner(triangle, i));
          EXPECT_TRUE((corners[static_cast<std::size_t>(i)].array() >= low.array()).all());
          EXPECT_TRUE((corners[static_cast<std::size_t>(i)].array() <= high.array()).all());
        }
      });
  EXPECT_EQ(seen.size(), mesh.triangles.size());
  tree.visit(
      {}, [](const Point3&, const Point3&) { return false; },
      [](std::size_t, const std::array<Point3, 3>&) { FAIL() << "behind a closed box"; });
}

TEST(TriangleTree, VisitsAllThatMeetsABall) {
  const auto mesh = bumpy_sphere(3.0, 0.5, 3, 2);
  const TriangleTree tree(mesh);
  Random random(8);
  for (int trial = 0; trial < 100; ++trial) {
    const Point3 center = random.point(4.0);
    const double radius_mm = random.uniform(0.0, 3.0);
    std::set<std::size_t> seen;
    tree.visit(
        {.center_mm = center, .radius_mm = radius_mm}, [](const Point3&, const Point3&) { return true; },
        [&](std::size_t triangle, const auto&) { seen.insert(triangle); });
    std::size_t beyond = 0;
    for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
      if (std::sqrt(tree.square_to(center, t)) <= radius_mm)
        EXPECT_TRUE(seen.contains(t));
      else
        beyond += seen.contains(t) ? 0 : 1;
    }
    EXPECT_GT(beyond, 0u) << "a ball of this size does not meet all of the mesh";
  }
}

// A box that is rounded the wrong way would hide its triangle from points near by: coordinates far from the
// origin and of any size, against all triangles one by one.
TEST(TriangleTree, HidesNothingByRoundingWhereverAndHoweverLargeTheMeshIs) {
  Random random(9);
  for (const double scale : {1e-6, 1.0, 3.7e5}) {
    for (const double away : {0.0, 1e3, 1e6}) {
      const auto mesh =
          moved(bumpy_sphere(scale, 0.2 * scale, 2, 3), random.rotation(), scale * away * Vector3(1, -2, 3));
      const TriangleTree tree(mesh);
      for (int trial = 0; trial < 40; ++trial) {
        const Point3 p = mesh.vertices_mm[static_cast<std::size_t>(trial)] + random.point(0.3 * scale);
        double least = std::numeric_limits<double>::infinity();
        for (std::size_t t = 0; t < mesh.triangles.size(); ++t)
          least = std::min(least, std::sqrt(tree.square_to(p, t)));
        EXPECT_EQ(tree.nearest(p).distance_mm, least);
        EXPECT_EQ(tree.nearest(p, {.within_mm = 0.5 * least}).triangle, TriangleTree::none);
      }
    }
  }
}

// The number of triangles decides the shape of the tree.
TEST(TriangleTree, HoldsEveryTriangleWhateverTheirNumber) {
  const auto all = bumpy_sphere(3.0, 0.5, 2, 1);
  for (std::size_t count = 1; count < 70; ++count) {
    TriangleMesh mesh = all;
    mesh.triangles.resize(count);
    const TriangleTree tree(mesh);
    for (std::size_t t = 0; t < count; ++t) {
      const Point3 middle = (mesh.corner(t, 0) + mesh.corner(t, 1) + mesh.corner(t, 2)) / 3.0;
      EXPECT_EQ(tree.nearest(middle).triangle, t);
    }
  }
}

TEST(TriangleTree, RefusesMeshesThatAreNoSurface) {
  EXPECT_THROW(TriangleTree(TriangleMesh{}), InvalidInput);
  auto broken = square(1.0, 0.0, 1);
  broken.triangles[0][1] = 77;
  EXPECT_THROW(TriangleTree{broken}, InvalidInput);
  auto infinite = square(1.0, 0.0, 1);
  infinite.vertices_mm[0][2] = std::numeric_limits<double>::infinity();
  EXPECT_THROW(TriangleTree{infinite}, InvalidInput);
  auto line = square(1.0, 0.0, 1);
  for (auto& vertex : line.vertices_mm) vertex[0] = vertex[1] = 0.0;
  EXPECT_THROW(TriangleTree{line}, InvalidInput);
}

}  // namespace
}  // namespace meshassay
