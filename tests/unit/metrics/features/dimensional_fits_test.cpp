// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/features/dimensional_fits.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "metrics/surface/clipped_surface.hpp"
#include "tests/unit/metrics/known_shapes.hpp"

namespace meshassay::metrics {
namespace {

using namespace meshassay::test;

Feature feature(FeatureKind kind, double nominal_mm, const Point3& center, const Vector3& half_extent) {
  return {.name = "it",
          .kind = kind,
          .nominal_mm = nominal_mm,
          .region = {.center_mm = center, .half_extent_mm = half_extent}};
}

Feature whole_sphere(double radius_mm, const Point3& center = Point3::Zero()) {
  return feature(FeatureKind::sphere, radius_mm, center, Vector3::Constant(1.5 * radius_mm));
}

FeatureSize size_of(const TriangleMesh& mesh, const Feature& f) {
  const auto size = measure_feature(mesh, f);
  EXPECT_TRUE(std::holds_alternative<FeatureSize>(size));
  return std::get<FeatureSize>(size);
}

std::string reason_of(const TriangleMesh& mesh, const Feature& f) {
  const auto size = measure_feature(mesh, f);
  return std::holds_alternative<Undefined>(size) ? std::get<Undefined>(size).reason : "";
}

// A slab whose two faces are `thickness` apart, in the middle of the plane, and a step of it.
TriangleMesh slab(double thickness_mm) {
  return together(square(20.0, 0.5 * thickness_mm, 10, {-10, -10, 0}),
                  inside_out(square(20.0, -0.5 * thickness_mm, 7, {-10, -10, 0})));
}
TriangleMesh stair(double height_mm) {
  return together(square(10.0, 0.0, 5, {-10, -5, 0}), square(10.0, height_mm, 5, {0, -5, 0}));
}
const Feature plate_region = feature(FeatureKind::plate, 2.0, {0, 0, 0}, {5, 5, 3});
const Feature step_region = feature(FeatureKind::step, 1.5, {0, 0, 0.75}, {8, 4, 3});

TEST(SphereFit, HasTheMeanRadiusOfTheFacetsWhereverTheCentreIs) {
  // The fit's centre is that of symmetry, so the radius is the mean distance of the facets from it: between
  // the inscribed and the circumscribed radius; facets of edge l sag by l^2 / (6 R) on the circumcircle's
  // centre and by l^2 / (8 R) in the mean (mean square distance from an equilateral facet's centre: l^2 /
  // 12).
  const Point3 center(3.0, -2.0, 1.0);
  const auto mesh = icosphere(10.0, 4, center);
  const auto size = size_of(mesh, whole_sphere(10.0, {3.2, -2.1, 1.1}));
  const double mean_area = area_mm2(mesh) / static_cast<double>(mesh.triangles.size());
  const double square_of_edge = mean_area * 4.0 / std::sqrt(3.0);
  EXPECT_NEAR(size.measured_mm, 10.0 - square_of_edge / 80.0, 0.001);  // facets differ in size by 30 %
  EXPECT_LT(size.measured_mm + size.faceting_half_width_mm - 10.0, 1e-6);
  EXPECT_NEAR(size.measured_mm + size.faceting_half_width_mm, 10.0, 1e-6);  // the vertices lie on it
  EXPECT_GT(size.form_error_mm, square_of_edge / 80.0);
  EXPECT_LT(size.form_error_mm, square_of_edge / 30.0);
}

TEST(SphereFit, ConvergesWithTheSquareOfTheEdge) {
  const double coarse = size_of(icosphere(10.0, 3), whole_sphere(10.0)).error_mm();
  const double fine = size_of(icosphere(10.0, 4), whole_sphere(10.0)).error_mm();
  EXPECT_NEAR(coarse / fine, 4.0, 0.1);
}

TEST(SphereFit, IsRightWhenMovedScaledAndInsideOut) {
  const auto mesh = bumpy_sphere(10.0, 0.3, 3, 1);
  const auto size = size_of(mesh, whole_sphere(10.0));
  Random random(2);
  const auto elsewhere =
      size_of(moved(mesh, random.rotation(), {50, 60, -70}), whole_sphere(10.0, {50, 60, -70}));
  EXPECT_NEAR(elsewhere.measured_mm, size.measured_mm, 1e-9);
  EXPECT_NEAR(elsewhere.form_error_mm, size.form_error_mm, 1e-9);
  EXPECT_NEAR(size_of(inside_out(mesh), whole_sphere(10.0)).measured_mm, size.measured_mm, 1e-12);
  const auto twice = size_of(moved(mesh, 2.0 * Matrix3::Identity(), Vector3::Zero()), whole_sphere(20.0));
  EXPECT_NEAR(twice.measured_mm, 2.0 * size.measured_mm, 1e-9);
  EXPECT_NEAR(twice.half_width_mm(), 2.0 * size.half_width_mm(), 1e-9);
}

TEST(SphereFit, IsMissingWhereLessThanHalfIsThere) {
  auto cap = icosphere(10.0, 3);
  std::erase_if(cap.triangles, [&](const Triangle& t) { return cap.vertices_mm[t[0]][2] < 2.0; });
  EXPECT_EQ(reason_of(cap, whole_sphere(10.0)), "feature_missing");
  EXPECT_EQ(reason_of(icosphere(10.0, 3, {100, 0, 0}), whole_sphere(10.0)), "feature_missing");
}

TEST(PlateFit, IsTheDistanceOfTheFacesAlsoCutByTheRegion) {
  const auto size = size_of(slab(2.1), plate_region);
  EXPECT_NEAR(size.measured_mm, 2.1, 1e-12);
  EXPECT_NEAR(size.error_mm(), 0.1, 1e-12);
  EXPECT_NEAR(size.form_error_mm, 0.0, 1e-12);
  EXPECT_NEAR(size_of(inside_out(slab(2.1)), plate_region).measured_mm, 2.1, 1e-12);
}

TEST(PlateFit, CoversRoundingWhereTheFacesAreExactlyFlat) {
  // Nothing scatters, yet coordinates near 100 mm are doubles: half a unit in the last place is 7e-15 mm.
  auto region = plate_region;
  region.region.center_mm = {100, 100, 100};
  const auto size = size_of(moved(slab(2.1), Matrix3::Identity(), {100, 100, 100}), region);
  EXPECT_GE(size.half_width_mm(), std::abs(size.measured_mm - 2.1));
  EXPECT_GT(size.half_width_mm(), 7e-15);
  EXPECT_LT(size.half_width_mm(), 1e-9);
}

TEST(PlateFit, MeasuresAcrossATiltedPlateAndNotAlongTheRegion) {
  // Turned by 10 degrees: along the region's axis it would be 2 / cos(10 deg) = 2.031 mm.
  const Matrix3 turn =
      Eigen::AngleAxisd(10.0 * std::numbers::pi / 180.0, Vector3::UnitX()).toRotationMatrix();
  EXPECT_NEAR(size_of(moved(slab(2.0), turn, Vector3::Zero()), plate_region).measured_mm, 2.0, 0.002);
}

TEST(PlateFit, AveragesAWaveAndTellsItsForm) {
  auto mesh = slab(2.0);
  for (std::size_t v = 0; v < 121; ++v)  // the upper face's vertices: a chequered wave of 0.05 mm
    mesh.vertices_mm[v][2] += (v % 2 ? 0.05 : -0.05);
  const auto size = size_of(mesh, plate_region);
  EXPECT_NEAR(size.measured_mm, 2.0, 0.01);
  EXPECT_NEAR(size.form_error_mm, 0.1, 0.005);
  EXPECT_GT(size.fit_half_width_mm, 0.0);
  EXPECT_LT(size.fit_half_width_mm, 0.05);
}

TEST(PlateFit, IsMissingWhereAFaceIsNotThere) {
  EXPECT_EQ(reason_of(square(20.0, 1.0, 10, {-10, -10, 0}), plate_region), "feature_missing");
  EXPECT_EQ(reason_of(TriangleMesh{}, plate_region), "feature_missing");
}

TEST(StepFit, IsTheHeightOfTheUpperFaceOverTheLower) {
  EXPECT_NEAR(size_of(stair(1.6), step_region).measured_mm, 1.6, 1e-12);
  EXPECT_NEAR(size_of(inside_out(stair(1.6)), step_region).measured_mm, 1.6, 1e-12);
  EXPECT_NEAR(size_of(stair(-0.5), step_region).measured_mm, -0.5, 1e-12);  // the wrong way round
  auto region = step_region;
  region.region.axes.col(0) = Vector3::UnitY();  // a frame of its own
  region.region.axes.col(1) = -Vector3::UnitX();
  const auto turned = moved(stair(1.6), region.region.axes, Vector3::Zero());
  EXPECT_NEAR(size_of(turned, region).measured_mm, 1.6, 1e-12);
}

TEST(StepFit, IsMissingWhereOneSideIsNotThere) {
  EXPECT_EQ(reason_of(square(10.0, 0.0, 5, {-10, -5, 0}), step_region), "feature_missing");
}

// The wall of a cylinder along z, without ends, outward; the corners lie on it.
TriangleMesh wall(double diameter_mm, double length_mm, std::uint32_t around, double lobe_mm = 0.0) {
  TriangleMesh mesh;
  for (const double z : {-0.5 * length_mm, 0.0, 0.5 * length_mm})
    for (std::uint32_t i = 0; i < around; ++i) {
      const double angle = 2.0 * std::numbers::pi * i / around;
      const double r = 0.5 * diameter_mm + lobe_mm * std::cos(3.0 * angle);
      mesh.vertices_mm.emplace_back(r * std::cos(angle), r * std::sin(angle), z);
    }
  for (std::uint32_t ring = 0; ring < 2; ++ring)
    for (std::uint32_t i = 0; i < around; ++i) {
      const std::uint32_t a = ring * around + i, b = ring * around + (i + 1) % around;
      mesh.triangles.push_back({a, b, b + around});
      mesh.triangles.push_back({a, b + around, a + around});
    }
  return mesh;
}

TEST(GapFit, IsTheDistanceOfFacesThatLookAtEachOther) {
  const auto gap = feature(FeatureKind::gap, 2.0, {0, 0, 0}, {5, 5, 3});
  EXPECT_NEAR(size_of(inside_out(slab(2.3)), gap).measured_mm, 2.3, 1e-12);
  EXPECT_EQ(reason_of(square(20.0, 1.0, 4, {-10, -10, 0}), gap), "feature_missing");
}

TEST(RodFit, IsTheDiameterOfItsFlatsBetweenTheCircles) {
  // On a polygon of n sides within the circle of radius R the distance from the axis runs from R cos(pi / n)
  // to R.
  const auto rod = feature(FeatureKind::rod, 4.0, {0, 0, 0},
                           {3, 3, 7});  // all of the wall: a cut would add corners on the flats
  const auto size = size_of(wall(4.1, 12.0, 64), rod);
  EXPECT_LT(size.measured_mm, 4.1);
  EXPECT_GT(size.measured_mm, 4.1 * std::cos(std::numbers::pi / 64.0));
  EXPECT_NEAR(size.measured_mm + size.faceting_half_width_mm, 4.1, 1e-9);  // the corners lie on it
  // Turned, shifted in its region, and inside out.
  Random random(3);
  auto elsewhere = rod;
  elsewhere.region.axes = random.rotation();
  elsewhere.region.center_mm = {10, 20, 30};
  const auto there = moved(moved(wall(4.1, 12.0, 64), Matrix3::Identity(), {0.3, -0.2, 0.0}),
                           elsewhere.region.axes, {10, 20, 30});
  EXPECT_NEAR(size_of(there, elsewhere).measured_mm, size.measured_mm, 1e-9);
  EXPECT_NEAR(size_of(inside_out(wall(4.1, 12.0, 64)), rod).measured_mm, size.measured_mm, 1e-9);
}

TEST(RodFit, ConvergesWithTheSquareOfTheSidesAndShowsItsForm) {
  const auto rod = feature(FeatureKind::rod, 4.0, {0, 0, 0}, {3, 3, 4});
  const double coarse = 4.0 - size_of(wall(4.0, 12.0, 24), rod).measured_mm;
  const double fine = 4.0 - size_of(wall(4.0, 12.0, 48), rod).measured_mm;
  EXPECT_NEAR(coarse / fine, 4.0, 0.1);
  // Three lobes of 0.05 mm: a zone of 0.1 mm.
  EXPECT_NEAR(size_of(wall(4.0, 12.0, 180, 0.05), rod).form_error_mm, 0.1, 0.005);
}

TEST(HoleFit, TakesTheWallThatLooksAtItsAxis) {
  // A tube: its hole is the inner wall, although the outer one is in the region too.
  const auto tube = together(wall(6.0, 12.0, 96), inside_out(wall(4.0, 12.0, 96)));
  const auto hole = feature(FeatureKind::hole, 4.0, {0, 0, 0}, {4, 4, 4});
  EXPECT_NEAR(size_of(tube, hole).measured_mm, 4.0, 0.01);
  const auto rod = feature(FeatureKind::rod, 6.0, {0, 0, 0}, {4, 4, 4});
  EXPECT_NEAR(size_of(tube, rod).measured_mm, 6.0, 0.01);
  EXPECT_EQ(reason_of(square(20.0, 0.0, 4, {-10, -10, 0}), hole), "feature_missing");
}

TEST(ClippedSurface, KeepsExactlyTheAreaInTheRegion) {
  const OrientedBox3 region{.center_mm = {0.3, 0.1, 0.0}, .half_extent_mm = {1.5, 2.5, 1.0}};
  EXPECT_NEAR(area_mm2(clipped_to(square(20.0, 0.5, 9, {-10, -10, 0}), region)), 3.0 * 5.0, 1e-12);
  EXPECT_NEAR(area_mm2(clipped_to(square(20.0, 1.5, 9, {-10, -10, 0}), region)), 0.0, 1e-12);
  EXPECT_NEAR(area_mm2(clipped_to(square(20.0, 1.0, 9, {-10, -10, 0}), region)), 15.0, 1e-12);  // on its side
  EXPECT_NEAR(area_mm2(clipped_to(box({1, 1, 1}), region)), 6.0, 1e-12);
}

TEST(DimensionalFitFamilies, GiveAllSizesAndTheWorstError) {
  Trial trial;
  TargetTruth truth;
  truth.features = {plate_region, plate_region};
  truth.features[0].name = "first";
  truth.features[1].name = "second";
  truth.features[1].nominal_mm = 2.5;
  trial.truth.targets = {truth};
  Submission submission{.offers = {"surface"}};
  submission.stages.push_back({.name = "exported"});
  submission.stages[0].surfaces[1] = slab(2.1);
  trial.submissions = {submission};
  auto rows = plate_thickness_family().compute(trial, {});
  ASSERT_EQ(rows.size(), 2u);
  const auto sizes = std::get<std::vector<double>>(*rows[0].value);
  ASSERT_EQ(sizes.size(), 2u);
  EXPECT_NEAR(sizes[1], 2.1, 1e-12);
  EXPECT_NEAR(std::get<double>(*rows[1].value), -0.4, 1e-12);
  EXPECT_EQ(std::get<std::string>(rows[1].witnesses[0].second), "second");
  ASSERT_TRUE(rows[1].interval);

  trial.truth.targets[0].features[1].region.center_mm = {0, 0, 50};
  rows = plate_thickness_family().compute(trial, {});
  EXPECT_EQ(rows[0].reason, "feature_missing");
  EXPECT_EQ(rows[1].reason, "feature_missing");
  EXPECT_EQ(std::get<std::string>(rows[1].witnesses[0].second), "second");
  EXPECT_EQ(sphere_radius_family().compute(trial, {})[0].reason, "no_reference");

  trial.truth.targets[0].features = {whole_sphere(10.0)};
  trial.submissions[0].stages[0].surfaces[1] = icosphere(10.1, 4);
  rows = sphere_radius_family().compute(trial, {});
  EXPECT_NEAR(std::get<double>(*rows[0].value), 10.1, 0.01);
  EXPECT_NEAR(std::get<double>(*rows[1].value), 0.1, 0.01);
  trial.submissions[0].stages.clear();
  EXPECT_EQ(sphere_radius_family().compute(trial, {})[1].reason, "missing");
}

}  // namespace
}  // namespace meshassay::metrics
