// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <utility>

#include "core/label_map.hpp"
#include "metrics/conventions/tools.hpp"
#include "metrics/conventions/voxel_pair.hpp"
#include "metrics/deviation/completeness.hpp"
#include "metrics/deviation/surface_deviation.hpp"

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

ConventionValue value_of(const Enclosed& enclosed) { return {enclosed.value, enclosed.interval(0.0), {}}; }

ConventionValue larger(const Enclosed& a, const Enclosed& b) {
  const Interval of_a = a.interval(0.0), of_b = b.interval(0.0);
  return {std::max(a.value, b.value), Interval{std::max(of_a.lo, of_b.lo), std::max(of_a.hi, of_b.hi)}, {}};
}

ConventionValue weighted(const Enclosed& a, double of_a, const Enclosed& b, double of_b) {
  const auto mix = [&](double x, double y) { return (of_a * x + of_b * y) / (of_a + of_b); };
  const Interval in_a = a.interval(0.0), in_b = b.interval(0.0);
  return {mix(a.value, b.value), Interval{mix(in_a.lo, in_b.lo), mix(in_a.hi, in_b.hi)}, {}};
}

TargetTruth truth_of(const TriangleMesh& mesh) {
  TargetTruth truth;
  truth.surface = mesh;
  return truth;
}

std::vector<ConventionRow> compute(const LabelMap& test, const LabelMap& reference,
                                   const ConventionOptions& options) {
  const TriangleMesh of_test = box_faces(test, options.label),
                     of_reference = box_faces(reference, options.label);
  const double test_mm2 = area_mm2(of_test), reference_mm2 = area_mm2(of_reference);
  const SurfaceDeviation forth = surface_deviation(of_test, truth_of(of_reference)),
                         back = surface_deviation(of_reference, truth_of(of_test));
  const CompletenessOptions within{.tolerance_mm = options.tolerance_mm};
  ConventionRow row;
  row.hd_mm = value_of(*forth.hausdorff_mm);
  row.hd95_mm = larger(forth.percentile_mm, back.percentile_mm);
  row.assd_mm = weighted(forth.mean_abs_mm, test_mm2, back.mean_abs_mm, reference_mm2);
  row.masd_mm = weighted(forth.mean_abs_mm, 1.0, back.mean_abs_mm, 1.0);
  row.nsd = weighted(completeness(of_reference, of_test, within), test_mm2,
                     completeness(of_test, of_reference, within), reference_mm2);
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
      .empty = {.both = "undefined", .one = "undefined, NSD 0", .nsd_of_one = 0.0},
      .compute = compute};
  return convention;
}

}  // namespace meshassay::metrics::conventions
