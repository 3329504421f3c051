// SPDX-License-Identifier: GPL-3.0-or-later
// One constrained triangulation in the plane of coplanar triangles.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/triangle_mesh.hpp"

namespace meshassay::exact {

class ExactPoints;

struct PlanarProblem {
  std::array<int, 2> axes{};                              ///< Of the projection; no area may vanish in it.
  std::vector<std::uint32_t> vertices;                    ///< Distinct, in order of insertion.
  std::vector<std::array<std::uint32_t, 2>> constraints;  ///< Between vertices; they meet in vertices only.
  std::vector<Triangle> members;  ///< The triangles that are cut; their edges are constraints too.
};

struct PlanarPiece {
  Triangle corners{};                  ///< Counter-clockwise in the projection.
  std::vector<std::uint32_t> members;  ///< Numbers of the members that it lies in, ascending; never empty.
};

/// Cuts the members along the constraints. Constraints through a vertex are split there. Where the
/// constraints leave a choice, angles are kept large (Delaunay, in rounded coordinates).
[[nodiscard]] std::vector<PlanarPiece> triangulate(const ExactPoints& points, const PlanarProblem& problem);

}  // namespace meshassay::exact
