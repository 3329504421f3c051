// SPDX-License-Identifier: GPL-3.0-or-later
// Walls close the gaps that are narrower than they are thick. Where the solid has surface behind such a gap,
// filling what is shut off would bury it: the gap is widened instead, to a passage.
#pragma once

#include <cstdint>
#include <vector>

#include "core/triangle_mesh.hpp"
#include "reference_pipeline/repair/solid.hpp"

namespace meshassay::reference_pipeline::repair {

/// What a sorted mesh was put together of: triangles of the input, then closed surfaces of walls (plates,
/// rods), then of passages, then of slits that are cut wider.
struct Pieces {
  std::size_t given = 0;  ///< Triangles of the input; all that bound the solid are among them.
  std::size_t walls = 0;
  std::size_t passages = 0;  ///< Taken out of walls.
  std::size_t slits = 0;     ///< Taken out of walls and of the solid.
};

/// What a cell is: the input's triangles alone decide what they enclose, but for slits that are cut into it.
enum class Space : std::uint8_t { solid, wall, free };
[[nodiscard]] std::vector<Space> spaces_of(const Sorted& sorted, const Pieces& pieces);

/// A connected free space that walls cut off from outside.
struct ShutOff {
  std::vector<std::uint32_t> cells;  ///< Ascending.
  double volume_mm3 = 0.0;
  double solid_area_mm2 = 0.0;  ///< Of the surface of the solid that it borders.
};
/// Ascending by first cell.
[[nodiscard]] std::vector<ShutOff> shut_off(const Sorted& sorted, const std::vector<Space>& spaces);

/// A way from one free space to another through walls, from point to point.
using Way = std::vector<Point3>;

/// Ways that connect each of `targets` with outside, as short within walls as they can be found and through
/// the gaps of the input: a way crosses a triangle of the input only where no other was found. One that leads
/// through another shut-off space has a gap there.
[[nodiscard]] std::vector<Way> ways_out(const Sorted& sorted, const Pieces& pieces,
                                        const std::vector<Space>& spaces, const std::vector<ShutOff>& targets,
                                        const TriangleMesh& input, double thickness_mm);

/// Prisms about the ways, a little longer than they, facing inwards.
[[nodiscard]] TriangleMesh passages(const std::vector<Way>& ways, double radius_mm);

/// Opens the free cells that are connected with outside.
void open_free_space(Sorted& sorted, const std::vector<Space>& spaces);

}  // namespace meshassay::reference_pipeline::repair
