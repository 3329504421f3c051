// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/triangle_mesh.hpp"

namespace meshassay::reference_pipeline {

/// The surface as a binary STL gives it back: coordinates rounded to float32, vertices welded by equal
/// coordinates in the order of their first use. Stages are held so, and a file says the same as the stage in
/// memory.
[[nodiscard]] TriangleMesh as_written(const TriangleMesh& mesh);

}  // namespace meshassay::reference_pipeline
