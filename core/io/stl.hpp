// SPDX-License-Identifier: GPL-3.0-or-later
// STL, binary and ASCII, told apart by size and content, never by the word "solid" alone.
#pragma once

#include <filesystem>

#include "core/triangle_mesh.hpp"

namespace meshassay::io {

/// Coordinates as they stand (binary: the float32; ASCII: the nearest double), welded by equal coordinates,
/// triangles in file order, degenerate ones kept; normals ignored. \throw InvalidInput for no triangle, a
/// count that does not fit the file's size, truncation, NaN or infinity, garbage.
[[nodiscard]] TriangleMesh read_stl(const std::filesystem::path& path);

/// Binary, normals from the vertices as written. Same mesh, same bytes. Rounding to float32 may make two
/// vertices one when the file is read again, and close triangles flat: what counts is the file as read back.
/// \throw InvalidInput for an empty mesh
/// or a coordinate that float32 cannot hold.
void write_stl(const TriangleMesh& mesh, const std::filesystem::path& path);
/// The same as text, with all digits: reads back as the same doubles. \throw InvalidInput for an empty mesh
/// or a coordinate that is not finite.
void write_stl_text(const TriangleMesh& mesh, const std::filesystem::path& path);

}  // namespace meshassay::io
