// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exact/outer_hull.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <random>

#include "tests/unit/core/exact/small_meshes.hpp"

namespace meshassay::exact {
namespace {

struct Result {
  Arrangement arrangement;
  OuterHull hull;
  [[nodiscard]] std::size_t count(HullRole role) const {
    return static_cast<std::size_t>(std::count(hull.role.begin(), hull.role.end(), role));
  }
  [[nodiscard]] double solid_volume() const { return signed_volume_mm3(solid_surface(arrangement, hull)); }
  [[nodiscard]] double sheet_area() const { return area_mm2(sheet_surface(arrangement, hull)); }
  // Bounded cells, ascending by volume.
  [[nodiscard]] std::vector<std::pair<double, std::optional<std::int64_t>>> bounded_cells() const {
    std::vector<std::pair<double, std::optional<std::int64_t>>> cells;
    for (std::size_t c = 1; c < hull.cells.size(); ++c)
      cells.emplace_back(hull.cells[c].volume_mm3, hull.cells[c].winding);
    std::sort(cells.begin(), cells.end());
    return cells;
  }
};

Result hull_of(const TriangleMesh& mesh) {
  Result result{arrange(mesh), {}};
  result.hull = outer_hull(result.arrangement);
  return result;
}

TEST(OuterHull, OfABoxIsAllOfIt) {
  const auto result = hull_of(box({0, 0, 0}, {1, 2, 3}));
  EXPECT_EQ(result.count(HullRole::solid), 12u);
  EXPECT_EQ(result.hull.parts, 1u);
  EXPECT_EQ(result.hull.hui_components, 1u);
  EXPECT_TRUE(result.hull.weak_edges.empty());
  EXPECT_TRUE(result.hull.weak_vertices.empty());
  ASSERT_EQ(result.hull.cells.size(), 2u);
  EXPECT_DOUBLE_EQ(result.hull.cells[1].volume_mm3, 6.0);
  EXPECT_EQ(result.hull.cells[1].winding, 1);
}

TEST(OuterHull, IsOrientedOutwardsWhateverTheInputIs) {
  TriangleMesh inverted;
  add_box(inverted, {0, 0, 0}, {1, 2, 3}, true);
  EXPECT_DOUBLE_EQ(hull_of(inverted).solid_volume(), 6.0);
  EXPECT_EQ(hull_of(inverted).hull.cells[1].winding, -1);
  auto mixed = box({0, 0, 0}, {1, 2, 3});
  std::swap(mixed.triangles[4][0], mixed.triangles[4][1]);
  EXPECT_DOUBLE_EQ(hull_of(mixed).solid_volume(), 6.0);
  EXPECT_EQ(hull_of(mixed).hull.cells[1].winding, std::nullopt);
}

TEST(OuterHull, OfTwoOverlappingBoxesIsTheirUnion) {
  auto mesh = box({0, 0, 0}, {1, 1, 1});
  add_box(mesh, {0.5, 0.5, 0.5}, {1.5, 1.5, 1.5});
  const auto result = hull_of(mesh);
  EXPECT_DOUBLE_EQ(result.solid_volume(), 1.875);  // 2 - 0.5^3
  EXPECT_EQ(result.count(HullRole::sheet), 0u);
  EXPECT_GT(result.count(HullRole::internal), 0u);
  EXPECT_EQ(result.hull.parts, 1u);
  const auto cells = result.bounded_cells();
  ASSERT_EQ(cells.size(), 3u);
  EXPECT_DOUBLE_EQ(cells[0].first, 0.125);
  EXPECT_EQ(cells[0].second, 2);
  EXPECT_DOUBLE_EQ(cells[1].first, 0.875);
  EXPECT_DOUBLE_EQ(cells[2].first, 0.875);
  EXPECT_EQ(cells[1].second, 1);
}

TEST(OuterHull, CoplanarBoxesAndSharedFaces) {
  // Side by side, a common face that is there twice: internal.
  auto beside = box({0, 0, 0}, {1, 1, 1});
  add_box(beside, {1, 0, 0}, {2, 1, 1});
  const auto joined = hull_of(beside);
  EXPECT_DOUBLE_EQ(joined.solid_volume(), 2.0);
  EXPECT_EQ(joined.count(HullRole::internal), 2u);
  EXPECT_EQ(joined.hull.parts, 1u);
  // Faces overlap in part, in four planes.
  auto shifted = box({0, 0, 0}, {2, 1, 1});
  add_box(shifted, {1, 0, 0}, {3, 1, 1});
  EXPECT_DOUBLE_EQ(hull_of(shifted).solid_volume(), 3.0);
  EXPECT_EQ(hull_of(shifted).hull.parts, 1u);
  // The whole twice.
  auto twice = box({0, 0, 0}, {1, 1, 1});
  add_box(twice, {0, 0, 0}, {1, 1, 1});
  EXPECT_EQ(hull_of(twice).count(HullRole::solid), 12u);
  EXPECT_EQ(hull_of(twice).hull.cells[1].winding, 2);
  auto both_ways = box({0, 0, 0}, {1, 1, 1});
  add_box(both_ways, {0, 0, 0}, {1, 1, 1}, true);
  // The diagonals of its faces cross: four pieces a face.
  EXPECT_EQ(hull_of(both_ways).count(HullRole::solid), 24u);
  EXPECT_EQ(hull_of(both_ways).hull.cells[1].winding, 0);
}

TEST(OuterHull, SixSlabsMakeABoxWithACavity) {
  // Walls of thickness 1 about a hollow of 2 x 2 x 2, corners and edges covered twice or three times.
  TriangleMesh mesh;
  for (int axis = 0; axis < 3; ++axis)
    for (const double at : {0.0, 3.0}) {
      Point3 low(0, 0, 0), high(4, 4, 4);
      low[axis] = at;
      high[axis] = at + 1.0;
      add_box(mesh, low, high);
    }
  const auto result = hull_of(mesh);
  EXPECT_NEAR(result.solid_volume(), 64.0, 1e-11);  // Sums of hundreds of rounded terms.
  EXPECT_EQ(result.hull.parts, 1u);
  double cavity = 0.0, walls = 0.0;
  for (const auto& [volume, winding] : result.bounded_cells()) (winding == 0 ? cavity : walls) += volume;
  EXPECT_NEAR(cavity, 8.0, 1e-11);
  EXPECT_NEAR(walls, 56.0, 1e-11);
}

TEST(OuterHull, NestedComponentsAreInternal) {
  auto mesh = box({0, 0, 0}, {10, 10, 10});
  add_box(mesh, {2, 2, 2}, {8, 8, 8}, true);                           // a cavity
  add_box(mesh, {4, 4, 4}, {6, 6, 6});                                 // a part in it
  add_quad(mesh, {1, 1, 1}, {1.5, 1, 1}, {1.5, 1.5, 1}, {1, 1.5, 1});  // a sheet in the wall
  add_box(mesh, {20, 0, 0}, {21, 1, 1});                               // beside
  const auto result = hull_of(mesh);
  EXPECT_EQ(result.count(HullRole::solid), 24u);
  EXPECT_EQ(result.count(HullRole::internal), 26u);
  EXPECT_EQ(result.hull.parts, 2u);
  const auto cells = result.bounded_cells();
  ASSERT_EQ(cells.size(), 4u);
  EXPECT_DOUBLE_EQ(cells[0].first, 1.0);
  EXPECT_DOUBLE_EQ(cells[1].first, 8.0);
  EXPECT_DOUBLE_EQ(cells[2].first, 208.0);  // 216 - 8
  EXPECT_DOUBLE_EQ(cells[3].first, 784.0);  // 1000 - 216
}

TEST(OuterHull, ABoxInTheHoleOfATorusIsNotInside) {
  TriangleMesh mesh;  // A square ring about a box.
  for (int x = 0; x < 3; ++x)
    for (int y = 0; y < 3; ++y)
      if (x != 1 || y != 1) add_box(mesh, {double(x), double(y), 0}, {x + 1.0, y + 1.0, 1});
  add_box(mesh, {1.25, 1.25, 0.25}, {1.75, 1.75, 0.75});
  const auto result = hull_of(mesh);
  EXPECT_NEAR(result.solid_volume(), 8.125, 1e-12);  // A sum of 80 rounded terms.
  EXPECT_EQ(result.hull.parts, 2u);
}

TEST(OuterHull, SheetsAreReachedFromBothSides) {
  TriangleMesh sheet;
  for (int x = 0; x < 10; ++x)
    for (int y = 0; y < 10; ++y)
      add_quad(sheet, {double(x), double(y), 0}, {x + 1.0, double(y), 0}, {x + 1.0, y + 1.0, 0},
               {double(x), y + 1.0, 0});
  // Algorithm 1 as printed leaves 9 to 126 of these in M_solid.
  EXPECT_EQ(hull_of(sheet).count(HullRole::sheet), 200u);
  auto shuffled = sheet;
  std::mt19937_64 random(3);
  std::shuffle(shuffled.triangles.begin(), shuffled.triangles.end(), random);
  EXPECT_EQ(hull_of(shuffled).count(HullRole::sheet), 200u);

  for (const int turns : {0, 1, 2, 3})
    EXPECT_EQ(hull_of(twisted_strip(40, turns)).count(HullRole::sheet), 80u) << turns << " half turns";

  TriangleMesh book;  // Five pages on one spine.
  for (int i = 0; i < 5; ++i)
    add_quad(book, {0, 0, 0}, {0, 0, 1}, {std::cos(i), std::sin(i), 1}, {std::cos(i), std::sin(i), 0});
  EXPECT_EQ(hull_of(book).count(HullRole::sheet), 10u);
  EXPECT_EQ(hull_of(book).hull.cells.size(), 1u);
}

TEST(OuterHull, AFinOnABoxIsASheetWhereItIsOutside) {
  auto mesh = box({0, 0, 0}, {4, 4, 4});
  // Rooted on the top face, from z = 3 inside to z = 6: a third of it is internal.
  add_quad(mesh, {1, 2, 3}, {3, 2, 3}, {3, 2, 6}, {1, 2, 6});
  const auto result = hull_of(mesh);
  EXPECT_DOUBLE_EQ(result.sheet_area(), 4.0);
  EXPECT_DOUBLE_EQ(result.solid_volume(), 64.0);
  double internal = 0.0;
  for (std::size_t t = 0; t < result.hull.role.size(); ++t)
    if (result.hull.role[t] == HullRole::internal)
      internal += area_vector_mm2(rounded(result.arrangement), t).norm();
  EXPECT_DOUBLE_EQ(internal, 2.0);
  // On a roof's ridge: the root is an edge of both slopes.
  TriangleMesh roof;
  const Point3 a(0, 0, 0), b(4, 0, 0), c(4, 2, 0), d(0, 2, 0), p(0, 1, 1), q(4, 1, 1);
  add_quad(roof, d, c, b, a);
  add_quad(roof, a, b, q, p);
  add_quad(roof, c, d, p, q);
  add_triangle(roof, b, c, q);
  add_triangle(roof, d, a, p);
  add_quad(roof, p, q, q + Vector3(0, 0, 1), p + Vector3(0, 0, 1));
  const auto with_fin = hull_of(roof);
  EXPECT_EQ(with_fin.count(HullRole::sheet), 2u);
  EXPECT_EQ(with_fin.count(HullRole::solid), 8u);
  EXPECT_DOUBLE_EQ(with_fin.solid_volume(), 4.0);
  EXPECT_TRUE(with_fin.hull.weak_edges.empty());
}

TEST(OuterHull, AnImmersedKleinBottleIsSolidWithoutASheet) {
  const auto mesh = figure_eight_klein_bottle(40, 20);
  const auto result = hull_of(mesh);
  EXPECT_EQ(result.count(HullRole::sheet), 0u);
  EXPECT_EQ(result.hull.cells[1].winding, std::nullopt);  // it cannot be oriented
  // Pappus: the eight encloses 2 * 4/3 (the integral of sin 2v cos v over half the eight), at radius 4 on
  // average; polygons of 20 and 40 corners lose a few percent.
  const double smooth = 8.0 / 3.0 * 2.0 * std::numbers::pi * 4.0;
  EXPECT_NEAR(result.solid_volume(), smooth, 0.05 * smooth);
}

// Attene 2018, Figure 2.
TEST(Parts, OfFigure2) {
  const std::vector<Point3> square{{-1, -1, -1}, {1, -1, -1}, {1, 1, -1}, {-1, 1, -1}};
  std::vector<Point3> above{{-1, 1, 1}, {1, 1, 1}, {1, -1, 1}, {-1, -1, 1}};
  TriangleMesh a;  // (a) two pyramids, apex to apex
  add_pyramid(a, square, {0, 0, 0});
  add_pyramid(a, above, {0, 0, 0});
  const auto apexes = hull_of(a);
  EXPECT_EQ(apexes.hull.parts, 2u);
  EXPECT_EQ(apexes.hull.hui_components, 2u);
  ASSERT_EQ(apexes.hull.weak_vertices.size(), 1u);
  EXPECT_EQ(apexes.arrangement.vertices_mm[apexes.hull.weak_vertices[0]], Point3(0, 0, 0));
  EXPECT_TRUE(apexes.hull.weak_edges.empty());

  TriangleMesh b = box({0, 0, 0}, {1, 1, 1});  // (b) edge to edge
  add_box(b, {1, 1, 0}, {2, 2, 1});
  const auto edges = hull_of(b);
  EXPECT_EQ(edges.hull.parts, 2u);
  EXPECT_EQ(edges.hull.hui_components, 2u);
  EXPECT_EQ(edges.hull.weak_edges.size(), 1u);
  EXPECT_TRUE(edges.hull.weak_vertices.empty());
  EXPECT_DOUBLE_EQ(signed_volume_mm3(solid_surface(edges.arrangement, edges.hull, 0)), 1.0);
  EXPECT_DOUBLE_EQ(signed_volume_mm3(solid_surface(edges.arrangement, edges.hull, 1)), 1.0);

  TriangleMesh c;  // (c) a cylinder of twelve sides, the middles of its bases pushed together
  const auto rim = [](int i, double z) {
    return Point3(std::cos(2.0 * std::numbers::pi * (i % 12) / 12),
                  std::sin(2.0 * std::numbers::pi * (i % 12) / 12), z);
  };
  for (int i = 0; i < 12; ++i) {
    add_quad(c, rim(i, -1), rim(i + 1, -1), rim(i + 1, 1), rim(i, 1));
    add_triangle(c, rim(i, 1), rim(i + 1, 1), {0, 0, 0});
    add_triangle(c, rim(i + 1, -1), rim(i, -1), {0, 0, 0});
  }
  const auto pinched = hull_of(c);
  EXPECT_EQ(pinched.hull.parts, 1u);
  EXPECT_EQ(pinched.hull.hui_components, 1u);
  EXPECT_EQ(pinched.hull.weak_vertices.size(), 1u);

  TriangleMesh d;  // (d) the same with edges: a box whose top and bottom are pushed to one common edge
  const Point3 p(1, 1, 1), q(2, 1, 1);
  const std::array<Point3, 4> top{Point3(0, 0, 2), Point3(3, 0, 2), Point3(3, 2, 2), Point3(0, 2, 2)};
  auto bottom = top;
  for (auto& corner : bottom) corner[2] = 0;
  for (std::size_t i = 0; i < 4; ++i) add_quad(d, bottom[i], bottom[(i + 1) % 4], top[(i + 1) % 4], top[i]);
  add_quad(d, top[0], top[1], q, p);
  add_triangle(d, top[1], top[2], q);
  add_quad(d, top[2], top[3], p, q);
  add_triangle(d, top[3], top[0], p);
  add_quad(d, bottom[1], bottom[0], p, q);
  add_triangle(d, bottom[2], bottom[1], q);
  add_quad(d, bottom[3], bottom[2], q, p);
  add_triangle(d, bottom[0], bottom[3], p);
  const auto grooved = hull_of(d);
  EXPECT_EQ(grooved.hull.parts, 1u);
  EXPECT_EQ(grooved.hull.hui_components, 1u);
  EXPECT_EQ(grooved.hull.weak_edges.size(), 1u);
  EXPECT_EQ(grooved.count(HullRole::solid), d.triangles.size());
}

TEST(Parts, ARingOfVoxelsRoundAJoinedDentIsOneThoughTheLetterSaysTwo) {
  std::set<std::array<int, 3>> voxels;
  for (int x = 0; x < 3; ++x)
    for (int y = 0; y < 3; ++y)
      if (x != 1 || y != 1) voxels.insert({x, y, 1});
  // The dent's floor touches the ring at four edges and is joined to it by a way round below.
  for (const std::array<int, 3>& v :
       {std::array{1, 1, 0}, {1, 1, -1}, {0, 1, -1}, {-1, 1, -1}, {-1, 1, 0}, {-1, 1, 1}})
    voxels.insert(v);
  const auto mesh = voxel_surface(voxels);
  // 14 voxels have 84 faces; 8 pairs in the ring and 6 along the way hide two each: 56 squares.
  ASSERT_EQ(mesh.triangles.size(), 112u);
  const auto result = hull_of(mesh);
  EXPECT_EQ(result.count(HullRole::solid), 112u);
  EXPECT_EQ(result.hull.parts, 1u);
  EXPECT_EQ(result.hull.hui_components, 2u);  // The floor's square falls off: 110 and 2 triangles.
  EXPECT_DOUBLE_EQ(result.solid_volume(), 14.0);
  // The floor's edges; below it (0, 1, 0) is empty and surrounded: (-1, 1, 0) and (1, 1, 0) are no contact.
  EXPECT_GE(result.hull.weak_edges.size(), 4u);
}

TEST(Parts, AreClosedAndFillTheHullOnRandomVoxels) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    std::mt19937_64 random(seed);
    std::set<std::array<int, 3>> voxels;
    for (int x = 0; x < 5; ++x)
      for (int y = 0; y < 5; ++y)
        for (int z = 0; z < 5; ++z)
          if (random() % 5 < 2) voxels.insert({x, y, z});
    const auto mesh = voxel_surface(voxels);
    const Result result{as_arrangement(mesh), outer_hull(as_arrangement(mesh))};
    EXPECT_EQ(result.count(HullRole::sheet), 0u);
    // Parts are what hangs together through faces of voxels, holes filled: six-connected components of
    // all that six-, eighteen- and twenty-six-connected background does not reach from outside.
    std::set<std::array<int, 3>> outside{{-1, -1, -1}};
    std::vector<std::array<int, 3>> open{{-1, -1, -1}};
    const auto near = [](const std::array<int, 3>& v) {
      std::vector<std::array<int, 3>> all;
      for (std::size_t axis = 0; axis < 3; ++axis)
        for (const int step : {-1, 1}) {
          auto n = v;
          n[axis] += step;
          all.push_back(n);
        }
      return all;
    };
    while (!open.empty()) {
      const auto v = open.back();
      open.pop_back();
      for (const auto& n : near(v))
        if (std::all_of(n.begin(), n.end(), [](int i) { return i >= -1 && i <= 5; }) && !voxels.contains(n) &&
            outside.insert(n).second)
          open.push_back(n);
    }
    std::size_t filled = 0, components = 0;
    std::set<std::array<int, 3>> seen;
    for (int x = 0; x < 5; ++x)
      for (int y = 0; y < 5; ++y)
        for (int z = 0; z < 5; ++z) {
          const std::array<int, 3> start{x, y, z};
          if (outside.contains(start)) continue;
          ++filled;
          if (!seen.insert(start).second) continue;
          ++components;
          open = {start};
          while (!open.empty()) {
            const auto v = open.back();
            open.pop_back();
            for (const auto& n : near(v))
              if (!outside.contains(n) &&
                  std::all_of(n.begin(), n.end(), [](int i) { return i >= 0 && i < 5; }) &&
                  seen.insert(n).second)
                open.push_back(n);
          }
        }
    EXPECT_NEAR(result.solid_volume(), static_cast<double>(filled), 1e-9) << "seed " << seed;
    // A component of voxels whose surface falls apart into several closed ones has that many parts: never
    // fewer than components.
    EXPECT_GE(result.hull.parts, components) << "seed " << seed;
    double sum = 0.0;
    for (std::uint32_t p = 0; p < result.hull.parts; ++p) {
      const double volume = signed_volume_mm3(solid_surface(result.arrangement, result.hull, p));
      EXPECT_GT(volume, 0.0);
      sum += volume;
    }
    EXPECT_NEAR(sum, static_cast<double>(filled), 1e-9);
  }
}

