// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image.hpp"
#include "core/implicit_surface.hpp"
#include "core/progress.hpp"

namespace meshassay::phantoms {

/// The mean over each voxel's box of the surface's inside (1 in, 0 out) convolved with an isotropic Gaussian.
/// What the surface holds outside the grid counts as empty: give it a grid that holds all of it.
///
/// Partial volumes are within `tolerance`; sampling the Gaussian adds at most about `tolerance` (see
/// blur.cpp). \throw InvalidInput where a voxel would have to be cut into more than 256 parts along an axis.
[[nodiscard]] Image<double> blurred_voxel_fractions(const ImplicitSurface& surface, const Grid& grid,
                                                    double sigma_mm, double tolerance,
                                                    const Progress& progress);

}  // namespace meshassay::phantoms
