// SPDX-License-Identifier: GPL-3.0-or-later
// The staircase that slices leave on a surface.
#pragma once

#include <variant>

#include "core/feature.hpp"
#include "core/image.hpp"
#include "core/reason.hpp"
#include "core/triangle_mesh.hpp"
#include "core/truth.hpp"
#include "metrics/registry.hpp"

namespace meshassay::metrics {

struct Staircase {
  double amplitude_mm = 0.0;   ///< Half the peak to peak of the wave along the slice axis.
  double half_width_mm = 0.0;  ///< Expanded uncertainty (k = 2), from the fit's residuals.
  double period_mm = 0.0;      ///< The slice distance.
  double residual_rms_mm = 0.0;
};

/// Area-weighted least squares of the signed distance to the truth on n_z {cos, sin}(2 pi k z / h), k = 1, 2,
/// 3, beside {1, n_x, n_y, n_z}, which take a uniform bias and a shift out; n and z are the truth's normal
/// and the place along the slice axis at the foot point, h the slice distance. The amplitude is that of the
/// fitted wave over what the three harmonics find of a nearest-voxel staircase, staircase_recovery().
/// Undefined: rank_deficient where the truth has no sloping face across the slices, reference_not_closed,
/// no_reference. \pre The surface is measurable: see why_unmeasurable().
[[nodiscard]] std::variant<Staircase, Undefined> staircase(const TriangleMesh& surface,
                                                           const TargetTruth& truth, const Grid& scan_grid);

/// The part of h/2 that the fit finds on the staircase of a sphere whose slices are extruded by half a slice
/// distance up and down: treads and risers are different parts of the wave and count with their area. The
/// integral over all slopes, by quadrature: 0.743.
[[nodiscard]] double staircase_recovery();

/// The row `staircase.amplitude`.
[[nodiscard]] const MetricFamily& staircase_family();

}  // namespace meshassay::metrics
