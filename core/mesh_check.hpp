// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/triangle_mesh.hpp"

namespace meshassay {

/// What every exact computation asks of a mesh before it begins.
/// \throw InvalidInput for a corner that is not in the mesh or not finite, with the triangle's number.
void check_corners(const TriangleMesh& mesh);

}  // namespace meshassay
