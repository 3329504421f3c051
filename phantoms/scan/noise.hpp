// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <complex>
#include <cstdint>

namespace meshassay::phantoms {

/// One number of the standard normal distribution for each (seed, voxel): independent, the same for any
/// order.
[[nodiscard]] double standard_normal(std::uint64_t seed, std::uint64_t voxel);

/// Two of them, as real and imaginary part, for each (seed, place, layer); independent of standard_normal().
[[nodiscard]] std::complex<double> complex_normal(std::uint64_t seed, std::uint32_t place,
                                                  std::uint32_t layer);

}  // namespace meshassay::phantoms
