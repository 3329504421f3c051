// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/label_map.hpp"
#include "metrics/conventions/distance_list.hpp"
#include "metrics/conventions/tools.hpp"
#include "metrics/conventions/voxel_pair.hpp"

namespace meshassay::metrics::conventions {
namespace {

std::vector<ConventionRow> compute(const LabelMap& test, const LabelMap& reference,
                                   const ConventionOptions& options) {
  const VoxelPair pair = voxel_pair(test, reference, options.label);
  const DirectedLists lists =
      directed_lists(pair.box, border_voxels(pair.box, pair.test), border_voxels(pair.box, pair.reference));
  ConventionRow row;
  row.hd_mm = ConventionValue::of(lists.max_mm());
  row.hd95_mm = ConventionValue::of(std::max(lists.test_to_reference.linear_percentile_mm(95.0),
                                             lists.reference_to_test.linear_percentile_mm(95.0)));
  row.assd_mm = ConventionValue::not_offered();
  row.masd_mm = ConventionValue::of(lists.mean_of_means_mm());
  row.nsd = ConventionValue::of(lists.share_within(options.tolerance_mm));
  return {row};
}

}  // namespace

const Convention& monai_convention() {
  static const Convention convention{
      .name = "monai",
      .tool = "MONAI, HausdorffDistanceMetric, SurfaceDistanceMetric(symmetric), SurfaceDiceMetric",
      .version = "1.5",
      .boundary = "centres of voxels with one of six neighbours outside, each counts the same",
      .percentile = "larger of the two directed ones, linear between ranks",
      .definition =
          "From each border voxel to the nearest border voxel of the other, in mm where spacing is given; "
          "SurfaceDistanceMetric(symmetric) is the mean of the two directed means, so it stands under MASD "
          "here; surface Dice counts voxels.",
      .source =
          "https://github.com/Project-MONAI/MONAI/blob/dev/monai/metrics/hausdorff_distance.py, "
          "surface_distance.py, surface_dice.py",
      .grids = GridUse::ignored,
      .empty = {.both = "NaN",
                .one = "inf (HD95: NaN), surface Dice 0",
                .nsd_of_empty_test = 0.0,
                .nsd_of_empty_reference = 0.0},
      .bugs = {{.name = "dropped_nan",
                .effect =
                    "HD95 of a label that only one mask has is NaN, and the mean over labels leaves it out: "
                    "missing structures improve the score",
                .source = "https://github.com/Project-MONAI/MONAI/issues/9095"}},
      .has_mean_over_labels = true,
      .compute = compute};
  return convention;
}

}  // namespace meshassay::metrics::conventions
