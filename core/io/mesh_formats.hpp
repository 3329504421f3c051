// SPDX-License-Identifier: GPL-3.0-or-later
// The formats behind read_mesh() and write_mesh(), one file each: bytes to mesh and back.
//
// Why not a library's readers: VTK's round to float32, CGAL's take memory for the counts that a header
// declares before they look at the file's size, and both pass over garbage in silence.
#pragma once

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

/// A polygon of corner numbers below `vertices`, cut from its first corner.
class Polygon {
 public:
  void clear() { corners_.clear(); }
  void add(std::uint32_t corner) { corners_.push_back(corner); }
  [[nodiscard]] std::size_t size() const { return corners_.size(); }
  void cut_into(std::vector<Triangle>& triangles) const {
    for (std::size_t i = 1; i + 1 < corners_.size(); ++i)
      triangles.push_back({corners_[0], corners_[i], corners_[i + 1]});
  }

 private:
  std::vector<std::uint32_t> corners_;
};

}  // namespace meshassay::io
