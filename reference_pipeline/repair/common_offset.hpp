// SPDX-License-Identifier: GPL-3.0-or-later
// Where a corner of a wall goes whose faces have several directions.
#pragma once

#include <optional>
#include <span>

#include "core/geometry.hpp"

namespace meshassay::reference_pipeline::repair {

/// The shortest vector that is at least 1 along each unit normal; absent where it is longer than
/// `max_length`, i.e. where the normals spread too far. It is p / |p|^2 with p the point of the normals'
/// convex hull that is nearest to the origin. \pre There is a normal; max_length >= 1.
[[nodiscard]] std::optional<Vector3> common_offset(std::span<const Vector3> normals, double max_length);

}  // namespace meshassay::reference_pipeline::repair
