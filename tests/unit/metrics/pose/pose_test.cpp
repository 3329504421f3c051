// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/pose/pose.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numbers>
#include <set>
#include <string>

#include "metrics/surface/surface_samples.hpp"
#include "tests/unit/metrics/known_shapes.hpp"

namespace meshassay::metrics {
namespace {

using namespace meshassay::test;

constexpr double degree = std::numbers::pi / 180.0;

// Three boxes of different sizes: no motion and no mirror brings them onto themselves.
TriangleMesh asymmetric() {
  return together(
      together(box({30.0, 8.0, 12.0}, {20.0, 30.0, 40.0}), box({6.0, 14.0, 9.0}, {9.0, 46.0, 38.0})),
      box({5.0, 5.0, 17.0}, {31.0, 31.0, 60.0}));
}

// Oblique, anisotropic, and the object is not in its middle.
Grid oblique() {
  Grid grid;
  grid.size = {90, 120, 40};
  grid.spacing_mm = {0.7, 0.5, 2.0};
  grid.origin_mm = {-5.0, 11.0, 3.0};
  grid.direction = (Eigen::AngleAxisd(0.3, Vector3(1, 2, 3).normalized())).toRotationMatrix();
  return grid;
}

template <typename Map>
TriangleMesh placed(TriangleMesh mesh, const Map& map) {
  for (auto& vertex : mesh.vertices_mm) vertex = map(vertex);
  return mesh;
}

// A program that looks up indices in the right grid and writes them through a wrong one.
std::function<Point3(const Point3&)> through(const Grid& right, const Grid& wrong) {
  return [=](const Point3& point) { return wrong.to_world(right.to_index(point)); };
}

Pose pose_of(const TriangleMesh& surface, const TargetTruth& truth, const std::optional<Grid>& grid) {
  const auto found = diagnose_pose(surface, truth, grid);
  EXPECT_TRUE(std::holds_alternative<Pose>(found));
  return std::get<Pose>(found);
}

struct NamedFault {
  std::string cause;
  std::function<Point3(const Point3&)> map;
};

// Each cause of the dictionary, in each way that programs are known to make it, written without the metric.
std::vector<NamedFault> faults_with(const Grid& grid) {
  std::vector<NamedFault> faults;
  faults.push_back({"lps_ras_flip", [](const Point3& p) { return Point3(-p.x(), -p.y(), p.z()); }});
  faults.push_back({"axis_flip_x", [](const Point3& p) { return Point3(-p.x(), p.y(), p.z()); }});
  faults.push_back({"axis_flip_y", [](const Point3& p) { return Point3(p.x(), -p.y(), p.z()); }});
  faults.push_back({"axis_flip_z", [](const Point3& p) { return Point3(p.x(), p.y(), -p.z()); }});
  for (int axis = 0; axis < 3; ++axis)
    faults.push_back({std::string("axis_flip_") + "xyz"[axis], [=](const Point3& p) {
                        Vector3 index = grid.to_index(p);
                        index[axis] = grid.size[static_cast<std::size_t>(axis)] - 1 - index[axis];
                        return grid.to_world(index);
                      }});
  faults.push_back({"axis_swap", [](const Point3& p) { return Point3(p.y(), p.x(), p.z()); }});
  faults.push_back({"axis_swap", [](const Point3& p) { return Point3(p.z(), p.y(), p.x()); }});
  faults.push_back({"axis_swap", [](const Point3& p) { return Point3(p.y(), p.z(), p.x()); }});
  faults.push_back({"axis_swap", [=](const Point3& p) {
                      const Vector3 index = grid.to_index(p);
                      return grid.to_world({index[1], index[0], index[2]});
                    }});
  faults.push_back({"half_voxel_shift", [=](const Point3& p) {
                      return grid.to_world(grid.to_index(p) + Vector3(0.5, 0.5, 0.5));
                    }});
  faults.push_back({"half_voxel_shift", [=](const Point3& p) {
                      return grid.to_world(grid.to_index(p) - Vector3(0.5, 0.5, 0.0));
                    }});
  faults.push_back({"half_voxel_shift", [=](const Point3& p) {
                      return grid.to_world(grid.to_index(p) + Vector3(0.0, 0.0, 0.5));
                    }});
  Grid wrong = grid;
  wrong.origin_mm.setZero();
  faults.push_back({"origin_ignored", through(grid, wrong)});
  wrong = grid;
  wrong.direction.setIdentity();
  faults.push_back({"direction_ignored", through(grid, wrong)});
  wrong.origin_mm.setZero();
  faults.push_back({"direction_ignored", through(grid, wrong)});
  wrong = grid;
  wrong.spacing_mm.setOnes();
  faults.push_back({"spacing_ignored", through(grid, wrong)});
  faults.push_back({"spacing_ignored", [=](const Point3& p) { return grid.to_index(p); }});
  for (const double thickness_mm : {1.5, 2.5, 5.0}) {
    wrong = grid;
    wrong.spacing_mm[2] = thickness_mm;
    faults.push_back({"slice_spacing_from_thickness", through(grid, wrong)});
  }
  faults.push_back({"unit_cm", [](const Point3& p) { return Point3(p / 10.0); }});
  faults.push_back({"unit_inch", [](const Point3& p) { return Point3(p / 25.4); }});
  faults.push_back({"unit_m", [](const Point3& p) { return Point3(p / 1000.0); }});
  faults.push_back({"mirrored", [](const Point3& p) { return Point3(-p); }});
  const Vector3 normal = Vector3(1.0, -2.0, 0.5).normalized();
  faults.push_back(
      {"mirrored", [=](const Point3& p) { return Point3(p - 2.0 * (normal.dot(p) - 7.0) * normal); }});
  return faults;
}

TEST(Pose, NamesTheCauseOfEveryFaultOnAnAsymmetricShape) {
  const Grid grid = oblique();
  const TargetTruth truth = truth_of(asymmetric());
  std::set<std::string> named;
  int number = 0;
  for (const auto& [cause, map] : faults_with(grid)) {
    SCOPED_TRACE(cause + ", fault " + std::to_string(number++));
    const Pose pose = pose_of(placed(asymmetric(), map), truth, grid);
    EXPECT_EQ(pose.cause, cause) << pose.how;
    EXPECT_LT(pose.rms_mended_mm, 1e-3);  // What the named map leaves is nothing but rounding.
    named.insert(pose.cause);
  }
  const auto& all = pose_cause_names();
  EXPECT_EQ(named, std::set<std::string>(all.begin(), all.end()));
}

// Written in metres a corner at 0, 0, 0 stays there and the rest shrinks onto it: a speck that is nowhere far
// from the truth. The other way round, in micrometres, hardly a point is near, and no cause has that name.
TEST(Pose, ASpeckOnTheTruthIsAUnitAndAGiantIsNotWhereItShouldBe) {
  const TriangleMesh corner = box({30.0, 20.0, 40.0}, {15.0, 10.0, 20.0});  // From 0, 0, 0.
  const TargetTruth truth = truth_of(corner);
  const auto scaled = [&](double factor) {
    return placed(corner, [=](const Point3& p) { return Point3(p * factor); });
  };
  const Pose metres = pose_of(scaled(0.001), truth, std::nullopt);
  EXPECT_EQ(metres.cause, "unit_m");
  ASSERT_TRUE(metres.scale);
  EXPECT_NEAR(metres.scale->value, 1000.0, 1e-6);
  EXPECT_EQ(pose_of(scaled(0.1), truth, std::nullopt).cause, "unit_cm");
  EXPECT_EQ(pose_of(scaled(1.0 / 25.4), truth, std::nullopt).cause, "unit_inch");
  EXPECT_EQ(pose_of(scaled(1000.0), truth, std::nullopt).cause, "unexplained");
  EXPECT_EQ(pose_of(corner, truth, std::nullopt).cause, "none");
}

TEST(Pose, NamesItOnAnUprightGridAndANoisySurfaceToo) {
  Grid grid = oblique();
  grid.direction.setIdentity();
  grid.spacing_mm = {0.5, 0.5, 1.25};
  const TargetTruth truth = truth_of(asymmetric());
  Random random(7);
  // Finer triangles, so that the noise has many places: a fifth of a voxel, uniform to both sides, and a
  // bias.
  const auto noisy = [&](TriangleMesh mesh) {
    for (auto& vertex : mesh.vertices_mm) vertex += random.point(0.1) + 0.02 * vertex.normalized();
    return mesh;
  };
  TriangleMesh fine;
  const TriangleMesh coarse = asymmetric();
  for (std::size_t t = 0; t < coarse.triangles.size(); ++t) {
    constexpr std::uint32_t parts = 5;
    const auto first = static_cast<std::uint32_t>(fine.vertices_mm.size());
    const auto at = [&](std::uint32_t i, std::uint32_t j) { return first + i * (2 * parts + 3 - i) / 2 + j; };
    for (std::uint32_t i = 0; i <= parts; ++i)
      for (std::uint32_t j = 0; i + j <= parts; ++j)
        fine.vertices_mm.push_back(coarse.corner(t, 0) +
                                   (coarse.corner(t, 1) - coarse.corner(t, 0)) * i / parts +
                                   (coarse.corner(t, 2) - coarse.corner(t, 0)) * j / parts);
    for (std::uint32_t i = 0; i < parts; ++i)
      for (std::uint32_t j = 0; i + j < parts; ++j) {
        fine.triangles.push_back({at(i, j), at(i + 1, j), at(i, j + 1)});
        if (i + j + 1 < parts) fine.triangles.push_back({at(i + 1, j), at(i + 1, j + 1), at(i, j + 1)});
      }
  }
  for (const auto& [cause, map] : faults_with(grid)) {
    if (cause == "direction_ignored") continue;  // Nothing to ignore.
    EXPECT_EQ(pose_of(placed(noisy(fine), map), truth, grid).cause, cause);
  }
  EXPECT_EQ(pose_of(noisy(fine), truth, grid).cause, "none");
}

TEST(Pose, IsNoneOnGoodSurfacesAndSaysWhatTheShapeHides) {
  const Pose good = pose_of(asymmetric(), truth_of(asymmetric()), oblique());
  EXPECT_EQ(good.cause, "none");
  EXPECT_TRUE(good.candidates.empty());
  EXPECT_LT(good.shift_mm->value, 1e-6);
  EXPECT_LT(good.rotation_deg->value, 1e-4);  // The arc cosine of 1 - 1e-16 is 1e-8, 6e-7 degrees.
  EXPECT_NEAR(good.scale->value, 1.0, 1e-8);
  // Without a scan there are fewer faults to think of, and the same answer.
  EXPECT_EQ(pose_of(asymmetric(), truth_of(asymmetric()), std::nullopt).cause, "none");

  // About the origin a ball looks the same from everywhere.
  const Pose ball = pose_of(icosphere(10.0, 5), truth_of(sphere(10.0)), std::nullopt);
  EXPECT_EQ(ball.cause, "none");
  EXPECT_EQ(ball.candidates, (std::vector<std::string>{"lps_ras_flip", "axis_flip_x", "axis_flip_y",
                                                       "axis_flip_z", "axis_swap", "mirrored"}));
}

TEST(Pose, IsAmbiguousWhereSymmetryHidesWhich) {
  // A ball at x = 30: x negated, x and y negated, all negated are one.
  const Point3 center(30.0, 0.0, 0.0);
  const Pose ball = pose_of(icosphere(10.0, 5, -center), truth_of(sphere(10.0, center)), std::nullopt);
  EXPECT_EQ(ball.cause, "ambiguous");
  EXPECT_EQ(ball.candidates, (std::vector<std::string>{"lps_ras_flip", "axis_flip_x", "mirrored"}));
  // A box off the origin along x and z: a flip of y changes nothing.
  const auto plain = box({20.0, 8.0, 6.0}, {40.0, 0.0, 25.0});
  const Pose flipped =
      pose_of(moved(plain, Vector3(-1, 1, 1).asDiagonal(), Vector3::Zero()), truth_of(plain), std::nullopt);
  EXPECT_EQ(flipped.cause, "ambiguous");
  EXPECT_EQ(flipped.candidates, (std::vector<std::string>{"lps_ras_flip", "axis_flip_x"}));
}

TEST(Pose, MotionsThatTheShapeDoesNotShowAreUndefined) {
  const Pose ball = pose_of(icosphere(10.0, 5, {0.0, 0.0, 3.0}), truth_of(sphere(10.0)), std::nullopt);
  EXPECT_EQ(ball.cause, "unexplained");
  EXPECT_FALSE(ball.rotation_deg);
  ASSERT_TRUE(ball.shift_mm);
  // The points are of facets, which lie up to 10 * (edge / 10)^2 / 8 = 0.015 mm inside, all round alike.
  EXPECT_NEAR(ball.shift_mm->value, 3.0, 0.01);
  EXPECT_NEAR(ball.scale->value, 1.0, 0.002);
}

TEST(Pose, GivesShiftRotationAndScaleOfAKnownMotion) {
  // Turned by 25 degrees about the centroid, grown by 4 %, shifted by (4, -6, 12), that is by 14 mm.
  const TriangleMesh truth = asymmetric();
  const auto samples = surface_samples(truth, 200000);
  Point3 centroid = Point3::Zero();
  for (const auto& sample : samples) centroid += sample.point_mm / static_cast<double>(samples.size());
  const Matrix3 turn = 1.04 * Eigen::AngleAxisd(25.0 * degree, Vector3(2, -1, 2) / 3.0).toRotationMatrix();
  const Vector3 shift(4.0, -6.0, 12.0);
  const auto placed_mesh =
      placed(truth, [&](const Point3& p) { return centroid + shift + turn * (p - centroid); });
  const Pose pose = pose_of(placed_mesh, truth_of(truth), oblique());
  EXPECT_EQ(pose.cause, "unexplained");
  // The centroid of 1500 points is that of the surface within a tenth of a millimetre; it turns and grows.
  EXPECT_NEAR(pose.shift_mm->value, 14.0, 0.1);
  EXPECT_NEAR(pose.rotation_deg->value, 25.0, 1e-3);
  EXPECT_NEAR(pose.scale->value, 1.0 / 1.04, 1e-5);
  EXPECT_FALSE(pose.is_mirrored);
  // Mirrored in x and turned by 5 degrees about that axis: the turn is what is left beside the mirror.
  const Matrix3 mirror =
      Eigen::AngleAxisd(5.0 * degree, Vector3::UnitX()).toRotationMatrix() * Vector3(-1, 1, 1).asDiagonal();
  const Pose image = pose_of(moved(truth, mirror, Vector3::Zero()), truth_of(truth), oblique());
  EXPECT_TRUE(image.is_mirrored);
  EXPECT_EQ(image.cause, "mirrored");
  EXPECT_NEAR(image.rotation_deg->value, 5.0, 1e-3);
}

TEST(Pose, AFalsePartFarAwayDoesNotHideTheCause) {
  const Grid grid = oblique();
  const auto surface = together(asymmetric(), box({6.0, 6.0, 6.0}, {60.0, 80.0, 20.0}));
  EXPECT_EQ(pose_of(surface, truth_of(asymmetric()), grid).cause, "none");
  const Vector3 half = grid.direction * (0.5 * grid.spacing_mm);
  EXPECT_EQ(pose_of(moved(surface, Matrix3::Identity(), half), truth_of(asymmetric()), grid).cause,
            "half_voxel_shift");
}

TEST(PoseFamily, GivesFourRowsATargetAndReasons) {
  Trial trial;
  trial.truth.targets = {truth_of(asymmetric())};
  trial.scan_grid = oblique();
  Submission submission{.offers = {"surface"}};
  submission.stages.push_back({.name = "exported"});
  submission.stages[0].surfaces[1] = moved(asymmetric(), 0.1 * Matrix3::Identity(), Vector3::Zero());
  trial.submissions = {submission};
  auto rows = pose_family().compute(trial, {});
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(std::get<std::string>(*rows[3].value), "unit_cm");
  EXPECT_NEAR(std::get<double>(*rows[2].value), 10.0, 1e-6);
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(rows[i].interval) << rows[i].metric;
    EXPECT_LE(rows[i].interval->lo, std::get<double>(*rows[i].value));
  }
  // In micrometres no point is near the truth, which is no matter of the shape.
  trial.submissions[0].stages[0].surfaces[1] =
      moved(asymmetric(), 1000.0 * Matrix3::Identity(), Vector3::Zero());
  rows = pose_family().compute(trial, {});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(rows[i].reason, "not_converged") << rows[i].metric;
  EXPECT_EQ(std::get<std::string>(*rows[3].value), "unexplained");
  trial.truth.targets = {TargetTruth{}};
  for (const auto& row : pose_family().compute(trial, {})) EXPECT_EQ(row.reason, "no_reference");
  trial.truth.targets = {truth_of(sphere(10.0))};
  trial.submissions[0].stages[0].surfaces[1] = TriangleMesh{};
  for (const auto& row : pose_family().compute(trial, {})) EXPECT_EQ(row.reason, "test_empty");
}

TEST(SurfaceSamples, AreSpreadByArea) {
  // A box of 1 x 2 x 4: faces of 8, 4 and 2 mm2 twice; each has its share of 2800 points to within one a
  // triangle.
  const Vector3 size(1.0, 2.0, 4.0);
  const auto samples = surface_samples(box(size), 2800, 5);
  ASSERT_EQ(samples.size(), 2800U);
  std::array<int, 3> seen = {0, 0, 0};
  for (const auto& sample : samples)
    for (int a = 0; a < 3; ++a)
      if (std::abs(sample.normal[a]) > 0.5) {
        ++seen[a];
        EXPECT_NEAR(std::abs(sample.point_mm[a]), 0.5 * size[a], 1e-12);
      }
  EXPECT_NEAR(seen[0], 1600, 4);
  EXPECT_NEAR(seen[1], 800, 4);
  EXPECT_NEAR(seen[2], 400, 4);
}

}  // namespace
}  // namespace meshassay::metrics
