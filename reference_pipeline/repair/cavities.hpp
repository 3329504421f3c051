// SPDX-License-Identifier: GPL-3.0-or-later
// Step 8 of the repair: voids within the solid. The hull of Definition 3.8 has none (Attene 2018,
// Section 5.3), but a medullary cavity is not rubbish.
#pragma once

#include <cstdint>
#include <vector>

#include "core/triangle_mesh.hpp"

namespace meshassay {
class EdgeTable;
}
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
  std::vector<std::uint32_t> cells;  ///< Of the hull, ascending; several where open sheets divide it.
  double volume_mm3 = 0.0;
  Point3 place_mm = Point3::Zero();  ///< On its wall.
};

/// The voids that the input's walls enclose, ascending by cell.
///
/// An *open* triangle bounds nothing: it belongs to a patch of the input (triangles connected over edges of
/// exactly two) of which some part has the same space on both sides. The others are *walls*. A cavity is a
/// bounded region between walls, all of which face it (or turn their back on it, where the whole solid is
/// inside out) and have another bounded region, the material, behind them; which the input winds around not
/// at all, where it is oriented consistently enough to tell; and which is not smaller than `least_mm3`.
/// So what triangles of a soup enclose by chance is none.
/// \pre `input` is welded and what was arranged; `edges` are those of the arrangement.
[[nodiscard]] std::vector<Cavity> find_cavities(const TriangleMesh& input,
                                                const exact::Arrangement& arrangement, const EdgeTable& edges,
                                                const exact::OuterHull& hull, double least_mm3);

}  // namespace meshassay::reference_pipeline::repair
