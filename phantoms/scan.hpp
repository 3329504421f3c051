// SPDX-License-Identifier: GPL-3.0-or-later
// From a phantom to HU: grid, exact partial volume, blur, noise, quantisation.
#pragma once

#include <cstdint>
#include <span>

#include "core/ct_volume.hpp"
#include "core/progress.hpp"
#include "phantoms/phantom.hpp"

namespace meshassay::phantoms {

/// model ("image"), spacing_mm (3), rotation_deg (3, of the grid about x, y, z), phase (3, of a voxel, shifts
/// the grid), margin_mm, blur_fwhm_mm, noise_hu, partial_volume_tolerance (fraction of a voxel, stated
/// error), quantise.
[[nodiscard]] std::span<const ParameterDefinition> scan_parameters();

/// The grid that holds the phantom with its margin. \throw InvalidInput where it would exceed 2^31 voxels.
[[nodiscard]] Grid scan_grid(const Phantom& phantom, const Parameters& resolved);

struct ScanOptions {
  Parameters parameters;  ///< Resolved against scan_parameters().
  std::uint64_t seed =
      0;  ///< Of the noise: a function of (seed, voxel) alone, whatever the number of threads.
  Progress progress;
};

/// A voxel's value is the mean over its box of the phantom's HU convolved with the Gaussian, plus noise,
/// rounded to integers where `quantise`. Partial volumes are within partial_volume_tolerance of the exact
/// integral.
[[nodiscard]] CtVolume scan(const Phantom& phantom, const ScanOptions& options);

/// The exact fraction of each voxel's box that lies inside one target's surface, to within `tolerance`.
[[nodiscard]] Image<float> partial_volume(const ImplicitSurface& surface, const Grid& grid, double tolerance);

}  // namespace meshassay::phantoms
