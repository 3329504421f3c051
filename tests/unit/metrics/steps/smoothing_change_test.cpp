// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/steps/smoothing_change.hpp"

#include <gtest/gtest.h>

#include <numbers>

#include "metrics/registry.hpp"
#include "tests/unit/metrics/meshes.hpp"

namespace meshassay::metrics {
namespace {

std::vector<Measurement> rows_of(const TriangleMesh& extracted, const TriangleMesh& smoothed) {
  Trial trial;
  trial.truth.targets.push_back({.label = 1});
  trial.submissions.emplace_back();
  trial.submissions.front().offers = {"stages"};
  trial.submissions.front().stages = {{.name = "extracted", .surfaces = {{1, extracted}}},
                                      {.name = "smoothed", .surfaces = {{1, smoothed}}}};
  return measure_all(trial, "smoothing.*");
}

TEST(EquivalentRadius, IsThatOfTheBall) {
  EXPECT_NEAR(equivalent_radius_mm(4.0 / 3.0 * std::numbers::pi * 1000.0), 10.0, 1e-13);
}

TEST(SmoothingChange, OfShrinkingByATenthIsKnownForAnyShape) {
  const auto extracted = torus_mesh(12, 8);
  auto smoothed = extracted;
  for (auto& vertex : smoothed.vertices_mm) vertex *= 0.9;
  const auto rows = rows_of(extracted, smoothed);
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_NEAR(std::get<double>(*rows[0].value), 0.729 - 1.0, 1e-12);
  EXPECT_NEAR(std::get<double>(*rows[1].value), 0.81 - 1.0, 1e-12);
  EXPECT_NEAR(std::get<double>(*rows[2].value), -0.1 * equivalent_radius_mm(signed_volume_mm3(extracted)),
              1e-12);
  for (const auto& row : rows) {
    EXPECT_EQ(row.stage, "smoothed");
    EXPECT_LT(row.interval->width(), 1e-9) << row.metric;
  }
}

TEST(SmoothingChange, OfNothingDoneIsZero) {
  for (const auto& row : rows_of(cube_mesh(0, 1), cube_mesh(0, 1)))
    EXPECT_EQ(std::get<double>(*row.value), 0.0) << row.metric;
}

TEST(SmoothingChange, OfASurfaceThatVanishedIsUndefinedByTheSystemsFault) {
  for (const auto& row : rows_of(cube_mesh(0, 1), {})) EXPECT_EQ(row.reason, "test_empty") << row.metric;
}

TEST(SmoothingChange, OfAnOpenSurfaceHasAnAreaOnly) {
  auto open = cube_mesh(0, 1);
  open.triangles.resize(6);
  const auto rows = rows_of(cube_mesh(0, 1), open);
  EXPECT_EQ(rows[0].reason, "not_closed");
  EXPECT_NEAR(std::get<double>(*rows[1].value), -0.5, 1e-12);
  EXPECT_EQ(rows[2].reason, "not_closed");
}

TEST(SmoothingChange, OfASystemWithoutStagesIsNotOffered) {
  Trial trial;
  trial.submissions.emplace_back();
  trial.submissions.front().offers = {"surface"};
  EXPECT_EQ(measure(trial, std::vector<MeasureItem>{{"smoothing.volume_change", ""}})[0].reason,
            "not_offered");
}

}  // namespace
}  // namespace meshassay::metrics
