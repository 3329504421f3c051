// SPDX-License-Identifier: GPL-3.0-or-later
// The boundary of a surface as loops and arcs.
#pragma once

#include <cstdint>
#include <vector>

#include "core/edge_table.hpp"

namespace meshassay::metrics {

struct VertexCurve {
  bool closed = false;
  std::vector<std::uint32_t> vertices;  ///< In order; a loop's first one is not repeated.
};

/// Runs of edges that belong to one triangle: first the arcs, one for each two vertices with an odd number of
/// such edges, then loops without a vertex twice. Every boundary edge is in exactly one.
[[nodiscard]] std::vector<VertexCurve> boundary_curves(const EdgeTable& edges, std::size_t vertices);

}  // namespace meshassay::metrics
