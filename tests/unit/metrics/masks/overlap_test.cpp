// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/masks/overlap.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numbers>
#include <random>
#include <vector>

#include "core/errors.hpp"
#include "metrics/masks/mask_runs.hpp"
#include "metrics/registry.hpp"
#include "tests/unit/metrics/masks.hpp"

namespace meshassay::metrics {
namespace {

// A box of voxels in a grid of 8 x 9 x 10 with spacings that differ.
LabelMap box_mask(const std::array<int, 3>& begin, const std::array<int, 3>& end) {
  LabelMap mask(grid_of({8, 9, 10}, {0.5, 0.75, 2.0}, {-10, 5, 100}));
  fill_box(mask, begin, end);
  return mask;
}

// A ball by voxel centres.
LabelMap ball_mask(const Grid& grid, const Point3& center_mm, double radius_mm) {
  LabelMap mask(grid);
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i)
        mask.at(i, j, k) = (grid.to_world(Vector3(i, j, k)) - center_mm).norm() <= radius_mm ? 1 : 0;
  return mask;
}

Matrix3 rotation(double degrees, const Vector3& axis) {
  return Eigen::AngleAxisd(degrees * std::numbers::pi / 180.0, axis.normalized()).toRotationMatrix();
}

Matrix3 turned_about_all_axes() { return rotation(33.0, {1, 2, 3}); }

Trial trial_of(const LabelMap& test, const LabelMap& reference) {
  Trial trial;
  trial.truth.targets.push_back({.label = 1});
  trial.truth.mask = shared(reference);
  trial.submissions.emplace_back();
  trial.submissions.front().offers = {"mask"};
  trial.submissions.front().stages.push_back({.name = "segmented", .mask = shared(test)});
  return trial;
}

double number_of(const std::vector<Measurement>& rows, const std::string& id) {
  for (const auto& row : rows)
    if (row.metric == id) return std::get<double>(row.value.value());
  throw std::runtime_error("no " + id);
}

TEST(Overlap, OfBoxesOnOneGridIsCountedByHand) {
  // 4 x 4 x 4 against the same box shifted by one column and one slice: 64 voxels each, 3 * 4 * 3 = 36 in
  // common.
  const auto test = box_mask({2, 2, 3}, {6, 6, 7});
  const auto reference = box_mask({1, 2, 2}, {5, 6, 6});
  const auto result = overlap(test, reference);
  EXPECT_EQ(result.method, OverlapMethod::voxel_counts);
  EXPECT_EQ(result.alignment_half_width_mm3, 0.0);
  EXPECT_DOUBLE_EQ(result.volumes.test_mm3, 64 * 0.75);  // One voxel is 0.5 * 0.75 * 2 = 0.75 mm3.
  EXPECT_DOUBLE_EQ(result.volumes.common_mm3, 36 * 0.75);
  const auto rows = measure_all(trial_of(test, reference), "overlap.*");
  EXPECT_DOUBLE_EQ(number_of(rows, "overlap.dice"), 72.0 / 128.0);
  EXPECT_DOUBLE_EQ(number_of(rows, "overlap.jaccard"), 36.0 / 92.0);
  EXPECT_DOUBLE_EQ(number_of(rows, "overlap.volume_similarity"), 1.0);
  EXPECT_DOUBLE_EQ(number_of(rows, "overlap.false_negative_volume"), 28 * 0.75);
  EXPECT_DOUBLE_EQ(number_of(rows, "overlap.false_positive_volume"), 28 * 0.75);
  // Slices 2 (reference only) and 6 (test only) have nothing in common: the first is named.
  EXPECT_EQ(number_of(rows, "overlap.worst_slice_dice"), 0.0);
  EXPECT_EQ(rows.back().witnesses[0], (std::pair<std::string, MeasuredValue>("slice_index", 2.0)));
  EXPECT_EQ(rows.back().witnesses[1], (std::pair<std::string, MeasuredValue>("slice_position_mm", 104.0)));
  for (const auto& row : rows) EXPECT_FALSE(row.interval.has_value()) << row.metric;
}

TEST(Overlap, OfLargeSlicesIsWhatCountingVoxelByVoxelGives) {
  // Slices of 47 x 101 = 4747 voxels of four labels, counted one at a time: a product of integers by the
  // volume of a voxel, 0.5 mm^3, which is exact. The first slice is full, so that counts are as large as can
  // be.
  LabelMap test(grid_of({47, 101, 5}, {0.5, 0.5, 2.0})), reference(test.grid);
  std::mt19937_64 random(3);
  const std::size_t slice_voxels = test.values.size() / 5;
  for (std::size_t v = 0; v < test.values.size(); ++v) {
    test.values[v] = v < slice_voxels ? 2 : static_cast<std::uint16_t>(random() % 4);
    reference.values[v] = v < slice_voxels ? 2 : static_cast<std::uint16_t>(random() % 4);
  }
  const auto result = overlap(test, reference, {.label = 2});
  ASSERT_EQ(result.slices.size(), 5U);
  for (std::size_t k = 0; k < 5; ++k) {
    int in_test = 0, in_reference = 0, in_both = 0;
    for (std::size_t v = k * slice_voxels; v < (k + 1) * slice_voxels; ++v) {
      in_test += test.values[v] == 2 ? 1 : 0;
      in_reference += reference.values[v] == 2 ? 1 : 0;
      in_both += test.values[v] == 2 && reference.values[v] == 2 ? 1 : 0;
    }
    EXPECT_EQ(result.slices[k].index, static_cast<std::int64_t>(k));
    EXPECT_EQ(result.slices[k].volumes.test_mm3, 0.5 * in_test);
    EXPECT_EQ(result.slices[k].volumes.reference_mm3, 0.5 * in_reference);
    EXPECT_EQ(result.slices[k].volumes.common_mm3, 0.5 * in_both);
  }
}

TEST(MaskRuns, OfAViewAreThoseOfEveryVoxelLookedAtByItself) {
  // Labels in runs of all lengths up to 90, in rows of 150, as the axes come and turned about.
  LabelMap mask(grid_of({150, 4, 3}, {1.0, 1.0, 1.0}));
  std::mt19937_64 random(4);
  for (std::size_t v = 0; v < mask.values.size();) {
    const auto label = static_cast<std::uint16_t>(random() % 3);
    for (std::size_t n = 1 + random() % 90; n > 0 && v < mask.values.size(); --n) mask.values[v++] = label;
  }
  for (const AxisView& view : {AxisView{}, AxisView{.axis = {0, 1, 2}, .flipped = {true, false, true}},
                               AxisView{.axis = {2, 0, 1}, .flipped = {false, true, false}}}) {
    const MaskRuns runs = mask_runs(mask, 1, view);
    std::uint64_t voxels = 0;
    for (int k = 0; k < runs.size[2]; ++k)
      for (int j = 0; j < runs.size[1]; ++j) {
        std::vector<bool> covered(static_cast<std::size_t>(runs.size[0]), false);
        int last_end = -1;
        for (const auto& run : runs.row(j, k)) {
          EXPECT_GT(run.begin, last_end);  // They do not even touch.
          EXPECT_GT(run.end, run.begin);
          last_end = run.end;
          for (int i = run.begin; i < run.end; ++i) covered[static_cast<std::size_t>(i)] = true;
        }
        for (int i = 0; i < runs.size[0]; ++i) {
          const std::array<int, 3> in_view = {i, j, k};
          std::array<int, 3> at{};
          for (std::size_t a = 0; a < 3; ++a)
            at[static_cast<std::size_t>(view.axis[a])] =
                view.flipped[a] ? runs.size[a] - 1 - in_view[a] : in_view[a];
          EXPECT_EQ(covered[static_cast<std::size_t>(i)], mask.at(at[0], at[1], at[2]) == 1);
          voxels += covered[static_cast<std::size_t>(i)] ? 1 : 0;
        }
      }
    EXPECT_EQ(runs.voxels, voxels);
  }
}

TEST(Overlap, WithItselfIsOneOnAnyGrid) {
  const auto mask = box_mask({2, 2, 3}, {6, 6, 7});
  EXPECT_EQ(overlap(mask, mask).volumes.dice(), 1.0);
  const auto oblique = moved(mask, turned_about_all_axes(), {3, 4, 5});
  EXPECT_EQ(overlap(oblique, oblique).volumes.dice(), 1.0);
}

TEST(OverlapFamily, OfAMaskWithItselfIsOneAndItsIntervalsHoldTheirValuesWhateverTheRounding) {
  // Spacings and origins without a short binary fraction: sums over slices round differently from products.
  for (const double spacing_mm : {0.1, 0.3, 0.7, 0.9765625, 3.27}) {
    for (const double move_mm : {0.0, 1e-13, 1e-9}) {  // as a file format may round an origin
      Grid grid = grid_of({40, 41, 42}, {spacing_mm, 1.1 * spacing_mm, 1.3 * spacing_mm}, {0.1, -0.7, 33.3});
      const auto mask = ball_mask(grid, grid.to_world({20, 20, 20}), 15.3 * spacing_mm);
      auto moved = mask;
      moved.grid.origin_mm[2] += move_mm;
      const auto rows =
          measure_all(trial_of(moved, mask), "overlap.*");  // throws where an interval loses its value
      if (move_mm == 0.0) {
        EXPECT_EQ(number_of(rows, "overlap.dice"), 1.0);
        EXPECT_EQ(number_of(rows, "overlap.jaccard"), 1.0);
        EXPECT_EQ(number_of(rows, "overlap.false_positive_volume"), 0.0);
      }
    }
  }
}

TEST(Overlap, OfCubesThatAreShiftedByPartOfAVoxelIsExact) {
  // A cube of 4 voxels of 1 mm, the test's grid shifted by 0.3, 0.5 and 0.9 mm: in common 3.7 * 3.5 * 3.1
  // mm3.
  LabelMap reference(grid_of({8, 8, 8}));
  fill_box(reference, {2, 2, 2}, {6, 6, 6});
  auto test = reference;
  test.grid.origin_mm = {0.3, 0.5, 0.9};
  const auto result = overlap(test, reference);
  EXPECT_EQ(result.method, OverlapMethod::aligned_boxes);
  EXPECT_NEAR(result.volumes.common_mm3, 3.7 * 3.5 * 3.1, 1e-12);
  // By slice of the reference: 2 holds 0.1 mm of the test, 3 to 5 all, 6 the last 0.9 mm alone.
  ASSERT_EQ(result.slices.size(), 5u);
  EXPECT_NEAR(result.slices[0].volumes.test_mm3, 16 * 0.1, 1e-12);
  EXPECT_NEAR(result.slices[0].volumes.common_mm3, 3.7 * 3.5 * 0.1, 1e-12);
  EXPECT_NEAR(result.slices[4].volumes.test_mm3, 16 * 0.9, 1e-12);
  EXPECT_EQ(result.slices[4].volumes.reference_mm3, 0.0);
}

TEST(Overlap, OnGridsOfOtherSpacingIsThatOfTheBoxes) {
  // [-0.5, 3.5]^3 in voxels of 1 mm against [0, 3]^3 in voxels of 0.3 mm (rounded spacings on purpose).
  LabelMap reference(grid_of({6, 6, 6}));
  fill_box(reference, {0, 0, 0}, {4, 4, 4});
  LabelMap test(grid_of({12, 12, 12}, Vector3::Constant(0.3), Point3::Constant(0.15)));
  fill_box(test, {0, 0, 0}, {10, 10, 10});
  const auto result = overlap(test, reference);
  EXPECT_EQ(result.method, OverlapMethod::aligned_boxes);
  EXPECT_NEAR(result.volumes.test_mm3, 27.0, 1e-12);
  EXPECT_NEAR(result.volumes.reference_mm3, 64.0, 1e-12);
  EXPECT_NEAR(result.volumes.common_mm3, 27.0, 1e-12);
}

TEST(Overlap, IsTheSameInAnyOrderAndDirectionOfTheAxes) {
  const auto reference = ball_mask(grid_of({20, 18, 12}, {0.5, 0.6, 1.0}, {-5, -5, -6}), {0, 0, 0}, 4.0);
  const auto test = ball_mask(reference.grid, {0.7, -0.4, 0.9}, 3.8);
  const auto expected = overlap(test, reference).volumes;
  const std::array<std::array<int, 3>, 6> orders = {
      {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}};
  for (const auto& order : orders)
    for (int flips = 0; flips < 8; ++flips) {
      // Half of these are left-handed.
      const std::array<bool, 3> flipped = {(flips & 1) != 0, (flips & 2) != 0, (flips & 4) != 0};
      const auto result = overlap(reordered(test, order, flipped), reference);
      EXPECT_NE(result.method, OverlapMethod::clipped_boxes);
      EXPECT_NEAR(result.volumes.common_mm3, expected.common_mm3, 1e-11);
      EXPECT_NEAR(result.volumes.test_mm3, expected.test_mm3, 1e-11);
      ASSERT_EQ(result.slices.size(), overlap(test, reference).slices.size());  // No slivers.
    }
}

TEST(Overlap, OfACubeTurnedBy45DegreesIsTheOctagonInside) {
  // Two squares of side 2 about one centre, 45 degrees apart, meet in a regular octagon of in-radius 1, area
  // 8 tan(22.5 deg); the cubes are 2 mm high.
  for (const int voxels : {2, 5}) {
    const double spacing = 2.0 / voxels;
    LabelMap reference(
        grid_of({voxels, voxels, voxels}, Vector3::Constant(spacing), Point3::Constant(0.5 * spacing - 1.0)));
    fill_box(reference, {0, 0, 0}, {voxels, voxels, voxels});
    const auto result = overlap(moved(reference, rotation(45.0, {0, 0, 1}), Vector3::Zero()), reference);
    EXPECT_EQ(result.method, OverlapMethod::clipped_boxes);
    EXPECT_NEAR(result.volumes.common_mm3, 2.0 * 8.0 * std::tan(std::numbers::pi / 8.0), 1e-12);
    EXPECT_EQ(result.slices.size(), static_cast<std::size_t>(voxels));
  }
}

TEST(Overlap, OfACubeTurnedAboutItsDiagonalIsKnown) {
  // Turning about the diagonal by 120 degrees is a symmetry, up to the order of the axes; by 60 degrees the
  // common part of a cube [-1, 1]^3 and its image (which is its mirror image) is a hexagonal bipyramid: six
  // faces at distance 1 about each end of the diagonal. All twelve planes touch the unit ball; apex sqrt(3).
  // Its equator is the regular hexagon with corners at distance sqrt(2) where the cube's edge midpoints are,
  // area 3 sqrt(3) / 2 * 2, so its volume is 2 / 3 * sqrt(3) * 3 sqrt(3) = 6.
  LabelMap reference(grid_of({4, 4, 4}, Vector3::Constant(0.5), Point3::Constant(-0.75)));
  fill_box(reference, {0, 0, 0}, {4, 4, 4});
  const auto same = overlap(moved(reference, rotation(120.0, {1, 1, 1}), Vector3::Zero()), reference);
  EXPECT_EQ(same.method, OverlapMethod::aligned_boxes);
  EXPECT_NEAR(same.volumes.common_mm3, 8.0, 1e-11);
  const auto bipyramid = overlap(moved(reference, rotation(60.0, {1, 1, 1}), Vector3::Zero()), reference);
  EXPECT_EQ(bipyramid.method, OverlapMethod::clipped_boxes);
  EXPECT_NEAR(bipyramid.volumes.common_mm3, 6.0, 1e-11);
}

TEST(Overlap, OfObliqueGridsKeepsEveryVolume) {
  const auto reference = ball_mask(grid_of({20, 18, 12}, {0.5, 0.6, 1.0}, {-5, -5, -6}), {0, 0, 0}, 4.0);
  // A test mask that lies inside a block of reference voxels is common as a whole.
  LabelMap block(grid_of({30, 30, 30}, {0.7, 0.9, 1.1}, {-10, -13, -16}));
  fill_box(block, {0, 0, 0}, {30, 30, 30});
  const auto oblique = moved(reference, turned_about_all_axes(), Vector3::Zero());
  const auto inside = overlap(oblique, block);
  EXPECT_EQ(inside.method, OverlapMethod::clipped_boxes);
  EXPECT_NEAR(inside.volumes.common_mm3, inside.volumes.test_mm3, 1e-9 * inside.volumes.test_mm3);
  // By slice it adds up to the whole, too.
  double sum_mm3 = 0.0;
  for (const auto& slice : inside.slices) sum_mm3 += slice.volumes.test_mm3;
  EXPECT_NEAR(sum_mm3, inside.volumes.test_mm3, 1e-9 * inside.volumes.test_mm3);
  // With roles changed the clipping runs through other voxels and must come to the same.
  const auto forth = overlap(oblique, reference).volumes;
  const auto back = overlap(reference, oblique).volumes;
  EXPECT_LT(forth.common_mm3, forth.test_mm3);
  EXPECT_NEAR(forth.common_mm3, back.common_mm3, 1e-9 * back.common_mm3);
}

// One voxel of a metre and 4 x 4 x 4 of a micrometre: a face of the large one goes through the middle of
// the small box, which is its own mirror image there: half of it is common, whatever the angle.
TEST(Overlap, OfSpacingsAMillionTimesApartIsCutByTheFaceBetween) {
  for (const double large_mm : {1.0, 30.0, 1e3}) {
    LabelMap small(grid_of({4, 4, 4}, Vector3::Constant(1e-3), Point3::Constant(-1.5e-3)));
    fill_box(small, {0, 0, 0}, {4, 4, 4});
    LabelMap large(grid_of({1, 1, 1}, Vector3::Constant(large_mm)), 1);
    large.grid.direction = turned_about_all_axes();
    large.grid.origin_mm = large.grid.direction.col(1) * (0.5 * large_mm);
    for (const auto& result : {overlap(large, small), overlap(small, large)}) {
      EXPECT_EQ(result.method, OverlapMethod::clipped_boxes);
      EXPECT_NEAR(result.volumes.common_mm3, 32e-9, result.alignment_half_width_mm3 + 1e-18);
      EXPECT_LT(result.alignment_half_width_mm3, 1e-3 * 32e-9);
      EXPECT_LE(result.slices.size(), 6u);  // The small grid's own, and one on either side.
    }
    // Moved in by more than its diagonal it is common as a whole.
    large.grid.origin_mm *= 1.0 - 0.02 / large_mm;
    EXPECT_NEAR(overlap(small, large).volumes.common_mm3, 64e-9, 64e-15);
    EXPECT_NEAR(overlap(large, small).volumes.common_mm3, 64e-9, 64e-15);
    const auto rows = measure_all(trial_of(large, small), "overlap.*");
    EXPECT_NEAR(number_of(rows, "overlap.false_negative_volume"), 0.0, 64e-15);
    EXPECT_NEAR(number_of(rows, "overlap.dice"), 128e-9 / (std::pow(large_mm, 3) + 64e-9), 1e-9);
  }
}

TEST(Overlap, BeyondTheGridIsAsOneSliceOnEitherSide) {
  // A column of 20 mm about a slab of four slices of 1 mm, upright and turned about its own axis.
  LabelMap slab(grid_of({30, 30, 4}, {1, 1, 1}, {-14.5, -14.5, -1.5}), 1);
  LabelMap column(grid_of({2, 2, 10}, {2, 2, 2}, {-1, -1, -9}), 1);
  for (const double degrees : {0.0, 30.0}) {
    const auto result = overlap(moved(column, rotation(degrees, {0, 0, 1}), Vector3::Zero()), slab);
    ASSERT_EQ(result.slices.size(), 6u);
    EXPECT_EQ(result.slices.front().index, -1);
    EXPECT_EQ(result.slices.back().index, 4);
    EXPECT_NEAR(result.slices.front().volumes.test_mm3, 16.0 * 8.0, 1e-9);
    EXPECT_NEAR(result.slices.back().volumes.test_mm3, 16.0 * 8.0, 1e-9);
    EXPECT_NEAR(result.slices[1].volumes.common_mm3, 16.0, 1e-9);
    EXPECT_NEAR(result.volumes.common_mm3, 64.0, 1e-9);
  }
}

TEST(Overlap, AlmostParallelAxesAgreeWithParallelOnes) {
  // 0.01 degrees over 10 mm is less than 2 micrometres: no cancellation in the clipping.
  const auto reference = ball_mask(grid_of({20, 18, 12}, {0.5, 0.6, 1.0}, {-5, -5, -6}), {0, 0, 0}, 4.0);
  const auto test = ball_mask(reference.grid, {0.7, -0.4, 0.9}, 3.8);
  const auto parallel = overlap(test, reference).volumes;
  const auto almost = overlap(moved(test, rotation(0.01, {1, 1, 1}), Vector3::Zero()), reference);
  EXPECT_EQ(almost.method, OverlapMethod::clipped_boxes);
  EXPECT_NEAR(almost.volumes.common_mm3, parallel.common_mm3, 0.002 * 4 * std::numbers::pi * 16.0 * 2);
}

TEST(Overlap, DoesNotChangeWhenBothMasksMoveTogether) {
  const auto reference = ball_mask(grid_of({20, 18, 12}, {0.5, 0.6, 1.0}, {-5, -5, -6}), {0, 0, 0}, 4.0);
  const auto test =
      moved(ball_mask(reference.grid, {0.7, -0.4, 0.9}, 3.8), rotation(10.0, {0, 1, 1}), {0.1, 0, 0});
  const auto before = overlap(test, reference).volumes;
  const Matrix3 turn = turned_about_all_axes();
  const Vector3 shift(100, -200, 300);
  const auto after = overlap(moved(test, turn, shift), moved(reference, turn, shift)).volumes;
  EXPECT_NEAR(after.common_mm3, before.common_mm3, 1e-8 * before.common_mm3);
}

TEST(Overlap, ScalesWithTheCubeOfTheSpacing) {
  auto test = box_mask({2, 2, 3}, {6, 6, 7});
  auto reference = box_mask({1, 2, 2}, {5, 6, 6});
  const auto before = overlap(test, reference).volumes;
  for (auto* mask : {&test, &reference}) {
    mask->grid.spacing_mm *= 3.0;
    mask->grid.origin_mm *= 3.0;
  }
  const auto after = overlap(test, reference).volumes;
  EXPECT_NEAR(after.common_mm3, 27.0 * before.common_mm3, 1e-9);
  EXPECT_NEAR(after.dice(), before.dice(), 1e-12);
}

TEST(Overlap, TakesAnOriginInFloat32AsTheSameGridAndSaysWhatThatMayChange) {
  const auto reference = box_mask({2, 2, 3}, {6, 6, 7});
  auto test = reference;
  test.grid.origin_mm[0] += 1e-6;
  const auto result = overlap(test, reference);
  EXPECT_EQ(result.method, OverlapMethod::voxel_counts);
  // Faces of the 2 x 3 x 8 mm box: 2 * (2*3 + 2*8 + 3*8) = 92 mm2.
  EXPECT_NEAR(result.alignment_half_width_mm3, 92e-6, 1e-9);
  // A crop of it, with such an origin, has no slivers of slices.
  LabelMap crop(grid_of({6, 6, 6}, reference.grid.spacing_mm, reference.grid.to_world({1, 1, 2})));
  crop.grid.origin_mm += Vector3::Constant(1e-6);
  fill_box(crop, {1, 1, 1}, {5, 5, 5});
  const auto cropped = overlap(crop, reference);
  EXPECT_EQ(cropped.method, OverlapMethod::aligned_boxes);
  EXPECT_EQ(cropped.slices.size(), 4u);
  EXPECT_NEAR(cropped.volumes.common_mm3, 48.0, 1e-12);
  EXPECT_GT(cropped.alignment_half_width_mm3, 92e-6);
}

TEST(Overlap, OfMasksThatLieApartIsNothing) {
  const auto reference = box_mask({2, 2, 3}, {6, 6, 7});
  for (const auto& turn : {Matrix3(Matrix3::Identity()), turned_about_all_axes()}) {
    const auto result = overlap(moved(reference, turn, {5000, 0, 0}), reference);
    EXPECT_EQ(result.volumes.common_mm3, 0.0);
    EXPECT_DOUBLE_EQ(result.volumes.test_mm3, result.volumes.reference_mm3);
  }
}

TEST(Overlap, OfOneVoxelAndOfOneSlice) {
  LabelMap voxel(grid_of({1, 1, 1}, {1, 2, 3}));
  voxel.values = {1};
  EXPECT_EQ(overlap(voxel, voxel).volumes.dice(), 1.0);
  auto shifted = voxel;
  shifted.grid.origin_mm = {0.25, 0, 0};
  EXPECT_NEAR(overlap(shifted, voxel).volumes.dice(), 0.75, 1e-15);
}

// Every ratio undefined for this reason, every volume a number.
void expect_undefined_ratios(const std::vector<Measurement>& rows, const std::string& reason) {
  ASSERT_EQ(rows.size(), 6u);
  for (const auto& row : rows) {
    EXPECT_EQ(row.value.has_value(), row.unit == "mm3") << row.metric;
    EXPECT_EQ(row.reason, row.unit == "mm3" ? "" : reason) << row.metric;
  }
}

TEST(OverlapFamily, EmptyMasksFollowTheRules) {
  const auto full = box_mask({2, 2, 3}, {6, 6, 7});  // 64 voxels of 0.75 mm3
  const auto empty = box_mask({0, 0, 0}, {0, 0, 0});
  const auto both_empty = measure_all(trial_of(empty, empty), "overlap.*");
  expect_undefined_ratios(both_empty, "both_empty");
  EXPECT_EQ(number_of(both_empty, "overlap.false_negative_volume"), 0.0);
  const auto test_empty = measure_all(trial_of(empty, full), "overlap.*");
  expect_undefined_ratios(test_empty, "test_empty");
  EXPECT_EQ(number_of(test_empty, "overlap.false_negative_volume"), 48.0);
  const auto reference_empty = measure_all(trial_of(full, empty), "overlap.*");
  for (const auto* id : {"dice", "jaccard", "volume_similarity", "worst_slice_dice", "false_negative_volume"})
    EXPECT_EQ(number_of(reference_empty, std::string("overlap.") + id), 0.0) << id;
  EXPECT_EQ(number_of(reference_empty, "overlap.false_positive_volume"), 48.0);
}

TEST(OverlapFamily, ComparesLabelByLabel) {
  auto reference = box_mask({0, 0, 0}, {4, 4, 4});
  fill_box(reference, {4, 4, 4}, {6, 6, 6}, 7);
  auto measured = reference;
  measured.at(4, 4, 4) = 1;  // One of the 8 voxels given to the other.
  auto trial = trial_of(measured, reference);
  trial.truth.targets = {{.label = 1, .name = "bone"}, {.label = 7, .name = "tooth"}};
  const auto rows = measure(trial, std::vector<MeasureItem>{{"overlap.dice", ""}});
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].target, "bone");
  EXPECT_DOUBLE_EQ(std::get<double>(*rows[0].value), 128.0 / 129.0);
  EXPECT_EQ(rows[1].target, "tooth");
  EXPECT_DOUBLE_EQ(std::get<double>(*rows[1].value), 14.0 / 15.0);
}

TEST(Overlap, RefusesGridsThatCannotBe) {
  const auto good = box_mask({2, 2, 3}, {6, 6, 7});
  auto bad = good;
  bad.values.pop_back();
  EXPECT_THROW(static_cast<void>(overlap(bad, good)), InvalidInput);
  bad = good;
  bad.grid.spacing_mm[1] = 0.0;
  EXPECT_THROW(static_cast<void>(overlap(bad, good)), InvalidInput);
  bad = good;
  bad.grid.direction.col(0) = bad.grid.direction.col(1);
  EXPECT_THROW(static_cast<void>(overlap(good, bad)), InvalidInput);
  bad = good;
  bad.grid.origin_mm[2] = std::nan("");
  EXPECT_THROW(static_cast<void>(overlap(good, bad)), InvalidInput);
}

}  // namespace
}  // namespace meshassay::metrics
