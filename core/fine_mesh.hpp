// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/triangle_mesh.hpp"

namespace meshassay {

/// The same surface with no edge longer than `longest_mm`: longer ones are halved, again and again, in all of
/// their triangles. A two-manifold stays one. The new vertices lie on the old edges but for rounding.
/// \pre Corners are finite and exist; `longest_mm` is positive. \throw InvalidInput where that takes more
/// than 2^22 triangles.
[[nodiscard]] TriangleMesh with_edges_up_to(TriangleMesh mesh, double longest_mm);

}  // namespace meshassay
