// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference_pipeline/as_written.hpp"

namespace meshassay::reference_pipeline {

TriangleMesh as_written(const TriangleMesh& mesh) {
  TriangleMesh rounded = mesh;
  for (Point3& vertex : rounded.vertices_mm) vertex = vertex.cast<float>().cast<double>();
  return welded(rounded);
}

}  // namespace meshassay::reference_pipeline
