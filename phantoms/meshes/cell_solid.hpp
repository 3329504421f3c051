// SPDX-License-Identifier: GPL-3.0-or-later
// A solid made of cells of a grid, which may touch along edges and at corners, and its topology by counting
// cells: what the rows of voxel and box phantoms are derived from, without any geometry.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "core/triangle_mesh.hpp"

namespace meshassay::phantoms {

class CellSolid {
 public:
  /// The grid's planes along each axis, ascending; no cell is solid yet.
  explicit CellSolid(std::array<std::vector<double>, 3> planes_mm);
  /// Unit cells: size[0] x size[1] x size[2] from the origin.
  static CellSolid of_voxels(const std::array<int, 3>& size);

  [[nodiscard]] std::array<int, 3> cells() const;
  /// False outside the grid.
  [[nodiscard]] bool solid(int i, int j, int k) const;
  void set(int i, int j, int k, bool solid);

  [[nodiscard]] double volume_mm3() const;
  /// Solids that are connected over faces of cells: contacts along edges or at corners do not count.
  [[nodiscard]] int parts() const;
  /// Empty cells that cannot be reached from outside over faces become solid.
  [[nodiscard]] CellSolid with_voids_filled() const;
  /// Voids that with_voids_filled() fills, connected over faces.
  [[nodiscard]] int voids() const;
  /// Of the open solid: cells less inner faces plus inner edges less inner corners (all cells about them
  /// solid).
  [[nodiscard]] int euler_characteristic() const;
  /// Whether the surface is a two-manifold: at no edge do two solid cells lie across from each other alone,
  /// and at no corner are the solid cells, or the empty ones, more than one piece over faces.
  [[nodiscard]] bool two_manifold() const;
  /// Connected over edges of cells.
  [[nodiscard]] std::size_t surface_components() const;

  /// Two triangles for each face between solid and empty, outward; vertices shared by position.
  [[nodiscard]] TriangleMesh surface() const;

 private:
  /// Whether the empty cells, cells beyond the grid included, are reached from outside over faces.
  [[nodiscard]] std::vector<char> outside() const;
  [[nodiscard]] std::size_t index(int i, int j, int k) const;

  std::array<std::vector<double>, 3> planes_mm_;
  std::vector<char> solid_;  ///< i fastest.
};

}  // namespace meshassay::phantoms
