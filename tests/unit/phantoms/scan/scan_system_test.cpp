// SPDX-License-Identifier: GPL-3.0-or-later
// The system's point spread and its noise, against closed forms and against a ruler of this file's own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <oneapi/tbb/global_control.h>

#include <cmath>
#include <numbers>

#include "core/errors.hpp"
#include "core/io/dicom_defects.hpp"
#include "phantoms/scan/blur.hpp"
#include "phantoms/scan/scan.hpp"
#include "phantoms/scan/scan_noise.hpp"
#include "phantoms/scan/scan_quality.hpp"
#include "phantoms/scan/scan_spread.hpp"
#include "phantoms/solids/box_union.hpp"
#include "tests/unit/phantoms/test_phantoms.hpp"

namespace meshassay::phantoms {
namespace {

using List = std::vector<double>;
using testing::AllOf;
using testing::HasSubstr;
constexpr double pi = std::numbers::pi;

Parameters resolved(const Parameters& given) { return resolve_parameters(scan_parameters(), given, "test"); }

Phantom ball(double radius_mm) {
  return make_phantom(find_phantom("sphere", "test"), {{"radius_mm", radius_mm}}, "test",
                      {.chordal_error_mm = 0.05});
}

std::string refusal(const Parameters& given) {
  try {
    (void)scan_grid(ball(5.0), resolved(given));
  } catch (const InvalidInput& error) {
    return error.what();
  }
  return "not refused";
}

double normal_cumulative(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

// ---- the point spread ----

TEST(PointSpread, HasTheMtfThatWasAskedForWithEveryKernel) {
  for (const std::string kernel : {"soft", "standard", "sharp"})
    for (const double factor : {1.0, 1.9, 0.4}) {
      const double mtf50 = factor * (kernel == "soft" ? 0.30 : kernel == "standard" ? 0.42 : 0.80);
      const PointSpread spread = point_spread_of(resolved({{"kernel", kernel}, {"mtf50_per_mm", mtf50}}));
      const double ratio = kernel == "soft" ? 2.0 : kernel == "standard" ? 0.70 / 0.42 : 1.15 / 0.80;
      EXPECT_NEAR(transfer_in_plane(spread, mtf50, 0.0), 0.5, 1e-9);
      EXPECT_NEAR(transfer_in_plane(spread, 0.0, mtf50 * ratio), 0.1, 1e-9);
      // Round: the same along a diagonal.
      EXPECT_NEAR(transfer_in_plane(spread, 0.6 * mtf50, 0.8 * mtf50), 0.5, 1e-9);
      EXPECT_NEAR(transfer_in_plane(spread, 0.0, 0.0), 1.0, 1e-12);
      EXPECT_NEAR(frequency_of_transfer_per_mm(spread, 0, 0.5), mtf50, 1e-9);
    }
}

TEST(PointSpread, OvershootsWithTheSharpKernelAlone) {
  const auto largest = [](const std::string& kernel) {
    const PointSpread spread = point_spread_of(resolved({{"kernel", kernel}}));
    double most = 0.0;
    for (double f = 0.0; f < 2.0; f += 0.01) most = std::max(most, transfer_in_plane(spread, f, 0.0));
    return most;
  };
  EXPECT_EQ(largest("soft"), 1.0);
  EXPECT_EQ(largest("standard"), 1.0);
  EXPECT_GT(largest("sharp"), 1.2);
}

TEST(PointSpread, OfAGaussianRatioIsOneGaussian) {
  // exp(-2 (pi s f)^2) is 1/2 at f = sqrt(ln 2 / 2) / (pi s), and 1/10 at sqrt(ln 10 / ln 2) times that.
  const double mtf50 = 0.4;
  const PointSpread spread =
      point_spread_of(resolved({{"kernel", std::string("soft")},
                                {"mtf50_per_mm", mtf50},
                                {"mtf10_per_mm", mtf50 * std::sqrt(std::log(10.0) / std::log(2.0))}}));
  EXPECT_NEAR(spread.in_plane[0].weight, 1.0, 1e-6);
  EXPECT_NEAR(spread.in_plane[0].along[0].sigma_mm, std::sqrt(0.5 * std::log(2.0)) / (pi * mtf50), 1e-6);
}

TEST(PointSpread, IsARectangleOrAGaussianOfTheSlicesThickness) {
  const auto slice = [](const Parameters& given) { return point_spread_of(resolved(given)).slice; };
  EXPECT_EQ(fwhm_mm(slice({{"spacing_mm", List{0.5, 0.5, 2.0}}})), 2.0);  // As thick as they are apart.
  EXPECT_EQ(fwhm_mm(slice({{"slice_thickness_mm", 3.0}})), 3.0);
  EXPECT_NEAR(fwhm_mm(slice({{"slice_thickness_mm", 3.0}, {"slice_profile", std::string("gaussian")}})), 3.0,
              1e-9);
  // A box convolved with a Gaussian: its integral is one and its transfer the product of both.
  const AxisSpread both{.box_mm = 1.2, .sigma_mm = 0.4};
  EXPECT_NEAR(cumulative(both, 10.0), 1.0, 1e-12);
  EXPECT_NEAR(cumulative(both, 0.0), 0.5, 1e-12);
  EXPECT_NEAR((cumulative(both, 0.5001) - cumulative(both, 0.4999)) / 2e-4, density_per_mm(both, 0.5), 1e-7);
  EXPECT_NEAR(transfer(both, 0.3), std::sin(0.36 * pi) / (0.36 * pi) * std::exp(-2.0 * pi * pi * 0.16 * 0.09),
              1e-12);
}

TEST(PointSpread, RefusesWhatContradictsItself) {
  EXPECT_THAT(refusal({{"kernel", std::string("bone")}}),
              AllOf(HasSubstr("kernel"), HasSubstr("voxel, soft, standard, sharp"), HasSubstr("bone")));
  EXPECT_THAT(refusal({{"mtf50_per_mm", 0.5}}),
              AllOf(HasSubstr("needs a kernel"), HasSubstr("mtf50_per_mm")));
  EXPECT_THAT(refusal({{"kernel", std::string("soft")}, {"blur_fwhm_mm", 1.0}}), HasSubstr("blur_fwhm_mm"));
  EXPECT_THAT(
      refusal({{"kernel", std::string("soft")}, {"mtf50_per_mm", 0.5}, {"mtf10_per_mm", 0.55}}),
      AllOf(HasSubstr("no kernel has such an MTF"), HasSubstr("between 1.3"), HasSubstr("1.1 times")));
  EXPECT_THAT(refusal({{"slice_thickness_mm", -1.0}}), HasSubstr("between 0 and 50"));
  EXPECT_THAT(refusal({{"clip_hu", List{100.0, -100.0}}}), HasSubstr("clip_hu"));
  EXPECT_THAT(refusal({{"rescale_slope", 0.0}}), HasSubstr("rescale_slope"));
  EXPECT_THAT(refusal({{"noise_spectrum", std::string("pink")}}), HasSubstr("white, ramp"));
}

// ---- the image ----

/// The response of the system to a plane normal to an axis, in closed form, from a box of 40 mm.
TEST(Spread, OfAPlaneAcrossEachAxisIsItsCumulativeAtTheVoxelsCentre) {
  const BoxUnion solid(std::vector{Box3{.min_mm = {-20, -20, -20}, .max_mm = {0.137, 0.137, 0.137}}});
  const ImplicitSurface surface = implicit_surface(solid);
  const double tolerance = 2.5e-4;
  for (const std::string kernel : {"soft", "sharp"})
    for (const std::string profile : {"rectangle", "gaussian"})
      for (const double thickness : {0.7, 3.1}) {  // Gaps and overlap, slices 1.3 mm apart.
        const Parameters parameters = resolved({{"kernel", kernel},
                                                {"slice_profile", profile},
                                                {"slice_thickness_mm", thickness},
                                                {"spacing_mm", List{0.4, 0.6, 1.3}}});
        const PointSpread spread = point_spread_of(parameters);
        for (int axis = 0; axis < 3; ++axis) {
          // A line of voxels across the face, deep inside of the others.
          Grid grid;
          grid.spacing_mm = {0.4, 0.6, 1.3};
          grid.size = {1, 1, 1};
          grid.size[static_cast<std::size_t>(axis)] = 15;
          grid.origin_mm = Point3::Constant(-10.0);
          grid.origin_mm[axis] = -7.0 * grid.spacing_mm[axis];
          Image<float> image(grid);
          add_spread(image, surface, 1.0, {.spread = spread, .tolerance = tolerance});
          for (int n = 0; n < 15; ++n) {
            const double beyond_mm = 0.137 - (grid.origin_mm[axis] + n * grid.spacing_mm[axis]);
            double exact = 0.0;
            if (axis == 2) exact = cumulative(spread.slice, beyond_mm);
            for (const auto& part : spread.in_plane)
              if (axis < 2)
                exact += part.weight *
                         normal_cumulative(beyond_mm / part.along[static_cast<std::size_t>(axis)].sigma_mm);
            EXPECT_NEAR(image.values[static_cast<std::size_t>(n)], exact, 2.0 * tolerance)
                << kernel << " " << profile << " " << thickness << " axis " << axis << " voxel " << n;
          }
        }
      }
}

TEST(Spread, OfAPlaneInAnyPoseIsTheErrorIntegralOfItsDistance) {
  // In plane and through the slices Gaussians of one width: round in all directions, so that a plane in any
  // pose gives Phi(distance / sigma).
  const double sigma = 0.5;
  const PointSpread spread{.in_plane = {{.along = {AxisSpread{.sigma_mm = sigma}, {.sigma_mm = sigma}}}},
                           .slice = {.sigma_mm = sigma}};
  const BoxUnion solid(std::vector{Box3{.min_mm = {-30, -30, -30}, .max_mm = {30, 30, 0}}});
  const ImplicitSurface surface = implicit_surface(solid);
  Draw draw(51);
  for (int n = 0; n < 12; ++n) {
    Grid grid;
    grid.spacing_mm = {0.5, 0.6, 0.9};
    grid.size = {5, 5, 5};
    grid.direction = draw.rotation();
    if (n % 2 == 1) grid.direction.col(2) *= -1.0;  // Left-handed too.
    grid.origin_mm = grid.direction * -2.0 * grid.spacing_mm + Vector3(0.0, 0.0, draw.between(-0.3, 0.3));
    Image<float> image(grid);
    add_spread(image, surface, 1.0, {.spread = spread});
    for (int k = 0; k < 5; ++k)
      for (int j = 0; j < 5; ++j)
        for (int i = 0; i < 5; ++i)
          EXPECT_NEAR(image.at(i, j, k), normal_cumulative(-grid.to_world(Vector3(i, j, k))[2] / sigma),
                      2.5e-4);
  }
}

TEST(Spread, OfALeftHandedGridIsTheMirroredScan) {
  // Slices run the other way: slice k of one lies where slice n - 1 - k of the other lies if the phase is 0.
  const Phantom phantom = ball(4.0);
  Parameters given = {
      {"spacing_mm", List{0.7, 0.8, 1.1}}, {"phase", List{0.2, 0.3, 0.0}}, {"quantise", false}};
  const CtVolume right = scan(phantom, {.parameters = resolved(given)});
  given["left_handed"] = true;
  const CtVolume left = scan(phantom, {.parameters = resolved(given)});
  EXPECT_NEAR(left.hu.grid.direction.determinant(), -1.0, 1e-12);
  const int slices = right.hu.grid.size[2];
  for (int k = 0; k < slices; ++k)
    for (int j = 0; j < right.hu.grid.size[1]; ++j)
      for (int i = 0; i < right.hu.grid.size[0]; ++i)
        // A voxel's partial volume is within 2.5e-4 of a contrast of 2000 on both sides.
        EXPECT_NEAR(left.hu.at(i, j, k), right.hu.at(i, j, slices - 1 - k), 1.0);
}

TEST(Spread, KeepsTheVolumeOfAThinRodWhateverTheSlices) {
  // Slices as thick as 2.5 distances see everything 2.5 times; as thick as 0.5, half of it on average. The
  // mean over the phases of the grid is the volume.
  const Phantom phantom = ball(3.0);
  const double volume_mm3 = phantom.targets[0].truth.volume_mm3->value;
  for (const double thickness : {0.5, 1.0, 2.5}) {
    double sum = 0.0;
    for (const double phase : {0.0, 0.25, 0.5, 0.75}) {
      const CtVolume ct = scan(phantom, {.parameters = resolved({{"spacing_mm", List{0.5, 0.5, 1.0}},
                                                                 {"slice_thickness_mm", thickness},
                                                                 {"margin_mm", 8.0},
                                                                 {"phase", List{0.1, 0.2, phase}},
                                                                 {"kernel", std::string("soft")},
                                                                 {"quantise", false}})});
      for (const float value : ct.hu.values) sum += (value + 1000.0) / 2000.0;
    }
    // Four phases are slices 0.25 mm apart; the sum over them of the sphere's area is exact to 1e-3.
    EXPECT_NEAR(0.25 * sum * 0.25, volume_mm3, 3e-3 * volume_mm3) << thickness;
  }
}

TEST(Scan, ClipsRoundsToStepsAndPads) {
  const Phantom phantom = ball(5.0);
  const Parameters given = resolved({{"clip_hu", List{-900.0, 700.0}},
                                     {"rescale_slope", 2.5},
                                     {"rescale_intercept", -1024.0},
                                     {"padding", std::string("circle")},
                                     {"padding_hu", -3024.0},
                                     {"noise_hu", 30.0}});
  const CtVolume ct = scan(phantom, {.parameters = given});
  const Grid& grid = ct.hu.grid;
  double least = 1e9, most = -1e9;
  int padded = 0;
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i) {
        const double value = ct.hu.at(i, j, k);
        if (!in_field_of_view(grid, given, i, j)) {
          EXPECT_EQ(value, -3024.0);
          ++padded;
          // The circle holds the phantom: 5 mm of margin about a ball of 5 mm.
          EXPECT_GT((grid.to_world(Vector3(i, j, k)) - bounds_mm(phantom).center_mm()).norm(), 9.5);
          continue;
        }
        const double stored = (value + 1024.0) / 2.5;
        EXPECT_NEAR(stored, std::round(stored), 1e-4);
        least = std::min(least, value);
        most = std::max(most, value);
      }
  // Steps of 2.5 HU from -1024: the nearest to -900 and 700 are -899 and 701.
  EXPECT_EQ(least, -899.0);
  EXPECT_EQ(most, 701.0);
  // The circle's diameter is the shorter side. About 180 voxels of 3300 lie on it, so that their count
  // scatters by some 13: 0.4 %.
  const double side = std::min(grid.size[0], grid.size[1]);
  EXPECT_NEAR(padded / static_cast<double>(grid.voxels()),
              1.0 - pi / 4.0 * side * side / (grid.size[0] * grid.size[1]), 0.01);
  EXPECT_EQ(ct.acquisition.rescale_slope, 2.5);
  EXPECT_EQ(ct.acquisition.padding_hu, -3024.0);
}

TEST(Scan, WithAKernelIsTheSameForAnyNumberOfThreads) {
  const Phantom phantom = ball(4.0);
  const Parameters parameters = resolved({{"kernel", std::string("sharp")},
                                          {"spacing_mm", List{0.6, 0.6, 1.0}},
                                          {"slice_thickness_mm", 2.0},
                                          {"rotation_deg", List{10, 20, 30}},
                                          {"noise_hu", 15.0},
                                          {"noise_spectrum", std::string("ramp")},
                                          {"quantise", false}});
  const auto with_threads = [&](std::size_t threads) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    return scan(phantom, {.parameters = parameters, .seed = 9}).hu.values;
  };
  const auto one = with_threads(1);
  EXPECT_EQ(with_threads(2), one);
  EXPECT_EQ(with_threads(5), one);
}

TEST(Scan, KnowsEveryDefectOfASeries) {
  std::vector<std::string> expected = {"none"};
  for (const auto& defect : io::dicom_defect_catalogue()) expected.push_back(defect.id);
  const auto definitions = scan_parameters();
  const auto definition = std::find_if(definitions.begin(), definitions.end(),
                                       [](const auto& each) { return each.name == "defect"; });
  EXPECT_EQ(definition->choices, expected);
}

// ---- noise ----

TEST(Noise, OfASlicesProfileIsSharedByOverlappingSlices) {
  // A profile that is a rectangle of two distances takes 1/4, 1/2, 1/4 of the white slices: the correlation
  // of neighbours is (1/8 + 1/8) / (1/16 + 1/4 + 1/16) = 2/3, then 1/6, then 0.
  Grid grid;
  grid.size = {96, 96, 24};
  const NoiseModel model{.spectrum = NoiseSpectrum::ramp,
                         .level_hu = 10.0,
                         .spread = {.in_plane = {{.along = {AxisSpread{.sigma_mm = 0.5}, {.sigma_mm = 0.5}}}},
                                    .slice = {.box_mm = 2.0}}};
  Image<float> noise(grid);
  add_noise(noise, model, 3);
  const auto correlation = [&](int shift) {
    double sum = 0.0;
    double squares = 0.0;
    for (int k = 0; k + shift < grid.size[2]; ++k)
      for (std::size_t v = 0; v < std::size_t{96} * 96; ++v) {
        sum += noise.values[grid.offset(0, 0, k) + v] * noise.values[grid.offset(0, 0, k + shift) + v];
        squares += noise.values[grid.offset(0, 0, k) + v] * noise.values[grid.offset(0, 0, k) + v];
      }
    return sum / squares;
  };
  // 2e5 voxels, of which about one in ten is independent: a standard error of 0.007.
  EXPECT_NEAR(correlation(1), 2.0 / 3.0, 0.03);
  EXPECT_NEAR(correlation(2), 1.0 / 6.0, 0.03);
  EXPECT_NEAR(correlation(3), 0.0, 0.03);
}

TEST(Noise, OfARampHasNoPowerAtFrequencyZero) {
  // The mean of a large field scatters far less than that of white noise.
  Grid grid;
  grid.size = {128, 128, 40};
  NoiseModel model{.spectrum = NoiseSpectrum::ramp,
                   .level_hu = 10.0,
                   .spread = {.in_plane = {{.along = {AxisSpread{.sigma_mm = 0.6}, {.sigma_mm = 0.6}}}},
                              .slice = {.box_mm = 1.0}}};
  const auto scatter_of_means = [&] {
    Image<float> noise(grid);
    add_noise(noise, model, 5);
    double squares = 0.0;
    for (int k = 0; k < 40; ++k) {
      double sum = 0.0;
      for (std::size_t v = 0; v < std::size_t{128} * 128; ++v) sum += noise.values[grid.offset(0, 0, k) + v];
      squares += sum * sum / (128.0 * 128.0 * 128.0 * 128.0);
    }
    return std::sqrt(squares / 40.0);
  };
  const double ramp = scatter_of_means();
  model.spectrum = NoiseSpectrum::white;
  const double white = scatter_of_means();
  EXPECT_NEAR(white, 10.0 / 128.0, 0.03);  // sigma / sqrt(voxels), of 40 slices to 11 %.
  EXPECT_LT(ramp, 0.5 * white);
}

// ---- what is measured ----

class QualityOfSeed : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Seeds, QualityOfSeed, testing::Range(0, 10));

