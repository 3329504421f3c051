// SPDX-License-Identifier: GPL-3.0-or-later
#include "phantoms/scan.hpp"

#include <fmt/format.h>
#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "core/errors.hpp"
#include "core/text.hpp"
#include "phantoms/blur.hpp"
#include "phantoms/noise.hpp"
#include "phantoms/partial_volume.hpp"

namespace meshassay::phantoms {
namespace {

Vector3 vector3(const Parameters& parameters, const std::string& name) {
  const auto& list = numbers(parameters, name);
  return {list[0], list[1], list[2]};
}

/// Cosine and sine, exact for whole quarter turns, so that a grid turned by 90 degrees is not oblique by
/// 6e-17.
std::pair<double, double> cosine_and_sine(double degrees) {
  const double quarters = degrees / 90.0;
  if (quarters == std::round(quarters)) {
    constexpr std::array<double, 4> cosines = {1.0, 0.0, -1.0, 0.0};
    const auto turn = static_cast<std::size_t>(std::lround(quarters) & 3);
    return {cosines[turn], cosines[(turn + 3) % 4]};
  }
  const double angle = degrees * std::numbers::pi / 180.0;
  return {std::cos(angle), std::sin(angle)};
}

Matrix3 rotation(int axis, double degrees) {
  const auto [cosine, sine] = cosine_and_sine(degrees);
  const int u = (axis + 1) % 3;
  const int v = (axis + 2) % 3;
  Matrix3 matrix = Matrix3::Identity();
  matrix(u, u) = cosine;
  matrix(v, v) = cosine;
  matrix(u, v) = -sine;
  matrix(v, u) = sine;
  return matrix;
}

double blur_sigma_mm(double fwhm_mm) { return fwhm_mm / (2.0 * std::sqrt(2.0 * std::numbers::ln2)); }

}  // namespace

std::span<const ParameterDefinition> scan_parameters() {
  static const std::array<ParameterDefinition, 9> definitions = {{
      {.name = "model",
       .default_value = std::string("image"),
       .description = "how the scan is simulated: image = box average of the blurred phantom",
       .choices = {"image"}},
      {.name = "spacing_mm",
       .default_value = std::vector<double>{0.5, 0.5, 0.5},
       .description = "voxel spacing along columns, rows and slices; slices are as thick as they are apart",
       .min = 0.02,
       .max = 20.0,
       .length = 3},
      {.name = "rotation_deg",
       .default_value = std::vector<double>{0.0, 0.0, 0.0},
       .description = "rotation of the grid about the fixed axes x, then y, then z",
       .min = -360.0,
       .max = 360.0,
       .length = 3},
      {.name = "phase",
       .default_value = std::vector<double>{0.31, 0.17, 0.43},
       .description =
           "shift of the grid in voxels; at 0 a voxel's centre is at the middle of the phantom's bounds",
       .min = 0.0,
       .max = 1.0,
       .length = 3},
      {.name = "margin_mm",
       .default_value = 5.0,
       .description = "background around the phantom, to which the blur's full width is added",
       .min = 0.0,
       .max = 200.0},
      {.name = "blur_fwhm_mm",
       .default_value = 0.0,
       .description = "full width at half maximum of the isotropic Gaussian; 0: none",
       .min = 0.0,
       .max = 20.0},
      {.name = "noise_hu",
       .default_value = 0.0,
       .description = "standard deviation of white Gaussian noise; 0: none",
       .min = 0.0,
       .max = 10000.0},
      {.name = "partial_volume_tolerance",
       .default_value = 2.5e-4,
       .description = "largest error of a voxel's partial volume, as a fraction of the voxel",
       .min = 1e-6,
       .max = 0.1},
      {.name = "quantise", .default_value = true, .description = "round to whole HU, ties away from zero"},
  }};
  return definitions;
}

Grid scan_grid(const Phantom& phantom, const Parameters& resolved) {
  Grid grid;
  grid.spacing_mm = vector3(resolved, "spacing_mm");
  const Vector3 turns_deg = vector3(resolved, "rotation_deg");
  grid.direction = rotation(2, turns_deg[2]) * rotation(1, turns_deg[1]) * rotation(0, turns_deg[0]);
  const Vector3 phase = vector3(resolved, "phase");
  const double margin_mm = number(resolved, "margin_mm") + number(resolved, "blur_fwhm_mm");

  const Box3 bounds = bounds_mm(phantom);
  // Half of what the bounds extend along the grid's axes.
  const Vector3 half_mm = grid.direction.cwiseAbs().transpose() * (0.5 * bounds.size_mm());
  // One voxel has its centre at the middle of the bounds plus the phase. With `side` voxels before and after
  // it the grid ends (side + 1/2) spacings from there, which must be the half extent, the margin and the
  // phase at least.
  std::array<double, 3> size{};
  Vector3 side;
  for (int axis = 0; axis < 3; ++axis) {
    side[axis] = std::ceil((half_mm[axis] + margin_mm) / grid.spacing_mm[axis] + phase[axis] - 0.5);
    size[static_cast<std::size_t>(axis)] = 2.0 * side[axis] + 1.0;
  }
  if (size[0] * size[1] * size[2] > 0x1p31)
    throw InvalidInput(
        {.what = fmt::format("a scan of the phantom '{}' would be too large", phantom.id),
         .where = "spacing_mm",
         .expected = "at most 2^31 voxels",
         .got = fmt::format("{} x {} x {} voxels of {} mm", format_number(size[0]), format_number(size[1]),
                            format_number(size[2]), format_parameter(numbers(resolved, "spacing_mm"))),
         .mend = "take a larger spacing_mm, a smaller margin_mm or a smaller phantom"});
  for (std::size_t axis = 0; axis < 3; ++axis) grid.size[axis] = static_cast<int>(size[axis]);
  grid.origin_mm = bounds.center_mm() + grid.direction * (phase - side).cwiseProduct(grid.spacing_mm);
  return grid;
}

CtVolume scan(const Phantom& phantom, const ScanOptions& options) {
  const Parameters& parameters = options.parameters;
  const double tolerance = number(parameters, "partial_volume_tolerance");
  const double sigma_mm = blur_sigma_mm(number(parameters, "blur_fwhm_mm"));
  const double noise_hu = number(parameters, "noise_hu");
  const bool quantise = boolean(parameters, "quantise");
  const Grid grid = scan_grid(phantom, parameters);

  Image<double> hu(grid, phantom.background_hu);
  for (std::size_t t = 0; t < phantom.targets.size(); ++t) {
    const auto& target = phantom.targets[t];
    const ImplicitSurface& surface = *target.truth.implicit;
    const Progress progress = [&](std::string_view step, double fraction) {
      const auto done = static_cast<double>(t) + fraction;
      if (options.progress) options.progress(step, done / static_cast<double>(phantom.targets.size()));
    };
    const Image<double> fractions =
        sigma_mm > 0.0 ? blurred_voxel_fractions(surface, grid, sigma_mm, tolerance, progress)
                       : voxel_fractions(surface, grid, tolerance, progress);
    const double contrast_hu = target.hu - phantom.background_hu;
    for (std::size_t voxel = 0; voxel < hu.values.size(); ++voxel)
      hu.values[voxel] += contrast_hu * fractions.values[voxel];
  }

  CtVolume ct;
  ct.hu = Image<float>(grid);
  ct.acquisition.modality = "CT";
  ct.acquisition.slice_thickness_mm = grid.slice_mm();
  tbb::parallel_for(0, grid.size[2], [&](int k) {
    for (std::size_t voxel = grid.offset(0, 0, k); voxel < grid.offset(0, 0, k + 1); ++voxel) {
      double value_hu = hu.values[voxel];
      if (noise_hu > 0.0) value_hu += noise_hu * standard_normal(options.seed, voxel);
      ct.hu.values[voxel] = static_cast<float>(quantise ? std::round(value_hu) + 0.0 : value_hu);
    }
  });
  return ct;
}

}  // namespace meshassay::phantoms
