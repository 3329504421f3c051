// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/steps/anisotropy.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "metrics/steps/ellipsoid_axes.hpp"
#include "tests/unit/metrics/known_shapes.hpp"

namespace meshassay::metrics {
namespace {

using namespace meshassay::test;

const Feature ball{.name = "ball",
                   .kind = FeatureKind::sphere,
                   .nominal_mm = 10.0,
                   .region = {.half_extent_mm = Vector3::Constant(20.0)}};

TriangleMesh ellipsoid(double a, double b, double c, int level) {
  return moved(icosphere(1.0, level), Vector3(a, b, c).asDiagonal(), Vector3::Zero());
}

double ratio_of(const TriangleMesh& mesh, const Matrix3& axes) {
  const auto found = axis_ratio(mesh, ball, axes);
  EXPECT_TRUE(std::holds_alternative<AxisRatio>(found));
  return std::get<AxisRatio>(found).ratio.value;
}

TEST(AxisRatio, OfAnEllipsoidIsExactUpToItsFacets) {
  // Facets sag by 0.004 mm at level 5 and by less than twice that where an ellipsoid is flattened: 1e-3.
  EXPECT_NEAR(ratio_of(ellipsoid(10, 10, 10, 5), Matrix3::Identity()), 1.0, 1e-9);
  EXPECT_NEAR(ratio_of(ellipsoid(10, 10, 11, 5), Matrix3::Identity()), 1.1, 1e-3);
  EXPECT_NEAR(ratio_of(ellipsoid(9, 11, 8, 5), Matrix3::Identity()), 0.8, 1e-3);
}

TEST(AxisRatio, FollowsTheSliceAxisAndForgetsAShift) {
  Random random(1);
  const Matrix3 axes = random.rotation();
  const auto mesh = ellipsoid(10, 10, 10.5, 4);
  const double upright = ratio_of(mesh, Matrix3::Identity());
  EXPECT_NEAR(ratio_of(moved(mesh, axes, {0.7, -0.4, 0.2}), axes), upright, 1e-8);
}

TEST(AxisRatio, IsMissingWithoutASphere) {
  const auto found = axis_ratio(icosphere(3.0, 2), ball, Matrix3::Identity());
  EXPECT_EQ(std::get<Undefined>(found).reason, "feature_missing");
}

double p2_of(const TriangleMesh& mesh, const TargetTruth& truth, const Matrix3& axes = Matrix3::Identity()) {
  const auto found = p2_coefficient_mm(mesh, truth, axes);
  EXPECT_TRUE(std::holds_alternative<FittedNumber>(found));
  return std::get<FittedNumber>(found).value;
}

// A sphere of 10 mm with the relief e * P2(n_z), e = 0.05 mm.
TriangleMesh relief_of_p2() {
  auto mesh = icosphere(10.0, 5);
  for (auto& vertex : mesh.vertices_mm) {
    const double z = vertex.normalized()[2];
    vertex *= 1.0 + 0.005 * 0.5 * (3.0 * z * z - 1.0);
  }
  return mesh;
}

TEST(P2, IsTheReliefThatWasPutOn) {
  EXPECT_NEAR(p2_of(relief_of_p2(), truth_of(sphere(10.0))), 0.05, 5e-4);  // facets sag the same everywhere
  EXPECT_NEAR(p2_of(icosphere(10.2, 5), truth_of(sphere(10.0))), 0.0, 1e-4);
  EXPECT_NEAR(p2_of(relief_of_p2(), truth_of(icosphere(10.0, 5))), 0.05, 5e-4);
}

TEST(P2, ForgetsAShiftAndFollowsTheSliceAxis) {
  Random random(2);
  const Matrix3 axes = random.rotation();
  // A shift s gives s.n to first order, and s^2 / (2R) = 0.0025 mm to second.
  EXPECT_NEAR(p2_of(moved(relief_of_p2(), axes, {0.1, -0.2, 0.05}), truth_of(sphere(10.0)), axes), 0.05,
              0.003);
}

TEST(P2, IsExactWhereTheTruthsNormalJumpsBeneathATriangle) {
  // A box of 8 x 8 x 9 mm in a cube of 10 mm: its top and bottom (2 x 64 mm2) are 0.5 mm below the cube's.
  // Its sides are 1 mm away from the cube's, but for strips of 0.5 mm (8 x 4 mm2) along their upper and lower
  // rims whose nearest face is the top or the bottom, at 0.5 to 1 mm. Where n is along z, the mean of delta
  // is (128 * -0.5 + 32 * -0.75) / 160 = -0.55 mm, elsewhere -1 mm; P2 is 1 and -1/2: (-0.55 + 1) / 1.5 = 0.3
  // mm.
  const auto found = p2_of(box({8, 8, 9}), truth_of(box({10, 10, 10})));
  // Triangles of at most 0.29 mm over the jump, cut five times, leave 0.01 mm of a strip of 0.5 mm undecided:
  // 0.02 of the strips' part of the mean, and the points of a rule lie on both sides of it. 1e-3 in all.
  EXPECT_NEAR(found, 0.3, 1e-3);
}

TEST(P2, IsUndefinedWhereTheNormalsDoNotDetermineIt) {
  const auto found = p2_coefficient_mm(square(10.0, 0.1, 4), truth_of(half_space(0.0)), Matrix3::Identity());
  EXPECT_EQ(std::get<Undefined>(found).reason, "rank_deficient");
  EXPECT_EQ(std::get<Undefined>(
                p2_coefficient_mm(square(10.0, 0.1, 4), truth_of(square(10.0, 0.0, 4)), Matrix3::Identity()))
                .reason,
            "reference_not_closed");
  EXPECT_EQ(std::get<Undefined>(p2_coefficient_mm(square(10.0, 0.1, 4), {}, Matrix3::Identity())).reason,
            "no_reference");
}

TEST(RmsRatio, IsThatOfTheBiasesAlongAndAcross) {
  // delta = 0.1 + 0.3 n_z^2 on a sphere of 10 mm, to second order in 0.04: with u = n_z^2 the mean square
  // over the caps |n_z| > 0.8 is the integral of (0.1 + 0.3 u)^2 over n_z from 0.8 to 1, over 0.2; over the
  // belt from 0 to 0.2.
  auto mesh = icosphere(10.0, 5);
  for (auto& vertex : mesh.vertices_mm) {
    const double z = vertex.normalized()[2];
    vertex *= 1.0 + 0.01 + 0.03 * z * z;
  }
  const auto integral = [](double z) { return 0.01 * z + 0.02 * z * z * z + 0.018 * z * z * z * z * z; };
  const double expected = std::sqrt((integral(1.0) - integral(0.8)) / integral(0.2));
  const auto found = rms_ratio(mesh, truth_of(sphere(10.0)), Matrix3::Identity());
  const double ratio = std::get<FittedNumber>(found).value;
  EXPECT_NEAR(ratio, expected,
              0.05 * expected);  // facets sag by 0.004 of 0.1 mm, edges of caps by a triangle
  Random random(5);
  const Matrix3 axes = random.rotation();
  EXPECT_NEAR(
      std::get<FittedNumber>(rms_ratio(moved(mesh, axes, Vector3::Zero()), truth_of(sphere(10.0)), axes))
          .value,
      ratio, 1e-3);
  EXPECT_NEAR(
      std::get<FittedNumber>(rms_ratio(icosphere(10.1, 5), truth_of(sphere(10.0)), Matrix3::Identity()))
          .value,
      1.0, 0.02);
}

TEST(RmsRatio, IsUndefinedWithoutFacesOfBothKindsOrWithoutADistance) {
  EXPECT_EQ(
      std::get<Undefined>(rms_ratio(square(10.0, 0.1, 4), truth_of(half_space(0.0)), Matrix3::Identity()))
          .reason,
      "rank_deficient");
  EXPECT_EQ(
      std::get<Undefined>(rms_ratio(box({2, 2, 2}), truth_of(box({2, 2, 2})), Matrix3::Identity())).reason,
      "rank_deficient");
}

TEST(EllipsoidAxesFamily, GivesThreeSemiAxesAndTheWorstError) {
  Trial trial;
  trial.truth.targets.emplace_back();
  trial.truth.targets[0].features = {ball};
  Submission submission{.offers = {"surface"}};
  submission.stages.push_back({.name = "exported"});
  submission.stages[0].surfaces[1] = ellipsoid(10.1, 9.9, 10.4, 5);
  trial.submissions = {submission};
  auto rows = ellipsoid_axes_family().compute(trial, {});
  ASSERT_EQ(rows.size(), 2u);
  const auto axes = std::get<std::vector<double>>(*rows[0].value);
  // Facets of level 5 sag by up to 0.004 mm, by less than twice that in all.
  EXPECT_NEAR(axes[0], 10.1, 0.008);
  EXPECT_NEAR(axes[1], 9.9, 0.008);
  EXPECT_NEAR(axes[2], 10.4, 0.008);
  EXPECT_NEAR(std::get<double>(*rows[1].value), 0.4, 0.008);
  trial.submissions[0].stages[0].surfaces[1] = icosphere(3.0, 2);
  EXPECT_EQ(ellipsoid_axes_family().compute(trial, {})[1].reason, "feature_missing");
}

TEST(AnisotropyFamilies, GiveARowATarget) {
  Trial trial;
  trial.truth.targets = {truth_of(sphere(10.0))};
  trial.truth.targets[0].features = {ball};
  trial.scan_grid = Grid{};
  Submission submission{.offers = {"surface"}};
  submission.stages.push_back({.name = "exported"});
  submission.stages[0].surfaces[1] = ellipsoid(10, 10, 10.3, 4);
  trial.submissions = {submission};
  auto rows = axis_ratio_family().compute(trial, {});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_NEAR(std::get<double>(*rows[0].value), 1.03, 1e-3);
  ASSERT_TRUE(rows[0].interval);
  rows = anisotropy_family().compute(trial, {});
  ASSERT_EQ(rows.size(), 2u);
  // delta = 0.3 n_z^2 = 0.1 + 0.2 P2 to first order in 0.3 / 10.
  EXPECT_NEAR(std::get<double>(*rows[0].value), 0.2, 0.01);
  trial.submissions[0].stages[0].surfaces.clear();
  EXPECT_EQ(axis_ratio_family().compute(trial, {})[0].reason, "missing");
}

}  // namespace
}  // namespace meshassay::metrics
