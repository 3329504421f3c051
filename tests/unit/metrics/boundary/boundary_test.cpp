// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numbers>
#include <set>

#include "core/bridge_vtk/mask_boundary.hpp"
#include "core/distance/mesh_distance.hpp"
#include "core/errors.hpp"
#include "metrics/boundary/boundary_cells.hpp"
#include "metrics/boundary/boundary_distance.hpp"
#include "metrics/boundary/boundary_elements.hpp"
#include "metrics/boundary/boundary_parts.hpp"
#include "metrics/boundary/boundary_search.hpp"
#include "metrics/boundary/element_error.hpp"
#include "metrics/registry.hpp"
#include "metrics/surface/area_distribution.hpp"
#include "tests/unit/metrics/boundary/brute_force.hpp"
#include "tests/unit/metrics/known_shapes.hpp"
#include "tests/unit/metrics/masks.hpp"

namespace meshassay::metrics {
namespace {

using test::Random;

LabelExtent extent_of(const LabelMap& mask, std::uint16_t label = 1) {
  const auto extents = label_extents(mask);
  return extents.contains(label) ? extents.at(label) : LabelExtent{};
}

// A ball by voxel centres, about the middle of the grid moved by `shift_mm`.
LabelMap ball(const Grid& grid, double radius_mm, const Vector3& shift_mm = Vector3::Zero()) {
  LabelMap mask(grid);
  const Vector3 middle(0.5 * (grid.size[0] - 1), 0.5 * (grid.size[1] - 1), 0.5 * (grid.size[2] - 1));
  const Point3 center = grid.to_world(middle) + shift_mm;
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i)
        if ((grid.to_world(Vector3(i, j, k)) - center).norm() <= radius_mm) mask.at(i, j, k) = 1;
  return mask;
}

// Grid about the origin that holds a ball with two voxels to spare.
Grid grid_for(double radius_mm, const Vector3& spacing_mm) {
  Grid grid{.spacing_mm = spacing_mm};
  for (int a = 0; a < 3; ++a) {
    grid.size[static_cast<std::size_t>(a)] = 2 * static_cast<int>(radius_mm / spacing_mm[a]) + 7;
    grid.origin_mm[a] = -0.5 * (grid.size[static_cast<std::size_t>(a)] - 1) * spacing_mm[a];
  }
  return grid;
}

LabelMap noise(const Grid& grid, double share, std::uint64_t seed) {
  LabelMap mask(grid);
  Random random(seed);
  for (auto& value : mask.values) value = random.uniform(0.0, 1.0) < share ? 1 : 0;
  return mask;
}

// The triangles of a mesh, whatever the order of vertices and triangles.
std::multiset<std::array<double, 9>> triangles_of(const TriangleMesh& mesh) {
  std::multiset<std::array<double, 9>> result;
  for (const auto& triangle : mesh.triangles) {
    std::array<std::array<double, 3>, 3> corners;
    for (std::size_t i = 0; i < 3; ++i) {
      const auto& vertex = mesh.vertices_mm[triangle[i]];
      corners[i] = {vertex[0], vertex[1], vertex[2]};
    }
    std::rotate(corners.begin(), std::min_element(corners.begin(), corners.end()), corners.end());
    std::array<double, 9> flat{};
    for (std::size_t i = 0; i < 9; ++i) flat[i] = corners[i / 3][i % 3];
    result.insert(flat);
  }
  return result;
}

TEST(LabelExtents, AreThoseOfEveryLabelAndSayWhatIsAtTheBorder) {
  LabelMap mask(grid_of({150, 9, 10}));
  fill_box(mask, {3, 2, 1}, {140, 4, 3}, 7);
  fill_box(mask, {0, 5, 5}, {1, 6, 6}, 2);
  mask.at(149, 8, 9) = 2;
  const auto extents = label_extents(mask);
  ASSERT_EQ(extents.size(), 2u);
  EXPECT_EQ(extents.at(7).begin, (std::array<int, 3>{3, 2, 1}));
  EXPECT_EQ(extents.at(7).end, (std::array<int, 3>{140, 4, 3}));
  EXPECT_FALSE(extents.at(7).touches_border(mask.grid));
  EXPECT_EQ(extents.at(2).begin, (std::array<int, 3>{0, 5, 5}));
  EXPECT_EQ(extents.at(2).end, (std::array<int, 3>{150, 9, 10}));
  EXPECT_TRUE(extents.at(2).touches_border(mask.grid));
}

TEST(LabelExtents, AreThoseThatLookingAtEveryVoxelGives) {
  // Runs of all lengths about eight and sixty-four, with other labels and the row's end behind them.
  Random random(7);
  for (int trial = 0; trial < 40; ++trial) {
    LabelMap mask(grid_of({3 + 11 * trial, 3, 2}));
    for (std::size_t n = 0; n < mask.values.size();) {
      const auto length = static_cast<std::size_t>(random.uniform(1.0, trial % 2 == 0 ? 12.0 : 150.0));
      const auto label = static_cast<std::uint16_t>(random.uniform(0.0, 5.0));
      for (std::size_t i = n; i < std::min(mask.values.size(), n + length); ++i) mask.values[i] = label;
      n += length;
    }
    std::map<std::uint16_t, Box3> expected;
    for (int k = 0; k < 2; ++k)
      for (int j = 0; j < 3; ++j)
        for (int i = 0; i < mask.grid.size[0]; ++i)
          if (mask.at(i, j, k) != 0) expected[mask.at(i, j, k)].add(Point3(i, j, k));
    const auto extents = label_extents(mask);
    ASSERT_EQ(extents.size(), expected.size());
    for (const auto& [label, box] : expected)
      for (int a = 0; a < 3; ++a) {
        EXPECT_EQ(extents.at(label).begin[static_cast<std::size_t>(a)], box.min_mm[a]);
        EXPECT_EQ(extents.at(label).end[static_cast<std::size_t>(a)], box.max_mm[a] + 1);
      }
  }
}

TEST(BoundaryCells, AreTheIsosurfaceThatFlyingEdgesMakesTriangleByTriangle) {
  // Noise goes through all 256 cases; sizes on both sides of whole blocks of 4 and whole pieces of 64.
  const std::array<std::array<int, 3>, 4> sizes = {{{9, 7, 6}, {66, 4, 5}, {1, 1, 1}, {63, 8, 3}}};
  std::uint64_t seed = 1;
  for (const auto& size : sizes)
    for (const double share : {0.1, 0.5, 0.9, 1.0}) {
      const auto mask = noise(grid_of(size), share, ++seed);
      const auto expected = bridge_vtk::mask_boundary_index(mask, 1);
      const auto extent = extent_of(mask);
      if (extent.empty()) {
        EXPECT_TRUE(expected.triangles.empty());
        continue;
      }
      const BoundaryCells cells(mask, 1, extent);
      auto mesh = cells.local_mesh();  // Spacing 1: lattice coordinates, which begin a voxel before the box.
      for (auto& vertex : mesh.vertices_mm) vertex = cells.to_world(vertex);
      EXPECT_EQ(triangles_of(mesh), triangles_of(expected)) << "seed " << seed;
      EXPECT_EQ(mesh.vertices_mm.size(), expected.vertices_mm.size());
    }
}

TEST(BoundarySearch, FindsTheNearestTriangleThatBruteForceFinds) {
  std::uint64_t seed = 100;
  for (const Vector3& spacing : {Vector3(1, 1, 1), Vector3(0.5, 0.5, 2), Vector3(0.7, 0.7, 5)})
    for (const double share : {0.002, 0.05, 0.5}) {
      const auto mask = noise(grid_of({23, 17, 21}, spacing), share, ++seed);
      const BoundaryCells cells(mask, 1, extent_of(mask));
      ASSERT_FALSE(cells.empty());
      const BoundarySearch search(cells);
      const auto mesh = cells.local_mesh();
      Random random(seed);
      BoundaryTriangle hint;
      for (int n = 0; n < 100; ++n) {
        // Within, near, and farther away than the object is large.
        const Point3 point = random.point(n % 10 == 0 ? 500.0 : 30.0);
        const double expected = brute_force_mm(point, mesh);
        const auto cold = search.nearest(point);
        EXPECT_NEAR(std::sqrt(cold.squared_mm2), expected, 1e-9);
        const auto hinted = search.nearest(point, hint);  // Any triangle will do.
        EXPECT_NEAR(std::sqrt(hinted.squared_mm2), expected, 1e-9);
        EXPECT_NEAR(std::sqrt(search.squared_distance_mm2(point, hinted.triangle)), expected, 1e-9);
        hint = cold.triangle;
      }
    }
}

TEST(BoundarySearch, FindsTheSameForPointsThatShareANeighbourhood) {
  std::uint64_t seed = 200;
  for (const Vector3& spacing : {Vector3(1, 1, 1), Vector3(0.7, 0.7, 5)})
    for (const double share : {0.002, 0.3}) {
      const auto mask = noise(grid_of({19, 25, 14}, spacing), share, ++seed);
      const BoundaryCells cells(mask, 1, extent_of(mask));
      ASSERT_FALSE(cells.empty());
      const BoundarySearch search(cells);
      const auto mesh = cells.local_mesh();
      Random random(seed);
      BoundaryNeighbourhood about(search);
      for (int n = 0; n < 12; ++n) {
        const Point3 center = random.point(n % 4 == 0 ? 300.0 : 30.0);
        const Vector3 half = Vector3::Constant(n % 3 == 0 ? 0.0 : 3.0);
        about.move_to({center - half, center + half});
        BoundaryTriangle hint;
        for (int i = 0; i < 10; ++i) {
          const Point3 point = center + half.cwiseProduct(random.point(1.0));
          const auto found = about.nearest(point, hint);
          EXPECT_NEAR(std::sqrt(found.squared_mm2), brute_force_mm(point, mesh), 1e-9);
          // The foot is on the surface, and as far as it is said to be.
          EXPECT_NEAR(found.to_foot_mm.norm(), std::sqrt(found.squared_mm2), 1e-9);
          EXPECT_NEAR(brute_force_mm(point + found.to_foot_mm, mesh), 0.0, 1e-9);
          if (i % 4 != 0) hint = found.triangle;
        }
      }
    }
}

TEST(ElementError, HoldsTheDistanceEverywhereOnTheElement) {
  // Elements of all sizes and places about noise, so near that the surface runs through some of them: the
  // distance at 66 points of each, and its mean over 100 parts, whose own error is no more than a part's
  // size. A bound with half of the spread, or with one foot's excess left out, fails here.
  const auto mask = noise(grid_of({9, 9, 9}, {0.8, 1.0, 1.7}), 0.04, 77);
  const BoundaryCells cells(mask, 1, extent_of(mask));
  const BoundarySearch search(cells);
  BoundaryNeighbourhood other(search);
  Random random(78);
  ElementCorners corners_before = {};
  ElementShape shape_before = element_shape(Point3::Zero(), Point3::UnitX(), Point3::UnitY());
  for (int trial = 0; trial < 3000; ++trial) {
    const Point3 place = Point3::Constant(6.0) + random.point(9.0);
    const double size = random.uniform(0.1, 2.0);
    ElementCorners corners;
    for (auto& corner : corners) {
      corner.there_mm = place + random.point(size);
      const auto found = search.nearest(corner.there_mm);
      corner.distance_mm = std::sqrt(found.squared_mm2);
      corner.to_foot_mm = found.to_foot_mm;
      corner.nearest = found.triangle;
    }
    const auto at = [&](double u, double v) {
      return ((1.0 - u - v) * corners[0].there_mm + u * corners[1].there_mm + v * corners[2].there_mm).eval();
    };
    const auto linear = [&](double u, double v) {
      return (1.0 - u - v) * corners[0].distance_mm + u * corners[1].distance_mm + v * corners[2].distance_mm;
    };
    other.move_to({place - Vector3::Constant(size), place + Vector3::Constant(size)});
    // Every second time triangles are asked for too. Bounds are those of the second one of two elements: the
    // first is the one before.
    const ElementShape shape = element_shape(corners[0].there_mm, corners[1].there_mm, corners[2].there_mm);
    const auto bounds = corner_bounds({&corners_before, &corners}, {&shape_before, &shape});
    const auto error = element_error(corners, bounds[1], other,
                                     trial % 2 == 0 ? EnoughError{10.0, 100.0} : EnoughError{1.0, 0.0});
    // It matters neither which element stands beside it nor on which side.
    const auto turned_about = corner_bounds({&corners, &corners_before}, {&shape, &shape_before});
    for (const std::size_t lane : {0U, 1U}) {
      ASSERT_EQ(bounds[lane].error.below_mm, turned_about[1 - lane].error.below_mm);
      ASSERT_EQ(bounds[lane].error.mean_below_mm, turned_about[1 - lane].error.mean_below_mm);
      ASSERT_EQ(bounds[lane].error.above_mm, turned_about[1 - lane].error.above_mm);
      ASSERT_EQ(bounds[lane].error.mean_above_mm, turned_about[1 - lane].error.mean_above_mm);
      ASSERT_EQ(bounds[lane].error.upper_mm, turned_about[1 - lane].error.upper_mm);
      ASSERT_EQ(bounds[lane].nearest_to_centroid, turned_about[1 - lane].nearest_to_centroid);
    }
    corners_before = corners;
    shape_before = shape;
    constexpr int n = 10;
    for (int i = 0; i <= n; ++i)
      for (int j = 0; i + j <= n; ++j) {
        const double u = i / double{n}, v = j / double{n};
        const double distance = std::sqrt(search.nearest(at(u, v)).squared_mm2);
        ASSERT_GE(distance, linear(u, v) - error.below_mm - 1e-9);
        ASSERT_LE(distance, linear(u, v) + error.above_mm + 1e-9);
        ASSERT_LE(distance, error.upper_mm + 1e-9);
      }
    double excess = 0.0;
    for (int i = 0; i < n; ++i)
      for (int j = 0; i + j < n; ++j)
        for (int up = 0; up < (i + j + 1 < n ? 2 : 1); ++up) {
          const double u = (i + (up ? 2.0 : 1.0) / 3.0) / n, v = (j + (up ? 2.0 : 1.0) / 3.0) / n;
          excess += (std::sqrt(search.nearest(at(u, v)).squared_mm2) - linear(u, v)) / (n * n);
        }
    // A part is 2 size sqrt(3) / n across at most, and a distance changes by no more.
    const double slack = 0.05 * size;
    ASSERT_GE(excess, -error.mean_below_mm - slack);
    ASSERT_LE(excess, error.mean_above_mm + slack);
  }
}

TEST(AreaDistribution, HasThePercentilesOfItsClosedForm) {
  // One element that rises from an edge at 0 to a corner at 1: the area within t is 1 - (1 - t)^2. Mirrored:
  // t^2. From 0 over 1 to 2: t^2 / 2, then 1 - (2 - t)^2 / 2. The percentile stands for 1e-12 of the area
  // less, which at 99.9 % moves it by 1e-12 / sqrt(2 * 0.001) = 2.3e-11.
  constexpr double tolerance = 3e-11;
  const auto of = [](std::array<double, 3> corners) {
    return std::vector<std::vector<LinearElement>>{{{corners, 3.0, 0.25F, 0.5F}}};
  };
  for (const double percent : {0.5, 10.0, 50.0, 95.0, 99.9}) {
    const double share = percent / 100.0;
    EXPECT_NEAR(area_percentile(of({0.0, 0.0, 1.0}), 3.0, percent).value, 1.0 - std::sqrt(1.0 - share),
                tolerance);
    EXPECT_NEAR(area_percentile(of({1.0, 0.0, 1.0}), 3.0, percent).value, std::sqrt(share), tolerance);
    const double middle = share < 0.5 ? std::sqrt(2.0 * share) : 2.0 - std::sqrt(2.0 * (1.0 - share));
    const auto found = area_percentile(of({2.0, 0.0, 1.0}), 3.0, percent);
    EXPECT_NEAR(found.value, middle, tolerance);
    EXPECT_NEAR(found.lower, middle - 0.25, tolerance);
    EXPECT_NEAR(found.upper, middle + 0.5, tolerance);
  }
  EXPECT_EQ(area_percentile(of({2.0, 0.0, 1.0}), 3.0, 100.0).value, 2.0);
  // Plateaus: a thousand elements at 1 and as many at 2, in lists of all lengths. Half of the area is met
  // exactly at 1.
  std::vector<std::vector<LinearElement>> plateaus;
  for (std::size_t n = 0, length = 0; n < 2000; n += length, length = (length + 7) % 31) {
    plateaus.emplace_back();
    for (std::size_t i = n; i < std::min<std::size_t>(2000, n + length); ++i) {
      const double value = i % 2 == 0 ? 1.0 : 2.0;
      plateaus.back().push_back({{value, value, value}, 0.1});
    }
  }
  EXPECT_NEAR(area_percentile(plateaus, 200.0, 50.0).value, 1.0, tolerance);
  EXPECT_NEAR(area_percentile(plateaus, 200.0, 50.1).value, 2.0, tolerance);
  EXPECT_NEAR(area_percentile(of({0.0, 0.0, 0.0}), 3.0, 95.0).value, 0.0, tolerance);
}

TEST(AreaDistribution, MeetsItsDefinitionWhateverASampleSays) {
  // The percentile is the smallest value with at least that share of the area within. Once elements are alike
  // all along; once those that come in steps of n are a hundred times larger than the others, for all n up
  // to 128: a sample by steps of that length holds nothing else and is wrong about everything.
  for (std::size_t step = 0; step <= 128; ++step) {
    Random random(900 + step);
    std::vector<std::vector<LinearElement>> elements(7);
    std::vector<LinearElement> all;
    for (std::size_t n = 0; n < 1500; ++n) {
      const double scale = step > 0 && n % step == 0 ? 100.0 : 1.0, from = random.uniform(0.0, 1.0);
      const auto corner = [&] { return scale * (from + random.uniform(0.0, 0.1)); };
      all.push_back({{corner(), corner(), corner()}, random.uniform(0.1, 1.0), 0.02F, 0.03F});
      elements[n * 7 / 1500].push_back(all.back());
    }
    double total = 0.0;
    for (const auto& element : all) total += element.area_mm2;
    const auto within = [&](double limit, Bound bound) {
      double area = 0.0;
      for (const auto& element : all) area += area_within_mm2(element, limit, bound);
      return area;
    };
    for (const double percent : {5.0, 50.0, 95.0, 99.9}) {
      const auto found = area_percentile(elements, total, percent);
      // The same where only what reaches into a range about it is at hand; nothing where the range is wrong.
      for (const double aside : {0.0, -0.04, 0.04}) {
        KeptElements kept{.from = found.value - 0.035 + aside, .to = found.value + 0.035 + aside};
        std::vector<std::vector<LinearElement>> some(1);
        for (const auto& element : all) {
          const auto [least, most] =
              std::minmax_element(element.at_corners.begin(), element.at_corners.end());
          if (*most + element.above < kept.from)
            kept.below_mm2 += element.area_mm2;
          else if (*least - element.below <= kept.to)
            some[0].push_back(element);
        }
        const auto of_some = area_percentile(some, kept, total, percent);
        ASSERT_EQ(of_some.has_value(), aside == 0.0) << step << " " << percent;
        if (!of_some) continue;
        ASSERT_NEAR(of_some->value, found.value, 2e-10);
        ASSERT_NEAR(of_some->lower, found.lower, 2e-10);
        ASSERT_NEAR(of_some->upper, found.upper, 2e-10);
      }
      for (const auto& [value, bound] :
           {std::pair{found.value, Bound::none}, {found.lower, Bound::lower}, {found.upper, Bound::upper}}) {
        // Solved to 1e-12 of the largest value, 110; the rest is rounding of sums.
        ASSERT_GE(within(value + 2e-10, bound), percent / 100.0 * total * (1.0 - 1e-11)) << step;
        ASSERT_LT(within(value - 2e-10, bound), percent / 100.0 * total * (1.0 + 1e-11)) << step;
      }
    }
  }
}

TEST(Boundary, HasItsPercentileWhereVerticesSayLittleOfTheArea) {
  // A slab of 160 x 160 x 3 voxels of 0.2 x 0.2 x 8 mm, and the same without its lowest layer. The lower
  // face is 8 mm away, on 159 x 159 squares of 0.04 mm^2 (1011 mm^2); the rim, 4 x 159 x 0.2 mm long and at
  // least two layers of 8 mm high, has 2035 mm^2 or more in few triangles. By vertices almost half of the
  // surface is 8 mm away, by area less than a quarter: the percentile lies where hardly any vertex does.
  LabelMap reference(grid_of({162, 162, 5}, {0.2, 0.2, 8.0})), test(reference.grid);
  for (int k = 1; k <= 3; ++k)
    for (int j = 1; j <= 160; ++j)
      for (int i = 1; i <= 160; ++i) {
        reference.at(i, j, k) = 1;
        test.at(i, j, k) = k > 1 ? 1 : 0;
      }
  const BoundaryCells cells(reference, 1, extent_of(reference)), others(test, 1, extent_of(test));
  const BoundarySearch search(others);
  const BoundaryFrames frames{.shift_mm = cells.origin_mm() - others.origin_mm()};
  const VertexDistances distances = vertex_distances(cells, search, frames, {});
  const auto parts = connected_parts(cells);
  for (const double percent : {60.0, 70.0}) {
    const auto result = boundary_distance(reference, test, {.percentile = percent}).test_to_reference;
    // Elements are kept about where vertices have it, which is elsewhere: it is found among all of them.
    const Interval kept_mm = boundary_elements({cells, parts, distances}, search, frames,
                                               {.max_error_mm = 0.15, .kept_about_percentile = percent})
                                 .kept_mm;
    EXPECT_FALSE(kept_mm.lo <= result.percentile_mm.value && result.percentile_mm.value <= kept_mm.hi);
    // By its definition, from the area within it. It is solved to 1e-12 of the largest distance, 8e-12 mm;
    // sums over 1e5 elements in another order differ by less than 1e-9 of the area.
    const double value = result.percentile_mm.value;
    const auto within = [&](double tolerance) {
      return boundary_distance(reference, test, {.tolerances_mm = {tolerance}})
          .test_to_reference.area_within_mm2[0]
          .value;
    };
    EXPECT_GE(within(value + 1e-9), percent / 100.0 * result.area_mm2 * (1.0 - 1e-9)) << percent;
    if (value > 1e-9) {
      EXPECT_LE(within(value - 1e-9), percent / 100.0 * result.area_mm2 * (1.0 + 1e-9)) << percent;
    }
  }
}

TEST(ElementSums, AreThoseOfEachKeyInTheOrderOfAdding) {
  // Keys that share their last digits, ascending, descending and below zero, against one map; sums in the
  // same order are the same to the last bit. The sums of two are those of the first and of the second, added.
  Random random(11);
  std::map<std::int64_t, std::array<double, 3>> expected_halves[2], expected;
  ElementSums halves[2], all;
  for (int trial = 0; trial < 2000; ++trial) {
    const auto half = static_cast<std::size_t>(trial / 1000);
    const auto key = static_cast<std::int64_t>(random.uniform(-100.0, 100.0)) * (trial % 3 == 0 ? 16 : 1);
    const double area = random.uniform(0.1, 1.0), mean = random.uniform(0.0, 1.0),
                 max = mean + random.uniform(0.0, 1.0);
    halves[half].add(key, area, mean, max);
    auto& [of_area, of_moment, of_max] = expected_halves[half][key];
    of_area += area;
    of_moment += area * mean;
    of_max = std::max(of_max, max);
  }
  for (std::size_t half = 0; half < 2; ++half) {
    all.add(halves[half]);
    for (const auto& [key, sums] : expected_halves[half]) {
      expected[key][0] += sums[0];
      expected[key][1] += sums[1];
      expected[key][2] = std::max(expected[key][2], sums[2]);
    }
  }
  const auto found = all.by_key();
  ASSERT_EQ(found.size(), expected.size());
  auto next = found.begin();
  for (const auto& [key, sums] : expected) {
    EXPECT_EQ(next->key, key);
    EXPECT_EQ(next->area_mm2, sums[0]);
    EXPECT_EQ(next->moment, sums[1]);
    EXPECT_EQ((next++)->max_mm, sums[2]);
  }
  EXPECT_TRUE(ElementSums().by_key().empty());
}

TEST(Boundary, OfFlatFacesBetweenSlicesBelongsToTheUpperOne) {
  // A block of the voxels 3 to 6 along z: its faces lie at 2.5 and 6.5, amid slices, and so in slices 3 and
  // 7, whatever spacing and origin make of these numbers when they are rounded.
  std::vector<double> expected;
  for (const double spacing : {1.0, 0.7, 0.4, 1.0 / 3.0})
    for (const double origin : {0.0, -13.7, 1234.567}) {
      LabelMap mask(grid_of({8, 8, 10}, Vector3::Constant(spacing)));
      mask.grid.origin_mm[2] = origin;
      for (int k = 3; k <= 6; ++k)
        for (int j = 1; j < 7; ++j)
          for (int i = 1; i < 7; ++i) mask.at(i, j, k) = 1;
      const auto result = boundary_distance(mask, mask);
      ASSERT_EQ(result.slices.size(), 5u);
      std::vector<double> areas;
      for (const auto& slice : result.slices)
        areas.push_back(slice.test_to_reference.area_mm2 / (spacing * spacing));
      EXPECT_EQ(result.slices.front().index, 3);
      if (expected.empty()) expected = areas;
      // An element in the wrong slice makes more than a thousandth of the area; rounding makes 1e-13.
      for (std::size_t n = 0; n < areas.size(); ++n) EXPECT_NEAR(areas[n], expected[n], 1e-9 * expected[n]);
    }
  // A face of 6 x 6 voxels has its corners before voxel centres: 25 squares. The slanted rim beside it lies
  // within the block's own slices: in 3 before the lower face, and in 6 before the upper one.
  EXPECT_GT(expected.front(), 25.0);
  EXPECT_NEAR(expected.back(), 25.0, 1e-12);
}

TEST(Boundary, OfOneVoxelIsAnOctahedron) {
  // Corners half a spacing from the centre: 8 triangles; of two that are 10 mm apart along x, the near
  // corners are 9 mm apart and the far ones 11 mm from the nearest point: each far corner (x = -0.5) is 10 mm
  // - 0 from the other's far... the nearest point of the other octahedron is its near corner at x = 9.5: 10
  // mm.
  LabelMap reference(grid_of({20, 5, 5})), measured(reference.grid);
  reference.at(3, 2, 2) = 1;
  measured.at(13, 2, 2) = 1;
  const auto result = boundary_distance(measured, reference);
  const double face = 0.25 * std::sqrt(3.0) / 2.0;  // Equilateral with edges of sqrt(1/2).
  EXPECT_NEAR(result.test_to_reference.area_mm2, 8.0 * face, 1e-12);
  EXPECT_NEAR(result.hausdorff_mm().value, 10.0, 1e-12);
  EXPECT_LE(result.hausdorff_mm().ruler.width(), 0.01);
  // Far corner (13.5, 2, 2) to the near one (3.5, 2, 2).
  EXPECT_NEAR((result.test_to_reference.max_position_mm - Point3(13.5, 2, 2)).norm(), 0.0, 1e-12);
  EXPECT_FALSE(result.test_touches_border);
}

TEST(Boundary, OfBoxesThatDifferByOneLayerIsAsDerivedByHand) {
  // Two boxes of 20 x 20 x 20 voxels of 0.5 x 0.5 x 2 mm; the test one is 1 slice higher at the top: its top
  // face lies 2 mm above the reference's. Over the middle of that face the distance is exactly 2 mm, and the
  // largest; NSD at 1.999 leaves it out.
  LabelMap reference(grid_of({30, 30, 30}, {0.5, 0.5, 2.0})), measured(reference.grid);
  fill_box(reference, {5, 5, 5}, {25, 25, 25});
  fill_box(measured, {5, 5, 5}, {25, 25, 26});
  const auto result = boundary_distance(measured, reference, {.tolerances_mm = {1.999, 2.0}});
  EXPECT_NEAR(result.test_to_reference.max_mm.value, 2.0, 1e-12);
  EXPECT_NEAR(result.test_to_reference.max_position_mm[2], 51.0,
              1e-12);  // Slice 25 and half a slice: 25.5 * 2 mm.
  EXPECT_LT(result.reference_to_test.mean_mm.value, result.test_to_reference.mean_mm.value);
  EXPECT_LT(result.share_within(0).value, 1.0);
  EXPECT_DOUBLE_EQ(result.share_within(1).value, 1.0);
  // Worst slice: the new one.
  const auto& slices = result.slices;
  ASSERT_FALSE(slices.empty());
  const auto worst = std::max_element(slices.begin(), slices.end(), [](const auto& a, const auto& b) {
    return a.test_to_reference.max_mm < b.test_to_reference.max_mm;
  });
  EXPECT_GE(worst->index, 25);
}

TEST(Boundary, WithItselfIsZero) {
  for (const double share : {0.02, 0.5}) {
    const auto mask = noise(grid_of({12, 13, 14}, {0.7, 0.7, 5.0}), share, 5);
    const auto result = boundary_distance(mask, mask, {.tolerances_mm = {0.0}});
    EXPECT_NEAR(result.hausdorff_mm().value, 0.0, 1e-12);
    EXPECT_NEAR(result.hausdorff_mm().ruler.hi, 0.0, 1e-6);  // The triangle itself is the upper bound.
    EXPECT_NEAR(result.mean_of_means_mm().value, 0.0, 1e-12);
    EXPECT_NEAR(result.percentile_mm().value, 0.0, 1e-12);
    EXPECT_EQ(result.share_within(0).ruler.hi, 1.0);
  }
}

struct SpherePair {
  LabelMap measured, reference;
};

SpherePair spheres(const Vector3& spacing_mm, double small_mm, double large_mm,
                   const Vector3& phase_mm = Vector3::Zero()) {
  const Grid grid = grid_for(large_mm, spacing_mm);
  return {ball(grid, large_mm, phase_mm), ball(grid, small_mm, phase_mm)};
}

class ConcentricSpheres : public testing::TestWithParam<Vector3> {};
INSTANTIATE_TEST_SUITE_P(Spacings, ConcentricSpheres,
                         testing::Values(Vector3(1, 1, 1), Vector3(0.5, 0.5, 2), Vector3(0.7, 0.7, 5)));

TEST_P(ConcentricSpheres, HoldTheClosedFormWithinTheirIntervals) {
  const auto [measured, reference] = spheres(GetParam(), 20.0, 21.0);
  const auto result = boundary_distance(measured, reference, {.tolerances_mm = {0.9, 1.1}});
  for (const auto& value :
       {result.hausdorff_mm(), result.percentile_mm(), result.mean_of_means_mm(), result.pooled_mean_mm()}) {
    EXPECT_LE(value.discretisation.lo, 1.0);
    EXPECT_GE(value.discretisation.hi, 1.0);
    EXPECT_LE(value.ruler.lo, value.value);
    EXPECT_GE(value.ruler.hi, value.value);
  }
  // Truth: none of the area within 0.9 mm, all within 1.1 mm.
  EXPECT_EQ(result.share_within(0).discretisation.lo, 0.0);
  EXPECT_EQ(result.share_within(1).discretisation.hi, 1.0);
  EXPECT_LT(result.share_within(0).value, result.share_within(1).value);
}

// The same elements, with their distances by brute force over all triangles of the other boundary.
TEST_P(ConcentricSpheres, AreEqualToBruteForceOnTheSameSurfaces) {
  // A quarter of the scale keeps brute force quick: 5 and 5.25 mm at a quarter of the spacing is the same
  // masks; so is a part of the vertices: every seventh.
  const auto [measured, reference] = spheres(0.5 * GetParam(), 5.0, 5.5);
  const BoundaryCells from(measured, 1, extent_of(measured)), to(reference, 1, extent_of(reference));
  const BoundarySearch search(to);
  auto from_mesh = from.local_mesh(), to_mesh = to.local_mesh();
  for (auto& vertex : from_mesh.vertices_mm) vertex = from.to_world(vertex);
  for (auto& vertex : to_mesh.vertices_mm) vertex = to.to_world(vertex);
  const auto result = boundary_distance(measured, reference);
  double brute_max = 0.0;
  for (const auto& vertex : from_mesh.vertices_mm) {
    const double expected = brute_force_mm(vertex, to_mesh);
    const Point3 local = to.axes().transpose() * (vertex - to.origin_mm());
    ASSERT_NEAR(std::sqrt(search.nearest(local).squared_mm2), expected, 1e-9);
    brute_max = std::max(brute_max, expected);
  }
  EXPECT_GE(result.test_to_reference.max_mm.ruler.hi, brute_max - 1e-9);
  // A ten times finer evaluation: 100 points a triangle, each by brute force over the other boundary, on
  // every n-th triangle with all of the area standing in for the rest would be no proof: so all triangles,
  // and the nearest by the search that was just held against brute force.
  double area = 0.0, moment = 0.0, fine_max = 0.0;
  constexpr int n = 10;
  for (std::size_t t = 0; t < from_mesh.triangles.size(); ++t) {
    const double part = area_vector_mm2(from_mesh, t).norm() / (n * n);
    for (int i = 0; i < n; ++i)
      for (int j = 0; i + j < n; ++j)
        for (int up = 0; up < (i + j + 1 < n ? 2 : 1); ++up) {
          const double u = (i + (up ? 2.0 : 1.0) / 3.0) / n, v = (j + (up ? 2.0 : 1.0) / 3.0) / n;
          const Point3 point = (1.0 - u - v) * from_mesh.corner(t, 0) + u * from_mesh.corner(t, 1) +
                               v * from_mesh.corner(t, 2);
          const Point3 local = to.axes().transpose() * (point - to.origin_mm());
          const double distance = std::sqrt(search.nearest(local).squared_mm2);
          area += part;
          moment += part * distance;
          fine_max = std::max(fine_max, distance);
        }
  }
  const auto& directed = result.test_to_reference;
  EXPECT_NEAR(directed.area_mm2, area, 1e-9 * area);
  EXPECT_LE(directed.mean_mm.ruler.lo, moment / area);
  EXPECT_GE(directed.mean_mm.ruler.hi, moment / area);
  EXPECT_GE(directed.max_mm.ruler.hi, fine_max);
}

TEST(Boundary, IsSymmetric) {
  const auto a = noise(grid_of({9, 10, 8}, {0.5, 0.5, 2.0}), 0.1, 21), b = noise(a.grid, 0.1, 22);
  const auto forth = boundary_distance(a, b), back = boundary_distance(b, a);
  EXPECT_EQ(forth.hausdorff_mm().value, back.hausdorff_mm().value);
  EXPECT_EQ(forth.percentile_mm().value, back.percentile_mm().value);
  EXPECT_EQ(forth.mean_of_means_mm().value, back.mean_of_means_mm().value);
  EXPECT_NEAR(forth.pooled_mean_mm().value, back.pooled_mean_mm().value, 1e-12);
  EXPECT_NEAR(forth.share_within(0).value, back.share_within(0).value, 1e-12);
}

// What a comparison says, for comparing comparisons.
std::array<double, 5> values_of(const BoundaryDistance& result) {
  return {result.hausdorff_mm().value, result.percentile_mm().value, result.pooled_mean_mm().value,
          result.mean_of_means_mm().value, result.share_within(0).value};
}

TEST(Boundary, DoesNotChangeWhenBothMasksMoveTogetherOrTheirAxesAreNamedAnew) {
  const Grid grid = grid_for(6.0, {0.7, 0.8, 1.5});
  const auto measured = ball(grid, 5.6, {0.4, -0.2, 0.3}), reference = ball(grid, 5.0);
  const auto result = boundary_distance(measured, reference);
  const auto expected = values_of(result);
  const Matrix3 turn = Eigen::AngleAxisd(0.7, Vector3(1, 2, 3).normalized()).toRotationMatrix();
  const auto check = [&](const BoundaryDistance& other, const std::string& what) {
    const auto values = values_of(other);
    // The order in which equally near triangles are met may differ, and with it where elements are halved:
    // the ruler's intervals must still meet.
    EXPECT_NEAR(values[0], expected[0], 1e-2) << what;
    for (std::size_t n = 1; n < 4; ++n) EXPECT_NEAR(values[n], expected[n], 5e-3) << what;
    EXPECT_NEAR(values[4], expected[4], 5e-3) << what;
    EXPECT_LE(other.hausdorff_mm().ruler.lo, result.hausdorff_mm().ruler.hi);
    EXPECT_GE(other.hausdorff_mm().ruler.hi, result.hausdorff_mm().ruler.lo);
  };
  check(boundary_distance(moved(measured, turn, {3, -4, 5}), moved(reference, turn, {3, -4, 5})),
        "both moved");
  for (int flips = 0; flips < 8; ++flips) {
    const std::array<bool, 3> flipped = {(flips & 1) != 0, (flips & 2) != 0, (flips & 4) != 0};
    check(boundary_distance(reordered(measured, {1, 2, 0}, flipped), reference),
          "reordered");  // Half left-handed.
  }
  // Cropped: the padding does the rest.
  const auto extent = extent_of(reference);
  LabelMap cropped(
      Grid{.size = {extent.end[0] - extent.begin[0], extent.end[1] - extent.begin[1],
                    extent.end[2] - extent.begin[2]},
           .spacing_mm = grid.spacing_mm,
           .origin_mm = grid.to_world(Vector3(extent.begin[0], extent.begin[1], extent.begin[2]))});
  for (int k = 0; k < cropped.grid.size[2]; ++k)
    for (int j = 0; j < cropped.grid.size[1]; ++j)
      for (int i = 0; i < cropped.grid.size[0]; ++i)
        cropped.at(i, j, k) = reference.at(extent.begin[0] + i, extent.begin[1] + j, extent.begin[2] + k);
  const auto with_cropped = boundary_distance(measured, cropped);
  check(with_cropped, "cropped");
  EXPECT_TRUE(with_cropped.reference_touches_border);
  EXPECT_FALSE(result.reference_touches_border);
}

TEST(Boundary, OfAMaskOnATurnedGridIsTheDistanceOfTheTurnedSurface) {
  // The same octahedra, one in a grid that is turned by 90 degrees about z and by 45 about x: brute force on
  // the two meshes in the world.
  const auto reference = noise(grid_of({7, 6, 5}, {0.5, 0.6, 1.4}), 0.2, 3);
  const Matrix3 turn = Eigen::AngleAxisd(0.9, Vector3(3, -1, 2).normalized()).toRotationMatrix();
  const auto measured = moved(noise(grid_of({6, 7, 5}, {0.8, 0.7, 0.9}), 0.2, 4), turn, {0.4, 0.2, -0.7});
  const auto result = boundary_distance(measured, reference);
  const auto to = bridge_vtk::mask_boundary(reference, 1), from = bridge_vtk::mask_boundary(measured, 1);
  double largest = 0.0;
  for (const auto& vertex : from.vertices_mm) largest = std::max(largest, brute_force_mm(vertex, to));
  const auto& max = result.test_to_reference.max_mm;
  EXPECT_GE(max.ruler.hi, largest - 1e-9);
  EXPECT_NEAR(brute_force_mm(result.test_to_reference.max_position_mm, to), max.value, 1e-9);
}

TEST(Boundary, ScalesWithTheGrid) {
  const auto measured = noise(grid_of({9, 8, 7}, {0.5, 0.5, 2.0}), 0.1, 31);
  const auto reference = noise(measured.grid, 0.1, 32);
  const auto expected = values_of(boundary_distance(measured, reference));
  for (const double factor : {0.002, 2.0, 400.0}) {  // Spacings of 0.001 and of 800 mm.
    auto large = measured, other = reference;
    large.grid.spacing_mm *= factor;
    other.grid.spacing_mm *= factor;
    const auto values = values_of(boundary_distance(large, other, {.tolerances_mm = {factor}}));
    for (std::size_t n = 0; n < 4; ++n) EXPECT_NEAR(values[n] / factor, expected[n], 2e-2) << factor;
    EXPECT_NEAR(values[4], expected[4], 2e-2);
  }
}

TEST(Boundary, KeepsTheTriangleInequalityAndItsPercentilesAreMonotone) {
  std::array<LabelMap, 3> masks;
  for (std::uint64_t n = 0; n < 3; ++n) masks[n] = noise(grid_of({8, 8, 8}, {0.5, 0.5, 2.0}), 0.03, 40 + n);
  std::array<double, 3> hd{}, upper{};
  for (std::size_t n = 0; n < 3; ++n) {
    const auto value = boundary_distance(masks[n], masks[(n + 1) % 3]).hausdorff_mm();
    hd[n] = value.ruler.lo;
    upper[n] = value.ruler.hi;
  }
  for (std::size_t n = 0; n < 3; ++n) EXPECT_LE(hd[n], upper[(n + 1) % 3] + upper[(n + 2) % 3]);
  const auto hausdorff = boundary_distance(masks[0], masks[1]).hausdorff_mm();
  double before = 0.0;
  for (const double percentile : {1.0, 50.0, 90.0, 95.0, 99.0, 100.0}) {
    const auto value = boundary_distance(masks[0], masks[1], {.percentile = percentile}).percentile_mm();
    EXPECT_LE(before, value.value);
    EXPECT_LE(value.ruler.lo, value.value);
    EXPECT_GE(value.ruler.hi, value.value);
    EXPECT_LE(value.ruler.hi, hausdorff.ruler.hi);
    EXPECT_LE(value.discretisation.hi, hausdorff.discretisation.hi);
    before = value.value;
  }
  EXPECT_NEAR(before, hausdorff.value, 1e-9);
}

TEST(Boundary, DoesNotDependOnTheNumberOfThreads) {
  const auto [measured, reference] = spheres({0.5, 0.5, 2.0}, 9.0, 10.0, {0.1, 0.2, 0.3});
  std::array<std::array<double, 5>, 2> values{};
  for (std::size_t n = 0; n < 2; ++n) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, n == 0 ? 1 : 4);
    values[n] = values_of(boundary_distance(measured, reference));
  }
  EXPECT_EQ(values[0], values[1]);
}

