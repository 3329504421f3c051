// SPDX-License-Identifier: GPL-3.0-or-later
// Where a surface lies against the truth, and which known mistake put it there.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/grid.hpp"
#include "core/reason.hpp"
#include "core/triangle_mesh.hpp"
#include "core/truth.hpp"
#include "metrics/registry.hpp"

namespace meshassay::metrics {

struct PoseOptions {
  std::size_t samples = 1500;  ///< Points of the surface that are looked at.
};

/// A number with its expanded uncertainty (k = 2, from the fit's residuals); undefined where the shape does
/// not determine it.
struct PoseNumber {
  double value = 0.0, half_width = 0.0;
};

struct Pose {
  /// "none", "ambiguous", "unexplained", or one of pose_cause_names().
  std::string cause;
  std::string how;  ///< In which way, for people: "columns counted from the other end".
  /// Other than the cause: for `ambiguous`, which causes explain the place equally well; for `none`, which
  /// faults this shape would hide.
  std::vector<std::string> candidates;
  bool is_mirrored = false;
  /// Of the map from the surface to the truth that the diagnosis led to: how far the surface's centroid moves
  /// (mm), by how many degrees the surface turns (of a mirror image: about the mirror's normal), and the
  /// ratio of sizes (cube root of the change of volume).
  std::optional<PoseNumber> shift_mm, rotation_deg, scale;
  double rms_mm = 0.0;         ///< To the truth, as it lies; distances above the cap count as the cap.
  double rms_mended_mm = 0.0;  ///< After the map.
  double cap_mm = 0.0;
};

/// Every cause that can be named, in the order of the documentation.
[[nodiscard]] const std::vector<std::string>& pose_cause_names();

/// Undoes each known fault in turn and looks how far the surface then is from the truth. What is left beyond
/// the best that any rigid motion attains is the misfit; the cause with the least one is named, `none` where
/// nothing is better than leaving the surface where it is. Docs: docs/metrics/pose.md.
/// Undefined: no_reference, as from the truth. \pre The surface is measurable: see why_unmeasurable().
[[nodiscard]] std::variant<Pose, Undefined> diagnose_pose(const TriangleMesh& surface,
                                                          const TargetTruth& truth,
                                                          const std::optional<Grid>& scan_grid,
                                                          const PoseOptions& options = {});

[[nodiscard]] const MetricFamily& pose_family();

}  // namespace meshassay::metrics
