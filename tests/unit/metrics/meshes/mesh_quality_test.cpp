// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/meshes/mesh_quality.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "metrics/registry.hpp"

namespace meshassay::metrics {
namespace {

TriangleMesh one(const Point3& a, const Point3& b, const Point3& c) { return {{a, b, c}, {{0, 1, 2}}}; }

TEST(MeshQuality, OfAnEquilateralTriangle) {
  const auto quality = mesh_quality(one({0, 0, 0}, {2, 0, 0}, {1, std::sqrt(3.0), 0})).value();
  EXPECT_NEAR(quality.triangles_per_mm2, 1.0 / std::sqrt(3.0), 1e-15);
  EXPECT_NEAR(quality.edge_min_mm, 2.0, 1e-15);
  EXPECT_NEAR(quality.edge_median_mm, 2.0, 1e-15);
  EXPECT_NEAR(quality.edge_max_mm, 2.0, 1e-15);
  EXPECT_NEAR(quality.angle_min_deg, 60.0, 1e-12);
  EXPECT_NEAR(quality.aspect_p95.value(), 1.0, 1e-15);
}

TEST(MeshQuality, OfARightTriangle) {
  // Sides 3, 4, 5: inscribed radius 1, smallest angle asin(3/5).
  const auto quality = mesh_quality(one({0, 0, 0}, {4, 0, 0}, {0, 3, 0})).value();
  EXPECT_DOUBLE_EQ(quality.triangles_per_mm2, 1.0 / 6.0);
  EXPECT_DOUBLE_EQ(quality.edge_median_mm, 4.0);
  EXPECT_NEAR(quality.angle_min_deg, std::asin(0.6) * 180.0 / std::numbers::pi, 1e-12);
  EXPECT_NEAR(quality.aspect_p95.value(), 5.0 / (2.0 * std::sqrt(3.0)), 1e-14);
}

TEST(MeshQuality, DoesNotDependOnPlaceAndScalesAsItShould) {
  const Point3 a(0, 0, 0), b(4, 0, 0), c(0, 3, 0), d(1, 1, 2);
  const auto mesh = [&](double scale, const Vector3& shift) {
    TriangleMesh made{{a, b, c, d}, {{0, 1, 2}, {0, 1, 3}, {1, 2, 3}}};
    for (auto& p : made.vertices_mm) p = scale * p + shift;
    return mesh_quality(made).value();
  };
  const auto base = mesh(1, {0, 0, 0}), other = mesh(8, {64, -32, 128});  // exact in doubles
  EXPECT_DOUBLE_EQ(other.triangles_per_mm2 * 64, base.triangles_per_mm2);
  EXPECT_DOUBLE_EQ(other.edge_min_mm, 8 * base.edge_min_mm);
  EXPECT_DOUBLE_EQ(other.angle_min_deg, base.angle_min_deg);
  EXPECT_DOUBLE_EQ(other.aspect_p95.value(), base.aspect_p95.value());
}

TEST(MeshQuality, CountsAnEdgeOnceAndLeavesOutCollapsedTriangles) {
  // A square with its diagonal: lengths 1, 1, 1, 1, sqrt 2; the median would be sqrt 2 / 1 mixed were it
  // twice.
  TriangleMesh square{{{0, 0, 0}, {1, 0, 0}, {1, 1, 0}, {0, 1, 0}}, {{0, 1, 2}, {0, 2, 3}, {1, 1, 2}}};
  const auto quality = mesh_quality(square).value();
  EXPECT_DOUBLE_EQ(quality.edge_median_mm, 1.0);
  EXPECT_DOUBLE_EQ(quality.triangles_per_mm2, 2.0);
}

TEST(MeshQuality, OfFlatTrianglesIsUndefined) {
  EXPECT_FALSE(mesh_quality({}).has_value());
  EXPECT_FALSE(mesh_quality(one({0, 0, 0}, {1, 0, 0}, {2, 0, 0})).has_value());
  // One with an area, one without: the angle is 0, and a twentieth of the triangles is exceeded.
  const TriangleMesh half{{{0, 0, 0}, {1, 0, 0}, {2, 0, 0}, {0, 1, 0}}, {{0, 1, 2}, {0, 1, 3}}};
  const auto quality = mesh_quality(half).value();
  EXPECT_EQ(quality.angle_min_deg, 0.0);
  EXPECT_FALSE(quality.aspect_p95.has_value());
}

TEST(MeshFile, HasTheSizeOfTheFileWhateverIsInIt) {
  Trial trial;
  trial.truth.targets = {{.label = 1, .name = "a"}, {.label = 2, .name = "b"}};
  trial.submissions.push_back({.offers = {"surface"}});
  Stage stage{.name = "exported"};
  stage.surfaces = {{1, {}}, {2, {}}};
  stage.surface_file_bytes = {{1, 84}};
  trial.submissions[0].stages.push_back(stage);
  const auto rows = measure(trial, std::vector<MeasureItem>{{"mesh.file_bytes", ""}});
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].value, MeasuredValue(84.0));
  EXPECT_FALSE(rows[0].interval.has_value());
  EXPECT_EQ(rows[1].reason, "not_offered");
  EXPECT_EQ(rows[1].target, "b");
}

}  // namespace
}  // namespace meshassay::metrics
