// SPDX-License-Identifier: GPL-3.0-or-later
#include "phantoms/phantom.hpp"

#include <oneapi/tbb/parallel_for.h>

#include <utility>

#include "core/label_map.hpp"
#include "phantoms/scan/voxel_blocks.hpp"

namespace meshassay::phantoms {

std::vector<Target> targets_of(const Phantom& phantom) {
  std::vector<Target> targets;
  for (const auto& [truth, hu] : phantom.targets)
    targets.push_back({.label = truth.label, .name = truth.name, .hu_range = {hu, hu}});
  return targets;
}

Box3 bounds_mm(const Phantom& phantom) {
  Box3 box;
  for (const auto& target : phantom.targets) box.add(target.truth.implicit->bounds_mm);
  return box;
}

Truth truth_of(const Phantom& phantom, const Grid& mask_grid) {
  Truth truth;
  LabelMap mask(mask_grid);
  for (const auto& target : phantom.targets) {
    truth.targets.push_back(target.truth);
    const ImplicitSurface& surface = *target.truth.implicit;
    const std::uint16_t label = target.truth.label;
    tbb::parallel_for(0, mask_grid.size[2], [&](int k) {
      visit_slice(
          surface, mask_grid, k,
          [&](const VoxelBlock& block, bool inside) {
            if (!inside) return;
            for (int j = block.j_begin; j < block.j_end; ++j)
              for (int i = block.i_begin; i < block.i_end; ++i) mask.at(i, j, k) = label;
          },
          [&](int i, int j, const Point3& center_mm) {
            if (surface.signed_distance_mm(center_mm) <= 0.0) mask.at(i, j, k) = label;
          });
    });
  }
  truth.mask = shared(std::move(mask));
  return truth;
}

}  // namespace meshassay::phantoms
