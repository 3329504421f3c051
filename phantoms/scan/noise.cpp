// SPDX-License-Identifier: GPL-3.0-or-later
#include "phantoms/scan/noise.hpp"

#include <array>
#include <cmath>
#include <numbers>

#include "phantoms/scan/philox.hpp"

namespace meshassay::phantoms {
namespace {

/// The upper 53 bits of two words.
double integer_of_53_bits(std::uint32_t high, std::uint32_t low) {
  return static_cast<double>(((std::uint64_t{high} << 32) | low) >> 11);
}

/// Box and Muller (1958): one uniform number in (0, 1], so that its logarithm is finite, one in [0, 1).
struct Polar {
  double radius, angle;
};
Polar polar_normal(const std::array<std::uint32_t, 4>& counter, std::uint64_t seed) {
  const auto bits =
      philox4x32_10(counter, {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)});
  const double radial = (integer_of_53_bits(bits[0], bits[1]) + 1.0) * 0x1p-53;
  const double angular = integer_of_53_bits(bits[2], bits[3]) * 0x1p-53;
  return {std::sqrt(-2.0 * std::log(radial)), 2.0 * std::numbers::pi * angular};
}

}  // namespace

double standard_normal(std::uint64_t seed, std::uint64_t voxel) {
  const auto [radius, angle] =
      polar_normal({static_cast<std::uint32_t>(voxel), static_cast<std::uint32_t>(voxel >> 32), 0, 0}, seed);
  return radius * std::cos(angle);
}

std::complex<double> complex_normal(std::uint64_t seed, std::uint32_t place, std::uint32_t layer) {
  // The third word tells this stream from the one above.
  const auto [radius, angle] = polar_normal({place, layer, 1, 0}, seed);
  return {radius * std::cos(angle), radius * std::sin(angle)};
}

}  // namespace meshassay::phantoms
