// SPDX-License-Identifier: GPL-3.0-or-later
// The smallest plate, rod, gap or hole of a ladder that came through.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/distance/mesh_distance.hpp"
#include "core/feature.hpp"
#include "core/reason.hpp"
#include "metrics/registry.hpp"

namespace meshassay::metrics {

/// Whether a feature is there with the right topology: sampled on a grid over its region, material and air
/// fall into the parts that they should.
/// - plate: one layer of material from side to side, air in one part above and in one below.
/// - gap: one layer of air from side to side, material in one part above and in one below.
/// - rod: material in one part from end to end about the axis, air in one part all around it.
/// - hole: as rod, with air and material exchanged.
struct Presence {
  bool present = false;
  std::string why_not;  ///< For people; empty where it is there.
};

/// \pre `surface.has_inside()`; the feature is a plate, gap, rod or hole.
[[nodiscard]] Presence presence(const MeshDistance& surface, const Feature& feature);

/// The smallest size such that it and every larger one are present at all of their positions.
struct SmallestDetected {
  std::optional<double> size_mm;  ///< Absent where even the largest is not there.
  std::size_t positions =
      0;                   ///< Of the size that has fewest: copies of a feature at other places on the grid.
  std::string first_lost;  ///< The largest feature that is not there; empty: none is lost.
  std::string why_lost;
};
/// \pre There is a feature, all of one kind; `presences` are theirs, in their order.
[[nodiscard]] SmallestDetected smallest_detected(const std::vector<Feature>& features,
                                                 const std::vector<Presence>& presences);

/// The rows `detect.smallest_plate`, `_rod`, `_gap`, `_hole`; families of their own since each needs another
/// kind of feature.
[[nodiscard]] const MetricFamily& smallest_plate_family();
[[nodiscard]] const MetricFamily& smallest_rod_family();
[[nodiscard]] const MetricFamily& smallest_gap_family();
[[nodiscard]] const MetricFamily& smallest_hole_family();

}  // namespace meshassay::metrics
