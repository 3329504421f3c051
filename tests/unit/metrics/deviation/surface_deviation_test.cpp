// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/deviation/surface_deviation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numbers>

#include "core/errors.hpp"
#include "tests/unit/metrics/known_shapes.hpp"

namespace meshassay::metrics {
namespace {

using namespace meshassay::test;

bool holds(const Interval& interval, double value) { return interval.lo <= value && value <= interval.hi; }

#define EXPECT_HOLDS(enclosed, expected)              \
  EXPECT_TRUE(holds((enclosed).interval(), expected)) \
      << "expected " << (expected) << " in [" << (enclosed).ruler.lo << ", " << (enclosed).ruler.hi << "]"

// Distances of a flat-faceted sphere to a concentric one: the farthest points of a facet are its corners, at
// the circumscribed radius; the nearest of all is the centre of the largest facet's circumcircle, where that
// lies in the facet (icosphere facets are acute).
double smallest_radius(const TriangleMesh& mesh) {
  double least = 1e300;
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t)
    least = std::min(least, std::abs(mesh.corner(t, 0).dot(area_vector_mm2(mesh, t).normalized())));
  return least;
}

TEST(SurfaceDeviation, OfConcentricSpheresIsTheGapBetweenTheRadii) {
  const auto mesh = icosphere(11.0, 5);
  const auto d = surface_deviation(mesh, truth_of(sphere(10.0)));
  const double least = smallest_radius(mesh) - 10.0;  // 0.996: level-5 facets sag by 0.004 mm at 11 mm
  EXPECT_GT(least, 0.995);
  EXPECT_GT(d.bias_mm->value, least);
  EXPECT_LT(d.bias_mm->value, 1.0);
  EXPECT_LE(d.bias_mm->ruler.width(), 0.01 * 1.0);
  EXPECT_TRUE(d.bias_mm->rigorous);
  EXPECT_HOLDS(d.max_test_to_truth.distance_mm, 1.0);  // the vertices, exactly
  EXPECT_NEAR(d.max_test_to_truth.distance_mm.value, 1.0, 1e-12);
  EXPECT_LE(d.max_test_to_truth.distance_mm.ruler.width(), 0.001 + 1e-9);
  EXPECT_GE(d.rms_mm.value, d.bias_mm->value);  // Jensen
  EXPECT_FALSE(d.max_truth_to_test);            // the truth has no mesh here
}

TEST(SurfaceDeviation, OfASmallerSphereIsNegativeAndItsMaximumIsAtAFacetCentre) {
  const auto mesh = icosphere(9.0, 3);
  const auto d = surface_deviation(mesh, truth_of(sphere(10.0)), {.width_mm = 1e-6});
  EXPECT_LT(d.bias_mm->value, -1.0);
  EXPECT_HOLDS(d.max_test_to_truth.distance_mm, 10.0 - smallest_radius(mesh));
  EXPECT_LE(d.max_test_to_truth.distance_mm.ruler.width(), 0.0011);  // 0.1 % of 1.05
}

TEST(SurfaceDeviation, OfAShiftedSphereHasTheMomentsOfTheCosine) {
  // Points of a sphere of radius R about (0, 0, s) are at distance sqrt(R^2 + s^2 + 2 R s c) from the origin,
  // with c uniform in [-1, 1]. The mean is ((R+s)^3 - (R-s)^3) / (6 R s) = R + s^2 / (3R), so
  //   bias = s^2 / (3R),  mean of squares = R^2 + s^2 - 2R (R + s^2/(3R)) + R^2 = s^2 / 3,
  //   rms = s / sqrt(3),  max = s; |delta| <= d on all but a polar cap: p95 about 0.95 s.
  const double radius = 10.0, s = 0.5;
  const auto d =
      surface_deviation(icosphere(radius, 6, {0, 0, s}), truth_of(sphere(radius)), {.width_mm = 1e-4});
  const double sag = 0.0011;  // of level-6 facets: edge about 0.17 mm, l^2 / (6R) = 0.0005 mm, largest 0.0008
  EXPECT_NEAR(d.bias_mm->value, s * s / (3.0 * radius), sag);
  EXPECT_NEAR(d.rms_mm.value, s / std::sqrt(3.0), sag);
  EXPECT_NEAR(d.mean_abs_mm.value, 0.5 * s, 0.002);  // mean of s|c| and second order s^2/R * small
  EXPECT_NEAR(d.sd_mm->value, std::sqrt(s * s / 3.0 - std::pow(s * s / (3.0 * radius), 2)), sag);
  EXPECT_NEAR(d.percentile_mm.value, 0.95 * s, 0.005);
  EXPECT_NEAR(d.max_test_to_truth.distance_mm.value, s, sag);
}

TEST(SurfaceDeviation, OfAShiftedSphereHasTheShiftAsHausdorffDistance) {
  auto truth = truth_of(sphere(10.0));
  truth.surface = icosphere(10.0, 5);
  truth.surface_chordal_error_mm = 10.0 - smallest_radius(*truth.surface);
  const auto d = surface_deviation(icosphere(10.0, 5, {0.3, 0, 0}), truth);
  EXPECT_HOLDS(*d.hausdorff_mm, 0.3);
  EXPECT_LT(d.hausdorff_mm->interval().width(), 2.0 * truth.surface_chordal_error_mm + 0.01);
}

TEST(SurfaceDeviation, OfParallelPlatesIsExact) {
  const auto plate = square(20.0, 1.25, 3);
  const auto d = surface_deviation(plate, truth_of(half_space(1.0)));
  for (const Enclosed& value :
       {*d.bias_mm, d.mean_abs_mm, d.rms_mm, d.percentile_mm, d.max_test_to_truth.distance_mm}) {
    EXPECT_NEAR(value.value, 0.25, 1e-12);
    EXPECT_LT(value.ruler.width(), 1e-10);
  }
  EXPECT_NEAR(d.sd_mm->value, 0.0, 1e-12);
  // A square of 10 mm centred over one of 20 mm, 0.25 mm above: from below, the corner is farthest.
  const auto both_ways =
      surface_deviation(square(10.0, 0.25, 2, {5, 5, 0}), truth_of(square(20.0, 0.0, 5)), {.width_mm = 1e-6});
  EXPECT_HOLDS(both_ways.max_test_to_truth.distance_mm, 0.25);
  EXPECT_HOLDS(both_ways.max_truth_to_test->distance_mm, std::sqrt(25.0 + 25.0 + 0.0625));
  EXPECT_FALSE(both_ways.bias_mm) << "an open reference has no inside";
}

TEST(SurfaceDeviation, OfATiltedPlateIsThatOfAUniformDistribution) {
  // delta = 0.1 (x - 7) on x in [0, 20], up to the factor of area, which is the same everywhere:
  // uniform on [-0.7, 1.3]: mean 0.3, rms^2 = 0.09 + 4/12, mean|delta| = (0.49 + 1.69)/2/2 = 0.545,
  // p95 of |delta|: above 0.7 only the upper part counts: 1.3 - 0.05 * 2 = 1.2.
  auto plate = square(20.0, 0.0, 7);
  for (auto& v : plate.vertices_mm) v[2] = 0.1 * (v[0] - 7.0);
  const auto d = surface_deviation(plate, truth_of(half_space(0.0)));
  EXPECT_NEAR(d.bias_mm->value, 0.3, 1e-12);
  EXPECT_NEAR(d.rms_mm.value, std::sqrt(0.09 + 4.0 / 12.0), 1e-12);
  EXPECT_NEAR(d.sd_mm->value, 2.0 / std::sqrt(12.0), 1e-12);
  EXPECT_NEAR(d.mean_abs_mm.value, 0.545, 1e-12);
  EXPECT_NEAR(d.percentile_mm.value, 1.2, 1e-10);
  EXPECT_NEAR(d.max_test_to_truth.distance_mm.value, 1.3, 1e-12);
}

TEST(SurfaceDeviation, OfASurfaceToItselfIsZero) {
  const auto mesh = bumpy_sphere(10.0, 2.0, 3, 1);
  const auto d = surface_deviation(mesh, truth_of(mesh), {.width_mm = 2e-11});
  EXPECT_NEAR(d.bias_mm->value, 0.0, 1e-12);
  EXPECT_LT(d.rms_mm.interval().hi, 1e-10);
  EXPECT_LT(d.percentile_mm.interval().hi, 1e-10);
  EXPECT_LT(d.hausdorff_mm->interval().hi, 1e-10);
  EXPECT_LT(d.rms_truth_to_test_mm->interval().hi, 1e-10);
}

TEST(SurfaceDeviation, SwapsItsDirectionsAndKeepsTheHausdorffDistance) {
  const auto a = bumpy_sphere(10.0, 1.0, 3, 2), b = bumpy_sphere(10.5, 1.0, 3, 3);
  const auto ab = surface_deviation(a, truth_of(b)), ba = surface_deviation(b, truth_of(a));
  const auto overlap = [](const Interval& x, const Interval& y) { return x.lo <= y.hi && y.lo <= x.hi; };
  EXPECT_TRUE(overlap(ab.hausdorff_mm->ruler, ba.hausdorff_mm->ruler));
  EXPECT_TRUE(overlap(ab.max_test_to_truth.distance_mm.ruler, ba.max_truth_to_test->distance_mm.ruler));
  EXPECT_TRUE(overlap(ab.rms_mm.ruler, ba.rms_truth_to_test_mm->ruler));
}

TEST(SurfaceDeviation, DoesNotChangeWhenBothMoveAndScalesWithBoth) {
  const auto test = bumpy_sphere(10.0, 1.0, 3, 4), truth = bumpy_sphere(10.2, 0.8, 3, 5);
  const auto before = surface_deviation(test, truth_of(truth));
  Random random(6);
  const Matrix3 rotation = random.rotation();
  const auto after = surface_deviation(moved(test, rotation, {100, -50, 20}),
                                       truth_of(moved(truth, rotation, {100, -50, 20})));
  // The same cells, but for ties between edges that rounding may decide otherwise.
  EXPECT_NEAR(after.bias_mm->value, before.bias_mm->value, 1e-4);
  EXPECT_NEAR(after.hausdorff_mm->value, before.hausdorff_mm->value, 1e-3);
  const auto scaled = surface_deviation(moved(test, 2.0 * Matrix3::Identity(), Vector3::Zero()),
                                        truth_of(moved(truth, 2.0 * Matrix3::Identity(), Vector3::Zero())),
                                        {.width_mm = 0.002});
  EXPECT_NEAR(scaled.bias_mm->value, 2.0 * before.bias_mm->value, 1e-12);  // times 2 is exact
  EXPECT_NEAR(scaled.rms_mm.value, 2.0 * before.rms_mm.value, 1e-12);
  EXPECT_NEAR(scaled.hausdorff_mm->value, 2.0 * before.hausdorff_mm->value, 1e-12);
}

TEST(SurfaceDeviation, DoesNotSeeTheOrientationOfTheTest) {
  const auto mesh = bumpy_sphere(10.0, 0.5, 3, 7);
  auto truth = truth_of(sphere(10.0));
  truth.surface = icosphere(10.0, 3);
  const auto outward = surface_deviation(mesh, truth), inward = surface_deviation(inside_out(mesh), truth);
  EXPECT_NEAR(inward.bias_mm->value, outward.bias_mm->value, 1e-6);
  EXPECT_NEAR(inward.rms_mm.value, outward.rms_mm.value, 1e-6);
  EXPECT_NEAR(inward.hausdorff_mm->value, outward.hausdorff_mm->value, 1e-3);
  EXPECT_NEAR(inward.rms_truth_to_test_mm->value, outward.rms_truth_to_test_mm->value, 1e-3);
}

TEST(SurfaceDeviation, TurnsAReferenceThatIsInsideOut) {
  const auto test = icosphere(10.5, 3);
  EXPECT_GT(surface_deviation(test, truth_of(icosphere(10.0, 3))).bias_mm->value, 0.4);
  EXPECT_GT(surface_deviation(test, truth_of(inside_out(icosphere(10.0, 3)))).bias_mm->value, 0.4);
}

TEST(SurfaceDeviation, SeesAMissingHalfFromTheTruthOnly) {
  const auto whole = icosphere(10.0, 4);
  auto half = whole;
  std::erase_if(half.triangles, [&](const Triangle& t) {
    return whole.vertices_mm[t[0]][2] + whole.vertices_mm[t[1]][2] + whole.vertices_mm[t[2]][2] < 0.0;
  });
  const auto d = surface_deviation(half, truth_of(whole));
  EXPECT_NEAR(d.max_test_to_truth.distance_mm.value, 0.0, 1e-12);
  EXPECT_LE(d.max_test_to_truth.distance_mm.interval().hi, 0.001 + 1e-9);  // the default width
  // From the pole to the rim at the equator: R sqrt(2); the rim wavers by less than an edge, 0.7 mm.
  EXPECT_NEAR(d.max_truth_to_test->distance_mm.value, 10.0 * std::sqrt(2.0), 0.7);
  EXPECT_LT(d.max_truth_to_test->place_mm[2], -9.0);
  EXPECT_GT(d.rms_truth_to_test_mm->value, 1.0);
}

TEST(SurfaceDeviation, AgreesBetweenAMeshAndAnImplicitTruth) {
  const auto test = bumpy_sphere(10.0, 1.0, 4, 8);
  auto mesh_truth = truth_of(icosphere(10.0, 5));
  mesh_truth.surface_chordal_error_mm = 10.0 - smallest_radius(*mesh_truth.surface);
  const auto by_mesh = surface_deviation(test, mesh_truth);
  const auto by_implicit = surface_deviation(test, truth_of(sphere(10.0)));
  EXPECT_HOLDS(*by_mesh.bias_mm, by_implicit.bias_mm->value);
  EXPECT_HOLDS(by_mesh.rms_mm, by_implicit.rms_mm.value);
  EXPECT_HOLDS(by_mesh.mean_abs_mm, by_implicit.mean_abs_mm.value);
  EXPECT_HOLDS(*by_mesh.sd_mm, by_implicit.sd_mm->value);
  EXPECT_HOLDS(by_mesh.percentile_mm, by_implicit.percentile_mm.value);
  EXPECT_HOLDS(by_mesh.max_test_to_truth.distance_mm, by_implicit.max_test_to_truth.distance_mm.value);
}

// Distances at the centroids of each triangle cut into n^2 equal ones, ascending, with their weights.
struct BruteForce {
  double bias = 0.0, rms = 0.0, mean_abs = 0.0, largest = 0.0, p95 = 0.0, spacing_mm = 0.0;
};
template <typename Distance>
BruteForce brute_force(const TriangleMesh& mesh, int n, Distance distance) {
  std::vector<std::pair<double, double>> samples;
  BruteForce result;
  double area = 0.0;
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
    const double weight = area_vector_mm2(mesh, t).norm() / (n * n);
    const Point3& a = mesh.corner(t, 0);
    const Vector3 u = (mesh.corner(t, 1) - a) / n, v = (mesh.corner(t, 2) - a) / n;
    result.spacing_mm = std::max({result.spacing_mm, u.norm(), v.norm()});
    for (int i = 0; i < n; ++i)
      for (int j = 0; i + j < n; ++j)
        for (int upper = 0; upper < (i + j + 1 < n ? 2 : 1); ++upper) {
          const double third = upper ? 2.0 / 3.0 : 1.0 / 3.0;
          const double d = distance((a + (i + third) * u + (j + third) * v).eval());
          samples.emplace_back(std::abs(d), weight);
          area += weight;
          result.bias += weight * d;
          result.rms += weight * d * d;
          result.mean_abs += weight * std::abs(d);
          result.largest = std::max(result.largest, std::abs(d));
        }
  }
  std::sort(samples.begin(), samples.end());
  double below = 0.0;
  for (const auto& [d, weight] : samples) {
    below += weight;
    result.p95 = d;
    if (below >= 0.95 * area) break;
  }
  result.bias /= area;
  result.mean_abs /= area;
  result.rms = std::sqrt(result.rms / area);
  return result;
}

