// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "core/triangle_mesh.hpp"

namespace meshassay::reference_pipeline {

/// The parts of a surface that hang together by shared vertices.
struct SurfacePieces {
  std::vector<std::uint32_t>
      of_vertex;  ///< Piece of each vertex: 0, 1, ... in the order of their first vertices.
  std::size_t count = 0;
};
[[nodiscard]] SurfacePieces find_pieces(const TriangleMesh& mesh);

/// Signed volume of each piece; a closed piece that bounds a cavity has a negative one.
[[nodiscard]] std::vector<double> piece_volumes_mm3(const TriangleMesh& mesh, const SurfacePieces& pieces);

}  // namespace meshassay::reference_pipeline
