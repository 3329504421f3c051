// SPDX-License-Identifier: GPL-3.0-or-later
// Where a plane of the world cuts a surface.
#pragma once

#include <vector>

#include "core/triangle_mesh.hpp"

namespace meshassay::reports {

struct Contour {
  std::vector<Point3> points_mm;  ///< The first point of a closed contour is not repeated at its end.
  bool closed = false;
};

/// The cut with the plane on which the coordinate `axis` (0: x, 1: y, 2: z) equals `position_mm`. A vertex
/// that lies in the plane counts as above it, so what is shown there is the limit from below: a face in the
/// plane gives its outline where the solid lies below it and nothing where it lies above; a closed surface
/// gives closed contours only. Where four or more triangles share an edge, contours that meet are joined in
/// the order of the triangles. Triangles must share vertices by index (see welded()).
[[nodiscard]] std::vector<Contour> plane_section(const TriangleMesh& mesh, int axis, double position_mm);

}  // namespace meshassay::reports
