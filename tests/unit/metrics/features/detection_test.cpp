// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/features/detection.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "tests/unit/metrics/known_shapes.hpp"

namespace meshassay::metrics {
namespace {

using namespace meshassay::test;

Feature feature_at(FeatureKind kind, double nominal_mm, const Point3& center, const Vector3& half,
                   const std::string& name = "it") {
  return {.name = name,
          .kind = kind,
          .nominal_mm = nominal_mm,
          .region = {.center_mm = center, .half_extent_mm = half}};
}

// A closed cylinder along z.
TriangleMesh cylinder(double diameter_mm, double length_mm, const Point3& center = Point3::Zero()) {
  constexpr std::uint32_t around = 32;
  TriangleMesh mesh;
  for (const double z : {-0.5 * length_mm, 0.5 * length_mm})
    for (std::uint32_t i = 0; i < around; ++i) {
      const double angle = 2.0 * std::numbers::pi * i / around;
      mesh.vertices_mm.push_back(
          center + Vector3(0.5 * diameter_mm * std::cos(angle), 0.5 * diameter_mm * std::sin(angle), z));
    }
  for (std::uint32_t i = 0; i < around; ++i) {
    const std::uint32_t j = (i + 1) % around;
    mesh.triangles.push_back({i, j, around + j});
    mesh.triangles.push_back({i, around + j, around + i});
    if (i == 0 || j == 0) continue;
    mesh.triangles.push_back({0, j, i});
    mesh.triangles.push_back({around, around + i, around + j});
  }
  return mesh;
}

Presence presence_of(const TriangleMesh& mesh, const Feature& feature) {
  return presence(MeshDistance(mesh), feature);
}

TEST(Presence, OfAPlateIsOneLayerFromSideToSide) {
  const auto plate = feature_at(FeatureKind::plate, 1.0, {0, 0, 0}, {4, 4, 2});
  EXPECT_TRUE(presence_of(box({10, 10, 1}), plate).present);
  // Too short, so that there is air beside it; with a hole through it; doubled; not there.
  EXPECT_FALSE(presence_of(box({6, 10, 1}), plate).present);
  const auto frame = together(together(box({4, 10, 1}, {-3, 0, 0}), box({4, 10, 1}, {3, 0, 0})),
                              together(box({2.2, 4, 1}, {0, -3.5, 0}), box({2.2, 4, 1}, {0, 3.5, 0})));
  EXPECT_FALSE(presence_of(frame, plate).present);
  EXPECT_FALSE(presence_of(together(box({10, 10, 0.5}, {0, 0, -0.6}), box({10, 10, 0.5}, {0, 0, 0.6})), plate)
                   .present);
  EXPECT_EQ(presence_of(box({1, 1, 1}, {50, 0, 0}), plate).why_not, "there is no material");
}

TEST(Presence, OfAGapIsAirBetweenTwoParts) {
  const auto gap = feature_at(FeatureKind::gap, 1.0, {0, 0, 0}, {4, 4, 2});
  const auto open = together(box({10, 10, 4}, {0, 0, 2.5}), box({10, 10, 4}, {0, 0, -2.5}));
  EXPECT_TRUE(presence_of(open, gap).present);
  // A bridge of material across it closes it; so does material everywhere.
  EXPECT_FALSE(presence_of(together(open, box({0.9, 0.9, 1.2})), gap).present);
  EXPECT_FALSE(presence_of(box({10, 10, 10}), gap).present);
}

TEST(Presence, OfARodRunsFromEndToEnd) {
  const auto rod = feature_at(FeatureKind::rod, 2.0, {0, 0, 0}, {2, 2, 4});
  EXPECT_TRUE(presence_of(cylinder(2.0, 12.0), rod).present);
  EXPECT_TRUE(presence_of(cylinder(1.2, 12.0, {0.2, -0.1, 0.0}), rod).present);  // thinner, yet there
  EXPECT_FALSE(presence_of(cylinder(2.0, 6.0), rod).present);                    // broken off
  const auto broken = together(cylinder(2.0, 5.0, {0, 0, -3.5}), cylinder(2.0, 5.0, {0, 0, 3.5}));
  EXPECT_FALSE(presence_of(broken, rod).present);  // in the middle
}

TEST(Presence, OfAHoleIsAirFromEndToEndWithMaterialAround) {
  const auto hole = feature_at(FeatureKind::hole, 2.0, {0, 0, 0}, {2, 2, 4});
  EXPECT_TRUE(presence_of(together(cylinder(8.0, 12.0), inside_out(cylinder(2.0, 11.0))), hole).present);
  EXPECT_FALSE(presence_of(together(cylinder(8.0, 12.0), inside_out(cylinder(2.0, 6.0))), hole).present);
  EXPECT_EQ(presence_of(cylinder(8.0, 12.0), hole).why_not, "there is no air");
}

TEST(SmallestDetected, IsTheLastBeforeTheFirstThatIsLostAtAnyPosition) {
  std::vector<Feature> plates;
  std::vector<Presence> presences;
  const auto add = [&](double size, const std::string& name, bool present) {
    plates.push_back(feature_at(FeatureKind::plate, size, {0, 0, 0}, {1, 1, 1}, name));
    presences.push_back({present, present ? "" : "it is gone"});
  };
  add(0.5, "thin", true);  // There by luck: a larger one is not.
  add(1.0, "one_a", true);
  add(1.0, "one_b", false);
  add(2.0, "two_a", true);
  add(2.0, "two_b", true);
  const auto smallest = smallest_detected(plates, presences);
  ASSERT_TRUE(smallest.size_mm);
  EXPECT_EQ(*smallest.size_mm, 2.0);
  EXPECT_EQ(smallest.first_lost, "one_b");
  EXPECT_EQ(smallest.positions, 1u);
  presences[3].present = false;
  EXPECT_FALSE(smallest_detected(plates, presences).size_mm);
}

TEST(DetectionFamilies, GiveTheSizeOrSayWhatIsLost) {
  Trial trial;
  TargetTruth truth;
  truth.features = {feature_at(FeatureKind::plate, 1.0, {0, 0, 0}, {4, 4, 2}, "low"),
                    feature_at(FeatureKind::plate, 0.5, {0, 0, 8}, {4, 4, 2}, "high")};
  trial.truth.targets = {truth};
  Submission submission{.offers = {"surface"}};
  submission.stages.push_back({.name = "exported"});
  submission.stages[0].surfaces[1] = together(box({10, 10, 1}), box({10, 10, 0.5}, {0, 0, 8}));
  trial.submissions = {submission};
  const std::vector<MeasureItem> item = {{"detect.smallest_plate", ""}};
  EXPECT_EQ(std::get<double>(*measure(trial, item)[0].value), 0.5);
  trial.submissions[0].stages[0].surfaces[1] = box({10, 10, 1});
  auto rows = measure(trial, item);
  EXPECT_EQ(std::get<double>(*rows[0].value), 1.0);
  EXPECT_EQ(std::get<std::string>(rows[0].witnesses.at(1).second), "high");
  trial.submissions[0].stages[0].surfaces[1] = box({10, 10, 0.5}, {0, 0, 8});
  EXPECT_EQ(measure(trial, item)[0].reason, "feature_missing");
  trial.submissions[0].stages[0].surfaces[1] = square(3.0, 0.0, 2);
  EXPECT_EQ(measure(trial, item)[0].reason, "not_closed");
}

}  // namespace
}  // namespace meshassay::metrics
