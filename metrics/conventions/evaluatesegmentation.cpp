// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <random>

#include "core/label_map.hpp"
#include "metrics/conventions/distance_list.hpp"
#include "metrics/conventions/tools.hpp"
#include "metrics/conventions/voxel_pair.hpp"

namespace meshassay::metrics::conventions {
namespace {

Marks outside(const Marks& inside, const Marks& other) {
  Marks result(inside.size());
  for (std::size_t v = 0; v < inside.size(); ++v)
    result[v] = inside[v] & static_cast<std::uint8_t>(~other[v]);
  return result;
}

// Positions of the marked voxels in mm, in an order of chance. The tool takes the time of day for it, so that
// its result changes from second to second; here the order is always the same.
std::vector<Point3> shuffled_centers(const VoxelBox& box, const Marks& marks) {
  std::vector<Point3> centers;
  std::size_t v = 0;
  for (int k = 0; k < box.size[2]; ++k)
    for (int j = 0; j < box.size[1]; ++j)
      for (int i = 0; i < box.size[0]; ++i)
        if (marks[v++] != 0) centers.push_back(Vector3(i, j, k).cwiseProduct(box.spacing_mm));
  std::mt19937_64 engine(1);  // Its numbers are laid down by the standard; std::shuffle's use of them is not.
  for (std::size_t n = centers.size(); n > 1; --n) std::swap(centers[n - 1], centers[engine() % n]);
  return centers;
}

// The fault: the search for the nearest voxel ends at the first one that is nearer than the largest distance
// found so far. That is right for the largest distance, and what is pushed for the quantile is too large.
std::vector<double> early_stopped_distances_mm(const VoxelPair& pair) {
  const std::array<std::vector<Point3>, 2> from = {
      shuffled_centers(pair.box, outside(pair.reference, pair.test)),
      shuffled_centers(pair.box, outside(pair.test, pair.reference))};
  const std::array<std::vector<Point3>, 2> to = {shuffled_centers(pair.box, pair.test),
                                                 shuffled_centers(pair.box, pair.reference)};
  std::vector<double> distances;
  double largest = 0.0;
  for (std::size_t n = 0; n < std::max(from[0].size(), from[1].size()); ++n)
    for (std::size_t side = 0; side < 2; ++side) {
      if (n >= from[side].size()) continue;
      double nearest = 1e8;  // The tool's.
      for (const Point3& center : to[side]) {
        const double distance = (center - from[side][n]).norm();
        nearest = std::min(nearest, distance);
        if (distance < largest) break;
      }
      distances.push_back(nearest);
      largest = std::max(largest, nearest);
    }
  return distances;
}

// Element of rank floor(0.95 (n - 1)), counted from 0. Equal masks have no element: the tool gives the
// maximum, 0.
double floor_percentile_mm(std::vector<double> distances) {
  if (distances.empty()) return 0.0;
  std::sort(distances.begin(), distances.end());
  return distances[static_cast<std::size_t>(0.95 * static_cast<double>(distances.size() - 1))];
}

std::vector<ConventionRow> compute(const LabelMap& test, const LabelMap& reference,
                                   const ConventionOptions& options) {
  const VoxelPair pair = voxel_pair(test, reference, options.label);
  const DirectedLists lists = directed_lists(pair.box, pair.test, pair.reference);
  std::vector<double> differing;
  if (options.tool_bugs) {
    differing = early_stopped_distances_mm(pair);
  } else {
    for (const DistanceList* list : {&lists.test_to_reference, &lists.reference_to_test})
      std::copy_if(list->mm.begin(), list->mm.end(), std::back_inserter(differing),
                   [](double mm) { return mm > 0.0; });  // A voxel of both has distance 0.
  }
  ConventionRow row;
  row.hd_mm = ConventionValue::of(lists.max_mm());
  row.hd95_mm = ConventionValue::of(floor_percentile_mm(differing));
  row.assd_mm = ConventionValue::not_offered();
  row.masd_mm = ConventionValue::of(lists.mean_of_means_mm());
  row.nsd = ConventionValue::not_offered();
  return {row};
}

}  // namespace

const Convention& evaluatesegmentation_convention() {
  static const Convention convention{
      .name = "evaluatesegmentation",
      .tool = "EvaluateSegmentation -unit millimeter, HDRFDST, HDRFDST@0.95@, AVGDIST",
      .version = "2017.04.25",
      .boundary = "every voxel inside, also inner ones",
      .percentile =
          "of the voxels that only one mask has, both pooled, the element of rank floor(0.95 (n - 1))",
      .definition =
          "From each voxel of a mask to the nearest voxel of the other, 0 where they overlap; the largest, "
          "and the mean of the two directed means; without -unit the tool counts voxels.",
      .source = "https://github.com/Visceral-Project/EvaluateSegmentation; Taha and Hanbury 2015",
      .grids = GridUse::ignored,
      .empty = {.both = "0", .one = "100000000"},
      .bugs = {{.name = "early_stopped_quantile",
                .effect = "the search for the nearest voxel stops below the largest distance found so far: "
                          "the quantile "
                          "is too large, in an order of chance by the time of day",
                .source = "https://github.com/Visceral-Project/EvaluateSegmentation/issues/18"}},
      .compute = compute};
  return convention;
}

}  // namespace meshassay::metrics::conventions