// Solid angle over 4 pi (Van Oosterom and Strackee 1983): a second opinion on what is inside.
double winding_number(const TriangleMesh& mesh, const Point3& at) {
  double sum = 0.0;
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
    const Vector3 a = mesh.corner(t, 0) - at, b = mesh.corner(t, 1) - at, c = mesh.corner(t, 2) - at;
    const double la = a.norm(), lb = b.norm(), lc = c.norm();
    sum += std::atan2(a.dot(b.cross(c)), la * lb * lc + a.dot(b) * lc + b.dot(c) * la + c.dot(a) * lb);
  }
  return sum / (2.0 * std::numbers::pi);
}

TEST(OuterHull, HoldsEveryPointThatOutwardSolidsWindAround) {
  std::mt19937_64 random(11);
  const auto coordinate = [&] { return static_cast<double>(random() % 7); };
  for (int trial = 0; trial < 20; ++trial) {
    TriangleMesh mesh;  // Tetrahedra on a lattice: they overlap, touch and share faces.
    while (mesh.triangles.size() < 24) {
      std::array<Point3, 4> p;
      for (auto& corner : p) {
        corner[0] = coordinate();
        corner[1] = coordinate();
        corner[2] = coordinate();
      }
      const double volume = (p[1] - p[0]).cross(p[2] - p[0]).dot(p[3] - p[0]);
      if (volume == 0.0) continue;
      if (volume < 0.0) std::swap(p[2], p[3]);
      add_triangle(mesh, p[0], p[2], p[1]);
      add_triangle(mesh, p[0], p[1], p[3]);
      add_triangle(mesh, p[1], p[2], p[3]);
      add_triangle(mesh, p[2], p[0], p[3]);
    }
    const auto result = hull_of(mesh);
    EXPECT_EQ(result.count(HullRole::sheet), 0u);
    const auto surface = solid_surface(result.arrangement, result.hull);
    double weighted = 0.0;
    for (const auto& [volume, winding] : result.bounded_cells()) {
      ASSERT_TRUE(winding.has_value());
      EXPECT_GE(*winding, 0);
      weighted += volume * static_cast<double>(*winding);
    }
    EXPECT_NEAR(weighted, signed_volume_mm3(mesh), 1e-9);  // Every cell as often as it is covered.
    for (int n = 0; n < 50; ++n) {
      const Point3 at(coordinate() + 0.4142, coordinate() + 0.2361, coordinate() + 0.6458);
      const long times = std::lround(winding_number(mesh, at)),
                 in_hull = std::lround(winding_number(surface, at));
      EXPECT_TRUE(in_hull == 0 || in_hull == 1);
      EXPECT_TRUE(times == 0 || in_hull == 1) << "trial " << trial;
    }
  }
}

