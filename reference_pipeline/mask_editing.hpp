// SPDX-License-Identifier: GPL-3.0-or-later
// What a mask is made of, and what may be taken away from it or filled before a surface is made.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/label_map.hpp"

namespace meshassay::reference_pipeline {

/// What one label holds. Components are 26-connected; cavities are 6-connected parts of the rest of the
/// volume that do not reach its border.
struct MaskInventory {
  std::size_t voxels = 0, components = 0, cavities = 0;
  std::size_t voxels_at_border = 0;  ///< In the first or last column, row or slice of the volume.
};
[[nodiscard]] MaskInventory take_inventory(const LabelMap& mask, std::uint16_t label);

enum class Islands { keep, largest, min_volume };
enum class Cavities { keep, fill };

struct MaskEditingOptions {
  Islands islands = Islands::keep;
  double min_island_mm3 = 0.0;  ///< Components with a smaller volume go, for Islands::min_volume.
  Cavities cavities = Cavities::keep;
};

struct MaskEdits {
  std::size_t removed_components = 0, removed_voxels = 0;
  std::size_t filled_cavities = 0, filled_voxels = 0;
};

/// Islands first, then the cavities of what is left. Of components of equal size the one with the first voxel
/// in memory is the largest. Filling leaves the voxels of other labels inside a cavity alone.
MaskEdits edit_mask(LabelMap& mask, std::uint16_t label, const MaskEditingOptions& options);

}  // namespace meshassay::reference_pipeline
