// SPDX-License-Identifier: GPL-3.0-or-later
// Measurements of families that look at the surface of one target at a time.
#pragma once

#include <variant>
#include <vector>

#include "metrics/measurement_rows.hpp"
#include "metrics/surface/measurable_surface.hpp"

namespace meshassay::metrics {

struct SurfaceOfTarget {
  const Trial& trial;
  const TargetTruth& target;
  const TriangleMesh& surface;
  Subject subject;  ///< Of the rows.
};

struct SurfaceFamily {
  const MetricFamily& family;
  std::variant<const TriangleMesh*, Undefined> (*find)(const Trial&, const MetricRequest&,
                                                       std::uint16_t label);
  std::vector<Measurement> (*rows)(const SurfaceOfTarget&);
};

/// The surface of a label at the stage asked for, whatever it is like: a `find` for families that take any.
[[nodiscard]] std::variant<const TriangleMesh*, Undefined> find_any_surface(const Trial& trial,
                                                                            const MetricRequest& request,
                                                                            std::uint16_t label);
/// The same, with `test_empty` where it has no triangle.
[[nodiscard]] std::variant<const TriangleMesh*, Undefined> find_surface_with_triangles(
    const Trial& trial, const MetricRequest& request, std::uint16_t label);

/// `rows` of the surface of each target, in their order; where `find` has none, every metric is undefined.
[[nodiscard]] std::vector<Measurement> rows_a_surface(const Trial& trial, const MetricRequest& request,
                                                      const SurfaceFamily& of);

}  // namespace meshassay::metrics
