// SPDX-License-Identifier: GPL-3.0-or-later
// Vertices about which a surface is so flat that its triangles there cannot be in each other's way.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/triangle_mesh.hpp"
#include "core/vertex_links.hpp"

namespace meshassay::exact {

/// For each vertex 1 where it is certain that its triangles are seen from some direction one beside the
/// other, all from the same side, once around it: then any two of them meet in the vertex, or in the edge
/// that they share, and in nothing else. 0 says nothing. Rounding errors are bounded: nothing is claimed that
/// does not hold exactly. \pre `links` are those of `mesh`, which is welded. Where `left_out` is not empty, a
/// vertex with a triangle that it marks gets 0.
[[nodiscard]] std::vector<std::uint8_t> flat_stars(const TriangleMesh& mesh, const VertexLinks& links,
                                                   std::span<const std::uint8_t> left_out = {});

}  // namespace meshassay::exact
