// SPDX-License-Identifier: GPL-3.0-or-later
// The makers of the mesh phantoms, by the file that they are in.
#pragma once

#include "phantoms/mesh_phantom.hpp"

namespace meshassay::phantoms {

/// @name orientation.cpp
[[nodiscard]] MeshPhantomDefinition cube();
[[nodiscard]] MeshPhantomDefinition inside_out_cube();
[[nodiscard]] MeshPhantomDefinition flipped_triangle();

/// @name nested.cpp
[[nodiscard]] MeshPhantomDefinition cube_in_cube();
[[nodiscard]] MeshPhantomDefinition nested_parts();
[[nodiscard]] MeshPhantomDefinition nested_sheet();

}  // namespace meshassay::phantoms
