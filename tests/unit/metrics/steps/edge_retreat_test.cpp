// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/steps/edge_retreat.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "metrics/steps/feature_loss.hpp"
#include "tests/unit/metrics/known_shapes.hpp"

namespace meshassay::metrics {
namespace {

using namespace meshassay::test;

// The edge of a cube of 10 mm along z at x = y = 5.
const Feature cube_edge{.name = "edge",
                        .kind = FeatureKind::edge,
                        .nominal_mm = 10.0,
                        .region = {.center_mm = {5.0, 5.0, 0.0}, .half_extent_mm = {1.0, 1.0, 5.0}}};

// A cube of 10 mm whose edge along z at x = y = 5 is cut off by a plane, `cut_mm` of each face.
TriangleMesh chamfered_cube(double cut_mm) {
  TriangleMesh mesh;
  for (const double z : {-5.0, 5.0})
    for (const Point3& corner : {Point3(-5, -5, z), Point3(5, -5, z), Point3(5, 5 - cut_mm, z),
                                 Point3(5 - cut_mm, 5, z), Point3(-5, 5, z)})
      mesh.vertices_mm.push_back(corner);
  for (std::uint32_t i = 1; i + 1 < 5; ++i) {
    mesh.triangles.push_back({0, i + 1, i});
    mesh.triangles.push_back({5, 5 + i, 6 + i});
  }
  for (std::uint32_t i = 0; i < 5; ++i) {
    const std::uint32_t j = (i + 1) % 5;
    mesh.triangles.push_back({i, j, 5 + j});
    mesh.triangles.push_back({i, 5 + j, 5 + i});
  }
  return mesh;
}

TEST(EdgeRetreat, OfAChamferIsTheDistanceToIt) {
  // A cut of c on both faces is c / sqrt(2) from the edge.
  const auto retreat = edge_retreat(MeshDistance(chamfered_cube(1.0)), cube_edge);
  EXPECT_NEAR(retreat.mean_mm, std::sqrt(0.5), 1e-12);
  EXPECT_NEAR(retreat.worst_mm, std::sqrt(0.5), 1e-12);
  EXPECT_LT(retreat.half_width_mm, 1e-10);
  EXPECT_NEAR(edge_retreat(MeshDistance(box({10, 10, 10})), cube_edge).mean_mm, 0.0, 1e-12);
}

TEST(EdgeRetreat, IsNegativeWhereMaterialWasAdded) {
  // 0.3 mm on each face: the edge lies inside, 0.3 mm from both.
  EXPECT_NEAR(edge_retreat(MeshDistance(box({10.6, 10.6, 10.6})), cube_edge).mean_mm, -0.3, 1e-12);
}

TEST(EdgeRetreat, FollowsARimWhereverItIs) {
  // The rim of a sphere's equator, for a sphere that is 0.5 mm too small: level 5 facets sag by 0.004 mm.
  Random random(2);
  const Matrix3 axes = random.rotation();
  const Feature rim{.name = "rim",
                    .kind = FeatureKind::rim,
                    .nominal_mm = 10.0,
                    .region = {.center_mm = {1, 2, 3}, .axes = axes, .half_extent_mm = {11, 11, 2}}};
  const auto retreat = edge_retreat(MeshDistance(moved(icosphere(9.5, 5), axes, {1, 2, 3})), rim);
  EXPECT_NEAR(retreat.mean_mm, 0.5, 0.005);
}

Trial stages_of(const TriangleMesh& extracted, const TriangleMesh& smoothed, std::vector<Feature> features) {
  Trial trial;
  TargetTruth truth;
  truth.features = std::move(features);
  trial.truth.targets = {truth};
  Submission submission{.offers = {"stages"}};
  submission.stages = {{.name = "extracted", .surfaces = {{1, extracted}}},
                       {.name = "smoothed", .surfaces = {{1, smoothed}}}};
  trial.submissions = {submission};
  return trial;
}

TEST(EdgeRetreatFamily, IsWhatSmoothingDidAndShowsBothStages) {
  const auto trial = stages_of(chamfered_cube(0.2), chamfered_cube(1.2), {cube_edge});
  const auto rows = measure(trial, std::vector<MeasureItem>{{"smoothing.edge_retreat", ""}});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_NEAR(std::get<double>(*rows[0].value), std::sqrt(0.5), 1e-12);
  EXPECT_NEAR(std::get<double>(rows[0].witnesses.at(1).second), 0.2 * std::sqrt(0.5), 1e-12);
  auto open = box({10, 10, 10});
  open.triangles.pop_back();
  EXPECT_EQ(
      measure(stages_of(open, open, {cube_edge}), std::vector<MeasureItem>{{"smoothing.edge_retreat", ""}})[0]
          .reason,
      "not_closed");
  EXPECT_EQ(
      measure(stages_of(open, open, {}), std::vector<MeasureItem>{{"smoothing.edge_retreat", ""}})[0].reason,
      "no_reference");
}

TEST(FeatureLossFamily, CountsWhatSmoothingRemoved) {
  const auto plate = [](const std::string& name, double z) {
    return Feature{.name = name,
                   .kind = FeatureKind::plate,
                   .nominal_mm = 1.0,
                   .region = {.center_mm = {0, 0, z}, .half_extent_mm = {4, 4, 1}}};
  };
  const auto both = together(box({10, 10, 1}), box({10, 10, 1}, {0, 0, 5}));
  const std::vector<MeasureItem> loss = {{"smoothing.feature_loss", ""}};
  auto rows = measure(stages_of(both, box({10, 10, 1}), {plate("low", 0), plate("high", 5)}), loss);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(std::get<double>(*rows[0].value), 1.0);
  EXPECT_EQ(std::get<std::string>(rows[0].witnesses.at(0).second), "high");
  rows = measure(stages_of(both, both, {plate("low", 0), plate("high", 5)}), loss);
  EXPECT_EQ(std::get<double>(*rows[0].value), 0.0);
  rows = measure(stages_of(both, {}, {plate("low", 0), plate("high", 5)}), loss);
  EXPECT_EQ(std::get<double>(*rows[0].value), 2.0);  // smoothed to nothing
  rows = measure(stages_of(both, both, {plate("nowhere", 50)}), loss);
  EXPECT_EQ(rows[0].reason, "feature_missing");
}

}  // namespace
}  // namespace meshassay::metrics
