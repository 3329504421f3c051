// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <cstddef>

#include "core/label_map.hpp"
#include "metrics/conventions/distance_list.hpp"
#include "metrics/conventions/tools.hpp"
#include "metrics/conventions/voxel_pair.hpp"

namespace meshassay::metrics::conventions {
namespace {

// The element of rank floor(0.95 n - 1), counted from 0, in single precision as the tool counts.
double ranked_percentile_mm(DistanceList list) {
  const auto count = static_cast<float>(list.mm.size());
  const float rank = std::clamp(std::floor(0.95F * count - 1.0F), 0.0F, count - 1.0F);
  const auto nth = list.mm.begin() + static_cast<std::ptrdiff_t>(rank);
  std::nth_element(list.mm.begin(), nth, list.mm.end());
  return *nth;
}

ConventionRow row_of(const std::string& variant, const DirectedLists& lists) {
  ConventionRow row{.variant = variant};
  row.hd_mm = ConventionValue::of(lists.max_mm());
  row.hd95_mm = ConventionValue::of(
      0.5 * (ranked_percentile_mm(lists.test_to_reference) + ranked_percentile_mm(lists.reference_to_test)));
  row.assd_mm = ConventionValue::not_offered();
  row.masd_mm = ConventionValue::of(lists.mean_of_means_mm());
  row.nsd = ConventionValue::not_offered();
  return row;
}

std::vector<ConventionRow> compute(const LabelMap& test, const LabelMap& reference,
                                   const ConventionOptions& options) {
  const VoxelPair pair = voxel_pair(test, reference, options.label);
  return {row_of("set", directed_lists(pair.box, pair.test, pair.reference)),
          row_of("boundary", directed_lists(pair.box, border_voxels(pair.box, pair.test),
                                            border_voxels(pair.box, pair.reference)))};
}

}  // namespace

const Convention& plastimatch_convention() {
  static const Convention convention{
      .name = "plastimatch",
      .tool = "plastimatch dice --all",
      .version = "1.9.4",
      .boundary = "set: every voxel inside; boundary: voxels with one of six neighbours outside",
      .percentile = "mean of the two directed ones, each the element of rank floor(0.95 n - 1)",
      .definition =
          "From voxel to nearest voxel, as sets and as boundaries; the largest, the mean of the two directed "
          "means (\"Avg average\"), and \"Percent (0.95)\". The tool's distance map is exact on cubic voxels "
          "away from the border of the image; on others it is off by less than 1 %.",
      .source =
          "https://github.com/simonoxen/plastimatch/blob/master/src/plastimatch/util/hausdorff_distance.cxx",
      .grids = GridUse::refused,
      .empty = {.both = "0", .one = "a number that depends on the size of the image"},
      .compute = compute};
  return convention;
}

}  // namespace meshassay::metrics::conventions
