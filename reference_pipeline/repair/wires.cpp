// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference_pipeline/repair/wires.hpp"

#include "reference_pipeline/repair/convex_pieces.hpp"

namespace meshassay::reference_pipeline::repair {

TriangleMesh rods(const std::vector<Segment>& segments, double diameter_mm) {
  // Inscribed a little within and run on a little less than half the diameter, so that nothing lies flush
  // with a plate: the wall is still 0.99 of the diameter.
  const PrismOptions options{.inner_radius_mm = 0.993 * 0.5 * diameter_mm,
                             .past_mm = 0.992 * 0.5 * diameter_mm,
                             .sides = 16};  // 1 / cos(pi / 16) = 1.02.
  TriangleMesh all;
  for (const auto& [from, to] : segments) append(all, prism(from, to, options));
  return all;
}

}  // namespace meshassay::reference_pipeline::repair
