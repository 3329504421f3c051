// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <bit>

#include "core/bridge_vtk/boundary_cases.hpp"
#include "core/label_map.hpp"
#include "metrics/boundary/case_geometry.hpp"
#include "metrics/conventions/distance_list.hpp"
#include "metrics/conventions/distance_transform.hpp"
#include "metrics/conventions/tools.hpp"
#include "metrics/conventions/voxel_pair.hpp"

namespace meshassay::metrics::conventions {
namespace {

// The tool's table of surface elements is the one of 1987, where a neighbourhood and its complement look the
// same and corners inside that share only a diagonal stay apart. Of ours, that is the case with more corners
// inside; for four of eight both have the same area.
std::array<double, 256> areas_mm2(const Vector3& spacing_mm) {
  const CaseGeometry geometry(spacing_mm);
  std::array<double, 256> areas{};
  for (unsigned code = 0; code < 256; ++code)
    for (const auto& triangle : geometry.triangles(std::popcount(code) < 4 ? 255U ^ code : code))
      areas[code] += triangle.area_mm2;
  return areas;
}

// Corners of voxels with voxels of both kinds round them, and the area that the surface has there.
struct Corners {
  Marks marks;
  std::vector<double> areas_mm2;  // Of those that are marked, in their order.
};

// The corner with the index of a voxel is its lowest one: the box has a margin, so none is left out.
Corners corners_of(const VoxelBox& box, const Marks& inside, const std::array<double, 256>& areas) {
  Corners corners;
  corners.marks.assign(inside.size(), 0);
  for (int k = 1; k < box.size[2]; ++k)
    for (int j = 1; j < box.size[1]; ++j)
      for (int i = 1; i < box.size[0]; ++i) {
        const std::size_t corner = static_cast<std::size_t>(i) + static_cast<std::size_t>(j) * box.stride(1) +
                                   static_cast<std::size_t>(k) * box.stride(2);
        unsigned code = 0;
        for (unsigned n = 0; n < 8; ++n)
          if (inside[corner - (1 - (n & 1U)) - (1 - ((n >> 1) & 1U)) * box.stride(1) -
                     (1 - (n >> 2)) * box.stride(2)] != 0)
            code |= 1U << n;
        if (code == 0 || code == 255) continue;
        corners.marks[corner] = 1;
        corners.areas_mm2.push_back(areas[code]);
      }
  return corners;
}

std::vector<ConventionRow> compute(const LabelMap& test, const LabelMap& reference,
                                   const ConventionOptions& options) {
  const VoxelPair pair = voxel_pair(test, reference, options.label);
  const auto areas = areas_mm2(pair.box.spacing_mm);
  const Corners of_test = corners_of(pair.box, pair.test, areas),
                of_reference = corners_of(pair.box, pair.reference, areas);
  DirectedLists lists = directed_lists(pair.box, of_test.marks, of_reference.marks);
  lists.test_to_reference.weights = of_test.areas_mm2;
  lists.reference_to_test.weights = of_reference.areas_mm2;
  ConventionRow row;
  row.hd_mm = ConventionValue::of(lists.max_mm());
  row.hd95_mm = ConventionValue::of(std::max(lists.test_to_reference.weighted_percentile_mm(95.0),
                                             lists.reference_to_test.weighted_percentile_mm(95.0)));
  row.assd_mm = ConventionValue::not_offered();
  row.masd_mm = ConventionValue::of(lists.mean_of_means_mm());
  row.nsd = ConventionValue::of(lists.share_within(options.tolerance_mm));
  return {row};
}

}  // namespace

const Convention& deepmind_convention() {
  static const Convention convention{
      .name = "deepmind",
      .tool = "DeepMind surface-distance",
      .version = "0.1",
      .boundary = "corners of voxels with voxels of both kinds round them, by the area of the surface there",
      .percentile = "larger of the two directed ones, smallest distance that reaches the share of the area",
      .definition =
          "From each such corner to the nearest one of the other mask; the tool gives the two directed "
          "means, of which MASD is the mean; surface Dice by area.",
      .source = "https://github.com/google-deepmind/surface-distance; Nikolov et al. 2021",
      .grids = GridUse::ignored,
      .empty = {.both = "HD inf, the rest NaN",
                .one = "HD inf, means inf and NaN, surface Dice 0",
                .nsd_of_empty_test = 0.0,
                .nsd_of_empty_reference = 0.0},
      .compute = compute};
  return convention;
}

}  // namespace meshassay::metrics::conventions
