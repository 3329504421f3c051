// SPDX-License-Identifier: GPL-3.0-or-later
// Step 6 of the repair: parts that are connected as solids (Attene 2018, Definition 3.10).
#pragma once

#include <cstdint>
#include <vector>

#include "reference_pipeline/repair/solid.hpp"

namespace meshassay::reference_pipeline::repair {

/// Of each triangle of the arrangement that bounds the solid, the number of its part: of the connected piece
/// of space behind it. So a part is closed, and a kept cavity's wall belongs to what surrounds it. Numbered
/// by first triangle; 0 where a triangle is not of the solid.
struct Parts {
  std::vector<std::uint32_t> of_triangle;
  std::uint32_t count = 0;
};
[[nodiscard]] Parts find_parts(const Sorted& sorted);

}  // namespace meshassay::reference_pipeline::repair
