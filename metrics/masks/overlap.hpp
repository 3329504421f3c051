// SPDX-License-Identifier: GPL-3.0-or-later
// How much of two masks is the same, by volume in physical space.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/label_map.hpp"

namespace meshassay::metrics {

struct MetricFamily;

struct OverlapOptions {
  std::uint16_t label = 1;
  /// Two grids (or two directions) count as the same where no voxel lies further apart than this fraction of
  /// the smallest spacing, and planes between voxels that are that near as the same plane: files keep float32
  /// origins. What that may change is in `alignment_half_width_mm3`.
  double same_grid_tolerance = 1e-4;
};

/// Volumes of a label; a mask is the union of its voxel boxes.
struct OverlapVolumes {
  double test_mm3 = 0.0;
  double reference_mm3 = 0.0;
  double common_mm3 = 0.0;

  [[nodiscard]] double dice() const { return 2.0 * common_mm3 / (test_mm3 + reference_mm3); }
};

/// The same within one slice of the reference's grid.
struct OverlapSlice {
  /// Of the reference's grid. What the test mask holds before its first slice is as one slice, -1, and what
  /// it holds behind the last one too, under the number of slices.
  std::int64_t index = 0;
  OverlapVolumes volumes;
};

enum class OverlapMethod {
  voxel_counts,   ///< Same grid: voxels are counted.
  aligned_boxes,  ///< Parallel axes: intersections of boxes, axis by axis.
  clipped_boxes,  ///< Oblique: every voxel box clipped by the reference's.
};

struct Overlap {
  OverlapVolumes volumes;
  std::vector<OverlapSlice> slices;  ///< Those that hold some of either mask, ascending.
  OverlapMethod method = OverlapMethod::voxel_counts;
  /// Of `common_mm3`: what the tolerance on grids, and on oblique ones the rounding of coordinates, may
  /// change.
  double alignment_half_width_mm3 = 0.0;
};

/// Compares one label of two masks on any two grids, exactly but for rounding: nothing is resampled.
/// What lies outside a grid is background there.
/// \throw InvalidInput for a mask whose grid cannot be.
[[nodiscard]] Overlap overlap(const LabelMap& test, const LabelMap& reference,
                              const OverlapOptions& options = {});

[[nodiscard]] const MetricFamily& overlap_family();

}  // namespace meshassay::metrics
