// SPDX-License-Identifier: GPL-3.0-or-later
// How far the answer of a usual registration depends on where it began and which points it was given.
#pragma once

#include <cstdint>
#include <variant>

#include "core/reason.hpp"
#include "core/triangle_mesh.hpp"
#include "metrics/registry.hpp"

namespace meshassay::metrics {

struct StabilityOptions {
  int starts = 8;
  std::size_t moving_points = 1000, fixed_points = 20000;
  double turn_deg = 5.0;     ///< Of each start, about an axis of its own.
  double shift_part = 0.02;  ///< Length of each start's shift, as a part of the reference's diagonal.
  std::uint32_t seed = 1;
};

struct RegistrationStability {
  /// Between where two of the registrations put the same point of the surface, at most.
  double spread_mm = 0.0;
  double least_paired_fraction = 0.0;  ///< Of the run with the fewest pairs.
};

/// Open3D's point-to-plane ICP of points of the surface to points of the reference, each run from another
/// start and with other points. The same numbers every time.
/// Undefined: rank_deficient where the reference can be moved along itself (a ball, a cylinder; Gelfand et
/// al. 2003), so that the spread would be that of the starts. \pre Both are measurable: see
/// why_unmeasurable().
[[nodiscard]] std::variant<RegistrationStability, Undefined> registration_stability(
    const TriangleMesh& surface, const TriangleMesh& reference, const StabilityOptions& options = {});

[[nodiscard]] const MetricFamily& registration_stability_family();

}  // namespace meshassay::metrics