struct Summary {
  std::size_t cells, parts;
  double solid, sheet;
};

Summary summary_of(const TriangleMesh& mesh) {
  const auto result = hull_of(mesh);
  return {result.hull.cells.size(), result.hull.parts, result.solid_volume(), result.sheet_area()};
}

void expect_same(const Summary& a, const Summary& b, double scale = 1.0) {
  EXPECT_EQ(a.cells, b.cells);
  EXPECT_EQ(a.parts, b.parts);
  EXPECT_NEAR(a.solid * scale * scale * scale, b.solid, 1e-9 * std::abs(b.solid) + 1e-12);
  EXPECT_NEAR(a.sheet * scale * scale, b.sheet, 1e-9 * b.sheet + 1e-12);
}

TEST(OuterHull, DoesNotDependOnOrderOrientationScaleOrPlace) {
  std::mt19937_64 random(7);
  const auto coordinate = [&] { return static_cast<double>(random() % 4); };
  std::size_t with_solid = 0;
  for (int trial = 0; trial < 30; ++trial) {
    auto mesh = box({0, 0, 0}, {2, 2, 2});
    for (int t = 0; t < 6; ++t) {
      std::array<Point3, 3> p;
      for (auto& corner : p)
        for (int i = 0; i < 3; ++i) corner[i] = coordinate();
      add_triangle(mesh, p[0], p[1], p[2]);
    }
    const auto base = summary_of(mesh);
    with_solid += base.solid > 8.0 ? 1 : 0;
    auto permuted = mesh;
    std::shuffle(permuted.triangles.begin(), permuted.triangles.end(), random);
    for (auto& triangle : permuted.triangles)
      if (random() % 2 == 0) std::swap(triangle[0], triangle[1]);
    expect_same(base, summary_of(permuted));
    auto moved = mesh;  // Turned by 90 degrees about z, then far away by a whole number.
    for (auto& v : moved.vertices_mm) v = Point3(-v[1] + 1024.0, v[0] - 512.0, v[2] + 8192.0);
    expect_same(base, summary_of(moved));
    for (const double scale : {0x1p-20, 0x1p30}) {
      auto scaled = mesh;
      for (auto& v : scaled.vertices_mm) v *= scale;
      expect_same(base, summary_of(scaled), scale);
    }
  }
  EXPECT_GT(with_solid, 0u);  // Triangles closed off more than the box in some.
}

TEST(OuterHull, OfNothingIsTheUnboundedCell) {
  const auto result = hull_of({});
  EXPECT_EQ(result.hull.cells.size(), 1u);
  EXPECT_EQ(result.hull.parts, 0u);
}

}  // namespace
}  // namespace meshassay::exact
