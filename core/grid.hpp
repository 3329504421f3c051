// SPDX-License-Identifier: GPL-3.0-or-later
// Where voxels lie in world coordinates. Shapes are (columns i, rows j, slices k); memory is i fastest.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "core/geometry.hpp"

namespace meshassay {

/// Where the voxels of an image lie. A voxel's coordinates are those of its *centre*.
struct Grid {
  std::array<int, 3> size = {0, 0, 0};   ///< Voxels along i (columns), j (rows), k (slices).
  Vector3 spacing_mm = Vector3::Ones();  ///< Distances of neighbouring centres; never a slice *thickness*.
  Point3 origin_mm = Point3::Zero();     ///< Centre of voxel (0, 0, 0), LPS.
  Matrix3 direction =
      Matrix3::Identity();  ///< Columns: unit vectors of the i, j and k axes, LPS; may be left-handed.

  [[nodiscard]] std::size_t voxels() const {
    return static_cast<std::size_t>(size[0]) * static_cast<std::size_t>(size[1]) *
           static_cast<std::size_t>(size[2]);
  }
  [[nodiscard]] double voxel_volume_mm3() const { return spacing_mm.prod(); }
  /// The larger of row and column spacing: the unit `in_plane` of limits.
  [[nodiscard]] double in_plane_mm() const { return std::max(spacing_mm[0], spacing_mm[1]); }
  /// The slice *distance*: the unit `slice` of limits.
  [[nodiscard]] double slice_mm() const { return spacing_mm[2]; }
  [[nodiscard]] std::size_t offset(int i, int j, int k) const {
    return (static_cast<std::size_t>(k) * static_cast<std::size_t>(size[1]) + static_cast<std::size_t>(j)) *
               static_cast<std::size_t>(size[0]) +
           static_cast<std::size_t>(i);
  }
  [[nodiscard]] bool contains(int i, int j, int k) const {
    return i >= 0 && j >= 0 && k >= 0 && i < size[0] && j < size[1] && k < size[2];
  }
  /// World coordinates of a (fractional) index.
  [[nodiscard]] Point3 to_world(const Vector3& index) const {
    return origin_mm + direction * index.cwiseProduct(spacing_mm);
  }
  /// Fractional index of a world point. `direction` must be orthonormal.
  [[nodiscard]] Vector3 to_index(const Point3& world_mm) const {
    return (direction.transpose() * (world_mm - origin_mm)).cwiseQuotient(spacing_mm);
  }
  friend bool operator==(const Grid&, const Grid&) = default;
};

}  // namespace meshassay
