// SPDX-License-Identifier: GPL-3.0-or-later
#include "phantoms/scan/scan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <oneapi/tbb/global_control.h>

#include <cmath>
#include <numbers>

#include "core/errors.hpp"
#include "phantoms/scan/blur.hpp"
#include "phantoms/solids/box_union.hpp"
#include "tests/unit/phantoms/test_phantoms.hpp"

namespace meshassay::phantoms {
namespace {

using List = std::vector<double>;
using testing::AllOf;
using testing::HasSubstr;
constexpr double pi = std::numbers::pi;

Phantom phantom_of(const std::string& id, const Parameters& parameters = {}) {
  return make_phantom(find_phantom(id, "test"), parameters, "test");
}

Parameters resolved(const Parameters& given) { return resolve_parameters(scan_parameters(), given, "test"); }

CtVolume scanned(const Phantom& phantom, const Parameters& given, std::uint64_t seed = 0) {
  return scan(phantom, {.parameters = resolved(given), .seed = seed});
}

std::string refusal(const Phantom& phantom, const Parameters& given) {
  try {
    (void)scan_grid(phantom, resolved(given));
  } catch (const InvalidInput& error) {
    return error.what();
  }
  return "not refused";
}

/// What add_spread() makes of a contrast of one: the mean over each voxel of the blurred inside.
Image<float> blurred_voxel_fractions(const ImplicitSurface& surface, const Grid& grid, double sigma_mm,
                                     double tolerance) {
  const Vector3& s = grid.spacing_mm;
  Image<float> fractions(grid);
  add_spread(fractions, surface, 1.0,
             {.spread = {.in_plane = {{.along = {AxisSpread{s[0], sigma_mm}, AxisSpread{s[1], sigma_mm}}}},
                         .slice = {s[2], sigma_mm}},
              .tolerance = tolerance});
  return fractions;
}

/// Integral of the normal distribution's function: u Phi(u / sigma) + sigma phi(u / sigma).
double integral_of_step(double u, double sigma) {
  return 0.5 * u * std::erfc(-u / (sigma * std::numbers::sqrt2)) +
         sigma / std::sqrt(2.0 * pi) * std::exp(-0.5 * u * u / (sigma * sigma));
}

/// Mean over [x - s/2, x + s/2] of the blurred indicator of [low, high].
double blurred_interval(double low, double high, double sigma, double x, double s) {
  const auto step = [&](double edge) {
    return (integral_of_step(x + 0.5 * s - edge, sigma) - integral_of_step(x - 0.5 * s - edge, sigma)) / s;
  };
  return step(low) - step(high);
}

/// A ball of radius R convolved with a Gaussian, at the distance r from its centre.
double blurred_ball(double radius, double sigma, double r) {
  const double root2 = std::numbers::sqrt2;
  const auto bell = [&](double x) { return std::exp(-0.5 * x * x / (sigma * sigma)); };
  return 0.5 * (std::erf((radius - r) / (root2 * sigma)) + std::erf((radius + r) / (root2 * sigma))) -
         sigma / (r * std::sqrt(2.0 * pi)) * (bell(radius - r) - bell(radius + r));
}

/// Mean of the blurred ball over a voxel's box by Gauss's rule with four points an axis: exact to 1e-6 for
/// boxes that are not much larger than sigma.
double blurred_ball_in_voxel(const Grid& grid, const Vector3& index, const Point3& center, double radius,
                             double sigma) {
  constexpr double nodes[4] = {-0.8611363115940526, -0.3399810435848563, 0.3399810435848563,
                               0.8611363115940526};
  constexpr double weights[4] = {0.3478548451374538, 0.6521451548625461, 0.6521451548625461,
                                 0.3478548451374538};
  double sum = 0.0;
  for (int a = 0; a < 4; ++a)
    for (int b = 0; b < 4; ++b)
      for (int c = 0; c < 4; ++c) {
        const Point3 p = grid.to_world(index + 0.5 * Vector3(nodes[a], nodes[b], nodes[c]));
        sum += weights[a] * weights[b] * weights[c] / 8.0 * blurred_ball(radius, sigma, (p - center).norm());
      }
  return sum;
}

template <typename Visit>
void for_each_voxel(const Grid& grid, const Visit& visit) {
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i) visit(i, j, k);
}

TEST(ScanGrid, HoldsEveryPhantomWithItsMarginInAnyPose) {
  Draw draw(41);
  for (const auto& named : phantoms_under_test()) {
    const Phantom phantom = named.make();
    for (int n = 0; n < 10; ++n) {
      const Parameters parameters = resolved(
          {{"spacing_mm", List{draw.between(0.3, 2), draw.between(0.3, 2), draw.between(0.3, 4)}},
           {"rotation_deg", List{draw.between(-180, 180), draw.between(-180, 180), draw.between(-180, 180)}},
           {"phase", List{draw.between(0, 1), draw.between(0, 1), draw.between(0, 1)}},
           {"margin_mm", 2.0},
           {"blur_fwhm_mm", 0.5}});
      const Grid grid = scan_grid(phantom, parameters);
      EXPECT_LT((grid.direction.transpose() * grid.direction - Matrix3::Identity()).norm(), 1e-14);
      EXPECT_NEAR(grid.direction.determinant(), 1.0, 1e-14);
      const Box3 bounds = bounds_mm(phantom);
      for (int corner = 0; corner < 8; ++corner) {
        const Point3 p = {(corner & 1 ? bounds.max_mm : bounds.min_mm)[0],
                          (corner & 2 ? bounds.max_mm : bounds.min_mm)[1],
                          (corner & 4 ? bounds.max_mm : bounds.min_mm)[2]};
        const Vector3 index = grid.to_index(p);
        for (int axis = 0; axis < 3; ++axis) {
          const double margin = 2.5 / grid.spacing_mm[axis] - 1e-9;
          EXPECT_GE(index[axis] + 0.5, margin);
          EXPECT_LE(index[axis] + 0.5, grid.size[static_cast<std::size_t>(axis)] - margin);
        }
      }
    }
  }
}

TEST(ScanGrid, PutsAVoxelCentreAtTheMiddlePlusThePhase) {
  const Phantom phantom = phantom_of("sphere");
  const Grid grid =
      scan_grid(phantom, resolved({{"spacing_mm", List{0.5, 0.6, 2.0}}, {"phase", List{0.25, 0.0, 0.5}}}));
  const Vector3 index = grid.to_index(bounds_mm(phantom).center_mm());
  // The middle lies 0.25, 0 and 0.5 voxels before the centre of the voxel.
  EXPECT_NEAR(index[0] - std::round(index[0] + 0.25), -0.25, 1e-12);
  EXPECT_NEAR(index[1] - std::round(index[1]), 0.0, 1e-12);
  EXPECT_NEAR(index[2] - std::round(index[2] + 0.5), -0.5, 1e-12);
}

TEST(ScanGrid, TurnsAboutFixedAxesAndQuarterTurnsAreExact) {
  const Phantom phantom = phantom_of("sphere");
  const auto direction = [&](double x, double y, double z) {
    return scan_grid(phantom, resolved({{"rotation_deg", List{x, y, z}}})).direction;
  };
  Matrix3 quarter_about_z;
  quarter_about_z << 0, -1, 0, 1, 0, 0, 0, 0, 1;
  EXPECT_EQ(direction(0, 0, 90), quarter_about_z);
  EXPECT_EQ(direction(0, 0, -270), quarter_about_z);
  EXPECT_EQ(direction(0, 0, 0), Matrix3::Identity().eval());
  // x by 90 takes y to z; then z by 90 leaves it there. In the other order y would go to -x.
  EXPECT_EQ(direction(90, 0, 90) * Vector3::UnitY(), Vector3::UnitZ().eval());
  const Matrix3 expected =
      (Eigen::AngleAxisd(0.3, Vector3::UnitZ()) * Eigen::AngleAxisd(0.2, Vector3::UnitY()) *
       Eigen::AngleAxisd(0.1, Vector3::UnitX()))
          .toRotationMatrix();
  EXPECT_LT((direction(0.1 * 180 / pi, 0.2 * 180 / pi, 0.3 * 180 / pi) - expected).norm(), 1e-14);
}

TEST(ScanGrid, RefusesBadParametersAndScansThatAreTooLarge) {
  const Phantom phantom = phantom_of("sphere", {{"radius_mm", 100.0}});
  EXPECT_THAT(refusal(phantom, {{"spacing_mm", List{0.1, 0.1, 0.1}}}),
              AllOf(HasSubstr("2^31"), HasSubstr("0.1x0.1x0.1"), HasSubstr("larger spacing_mm")));
  EXPECT_THAT(refusal(phantom, {{"spacing_mm", List{0.0, 1.0, 1.0}}}),
              AllOf(HasSubstr("spacing_mm"), HasSubstr("between 0.02 and 20"), HasSubstr("0x1x1")));
  EXPECT_THAT(refusal(phantom, {{"spacing_mm", List{1.0, 1.0}}}), HasSubstr("an array of 3 numbers"));
  EXPECT_THAT(refusal(phantom, {{"blur_fwhm", 1.0}}), HasSubstr("did you mean 'blur_fwhm_mm'"));
  EXPECT_THAT(refusal(phantom, {{"noise_hu", -1.0}}), HasSubstr("between 0 and 10000"));
  EXPECT_THAT(refusal(phantom, {{"model", std::string("projections")}}), HasSubstr("one of image"));
  EXPECT_THAT(refusal(phantom, {{"partial_volume_tolerance", 0.0}}), HasSubstr("between 1e-06 and 0.1"));
}

TEST(Scan, MixesTheMaterialsByPartialVolumeAndRounds) {
  const Phantom phantom =
      phantom_of("sphere", {{"hu", 500.0}, {"background_hu", -100.0}, {"radius_mm", 3.0}});
  const CtVolume ct = scanned(phantom, {{"spacing_mm", List{0.7, 0.7, 1.5}}});
  const CtVolume unrounded = scanned(phantom, {{"spacing_mm", List{0.7, 0.7, 1.5}}, {"quantise", false}});
  const auto fractions = partial_volume(*phantom.targets[0].truth.implicit, ct.hu.grid, 2.5e-4);
  double sum = 0.0;
  for (std::size_t voxel = 0; voxel < ct.hu.values.size(); ++voxel) {
    EXPECT_NEAR(unrounded.hu.values[voxel], -100.0 + 600.0 * fractions.values[voxel],
                1e-3);  // float's digits.
    EXPECT_EQ(ct.hu.values[voxel], std::round(unrounded.hu.values[voxel]));
    sum += (unrounded.hu.values[voxel] + 100.0) / 600.0;
  }
  const double volume = 4.0 / 3.0 * pi * 27.0;
  EXPECT_NEAR(sum * ct.hu.grid.voxel_volume_mm3(), volume, 1e-3 * volume);
  EXPECT_EQ(ct.acquisition.modality, "CT");
  EXPECT_EQ(ct.acquisition.slice_thickness_mm, 1.5);
  EXPECT_EQ(ct.hu.values.front(), -100.0F);
}

TEST(Scan, AddsUpSeveralTargets) {
  Phantom phantom = phantom_of("sphere", {{"radius_mm", 3.0}});
  Phantom other = phantom_of("sphere", {{"radius_mm", 2.0}});
  // A second ball 10 mm along x.
  const ImplicitSurface moved = *other.targets[0].truth.implicit;
  const Vector3 shift = {10.0, 0.0, 0.0};
  other.targets[0].truth.implicit = ImplicitSurface{
      .signed_distance_mm = [=](const Point3& p) { return moved.signed_distance_mm(p - shift); },
      .gradient = [=](const Point3& p) { return moved.gradient(p - shift); },
      .flatness_mm = [=](const Point3& p, double r) { return moved.flatness_mm(p - shift, r); },
      .bounds_mm = {.min_mm = moved.bounds_mm.min_mm + shift, .max_mm = moved.bounds_mm.max_mm + shift}};
  other.targets[0].truth.label = 2;
  other.targets[0].hu = 300.0;
  phantom.targets.push_back(other.targets[0]);
  const CtVolume ct = scanned(phantom, {{"spacing_mm", List{1.0, 1.0, 1.0}}});
  const Truth truth = truth_of(phantom, ct.hu.grid);
  EXPECT_EQ(truth.targets.size(), 2u);
  int labelled[3] = {};
  for_each_voxel(ct.hu.grid, [&](int i, int j, int k) {
    const Point3 p = ct.hu.grid.to_world({double(i), double(j), double(k)});
    const double first = phantom.targets[0].truth.implicit->signed_distance_mm(p);
    const double second = moved.signed_distance_mm(p - shift);
    if (first < -0.87) {
      EXPECT_EQ(ct.hu.at(i, j, k), 1000.0F);
    }
    if (second < -0.87) {
      EXPECT_EQ(ct.hu.at(i, j, k), 300.0F);
    }
    if (first > 0.87 && second > 0.87) {
      EXPECT_EQ(ct.hu.at(i, j, k), -1000.0F);
    }
    EXPECT_EQ(truth.mask->at(i, j, k), first <= 0.0 ? 1 : second <= 0.0 ? 2 : 0);
    ++labelled[truth.mask->at(i, j, k)];
  });
  EXPECT_GT(labelled[1], 50);
  EXPECT_GT(labelled[2], 10);
}

TEST(Blur, OfABoxIsTheProductOfThreeErrorIntegralsOnAnAnisotropicGrid) {
  // The Gaussian is separable, and so are a box and a voxel: the closed form holds in every voxel, rims and
  // corners too.
  const Box3 box{.min_mm = {-2.13, -1.57, -3.01}, .max_mm = {1.94, 2.22, 2.63}};
  const auto surface = implicit_surface(BoxUnion(std::vector{box}));
  const double tolerance = 2.5e-4;
  for (const double sigma : {0.25, 0.425, 0.85}) {
    const Grid grid = grid_around(grown(box, 4.0), {0.5, 0.6, 2.0}, Matrix3::Identity());
    const auto fractions = blurred_voxel_fractions(surface, grid, sigma, tolerance);
    double worst = 0.0;
    for_each_voxel(grid, [&](int i, int j, int k) {
      const Point3 p = grid.to_world({double(i), double(j), double(k)});
      double exact = 1.0;
      for (int axis = 0; axis < 3; ++axis)
        exact *= blurred_interval(box.min_mm[axis], box.max_mm[axis], sigma, p[axis], grid.spacing_mm[axis]);
      worst = std::max(worst, std::abs(fractions.at(i, j, k) - exact));
    });
    // Partial volumes within the tolerance, sampling within the tolerance along each of the three axes at
    // once.
    EXPECT_LT(worst, 2.0 * tolerance) << sigma;
  }
}

TEST(Blur, OfAThinPlateIsTheErrorIntegralAcrossIt) {
  // A plate thinner than the blur, wide enough that its rims are 12 sigma away from the middle column.
  const Box3 box{.min_mm = {-0.31, -6.0, -6.0}, .max_mm = {0.24, 6.0, 6.0}};
  const auto surface = implicit_surface(BoxUnion(std::vector{box}));
  const double sigma = 0.5;
  const Grid grid = grid_around(grown(box, 3.0), {0.4, 1.0, 1.0}, Matrix3::Identity());
  const auto fractions = blurred_voxel_fractions(surface, grid, sigma, 2.5e-4);
  for (int i = 0; i < grid.size[0]; ++i) {
    const double x = grid.to_world({double(i), 0, 0})[0];
    EXPECT_NEAR(fractions.at(i, grid.size[1] / 2, grid.size[2] / 2),
                blurred_interval(-0.31, 0.24, sigma, x, 0.4), 5e-4);
  }
}

TEST(Blur, OfASphereIsItsClosedFormInAnyPose) {
  Draw draw(42);
  for (const Vector3& spacing : {Vector3(0.5, 0.5, 0.5), Vector3(0.5, 0.6, 1.0)}) {
    const double radius = 4.0;
    const double sigma = 0.425;
    const Phantom phantom = phantom_of("sphere", {{"radius_mm", radius}});
    const auto& surface = *phantom.targets[0].truth.implicit;
    const Grid grid = grid_around(grown(surface.bounds_mm, 1.0), spacing, draw.rotation());
    const auto fractions = blurred_voxel_fractions(surface, grid, sigma, 2.5e-4);
    double worst = 0.0;
    for_each_voxel(grid, [&](int i, int j, int k) {
      const double exact = blurred_ball_in_voxel(grid, {double(i), double(j), double(k)},
                                                 surface.bounds_mm.center_mm(), radius, sigma);
      worst = std::max(worst, std::abs(fractions.at(i, j, k) - exact));
    });
    EXPECT_LT(worst, 5e-4);  // As for the box.
  }
}

TEST(Blur, MovesTheHalfMaximumOfASphereInwardsBySigmaSquaredOverR) {
  // At r = R the closed form is 1/2 - sigma / (R sqrt(2 pi)), and its slope -1 / (sigma sqrt(2 pi)): the half
  // maximum is at R - sigma^2 / R to first order. Blur and scan must reproduce it: the scan's line through
  // the centre is inverted.
  const double radius = 10.0;
  const double sigma = 1.0 / 2.354820045;
  const Phantom phantom = phantom_of("sphere", {{"radius_mm", radius}});
  const CtVolume ct = scanned(phantom, {{"spacing_mm", List{0.1, 0.5, 0.5}},
                                        {"phase", List{0.0, 0.0, 0.0}},
                                        {"blur_fwhm_mm", 1.0},
                                        {"quantise", false}});
  const Grid& grid = ct.hu.grid;
  const int j = grid.size[1] / 2;
  const int k = grid.size[2] / 2;
  double crossing = 0.0;
  for (int i = grid.size[0] / 2; i + 1 < grid.size[0]; ++i) {
    const double here = ct.hu.at(i, j, k);
    const double next = ct.hu.at(i + 1, j, k);
    if (here >= 0.0 && next < 0.0)  // Half way between -1000 and 1000.
      crossing = grid.to_world({i + here / (here - next), double(j), double(k)})[0] -
                 bounds_mm(phantom).center_mm()[0];
  }
  // The voxel's own box, 0.5 mm wide across the line, adds its share: the mean of (y^2 + z^2) / (2 R) over it
  // is 2 (0.5^2 / 12) / (2 R) = 0.0021 mm inwards. Second order terms and linear interpolation are below
  // 0.001.
  EXPECT_NEAR(crossing, radius - sigma * sigma / radius - 0.0021, 0.001);
}

TEST(Blur, KeepsTheVolume) {
  const Phantom phantom = phantom_of("step_wedge", {{"steps_mm", List{1.0, 2.0}}, {"depth_mm", 8.0}});
  const auto& truth = phantom.targets[0].truth;
  const Grid grid = grid_around(grown(truth.implicit->bounds_mm, 3.0), {0.8, 0.7, 1.5}, Draw(43).rotation());
  const auto fractions = blurred_voxel_fractions(*truth.implicit, grid, 0.5, 1e-3);
  double sum = 0.0;
  for (const double fraction : fractions.values) sum += fraction;
  // The grid ends six sigma away; errors of the two signs cancel.
  EXPECT_NEAR(sum * grid.voxel_volume_mm3(), truth.volume_mm3->value, 1e-4 * truth.volume_mm3->value);
}

TEST(Blur, RefusesOneThatIsFarTooSmallForTheVoxels) {
  const Phantom phantom = phantom_of("sphere");
  try {
    (void)scanned(phantom, {{"spacing_mm", List{2.0, 2.0, 2.0}}, {"blur_fwhm_mm", 1e-3}});
    FAIL() << "not refused";
  } catch (const InvalidInput& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("too small"), HasSubstr("blur_fwhm_mm")));
  }
}

