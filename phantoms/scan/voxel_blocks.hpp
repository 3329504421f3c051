// SPDX-License-Identifier: GPL-3.0-or-later
// Most voxels are far from the surface: a slice is halved into blocks until a block lies on one side, or is
// one voxel that the surface may cut.
#pragma once

#include <cmath>

#include "core/image.hpp"
#include "core/implicit_surface.hpp"

namespace meshassay::phantoms {

/// Voxels i_begin <= i < i_end, j_begin <= j < j_end of one slice.
struct VoxelBlock {
  int i_begin = 0, i_end = 0, j_begin = 0, j_end = 0;
};

/// Calls `decided(block, inside)` for blocks whose voxels' boxes lie wholly on one side, and
/// `undecided(i, j, center_mm)` for single voxels near the surface; each voxel once, in a fixed order.
/// Rigorous: the distance has Lipschitz constant 1, so a box whose centre is farther from the surface than
/// its half diagonal is not cut.
template <typename Decided, typename Undecided>
void visit_blocks(const ImplicitSurface& surface, const Grid& grid, int k, const VoxelBlock& block,
                  const Decided& decided, const Undecided& undecided) {
  const int columns = block.i_end - block.i_begin;
  const int rows = block.j_end - block.j_begin;
  const Point3 center_mm = grid.to_world({0.5 * (block.i_begin + block.i_end - 1),
                                          0.5 * (block.j_begin + block.j_end - 1), static_cast<double>(k)});
  const double half_diagonal_mm = 0.5 * Vector3(columns, rows, 1.0).cwiseProduct(grid.spacing_mm).norm();
  const double distance_mm = surface.signed_distance_mm(center_mm);
  // A millionth more than the half diagonal, so that rounding cannot decide.
  if (std::abs(distance_mm) > half_diagonal_mm * (1.0 + 1e-6)) {
    decided(block, distance_mm < 0.0);
  } else if (columns == 1 && rows == 1) {
    undecided(block.i_begin, block.j_begin, center_mm);
  } else {
    VoxelBlock first = block;
    VoxelBlock second = block;
    if (columns * grid.spacing_mm[0] >= rows * grid.spacing_mm[1] && columns > 1)
      first.i_end = second.i_begin = block.i_begin + columns / 2;
    else if (rows > 1)
      first.j_end = second.j_begin = block.j_begin + rows / 2;
    else
      first.i_end = second.i_begin = block.i_begin + columns / 2;
    visit_blocks(surface, grid, k, first, decided, undecided);
    visit_blocks(surface, grid, k, second, decided, undecided);
  }
}

template <typename Decided, typename Undecided>
void visit_slice(const ImplicitSurface& surface, const Grid& grid, int k, const Decided& decided,
                 const Undecided& undecided) {
  if (grid.size[0] <= 0 || grid.size[1] <= 0) return;
  visit_blocks(surface, grid, k, {0, grid.size[0], 0, grid.size[1]}, decided, undecided);
}

}  // namespace meshassay::phantoms
