// SPDX-License-Identifier: GPL-3.0-or-later
// One label of a mask as runs of voxels along the columns axis: what counting and intersecting work on.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/label_map.hpp"

namespace meshassay::metrics {

/// How the axes of a view run through an image: view axis `a` is the image's axis `axis[a]`, backwards where
/// `flipped[a]`.
struct AxisView {
  std::array<int, 3> axis = {0, 1, 2};
  std::array<bool, 3> flipped = {false, false, false};
};

/// Voxels begin ... end - 1 of a row, in the view's indices.
struct Run {
  int begin = 0, end = 0;
};

/// Runs of one label, row by row; a row is named by its second and third index.
struct MaskRuns {
  std::array<int, 3> size = {0, 0, 0};  ///< Of the view.
  std::vector<Run> runs;                ///< Row after row, j fastest, ascending in a row.
  std::vector<std::size_t> first;       ///< Where a row's runs begin; size[1] * size[2] + 1 of them.
  std::uint64_t voxels = 0;

  [[nodiscard]] std::span<const Run> row(int j, int k) const {
    const std::size_t r = static_cast<std::size_t>(k) * static_cast<std::size_t>(size[1]) + j;
    return std::span(runs).subspan(first[r], first[r + 1] - first[r]);
  }
};

[[nodiscard]] MaskRuns mask_runs(const LabelMap& mask, std::uint16_t label, const AxisView& view = {});

/// \throw InvalidInput where values and grid do not fit, a spacing is not positive or the direction not
/// orthonormal. `role` is named in the message: "test mask".
void check_mask(const LabelMap& mask, const std::string& role);

}  // namespace meshassay::metrics
