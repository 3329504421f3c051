// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bridge_open3d/second_opinion.hpp"

#include <open3d/geometry/TriangleMesh.h>
#include <open3d/utility/Logging.h>

namespace meshassay::bridge_open3d {

SecondOpinion second_opinion(const TriangleMesh& mesh) {
  // Open3D reports to standard output, which is for JSON. Said once: its level is global and not guarded.
  [[maybe_unused]] static const bool silent = [] {
    open3d::utility::SetVerbosityLevel(open3d::utility::VerbosityLevel::Error);
    return true;
  }();
  open3d::geometry::TriangleMesh other;
  other.vertices_ = mesh.vertices_mm;
  other.triangles_.reserve(mesh.triangles.size());
  for (const auto& [a, b, c] : mesh.triangles)
    other.triangles_.emplace_back(static_cast<int>(a), static_cast<int>(b), static_cast<int>(c));
  return {.every_edge_has_two_triangles = other.IsEdgeManifold(/*allow_boundary_edges=*/false),
          .every_vertex_star_is_connected = other.IsVertexManifold(),
          .orientable = other.IsOrientable()};
}

}  // namespace meshassay::bridge_open3d
