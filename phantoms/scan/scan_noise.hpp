// SPDX-License-Identifier: GPL-3.0-or-later
// Noise with a declared level and power spectrum.
#pragma once

#include <cstdint>

#include "core/image.hpp"
#include "core/parameters.hpp"
#include "phantoms/scan/scan_spread.hpp"

namespace meshassay::phantoms {

/// white: every voxel by itself.
/// ramp: as filtered back projection leaves it. In plane the power is |f| T(f)^2, T the transfer function of
///   the point spread, up to the sampling's own limit along each axis; a slice's noise is the mean of white
///   slices weighted with the slice profile, so that slices that overlap share some.
enum class NoiseSpectrum { white, ramp };

struct NoiseModel {
  NoiseSpectrum spectrum = NoiseSpectrum::white;
  double level_hu = 0.0;  ///< Standard deviation of a voxel.
  PointSpread spread;
};

/// From the resolved parameters noise_hu and noise_spectrum.
[[nodiscard]] NoiseModel noise_model_of(const Parameters& resolved, const PointSpread& spread);

/// Adds noise of mean 0. A function of (model, grid's size and spacing, seed), whatever the number of
/// threads. \throw InvalidInput where the spectrum is empty: no frequency of the grid passes the spread.
void add_noise(Image<float>& hu, const NoiseModel& model, std::uint64_t seed);

/// Power at an in-plane frequency, in an unnamed unit; to be compared with itself.
[[nodiscard]] double noise_power(const NoiseModel& model, double along_i_per_mm, double along_j_per_mm);

/// How many voxels in a row count as one independent sample of the variance: the sum of the squared
/// correlations of a voxel with all others.
[[nodiscard]] double voxels_per_sample(const NoiseModel& model, const Grid& grid);

}  // namespace meshassay::phantoms
