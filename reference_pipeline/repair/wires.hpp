// SPDX-License-Identifier: GPL-3.0-or-later
// Step 5 of the repair (Attene 2018, Section 4.4): input triangles without area, as rods.
#pragma once

#include <vector>

#include "core/distance/exposed_segments.hpp"

namespace meshassay::reference_pipeline::repair {

/// A rod of this diameter about each segment, run on by half of it at both ends: closed, outward,
/// overlapping.
[[nodiscard]] TriangleMesh rods(const std::vector<Segment>& segments, double diameter_mm);

}  // namespace meshassay::reference_pipeline::repair
