// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

#include "core/triangle_mesh.hpp"

namespace meshassay::reference_pipeline {

struct WindowedSincOptions {
  int iterations = 20;     ///< Degree of the polynomial that approximates the low-pass filter.
  double pass_band = 0.1;  ///< Eigenvalue of the graph Laplacian above which detail goes, in (0, 2].
};

struct SmoothedSurface {
  TriangleMesh mesh;
  std::size_t pieces_kept_as_they_were = 0;
};

/// A piece whose volume falls below this fraction of what it was, or changes its sign, is left as it was.
inline constexpr double least_volume_fraction = 0.01;

/// Moves the vertices by the windowed sinc filter of \cite taubin_1996_optimal; the triangles stay as they
/// are.
[[nodiscard]] SmoothedSurface smooth_windowed_sinc(const TriangleMesh& mesh,
                                                   const WindowedSincOptions& options);

}  // namespace meshassay::reference_pipeline