const QualityRow& row(const ScanQuality& quality, const std::string& quantity, const std::string& of) {
  for (const auto& each : quality.rows)
    if (each.quantity == quantity && each.of == of) return each;
  throw std::logic_error("no such row");
}

TEST_P(QualityOfSeed, IsWhatWasDeclared) {
  const std::vector<std::string> kernels = {"soft", "standard", "sharp", "voxel"};
  const std::string& kernel = kernels[static_cast<std::size_t>(GetParam()) % kernels.size()];
  const bool gaussian = GetParam() % 3 == 0;
  const double thickness = GetParam() % 2 == 0 ? 1.5 : 0.8;
  const Parameters parameters = resolved({{"kernel", kernel},
                                          {"spacing_mm", List{0.5, 0.5, 1.0}},
                                          {"slice_profile", std::string(gaussian ? "gaussian" : "rectangle")},
                                          {"slice_thickness_mm", thickness},
                                          {"noise_hu", 25.0},
                                          {"noise_spectrum", std::string("ramp")}});
  const ScanOptions options{.parameters = parameters, .seed = static_cast<std::uint64_t>(GetParam())};
  const Phantom phantom = ball(2.0);
  const ScanQuality quality = measure_scan(phantom, scan(phantom, options), options);
  EXPECT_NO_THROW(require_as_declared(quality));
  // The declared values in closed form.
  const double mtf50 = kernel == "soft"       ? 0.30
                       : kernel == "standard" ? 0.42
                       : kernel == "sharp"    ? 0.80
                                              : 1.2067 / (2 * 0.5);  // sinc(x) = 1/2 at x = 0.60335.
  for (const std::string axis : {"i", "j"})
    EXPECT_NEAR(*row(quality, "mtf50", axis).measured, mtf50, 0.02 * mtf50);
  EXPECT_NEAR(*row(quality, "slice_fwhm", "k").measured, thickness, 0.02 * thickness);
  EXPECT_NEAR(*row(quality, "noise", "all").measured, 25.0, 0.25);
  const QualityRow& peak = row(quality, "nps_peak", "all");
  EXPECT_NEAR(*peak.measured, *peak.declared, 0.05 * *peak.declared);
}

