// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/label_map.hpp"
#include "metrics/boundary/boundary_distance.hpp"
#include "metrics/conventions/tools.hpp"

namespace meshassay::metrics::conventions {
namespace {

ConventionValue value_of(const BoundaryValue& value) { return {value.value, value.discretisation, {}}; }

std::vector<ConventionRow> compute(const LabelMap& test, const LabelMap& reference,
                                   const ConventionOptions& options) {
  const auto result =
      boundary_distance(test, reference, {.label = options.label, .tolerances_mm = {options.tolerance_mm}});
  ConventionRow row;
  row.hd_mm = value_of(result.hausdorff_mm());
  row.hd95_mm = value_of(result.percentile_mm());
  row.assd_mm = value_of(result.pooled_mean_mm());
  row.masd_mm = value_of(result.mean_of_means_mm());
  row.nsd = value_of(result.share_within(0));
  return {row};
}

}  // namespace

const Convention& surface_convention() {
  static const Convention convention{
      .name = "surface",
      .tool = "MeshAssay, boundary.*",
      .boundary = "half-level isosurface between voxel centres, by area",
      .percentile = "larger of the two directed ones, smallest distance that reaches the share of the area",
      .definition =
          "From each point of a boundary to the nearest point of the other, as surfaces in physical space.",
      .source = "docs/metrics/boundary.md",
      .grids = GridUse::used,
      .empty = {.both = "undefined",
                .one = "undefined, NSD 0 where the reference is empty",
                .nsd_of_empty_reference = 0.0},
      .compute = compute};
  return convention;
}

}  // namespace meshassay::metrics::conventions