TEST(Boundary, SeesAShiftOfLessThanASlice) {
  // 0.9 mm along slices of 2 mm, by the origin of the test's grid: 0.9 mm at the poles, and on the mean half
  // of it (the mean of |cos| over a sphere).
  const auto reference = ball(grid_for(12.0, {1, 1, 2}), 10.0);
  auto measured = reference;
  measured.grid.origin_mm[2] += 0.9;
  const auto result = boundary_distance(measured, reference);
  EXPECT_NEAR(result.hausdorff_mm().value, 0.9, 1e-9);  // The flat caps are 0.9 mm apart, and nothing more.
  EXPECT_NEAR(result.mean_of_means_mm().value, 0.45, 0.05);
}

TEST(Boundary, RefusesWhatItCannotDo) {
  LabelMap mask(grid_of({4, 4, 4}));
  mask.at(1, 1, 1) = 1;
  EXPECT_THROW(static_cast<void>(boundary_distance(mask, mask, {.percentile = 0.0})), InvalidInput);
  EXPECT_THROW(static_cast<void>(boundary_distance(mask, mask, {.tolerances_mm = {-1.0}})), InvalidInput);
  EXPECT_THROW(static_cast<void>(boundary_distance(mask, mask, {.max_error_mm = 0.0})), InvalidInput);
  auto sheared = mask;
  sheared.grid.direction(0, 1) = 0.5;
  EXPECT_THROW(static_cast<void>(boundary_distance(sheared, mask)), InvalidInput);
}

