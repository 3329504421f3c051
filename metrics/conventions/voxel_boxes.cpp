// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <utility>

#include "core/label_map.hpp"
#include "metrics/conventions/lattice_distance.hpp"
#include "metrics/conventions/tools.hpp"
#include "metrics/conventions/voxel_pair.hpp"
#include "metrics/deviation/deviation_cells.hpp"
#include "metrics/deviation/farthest_point.hpp"

namespace meshassay::metrics::conventions {
namespace {

// The faces between voxels inside and voxels outside, two triangles each, outward.
TriangleMesh box_faces(const LabelMap& mask, std::uint16_t label) {
  const VoxelPair pair = voxel_pair(mask, mask, label);
  const VoxelBox& box = pair.box;
  TriangleMesh mesh;
  std::map<std::array<int, 3>, std::uint32_t> vertices;  // By the voxel whose lowest corner they are.
  const auto vertex = [&](const std::array<int, 3>& corner) {
    const auto [at, is_new] = vertices.emplace(corner, static_cast<std::uint32_t>(mesh.vertices_mm.size()));
    if (is_new) {
      Vector3 index;
      for (std::size_t a = 0; a < 3; ++a) index[static_cast<int>(a)] = corner[a] - pair.image_begin[a] - 0.5;
      mesh.vertices_mm.push_back(mask.grid.to_world(index));
    }
    return at->second;
  };
  const bool left_handed = mask.grid.direction.determinant() < 0.0;
  for (int k = 1; k < box.size[2] - 1; ++k)
    for (int j = 1; j < box.size[1] - 1; ++j)
      for (int i = 1; i < box.size[0] - 1; ++i) {
        const std::size_t v = static_cast<std::size_t>(i) + static_cast<std::size_t>(j) * box.stride(1) +
                              static_cast<std::size_t>(k) * box.stride(2);
        if (pair.test[v] == 0) continue;
        for (int axis = 0; axis < 3; ++axis)
          for (const bool upper : {false, true}) {
            if (pair.test[upper ? v + box.stride(axis) : v - box.stride(axis)] != 0) continue;
            std::array<int, 3> corner = {i, j, k};
            corner[static_cast<std::size_t>(axis)] += upper ? 1 : 0;
            const auto u = static_cast<std::size_t>((axis + 1) % 3),
                       w = static_cast<std::size_t>((axis + 2) % 3);
            std::array<std::uint32_t, 4> round{};
            for (std::size_t n = 0; n < 4; ++n) {
              auto at = corner;
              at[u] += n == 1 || n == 2 ? 1 : 0;
              at[w] += n >= 2 ? 1 : 0;
              round[n] = vertex(at);
            }
            if (upper == left_handed) std::swap(round[1], round[3]);
            mesh.triangles.push_back({round[0], round[1], round[2]});
            mesh.triangles.push_back({round[0], round[2], round[3]});
          }
      }
  return mesh;
}

// From the faces of one union to those of the other.
struct Directed {
  double area_mm2 = 0.0;
  Enclosed mean_mm, percentile_mm, max_mm;
  Enclosed share_within;  // Of the area, within the tolerance.
};

constexpr double percent = 95.0;
// Of sums and roots, relative to what is summed.
constexpr double relative_rounding = 1e-12;

Directed directed(const LatticeDistances& found, double tolerance_mm) {
  Directed result{
      .area_mm2 = found.area_mm2, .mean_mm = {}, .percentile_mm = {}, .max_mm = {}, .share_within = {}};
  const double mean_mm = found.moment / found.area_mm2,
               rounding = relative_rounding * (1.0 + found.max_upper_mm);
  const auto enclosed = [&](double value, double lo, double hi) {
    return Enclosed{.value = value,
                    .ruler = {std::max(0.0, std::min(value, lo) - rounding), std::max(value, hi) + rounding}};
  };
  result.mean_mm = enclosed(mean_mm, mean_mm - found.below_moment / found.area_mm2,
                            mean_mm + found.above_moment / found.area_mm2);
  result.max_mm = enclosed(found.max_mm, found.max_mm, found.max_upper_mm);
  const auto percentile_mm = area_percentile(found.elements, found.area_mm2, percent);
  result.percentile_mm = enclosed(percentile_mm.value, percentile_mm.lower, percentile_mm.upper);
  const auto share = [&](double limit_mm, Bound bound) {
    double sum_mm2 = 0.0;
    for (const auto& layer : found.elements)
      for (const auto& element : layer) sum_mm2 += area_within_mm2(element, limit_mm, bound);
    return std::clamp(sum_mm2 / found.area_mm2, 0.0, 1.0);
  };
  // Where the upper bound is within the tolerance, the distance is; where the lower one is not, it is not.
  const double slack_mm = relative_rounding * (1.0 + tolerance_mm);
  result.share_within =
      enclosed(share(tolerance_mm, Bound::none), share(tolerance_mm - slack_mm, Bound::upper),
               share(tolerance_mm + slack_mm, Bound::lower));
  result.share_within.ruler.hi = std::min(1.0, result.share_within.ruler.hi);
  return result;
}

Directed directed(const MeshDistance& from, const MeshDistance& to, double smallest_spacing_mm,
                  double tolerance_mm) {
  const double width_mm = 0.01 * smallest_spacing_mm;
  constexpr std::size_t max_bisections = 20'000;
  const MeshField field(to, 0.05 * width_mm);
  auto cells = make_cells(from.mesh(), field);
  const AreaStatistics statistics =
      area_statistics(cells, field, percent,
                      {.width_mm = width_mm, .relative_width = 0.01, .max_bisections = max_bisections});
  return {
      .area_mm2 = area_mm2(from.mesh()),
      .mean_mm = statistics.mean_abs_mm,
      .percentile_mm = statistics.percentile_mm,
      .max_mm = farthest_point(
                    from, to, {.width_mm = width_mm, .relative_width = 0.0, .max_bisections = max_bisections})
                    .distance_mm,
      .share_within = area_fraction_within(cells, field, tolerance_mm,
                                           {.width = 0.001, .max_bisections = max_bisections})};
}

struct BothWays {
  Directed forth, back;  // From the test, and to it.
};

BothWays both_ways(const LabelMap& test, const LabelMap& reference, const ConventionOptions& options) {
  if (test.grid == reference.grid) {
    const VoxelPair pair = voxel_pair(test, reference, options.label);
    const auto forth = lattice_distances(pair.box, pair.test, pair.reference);
    const auto back = lattice_distances(pair.box, pair.reference, pair.test);
    if (forth && back) return {directed(*forth, options.tolerance_mm), directed(*back, options.tolerance_mm)};
  }
  const MeshDistance of_test(box_faces(test, options.label)),
      of_reference(box_faces(reference, options.label));
  const double spacing_mm = std::min(test.grid.spacing_mm.minCoeff(), reference.grid.spacing_mm.minCoeff());
  return {directed(of_test, of_reference, spacing_mm, options.tolerance_mm),
          directed(of_reference, of_test, spacing_mm, options.tolerance_mm)};
}

ConventionValue larger(const Enclosed& a, const Enclosed& b) {
  const Interval of_a = a.interval(0.0), of_b = b.interval(0.0);
  return {std::max(a.value, b.value), Interval{std::max(of_a.lo, of_b.lo), std::max(of_a.hi, of_b.hi)}, {}};
}

ConventionValue weighted(const Enclosed& a, double of_a, const Enclosed& b, double of_b) {
  const auto mix = [&](double x, double y) { return (of_a * x + of_b * y) / (of_a + of_b); };
  const Interval in_a = a.interval(0.0), in_b = b.interval(0.0);
  return {mix(a.value, b.value), Interval{mix(in_a.lo, in_b.lo), mix(in_a.hi, in_b.hi)}, {}};
}

std::vector<ConventionRow> compute(const LabelMap& test, const LabelMap& reference,
                                   const ConventionOptions& options) {
  const auto [forth, back] = both_ways(test, reference, options);
  ConventionRow row;
  row.hd_mm = larger(forth.max_mm, back.max_mm);
  row.hd95_mm = larger(forth.percentile_mm, back.percentile_mm);
  row.assd_mm = weighted(forth.mean_mm, forth.area_mm2, back.mean_mm, back.area_mm2);
  row.masd_mm = weighted(forth.mean_mm, 1.0, back.mean_mm, 1.0);
  row.nsd = weighted(forth.share_within, forth.area_mm2, back.share_within, back.area_mm2);
  return {row};
}

}  // namespace

const Convention& voxel_boxes_convention() {
  static const Convention convention{
      .name = "voxel_boxes",
      .tool = "MeshAssay, faces of voxels",
      .boundary = "faces between voxels inside and outside, by area",
      .percentile = "larger of the two directed ones, smallest distance that reaches the share of the area",
      .definition =
          "From each point of the faces of the union of voxel boxes to the nearest point of the "
          "other's, in physical space.",
      .source = "docs/metrics/conventions.md",
      .grids = GridUse::used,
      .empty = {.both = "undefined",
                .one = "undefined, NSD 0 where the reference is empty",
                .nsd_of_empty_reference = 0.0},
      .compute = compute};
  return convention;
}

}  // namespace meshassay::metrics::conventions
