// SPDX-License-Identifier: GPL-3.0-or-later
// What Open3D says of a mesh: an independent implementation to hold ours against.
#pragma once

#include "core/triangle_mesh.hpp"

namespace meshassay::bridge_open3d {

struct SecondOpinion {
  bool every_edge_has_two_triangles = false;    ///< IsEdgeManifold(allow_boundary_edges = false)
  bool every_vertex_star_is_connected = false;  ///< IsVertexManifold(): triangles at a vertex, over edges.
  bool orientable = false;                      ///< IsOrientable(): *can* be oriented, whatever it is now.
};

/// Vertices are the same where their index is: weld first. \pre No triangle has a corner twice.
[[nodiscard]] SecondOpinion second_opinion(const TriangleMesh& mesh);

}  // namespace meshassay::bridge_open3d