TEST(Quality, DeclaresTheClosedFormOfAGaussiansNoisePeak) {
  // f exp(-4 (pi s f)^2) is largest at f = 1 / (2 sqrt(2) pi s).
  const double mtf50 = 0.35;
  const Parameters parameters = resolved({{"kernel", std::string("soft")},
                                          {"mtf50_per_mm", mtf50},
                                          {"mtf10_per_mm", mtf50 * std::sqrt(std::log(10.0) / std::log(2.0))},
                                          {"noise_hu", 5.0},
                                          {"noise_spectrum", std::string("ramp")}});
  const ScanOptions options{.parameters = parameters, .seed = 1};
  const ScanQuality quality = measure_scan(ball(2.0), scan(ball(2.0), options), options);
  const double sigma_mm = std::sqrt(0.5 * std::log(2.0)) / (pi * mtf50);
  const double peak = 1.0 / (2.0 * std::numbers::sqrt2 * pi * sigma_mm);
  // Rings 1/32 per mm wide move it by 0.1 % (width^2 / 24 of a ring); the fit of four terms is exact but for
  // that.
  EXPECT_NEAR(*row(quality, "nps_peak", "all").declared, peak, 0.01 * peak);
}

TEST(Quality, OfTheScanItselfIsItsMaterials) {
  const Phantom phantom = ball(8.0);
  const ScanOptions options{.parameters = resolved({{"noise_hu", 40.0}}), .seed = 4};
  const ScanQuality quality = measure_scan(phantom, scan(phantom, options), options);
  EXPECT_NEAR(*row(quality, "hu_mean", "object").measured, 1000.0, 1.0);
  EXPECT_NEAR(*row(quality, "hu_mean", "background").measured, -1000.0, 1.0);
  EXPECT_NEAR(*row(quality, "noise", "background").measured, 40.0, 0.8);
  EXPECT_NEAR(*row(quality, "cnr", "object").measured, 50.0, 1.0);
  EXPECT_EQ(row(quality, "nps_peak", "all").undefined.reason, "rank_deficient");  // White.
}

