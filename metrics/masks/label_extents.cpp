// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/masks/label_extents.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cstddef>
#include <vector>

#include "metrics/masks/row_runs.hpp"

namespace meshassay::metrics {
namespace {

using Extents = std::map<std::uint16_t, LabelExtent>;

void add(LabelExtent& extent, const std::array<int, 3>& begin, const std::array<int, 3>& end) {
  if (extent.empty()) {
    extent = {begin, end};
    return;
  }
  for (std::size_t a = 0; a < 3; ++a) {
    extent.begin[a] = std::min(extent.begin[a], begin[a]);
    extent.end[a] = std::max(extent.end[a], end[a]);
  }
}

}  // namespace

bool LabelExtent::touches_border(const Grid& grid) const {
  if (empty()) return false;
  for (std::size_t a = 0; a < 3; ++a)
    if (begin[a] == 0 || end[a] == grid.size[a]) return true;
  return false;
}

std::map<std::uint16_t, LabelExtent> label_extents(const LabelMap& mask) {
  const auto& size = mask.grid.size;
  std::vector<Extents> of_slice(static_cast<std::size_t>(std::max(0, size[2])));
  tbb::parallel_for(0, size[2], [&](int k) {
    for (int j = 0; j < size[1]; ++j)
      for_each_run(mask.values.data() + mask.grid.offset(0, j, k), size[0],
                   [&](int begin, int end, std::uint16_t label) {
                     if (label != 0)
                       add(of_slice[static_cast<std::size_t>(k)][label], {begin, j, k}, {end, j + 1, k + 1});
                   });
  });
  Extents all;
  for (const auto& slice : of_slice)
    for (const auto& [label, extent] : slice) add(all[label], extent.begin, extent.end);
  return all;
}

}  // namespace meshassay::metrics
