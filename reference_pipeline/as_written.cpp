// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference_pipeline/as_written.hpp"

namespace meshassay::reference_pipeline {

TriangleMesh as_written(const TriangleMesh& mesh) {
  TriangleMesh rounded = mesh;
  // One by one: Eigen 3.4 leaves v.cast<float>().cast<double>() unrounded where it works on pairs.
  for (Point3& vertex : rounded.vertices_mm)
    for (double& coordinate : vertex) coordinate = static_cast<double>(static_cast<float>(coordinate));
  return welded(rounded);
}

}  // namespace meshassay::reference_pipeline
