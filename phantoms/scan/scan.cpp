// SPDX-License-Identifier: GPL-3.0-or-later
#include "phantoms/scan/scan.hpp"

#include <fmt/format.h>
#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "core/errors.hpp"
#include "core/text.hpp"
#include "phantoms/scan/blur.hpp"
#include "phantoms/scan/scan_noise.hpp"
#include "phantoms/scan/scan_spread.hpp"
#include "phantoms/solids/solid.hpp"

namespace meshassay::phantoms {
namespace {

Vector3 vector3(const Parameters& parameters, const std::string& name) {
  const auto& list = numbers(parameters, name);
  return {list[0], list[1], list[2]};
}

/// What a file can hold.
struct Storage {
  double least_hu, most_hu, slope, intercept;
  bool quantise;
};

Storage storage_of(const Parameters& resolved) {
  const auto& clip = numbers(resolved, "clip_hu");
  if (!(clip[0] < clip[1]))
    throw InvalidInput({.what = "the range of HU is empty",
                        .where = "clip_hu",
                        .expected = "the least value, then a larger one",
                        .got = format_parameter(clip),
                        .mend = "write for example -1024,3071"});
  return {.least_hu = clip[0],
          .most_hu = clip[1],
          .slope = number(resolved, "rescale_slope"),
          .intercept = number(resolved, "rescale_intercept"),
          .quantise = boolean(resolved, "quantise")};
}

/// How far beyond the margin blur spreads the phantom along each axis, by its full width at half maximum.
Vector3 blur_margin_mm(const PointSpread& spread, const Parameters& resolved) {
  Vector3 margin_mm = Vector3::Constant(number(resolved, "blur_fwhm_mm"));
  if (text(resolved, "kernel") != "voxel")
    for (int axis = 0; axis < 2; ++axis)
      margin_mm[axis] = fwhm_mm(spread.in_plane.front().along[static_cast<std::size_t>(axis)]);
  margin_mm[2] += std::max(0.0, slice_thickness_mm(resolved) - numbers(resolved, "spacing_mm")[2]);
  return margin_mm;
}

bool has_circle(const Parameters& resolved) { return text(resolved, "padding") == "circle"; }

}  // namespace

std::span<const ParameterDefinition> scan_parameters() {
  static const std::array<ParameterDefinition, 24> definitions = {{
      {.name = "model",
       .default_value = std::string("image"),
       .description = "how the scan is simulated: image = the phantom convolved with the point spread",
       .choices = {"image"}},
      {.name = "spacing_mm",
       .default_value = std::vector<double>{0.5, 0.5, 0.5},
       .description = "distance of voxels along columns, rows and slices",
       .min = 0.02,
       .max = 20.0,
       .length = 3},
      {.name = "rotation_deg",
       .default_value = std::vector<double>{0.0, 0.0, 0.0},
       .description = "rotation of the grid about the fixed axes x, then y, then z",
       .min = -360.0,
       .max = 360.0,
       .length = 3},
      {.name = "left_handed",
       .default_value = false,
       .description = "slices run against the cross product of rows and columns"},
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
      {.name = "kernel",
       .default_value = std::string("voxel"),
       .description = "in-plane point spread: voxel = mean over the pixel, convolved with blur_fwhm_mm; "
                      "others = the system's own, sampled at pixel centres (sharp overshoots at edges)",
       .choices = {"voxel", "soft", "standard", "sharp"}},
      {.name = "mtf50_per_mm",
       .default_value = 0.0,
       .description = "frequency at which the system's in-plane MTF is 0.5, pixel included; 0: the kernel's",
       .min = 0.0,
       .max = 10.0},
      {.name = "mtf10_per_mm",
       .default_value = 0.0,
       .description = "the same for 0.1",
       .min = 0.0,
       .max = 10.0},
      {.name = "blur_fwhm_mm",
       .default_value = 0.0,
       .description = "full width at half maximum of an isotropic Gaussian on top of kernel voxel; 0: none",
       .min = 0.0,
       .max = 20.0},
      {.name = "slice_thickness_mm",
       .default_value = 0.0,
       .description =
           "full width at half maximum of the slice profile; 0: the slice distance. Slices overlap "
           "or leave gaps where it differs",
       .min = 0.0,
       .max = 50.0},
      {.name = "slice_profile",
       .default_value = std::string("rectangle"),
       .description = "shape of the slice profile",
       .choices = {"rectangle", "gaussian"}},
      {.name = "noise_hu",
       .default_value = 0.0,
       .description = "standard deviation of Gaussian noise; 0: none",
       .min = 0.0,
       .max = 10000.0},
      {.name = "noise_spectrum",
       .default_value = std::string("white"),
       .description =
           "power spectrum of the noise: white, or ramp = frequency x MTF^2 in plane and shared by "
           "slices that overlap",
       .choices = {"white", "ramp"}},
      {.name = "clip_hu",
       .default_value = std::vector<double>{-32768.0, 32767.0},
       .description = "least and largest HU; others are set to these",
       .min = -32768.0,
       .max = 32767.0,
       .length = 2},
      {.name = "padding",
       .default_value = std::string("none"),
       .description = "what stands outside of the circle of reconstruction: none = there is none, circle = "
                      "padding_hu",
       .choices = {"none", "circle"}},
      {.name = "padding_hu",
       .default_value = -2000.0,
       .description = "HU of what is not reconstructed",
       .min = -32768.0,
       .max = 32767.0},
      {.name = "rescale_slope",
       .default_value = 1.0,
       .description = "HU a step of the stored whole numbers",
       .min = 0.001,
       .max = 100.0},
      {.name = "rescale_intercept",
       .default_value = 0.0,
       .description = "HU of the stored number 0",
       .min = -32768.0,
       .max = 32767.0},
      {.name = "kvp",
       .default_value = 0.0,
       .description = "tube voltage to be named in the DICOM series; 0: none, as none was simulated",
       .min = 0.0,
       .max = 200.0},
      {.name = "patient_position",
       .default_value = std::string("HFS"),
       .description =
           "how the patient lay, a label of DICOM: head or feet first, supine, prone or on a side; "
           "rotation_deg says how the grid lies",
       .choices = {"HFS", "HFP", "HFDR", "HFDL", "FFS", "FFP", "FFDR", "FFDL"}},
      {.name = "defect",
       .default_value = std::string("none"),
       .description = "what is wrong with, or unusual in, the DICOM series that is written",
       .choices = {"none",
                   "missing_slice",
                   "uneven_gaps",
                   "two_thicknesses",
                   "gantry_tilt_plus",
                   "gantry_tilt_minus",
                   "shuffled_names",
                   "duplicate_slice",
                   "localizer",
                   "secondary_capture",
                   "mip",
                   "minip",
                   "mr",
                   "two_series",
                   "rescale_by_file",
                   "feet_first",
                   "no_preamble",
                   "truncated",
                   "frame_of_reference",
                   "rle",
                   "jpeg_lossless",
                   "jpegls_lossy"}},
      {.name = "partial_volume_tolerance",
       .default_value = 2.5e-4,
       .description = "largest error of a voxel's partial volume, as a fraction of the voxel",
       .min = 1e-6,
       .max = 0.1},
      {.name = "quantise",
       .default_value = true,
       .description = "round to HU that a stored whole number gives, ties away from zero"},
  }};
  return definitions;
}

Parameters ideal_scan(const Parameters& resolved) {
  // What says where voxels lie, what is written beside them, and how near to exact they are computed.
  constexpr std::array<const char*, 8> kept = {
      "spacing_mm", "rotation_deg", "left_handed",      "phase",
      "margin_mm",  "kvp",          "patient_position", "partial_volume_tolerance"};
  Parameters ideal;
  for (const auto& definition : scan_parameters()) {
    const bool is_kept = std::find(kept.begin(), kept.end(), definition.name) != kept.end();
    ideal[definition.name] = is_kept ? resolved.at(definition.name) : definition.default_value;
  }
  return ideal;
}

Grid scan_grid(const Phantom& phantom, const Parameters& resolved) {
  Grid grid;
  grid.spacing_mm = vector3(resolved, "spacing_mm");
  grid.direction = rotation_of(vector3(resolved, "rotation_deg"));
  if (boolean(resolved, "left_handed")) grid.direction.col(2) *= -1.0;
  (void)storage_of(resolved);
  const Vector3 phase = vector3(resolved, "phase");
  const Vector3 margin_mm =
      Vector3::Constant(number(resolved, "margin_mm")) + blur_margin_mm(point_spread_of(resolved), resolved);

  const Box3 bounds = bounds_mm(phantom);
  // Half of what the bounds extend along the grid's axes.
  Vector3 half_mm = grid.direction.cwiseAbs().transpose() * (0.5 * bounds.size_mm()) + margin_mm;
  // The circle that holds it.
  if (has_circle(resolved)) half_mm[0] = half_mm[1] = half_mm.head<2>().norm();
  // One voxel has its centre at the middle of the bounds plus the phase. With `side` voxels before and after
  // it the grid ends (side + 1/2) spacings from there, which must be the half extent, the margin and the
  // phase at least.
  std::array<double, 3> size{};
  Vector3 side;
  for (int axis = 0; axis < 3; ++axis) {
    side[axis] = std::ceil(half_mm[axis] / grid.spacing_mm[axis] + phase[axis] - 0.5);
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

bool in_field_of_view(const Grid& grid, const Parameters& resolved, int i, int j) {
  if (!has_circle(resolved)) return true;
  const double x_mm = (i - 0.5 * (grid.size[0] - 1)) * grid.spacing_mm[0];
  const double y_mm = (j - 0.5 * (grid.size[1] - 1)) * grid.spacing_mm[1];
  return std::hypot(x_mm, y_mm) <=
         0.5 * std::min(grid.size[0] * grid.spacing_mm[0], grid.size[1] * grid.spacing_mm[1]);
}

void finish_scan(Image<float>& hu, const ScanOptions& options) {
  const Parameters& parameters = options.parameters;
  const Grid& grid = hu.grid;
  add_noise(hu, noise_model_of(parameters, point_spread_of(parameters)), options.seed);
  const Storage storage = storage_of(parameters);
  const auto padding_hu = static_cast<float>(number(parameters, "padding_hu"));
  const bool circle = has_circle(parameters);
  tbb::parallel_for(0, grid.size[2], [&](int k) {
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i) {
        float& value = hu.at(i, j, k);
        if (circle && !in_field_of_view(grid, parameters, i, j)) {
          value = padding_hu;
          continue;
        }
        double value_hu = std::clamp(static_cast<double>(value), storage.least_hu, storage.most_hu);
        if (storage.quantise)  // + 0: no negative zero.
          value_hu = std::round((value_hu - storage.intercept) / storage.slope) * storage.slope +
                     storage.intercept + 0.0;
        value = static_cast<float>(value_hu);
      }
  });
}

CtVolume scan(const Phantom& phantom, const ScanOptions& options) {
  const Parameters& parameters = options.parameters;
  const PointSpread spread = point_spread_of(parameters);
  CtVolume ct;
  ct.hu = Image<float>(scan_grid(phantom, parameters), static_cast<float>(phantom.background_hu));
  for (std::size_t t = 0; t < phantom.targets.size(); ++t) {
    const auto& target = phantom.targets[t];
    add_spread(ct.hu, *target.truth.implicit, target.hu - phantom.background_hu,
               {.spread = spread,
                .tolerance = number(parameters, "partial_volume_tolerance"),
                .progress = [&](std::string_view step, double fraction) {
                  const auto done = static_cast<double>(t) + fraction;
                  if (options.progress)
                    options.progress(step, done / static_cast<double>(phantom.targets.size()));
                }});
  }
  finish_scan(ct.hu, options);
  ct.acquisition.modality = "CT";
  ct.acquisition.slice_thickness_mm = slice_thickness_mm(parameters);
  ct.acquisition.rescale_slope = number(parameters, "rescale_slope");
  ct.acquisition.rescale_intercept = number(parameters, "rescale_intercept");
  if (const double kvp = number(parameters, "kvp"); kvp > 0.0) ct.acquisition.kvp = kvp;
  ct.acquisition.patient_position = text(parameters, "patient_position");
  if (has_circle(parameters)) ct.acquisition.padding_hu = number(parameters, "padding_hu");
  if (text(parameters, "kernel") != "voxel") ct.acquisition.convolution_kernel = text(parameters, "kernel");
  return ct;
}

}  // namespace meshassay::phantoms
