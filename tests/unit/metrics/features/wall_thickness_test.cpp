// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/features/wall_thickness.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "tests/unit/metrics/known_shapes.hpp"

namespace meshassay::metrics {
namespace {

using namespace meshassay::test;

WallThickness thickness_of(const TriangleMesh& mesh) {
  const auto found = wall_thickness(MeshDistance(mesh), {.starts = 3000});
  EXPECT_TRUE(std::holds_alternative<WallThickness>(found));
  return std::get<WallThickness>(found);
}

// A closed tube along z, `around` sides, outward.
TriangleMesh tube(double outer_mm, double inner_mm, double length_mm, std::uint32_t around) {
  TriangleMesh mesh;
  for (const double z : {0.0, length_mm})
    for (const double r : {outer_mm, inner_mm})
      for (std::uint32_t i = 0; i < around; ++i) {
        const double angle = 2.0 * std::numbers::pi * i / around;
        mesh.vertices_mm.emplace_back(r * std::cos(angle), r * std::sin(angle), z);
      }
  const auto quad = [&](std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
    mesh.triangles.push_back({a, b, c});
    mesh.triangles.push_back({a, c, d});
  };
  for (std::uint32_t i = 0; i < around; ++i) {
    const std::uint32_t j = (i + 1) % around, n = around;
    quad(i, j, 2 * n + j, 2 * n + i);                  // outer wall
    quad(n + j, n + i, 3 * n + i, 3 * n + j);          // inner wall
    quad(j, i, n + i, n + j);                          // bottom ring
    quad(2 * n + i, 2 * n + j, 3 * n + j, 3 * n + i);  // top ring
  }
  return mesh;
}

TEST(WallThickness, OfAPlateIsItsThickness) {
  const auto found = thickness_of(box({20.0, 15.0, 1.3}));
  EXPECT_NEAR(found.diameter_mm, 1.3, found.half_width_mm);
  EXPECT_LT(found.half_width_mm, 1e-5);
  EXPECT_NEAR(found.center_mm[2], 0.0, 1e-5);
}

TEST(WallThickness, OfACubeIsItsSideAlthoughItsEdgesAreSharp) {
  EXPECT_NEAR(thickness_of(box({4.0, 4.0, 4.0})).diameter_mm, 4.0, 1e-4);
}

// A single place of a face reaches the other one; whether a start lies near it is a matter of the diagonals
// and of the turn. A cube of sides 10, 10, 10.5 has its least ball between the nearer faces.
TEST(WallThickness, OfACubeIsItsSideHoweverItsFacesAreCut) {
  const auto exchanged = [](TriangleMesh mesh) {
    // The other diagonal of each face: triangles come in pairs a b c, a c d.
    for (std::size_t t = 0; t + 1 < mesh.triangles.size(); t += 2) {
      const auto first = mesh.triangles[t], second = mesh.triangles[t + 1];
      mesh.triangles[t] = {first[0], first[1], second[2]};
      mesh.triangles[t + 1] = {first[1], first[2], second[2]};
    }
    return mesh;
  };
  for (const double height_mm : {10.0, 10.5})
    for (const bool other_diagonal : {false, true})
      for (const double turn : {0.0, 0.4}) {
        SCOPED_TRACE(testing::Message() << height_mm << " mm, " << other_diagonal << ", turned by " << turn);
        const auto cube = box({10.0, 10.0, height_mm}, {3.1, -7.3, 2.2});
        const auto mesh =
            moved(other_diagonal ? exchanged(cube) : cube,
                  Eigen::AngleAxisd(turn, Vector3(1, 2, 3).normalized()).toRotationMatrix(), Vector3::Zero());
        const auto found = thickness_of(mesh);
        EXPECT_NEAR(found.diameter_mm, 10.0, 1e-3);
      }
}

TEST(WallThickness, OfATubeIsItsWall) {
  // Flats of 48 sides: parallel, (4 - 3) cos(pi / 48) apart.
  const auto found = thickness_of(tube(4.0, 3.0, 10.0, 48));
  EXPECT_NEAR(found.diameter_mm, std::cos(std::numbers::pi / 48.0), 2e-5);
}

TEST(WallThickness, OfABallIsItsDiameterHoweverFineItsFacets) {
  // A ball of radius r that starts on a facet at the distance p from the middle, e beside the foot of the
  // middle, and that touches a facet at the distance q whose normal is turned by a: its centre lies at (p -
  // r, e) along and across the first normal, and q - (p - r) cos a - e sin a = r. So r is a mean of p and q
  // less at most e sin a / (1 - cos a), which is e sin(150 degrees) / (1 - cos(150 degrees)) = 0.27 e. No
  // point of a facet is farther beside than its corners, which lie on the sphere of 7 mm.
  for (const int levels : {3, 4}) {
    const auto ball = icosphere(7.0, levels);
    double least_mm = 7.0;
    for (std::size_t t = 0; t < ball.triangles.size(); ++t)
      least_mm = std::min(least_mm, area_vector_mm2(ball, t).normalized().dot(ball.corner(t, 0)));
    const double beside_mm = std::sqrt(49.0 - least_mm * least_mm);
    const auto found = thickness_of(ball);
    EXPECT_LE(found.diameter_mm, 14.0) << levels;
    EXPECT_GE(found.diameter_mm, 2.0 * (least_mm - 0.27 * beside_mm)) << levels;
    // By as much as it sticks out, and no ball sticks out by more than a hundredth of its radius.
    EXPECT_LE(found.half_width_mm, 0.15) << levels;
  }
}

TEST(WallThickness, OfAThinFinOnAThickBallIsThatOfTheFin) {
  // The ball's diameter is 140 times the fin's thickness; starts are asked for small balls everywhere.
  const auto found = thickness_of(together(icosphere(7.0, 5), box({0.6, 0.6, 0.1}, {9.0, 0.0, 0.0})));
  EXPECT_NEAR(found.diameter_mm, 0.1, 1e-5);
  EXPECT_NEAR(found.center_mm[0], 9.0, 0.3);
}

TEST(WallThickness, FindsTheThinnestPlaceWhereverTheSolidIs) {
  // A wedge of trapezia: 1 mm thick at one end, 3 mm at the other, over 20 mm: its faces are 5.7 degrees from
  // parallel. A ball that touches both near the thin end and stays inside touches the end wall too: of radius
  // r, with half the opening angle a: tan a = 0.05, the end at 1 / (2 tan a) = 10 mm from the apex, its
  // centre at 10 + r, and r = (10 + r) sin a, so 2 r = 20 sin a / (1 - sin a) = 1.0513 mm.
  auto wedge = box({20.0, 10.0, 2.0});
  for (auto& vertex : wedge.vertices_mm) vertex[2] *= vertex[0] < 0.0 ? 0.5 : 1.5;
  const double sine = std::sin(std::atan(0.05));
  const double expected = 20.0 * sine / (1.0 - sine);
  const auto found = thickness_of(wedge);
  EXPECT_NEAR(found.diameter_mm, expected, 0.005);
  EXPECT_LE(std::abs(found.diameter_mm - expected), found.half_width_mm + 0.005);
  Random random(8);
  const auto elsewhere = thickness_of(moved(wedge, random.rotation(), {40.0, -20.0, 70.0}));
  EXPECT_NEAR(elsewhere.diameter_mm, found.diameter_mm, 1e-5);
  EXPECT_NEAR(thickness_of(moved(wedge, 3.0 * Matrix3::Identity(), Vector3::Zero())).diameter_mm,
              3.0 * found.diameter_mm, 1e-5);
}

TEST(WallThickness, DoesNotSeeWhichWayTheSurfaceIsTurnedAndSeesBetweenParts) {
  EXPECT_NEAR(thickness_of(inside_out(box({9.0, 9.0, 0.7}))).diameter_mm, 0.7, 1e-5);
  // Two plates a hair apart: the gap is not material.
  const auto plates = together(box({9.0, 9.0, 2.0}), box({9.0, 9.0, 2.0}, {0.0, 0.0, 2.1}));
  EXPECT_NEAR(thickness_of(plates).diameter_mm, 2.0, 1e-5);
}

TEST(WallThickness, IsUndefinedWithoutFacingWallsOrAnInside) {
  TriangleMesh tetrahedron;  // Its faces' normals are 109.5 degrees apart.
  tetrahedron.vertices_mm = {{1, 1, 1}, {1, -1, -1}, {-1, 1, -1}, {-1, -1, 1}};
  tetrahedron.triangles = {{0, 1, 2}, {0, 3, 1}, {0, 2, 3}, {1, 3, 2}};
  EXPECT_EQ(std::get<Undefined>(wall_thickness(MeshDistance(tetrahedron))).reason, "rank_deficient");
  EXPECT_EQ(std::get<Undefined>(wall_thickness(MeshDistance(square(3.0, 0.0, 2)))).reason, "not_closed");
}

TEST(WallThicknessFamily, GivesThePlaceOfTheBall) {
  Trial trial;
  trial.truth.targets.emplace_back();
  Submission submission{.offers = {"surface"}};
  submission.stages.push_back({.name = "exported"});
  submission.stages[0].surfaces[1] = box({9.0, 9.0, 2.0}, {0.0, 0.0, 5.0});
  trial.submissions = {submission};
  const auto rows = wall_thickness_family().compute(trial, {});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_NEAR(std::get<double>(*rows[0].value), 2.0, 1e-5);
  EXPECT_NEAR(std::get<std::vector<double>>(rows[0].witnesses.at(0).second)[2], 5.0, 1e-5);
}

}  // namespace
}  // namespace meshassay::metrics
