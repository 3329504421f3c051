// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstdint>

namespace meshassay::metrics {

/// Whether all voxels of a piece of a row carry one label: most pieces do, and this is as fast as memory is.
constexpr int piece_of_row = 64;
inline bool is_uniform(const std::uint16_t* values, std::uint16_t label) {
  std::uint16_t difference = 0;
  for (int i = 0; i < piece_of_row; ++i) difference |= static_cast<std::uint16_t>(values[i] ^ label);
  return difference == 0;
}

/// Where the first voxel of another label is, among a few that follow each other.
constexpr int few_of_row = 8;
inline int first_other(const std::uint16_t* values, std::uint16_t label) {
  unsigned others = 0;
  for (int i = 0; i < few_of_row; ++i) others |= static_cast<unsigned>(values[i] != label) << i;
  return std::countr_zero(others | (1U << few_of_row));
}

/// Calls `visit(begin, end, label)` for the runs of voxels of one label, of all that a row holds.
template <typename Visit>
void for_each_run(const std::uint16_t* values, int count, Visit visit) {
  for (int i = 0; i < count;) {
    const std::uint16_t label = values[i];
    int end = i + 1;
    while (end < count) {
      if (end + piece_of_row <= count && is_uniform(values + end, label)) {
        end += piece_of_row;
      } else if (end + few_of_row <= count) {
        const int same = first_other(values + end, label);
        end += same;
        if (same < few_of_row) break;
      } else if (values[end] == label) {
        ++end;
      } else {
        break;
      }
    }
    visit(i, end, label);
    i = end;
  }
}

}  // namespace meshassay::metrics
