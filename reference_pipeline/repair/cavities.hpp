// SPDX-License-Identifier: GPL-3.0-or-later
// Step 8 of the repair: voids within the solid. The hull of Definition 3.8 has none (Attene 2018,
// Section 5.3), but a medullary cavity is not rubbish.
#pragma once

#include <cstdint>
#include <vector>

#include "core/geometry.hpp"

namespace meshassay::exact {
struct Arrangement;
struct OuterHull;
}  // namespace meshassay::exact

namespace meshassay::reference_pipeline::repair {

enum class Cavities {
  ask,   ///< Found, not decided.
  fill,  ///< The outer hull alone, as in the paper.
  keep,
};

struct Cavity {
  std::uint32_t cell = 0;  ///< Of the hull.
  double volume_mm3 = 0.0;
  Point3 place_mm = Point3::Zero();  ///< On its wall.
};

/// The bounded cells that the input's orientation leaves open: every triangle about them faces them (or has
/// its back to them, where the whole solid is inside out), and the input winds around them not at all, where
/// it is oriented consistently enough to tell. Ascending by cell. A void smaller than `least_mm3` is none.
[[nodiscard]] std::vector<Cavity> find_cavities(const exact::Arrangement& arrangement,
                                                const exact::OuterHull& hull, double least_mm3);

}  // namespace meshassay::reference_pipeline::repair