TEST(Quality, NamesWhatIsNotAsDeclared) {
  // A scan with twice the noise and another contrast than it says.
  const Phantom phantom = ball(8.0);
  const ScanOptions said{.parameters = resolved({{"noise_hu", 20.0}}), .seed = 4};
  const ScanOptions done{.parameters = resolved({{"noise_hu", 40.0}}), .seed = 4};
  CtVolume ct = scan(phantom, done);
  for (float& value : ct.hu.values)
    if (value > 0.0F) value -= 100.0F;
  try {
    require_as_declared(measure_scan(phantom, ct, said));
    FAIL() << "not noticed";
  } catch (const MachineError& error) {
    EXPECT_THAT(error.what(),
                AllOf(HasSubstr("not the one that was declared"), HasSubstr("hu_mean of object"),
                      HasSubstr("noise of background"), HasSubstr("error of this program")));
  }
}

TEST(Quality, RefusesABlurThatIsFivePercentOff) {
  // What one scanner shows, beside what another declares.
  const auto quality_of = [](double mtf50_per_mm, double thickness_mm) {
    const ScanOptions options{.parameters = resolved({{"kernel", std::string("standard")},
                                                      {"mtf50_per_mm", mtf50_per_mm},
                                                      {"slice_thickness_mm", thickness_mm}})};
    return measure_scan(ball(2.0), scan(ball(2.0), options), options);
  };
  const ScanQuality declared = quality_of(0.40, 1.00);
  ScanQuality quality = quality_of(0.42, 1.05);
  ASSERT_EQ(quality.rows.size(), declared.rows.size());
  for (std::size_t n = 0; n < quality.rows.size(); ++n) {
    quality.rows[n].declared = declared.rows[n].declared;
    quality.rows[n].tolerance = declared.rows[n].tolerance;
  }
  EXPECT_NO_THROW(require_as_declared(declared));
  try {
    require_as_declared(quality);
    FAIL() << "not noticed";
  } catch (const MachineError& error) {
    EXPECT_THAT(error.what(),
                AllOf(HasSubstr("mtf50 of i"), HasSubstr("mtf10 of j"), HasSubstr("slice_fwhm of k")));
  }
}

TEST(Quality, SaysWhyAValueIsAbsent) {
  // Too small for a voxel clear of its blur; no noise; clipped.
  const Phantom phantom = ball(1.0);
  const ScanOptions options{
      .parameters = resolved({{"kernel", std::string("soft")}, {"clip_hu", List{-1000.0, 3071.0}}})};
  const ScanQuality quality = measure_scan(phantom, scan(phantom, options), options);
  EXPECT_FALSE(row(quality, "hu_mean", "object").measured);
  EXPECT_THAT(row(quality, "hu_mean", "object").undefined.detail, HasSubstr("clear of every surface"));
  EXPECT_EQ(row(quality, "noise", "all").measured, 0.0);
  for (const auto& each : quality.rows)
    if (!each.measured || !each.declared) {
      EXPECT_NO_THROW((void)find_reason(each.undefined.reason)) << each.quantity;
    }
}

}  // namespace
}  // namespace meshassay::phantoms
