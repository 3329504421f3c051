// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "core/bridge_vtk/mask_boundary.hpp"
#include "core/errors.hpp"
#include "metrics/boundary/boundary_cells.hpp"
#include "metrics/boundary/boundary_distance.hpp"
#include "metrics/boundary/boundary_elements.hpp"
#include "metrics/boundary/boundary_parts.hpp"
#include "metrics/boundary/boundary_search.hpp"
#include "metrics/registry.hpp"
#include "tests/unit/metrics/boundary/brute_force.hpp"
#include "tests/unit/metrics/boundary/label_masks.hpp"
#include "tests/unit/metrics/masks.hpp"

namespace meshassay::metrics {
namespace {

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
    const auto mask = random_voxels(grid_of({12, 13, 14}, {0.7, 0.7, 5.0}), share, 5);
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
  const Grid grid = grid_about(large_mm, spacing_mm);
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
  const auto [measured, reference] = spheres(GetParam(), 20.0, 21.0);
  const BoundaryCells from(measured, 1, extent_of(measured)), to(reference, 1, extent_of(reference));
  const BoundarySearch search(to);
  auto from_mesh = from.local_mesh(), to_mesh = to.local_mesh();
  for (auto& vertex : from_mesh.vertices_mm) vertex = from.to_world(vertex);
  for (auto& vertex : to_mesh.vertices_mm) vertex = to.to_world(vertex);
  const auto result = boundary_distance(measured, reference);
  // Every 23rd vertex: all of them would take half a minute.
  for (std::size_t v = 0; v < from_mesh.vertices_mm.size(); v += 23) {
    const Point3& vertex = from_mesh.vertices_mm[v];
    const Point3 local = to.axes().transpose() * (vertex - to.origin_mm());
    const double expected = brute_force_mm(vertex, to_mesh);
    ASSERT_NEAR(std::sqrt(search.nearest(local).squared_mm2), expected, 1e-9);
    EXPECT_GE(result.test_to_reference.max_mm.ruler.hi, expected - 1e-9);
  }
}

// At half of the scale, which keeps it quick: balls of 10 and 11 mm on these grids. 100 points on every
// triangle, each with its distance by the search that is held against brute force above.
TEST_P(ConcentricSpheres, HoldATenTimesFinerEvaluation) {
  const auto [measured, reference] = spheres(0.5 * GetParam(), 5.0, 5.5);
  const BoundaryCells from(measured, 1, extent_of(measured)), to(reference, 1, extent_of(reference));
  const BoundarySearch search(to);
  auto from_mesh = from.local_mesh();
  for (auto& vertex : from_mesh.vertices_mm) vertex = from.to_world(vertex);
  const auto result = boundary_distance(measured, reference);
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
  const auto a = random_voxels(grid_of({9, 10, 8}, {0.5, 0.5, 2.0}), 0.1, 21),
             b = random_voxels(a.grid, 0.1, 22);
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
  const Grid grid = grid_about(6.0, {0.7, 0.8, 1.5});
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
  const auto reference = random_voxels(grid_of({7, 6, 5}, {0.5, 0.6, 1.4}), 0.2, 3);
  const Matrix3 turn = Eigen::AngleAxisd(0.9, Vector3(3, -1, 2).normalized()).toRotationMatrix();
  const auto measured =
      moved(random_voxels(grid_of({6, 7, 5}, {0.8, 0.7, 0.9}), 0.2, 4), turn, {0.4, 0.2, -0.7});
  const auto result = boundary_distance(measured, reference);
  const auto to = bridge_vtk::mask_boundary(reference, 1), from = bridge_vtk::mask_boundary(measured, 1);
  double largest = 0.0;
  for (const auto& vertex : from.vertices_mm) largest = std::max(largest, brute_force_mm(vertex, to));
  const auto& max = result.test_to_reference.max_mm;
  EXPECT_GE(max.ruler.hi, largest - 1e-9);
  EXPECT_NEAR(brute_force_mm(result.test_to_reference.max_position_mm, to), max.value, 1e-9);
}

TEST(Boundary, ScalesWithTheGrid) {
  const auto measured = random_voxels(grid_of({9, 8, 7}, {0.5, 0.5, 2.0}), 0.1, 31);
  const auto reference = random_voxels(measured.grid, 0.1, 32);
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
  for (std::uint64_t n = 0; n < 3; ++n)
    masks[n] = random_voxels(grid_of({8, 8, 8}, {0.5, 0.5, 2.0}), 0.03, 40 + n);
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
  const auto reference = ball(grid_about(12.0, {1, 1, 2}), 10.0);
  auto measured = reference;
  measured.grid.origin_mm[2] += 0.9;
  const auto result = boundary_distance(measured, reference);
  EXPECT_NEAR(result.hausdorff_mm().value, 0.9, 1e-9);  // The flat caps are 0.9 mm apart, and nothing more.
  EXPECT_NEAR(result.mean_of_means_mm().value, 0.45, 0.05);
}

TEST(Boundary, OfSpacingsAMillionTimesApartTakesABoundedNumberOfElements) {
  // A block of 4 x 3 x 2 voxels of 0.001 x 1 x 1000 mm against the whole grid of 9 x 8 x 7. Errors are asked
  // to be below 0.00075 mm on triangles of a metre: all would be halved eight times, into 65,536 elements
  // each. A closed surface of V vertices has fewer than 2 V triangles; each may be halved 2^17 / V times on
  // the average, and each halving leaves three elements more.
  LabelMap block(grid_of({9, 8, 7}, {0.001, 1.0, 1000.0})), whole(block.grid);
  fill_box(block, {2, 2, 2}, {6, 5, 4});
  fill_box(whole, {0, 0, 0}, {9, 8, 7});
  const auto result = boundary_distance(block, whole);
  const auto most = [](const LabelMap& mask) {
    const auto vertices = BoundaryCells(mask, 1, extent_of(mask)).vertices();
    return 2 * vertices + 6 * (std::size_t{1} << 17);
  };
  EXPECT_LE(result.test_to_reference.elements, most(block));
  EXPECT_LE(result.reference_to_test.elements, most(whole));
  // The whole reaches 3 slices further than the block on one side, 2 on the other: corners that are cut lose
  // at most half a slice of either.
  const BoundaryValue largest = result.hausdorff_mm();
  EXPECT_LE(largest.ruler.lo, largest.value);
  EXPECT_LE(largest.value, largest.ruler.hi);
  EXPECT_GE(largest.ruler.hi, 2000.0);
  EXPECT_LE(largest.ruler.lo, 3001.0);
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
        EXPECT_EQ(row.interval_kind, IntervalKind::expanded_k2);
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
