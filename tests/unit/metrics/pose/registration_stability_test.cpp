// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/pose/registration_stability.hpp"

#include <gtest/gtest.h>

#include "tests/unit/metrics/known_shapes.hpp"

namespace meshassay::metrics {
namespace {

using namespace meshassay::test;

// Three boxes of different sizes, in different places.
TriangleMesh boxes() {
  return together(
      together(box({30.0, 8.0, 12.0}, {20.0, 30.0, 40.0}), box({6.0, 14.0, 9.0}, {9.0, 46.0, 38.0})),
      box({5.0, 5.0, 17.0}, {31.0, 31.0, 60.0}));
}

RegistrationStability stability_of(const TriangleMesh& surface, const TriangleMesh& reference) {
  const auto found = registration_stability(surface, reference);
  EXPECT_TRUE(std::holds_alternative<RegistrationStability>(found));
  return std::get<RegistrationStability>(found);
}

TEST(RegistrationStability, IsSmallWhereTheShapeHoldsTheSurfaceAndTheSameEveryTime) {
  const auto once = stability_of(boxes(), boxes());
  EXPECT_EQ(once.least_paired_fraction, 1.0);
  // Twenty thousand points on 2600 mm2 lie 0.36 mm apart: near an edge a point may be paired across it, and
  // is then off by no more than that.
  EXPECT_LT(once.spread_mm, 0.36);
  const auto again = stability_of(boxes(), boxes());
  EXPECT_EQ(once.spread_mm, again.spread_mm);
  EXPECT_EQ(once.least_paired_fraction, again.least_paired_fraction);
}

TEST(RegistrationStability, IsLargeWhereNothingHoldsTheSurface) {
  // A patch of one face of the boxes slides on that face: the starts, 2 % of the diagonal of 62 mm apart each
  // way, stay in it. Two of them are 1 mm apart at least.
  const auto patch = square(6.0, 46.0, 4, {12.0, 27.0, 0.0});  // On the top of the first box, z = 46.
  EXPECT_GT(stability_of(patch, boxes()).spread_mm, 1.0);
}

TEST(RegistrationStability, IsUndefinedWhereTheReferenceSlidesAlongItself) {
  const auto ball = icosphere(10.0, 5);
  EXPECT_EQ(std::get<Undefined>(registration_stability(ball, ball)).reason, "rank_deficient");
  const auto plane = square(10.0, 0.0, 4);
  EXPECT_EQ(std::get<Undefined>(registration_stability(plane, plane)).reason, "rank_deficient");
}

TEST(RegistrationStabilityFamily, GivesARowATargetAndReasons) {
  Trial trial;
  trial.truth.targets = {truth_of(boxes())};
  Submission submission{.offers = {"surface"}};
  submission.stages.push_back({.name = "exported"});
  submission.stages[0].surfaces[1] = boxes();
  trial.submissions = {submission};
  const auto rows = registration_stability_family().compute(trial, {});
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_TRUE(rows[0].value);
  trial.truth.targets = {truth_of(sphere(10.0))};
  EXPECT_EQ(registration_stability_family().compute(trial, {})[0].reason, "no_reference");
  trial.truth.targets = {truth_of(boxes())};
  trial.submissions[0].stages[0].surfaces.clear();
  EXPECT_EQ(registration_stability_family().compute(trial, {})[0].reason, "missing");
}

}  // namespace
}  // namespace meshassay::metrics
