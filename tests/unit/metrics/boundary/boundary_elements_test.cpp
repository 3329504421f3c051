// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <vector>

#include "metrics/boundary/boundary_cells.hpp"
#include "metrics/boundary/boundary_search.hpp"
#include "metrics/boundary/element_error.hpp"
#include "metrics/boundary/element_sums.hpp"
#include "metrics/surface/area_distribution.hpp"
#include "tests/unit/metrics/boundary/label_masks.hpp"
#include "tests/unit/metrics/masks.hpp"

namespace meshassay::metrics {
namespace {

using test::Random;

TEST(ElementError, HoldsTheDistanceEverywhereOnTheElement) {
  // Elements of all sizes and places about noise, so near that the surface runs through some of them: the
  // distance at 66 points of each, and its mean over 100 parts, whose own error is no more than a part's
  // size. A bound with half of the spread, or with one foot's excess left out, fails here.
  const auto mask = random_voxels(grid_of({9, 9, 9}, {0.8, 1.0, 1.7}), 0.04, 77);
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

}  // namespace
}  // namespace meshassay::metrics