class SurfaceDeviationLaws : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(SurfaceDeviationLaws, EnclosuresHoldWhatAMuchFinerSamplingFinds) {
  const auto test = bumpy_sphere(10.0, 2.0, 2, GetParam());
  const auto truth = sphere(9.7, {0.2, -0.1, 0.3});
  const auto d = surface_deviation(test, truth_of(truth));
  const auto brute = brute_force(test, 30, truth.signed_distance_mm);
  // The sampling's own error: h^2 / (24 R) for means with h = 6 / 30 mm, half of h for the largest; the
  // percentile by area: a fortieth of a cell.
  const double error = brute.spacing_mm * brute.spacing_mm / (12.0 * 7.0);
  const auto near = [](const Interval& interval, double value, double slack) {
    return interval.lo - slack <= value && value <= interval.hi + slack;
  };
  EXPECT_TRUE(near(d.bias_mm->ruler, brute.bias, error));
  EXPECT_TRUE(near(d.rms_mm.ruler, brute.rms, error));
  EXPECT_TRUE(near(d.mean_abs_mm.ruler, brute.mean_abs, error));
  EXPECT_TRUE(near(d.percentile_mm.ruler, brute.p95, 10.0 * error));
  EXPECT_GE(d.max_test_to_truth.distance_mm.ruler.hi, brute.largest);
  EXPECT_LE(d.max_test_to_truth.distance_mm.ruler.lo, brute.largest + brute.spacing_mm);
  EXPECT_LE(d.bias_mm->ruler.width(), std::max(0.001, 0.01 * std::abs(d.bias_mm->value)) + 1e-9);
}

