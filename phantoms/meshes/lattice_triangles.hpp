// SPDX-License-Identifier: GPL-3.0-or-later
// Triangles with whole-number corners: whether they meet, in integer arithmetic. A way of its own, so that a
// row of a phantom does not come from the predicates that it tests.
#pragma once

#include <array>
#include <cstdint>

namespace meshassay::phantoms {

using LatticePoint = std::array<std::int64_t, 3>;
using LatticeTriangle = std::array<LatticePoint, 3>;

/// Coordinates up to this keep all products within 64 bits: a determinant of differences below 2^19 is
/// less than 6 x 2^57 < 2^63.
inline constexpr std::int64_t largest_lattice_coordinate = (1 << 19) - 1;

[[nodiscard]] bool collinear(const LatticeTriangle& triangle);
/// Whether two triangles with area have a point in common, as closed sets.
[[nodiscard]] bool meet(const LatticeTriangle& a, const LatticeTriangle& b);

}  // namespace meshassay::phantoms