Trial trial_of(const LabelMap& measured, const LabelMap& reference) {
  Trial trial;
  trial.truth.targets.push_back({.label = 1});
  trial.truth.mask = shared(reference);
  trial.submissions.emplace_back();
  trial.submissions.front().offers = {"mask"};
  trial.submissions.front().stages.push_back({.name = "segmented", .mask = shared(measured)});
  return trial;
}

TEST(BoundaryFamily, GivesFiniteNumbersOrAReasonInEveryDegenerateCase) {
  // The registry refuses what is not finite or has no known reason (family_promises.cpp).
  const Grid grid = grid_of({5, 6, 7}, {0.5, 0.5, 2.0});
  const LabelMap nothing(grid), everything(grid, 1);
  LabelMap voxel(grid), slice(grid);
  voxel.at(2, 2, 2) = 1;
  fill_box(slice, {0, 0, 3}, {5, 6, 4});
  const auto reasons = [](const std::vector<Measurement>& rows) {
    std::set<std::string> result;
    for (const auto& row : rows) result.insert(row.reason);
    return result;
  };
  EXPECT_EQ(reasons(measure_all(trial_of(nothing, nothing), "boundary.*")),
            std::set<std::string>{"both_empty"});
  EXPECT_EQ(reasons(measure_all(trial_of(nothing, voxel), "boundary.*")),
            std::set<std::string>{"test_empty"});
  const auto rows = measure_all(trial_of(voxel, nothing), "boundary.*");
  EXPECT_EQ(reasons(rows), (std::set<std::string>{"", "reference_empty"}));
  EXPECT_EQ(std::get<double>(rows.back().value.value()), 0.0);  // nsd
  for (const LabelMap* measured :
       {static_cast<const LabelMap*>(&voxel), static_cast<const LabelMap*>(&slice), &everything})
    for (const LabelMap* reference :
         {static_cast<const LabelMap*>(&voxel), static_cast<const LabelMap*>(&slice), &everything}) {
      const auto all = measure_all(trial_of(*measured, *reference), "boundary.*");
      EXPECT_EQ(reasons(all), std::set<std::string>{""});
      for (const auto& row : all) {
        ASSERT_EQ(row.sources.size(), 2u);
        EXPECT_EQ(row.sources[0].name, "ruler");
        EXPECT_EQ(row.sources[1].name, "discretisation");
      }
    }
}