TEST_P(SurfaceDeviationLaws, MeshExtremesHoldWhatAnotherDistanceFindsTriangleByTriangle) {
  // Second opinion: no tree and no CGAL, each sample against every triangle.
  const auto test = bumpy_sphere(10.0, 2.0, 2, GetParam() + 100),
             truth = bumpy_sphere(10.0, 2.0, 2, GetParam());
  const auto d = surface_deviation(test, truth_of(truth));
  const auto to_truth = [&](const Point3& p) {
    double least = 1e300;
    for (std::size_t t = 0; t < truth.triangles.size(); ++t)
      least = std::min(
          least,
          (p - nearest_on_triangle(p, truth.corner(t, 0), truth.corner(t, 1), truth.corner(t, 2)).point_mm)
              .norm());
    return least;
  };
  const auto brute = brute_force(test, 6, to_truth);
  EXPECT_GE(d.max_test_to_truth.distance_mm.ruler.hi, brute.largest);
  EXPECT_LE(d.max_test_to_truth.distance_mm.ruler.lo, brute.largest + brute.spacing_mm);
  EXPECT_LE(d.max_test_to_truth.distance_mm.ruler.width(),
            std::max(0.001, 0.001 * d.max_test_to_truth.distance_mm.value) + 1e-9);
  EXPECT_NEAR(d.rms_mm.value, brute.rms, 0.01);
  EXPECT_NEAR(d.mean_abs_mm.value, brute.mean_abs, 0.01);
  EXPECT_NEAR(d.percentile_mm.value, brute.p95, 0.03);
}

