// SPDX-License-Identifier: GPL-3.0-or-later
// The eight cells about a corner of a lattice, as bits: bit b is the one that lies high along the axes of b.
#pragma once

namespace meshassay::phantoms {

/// Whether the octants hang together through common faces; so do none.
[[nodiscard]] constexpr bool is_one_piece(unsigned octants) {
  unsigned reached = octants & (~octants + 1U);
  for (int round = 0; round < 8; ++round)
    for (unsigned b = 0; b < 8; ++b)
      if ((reached >> b & 1U) != 0)
        for (unsigned axis = 0; axis < 3; ++axis) reached |= (1U << (b ^ (1U << axis))) & octants;
  return reached == octants;
}

/// Those octants about the lowest corner of the cell (i, j, k) that are solid; `solid(i, j, k)` tells it of a
/// cell, those beyond the lattice included.
template <typename Solid>
[[nodiscard]] unsigned solid_octants(const Solid& solid, int i, int j, int k) {
  unsigned octants = 0;
  for (int b = 0; b < 8; ++b)
    if (solid(i - 1 + (b & 1), j - 1 + (b >> 1 & 1), k - 1 + (b >> 2))) octants |= 1U << b;
  return octants;
}

}  // namespace meshassay::phantoms
