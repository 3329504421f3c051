// SPDX-License-Identifier: GPL-3.0-or-later
// The edges of a welded mesh with the triangles at each.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/triangle_mesh.hpp"
#include "core/unfilled.hpp"
#include "core/vertex_links.hpp"

namespace meshassay {

/// One side of a triangle.
struct EdgeUse {
  std::uint32_t low = 0, high = 0;  ///< Vertices, the smaller first.
  std::uint32_t triangle = 0;
  bool forward = true;  ///< The triangle runs from low to high.
};

/// Uses of all edges, sorted by (low, high, triangle), so that those of one edge stand together.
class EdgeTable {
 public:
  /// Triangles that have a corner twice are left out.
  explicit EdgeTable(const TriangleMesh& mesh) : EdgeTable(VertexLinks(mesh)) {}
  explicit EdgeTable(const VertexLinks& links);

  [[nodiscard]] std::size_t edges() const { return first_.size() - 1; }
  [[nodiscard]] std::span<const EdgeUse> edge(std::size_t e) const {
    return std::span(uses_).subspan(first_[e], first_[e + 1] - first_[e]);
  }
  /// For each triangle the number of its component, connected over edges, numbered by first triangle.
  [[nodiscard]] std::vector<std::uint32_t> components(std::size_t triangles) const;

 private:
  Unfilled<EdgeUse> uses_;
  std::vector<std::uint32_t> first_;
};

/// The welded mesh without the triangles that have a corner twice.
[[nodiscard]] TriangleMesh welded_without_collapsed(const TriangleMesh& mesh);

}  // namespace meshassay