TEST(BoundaryFamily, MeasuresEveryLabelAndTakesItsToleranceFromTheId) {
  LabelMap reference(grid_of({20, 12, 12}));
  fill_box(reference, {2, 2, 2}, {8, 8, 8}, 3);
  fill_box(reference, {10, 2, 2}, {16, 8, 8}, 9);
  auto measured = reference;
  measured.grid.origin_mm[0] = 0.75;
  auto trial = trial_of(measured, reference);
  trial.truth.targets = {{.label = 3, .name = "left"}, {.label = 9, .name = "right"}};
  const auto rows = measure(
      trial,
      std::vector<MeasureItem>{{"boundary.hd", ""}, {"boundary.nsd@0.7mm", ""}, {"boundary.nsd@0.75", ""}});
  ASSERT_EQ(rows.size(), 6u);
  EXPECT_EQ(rows[0].target, "left");
  EXPECT_EQ(rows[1].target, "right");
  const auto by_glob = measure_all(trial, "boundary.n*@0.7mm");
  ASSERT_EQ(by_glob.size(), 2u);
  EXPECT_EQ(by_glob[0].metric, "boundary.nsd@0.7mm");
  EXPECT_EQ(by_glob[0].value, rows[2].value);
  EXPECT_EQ(by_glob[0].witnesses.back(), (std::pair<std::string, MeasuredValue>("tolerance_mm", 0.7)));
  EXPECT_EQ(measure_all(trial, "boundary.nsd")[0].witnesses.back(),
            (std::pair<std::string, MeasuredValue>("tolerance_mm", 1.0)));
  EXPECT_THROW(static_cast<void>(measure_all(trial, "boundary.nsd@much")), InvalidInput);
  // A face that moves along its normal by 0.75 mm: the largest distance, on two of six faces.
  EXPECT_NEAR(std::get<double>(rows[0].value.value()), 0.75, 1e-9);
  EXPECT_NEAR(std::get<double>(rows[1].value.value()), 0.75, 1e-9);
  EXPECT_LT(std::get<double>(rows[2].value.value()), 0.8);
  EXPECT_NEAR(std::get<double>(rows[4].value.value()), 1.0, 1e-9);
}

}  // namespace
}  // namespace meshassay::metrics