TEST(Noise, OfAScanHasItsStandardDeviationAndNoBias) {
  const Phantom phantom = phantom_of("sphere", {{"radius_mm", 5.0}});
  const Parameters clean = {{"quantise", false}};
  Parameters noisy = clean;
  noisy["noise_hu"] = 40.0;
  const CtVolume without = scanned(phantom, clean);
  const CtVolume with = scanned(phantom, noisy, 5);
  double sum = 0.0;
  double squares = 0.0;
  const auto n = static_cast<double>(with.hu.values.size());
  for (std::size_t voxel = 0; voxel < with.hu.values.size(); ++voxel) {
    const double difference = with.hu.values[voxel] - without.hu.values[voxel];
    sum += difference;
    squares += difference * difference;
  }
  // Five standard errors: 40 / sqrt(n) of the mean, 40 / sqrt(2 n) of the deviation.
  EXPECT_NEAR(sum / n, 0.0, 5.0 * 40.0 / std::sqrt(n));
  EXPECT_NEAR(std::sqrt(squares / n), 40.0, 5.0 * 40.0 / std::sqrt(2.0 * n));
  EXPECT_NE(scanned(phantom, noisy, 6).hu.values, with.hu.values);
}

TEST(Scan, IsTheSameForAnyNumberOfThreads) {
  for (const double blur : {0.0, 1.2}) {
    const Phantom phantom =
        phantom_of("plate_ladder", {{"thickness_mm", List{2.0, 1.0}}, {"height_mm", 6.0}});
    const Parameters parameters = {{"spacing_mm", List{0.8, 0.8, 1.5}},
                                   {"rotation_deg", List{10, 20, 30}},
                                   {"blur_fwhm_mm", blur},
                                   {"noise_hu", 15.0},
                                   {"quantise", false}};
    const auto with_threads = [&](std::size_t threads) {
      const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
      return scanned(phantom, parameters, 9).hu.values;
    };
    const auto one = with_threads(1);
    EXPECT_EQ(with_threads(2), one);
    EXPECT_EQ(with_threads(7), one);
  }
}

