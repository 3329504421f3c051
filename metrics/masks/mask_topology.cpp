// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/masks/mask_topology.hpp"

#include <tbb/parallel_for.h>
#include <tbb/parallel_invoke.h>

#include <algorithm>
#include <array>
#include <bit>
#include <functional>
#include <numeric>
#include <utility>

#include "core/union_find.hpp"
#include "metrics/masks/mask_runs.hpp"
#include "metrics/measurement_rows.hpp"
#include "metrics/registry.hpp"

namespace meshassay::metrics {
namespace {

// Unites the runs of two neighbouring rows that touch; `reach` 1 counts diagonal neighbours, too.
void unite_rows(UnionFind& parts, const MaskRuns& rows, std::size_t row, std::size_t other, int reach) {
  std::size_t a = rows.first[row];
  std::size_t b = rows.first[other];
  while (a < rows.first[row + 1] && b < rows.first[other + 1]) {
    const Run& left = rows.runs[a];
    const Run& right = rows.runs[b];
    if (left.begin < right.end + reach && right.begin < left.end + reach) parts.unite(a, b);
    if (left.end < right.end)
      ++a;
    else
      ++b;
  }
}

enum class Connectivity { faces, corners };

// Sizes in voxels of the connected parts, by their root: a run's index, in ascending order.
std::vector<std::pair<std::size_t, std::uint64_t>> connected_parts(const MaskRuns& rows,
                                                                   Connectivity connectivity) {
  UnionFind parts(rows.runs.size());
  const auto index = [&](int j, int k) {
    return static_cast<std::size_t>(k) * static_cast<std::size_t>(rows.size[1]) + static_cast<std::size_t>(j);
  };
  for (int k = 0; k < rows.size[2]; ++k)
    for (int j = 0; j < rows.size[1]; ++j) {
      if (connectivity == Connectivity::faces) {
        if (j > 0) unite_rows(parts, rows, index(j, k), index(j - 1, k), 0);
        if (k > 0) unite_rows(parts, rows, index(j, k), index(j, k - 1), 0);
        continue;
      }
      if (j > 0) unite_rows(parts, rows, index(j, k), index(j - 1, k), 1);
      if (k == 0) continue;
      for (int other = std::max(0, j - 1); other <= std::min(rows.size[1] - 1, j + 1); ++other)
        unite_rows(parts, rows, index(j, k), index(other, k - 1), 1);
    }
  std::vector<std::uint64_t> voxels(rows.runs.size(), 0);
  for (std::size_t r = 0; r < rows.runs.size(); ++r)
    voxels[parts.find(r)] += static_cast<std::uint64_t>(rows.runs[r].end - rows.runs[r].begin);
  std::vector<std::pair<std::size_t, std::uint64_t>> result;
  for (std::size_t r = 0; r < voxels.size(); ++r)
    if (voxels[r] > 0) result.emplace_back(r, voxels[r]);
  return result;
}

// The background of a mask and one layer of voxels all round it, which belongs to the outside.
MaskRuns padded_background(const MaskRuns& mask) {
  MaskRuns result;
  for (std::size_t a = 0; a < 3; ++a) result.size[a] = mask.size[a] + 2;
  for (int k = -1; k <= mask.size[2]; ++k)
    for (int j = -1; j <= mask.size[1]; ++j) {
      result.first.push_back(result.runs.size());
      int begin = 0;
      if (j >= 0 && k >= 0 && j < mask.size[1] && k < mask.size[2])
        for (const Run& run : mask.row(j, k)) {
          result.runs.push_back({begin, run.begin + 1});
          begin = run.end + 1;
        }
      result.runs.push_back({begin, result.size[0]});
    }
  result.first.push_back(result.runs.size());
  return result;
}

// Eight times what a grid point adds to the Euler characteristic of the closed voxels around it, bit 4z+2y+x
// set where that voxel is filled: the point itself, half of each of 6 edges, a quarter of each of 12 faces,
// an eighth of each voxel; an edge or face is there if one voxel that holds it is.
std::array<int, 256> euler_table() {
  std::array<int, 256> table{};
  for (unsigned filled = 1; filled < 256; ++filled) {
    int edges = 0, faces = 0;
    for (unsigned axis = 0; axis < 3; ++axis)
      for (unsigned side = 0; side < 2; ++side) {
        bool edge = false;
        for (unsigned voxel = 0; voxel < 8; ++voxel)
          edge = edge || (((voxel >> axis) & 1u) == side && ((filled >> voxel) & 1u) != 0);
        edges += edge ? 1 : 0;
      }
    for (unsigned normal = 0; normal < 3; ++normal)
      for (unsigned voxel = 0; voxel < 8; ++voxel)
        if (((voxel >> normal) & 1u) == 0 && ((filled >> voxel | filled >> (voxel | 1u << normal)) & 1u) != 0)
          ++faces;
    table[filled] = 8 - 4 * edges + 2 * faces - std::popcount(filled);
  }
  return table;
}

// Eight times what the grid points before one slice add. Rows of voxels are bytes, with an empty voxel at
// both ends.
std::int64_t eighths_before(int k, const MaskRuns& mask, const std::array<int, 256>& table) {
  const auto length = static_cast<std::size_t>(mask.size[0]) + 2;
  const auto fill = [&](std::vector<std::uint8_t>& row, int j, int slice) {
    row.assign(length, 0);
    if (j < 0 || slice < 0 || j >= mask.size[1] || slice >= mask.size[2]) return false;
    const auto runs = mask.row(j, slice);
    for (const Run& run : runs) std::fill(row.begin() + run.begin + 1, row.begin() + run.end + 1, 1);
    return !runs.empty();
  };
  // 0 = (j-1, k-1), 1 = (j, k-1), 2 = (j-1, k), 3 = (j, k)
  std::array<std::vector<std::uint8_t>, 4> rows;
  rows[0].assign(length, 0);
  rows[2].assign(length, 0);
  std::int64_t eighths = 0;
  bool before = false;
  for (int j = 0; j <= mask.size[1]; ++j) {
    const bool lower = fill(rows[1], j, k - 1);
    const bool upper = fill(rows[3], j, k);
    const bool now = lower || upper;
    if (now || before) {
      unsigned filled = 0;
      for (std::size_t i = 1; i < length; ++i) {
        // Shift the voxels on the right to the left, then look at the next ones.
        filled = (filled >> 1) & 0x55u;
        filled |= static_cast<unsigned>(rows[0][i]) << 1 | static_cast<unsigned>(rows[1][i]) << 3 |
                  static_cast<unsigned>(rows[2][i]) << 5 | static_cast<unsigned>(rows[3][i]) << 7;
        eighths += table[filled];
      }
    }
    before = now;
    rows[0].swap(rows[1]);
    rows[2].swap(rows[3]);
  }
  return eighths;
}

std::int64_t euler_characteristic(const MaskRuns& mask) {
  const auto table = euler_table();
  std::vector<std::int64_t> eighths(static_cast<std::size_t>(mask.size[2]) + 1);
  tbb::parallel_for(0, mask.size[2] + 1,
                    [&](int k) { eighths[static_cast<std::size_t>(k)] = eighths_before(k, mask, table); });
  return std::accumulate(eighths.begin(), eighths.end(), std::int64_t{0}) / 8;
}

Measurement with_connectivity(Measurement row) {
  row.witnesses.emplace_back("foreground_connectivity", 26.0);
  row.witnesses.emplace_back("background_connectivity", 6.0);
  return row;
}

// The ten largest, in mm3.
std::vector<double> largest_mm3(const std::vector<std::uint64_t>& voxels, double voxel_volume_mm3) {
  std::vector<double> result;
  for (std::size_t n = 0; n < std::min<std::size_t>(10, voxels.size()); ++n)
    result.push_back(static_cast<double>(voxels[n]) * voxel_volume_mm3);
  return result;
}

std::vector<Measurement> rows_of_target(const Trial& trial, const MetricRequest& request,
                                        const TargetTruth& target) {
  const MetricFamily& family = mask_topology_family();
  const Submission& submission = trial.submissions.front();
  const Subject subject{mask_stage(submission, request), target_name(trial, target)};
  const auto found = find_mask(submission, request.stage);
  if (const auto* why = std::get_if<Undefined>(&found)) return all_undefined(family, subject, *why);

  const LabelMap& mask = *std::get<const LabelMap*>(found);
  const MaskTopology topology = mask_topology(mask, target.label);
  const std::array<std::int64_t, 3> counts = {topology.components, topology.cavities, topology.handles};
  std::vector<Measurement> rows;
  for (std::size_t m = 0; m < 3; ++m)
    rows.push_back(with_connectivity(measured(family.metrics[m], subject, static_cast<double>(counts[m]))));
  const double voxel_volume_mm3 = mask.grid.voxel_volume_mm3();
  rows[0].witnesses.emplace_back("largest_mm3", largest_mm3(topology.component_voxels, voxel_volume_mm3));
  rows[1].witnesses.emplace_back("largest_mm3", largest_mm3(topology.cavity_voxels, voxel_volume_mm3));
  for (std::size_t m = 0; m < 3; ++m) {
    const MetricDefinition& metric = family.metrics[3 + m];
    if (!target.betti) {
      rows.push_back(undefined(metric, subject, {"no_reference", "the true Betti numbers are not known"}));
      continue;
    }
    const std::array<int, 3> truth = {target.betti->components, target.betti->cavities,
                                      target.betti->handles};
    rows.push_back(with_connectivity(measured(metric, subject, static_cast<double>(counts[m] - truth[m]))));
  }
  return rows;
}

std::vector<Measurement> compute(const Trial& trial, const MetricRequest& request) {
  return rows_a_target(trial, request, rows_of_target);
}

}  // namespace

MaskTopology mask_topology(const LabelMap& mask, std::uint16_t label) {
  check_mask(mask, "mask");
  const MaskRuns runs = mask_runs(mask, label);
  MaskTopology result;
  tbb::parallel_invoke(
      [&] {
        for (const auto& [root, voxels] : connected_parts(runs, Connectivity::corners))
          result.component_voxels.push_back(voxels);
      },
      [&] {
        // The first run of the padded background is outside, and so is its part.
        for (const auto& [root, voxels] : connected_parts(padded_background(runs), Connectivity::faces))
          if (root != 0) result.cavity_voxels.push_back(voxels);
      });
  std::sort(result.component_voxels.begin(), result.component_voxels.end(), std::greater<>());
  std::sort(result.cavity_voxels.begin(), result.cavity_voxels.end(), std::greater<>());
  result.components = static_cast<std::int64_t>(result.component_voxels.size());
  result.cavities = static_cast<std::int64_t>(result.cavity_voxels.size());
  result.euler_characteristic = euler_characteristic(runs);
  result.handles = result.components + result.cavities - result.euler_characteristic;
  return result;
}

const MetricFamily& mask_topology_family() {
  static const std::string source =
      "Kong and Rosenfeld 1989, Digital topology; Toriwaki and Yonekura 2002, Euler number of 3D images";
  static const MetricFamily family{
      .name = "mask_topology",
      .metrics = {{.id = "topology.components",
                   .unit = "1",
                   .definition = "Number of 26-connected parts of the mask.",
                   .source = source},
                  {.id = "topology.cavities",
                   .unit = "1",
                   .definition = "Number of 6-connected parts of the background that the mask encloses.",
                   .source = source},
                  {.id = "topology.handles",
                   .unit = "1",
                   .definition =
                       "Number of tunnels through the mask: components + cavities - Euler characteristic.",
                   .source = source},
                  {.id = "topology.components_error",
                   .unit = "1",
                   .is_signed = true,
                   .definition = "Components of the mask minus those of the true object.",
                   .source = source},
                  {.id = "topology.cavities_error",
                   .unit = "1",
                   .is_signed = true,
                   .definition = "Cavities of the mask minus those of the true object.",
                   .source = source},
                  {.id = "topology.handles_error",
                   .unit = "1",
                   .is_signed = true,
                   .definition = "Handles of the mask minus those of the true object.",
                   .source = source}},
      .needs = {"mask"},
      .compute = compute};
  return family;
}

}  // namespace meshassay::metrics
