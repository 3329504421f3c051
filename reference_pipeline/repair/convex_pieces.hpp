// SPDX-License-Identifier: GPL-3.0-or-later
// Small convex solids that walls are made of.
#pragma once

#include "core/triangle_mesh.hpp"

namespace meshassay::reference_pipeline::repair {

/// Adds `piece`, with vertices of its own.
void append(TriangleMesh& mesh, const TriangleMesh& piece);

/// A prism with `sides` faces about a segment whose inscribed cylinder has this radius; it runs on by
/// `past_mm` at both ends, where it is a little thinner (by 0.4 %), so that prisms on one line cross and
/// never lie flush. \pre from != to.
struct PrismOptions {
  double inner_radius_mm = 0.0;
  double past_mm = 0.0;
  int sides = 8;
};
[[nodiscard]] TriangleMesh prism(const Point3& from, const Point3& to, const PrismOptions& options);

/// An icosahedron whose inscribed ball has this radius; its corners are 1.26 times as far.
[[nodiscard]] TriangleMesh icosahedron(const Point3& center, double inner_radius_mm);

}  // namespace meshassay::reference_pipeline::repair
