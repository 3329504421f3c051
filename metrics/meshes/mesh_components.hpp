// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of a mesh, each by itself.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "core/triangle_mesh.hpp"
#include "metrics/meshes/mesh_integrity.hpp"

namespace meshassay::metrics {

/// Triangles connected over edges, as a mesh of their own: what happens at a corner that it shares with
/// another part does not count against it.
struct MeshComponent {
  MeshIntegrity integrity;
  /// By the divergence theorem, where it is closed and consistently oriented: negative for one that is turned
  /// inwards.
  std::optional<double> signed_volume_mm3;
};

/// The parts with the most triangles, the first of equals first; triangles with two equal corners are left
/// out. \pre every corner is in the mesh and finite.
[[nodiscard]] std::vector<MeshComponent> largest_components(const TriangleMesh& mesh, std::size_t at_most);

}  // namespace meshassay::metrics
