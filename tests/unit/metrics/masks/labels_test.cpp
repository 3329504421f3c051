// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "core/label_map.hpp"
#include "metrics/masks/facing_gap.hpp"
#include "metrics/masks/label_gap.hpp"
#include "metrics/masks/label_overlap.hpp"
#include "metrics/registry.hpp"
#include "tests/unit/metrics/known_shapes.hpp"
#include "tests/unit/metrics/masks.hpp"
#include "tests/unit/metrics/meshes.hpp"

namespace meshassay::metrics {
namespace {

using test::icosphere;
using test::inside_out;
using test::together;

double volume(const TriangleMesh& a, const TriangleMesh& b) {
  const auto result = common_volume_mm3(a, b);
  EXPECT_TRUE(std::holds_alternative<double>(result));
  return std::holds_alternative<double>(result) ? std::get<double>(result) : -1.0;
}

TEST(LabelOverlap, OfBoxesIsTheProductOfTheirCommonEdges) {
  const auto box = box_mesh({0, 0, 0}, {10, 8, 6});
  EXPECT_NEAR(volume(box, box_mesh({9, 7, 4}, {5, 5, 5})), 1.0 * 1.0 * 2.0, 1e-9);
  EXPECT_NEAR(volume(box, box_mesh({2, 2, 2}, {3, 3, 3})), 27.0, 1e-9);  // One inside the other.
  EXPECT_NEAR(volume(box, box), 480.0, 1e-9);                            // All of it.
  EXPECT_EQ(volume(box, box_mesh({10, 0, 0}, {5, 8, 6})), 0.0);          // A whole face in common.
  EXPECT_EQ(volume(box, box_mesh({10, 2, 1}, {5, 3, 3})), 0.0);          // A part of one.
  EXPECT_EQ(volume(box, box_mesh({30, 0, 0}, {5, 8, 6})), 0.0);
  EXPECT_NEAR(volume(box, inverted(box_mesh({9, 7, 4}, {5, 5, 5}))), 2.0, 1e-9);  // Inside out as a whole.
  // Whatever way they lie: both turned.
  const Matrix3 turn = Eigen::AngleAxisd(0.7, Vector3(1, 2, 3).normalized()).toRotationMatrix();
  auto a = box, b = box_mesh({9, 7, 4}, {5, 5, 5});
  for (TriangleMesh* mesh : {&a, &b})
    for (auto& vertex : mesh->vertices_mm) vertex = turn * vertex;
  EXPECT_NEAR(volume(a, b), 2.0, 1e-9);
}

TEST(LabelOverlap, OfWhatIsNoSolidIsUndefined) {
  const auto box = box_mesh({0, 0, 0}, {10, 8, 6});
  auto open = box_mesh({9, 7, 4}, {5, 5, 5});
  open.triangles.pop_back();
  EXPECT_EQ(std::get<Undefined>(common_volume_mm3(box, open)).reason, "not_closed");
  const auto twice = together(box_mesh({9, 7, 4}, {5, 5, 5}), box_mesh({11, 8, 5}, {5, 5, 5}));
  EXPECT_EQ(std::get<Undefined>(common_volume_mm3(box, twice)).reason, "not_manifold");
}

TEST(Penetration, OfBoxesIsHalfOfWhatTheyShare) {
  // 2 mm of overlap along x, over a wide face: the middle of it is 1 mm deep in both.
  const auto box = box_mesh({0, 0, 0}, {10, 20, 20});
  const auto shallow = penetration(box, box_mesh({8, 0, 0}, {10, 20, 20}));
  EXPECT_LE(shallow.depth_mm.ruler.lo, 1.0);
  EXPECT_GE(shallow.depth_mm.ruler.hi, 1.0);
  EXPECT_NEAR(shallow.depth_mm.value, 1.0, 0.03);
  EXPECT_NEAR(shallow.place_mm[0], 9.0, 0.05);
  // A rod of 2 x 2 mm that reaches 5 mm into it: 1 mm deep in the rod, wherever it is 1 mm or more in the
  // box.
  const auto rod = penetration(box, box_mesh({5, 9, 9}, {20, 2, 2}));
  EXPECT_LE(rod.depth_mm.ruler.lo, 1.0);
  EXPECT_GE(rod.depth_mm.ruler.hi, 1.0);
  EXPECT_NEAR(rod.depth_mm.value, 1.0, 0.03);
  EXPECT_EQ(penetration(box, box_mesh({10, 0, 0}, {10, 20, 20})).depth_mm.value, 0.0);  // They touch.
  EXPECT_EQ(penetration(box, box_mesh({40, 0, 0}, {10, 20, 20})).depth_mm.value, 0.0);
}

// Bone (1) below and implant (2) above, and a seam whose rim is at the surface of both.
LabelMap fitting(const Vector3& spacing_mm = Vector3::Ones()) {
  LabelMap mask(grid_of({16, 12, 12}, spacing_mm));
  fill_box(mask, {2, 2, 2}, {14, 10, 6}, 1);
  fill_box(mask, {2, 2, 6}, {14, 10, 10}, 2);
  return mask;
}

LabelGap gap(const LabelMap& test, const LabelMap& reference, double within_mm = 1.0) {
  return label_gaps(test, reference, {1, 2}, {.within_mm = within_mm}).front();
}

TEST(LabelGap, OfLabelsThatFitIsZero) {
  const auto reference = fitting({0.5, 0.5, 2.0});
  EXPECT_EQ(gap(reference, reference).volume_mm3, 0.0);
  EXPECT_DOUBLE_EQ(gap(reference, reference).interface_mm2, 12 * 8 * 0.5 * 0.5);
  auto shifted = reference;  // The seam is a slice higher, and still nothing is free.
  fill_box(shifted, {2, 2, 6}, {14, 10, 7}, 1);
  EXPECT_EQ(gap(shifted, reference).volume_mm3, 0.0);
}

TEST(LabelGap, IsTheVolumeOfTheLayerThatBelongsToNobody) {
  const auto reference = fitting({0.5, 0.5, 2.0});
  auto test = reference;
  fill_box(test, {2, 2, 6}, {14, 10, 7}, 0);  // One slice of 2 mm: 12 * 8 voxels of 0.5 mm3.
  EXPECT_DOUBLE_EQ(gap(test, reference).volume_mm3, 12 * 8 * 0.5);
  fill_box(test, {2, 2, 6}, {14, 10, 7}, 9);  // Given to somebody else: it is free of these two.
  EXPECT_DOUBLE_EQ(gap(test, reference).volume_mm3, 12 * 8 * 0.5);
  // Far from the interface nothing counts: the implant's top slice begins 6 mm above it.
  auto short_implant = reference;
  fill_box(short_implant, {2, 2, 9}, {14, 10, 10}, 0);
  EXPECT_EQ(gap(short_implant, reference, 5.9).volume_mm3, 0.0);
  EXPECT_DOUBLE_EQ(gap(short_implant, reference, 6.0).volume_mm3, 12 * 8 * 0.5);
}

TEST(LabelGap, IsTheSameOnATurnedGridOfTheTest) {
  const auto reference = fitting();
  auto test = reference;
  fill_box(test, {2, 2, 6}, {14, 10, 7}, 0);
  const auto turned = reordered(test, {1, 2, 0}, {true, false, false});  // Left-handed, other axes.
  const LabelGap result = gap(turned, reference);
  EXPECT_DOUBLE_EQ(result.volume_mm3, 96.0);
  // A grid that lies half a voxel lower: its layer covers half of two slices, of which the upper one is free
  // by half. Bone's upper half slice is free, too.
  auto lower = test;
  lower.grid.origin_mm[2] -= 0.5;
  const LabelGap half = gap(lower, reference);
  EXPECT_NEAR(half.volume_mm3, 96.0, 1e-9);
  EXPECT_GT(half.uncertain_volume_mm3, 0.0);
}

TEST(LabelGap, OfManyLabelsIsFoundInOnePass) {
  LabelMap reference(grid_of({20, 6, 6}));
  fill_box(reference, {1, 1, 1}, {6, 5, 5}, 3);
  fill_box(reference, {6, 1, 1}, {12, 5, 5}, 7);
  fill_box(reference, {12, 1, 1}, {18, 5, 5}, 5);
  auto test = reference;
  fill_box(test, {12, 1, 1}, {13, 5, 5}, 0);
  const auto gaps = label_gaps(test, reference, {3, 5, 7});
  ASSERT_EQ(gaps.size(), 3u);  // 3-5, 3-7, 5-7.
  EXPECT_EQ(gaps[0].interface_mm2, 0.0);
  EXPECT_EQ(gaps[0].volume_mm3, 0.0);
  EXPECT_EQ(gaps[1].volume_mm3, 0.0);
  EXPECT_DOUBLE_EQ(gaps[2].volume_mm3, 16.0);
}

FacingGap between(const TriangleMesh& a, const TriangleMesh& b, double within_mm) {
  return facing_gap(MeshDistance(a), MeshDistance(b), {.within_mm = within_mm});
}

TEST(FacingGap, OfBoxesIsTheProductOfTheirCommonEdgesAndTheWidth) {
  // Two boxes 0.9 mm apart that overlap by 6 x 7 mm across: beyond the rim the nearest points are on edges,
  // whose normals, those of two faces together, are 90 degrees apart. The rim is met by the lattice, of which
  // a cube is 1/16 mm: a cube's edge along 26 mm of rim is less than 2 % of 37.8 mm3 on either lattice.
  const auto lower = box_mesh({0, 0, 0}, {10, 10, 5}), upper = box_mesh({4, 3, 5.9}, {10, 10, 5});
  const FacingGap found = between(lower, upper, 1.0);
  EXPECT_NEAR(found.volume_mm3, 6.0 * 7.0 * 0.9, 26.0 * 0.9 / 16.0);
  EXPECT_LE(std::abs(found.volume_mm3 - 37.8), found.half_width_mm3 + 26.0 * 0.9 / 32.0);
  EXPECT_EQ(between(upper, lower, 1.0).volume_mm3, found.volume_mm3);
  EXPECT_EQ(between(lower, upper, 0.89).volume_mm3, 0.0);  // It is wider than that.
}

TEST(FacingGap, OfACoreInAShellIsTheVolumeBetweenTheTwo) {
  // All points between a ball of 7 mm and a hollow of 8 mm: the difference of the volumes of both meshes.
  // Cubes of 0.08 mm are cut by 1400 mm^2 of surface, 2e5 of them, each in or out by its centre: 1 mm^3 is
  // many times what that leaves. A wider limit changes nothing, a narrower one than the width leaves nothing.
  const auto core = icosphere(7.0, 4), hollow = icosphere(8.0, 4);
  const auto shell = together(inside_out(hollow), icosphere(9.0, 4));
  const double volume_mm3 = signed_volume_mm3(hollow) - signed_volume_mm3(core);
  for (const double within_mm : {1.3, 2.0})
    EXPECT_NEAR(between(core, shell, within_mm).volume_mm3, volume_mm3, 1.0) << within_mm;
  EXPECT_EQ(between(core, shell, 0.9).volume_mm3, 0.0);
}

TEST(FacingGap, OfAWayFarShorterThanTheSidesEnds) {
  // Ways of 0.001 mm between plates of 20 x 20 mm: sixteen cubes to a way would be 1e12 of them. A layer all
  // over a plate, 1200 mm^2, has at most 1e6: cubes of 0.035 mm, so that either lattice meets the gap once or
  // not at all.
  const auto lower = box_mesh({0, 0, 0}, {20, 20, 5}), upper = box_mesh({0, 0, 5.0009}, {20, 20, 5});
  const FacingGap found = between(lower, upper, 0.001);
  EXPECT_LE(found.volume_mm3, 400.0 * 0.035);
  EXPECT_LE(std::abs(found.volume_mm3 - 400.0 * 0.0009),
            found.half_width_mm3);  // It does not say 0 for sure.
  EXPECT_EQ(between(lower, upper, 0.0008).volume_mm3, 0.0);
}

TEST(FacingGap, IsZeroWhereSidesFitOrDoNotFace) {
  const auto lower = box_mesh({0, 0, 0}, {10, 10, 5});
  // A common face: at its rim the nearest sides look the same way, or as edges do. As long as the ways are.
  for (const double within_mm : {0.5, 2.0, 8.0})
    EXPECT_EQ(between(lower, box_mesh({0, 0, 5}, {10, 10, 5}), within_mm).volume_mm3, 0.0) << within_mm;
  EXPECT_EQ(between(lower, box_mesh({2, 2, 5}, {4, 4, 5}), 2.0).volume_mm3, 0.0);    // Smaller than the seam.
  EXPECT_EQ(between(lower, box_mesh({0, 0, 4}, {10, 10, 5}), 2.0).volume_mm3, 0.0);  // They overlap.
  EXPECT_EQ(between(lower, box_mesh({40, 0, 0}, {10, 10, 5}), 2.0).volume_mm3, 0.0);  // Far away.
}

Trial trial_of(const LabelMap& test, const LabelMap& reference) {
  Trial trial;
  trial.truth.targets = {{.label = 1, .name = "bone"}, {.label = 2, .name = "implant"}};
  trial.truth.mask = shared(reference);
  trial.submissions.emplace_back();
  trial.submissions.front().offers = {"mask", "surface"};
  trial.submissions.front().stages.push_back({.name = "segmented", .mask = shared(test)});
  Stage exported{.name = "exported"};
  exported.surfaces = {{1, box_mesh({0, 0, 0}, {10, 10, 10})}, {2, box_mesh({9, 0, 0}, {10, 10, 10})}};
  trial.submissions.front().stages.push_back(std::move(exported));
  return trial;
}

TEST(LabelFamilies, NameThePairAndKeepTheirPromises) {
  const auto reference = fitting();
  auto test = reference;
  fill_box(test, {2, 2, 6}, {14, 10, 7}, 0);
  auto trial = trial_of(test, reference);
  const auto rows = measure(trial, std::vector<MeasureItem>{{"labels.gap_volume@2mm", ""},
                                                            {"labels.overlap_volume", ""},
                                                            {"labels.penetration_depth", ""}});
  ASSERT_EQ(rows.size(), 3u);
  for (const auto& row : rows) EXPECT_EQ(row.target, "bone and implant");
  EXPECT_DOUBLE_EQ(std::get<double>(rows[0].value.value()), 96.0);
  EXPECT_NEAR(std::get<double>(rows[1].value.value()), 100.0, 1e-6);
  EXPECT_NEAR(std::get<double>(rows[2].value.value()), 0.5, 0.02);
  // Empty masks and one voxel: finite, or with a reason.
  const LabelMap nothing(reference.grid);
  for (const LabelMap* of_test : {&nothing, &reference})
    for (const LabelMap* of_reference : {&nothing, &reference})
      EXPECT_EQ(measure_all(trial_of(*of_test, *of_reference), "labels.*").size(), 3u);
  // Where no truth is known it is that between the surfaces. They overlap: nothing is free. Half a millimetre
  // apart it is 50 mm3. Of cubes of 1/8 mm four layers lie between, and of those of the other lattice three,
  // as its outer ones have their middles on the surfaces: 43.75 mm3, a 16th of a millimetre of rim (40 * 0.5
  // / 16) more or less, and half-widths of 12.5.
  auto without_truth = trial;
  without_truth.truth.mask = nullptr;
  const std::vector<MeasureItem> gap_item = {{"labels.gap_volume@2mm", ""}};
  EXPECT_EQ(std::get<double>(measure(without_truth, gap_item).front().value.value()), 0.0);
  without_truth.submissions.front().stages.back().surfaces[2] = box_mesh({10.5, 0, 0}, {10, 10, 10});
  const auto apart = measure(without_truth, gap_item);
  EXPECT_NEAR(std::get<double>(apart.front().value.value()), 43.75, 1.25);
  EXPECT_LE(apart.front().interval.value().lo, 50.0);
  EXPECT_GE(apart.front().interval.value().hi, 50.0);
  EXPECT_EQ(apart.front().target, "bone and implant");
  without_truth.submissions.front().offers = {"mask"};
  EXPECT_EQ(measure(without_truth, gap_item).front().reason, "not_offered");
  trial.submissions.front().offers = {"surface"};
  EXPECT_EQ(measure(trial, gap_item).front().reason, "not_offered");
  trial.submissions.front().offers = {"mask", "surface"};
  trial.truth.targets.pop_back();
  EXPECT_TRUE(measure_all(trial, "labels.*").empty());  // It takes two.
  const auto alone = measure(trial, std::vector<MeasureItem>{{"labels.gap_volume", ""}});
  EXPECT_EQ(alone.front().reason, "no_reference");
}

}  // namespace
}  // namespace meshassay::metrics
