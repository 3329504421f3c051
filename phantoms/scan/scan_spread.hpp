// SPDX-License-Identifier: GPL-3.0-or-later
// The point-spread function of a scanner: what a voxel's centre sees of its surroundings.
#pragma once

#include <array>
#include <vector>

#include "core/parameters.hpp"

namespace meshassay::phantoms {

/// A box convolved with a Gaussian, along one axis; of integral one. Either width may be zero, not both.
struct AxisSpread {
  double box_mm = 0.0;
  double sigma_mm = 0.0;
};

[[nodiscard]] double density_per_mm(const AxisSpread& spread, double x_mm);
[[nodiscard]] double cumulative(const AxisSpread& spread, double x_mm);  ///< Integral from minus infinity.
[[nodiscard]] double transfer(const AxisSpread& spread, double frequency_per_mm);  ///< Fourier transform.
/// Half of the width that is taken into account: less than 1e-6 of the integral lies beyond.
[[nodiscard]] double reach_mm(const AxisSpread& spread);
/// Full width at half maximum.
[[nodiscard]] double fwhm_mm(const AxisSpread& spread);

/// One term of the in-plane part: weight times spread along i times spread along j.
struct InPlanePart {
  double weight = 1.0;
  std::array<AxisSpread, 2> along;
};

/// Sum of the in-plane parts, times the slice profile along k.
struct PointSpread {
  std::vector<InPlanePart> in_plane;  ///< Weights add up to one; a negative one gives overshoot at edges.
  AxisSpread slice;
};

/// Transfer function along i (axis 0) or j (axis 1): the sum of the parts' transfers.
[[nodiscard]] double transfer_in_plane(const PointSpread& spread, double along_i_per_mm,
                                       double along_j_per_mm);
/// The smallest frequency along the axis at which the transfer is down to `level`, such as 0.5.
[[nodiscard]] double frequency_of_transfer_per_mm(const PointSpread& spread, int axis, double level);

/// From the scan's resolved parameters kernel, mtf50_per_mm, mtf10_per_mm, slice_thickness_mm, slice_profile,
/// spacing_mm and blur_fwhm_mm. \throw InvalidInput where they contradict each other, or no kernel has such
/// an MTF.
[[nodiscard]] PointSpread point_spread_of(const Parameters& resolved);
/// slice_thickness_mm, or the slice distance where that is 0.
[[nodiscard]] double slice_thickness_mm(const Parameters& resolved);

}  // namespace meshassay::phantoms
