// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/steps/staircase.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "tests/unit/metrics/known_shapes.hpp"

namespace meshassay::metrics {
namespace {

using namespace meshassay::test;

// What nearest-voxel slices make of a sphere: each slice a disc of the sphere's radius at its middle, as
// thick as the slice distance. In plane it is smooth.
TriangleMesh stack_of_discs(double radius_mm, double slice_mm, double first_slice_mm) {
  constexpr std::uint32_t around = 72;
  TriangleMesh mesh;
  const auto ring = [&](double radius, double z) {
    const auto first = static_cast<std::uint32_t>(mesh.vertices_mm.size());
    for (std::uint32_t i = 0; i < around; ++i) {
      const double angle = 2.0 * std::numbers::pi * i / around;
      // The polygon with the circle's area.
      const double r =
          radius / std::sqrt(around / (2.0 * std::numbers::pi) * std::sin(2.0 * std::numbers::pi / around));
      mesh.vertices_mm.emplace_back(r * std::cos(angle), r * std::sin(angle), z);
    }
    return first;
  };
  const auto join = [&](std::uint32_t lower, std::uint32_t upper) {
    for (std::uint32_t i = 0; i < around; ++i) {
      const std::uint32_t next = (i + 1) % around;
      mesh.triangles.push_back({lower + i, lower + next, upper + next});
      mesh.triangles.push_back({lower + i, upper + next, upper + i});
    }
  };
  std::uint32_t last = ring(0.0, 0.0);
  bool is_first = true;
  for (double z = first_slice_mm; z < radius_mm; z += slice_mm) {
    if (std::abs(z) >= radius_mm) continue;
    const double r = std::sqrt(radius_mm * radius_mm - z * z);
    const auto bottom = ring(r, z - 0.5 * slice_mm), top = ring(r, z + 0.5 * slice_mm);
    if (is_first)
      for (std::uint32_t i = 0; i < around; ++i) mesh.vertices_mm[last + i][2] = z - 0.5 * slice_mm;
    is_first = false;
    join(last, bottom);  // The tread.
    join(bottom, top);   // The riser.
    last = top;
  }
  const double z = mesh.vertices_mm[last][2];
  join(last, ring(0.0, z));
  return mesh;
}

Grid slices(double slice_mm, const Matrix3& direction = Matrix3::Identity(),
            const Point3& origin = Point3::Zero()) {
  Grid grid;
  grid.size = {100, 100, 100};
  grid.spacing_mm = {0.5, 0.5, slice_mm};
  grid.direction = direction;
  grid.origin_mm = origin;
  return grid;
}

Staircase stairs_of(const TriangleMesh& mesh, const TargetTruth& truth, const Grid& grid) {
  const auto found = staircase(mesh, truth, grid);
  EXPECT_TRUE(std::holds_alternative<Staircase>(found));
  return std::get<Staircase>(found);
}

TEST(StaircaseRecovery, IsTheKnownPart) { EXPECT_NEAR(staircase_recovery(), 0.743, 0.002); }

TEST(Staircase, OfANearestVoxelSphereIsHalfASlice) {
  for (const double slice_mm : {1.0, 2.0}) {
    const auto mesh = stack_of_discs(12.0 * slice_mm, slice_mm, -11.7 * slice_mm);
    const auto stairs = stairs_of(mesh, truth_of(sphere(12.0 * slice_mm)), slices(slice_mm));
    EXPECT_NEAR(stairs.amplitude_mm, 0.5 * slice_mm, 0.05 * 0.5 * slice_mm) << slice_mm;  // 5 %
    EXPECT_GT(stairs.amplitude_mm, 3.0 * stairs.half_width_mm);
  }
}

TEST(Staircase, FollowsTheSliceAxisWhereverTheSlicesBegin) {
  Random random(4);
  const Matrix3 axes = random.rotation();
  const auto mesh = stack_of_discs(15.0, 1.5, -15.0);
  const double upright = stairs_of(mesh, truth_of(sphere(15.0)), slices(1.5)).amplitude_mm;
  const Point3 center(7.0, -3.0, 11.0);
  const auto turned = stairs_of(moved(mesh, axes, center), truth_of(sphere(15.0, center)),
                                slices(1.5, axes, {1.0, 2.0, 3.0}));
  EXPECT_NEAR(turned.amplitude_mm, upright, 1e-5);  // the wave's extremes are looked for at 2048 places
}

TEST(Staircase, OfASmoothSphereIsZeroWithinItsIntervalAlsoTooLargeAndShifted) {
  for (const auto& mesh : {icosphere(10.0, 5), icosphere(10.2, 5), icosphere(10.0, 5, {0.05, 0.0, 0.1})}) {
    const auto stairs = stairs_of(mesh, truth_of(sphere(10.0)), slices(1.0));
    EXPECT_LE(stairs.amplitude_mm, stairs.half_width_mm);
    EXPECT_LT(stairs.amplitude_mm, 0.01);
  }
}

TEST(Staircase, IsUndefinedOnPlatesAndWithoutAReference) {
  const auto plate = box({10.0, 10.0, 3.0});
  const auto on_plate = staircase(plate, truth_of(box({10.0, 10.0, 3.2})), slices(1.0));
  EXPECT_EQ(std::get<Undefined>(on_plate).reason, "rank_deficient");
  EXPECT_EQ(std::get<Undefined>(staircase(plate, {}, slices(1.0))).reason, "no_reference");
  EXPECT_EQ(std::get<Undefined>(staircase(plate, truth_of(square(9.0, 0.0, 1)), slices(1.0))).reason,
            "reference_not_closed");
}

TEST(StaircaseFamily, GivesARowATarget) {
  Trial trial;
  trial.truth.targets = {truth_of(sphere(10.0))};
  trial.scan_grid = slices(2.0);
  Submission submission{.offers = {"surface"}};
  submission.stages.push_back({.name = "exported"});
  submission.stages[0].surfaces[1] = stack_of_discs(10.0, 2.0, -9.0);
  trial.submissions = {submission};
  auto rows = staircase_family().compute(trial, {});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_GT(std::get<double>(*rows[0].value), 0.8);
  EXPECT_GE(rows[0].interval->lo, 0.0);
  trial.submissions[0].stages[0].surfaces.clear();
  EXPECT_EQ(staircase_family().compute(trial, {})[0].reason, "missing");
}

}  // namespace
}  // namespace meshassay::metrics