INSTANTIATE_TEST_SUITE_P(Seeds, SurfaceDeviationLaws, ::testing::Range<std::uint64_t>(0, 5));

TEST(SurfaceDeviation, IsTheSameTwice) {
  const auto test = bumpy_sphere(10.0, 1.0, 3, 9), truth = bumpy_sphere(10.0, 1.0, 3, 10);
  const auto once = surface_deviation(test, truth_of(truth)),
             again = surface_deviation(test, truth_of(truth));
  EXPECT_EQ(once.bias_mm->value, again.bias_mm->value);
  EXPECT_EQ(once.percentile_mm.ruler, again.percentile_mm.ruler);
  EXPECT_EQ(once.hausdorff_mm->ruler, again.hausdorff_mm->ruler);
  EXPECT_EQ(once.max_truth_to_test->place_mm, again.max_truth_to_test->place_mm);
}

TEST(SurfaceDeviation, SeesASpikeWithoutAreaInTheExtremesOnly) {
  auto mesh = icosphere(10.0, 3);
  mesh.vertices_mm.push_back(2.0 * mesh.vertices_mm[0]);  // 10 mm above a vertex
  const auto tip = static_cast<std::uint32_t>(mesh.vertices_mm.size() - 1);
  mesh.triangles.push_back({0, tip, 0});
  const auto d = surface_deviation(mesh, truth_of(sphere(10.0)));
  EXPECT_HOLDS(d.max_test_to_truth.distance_mm, 10.0);
  EXPECT_LT(d.rms_mm.value, 0.1);
}

