// SPDX-License-Identifier: GPL-3.0-or-later
// Segments and a solid: what of them can be seen.
#pragma once

#include <vector>

#include "core/triangle_mesh.hpp"

namespace meshassay {

struct Segment {
  Point3 from, to;
};

/// What of the segments is outside the solid and farther than `tolerance_mm` from it, in pieces, each once.
/// Pieces on one line that follow each other are joined. Segments of no length are left out.
/// \param solid  closed, outward; may be empty.
[[nodiscard]] std::vector<Segment> exposed_segments(const std::vector<Segment>& segments,
                                                    const TriangleMesh& solid, double tolerance_mm);

/// Whether a closed, outward solid winds around a point that is not on it.
[[nodiscard]] bool winds_around(const TriangleMesh& solid, const Point3& point);

}  // namespace meshassay
