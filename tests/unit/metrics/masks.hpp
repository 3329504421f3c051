// SPDX-License-Identifier: GPL-3.0-or-later
// Small masks to measure.
#pragma once

#include <array>
#include <string>

#include "core/label_map.hpp"

namespace meshassay::metrics {

inline Grid grid_of(const std::array<int, 3>& size, const Vector3& spacing_mm = Vector3::Ones(),
                    const Point3& origin_mm = Point3::Zero()) {
  return {.size = size, .spacing_mm = spacing_mm, .origin_mm = origin_mm, .direction = Matrix3::Identity()};
}

/// The box begin ... end - 1 in voxels.
inline void fill_box(LabelMap& mask, const std::array<int, 3>& begin, const std::array<int, 3>& end,
                     std::uint16_t label = 1) {
  for (int k = begin[2]; k < end[2]; ++k)
    for (int j = begin[1]; j < end[1]; ++j)
      for (int i = begin[0]; i < end[0]; ++i) mask.at(i, j, k) = label;
}

/// The same object in a grid with its axes in another order or direction.
inline LabelMap reordered(const LabelMap& mask, const std::array<int, 3>& axis,
                          const std::array<bool, 3>& flipped) {
  LabelMap result;
  Vector3 first = Vector3::Zero();  // Index in `mask` of the result's first voxel.
  for (std::size_t a = 0; a < 3; ++a) {
    const auto from = static_cast<std::size_t>(axis[a]);
    result.grid.size[a] = mask.grid.size[from];
    result.grid.spacing_mm[static_cast<int>(a)] = mask.grid.spacing_mm[axis[a]];
    result.grid.direction.col(static_cast<int>(a)) =
        mask.grid.direction.col(axis[a]) * (flipped[a] ? -1.0 : 1.0);
    if (flipped[a]) first[axis[a]] = mask.grid.size[from] - 1;
  }
  result.grid.origin_mm = mask.grid.to_world(first);
  result.values.resize(result.grid.voxels());
  for (int k = 0; k < result.grid.size[2]; ++k)
    for (int j = 0; j < result.grid.size[1]; ++j)
      for (int i = 0; i < result.grid.size[0]; ++i) {
        const std::array<int, 3> here = {i, j, k};
        std::array<int, 3> there{};
        for (std::size_t a = 0; a < 3; ++a) {
          const auto from = static_cast<std::size_t>(axis[a]);
          there[from] = flipped[a] ? mask.grid.size[from] - 1 - here[a] : here[a];
        }
        result.at(i, j, k) = mask.at(there[0], there[1], there[2]);
      }
  return result;
}

/// Turns and moves where a mask lies.
inline LabelMap moved(LabelMap mask, const Matrix3& rotation, const Vector3& shift_mm) {
  mask.grid.direction = rotation * mask.grid.direction;
  mask.grid.origin_mm = rotation * mask.grid.origin_mm + shift_mm;
  return mask;
}

}  // namespace meshassay::metrics
