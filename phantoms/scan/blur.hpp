// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image.hpp"
#include "core/implicit_surface.hpp"
#include "core/progress.hpp"
#include "phantoms/scan/scan_spread.hpp"

namespace meshassay::phantoms {

struct SpreadOptions {
  PointSpread spread;
  double tolerance = 2.5e-4;  ///< Of a contrast of one.
  Progress progress;
};

/// Adds `contrast_hu` times the surface's inside (1 in, 0 out) convolved with the point spread, at the centre
/// of every voxel. A spread whose box is the voxel gives the mean over the voxel.
///
/// Partial volumes are within `tolerance`; what a cell's content is taken for adds at most about `tolerance`
/// (see blur.cpp). The surface may reach beyond the grid. Memory beyond the image: a few MB a thread.
/// \throw InvalidInput where a voxel would have to be cut into more than 256 parts along an axis, or the
/// spread reaches over too many voxels.
void add_spread(Image<float>& hu, const ImplicitSurface& surface, double contrast_hu,
                const SpreadOptions& options);

}  // namespace meshassay::phantoms
