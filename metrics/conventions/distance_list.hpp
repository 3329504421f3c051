// SPDX-License-Identifier: GPL-3.0-or-later
// Distances of a boundary's elements to the other boundary, and the statistics that tools take of them.
#pragma once

#include <cstdint>
#include <vector>

#include "metrics/conventions/voxel_pair.hpp"

namespace meshassay::metrics::conventions {

/// The distances of the elements of one boundary. \pre for all but joined(): there is one.
struct DistanceList {
  std::vector<double> mm;
  std::vector<double> weights;  ///< One a distance; empty where every element counts the same.

  [[nodiscard]] double sum_mm() const;
  [[nodiscard]] double mean_mm() const;
  [[nodiscard]] double max_mm() const;
  /// The value between the two nearest ranks: what numpy.percentile and torch.quantile do where nothing else
  /// is asked of them (Hyndman and Fan 1996, definition 7). Weights do not count.
  [[nodiscard]] double linear_percentile_mm(double percent) const;
  /// The smallest distance such that the weight up to it is at least that share.
  [[nodiscard]] double weighted_percentile_mm(double percent) const;
  [[nodiscard]] double weight() const;
  /// Weight of the elements that are at most that far.
  [[nodiscard]] double weight_within(double tolerance_mm) const;
};

/// The distances at the elements that are marked.
[[nodiscard]] DistanceList distances_at(const Marks& elements, const std::vector<double>& distances_mm);

/// Both lists as one.
[[nodiscard]] DistanceList joined(const DistanceList& a, const DistanceList& b);

/// Both directions.
struct DirectedLists {
  DistanceList test_to_reference, reference_to_test;

  [[nodiscard]] double max_mm() const;
  [[nodiscard]] double mean_of_means_mm() const;
  /// By the number of elements, or by their weights.
  [[nodiscard]] double pooled_mean_mm() const;
  [[nodiscard]] double share_within(double tolerance_mm) const;
};

/// From the centres of the voxels that are marked in one to the nearest of those that are marked in the
/// other.
[[nodiscard]] DirectedLists directed_lists(const VoxelBox& box, const Marks& of_test,
                                           const Marks& of_reference);

}  // namespace meshassay::metrics::conventions
