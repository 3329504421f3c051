// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/label_map.hpp"
#include "metrics/conventions/distance_list.hpp"
#include "metrics/conventions/tools.hpp"
#include "metrics/conventions/voxel_pair.hpp"

namespace meshassay::metrics::conventions {
namespace {

ConventionRow row_of(const std::string& variant, const DirectedLists& lists) {
  ConventionRow row{.variant = variant};
  row.hd_mm = ConventionValue::of(lists.max_mm());
  row.hd95_mm = ConventionValue::of(
      joined(lists.test_to_reference, lists.reference_to_test).linear_percentile_mm(95.0));
  row.assd_mm = ConventionValue::not_offered();
  row.masd_mm = ConventionValue::of(lists.mean_of_means_mm());
  row.nsd = ConventionValue::not_offered();
  return row;
}

std::vector<ConventionRow> compute(const LabelMap& test, const LabelMap& reference,
                                   const ConventionOptions& options) {
  const VoxelPair pair = voxel_pair(test, reference, options.label);
  const VoxelBox& box = pair.box;
  return {row_of("", directed_lists(box, border_voxels(box, pair.test), border_voxels(box, pair.reference))),
          row_of("connectivity 3", directed_lists(box, border_voxels_of_26(box, pair.test),
                                                  border_voxels_of_26(box, pair.reference)))};
}

}  // namespace

const Convention& medpy_convention() {
  static const Convention convention{
      .name = "medpy",
      .tool = "MedPy, medpy.metric.binary",
      .version = "0.5",
      .boundary =
          "centres of voxels with one of six neighbours outside (connectivity 3: of 26), each counts the "
          "same",
      .percentile = "of both directions pooled, linear between ranks",
      .definition =
          "From each border voxel (connectivity 1, unless asked for another) to the nearest border voxel of "
          "the other; its assd is the mean of the two directed means, so it stands under MASD here.",
      .source =
          "https://github.com/loli/medpy/blob/master/medpy/metric/binary.py; pooled percentile: "
          "https://github.com/loli/medpy/issues/138",
      .grids = GridUse::ignored,
      .empty = {.both = "raises", .one = "raises"},
      .compute = compute};
  return convention;
}

}  // namespace meshassay::metrics::conventions
