// SPDX-License-Identifier: GPL-3.0-or-later
// The triangles at each vertex of a welded mesh.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/triangle_mesh.hpp"
#include "core/unfilled.hpp"

namespace meshassay {

/// A triangle as one of its vertices sees it: it runs from the vertex to `from`, on to `to`, and back.
struct LinkSide {
  std::uint32_t from = 0, to = 0;
  std::uint32_t triangle = 0;
};

/// The link of every vertex, each with its triangles ascending. Triangles that have a corner twice are left
/// out.
class VertexLinks {
 public:
  /// \pre Corners are vertices of the mesh.
  explicit VertexLinks(const TriangleMesh& mesh) : VertexLinks(mesh.triangles, mesh.vertices_mm.size()) {}
  VertexLinks(std::span<const Triangle> triangles, std::size_t vertices);

  [[nodiscard]] std::size_t vertices() const { return first_.size() - 1; }
  [[nodiscard]] std::size_t sides() const { return sides_.size(); }
  /// Number of the vertex's first side among all.
  [[nodiscard]] std::size_t first(std::size_t vertex) const { return first_[vertex]; }
  [[nodiscard]] std::span<const LinkSide> at(std::size_t vertex) const {
    return std::span(sides_).subspan(first_[vertex], first_[vertex + 1] - first_[vertex]);
  }

 private:
  std::vector<std::uint32_t> first_;
  Unfilled<LinkSide> sides_;
};

/// Whether the sides, each followed by the one that begins where it ends, are one closed cycle that passes no
/// vertex twice.
[[nodiscard]] bool is_one_directed_cycle(std::span<const LinkSide> sides);

}  // namespace meshassay
