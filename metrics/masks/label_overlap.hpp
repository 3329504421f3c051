// SPDX-License-Identifier: GPL-3.0-or-later
// What the surfaces of two labels have in common: bone and implant cannot be in one place.
#pragma once

#include <cstddef>
#include <variant>

#include "core/measurement.hpp"
#include "core/reason.hpp"
#include "core/triangle_mesh.hpp"
#include "metrics/enclosed.hpp"
#include "metrics/registry.hpp"

namespace meshassay::metrics {

/// Volume in mm3 that two closed surfaces have in common, exact but for rounding: the cells of the
/// arrangement of both around which they wind twice. A mesh that is inside out as a whole is turned; a common
/// face is no overlap. Undefined: `not_closed`; `not_oriented`; `not_manifold` where a surface overlaps
/// itself, so that its own double cells cannot be told from common ones.
[[nodiscard]] std::variant<double, Undefined> common_volume_mm3(const TriangleMesh& a, const TriangleMesh& b);

struct PenetrationOptions {
  double width_mm = 0.001;        ///< An interval of this width is narrow enough,
  double relative_width = 0.02;   ///< and so is one of this share of the depth.
  std::size_t samples = 200'000;  ///< Where they are used up, the interval stays as wide as it is.
};

struct Penetration {
  Enclosed depth_mm;  ///< The value is attained at the place.
  Point3 place_mm = Point3::Zero();
};

/// The largest depth to which two solids reach into each other: the maximum over their common part of the
/// smaller of a point's two depths, where depth is the distance to the solid's surface. By branch and bound
/// over cubes, since the smaller of two distances is 1-Lipschitz: rigorous. 0 where they have nothing in
/// common. \pre both are closed, manifold and consistently oriented.
[[nodiscard]] Penetration penetration(const TriangleMesh& a, const TriangleMesh& b,
                                      const PenetrationOptions& options = {});

/// The rows `labels.overlap_volume` and `labels.penetration_depth`, one of each for every two targets.
[[nodiscard]] const MetricFamily& label_overlap_family();

}  // namespace meshassay::metrics
