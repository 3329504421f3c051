// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "metrics/boundary/boundary_cells.hpp"

namespace meshassay::metrics {

/// The connected part of a boundary that each vertex belongs to; parts are counted in the order of their
/// first vertices.
[[nodiscard]] std::vector<std::uint32_t> connected_parts(const BoundaryCells& cells);

}  // namespace meshassay::metrics
