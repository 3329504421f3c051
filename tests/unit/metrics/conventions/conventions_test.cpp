// SPDX-License-Identifier: GPL-3.0-or-later
// The conventions against what their tools' authors publish, against closed forms, and against brute force.
// ITK and plastimatch are run themselves: tools_test.cpp.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <set>

#include "core/errors.hpp"
#include "metrics/conventions/convention.hpp"
#include "metrics/conventions/distance_list.hpp"
#include "metrics/conventions/distance_transform.hpp"
#include "metrics/conventions/voxel_pair.hpp"
#include "tests/unit/metrics/masks.hpp"
#include "tests/unit/metrics/voxel_balls.hpp"

namespace meshassay::metrics::conventions {
namespace {

// MedPy's first row is by its own default; plastimatch's second one is of boundaries.
ConventionRow row_by(const std::string& name, const LabelMap& test, const LabelMap& reference,
                     const ConventionOptions& options = {}) {
  const auto rows = measure_by(find_convention(name, "test"), test, reference, options);
  return name == "medpy" ? rows.front() : rows.back();
}

constexpr std::array voxel_tools = {
    "itk", "medpy", "monai", "deepmind", "plastimatch", "metricsreloaded", "evaluatesegmentation"};
constexpr std::array members = {&ConventionRow::hd_mm, &ConventionRow::hd95_mm, &ConventionRow::assd_mm,
                                &ConventionRow::masd_mm, &ConventionRow::nsd};

TEST(DistanceTransform, IsTheDistanceThatBruteForceFinds) {
  const LabelMap mask = random_voxels(grid_of({9, 11, 7}, {0.7, 0.9, 5.0}), 0.02, 3);
  const VoxelPair pair = voxel_pair(mask, mask, 1);
  ASSERT_GT(pair.test_voxels, 3u);
  const auto found = distances_mm(pair.box, pair.test);
  const auto at = [&](std::size_t v) {
    const std::size_t x = v % pair.box.stride(1);
    const std::size_t y = v % pair.box.stride(2) / pair.box.stride(1);
    const std::size_t z = v / pair.box.stride(2);
    return Vector3(static_cast<double>(x), static_cast<double>(y), static_cast<double>(z))
        .cwiseProduct(pair.box.spacing_mm)
        .eval();
  };
  for (std::size_t v = 0; v < found.size(); ++v) {
    double nearest = 1e300;
    for (std::size_t marked = 0; marked < found.size(); ++marked)
      if (pair.test[marked] != 0) nearest = std::min(nearest, (at(v) - at(marked)).norm());
    ASSERT_NEAR(found[v], nearest, 1e-12);
  }
  for (const double distance : distances_mm(pair.box, Marks(pair.test.size(), 0)))
    ASSERT_TRUE(std::isinf(distance));
}

// Voxels at columns 70 and 72: corners at 70, 71 and 72, 73, of one area. Distances 2 and 1 mm each way.
// https://github.com/google-deepmind/surface-distance/blob/master/surface_distance_test.py,
// SurfaceDistance3DTest.test_on_2_pixels_2mm_away
TEST(DeepMind, GivesTheValuesOfItsOwnTestOfTwoVoxels) {
  LabelMap test(grid_of({128, 128, 128}, {3.0, 2.0, 1.0})), reference(test.grid);
  reference.at(50, 60, 70) = 1;
  test.at(50, 60, 72) = 1;
  const auto row = row_by("deepmind", test, reference);
  EXPECT_NEAR(*row.masd_mm.value, 1.5, 1e-12);  // Published: (1.5, 1.5).
  EXPECT_NEAR(*row.hd_mm.value, 2.0, 1e-12);
  EXPECT_NEAR(*row.hd95_mm.value, 2.0, 1e-12);
  EXPECT_NEAR(*row.nsd.value, 0.5, 1e-12);
}

// The same file, test_two_cubes_shifted_by_one_pixel: published to three digits.
TEST(DeepMind, GivesTheValuesOfItsOwnTestOfTwoCubes) {
  LabelMap test(grid_of({100, 100, 100}, {2.0, 1.0, 1.0})), reference(test.grid);
  fill_box(reference, {0, 0, 0}, {50, 100, 100});
  fill_box(test, {0, 0, 0}, {51, 100, 100});
  const auto row = row_by("deepmind", test, reference);
  EXPECT_NEAR(*row.masd_mm.value, 0.5 * (0.322 + 0.339), 5e-4);
  EXPECT_NEAR(*row.hd_mm.value, 2.0, 1e-12);
  EXPECT_NEAR(*row.hd95_mm.value, 2.0, 1e-12);
  EXPECT_NEAR(*row.nsd.value, 0.836, 5e-4);
}

// As create_spherical_seg_3d() of MONAI's tests: 99 voxels a side, the centre in mm from voxel 0.
LabelMap monai_ball(double radius_mm, const Point3& center_mm, const Vector3& spacing_mm = Vector3::Ones()) {
  LabelMap mask(grid_of({99, 99, 99}, spacing_mm));
  add_ball(mask, center_mm, radius_mm);
  return mask;
}

// https://github.com/Project-MONAI/MONAI/blob/dev/tests/metrics/test_hausdorff_distance.py, euclidean, not
// directed, relative tolerance 1e-6; the 40 mm ball is cut by the border of the image.
TEST(Monai, GivesTheHausdorffDistancesOfItsOwnTests) {
  const auto hd = [](const LabelMap& prediction, const LabelMap& truth) {
    return *row_by("monai", prediction, truth).hd_mm.value;
  };
  EXPECT_NEAR(hd(monai_ball(20, {20, 20, 20}), monai_ball(20, {19, 19, 19})), 1.7320508075688772, 2e-6);
  EXPECT_NEAR(hd(monai_ball(33, {19, 33, 22}), monai_ball(33, {20, 33, 22})), 1.0, 1e-6);
  const auto small = monai_ball(20, {20, 33, 22}), large = monai_ball(40, {20, 33, 22});
  const auto row = row_by("monai", small, large);
  EXPECT_NEAR(*row.hd_mm.value, 20.223748416156685, 2e-5);
  EXPECT_NEAR(*row.hd95_mm.value, 20.09975124224178, 2e-5);
  const Vector3 spacing(0.85, 1.2, 0.9);
  EXPECT_NEAR(hd(monai_ball(20, {20, 20, 20}, spacing), monai_ball(20, {19, 19, 19}, spacing)), 2.2671568,
              2e-6);
  EXPECT_NEAR(hd(monai_ball(15, {20, 33, 22}, spacing), monai_ball(30, {20, 33, 22}, spacing)), 15.62594,
              2e-5);
  // https://github.com/Project-MONAI/MONAI/blob/dev/tests/metrics/test_surface_distance.py, symmetric,
  // relative tolerance 1e-7.
  EXPECT_NEAR(*row.masd_mm.value, 13.975673696300824, 2e-6);
  EXPECT_NEAR(*row_by("monai", monai_ball(33, {19, 33, 22}), monai_ball(33, {20, 33, 22})).masd_mm.value,
              0.35021200688332677, 1e-7);
}

// https://github.com/Project-MONAI/MONAI/blob/dev/tests/metrics/test_surface_dice.py,
// test_tolerance_euclidean_distance_3d, class 1: what it expects is counted there by hand.
TEST(Monai, GivesTheSurfaceDiceOfItsOwnTest) {
  LabelMap prediction(grid_of({200, 110, 80})), label(prediction.grid);
  fill_box(prediction, {0, 0, 20}, {200, 110, 80});
  fill_box(label, {0, 0, 30}, {200, 110, 80});
  const double expected = 1.0 - (200. * 110 + 198. * 108 + 9. * 200 * 2 + 9. * 108 * 2) /
                                    (200. * 110 * 4 + (58. + 48) * 200 * 2 + (58. + 48) * 108 * 2);
  EXPECT_NEAR(*row_by("monai", prediction, label, {.tolerance_mm = 0.0}).nsd.value, expected, 1e-12);
  // "the same should hold for 10": a plane that is moved by 10 voxels.
  EXPECT_DOUBLE_EQ(*row_by("monai", prediction, label, {.tolerance_mm = 10.0}).nsd.value, 1.0);
}

// A figure in the plane as a long prism: its ends add 2 slices of voxels to `slices`, so that means differ
// from those of the plane by about 2 / slices of the largest distance, 2 here.
LabelMap prism(const std::array<const char*, 11>& rows, int slices) {
  LabelMap mask(grid_of({11, 11, slices}));
  for (int k = 0; k < slices; ++k)
    for (int j = 0; j < 11; ++j)
      for (int i = 0; i < 11; ++i)
        mask.at(i, j, k) = rows[static_cast<std::size_t>(j)][static_cast<std::size_t>(i)] == '#' ? 1 : 0;
  return mask;
}

// https://github.com/Project-MONAI/MetricsReloaded/blob/main/test/test_metrics/test_pairwise_measures.py,
// p_ref and p_pred: ASSD 0.44 and NSD 0.89 within 0.01, MASD 0.425 within 0.001.
TEST(MetricsReloaded, GivesTheValuesOfItsOwnTests) {
  constexpr int slices = 4000;
  const auto reference =
      prism({"...........", "...........", "...........", "...#####...", "...#####...", "...#####...",
             "...#####...", "...#####...", "...........", "...........", "..........."},
            slices);
  const auto prediction =
      prism({"...........", ".....#.....", ".....#.....", "...#####...", "...#####...", ".#########.",
             "...#####...", "...#####...", ".....#.....", ".....#.....", "..........."},
            slices);
  const auto row = row_by("metricsreloaded", prediction, reference);
  EXPECT_NEAR(*row.masd_mm.value, 0.425, 0.001 + 4.0 / slices);
  EXPECT_NEAR(*row.assd_mm.value, 0.44, 0.01 + 4.0 / slices);
  EXPECT_NEAR(*row.nsd.value, 0.89, 0.01 + 4.0 / slices);
  EXPECT_DOUBLE_EQ(*row_by("metricsreloaded", prediction, reference, {.tolerance_mm = 2.0}).nsd.value, 1.0);
}

// MedPy's documentation of asd(), connectivity 1: from the cross (its border: four arms) to the square (its
// border: a ring of eight) the distance is 0.0. Back it is half: the ring's four corners are 1 from an arm.
// So its assd is (0 + 0.5) / 2. https://loli.github.io/medpy/generated/medpy.metric.binary.asd.html
TEST(MedPy, GivesTheValueOfItsDocumentation) {
  constexpr int slices = 4000;
  const auto square =
      prism({"...........", "...........", "...........", "...........", "....###....", "....###....",
             "....###....", "...........", "...........", "...........", "..........."},
            slices);
  const auto cross =
      prism({"...........", "...........", "...........", "...........", ".....#.....", "....###....",
             ".....#.....", "...........", "...........", "...........", "..........."},
            slices);
  EXPECT_NEAR(*row_by("medpy", cross, square).masd_mm.value, 0.25, 2.0 / slices);
}

// https://github.com/loli/medpy/issues/138: MedPy pools both directions before it takes the percentile. 100
// voxels in a row, and one more 40 mm away that the reference has not: of 100 and 101 distances one is not 0.
// Pooled, rank 0.95 * 200 = 190 of 200 is 0; and so is the directed one at rank 95 of 100. With six of them
// the directed rank 0.95 * 105 = 99.75 lies between the last 0 and 40 mm, the pooled 0.95 * 205 = 194.75 does
// not.
TEST(Percentiles, ArePooledOrTheLargerOfTwoDirections) {
  LabelMap reference(grid_of({100, 1, 60})), test(reference.grid);
  fill_box(reference, {0, 0, 0}, {100, 1, 1});
  fill_box(test, {0, 0, 0}, {100, 1, 1});
  fill_box(test, {0, 0, 40}, {6, 1, 41});
  EXPECT_DOUBLE_EQ(*row_by("medpy", test, reference).hd95_mm.value, 0.0);
  EXPECT_DOUBLE_EQ(*row_by("monai", test, reference).hd95_mm.value, 0.75 * 40.0);
  EXPECT_DOUBLE_EQ(*row_by("metricsreloaded", test, reference).hd95_mm.value, 0.75 * 40.0);
  // plastimatch: ranks floor(0.95 * 106 - 1) = 99 and floor(0.95 * 100 - 1) = 94, both 0.
  EXPECT_DOUBLE_EQ(*row_by("plastimatch", test, reference).hd95_mm.value, 0.0);
}

// A block of 5 x 5 x 5 voxels without one corner: within its skin are 27, of which (1, 1, 1) meets the hole
// at a corner only.
TEST(BorderVoxels, LookAtSixNeighboursOrAtTwentySix) {
  LabelMap block(grid_of({5, 5, 5}));
  fill_box(block, {0, 0, 0}, {5, 5, 5});
  block.at(0, 0, 0) = 0;
  const VoxelPair pair = voxel_pair(block, block, 1);
  const auto count = [](const Marks& marks) { return std::count(marks.begin(), marks.end(), 1); };
  EXPECT_EQ(count(border_voxels(pair.box, pair.test)), 124 - 27);
  EXPECT_EQ(count(border_voxels_of_26(pair.box, pair.test)), 124 - 26);
}

// Balls of 20 and 21 mm, voxels of 1 mm: what a boundary is decides the mean (0.073, 1.079, 0.706), while the
// largest distance and the percentile are 1.414 for each of them.
TEST(Conventions, GiveTheFiguresOfEachKindOfBoundaryAtOnePlaceOfTheGrid) {
  const auto [test, reference] = balls_of_21_and_20({1, 1, 1}, {0.0, 0.11, 0.23});
  const auto digits = [](double value) { return std::round(1000.0 * value) / 1000.0; };
  EXPECT_DOUBLE_EQ(digits(*row_by("itk", test, reference).masd_mm.value), 0.073);
  const auto of_medpy = measure_by(find_convention("medpy", "test"), test, reference);
  ASSERT_EQ(of_medpy.size(), 2u);
  EXPECT_EQ(of_medpy[1].variant, "connectivity 3");
  EXPECT_DOUBLE_EQ(digits(*of_medpy[0].masd_mm.value), 1.079);
  EXPECT_DOUBLE_EQ(digits(*of_medpy[1].masd_mm.value), 0.706);
  for (const auto& row : of_medpy) {
    EXPECT_DOUBLE_EQ(digits(*row.hd_mm.value), 1.414);
    EXPECT_DOUBLE_EQ(digits(*row.hd95_mm.value), 1.414);
  }
}

// The same on voxels of 0.7 x 0.7 x 5 mm: HD 5.000, HD95 1.565, and means from 0.34 to 0.48.
TEST(Conventions, GiveTheFiguresOfThickSlicesAtOnePlaceOfTheGrid) {
  const auto [test, reference] = balls_of_21_and_20({0.7, 0.7, 5.0}, {0.11, 0.5, 0.13});
  const auto digits = [](double value, double of_one) { return std::round(of_one * value) / of_one; };
  double least_mm = 5.0, most_mm = 0.0;
  for (const auto* tool : {"medpy", "monai", "deepmind", "metricsreloaded"}) {
    const auto rows = measure_by(find_convention(tool, "test"), test, reference);
    EXPECT_DOUBLE_EQ(digits(*rows[0].hd_mm.value, 1000.0), 5.0) << tool;
    EXPECT_DOUBLE_EQ(digits(*rows[0].hd95_mm.value, 1000.0), 1.565) << tool;
    for (const auto& row : rows) {
      least_mm = std::min(least_mm, *row.masd_mm.value);
      most_mm = std::max(most_mm, *row.masd_mm.value);
    }
  }
  EXPECT_DOUBLE_EQ(digits(least_mm, 100.0), 0.34);  // MedPy with connectivity 3,
  EXPECT_DOUBLE_EQ(digits(most_mm, 100.0), 0.48);   // and DeepMind.
}

// Corners of voxels, as DeepMind has them, but each weighted by the gradient of the eight voxels round it,
// its components by the areas of the faces that they stand for, in place of the area of marching cubes.
DirectedLists gradient_weighted(const MaskPair& balls) {
  const VoxelPair pair = voxel_pair(balls.test, balls.reference, 1);
  const Vector3& spacing = pair.box.spacing_mm;
  const Vector3 face_mm2(spacing[1] * spacing[2], spacing[0] * spacing[2], spacing[0] * spacing[1]);
  std::vector<double> weights[2];
  Marks corners[2] = {Marks(pair.test.size(), 0), Marks(pair.test.size(), 0)};
  for (const int which : {0, 1}) {
    const Marks& inside = which == 0 ? pair.test : pair.reference;
    for (int k = 1; k < pair.box.size[2]; ++k)
      for (int j = 1; j < pair.box.size[1]; ++j)
        for (int i = 1; i < pair.box.size[0]; ++i) {
          const auto at = [&](int a, int b, int c) {
            return static_cast<std::size_t>(i - a) + static_cast<std::size_t>(j - b) * pair.box.stride(1) +
                   static_cast<std::size_t>(k - c) * pair.box.stride(2);
          };
          Vector3 gradient = Vector3::Zero();
          int filled = 0;
          for (int n = 0; n < 8; ++n) {
            const Vector3 side((n & 1) != 0 ? -1 : 1, (n & 2) != 0 ? -1 : 1, (n & 4) != 0 ? -1 : 1);
            if (inside[at(n & 1, (n >> 1) & 1, n >> 2)] == 0) continue;
            ++filled;
            gradient += 0.25 * side;
          }
          if (filled == 0 || filled == 8) continue;
          corners[which][at(0, 0, 0)] = 1;
          weights[which].push_back(gradient.cwiseProduct(face_mm2).norm());
        }
  }
  DirectedLists lists = directed_lists(pair.box, corners[0], corners[1]);
  lists.test_to_reference.weights = weights[0];
  lists.reference_to_test.weights = weights[1];
  return lists;
}

// No tool does so; these are the figures 0.743, and 0.288 and 0.924 for tolerances of 0.99 and 1.01 mm, that
// docs/metrics/conventions.md explains.
TEST(Conventions, TheCornerGridWeightedByGradientsIsNearToDeepMindAndNotTheSame) {
  const auto balls = balls_of_21_and_20({1, 1, 1}, {0.0, 0.11, 0.23});
  const DirectedLists lists = gradient_weighted(balls);
  const auto digits = [](double value) { return std::round(1000.0 * value) / 1000.0; };
  EXPECT_DOUBLE_EQ(digits(lists.mean_of_means_mm()), 0.743);
  EXPECT_DOUBLE_EQ(digits(lists.share_within(0.99)), 0.288);
  EXPECT_DOUBLE_EQ(digits(lists.share_within(1.01)), 0.924);
  EXPECT_DOUBLE_EQ(digits(lists.max_mm()), 1.414);
  EXPECT_DOUBLE_EQ(digits(std::max(lists.test_to_reference.weighted_percentile_mm(95.0),
                                   lists.reference_to_test.weighted_percentile_mm(95.0))),
                   1.414);
  EXPECT_GT(*row_by("deepmind", balls.test, balls.reference).nsd.value, 0.94);
}

// What such a boundary has more than a ball of 20 mm: 5.8, 15.4 and 20.7 %, more on every coarser grid. Where
// the ball lies decides the last digit.
TEST(Conventions, AreasOfACornerGridAreTooLargeAndMoreSoOnAnisotropicVoxels) {
  const auto excess = [](const Vector3& spacing_mm, const Vector3& phase) {
    const auto lists = gradient_weighted(balls_of_21_and_20(spacing_mm, phase));
    const double share = lists.reference_to_test.weight() / (4.0 * std::numbers::pi * 400.0) - 1.0;
    return std::round(1000.0 * share) / 10.0;
  };
  EXPECT_DOUBLE_EQ(excess({1.0, 1.0, 1.0}, {0.0, 0.11, 0.23}), 5.8);
  EXPECT_DOUBLE_EQ(excess({0.5, 0.5, 2.0}, {0.3, 0.2, 0.12}), 15.4);
  EXPECT_DOUBLE_EQ(excess({0.7, 0.7, 5.0}, {0.3, 0.2, 0.1575}), 20.7);
}

// Concentric balls: the figures that tools print where the truth is 1 mm throughout.
TEST(Conventions, DisagreeOnConcentricBallsAsTheirToolsDo) {
  const auto [test, reference] = balls_of_21_and_20({1, 1, 1}, {0.0, 0.1, 0.25});
  const auto digits = [](double value) { return std::round(1000.0 * value) / 1000.0; };
  for (const auto* tool : voxel_tools)
    EXPECT_DOUBLE_EQ(digits(*row_by(tool, test, reference).hd_mm.value), 1.414) << tool;
  for (const auto* tool : {"medpy", "monai", "metricsreloaded"})
    EXPECT_DOUBLE_EQ(digits(*row_by(tool, test, reference).hd95_mm.value), 1.414) << tool;
  EXPECT_DOUBLE_EQ(digits(*row_by("itk", test, reference).masd_mm.value), 0.073);
  EXPECT_DOUBLE_EQ(digits(*row_by("medpy", test, reference).masd_mm.value), 1.079);
  const auto thick = balls_of_21_and_20({0.7, 0.7, 5.0}, {0.3, 0.2, 0.1});
  for (const auto* tool : voxel_tools)
    EXPECT_DOUBLE_EQ(digits(*row_by(tool, thick.test, thick.reference).hd_mm.value), 5.0) << tool;
  for (const auto* tool : {"medpy", "deepmind"})
    EXPECT_DOUBLE_EQ(digits(*row_by(tool, thick.test, thick.reference).hd95_mm.value), 1.565) << tool;
  // A shift of 0.9 mm along slices of 2 mm is less than a voxel: arrays do not show it at all, surfaces do.
  LabelMap still(grid_about(12.0, {1, 1, 2}));
  add_ball(still, Point3::Zero(), 10.0);
  auto moved = still;
  moved.grid.origin_mm[2] += 0.9;
  EXPECT_DOUBLE_EQ(*row_by("monai", moved, still).hd_mm.value, 0.0);
  EXPECT_NEAR(*row_by("surface", moved, still).hd_mm.value, 0.9, 1e-9);
  EXPECT_EQ(row_by("itk", moved, still).hd_mm.why.reason, "different_grids");
}

// A ball of 20 mm and a false island of 6 mm, 40 mm from middle to middle: 0.000 or 19.1, truth 19.2. Of the
// areas, 4 pi (400 + 36), 5 % is 0.6056 of the island's, and these lie farthest: beyond the angle whose
// cosine is -0.2111 towards the ball, sqrt(40^2 + 6^2 + 2 * 40 * 6 * -0.2111) - 20 = 19.175 mm from it.
TEST(Conventions, HaveTheFiguresOfAFalseIslandAtOnePlaceOfTheGrid) {
  LabelMap reference(grid_of({100, 60, 60})), test(reference.grid);
  for (LabelMap* mask : {&reference, &test}) add_ball(*mask, Point3(30.5, 30.5, 30.5), 20.0);
  add_ball(test, Point3(70.5, 30.5, 30.5), 6.0);
  const auto digits = [](double value) { return std::round(10.0 * value) / 10.0; };
  EXPECT_DOUBLE_EQ(*row_by("medpy", test, reference).hd95_mm.value, 0.0);
  for (const auto* tool : {"monai", "metricsreloaded"})
    EXPECT_DOUBLE_EQ(digits(*row_by(tool, test, reference).hd95_mm.value), 19.1) << tool;
  EXPECT_NEAR(*row_by("surface", test, reference).hd95_mm.value, 19.175, 0.5);  // Half a voxel.
}

TEST(Conventions, DisagreeOnAFalseIsland) {
  // In the corner of four voxels in place of their middle. Within half a voxel and a little of the truth.
  LabelMap reference(grid_of({100, 60, 60})), test(reference.grid);
  for (LabelMap* mask : {&reference, &test}) add_ball(*mask, Point3(30, 30, 30), 20.0);
  add_ball(test, Point3(70, 30, 30), 6.0);
  EXPECT_DOUBLE_EQ(*row_by("medpy", test, reference).hd95_mm.value, 0.0);
  for (const auto* tool : {"monai", "deepmind", "surface"})
    EXPECT_NEAR(*row_by(tool, test, reference).hd95_mm.value, 19.2, 0.6) << tool;
}

// Two boxes, the test one a voxel longer, and a spike of 30 voxels on it.
MaskPair spike() {
  MaskPair pair{LabelMap(grid_of({70, 24, 24})), LabelMap(grid_of({70, 24, 24}))};
  fill_box(pair.reference, {2, 2, 2}, {22, 22, 22});
  fill_box(pair.test, {2, 2, 2}, {22, 22, 23});
  fill_box(pair.test, {22, 10, 10}, {52, 11, 11});
  return pair;
}

TEST(EvaluateSegmentation, ShowsItsEarlyStoppedQuantileWhenAsked) {
  const auto [test, reference] = spike();
  // 400 voxels lie 1 mm away and 30 lie 1 ... 30 mm away: rank floor(0.95 * 429) = 407 of 430 is the seventh
  // of the spike beyond 1 mm, at 401 + 7 - 1 -> 8 mm.
  const auto right = row_by("evaluatesegmentation", test, reference);
  EXPECT_DOUBLE_EQ(*right.hd95_mm.value, 8.0);
  EXPECT_DOUBLE_EQ(*right.hd_mm.value, 30.0);
  // With the fault, once a voxel of the spike was met, the search of all later ones ends at the first voxel
  // that is nearer than that: any of the box.
  const auto faulty = row_by("evaluatesegmentation", test, reference, {.tool_bugs = true});
  EXPECT_GT(*faulty.hd95_mm.value, 1.5 * *right.hd95_mm.value);
  EXPECT_DOUBLE_EQ(*faulty.hd_mm.value, 30.0);  // The maximum is right.
  EXPECT_DOUBLE_EQ(*faulty.hd95_mm.value,
                   *row_by("evaluatesegmentation", test, reference, {.tool_bugs = true}).hd95_mm.value);
}

TEST(MetricsReloaded, ShowsItsInnerVoxelsInTheQuantileWhenAsked) {
  LabelMap reference(grid_of({100, 60, 60})), test(reference.grid);
  for (LabelMap* mask : {&reference, &test}) add_ball(*mask, Point3(30, 30, 30), 20.0);
  add_ball(test, Point3(70, 30, 30), 6.0);
  EXPECT_GT(*row_by("metricsreloaded", test, reference).hd95_mm.value, 18.0);
  EXPECT_DOUBLE_EQ(*row_by("metricsreloaded", test, reference, {.tool_bugs = true}).hd95_mm.value, 0.0);
}

// https://github.com/Project-MONAI/MONAI/issues/9095
TEST(Monai, LeavesAMissingLabelOutOfItsMeanWhenAsked) {
  LabelMap reference(grid_of({20, 20, 20})), test(reference.grid);
  fill_box(reference, {2, 2, 2}, {8, 8, 8}, 1);
  fill_box(test, {2, 2, 3}, {8, 8, 9}, 1);
  fill_box(reference, {12, 12, 12}, {18, 18, 18}, 2);  // The test mask misses it.
  const std::array rows = {row_by("monai", test, reference, {.label = 1}),
                           row_by("monai", test, reference, {.label = 2})};
  EXPECT_EQ(mean_over_labels(rows, false).hd95_mm.why.reason, "test_empty");
  EXPECT_DOUBLE_EQ(*mean_over_labels(rows, true).hd95_mm.value, *rows[0].hd95_mm.value);
  EXPECT_DOUBLE_EQ(*mean_over_labels(rows, false).nsd.value, 0.5 * *rows[0].nsd.value);  // 0 counts.
}

// n x n x n mm against n x n x (n + 1): over the new face and the upper face by integration; everything else
// is 0. Test to reference: n^2 at 1 mm, and 4 n at 0 ... 1 mm. Reference to test: the upper face has min(1,
// distance to its rim), of mean ((n - 2)^2 + 2 n - 8/3) / n^2.
TEST(VoxelBoxes, OfBoxesThatDifferByALayerAreAsIntegrated) {
  constexpr int n = 8;
  LabelMap reference(grid_of({n + 4, n + 4, n + 4})), test(reference.grid);
  fill_box(reference, {2, 2, 2}, {2 + n, 2 + n, 2 + n});
  fill_box(test, {2, 2, 2}, {2 + n, 2 + n, 3 + n});
  const auto row = row_by("voxel_boxes", test, reference, {.tolerance_mm = 0.5});
  const double area_of_test = 2.0 * n * n + 4.0 * n * (n + 1), area_of_reference = 6.0 * n * n;
  const double forth = n * n + 2.0 * n, back = (n - 2.0) * (n - 2.0) + 2.0 * n - 8.0 / 3.0;
  const auto holds = [](const ConventionValue& value, double expected) {
    ASSERT_TRUE(value.interval);
    EXPECT_LE(value.interval->lo, expected + 1e-9);
    EXPECT_GE(value.interval->hi, expected - 1e-9);
    EXPECT_LE(value.interval->width(), 0.05 * expected + 0.01);
  };
  holds(row.hd_mm, 1.0);
  holds(row.masd_mm, 0.5 * (forth / area_of_test + back / area_of_reference));
  holds(row.assd_mm, (forth + back) / (area_of_test + area_of_reference));
  // Beyond 0.5 mm: the new face and half of its rim; the upper face but for 0.5 mm round it.
  holds(row.nsd, 1.0 - (n * n + 2.0 * n + (n - 1.0) * (n - 1.0)) / (area_of_test + area_of_reference));
  auto turned = test, other = reference;
  for (LabelMap* mask : {&turned, &other}) mask->grid.direction.col(0) *= -1.0;  // Left-handed.
  EXPECT_NEAR(*row_by("voxel_boxes", turned, other).masd_mm.value, *row.masd_mm.value, 0.01);
}

// One pixel and two beside each other, as long prisms. DisTorch solves it by hand: from the one 1/16, from
// the two 1/3, weighted by perimeters of 4 and 6 together 9/40 = 0.225, where means over corners give 0.200
// (https://github.com/jeromerony/distorch/blob/master/CORRECTNESS.md). The ends are 6 of 10 `slices` + 6, and
// nothing is farther than 1 from the other.
TEST(VoxelBoxes, OfOnePixelAndTwoAreAsSolvedByHand) {
  constexpr int slices = 200;
  LabelMap one(grid_of({4, 3, slices})), two(one.grid);
  fill_box(one, {1, 1, 0}, {2, 2, slices});
  fill_box(two, {1, 1, 0}, {3, 2, slices});
  const auto row = row_by("voxel_boxes", one, two);
  EXPECT_NEAR(*row.assd_mm.value, 0.225, 1.0 / slices + 0.5 * row.assd_mm.interval->width());
  EXPECT_LE(row.assd_mm.interval->width(), 0.01);
  // By voxels: one of three is 1 mm away.
  EXPECT_DOUBLE_EQ(*row_by("metricsreloaded", one, two).assd_mm.value, 1.0 / 3.0);
}

// A face of a voxel as the box that it is, flat along one axis.
std::vector<Box3> faces_one_by_one(const LabelMap& mask) {
  std::vector<Box3> faces;
  const auto inside = [&](const std::array<int, 3>& v) {
    return mask.grid.contains(v[0], v[1], v[2]) && mask.at(v[0], v[1], v[2]) == 1;
  };
  for (int k = -1; k < mask.grid.size[2]; ++k)
    for (int j = -1; j < mask.grid.size[1]; ++j)
      for (int i = -1; i < mask.grid.size[0]; ++i)
        for (int axis = 0; axis < 3; ++axis) {
          std::array<int, 3> next = {i, j, k};
          ++next[static_cast<std::size_t>(axis)];
          if (inside({i, j, k}) == inside(next)) continue;
          Vector3 low(i - 0.5, j - 0.5, k - 0.5), high(i + 0.5, j + 0.5, k + 0.5);
          low[axis] = high[axis];
          faces.push_back({low.cwiseProduct(mask.grid.spacing_mm), high.cwiseProduct(mask.grid.spacing_mm)});
        }
  return faces;
}

struct ByBruteForce {
  double area_mm2 = 0.0, moment = 0.0, largest_mm = 0.0;
};

// In the middles of n x n parts of each face, to all faces of the other.
ByBruteForce brute_force(const std::vector<Box3>& from, const std::vector<Box3>& to, int n) {
  ByBruteForce sum;
  for (const Box3& face : from) {
    const Vector3 size = face.size_mm();
    const int u = size[0] == 0.0 ? 1 : 0, v = size[2] == 0.0 ? 1 : 2;
    const double part_mm2 = size[u] * size[v] / (n * n);
    for (int a = 0; a < n; ++a)
      for (int b = 0; b < n; ++b) {
        Point3 p = face.min_mm;
        p[u] += (a + 0.5) / n * size[u];
        p[v] += (b + 0.5) / n * size[v];
        double least = std::numeric_limits<double>::infinity();
        for (const Box3& other : to)
          least = std::min(least, (p - p.cwiseMax(other.min_mm).cwiseMin(other.max_mm)).norm());
        sum.area_mm2 += part_mm2;
        sum.moment += part_mm2 * least;
        sum.largest_mm = std::max(sum.largest_mm, least);
      }
  }
  return sum;
}

TEST(VoxelBoxes, OfRandomMasksHoldWhatAllFacesOneByOneGive) {
  test::Random random(31);
  for (int trial = 0; trial < 12; ++trial) {
    const Vector3 spacing(random.uniform(0.5, 1.5), random.uniform(0.5, 1.5), random.uniform(0.5, 3.0));
    LabelMap reference(grid_of({7, 6, 5}, spacing)), test(reference.grid);
    for (LabelMap* mask : {&reference, &test}) {
      for (auto& value : mask->values) value = random.uniform(0.0, 1.0) < 0.1 ? 1 : 0;
      mask->at(trial % 7, 2, 2) = 1;
    }
    const auto of_test = faces_one_by_one(test), of_reference = faces_one_by_one(reference);
    const auto forth = brute_force(of_test, of_reference, 6), back = brute_force(of_reference, of_test, 6);
    const auto row = row_by("voxel_boxes", test, reference);
    // No point of a part is farther from its middle than half the part's diagonal; distances change by no
    // more.
    const double slack_mm = spacing.norm() / 12.0;
    const double masd_mm = 0.5 * (forth.moment / forth.area_mm2 + back.moment / back.area_mm2);
    EXPECT_LE(row.masd_mm.interval->lo, masd_mm + slack_mm) << trial;
    EXPECT_GE(row.masd_mm.interval->hi, masd_mm - slack_mm) << trial;
    EXPECT_NEAR(*row.masd_mm.value, masd_mm, 0.03 * spacing.mean()) << trial;
    const double hd_mm = std::max(forth.largest_mm, back.largest_mm);
    EXPECT_GE(row.hd_mm.interval->hi, hd_mm - 1e-9) << trial;
    EXPECT_LE(row.hd_mm.interval->lo, hd_mm + slack_mm) << trial;
    // On grids that differ by less than anything can tell, the meshes of the same faces say the same.
    auto elsewhere = test;
    elsewhere.grid.origin_mm[0] += 1e-9;
    const auto by_meshes = row_by("voxel_boxes", elsewhere, reference);
    EXPECT_NEAR(*by_meshes.masd_mm.value, *row.masd_mm.value, 0.03 * spacing.mean()) << trial;
    EXPECT_NEAR(*by_meshes.hd_mm.value, *row.hd_mm.value, 0.03 * spacing.mean()) << trial;
    EXPECT_NEAR(*by_meshes.hd95_mm.value, *row.hd95_mm.value, 0.1 * spacing.mean()) << trial;
  }
}

// Where the masks are so far apart that no offsets are looked up.
TEST(VoxelBoxes, OfVoxelsFarApartIsTheDistanceOfTheirFarFaces) {
  LabelMap reference(grid_of({120, 4, 4})), test(reference.grid);
  reference.at(1, 1, 1) = 1;
  test.at(111, 1, 1) = 1;
  // From the far face at 111.5 to the near one at 1.5.
  const auto row = row_by("voxel_boxes", test, reference);
  EXPECT_LE(row.hd_mm.interval->lo, 110.0 + 1e-9);
  EXPECT_GE(row.hd_mm.interval->hi, 110.0 - 1e-9);
  EXPECT_NEAR(*row.hd_mm.value, 110.0, 0.02);
}

TEST(Conventions, GiveFiniteNumbersOrAReasonInEveryDegenerateCase) {
  const Grid grid = grid_of({5, 6, 7}, {0.5, 0.5, 2.0});
  LabelMap nothing(grid), voxel(grid), slice(grid), everything(grid, 1), elsewhere(grid_of({6, 6, 7}));
  voxel.at(2, 2, 2) = 1;
  elsewhere.at(2, 2, 2) = 1;
  fill_box(slice, {0, 0, 3}, {5, 6, 4});
  std::set<std::string> reasons;
  for (const Convention& convention : convention_catalogue())
    for (const LabelMap* test : {&nothing, &voxel, &slice, &everything})
      for (const LabelMap* reference : {&nothing, &voxel, &slice, &everything, &elsewhere})
        for (const bool bugs : {false, true})
          for (const auto& row : measure_by(convention, *test, *reference, {.tool_bugs = bugs}))
            for (const auto member : members) {
              const ConventionValue& value = row.*member;
              if (value.value) {
                EXPECT_TRUE(std::isfinite(*value.value)) << convention.name;
                if (value.interval) {
                  EXPECT_LE(value.interval->lo, *value.value) << convention.name;
                  EXPECT_GE(value.interval->hi, *value.value) << convention.name;
                }
              } else {
                EXPECT_NO_THROW(static_cast<void>(find_reason(value.why.reason))) << convention.name;
                reasons.insert(value.why.reason);
              }
            }
  EXPECT_EQ(reasons, (std::set<std::string>{"both_empty", "different_grids", "not_offered", "reference_empty",
                                            "test_empty"}));
  EXPECT_DOUBLE_EQ(*row_by("metricsreloaded", nothing, nothing).hd_mm.value, 0.0);  // As its own test has it.
  EXPECT_DOUBLE_EQ(*row_by("deepmind", nothing, voxel).nsd.value, 0.0);             // And so has this one's.
}

// Ours say of empty masks what boundary.nsd says: a missing structure is undefined, one too many is 0.
TEST(Conventions, OfOursAMissingStructureIsUndefined) {
  const LabelMap nothing(grid_of({5, 6, 7}));
  LabelMap voxel(nothing.grid);
  voxel.at(2, 2, 2) = 1;
  for (const std::string name : {"surface", "voxel_boxes"}) {
    EXPECT_EQ(row_by(name, nothing, voxel).nsd.why.reason, "test_empty") << name;
    ASSERT_TRUE(row_by(name, voxel, nothing).nsd.value) << name;
    EXPECT_EQ(*row_by(name, voxel, nothing).nsd.value, 0.0) << name;
  }
}

TEST(Conventions, AreFoundByNameAndSayWhatTheyAre) {
  EXPECT_EQ(convention_catalogue().size(), 9u);
  for (const Convention& convention : convention_catalogue()) {
    EXPECT_EQ(&find_convention(convention.name, "test"), &convention);
    for (const auto* text :
         {&convention.tool, &convention.boundary, &convention.percentile, &convention.definition,
          &convention.source, &convention.empty.both, &convention.empty.one})
      EXPECT_FALSE(text->empty()) << convention.name;
  }
  try {
    static_cast<void>(find_convention("metpy", "--convention"));
    FAIL();
  } catch (const InvalidInput& error) {
    EXPECT_NE(std::string(error.what()).find("medpy"), std::string::npos);
  }
  EXPECT_THROW(static_cast<void>(row_by("monai", LabelMap(grid_of({2, 2, 2})), LabelMap(grid_of({2, 2, 2})),
                                        {.tolerance_mm = -1.0})),
               InvalidInput);
}

}  // namespace
}  // namespace meshassay::metrics::conventions
