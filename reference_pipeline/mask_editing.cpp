// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference_pipeline/mask_editing.hpp"

#include <algorithm>
#include <vector>

#include "reference_pipeline/connected_components.hpp"

namespace meshassay::reference_pipeline {
namespace {

Image<std::uint8_t> select(const LabelMap& mask, std::uint16_t label, bool inside) {
  Image<std::uint8_t> selected(mask.grid);
  std::transform(mask.values.begin(), mask.values.end(), selected.values.begin(), [&](std::uint16_t value) {
    return static_cast<std::uint8_t>((value == label) == inside ? 1 : 0);
  });
  return selected;
}

// Calls visit(offset) for the voxels of the volume's six outermost layers, each once.
template <typename Visit>
void for_each_border_voxel(const Grid& grid, Visit visit) {
  const auto& size = grid.size;
  for (int k = 0; k < size[2]; ++k)
    for (int j = 0; j < size[1]; ++j) {
      const bool whole_row = k == 0 || k == size[2] - 1 || j == 0 || j == size[1] - 1;
      const int step = whole_row ? 1 : std::max(size[0] - 1, 1);
      for (int i = 0; i < size[0]; i += step) visit(grid.offset(i, j, k));
    }
}

struct Outside {
  Components parts;
  std::vector<bool> is_cavity;  // By id; [0] is unused.
  [[nodiscard]] std::size_t cavities() const {
    return static_cast<std::size_t>(std::count(is_cavity.begin(), is_cavity.end(), true));
  }
};

Outside find_cavities(const LabelMap& mask, std::uint16_t label) {
  Outside outside{.parts = connected_components(select(mask, label, false), Connectivity::faces),
                  .is_cavity = {}};
  outside.is_cavity.assign(outside.parts.voxels.size() + 1, true);
  outside.is_cavity[0] = false;
  for_each_border_voxel(mask.grid,
                        [&](std::size_t v) { outside.is_cavity[outside.parts.ids.values[v]] = false; });
  return outside;
}

std::vector<bool> components_to_keep(const Components& components, const MaskEditingOptions& options,
                                     double voxel_mm3) {
  std::vector<bool> keep(components.voxels.size() + 1, true);
  if (components.voxels.empty()) return keep;
  const auto largest = static_cast<std::size_t>(
      std::max_element(components.voxels.begin(), components.voxels.end()) - components.voxels.begin());
  for (std::size_t n = 0; n < components.voxels.size(); ++n)
    keep[n + 1] = options.islands == Islands::largest
                      ? n == largest
                      : static_cast<double>(components.voxels[n]) * voxel_mm3 >= options.min_island_mm3;
  return keep;
}

}  // namespace

MaskInventory take_inventory(const LabelMap& mask, std::uint16_t label) {
  MaskInventory inventory;
  inventory.voxels = static_cast<std::size_t>(std::count(mask.values.begin(), mask.values.end(), label));
  if (inventory.voxels == 0) return inventory;
  inventory.components =
      connected_components(select(mask, label, true), Connectivity::faces_edges_corners).voxels.size();
  inventory.cavities = find_cavities(mask, label).cavities();
  for_each_border_voxel(mask.grid, [&](std::size_t v) {
    if (mask.values[v] == label) ++inventory.voxels_at_border;
  });
  return inventory;
}

MaskEdits edit_mask(LabelMap& mask, std::uint16_t label, const MaskEditingOptions& options) {
  MaskEdits edits;
  if (options.islands != Islands::keep) {
    const auto components =
        connected_components(select(mask, label, true), Connectivity::faces_edges_corners);
    const auto keep = components_to_keep(components, options, mask.grid.voxel_volume_mm3());
    edits.removed_components = static_cast<std::size_t>(std::count(keep.begin(), keep.end(), false));
    for (std::size_t v = 0; v < mask.values.size(); ++v) {
      if (keep[components.ids.values[v]]) continue;
      mask.values[v] = 0;
      ++edits.removed_voxels;
    }
  }
  if (options.cavities == Cavities::fill) {
    const auto outside = find_cavities(mask, label);
    edits.filled_cavities = outside.cavities();
    for (std::size_t v = 0; v < mask.values.size(); ++v) {
      if (mask.values[v] != 0 || !outside.is_cavity[outside.parts.ids.values[v]]) continue;
      mask.values[v] = label;
      ++edits.filled_voxels;
    }
  }
  return edits;
}

}  // namespace meshassay::reference_pipeline
