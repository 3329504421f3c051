// SPDX-License-Identifier: GPL-3.0-or-later
// A polygon with holes as triangles, by CGAL's constrained Delaunay triangulation.
#pragma once

#include <Eigen/Core>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace meshassay {

/// Triangles over the corners of the polygons, numbered through in their order, of the region that lies
/// inside an odd number of them; counter-clockwise, no corner added. The same for the same input. Nothing
/// where polygons meet or cross themselves or each other, or a corner stands twice.
[[nodiscard]] std::optional<std::vector<std::array<std::uint32_t, 3>>> triangulated_region(
    std::span<const std::vector<Eigen::Vector2d>> polygons);

}  // namespace meshassay
