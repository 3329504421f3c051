// SPDX-License-Identifier: GPL-3.0-or-later
// Whether rounding kept the surface: slits can close and thin things vanish without any vertex going far.
#pragma once

#include <memory>

#include "core/triangle_mesh.hpp"

namespace meshassay {
class TriangleTree;
}

namespace meshassay::reference_pipeline::repair {

/// Compares surfaces with one: corners and middles of the triangles that only one of both has (float32 corner
/// for float32 corner) have to lie within a tolerance of the other. Samples, so it can be wrong about a face
/// of which a part is lost; the score is not.
class SurfaceMatch {
 public:
  /// Keeps a reference to the surface.
  SurfaceMatch(const TriangleMesh& surface, double tolerance_mm);
  ~SurfaceMatch();
  [[nodiscard]] bool matches(const TriangleMesh& other) const;

 private:
  const TriangleMesh& surface_;
  double tolerance_mm_;
  mutable std::unique_ptr<TriangleTree> tree_;  // Once it is needed.
};

}  // namespace meshassay::reference_pipeline::repair
