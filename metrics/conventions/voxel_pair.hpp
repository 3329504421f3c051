// SPDX-License-Identifier: GPL-3.0-or-later
// One label of two masks on the same voxels: what the tools that compare arrays look at.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/label_map.hpp"

namespace meshassay::metrics::conventions {

/// Marks on a box of voxels, i fastest: 1 inside, 0 outside.
struct VoxelBox {
  std::array<int, 3> size = {0, 0, 0};
  Vector3 spacing_mm = Vector3::Ones();

  [[nodiscard]] std::size_t voxels() const {
    return static_cast<std::size_t>(size[0]) * static_cast<std::size_t>(size[1]) *
           static_cast<std::size_t>(size[2]);
  }
  /// Distance in memory between neighbours along an axis.
  [[nodiscard]] std::size_t stride(int axis) const {
    std::size_t stride = 1;
    for (int before = 0; before < axis; ++before) stride *= static_cast<std::size_t>(size[before]);
    return stride;
  }
};

using Marks = std::vector<std::uint8_t>;

/// The box that holds the label in either mask, with two voxels of background all round: one that is next to
/// the label, and one more so that every voxel next to the label has all its neighbours.
struct VoxelPair {
  VoxelBox box;
  Marks test, reference;
  std::array<int, 3> image_begin = {0, 0, 0}, image_end = {0, 0, 0};  ///< Where the image lies in the box.
  std::uint64_t test_voxels = 0, reference_voxels = 0;
};

/// Voxel by voxel, whatever origin and direction; spacings are the reference's.
/// \pre the two grids have the same size.
[[nodiscard]] VoxelPair voxel_pair(const LabelMap& test, const LabelMap& reference, std::uint16_t label);

/// Voxels inside with one of the six neighbours outside. What lies beyond the image is outside.
[[nodiscard]] Marks border_voxels(const VoxelBox& box, const Marks& inside);
/// The same with one of the 26 voxels outside that share a face, an edge or a corner.
[[nodiscard]] Marks border_voxels_of_26(const VoxelBox& box, const Marks& inside);

}  // namespace meshassay::metrics::conventions
