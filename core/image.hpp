// SPDX-License-Identifier: GPL-3.0-or-later
// Values on a grid of voxels, i fastest.
#pragma once

#include <vector>

#include "core/grid.hpp"

namespace meshassay {

template <typename T>
struct Image {
  Grid grid;
  std::vector<T> values;  ///< `grid.voxels()` of them, i fastest.

  Image() = default;
  explicit Image(const Grid& g, T fill = T{}) : grid(g), values(g.voxels(), fill) {}
  [[nodiscard]] T& at(int i, int j, int k) { return values[grid.offset(i, j, k)]; }
  [[nodiscard]] const T& at(int i, int j, int k) const { return values[grid.offset(i, j, k)]; }
};

}  // namespace meshassay
