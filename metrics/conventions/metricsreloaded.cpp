// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/label_map.hpp"
#include "metrics/conventions/distance_list.hpp"
#include "metrics/conventions/tools.hpp"
#include "metrics/conventions/voxel_pair.hpp"

namespace meshassay::metrics::conventions {
namespace {

// The fault: the percentile was taken over all voxels of the union, where inner ones have distance 0.
double percentile_with_inner_voxels(const DistanceList& list, std::uint64_t union_voxels) {
  DistanceList padded = list;
  padded.mm.resize(std::max<std::size_t>(list.mm.size(), union_voxels), 0.0);
  return padded.linear_percentile_mm(95.0);
}

std::uint64_t voxels_of_union(const VoxelPair& pair) {
  std::uint64_t count = 0;
  for (std::size_t v = 0; v < pair.test.size(); ++v) count += pair.test[v] | pair.reference[v];
  return count;
}

std::vector<ConventionRow> compute(const LabelMap& test, const LabelMap& reference,
                                   const ConventionOptions& options) {
  const VoxelPair pair = voxel_pair(test, reference, options.label);
  const DirectedLists lists =
      directed_lists(pair.box, border_voxels(pair.box, pair.test), border_voxels(pair.box, pair.reference));
  const auto percentile = [&](const DistanceList& list) {
    return options.tool_bugs ? percentile_with_inner_voxels(list, voxels_of_union(pair))
                             : list.linear_percentile_mm(95.0);
  };
  ConventionRow row;
  row.hd_mm = ConventionValue::of(lists.max_mm());
  row.hd95_mm =
      ConventionValue::of(std::max(percentile(lists.test_to_reference), percentile(lists.reference_to_test)));
  row.assd_mm = ConventionValue::of(lists.pooled_mean_mm());
  row.masd_mm = ConventionValue::of(lists.mean_of_means_mm());
  row.nsd = ConventionValue::of(lists.share_within(options.tolerance_mm));
  return {row};
}

}  // namespace

const Convention& metricsreloaded_convention() {
  static const Convention convention{
      .name = "metricsreloaded",
      .tool = "MetricsReloaded, BinaryPairwiseMeasures",
      .version = "0.1.0",
      .boundary = "centres of voxels with one of six neighbours outside, each counts the same",
      .percentile = "larger of the two directed ones, linear between ranks",
      .definition =
          "From each border voxel to the nearest border voxel of the other; ASSD pools both directions, "
          "MASD is the mean of the two directed means, NSD counts voxels.",
      .source =
          "https://github.com/Project-MONAI/MetricsReloaded/blob/main/MetricsReloaded/metrics/"
          "pairwise_measures.py; Maier-Hein et al. 2024",
      .grids = GridUse::ignored,
      .empty = {.both = "0", .one = "an error or NaN", .distance_of_both = 0.0},
      .bugs =
          {{.name = "inner_voxels_in_quantile",
            .effect =
                "HD95 was taken over all voxels of the union, inner ones with 0: it is 0 wherever the border "
                "that errs is below 5 % of them",
            .source = "https://github.com/Project-MONAI/MetricsReloaded/issues/41"}},
      .compute = compute};
  return convention;
}

}  // namespace meshassay::metrics::conventions