TEST(SurfaceDeviation, KnowsTheExtremesAlsoWhereTwoTessellationsLieAcrossEachOther) {
  // The hard case: every cell lies over several triangles, all of them about as near.
  Random random(13);
  const auto mesh = icosphere(10.0, 3);
  const auto d = surface_deviation(moved(mesh, random.rotation(), Vector3::Zero()), truth_of(mesh));
  EXPECT_LE(d.max_test_to_truth.distance_mm.ruler.width(), 0.001 + 1e-9);
  EXPECT_LE(d.max_truth_to_test->distance_mm.ruler.width(), 0.001 + 1e-9);
  // Between two polyhedra that both lie between the sphere and the largest sag.
  EXPECT_LE(d.hausdorff_mm->value, 10.0 - smallest_radius(mesh));
}

TEST(SurfaceDeviation, CarriesTheTruthsOwnUncertainty) {
  auto truth = truth_of(sphere(10.0));
  truth.implicit->uncertainty_mm = 0.02;
  const auto d = surface_deviation(icosphere(10.0, 4), truth);
  EXPECT_DOUBLE_EQ(d.bias_mm->interval().width(), d.bias_mm->ruler.width() + 0.04);
  EXPECT_EQ(d.rms_mm.interval(0.0).lo, 0.0);
}

