// SPDX-License-Identifier: GPL-3.0-or-later
// Step 5 of the repair (Attene 2018, Section 4.4): input triangles without area, as rods.
#pragma once

#include <utility>
#include <vector>

#include "core/triangle_mesh.hpp"

namespace meshassay::reference_pipeline::repair {

struct Segment {
  Point3 from, to;
};

/// What of the segments is farther than `tolerance_mm` from the solid, in pieces. Pieces on one line that
/// meet are joined. \param solid  closed, outward; may be empty.
[[nodiscard]] std::vector<Segment> exposed_segments(const std::vector<Segment>& segments,
                                                    const TriangleMesh& solid, double tolerance_mm);

/// A rod of this diameter about each segment, run on by half of it at both ends: closed, outward,
/// overlapping.
[[nodiscard]] TriangleMesh rods(const std::vector<Segment>& segments, double diameter_mm);

}  // namespace meshassay::reference_pipeline::repair
