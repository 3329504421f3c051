// SPDX-License-Identifier: GPL-3.0-or-later
// The formats behind read_mesh() and write_mesh(), one file each: bytes to mesh and back.
//
// Why not a library's readers: VTK's round to float32, CGAL's take memory for the counts that a header
// declares before they look at the file's size, and both pass over garbage in silence.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/triangle_mesh.hpp"

namespace meshassay::io {

/// Welded. \param where  the file, for errors. \throw InvalidInput
[[nodiscard]] TriangleMesh parse_stl(std::string_view bytes, const std::string& where);
/// Not yet welded, as the next ones are.
[[nodiscard]] TriangleMesh parse_obj(std::string_view bytes, const std::string& where);
[[nodiscard]] TriangleMesh parse_off(std::string_view bytes, const std::string& where);
[[nodiscard]] TriangleMesh parse_ply(std::string_view bytes, const std::string& where);
[[nodiscard]] TriangleMesh read_3mf(const std::filesystem::path& path);

/// \pre The mesh has triangles and finite coordinates.
[[nodiscard]] std::string to_obj(const TriangleMesh& mesh);
[[nodiscard]] std::string to_off(const TriangleMesh& mesh);
[[nodiscard]] std::string to_ply(const TriangleMesh& mesh);
void write_3mf(const TriangleMesh& mesh, const std::filesystem::path& path);

/// A polygon of corner numbers below the number of vertices.
class Polygon {
 public:
  void clear() { corners_.clear(); }
  void add(std::uint32_t corner) { corners_.push_back(corner); }
  [[nodiscard]] std::size_t size() const { return corners_.size(); }
  /// Adds its triangles, which run the way that it does: from its first corner where that covers it once,
  /// else by a constrained Delaunay triangulation. Both are decided in the projection along the axis to which
  /// its vector area is nearest. A corner that is named again at once counts once; one that is named again
  /// later closes a part of its own: a hole with its bridge, or a lobe. Where it meets itself otherwise, or
  /// has no area, from its first corner all the same.
  void cut_into(TriangleMesh& soup) const;

 private:
  std::vector<std::uint32_t> corners_;
};

}  // namespace meshassay::io