TEST(SurfaceDeviation, RefusesWhatCannotBeMeasured) {
  EXPECT_THROW(surface_deviation(TriangleMesh{}, truth_of(sphere(10.0))), InvalidInput);
  EXPECT_THROW(surface_deviation(icosphere(10.0, 1), TargetTruth{}), InvalidInput);
  auto broken = icosphere(10.0, 1);
  broken.vertices_mm[0][1] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(surface_deviation(broken, truth_of(sphere(10.0))), InvalidInput);
  broken = icosphere(10.0, 1);
  broken.triangles[3][1] = 4000;
  EXPECT_THROW(surface_deviation(broken, truth_of(sphere(10.0))), InvalidInput);
}

TEST(SurfaceDeviationFamily, GivesARowAMetricWithIntervalsAndPlaces) {
  Trial trial;
  trial.truth.targets = {truth_of(sphere(10.0))};
  trial.truth.targets[0].surface = icosphere(10.0, 4);
  Submission submission{.offers = {"surface"}};
  submission.stages.push_back({.name = "exported"});
  submission.stages[0].surfaces[1] = icosphere(10.2, 4);
  trial.submissions = {submission};
  const auto& family = surface_deviation_family();
  const MetricRequest request{"", resolve_parameters(family.parameters, {}, "test")};
  const auto rows = family.compute(trial, request);
  ASSERT_EQ(rows.size(), family.metrics.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].metric, family.metrics[i].id);
    ASSERT_TRUE(rows[i].value);
    ASSERT_TRUE(rows[i].interval);
    EXPECT_TRUE(holds(*rows[i].interval, std::get<double>(*rows[i].value)));
    EXPECT_EQ(rows[i].stage, "exported");
  }
  EXPECT_EQ(rows[0].interval_kind, IntervalKind::enclosure);
  EXPECT_EQ(rows[8].interval_kind, IntervalKind::enclosure);
  EXPECT_EQ(rows[8].sources[0].name, "quadrature");
  EXPECT_EQ(rows[5].witnesses.at(0).first, "place_mm");

  trial.submissions[0].stages[0].surfaces[1] = TriangleMesh{};
  EXPECT_EQ(family.compute(trial, request)[0].reason, "test_empty");
  trial.submissions[0].stages.clear();
  EXPECT_EQ(family.compute(trial, request)[0].reason, "missing");
  trial.truth.targets[0].implicit.reset();
  trial.truth.targets[0].surface.reset();
  EXPECT_EQ(family.compute(trial, request)[0].reason, "no_reference");
}

TEST(SurfaceDeviationFamily, SaysThatAnOpenReferenceHasNoInside) {
  Trial trial;
  trial.truth.targets = {truth_of(square(10.0, 0.0, 2))};
  Submission submission{.offers = {"surface"}};
  submission.stages.push_back({.name = "exported"});
  submission.stages[0].surfaces[1] = square(10.0, 0.5, 2);
  trial.submissions = {submission};
  const auto& family = surface_deviation_family();
  const auto rows = family.compute(trial, {"", resolve_parameters(family.parameters, {}, "test")});
  EXPECT_EQ(rows[0].reason, "reference_not_closed");
  EXPECT_EQ(rows[3].reason, "reference_not_closed");
  EXPECT_NEAR(std::get<double>(*rows[2].value), 0.5, 1e-12);
}

}  // namespace
}  // namespace meshassay::metrics
