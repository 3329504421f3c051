// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/masks/label_extents.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <vector>

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

// Whether all voxels of a piece of a row carry one label: most pieces do, and this is as fast as memory is.
constexpr int piece = 64;
bool is_uniform(const std::uint16_t* values, std::uint16_t label) {
  std::uint16_t difference = 0;
  for (int i = 0; i < piece; ++i) difference |= static_cast<std::uint16_t>(values[i] ^ label);
  return difference == 0;
}

// Where the first voxel of another label is, among a few that follow each other.
constexpr int few = 8;
int first_other(const std::uint16_t* values, std::uint16_t label) {
  unsigned others = 0;
  for (int i = 0; i < few; ++i) others |= static_cast<unsigned>(values[i] != label) << i;
  return std::countr_zero(others | (1U << few));
}

// The runs of one row.
void add_row(const std::uint16_t* values, int count, int j, int k, Extents& extents) {
  for (int i = 0; i < count;) {
    const std::uint16_t label = values[i];
    int end = i + 1;
    while (end < count) {
      if (end + piece <= count && is_uniform(values + end, label)) {
        end += piece;
      } else if (end + few <= count) {
        const int same = first_other(values + end, label);
        end += same;
        if (same < few) break;
      } else if (values[end] == label) {
        ++end;
      } else {
        break;
      }
    }
    if (label != 0) add(extents[label], {i, j, k}, {end, j + 1, k + 1});
    i = end;
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
      add_row(mask.values.data() + mask.grid.offset(0, j, k), size[0], j, k,
              of_slice[static_cast<std::size_t>(k)]);
  });
  Extents all;
  for (const auto& slice : of_slice)
    for (const auto& [label, extent] : slice) add(all[label], extent.begin, extent.end);
  return all;
}

}  // namespace meshassay::metrics
