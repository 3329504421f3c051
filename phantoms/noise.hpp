// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace meshassay::phantoms {

/// One number of the standard normal distribution for each (seed, voxel): independent, the same for any
/// order.
[[nodiscard]] double standard_normal(std::uint64_t seed, std::uint64_t voxel);

}  // namespace meshassay::phantoms
