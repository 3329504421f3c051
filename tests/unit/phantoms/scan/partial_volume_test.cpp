// SPDX-License-Identifier: GPL-3.0-or-later
// Partial volumes of one voxel against exact integrals.
#include "phantoms/scan/partial_volume.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "core/errors.hpp"
#include "phantoms/scan/scan.hpp"
#include "phantoms/solids/box_union.hpp"
#include "tests/unit/phantoms/test_phantoms.hpp"

namespace meshassay::phantoms {
namespace {

constexpr double pi = std::numbers::pi;

/// The phantom's own sphere, moved so that its centre is at the origin.
ImplicitSurface ball(double radius_mm) {
  const Phantom phantom = make_phantom(find_phantom("sphere", "test"), {{"radius_mm", radius_mm}}, "test",
                                       {.chordal_error_mm = 0.05});
  const ImplicitSurface at_placement = *phantom.targets[0].truth.implicit;
  const Point3 center = at_placement.bounds_mm.center_mm();
  return {.signed_distance_mm = [=](const Point3& p) { return at_placement.signed_distance_mm(p + center); },
          .gradient = [=](const Point3& p) { return at_placement.gradient(p + center); },
          .flatness_mm = [=](const Point3& p, double r) { return at_placement.flatness_mm(p + center, r); },
          .bounds_mm = {.min_mm = at_placement.bounds_mm.min_mm - center,
                        .max_mm = at_placement.bounds_mm.max_mm - center}};
}

class PartialVolumeWithin : public testing::TestWithParam<double> {};
INSTANTIATE_TEST_SUITE_P(Tolerances, PartialVolumeWithin, testing::Values(0.05, 1e-2, 1e-3, 2.5e-4, 1e-5));

TEST_P(PartialVolumeWithin, OfASphereInsideOneVoxelIsItsVolume) {
  const double tolerance = GetParam();
  Draw draw(31);
  for (int n = 0; n < 5; ++n) {
    const double radius = draw.between(0.1, 0.9);
    const Matrix3 axes = draw.rotation();
    const Vector3 half = {1.0, 1.2, 2.5};
    const Vector3 shift = {draw.between(-0.1, 0.1), draw.between(-0.3, 0.3), draw.between(-1.5, 1.5)};
    const ImplicitSurface surface = ball(radius);
    BoxFraction box_fraction(surface, axes);
    const auto fraction = box_fraction(axes * shift, half, tolerance);
    EXPECT_LE(fraction.bound, tolerance);
    const double exact = 4.0 / 3.0 * pi * radius * radius * radius / (8.0 * half.prod());
    EXPECT_NEAR(fraction.value, exact, fraction.bound + 1e-12);
  }
}

TEST_P(PartialVolumeWithin, OfASphereCutByAFaceIsACap) {
  const double tolerance = GetParam();
  Draw draw(32);
  for (int n = 0; n < 5; ++n) {
    const double radius = draw.between(0.3, 0.9);
    const Matrix3 axes = draw.rotation();
    const Vector3 half = {1.0, 1.0, 1.5};
    // The voxel's lower face along its third axis lies at `height` in the sphere; what is above it is a cap.
    const double height = draw.between(-radius, radius);
    const ImplicitSurface surface = ball(radius);
    BoxFraction box_fraction(surface, axes);
    const auto fraction = box_fraction(axes * Vector3(0.0, 0.0, height + half[2]), half, tolerance);
    const double cap = radius - height;
    const double exact = pi * cap * cap * (3.0 * radius - cap) / 3.0 / (8.0 * half.prod());
    EXPECT_NEAR(fraction.value, exact, fraction.bound + 1e-12);
  }
}

/// An endless cylinder about a line through the origin.
ImplicitSurface cylinder(const Vector3& axis, double radius_mm) {
  const auto from_axis = [=](const Point3& p) -> Vector3 { return p - axis.dot(p) * axis; };
  return {.signed_distance_mm = [=](const Point3& p) { return from_axis(p).norm() - radius_mm; },
          .gradient = [=](const Point3& p) -> Vector3 { return from_axis(p).normalized(); },
          // Across the axis it is a circle: the bound of a ball, see sphere.cpp.
          .flatness_mm =
              [=](const Point3& p, double ball_mm) {
                const double a = from_axis(p).norm();
                return ball_mm <= 2.0 * a ? ball_mm * ball_mm / (2.0 * a) : 2.0 * (ball_mm - a);
              },
          .bounds_mm = {.min_mm = Point3::Constant(-1e3), .max_mm = Point3::Constant(1e3)}};
}

TEST_P(PartialVolumeWithin, OfACylinderInAnyPoseIsTheIntegralOfItsChords) {
  const double tolerance = GetParam();
  Draw draw(35);
  for (int n = 0; n < 6; ++n) {
    const Vector3 axis = draw.direction();
    const double radius = draw.between(0.4, 2.0);
    const Matrix3 axes = draw.rotation();
    const Vector3 half = {0.5, 0.6, 0.9};
    // A box that the cylinder's surface cuts.
    Vector3 across = axis.cross(draw.direction()).normalized();
    const Point3 center = (radius + draw.between(-0.4, 0.4)) * across + draw.between(-1.0, 1.0) * axis;
    const ImplicitSurface surface = cylinder(axis, radius);
    BoxFraction box_fraction(surface, axes);
    const auto fraction = box_fraction(center, half, tolerance);
    // Chords along the box's third axis: |p0 + t e - axis (axis . (p0 + t e))|^2 = r^2 is a quadratic in t.
    const Vector3 e = axes.col(2) - axis.dot(axes.col(2)) * axis;
    constexpr int columns = 400;
    double exact = 0.0;
    for (int a = 0; a < columns; ++a)
      for (int b = 0; b < columns; ++b) {
        const Vector3 start = center + axes * Vector3(half[0] * ((2.0 * a + 1.0) / columns - 1.0),
                                                      half[1] * ((2.0 * b + 1.0) / columns - 1.0), 0.0);
        const Vector3 p = start - axis.dot(start) * axis;
        const double half_b = p.dot(e);
        const double discriminant = half_b * half_b - e.squaredNorm() * (p.squaredNorm() - radius * radius);
        if (discriminant <= 0.0) continue;
        const double root = std::sqrt(discriminant);
        const double from = std::max((-half_b - root) / e.squaredNorm(), -half[2]);
        const double to = std::min((-half_b + root) / e.squaredNorm(), half[2]);
        if (to > from) exact += (to - from) / (2.0 * half[2] * columns * columns);
      }
    // The midpoint rule over columns: 2e-6 where the chord's length has an infinite slope at the outline.
    EXPECT_NEAR(fraction.value, exact, fraction.bound + 5e-6);
    EXPECT_LE(fraction.bound, tolerance);
    // The limit: 1 HU at a contrast of 2000 HU, by the default tolerance.
    if (tolerance <= 2.5e-4) {
      EXPECT_LT(2000.0 * std::abs(fraction.value - exact), 1.0);
    }
  }
}

TEST(PartialVolume, HasTheMomentOfACapCutOffByAFace) {
  // About the sphere's centre the cap above z has the first moment pi (r^2 - z^2)^2 / 4.
  const double radius = 0.8;
  const double z = 0.3;
  const Vector3 half = {1.0, 1.0, 1.5};
  Draw draw(36);
  const Matrix3 axes = draw.rotation();
  const ImplicitSurface surface = ball(radius);
  BoxFraction box_fraction(surface, axes, Moments::measured);
  const auto fraction = box_fraction(axes * Vector3(0.0, 0.0, z + half[2]), half, 1e-5);
  const double about_center = pi * std::pow(radius * radius - z * z, 2) / 4.0 / (8.0 * half.prod());
  EXPECT_NEAR(fraction.moment_mm[2], about_center - fraction.value * (z + half[2]), 2e-5);
  EXPECT_NEAR(fraction.moment_mm[0], 0.0, 2e-5);
  EXPECT_NEAR(fraction.moment_mm[1], 0.0, 2e-5);
}

TEST_P(PartialVolumeWithin, OfAnObliqueGridOverACornerSumsToTheBox) {
  const double tolerance = GetParam();
  const BoxUnion solid(std::vector{Box3{.min_mm = {0, 0, 0}, .max_mm = {1.5, 1.1, 0.8}}});
  const ImplicitSurface surface = implicit_surface(solid);
  Draw draw(33);
  const Grid grid = grid_around(surface.bounds_mm, {1.0, 0.7, 1.3}, draw.rotation());
  const auto fractions = partial_volume(surface, grid, tolerance);
  double sum = 0.0;
  int cut = 0;
  for (const float fraction : fractions.values) {
    sum += fraction;
    cut += fraction > 0.0F && fraction < 1.0F ? 1 : 0;
  }
  EXPECT_NEAR(sum * grid.voxel_volume_mm3(), 1.5 * 1.1 * 0.8,
              cut * (tolerance + 1e-7) * grid.voxel_volume_mm3());
}

TEST(PartialVolume, OfAPlaneIsExactInAnyPose) {
  // Far from a big block's rims the surface is one plane: no part is needed, and the value is the closed
  // form's.
  const BoxUnion solid(std::vector{Box3{.min_mm = {-50, -50, -50}, .max_mm = {50, 50, 0}}});
  const ImplicitSurface surface = implicit_surface(solid);
  Draw draw(34);
  for (int n = 0; n < 200; ++n) {
    const Matrix3 axes = draw.rotation();
    BoxFraction box_fraction(surface, axes);
    const Vector3 half = {0.25, 0.25, 1.0};
    const double height = draw.between(-0.2, 0.2);
    const auto fraction = box_fraction({draw.between(-9, 9), draw.between(-9, 9), height}, half, 1e-9);
    EXPECT_EQ(fraction.bound, 0.0);
    // Small heights lie where the cut runs through all edges along one axis only if that axis is steep; then
    // the fraction is linear: 1/2 - height / (2 half extent seen along z).
    int steep = 0;
    const Vector3 along_z = axes.row(2).transpose().cwiseAbs().cwiseProduct(half);
    const double steepest = along_z.maxCoeff(&steep);
    if (std::abs(height) < steepest - (along_z.sum() - steepest)) {
      EXPECT_NEAR(fraction.value, 0.5 - height / (2.0 * steepest), 1e-13);
    }
  }
}

TEST(PartialVolume, IsExactForBoxesAlignedWithTheGrid) {
  const BoxUnion solid(std::vector{Box3{.min_mm = {0.25, 0.1, -0.4}, .max_mm = {2.25, 2.6, 1.7}}});
  Grid grid;
  grid.size = {5, 5, 5};
  grid.origin_mm = {-0.5, -0.5, -0.5};  // Voxel faces at whole millimetres.
  const auto fractions = partial_volume(implicit_surface(solid), grid, 1e-4);
  const auto overlap = [](double low, double high, int i) {
    return std::max(0.0, std::min(high, double(i)) - std::max(low, i - 1.0));
  };
  for (int k = 0; k < 5; ++k)
    for (int j = 0; j < 5; ++j)
      for (int i = 0; i < 5; ++i)
        EXPECT_NEAR(fractions.at(i, j, k),
                    overlap(0.25, 2.25, i) * overlap(0.1, 2.6, j) * overlap(-0.4, 1.7, k), 1e-4 + 1e-7);
}

TEST(PartialVolume, RefusesAToleranceThatItCannotReach) {
  const ImplicitSurface surface = ball(0.5);
  Grid grid;
  grid.size = {1, 1, 1};
  EXPECT_THROW((void)partial_volume(surface, grid, 0.0), InvalidInput);
  EXPECT_THROW((void)partial_volume(surface, grid, -1.0), InvalidInput);
  EXPECT_THROW((void)partial_volume(surface, grid, std::nan("")), InvalidInput);
  EXPECT_THROW((void)partial_volume(surface, grid, 1e-15), InvalidInput);  // After four million parts.
}

TEST(PartialVolume, OfAnEmptyGridIsEmpty) {
  EXPECT_TRUE(partial_volume(ball(1.0), Grid{}, 1e-3).values.empty());
}

}  // namespace
}  // namespace meshassay::phantoms
