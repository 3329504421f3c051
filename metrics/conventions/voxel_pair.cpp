// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/conventions/voxel_pair.hpp"

#include <algorithm>
#include <span>

#include "metrics/masks/label_extents.hpp"

namespace meshassay::metrics::conventions {
namespace {

constexpr int margin = 2;

Marks marks_of(const LabelMap& mask, std::uint16_t label, const LabelExtent& extent, const VoxelBox& box,
               const std::array<int, 3>& first, std::uint64_t& count) {
  Marks marks(box.voxels(), 0);
  for (int k = extent.begin[2]; k < extent.end[2]; ++k)
    for (int j = extent.begin[1]; j < extent.end[1]; ++j) {
      const std::size_t row = static_cast<std::size_t>(k - first[2]) * box.stride(2) +
                              static_cast<std::size_t>(j - first[1]) * box.stride(1);
      for (int i = extent.begin[0]; i < extent.end[0]; ++i) {
        if (mask.at(i, j, k) != label) continue;
        marks[row + static_cast<std::size_t>(i - first[0])] = 1;
        ++count;
      }
    }
  return marks;
}

// The voxels inside that have something outside among those at the given distances in memory, either way.
Marks border_by(const Marks& inside, std::span<const std::size_t> neighbours) {
  Marks border(inside.size(), 0);
  for (std::size_t v = 0; v < inside.size(); ++v) {
    if (inside[v] == 0) continue;
    for (const std::size_t away : neighbours)
      if (inside[v - away] == 0 || inside[v + away] == 0) border[v] = 1;
  }
  return border;
}

}  // namespace

VoxelPair voxel_pair(const LabelMap& test, const LabelMap& reference, std::uint16_t label) {
  const auto extent_in = [&](const LabelMap& mask) {
    const auto extents = label_extents(mask);
    const auto found = extents.find(label);
    return found == extents.end() ? LabelExtent{} : found->second;
  };
  const LabelExtent in_test = extent_in(test), in_reference = extent_in(reference);
  VoxelPair pair;
  pair.box.spacing_mm = reference.grid.spacing_mm;
  std::array<int, 3> first{};
  for (std::size_t a = 0; a < 3; ++a) {
    int begin = in_test.begin[a], end = in_test.end[a];
    if (in_test.empty()) {
      begin = in_reference.begin[a], end = in_reference.end[a];
    } else if (!in_reference.empty()) {
      begin = std::min(begin, in_reference.begin[a]), end = std::max(end, in_reference.end[a]);
    }
    first[a] = begin - margin;
    pair.box.size[a] = end - begin + 2 * margin;
    pair.image_begin[a] = -first[a];
    pair.image_end[a] = reference.grid.size[a] - first[a];
  }
  pair.test = marks_of(test, label, in_test, pair.box, first, pair.test_voxels);
  pair.reference = marks_of(reference, label, in_reference, pair.box, first, pair.reference_voxels);
  return pair;
}

Marks border_voxels(const VoxelBox& box, const Marks& inside) {
  return border_by(inside, std::array{box.stride(0), box.stride(1), box.stride(2)});
}

Marks border_voxels_of_26(const VoxelBox& box, const Marks& inside) {
  const std::size_t i = box.stride(0), j = box.stride(1), k = box.stride(2);
  return border_by(inside, std::array{i, j, k, j - i, j + i, k - i, k + i, k - j, k + j, k - j - i, k - j + i,
                                      k + j - i, k + j + i});
}

}  // namespace meshassay::metrics::conventions
