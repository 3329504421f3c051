// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/label_map.hpp"
#include "metrics/conventions/distance_list.hpp"
#include "metrics/conventions/tools.hpp"
#include "metrics/conventions/voxel_pair.hpp"

namespace meshassay::metrics::conventions {
namespace {

std::vector<ConventionRow> compute(const LabelMap& test, const LabelMap& reference,
                                   const ConventionOptions& options) {
  const VoxelPair pair = voxel_pair(test, reference, options.label);
  const DirectedLists lists = directed_lists(pair.box, pair.test, pair.reference);
  ConventionRow row;
  row.hd_mm = ConventionValue::of(lists.max_mm());
  row.hd95_mm = ConventionValue::not_offered();
  row.assd_mm = ConventionValue::not_offered();
  row.masd_mm = ConventionValue::of(lists.mean_of_means_mm());
  row.nsd = ConventionValue::not_offered();
  return {row};
}

}  // namespace

const Convention& itk_convention() {
  static const Convention convention{
      .name = "itk",
      .tool = "ITK, HausdorffDistanceImageFilter",
      .version = "5.2.1",
      .boundary = "every voxel inside, also inner ones",
      .percentile = "none",
      .definition =
          "From each voxel of a mask to the nearest voxel of the other, 0 where they overlap; the "
          "largest, and the mean of the two directed means (AverageHausdorffDistance).",
      .source = "itkDirectedHausdorffDistanceImageFilter.hxx; Huttenlocher et al. 1993",
      .grids = GridUse::refused,
      .empty = {.both = "throws", .one = "throws"},
      .compute = compute};
  return convention;
}

}  // namespace meshassay::metrics::conventions
