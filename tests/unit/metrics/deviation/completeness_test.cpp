// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/deviation/completeness.hpp"

#include <gtest/gtest.h>

#include "metrics/registry.hpp"
#include "tests/unit/metrics/known_shapes.hpp"

namespace meshassay::metrics {
namespace {

using namespace meshassay::test;

TEST(Completeness, OfAStripIsTheAreaWithinReach) {
  // Of a square of 10 mm the test has the part x <= 4. Within 1.5 mm of it lies x <= 5.5: 55 %.
  auto part = square(4.0, 0.0, 2);
  for (auto& vertex : part.vertices_mm) vertex[1] *= 2.5;
  const auto fraction = completeness(part, square(10.0, 0.0, 3), {.tolerance_mm = 1.5});
  EXPECT_LE(fraction.ruler.lo, 0.55);
  EXPECT_GE(fraction.ruler.hi, 0.55);
  EXPECT_LE(fraction.ruler.width(), 0.002);
  EXPECT_TRUE(fraction.rigorous);
}

TEST(Completeness, SeesAMissingHalf) {
  const auto whole = icosphere(10.0, 4);
  auto half = whole;
  std::erase_if(half.triangles, [&](const Triangle& t) {
    return whole.vertices_mm[t[0]][2] + whole.vertices_mm[t[1]][2] + whole.vertices_mm[t[2]][2] < 0.0;
  });
  EXPECT_EQ(completeness(whole, whole, {.tolerance_mm = 0.01}).value, 1.0);
  // Half of it, and a ring of about the tolerance: a zone of a sphere is 2 pi R h of 4 pi R^2, so 0.1 / 20
  // more; the rim wavers by less than half a triangle, 0.35 mm or 0.0175 of the area, both ways.
  EXPECT_NEAR(completeness(half, whole, {.tolerance_mm = 0.1}).value, 0.505, 0.0175);
}

TEST(Completeness, GrowsWithTheToleranceAndKeepsWhenAllIsScaled) {
  const auto reference = bumpy_sphere(10.0, 1.0, 2, 1), test = bumpy_sphere(10.0, 1.0, 2, 2);
  double last = 0.0;
  for (const double tolerance : {0.05, 0.2, 0.5, 1.0, 4.0}) {
    const double value = completeness(test, reference, {.tolerance_mm = tolerance}).value;
    EXPECT_GE(value, last);
    last = value;
    const auto twice = [](const TriangleMesh& mesh) {
      return moved(mesh, 2.0 * Matrix3::Identity(), Vector3::Zero());
    };
    EXPECT_NEAR(completeness(twice(test), twice(reference), {.tolerance_mm = 2.0 * tolerance}).value, value,
                0.002);
  }
  EXPECT_EQ(last, 1.0);
}

TEST(Completeness, CoversWhatIsNotKnownOfTheReference) {
  // At 1 mm everywhere: whether that is within 1 mm hangs on the reference's last 0.01 mm.
  const auto fraction = completeness(square(10.0, 1.0, 2), square(10.0, 0.0, 3),
                                     {.tolerance_mm = 1.0, .reference_half_width_mm = 0.01});
  EXPECT_EQ(fraction.ruler.lo, 0.0);
  EXPECT_EQ(fraction.ruler.hi, 1.0);
}

TEST(CompletenessFamily, TakesItsToleranceFromTheIdAndSaysWhyItIsUndefined) {
  Trial trial;
  trial.truth.targets = {truth_of(icosphere(10.0, 2))};
  Submission submission{.offers = {"surface"}};
  submission.stages.push_back({.name = "exported"});
  submission.stages[0].surfaces[1] = icosphere(10.3, 2);
  trial.submissions = {submission};
  const std::vector<MeasureItem> items = {{"completeness@0.1mm", ""}, {"completeness@0.5", ""}};
  auto rows = measure(trial, items);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(std::get<double>(*rows[0].value), 0.0);
  EXPECT_EQ(std::get<double>(*rows[1].value), 1.0);
  trial.submissions[0].stages[0].surfaces[1] = {};
  EXPECT_EQ(measure(trial, items)[0].reason, "test_empty");
  trial.truth.targets = {truth_of(sphere(10.0))};
  EXPECT_EQ(measure(trial, items)[0].reason, "no_reference");
}

}  // namespace
}  // namespace meshassay::metrics
