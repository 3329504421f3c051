// SPDX-License-Identifier: GPL-3.0-or-later
// Triangle meshes in files: STL, OBJ, PLY, OFF and 3MF (docs/formats.md).
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "core/triangle_mesh.hpp"

namespace meshassay::io {

/// ".stl", ".obj", ".ply", ".off", ".3mf".
[[nodiscard]] std::span<const char* const> mesh_extensions();
[[nodiscard]] std::string lower_extension(const std::filesystem::path& path);  ///< "Model.STL": ".stl".
[[nodiscard]] bool has_mesh_extension(const std::filesystem::path& path);

/// Coordinates as they stand (text: the nearest double; binary: the number), welded by equal coordinates,
/// triangles in file order, degenerate ones kept. Polygons are cut into triangles that cover them once, from
/// their first corner where that does. A file that says by its first bytes that it is PLY, OFF or a zip
/// archive is read as that, others by their extension.
/// \throw InvalidInput for no triangle, truncation, a count that the file is too short for, NaN, infinity or
/// beyond 1e100 mm, a corner that is not there, garbage. \throw UnsupportedFormat for another extension.
[[nodiscard]] TriangleMesh read_mesh(const std::filesystem::path& path);

/// By the extension: STL binary (float32, see write_stl), PLY binary little-endian with doubles, OBJ and OFF
/// with the shortest text that reads back as the same double, 3MF the same in millimetres. Same mesh, same
/// bytes. \throw InvalidInput for an empty mesh or a coordinate that is not finite. \throw UnsupportedFormat
void write_mesh(const TriangleMesh& mesh, const std::filesystem::path& path);

}  // namespace meshassay::io
