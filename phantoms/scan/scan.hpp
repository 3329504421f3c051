// SPDX-License-Identifier: GPL-3.0-or-later
// From a phantom to HU: grid, exact partial volume, point spread, noise, what a file can hold.
#pragma once

#include <cstdint>
#include <span>

#include "core/ct_volume.hpp"
#include "core/progress.hpp"
#include "phantoms/phantom.hpp"

namespace meshassay::phantoms {

/// Each with its meaning, unit and range: `meshassay list phantoms`, docs/phantoms/scan.md.
[[nodiscard]] std::span<const ParameterDefinition> scan_parameters();

/// The grid that holds the phantom with its margin. Looks at all parameters, so that what scan() would refuse
/// is refused here too. \throw InvalidInput where it would exceed 2^31 voxels, or parameters contradict each
/// other.
[[nodiscard]] Grid scan_grid(const Phantom& phantom, const Parameters& resolved);

/// What a scanner that adds nothing would be asked for: the same grid, apart from its extent, and the same
/// labels; every voxel the mean over its box, without blur, noise, clipping or padding, stored in steps of 1
/// HU. \param resolved  against scan_parameters().
[[nodiscard]] Parameters ideal_scan(const Parameters& resolved);

struct ScanOptions {
  Parameters parameters;  ///< Resolved against scan_parameters().
  std::uint64_t seed =
      0;  ///< Of the noise: a function of (seed, voxel) alone, whatever the number of threads.
  Progress progress;
};

/// A voxel's value is the phantom's HU convolved with the point spread, at the voxel's centre, plus noise;
/// clipped, rounded to what a stored whole number can say, and padded. Kernel `voxel`: the spread is the
/// voxel's box, convolved with a Gaussian. Partial volumes are within partial_volume_tolerance of the exact
/// integral.
[[nodiscard]] CtVolume scan(const Phantom& phantom, const ScanOptions& options);

/// What happens to the values when the object is in them: noise, clipping, rounding, padding.
void finish_scan(Image<float>& hu, const ScanOptions& options);

/// Whether a voxel's centre lies in the field of view: a circle about the middle of its slice where
/// `padding` is `circle`, everything else.
[[nodiscard]] bool in_field_of_view(const Grid& grid, const Parameters& resolved, int i, int j);

/// The exact fraction of each voxel's box that lies inside one target's surface, to within `tolerance`.
[[nodiscard]] Image<float> partial_volume(const ImplicitSurface& surface, const Grid& grid, double tolerance);

}  // namespace meshassay::phantoms
