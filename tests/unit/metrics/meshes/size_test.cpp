// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/meshes/size.hpp"

#include <gtest/gtest.h>

#include "metrics/registry.hpp"
#include "tests/unit/metrics/meshes.hpp"

namespace meshassay::metrics {
namespace {

Trial trial_of(const TriangleMesh& mesh) {
  Trial trial;
  trial.truth.targets.push_back({.label = 1});
  trial.submissions.emplace_back();
  trial.submissions.front().offers = {"surface"};
  trial.submissions.front().stages.push_back({.name = "exported", .surfaces = {{1, mesh}}});
  return trial;
}

Measurement row_of(const Trial& trial, const std::string& id) {
  return measure(trial, std::vector<MeasureItem>{{id, ""}}).at(0);
}

TEST(SurfaceSize, OfABoxIsItsEdgesMultiplied) {
  const auto size = surface_size(box_mesh({10, -20, 30}, {2, 3, 4}));
  EXPECT_NEAR(size.volume_mm3.value(), 24.0, size.volume_half_width_mm3);
  EXPECT_NEAR(size.area_mm2, 52.0, size.area_half_width_mm2);
  EXPECT_LT(size.volume_half_width_mm3, 1e-11);
  EXPECT_LT(size.area_half_width_mm2, 1e-12);
}

TEST(SurfaceSize, ScalesAndDoesNotChangeWhenMoved) {
  auto mesh = torus_mesh(20, 10);
  const auto before = surface_size(mesh);
  const Matrix3 turn = Eigen::AngleAxisd(0.7, Vector3(1, 2, 3).normalized()).toRotationMatrix();
  for (auto& vertex : mesh.vertices_mm) vertex = turn * (2.0 * vertex) + Vector3(500, -300, 100);
  const auto after = surface_size(mesh);
  // Moving rounds every coordinate to about 1e-13 mm, over an area of 4 * 118 mm2.
  EXPECT_NEAR(*after.volume_mm3, 8.0 * *before.volume_mm3, 1e-9);
  EXPECT_NEAR(after.area_mm2, 4.0 * before.area_mm2, 1e-9);
}

TEST(SurfaceSize, HasNoVolumeWhereTheSurfaceIsOpenOrNotOriented) {
  auto open = cube_mesh(0, 1);
  open.triangles.pop_back();
  EXPECT_EQ(surface_size(open).why_no_volume.reason, "not_closed");
  auto flipped = cube_mesh(0, 1);
  std::swap(flipped.triangles[0][0], flipped.triangles[0][1]);
  EXPECT_EQ(surface_size(flipped).why_no_volume.reason, "not_oriented");
  EXPECT_FALSE(surface_size(flipped).volume_mm3.has_value());
}

TEST(SurfaceSize, OfACavityIsTakenOffAndInsideOutIsNegative) {
  EXPECT_NEAR(*surface_size(together(cube_mesh(0, 10), inverted(cube_mesh(2, 6)))).volume_mm3, 784.0, 1e-9);
  EXPECT_NEAR(*surface_size(inverted(cube_mesh(0, 2))).volume_mm3, -8.0, 1e-12);
  // Cubes that share an edge bound both.
  EXPECT_NEAR(*surface_size(together(cube_mesh(0, 1), box_mesh({1, 1, 0}, {1, 1, 1}))).volume_mm3, 2.0,
              1e-12);
}

TEST(SizeFamily, ErrorsAreRelativeAndHoldTheTruthsUncertainty) {
  auto trial = trial_of(box_mesh({0, 0, 0}, {1, 2, 3}));  // 6 mm3, 22 mm2
  trial.truth.targets[0].volume_mm3 = KnownValue{5.0, 0.05};
  trial.truth.targets[0].area_mm2 = KnownValue{20.0, 0.0};
  const auto volume = row_of(trial, "size.volume_error");
  EXPECT_NEAR(std::get<double>(*volume.value), 0.2, 1e-12);
  EXPECT_NEAR(volume.interval->lo, 6.0 / 5.05 - 1.0, 1e-12);
  EXPECT_NEAR(volume.interval->hi, 6.0 / 4.95 - 1.0, 1e-12);
  const auto area = row_of(trial, "size.area_error");
  EXPECT_NEAR(std::get<double>(*area.value), 0.1, 1e-12);
  EXPECT_LT(area.interval->width(), 1e-12);
}

TEST(SizeFamily, AReferenceMeshStandsInForClosedForms) {
  auto trial = trial_of(cube_mesh(0, 2));
  EXPECT_EQ(row_of(trial, "size.volume_error").reason, "no_reference");
  trial.truth.targets[0].surface = cube_mesh(0, 1);
  EXPECT_NEAR(std::get<double>(*row_of(trial, "size.volume_error").value), 7.0, 1e-12);
  EXPECT_NEAR(std::get<double>(*row_of(trial, "size.area_error").value), 3.0, 1e-12);
  trial.truth.targets[0].surface_chordal_error_mm = 0.01;
  EXPECT_EQ(row_of(trial, "size.area_error").reason, "no_reference");
  // 6 mm2 times 0.01 mm on a volume of 1 mm3.
  EXPECT_NEAR(row_of(trial, "size.volume_error").interval->hi, 8.0 / 0.94 - 1.0, 1e-9);
}

// As of an empty mask, whose boundary stands in for it.
TEST(SizeFamily, AReferenceWithoutTrianglesIsNone) {
  auto trial = trial_of(cube_mesh(0, 2));
  trial.truth.targets[0].surface = TriangleMesh{};
  EXPECT_EQ(row_of(trial, "size.volume_error").reason, "no_reference");
  EXPECT_EQ(row_of(trial, "size.area_error").reason, "no_reference");
  EXPECT_NEAR(std::get<double>(*row_of(trial, "size.volume").value), 8.0, 1e-12);
}

TEST(SizeFamily, AnOpenSurfaceHasAnAreaAndNoVolume) {
  auto open = cube_mesh(0, 1);
  open.triangles.resize(10);
  auto trial = trial_of(open);
  trial.truth.targets[0].volume_mm3 = KnownValue{1.0, 0.0};
  EXPECT_EQ(row_of(trial, "size.volume").reason, "not_closed");
  EXPECT_EQ(row_of(trial, "size.volume_error").reason, "not_closed");
  EXPECT_NEAR(std::get<double>(*row_of(trial, "size.area").value), 5.0, 1e-12);
  EXPECT_EQ(row_of(trial_of({}), "size.area").reason, "test_empty");
}

}  // namespace
}  // namespace meshassay::metrics
