// SPDX-License-Identifier: GPL-3.0-or-later
// Triangles that come as corners, made into a mesh.
#pragma once

#include <array>
#include <cstddef>
#include <functional>

#include "core/triangle_mesh.hpp"

namespace meshassay {

/// What welded() makes of a mesh of so many triangles with three vertices of their own each, without that
/// mesh. `corners_of` is called once for each triangle, by many threads at once.
[[nodiscard]] TriangleMesh welded_triangles(
    std::size_t triangles, const std::function<std::array<Point3, 3>(std::size_t)>& corners_of);

}  // namespace meshassay
