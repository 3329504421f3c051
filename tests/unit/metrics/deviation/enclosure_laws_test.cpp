// SPDX-License-Identifier: GPL-3.0-or-later
// An enclosure holds what a ten times finer computation finds, every time: on random small pairs of meshes,
// plateaus and concentric spheres among them. MESHASSAY_TRIALS=100000 runs as many as are wanted; by default
// a sample.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <string>

#include "metrics/deviation/completeness.hpp"
#include "metrics/deviation/farthest_point.hpp"
#include "metrics/deviation/surface_deviation.hpp"
#include "tests/unit/metrics/known_shapes.hpp"

namespace meshassay::metrics {
namespace {

using namespace meshassay::test;

int trials() {
  const char* given = std::getenv("MESHASSAY_TRIALS");
  return given ? std::atoi(given) : 150;
}

TriangleMesh tetrahedron(Random& random) {
  TriangleMesh mesh;
  for (int i = 0; i < 4; ++i) mesh.vertices_mm.push_back(random.point(2.0));
  mesh.triangles = {{0, 2, 1}, {0, 1, 3}, {0, 3, 2}, {1, 2, 3}};
  return mesh;
}

struct Pair {
  TriangleMesh a, b;
};

// Of every kind that is hard: crossing, apart, parallel, concentric, equal but for a small move.
Pair pair_of(int trial, Random& random) {
  const Matrix3 turned = random.rotation();
  switch (trial % 6) {
    case 0: return {tetrahedron(random), tetrahedron(random)};
    case 1: {
      const Vector3 size = Vector3::Constant(1.5) + random.point(1.0);
      return {moved(box(size), turned, random.point(0.5)), box({2.0, 1.0, 1.5})};
    }
    case 2:  // A plateau: parallel squares, cut differently.
      return {square(2.0, random.uniform(0.1, 1.0), 2),
              moved(square(2.0, 0.0, 3), Matrix3::Identity(), {random.uniform(-0.1, 0.1), 0.05, 0.0})};
    case 3:  // A plateau all around.
      return {moved(icosphere(2.0 + random.uniform(0.05, 0.5), 0), turned, Vector3::Zero()),
              icosphere(2.0, 1)};
    case 4: {
      const auto mesh = tetrahedron(random);
      return {moved(mesh, Matrix3::Identity(), random.point(0.05)), mesh};
    }
    default: return {tetrahedron(random), moved(tetrahedron(random), turned, random.point(4.0))};
  }
}

// The true value lies somewhere in the finer interval (a maximum's is all above its value): the two have to
// meet.
void expect_holds(const Enclosed& coarse, const Enclosed& fine, const std::string& what) {
  EXPECT_LE(coarse.ruler.lo, fine.ruler.hi + 1e-12) << what;
  EXPECT_GE(coarse.ruler.hi, fine.ruler.lo - 1e-12) << what;
}

double brute_force_distance(const Point3& p, const TriangleMesh& mesh) {
  double least = 1e300;
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t)
    least = std::min(
        least, (p - nearest_on_triangle(p, mesh.corner(t, 0), mesh.corner(t, 1), mesh.corner(t, 2)).point_mm)
                   .norm());
  return least;
}

// Largest distance at the points of a grid on each triangle: below the true one, and near it.
double sampled_maximum(const TriangleMesh& a, const TriangleMesh& b, int steps) {
  double greatest = 0.0;
  for (std::size_t t = 0; t < a.triangles.size(); ++t)
    for (int i = 0; i <= steps; ++i)
      for (int j = 0; i + j <= steps; ++j) {
        const double u = double(i) / steps, v = double(j) / steps;
        greatest = std::max(greatest,
                            brute_force_distance(
                                (1.0 - u - v) * a.corner(t, 0) + u * a.corner(t, 1) + v * a.corner(t, 2), b));
      }
  return greatest;
}

TEST(EnclosureLaws, AnEnclosureHoldsTheValueOfATenTimesFinerComputation) {
  const SurfaceDeviationOptions coarse{.width_mm = 0.05,
                                       .relative_width_of_means = 0.0,
                                       .relative_width_of_extremes = 0.0,
                                       .max_bisections_mesh = 300};
  SurfaceDeviationOptions fine = coarse;
  fine.width_mm = 0.005;
  fine.max_bisections_mesh = 3000;
  int rigorous = 0;
  const int count = trials();
  for (int trial = 0; trial < count && !HasFailure(); ++trial) {
    Random random(static_cast<std::uint64_t>(trial) + 1);
    const auto [a, b] = pair_of(trial, random);
    const std::string name = "trial " + std::to_string(trial);
    const auto wide = surface_deviation(a, truth_of(b), coarse);
    const auto narrow = surface_deviation(a, truth_of(b), fine);
    expect_holds(*wide.hausdorff_mm, *narrow.hausdorff_mm, name + ": hausdorff");
    expect_holds(wide.max_test_to_truth.distance_mm, narrow.max_test_to_truth.distance_mm, name + ": max");
    EXPECT_GE(wide.max_test_to_truth.distance_mm.ruler.hi + 1e-12, sampled_maximum(a, b, 8)) << name;
    EXPECT_GE(wide.max_truth_to_test->distance_mm.ruler.hi + 1e-12, sampled_maximum(b, a, 4)) << name;
    if (!wide.rms_mm.rigorous) continue;  // An estimate promises less.
    ++rigorous;
    expect_holds(wide.rms_mm, narrow.rms_mm, name + ": rms");
    expect_holds(wide.mean_abs_mm, narrow.mean_abs_mm, name + ": mean_abs");
    expect_holds(wide.percentile_mm, narrow.percentile_mm, name + ": p95");
    if (!wide.bias_mm) continue;
    expect_holds(*wide.bias_mm, *narrow.bias_mm, name + ": bias");
    expect_holds(*wide.sd_mm, *narrow.sd_mm, name + ": sd");
  }
  EXPECT_GT(rigorous, count / 2) << "too few of the means are enclosed for this to say anything";
}

TEST(EnclosureLaws, OfAPlateauHoldTheClosedForm) {
  // The smaller square lies over the larger one: every point of it is at the same distance.
  for (const double height_mm : {1e-6, 0.013, 0.7}) {
    const auto d =
        surface_deviation(square(2.0, height_mm, 3, {0.5, 0.5, 0.0}), truth_of(square(3.0, 0.0, 4)));
    for (const Enclosed& value :
         {d.mean_abs_mm, d.rms_mm, d.percentile_mm, d.max_test_to_truth.distance_mm}) {
      EXPECT_TRUE(value.rigorous);
      EXPECT_LE(value.ruler.lo, height_mm);
      EXPECT_GE(value.ruler.hi, height_mm);
      EXPECT_LE(value.ruler.width(), 0.001 + 1e-9);
    }
  }
}

// The saboteur of the laws: an interval that is a little too narrow is noticed.
TEST(EnclosureLaws, AnIntervalThatIsTooNarrowIsNoticed) {
  int missed = 0;
  for (int trial = 0; trial < 300; ++trial) {
    Random random(static_cast<std::uint64_t>(trial) + 1);
    const auto [a, b] = pair_of(trial, random);
    const auto narrow =
        farthest_point(a, MeshDistance(b), {.width_mm = 1e-4, .relative_width = 0.0, .max_bisections = 3000});
    // Vertices alone, without a bound of what lies between them.
    double at_vertices = 0.0;
    for (const auto& vertex : a.vertices_mm)
      at_vertices = std::max(at_vertices, brute_force_distance(vertex, b));
    missed += at_vertices < narrow.distance_mm.ruler.lo;
  }
  EXPECT_GT(missed, 3);
}

}  // namespace
}  // namespace meshassay::metrics