TEST(Scan, ReportsItsProgressUpToTheEnd) {
  for (const double blur : {0.0, 1.0}) {
    double last = -1.0;
    (void)scan(phantom_of("sphere", {{"radius_mm", 2.0}}),
               {.parameters = resolved({{"blur_fwhm_mm", blur}}),
                .progress = [&](std::string_view step, double done) {
                  EXPECT_FALSE(step.empty());
                  EXPECT_GE(done, last);
                  last = done;
                }});
    EXPECT_EQ(last, 1.0);
  }
}

TEST(IdealScan, IsThePartialVolumeOnTheSameGridWhateverTheScannerAdds) {
  const auto sphere = phantom_of("sphere", {{"radius_mm", 4.0}});
  const Parameters placed = {{"spacing_mm", List{0.8, 0.8, 1.5}},
                             {"rotation_deg", List{10.0, 20.0, 0.0}},
                             {"left_handed", true},
                             {"phase", List{0.1, 0.2, 0.3}},
                             {"margin_mm", 2.0}};
  Parameters degraded = placed;
  degraded.insert({{"kernel", std::string("sharp")},
                   {"slice_thickness_mm", 3.0},
                   {"slice_profile", std::string("gaussian")},
                   {"noise_hu", 50.0},
                   {"noise_spectrum", std::string("ramp")},
                   {"clip_hu", List{-500.0, 500.0}},
                   {"padding", std::string("circle")},
                   {"rescale_slope", 7.0},
                   {"defect", std::string("missing_slice")}});
  const auto ideal = ideal_scan(resolved(degraded));
  EXPECT_EQ(ideal, resolved(placed));
  // The grids differ in extent alone: blur and the circle take more room.
  const Grid small = scan_grid(sphere, ideal), large = scan_grid(sphere, resolved(degraded));
  EXPECT_EQ(small.spacing_mm, large.spacing_mm);
  EXPECT_EQ(small.direction, large.direction);
  const Vector3 apart = small.direction.transpose() * (large.origin_mm - small.origin_mm);
  for (int axis = 0; axis < 3; ++axis) {
    const double voxels = apart[axis] / small.spacing_mm[axis];
    EXPECT_NEAR(voxels, std::round(voxels), 1e-9) << axis;
  }
}

}  // namespace
}  // namespace meshassay::phantoms
