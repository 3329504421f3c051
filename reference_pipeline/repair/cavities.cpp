// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference_pipeline/repair/cavities.hpp"

#include <algorithm>
#include <map>

#include "core/edge_table.hpp"
#include "core/exact/arrangement.hpp"
#include "core/exact/outer_hull.hpp"
#include "core/union_find.hpp"

namespace meshassay::reference_pipeline::repair {
namespace {

bool inside_out(const exact::OuterHull& hull) {
  bool some = false;
  for (std::size_t t = 0; t < hull.role.size(); ++t) {
    if (hull.role[t] != exact::HullRole::solid) continue;
    if (hull.cell[t][0] == 0) return false;
    some = true;
  }
  return some;
}

// For each triangle of the input the first of its patch. `layer` are triangles of the input, `edges` theirs.
std::vector<std::size_t> joined(const TriangleMesh& input, const std::vector<std::uint32_t>& layer,
                                const EdgeTable& edges) {
  UnionFind patches(input.triangles.size());
  for (std::size_t e = 0; e < edges.edges(); ++e)
    if (const auto uses = edges.edge(e); uses.size() == 2)
      patches.unite(layer[uses[0].triangle], layer[uses[1].triangle]);
  std::vector<std::size_t> first(input.triangles.size());
  for (std::size_t t = 0; t < first.size(); ++t) first[t] = patches.find(t);
  return first;
}

std::vector<std::size_t> patches_of(const TriangleMesh& input, const exact::Arrangement& arrangement,
                                    const EdgeTable& edges) {
  // What came out as it was is its own layer.
  if (arrangement.further_sources.empty() && arrangement.triangles == input.triangles)
    return joined(input, arrangement.source, edges);
  const auto layer = exact::layer_triangles(input);
  TriangleMesh mesh{.vertices_mm = input.vertices_mm, .triangles = {}};
  for (const auto t : layer) mesh.triangles.push_back(input.triangles[t]);
  return joined(input, layer, EdgeTable(mesh));
}

// Of each triangle of the arrangement, whether it lies in no wall.
std::vector<bool> open_pieces(const std::vector<std::size_t>& patch, const exact::Arrangement& arrangement,
                              const exact::OuterHull& hull) {
  std::vector<bool> is_open(patch.size(), false);  // By first triangle of a patch.
  const auto look_at = [&](std::uint32_t piece, std::uint32_t source) {
    if (hull.cell[piece][0] == hull.cell[piece][1]) is_open[patch[source]] = true;
  };
  for (std::uint32_t t = 0; t < hull.cell.size(); ++t) look_at(t, arrangement.source[t]);
  for (const auto& further : arrangement.further_sources) look_at(further.triangle, further.source);
  std::vector<bool> open(hull.cell.size());
  for (std::uint32_t t = 0; t < open.size(); ++t) open[t] = is_open[patch[arrangement.source[t]]];
  for (const auto& further : arrangement.further_sources)
    if (!is_open[patch[further.source]]) open[further.triangle] = false;
  return open;
}

// Cells that only open triangles divide.
UnionFind regions_of(const exact::OuterHull& hull, const std::vector<bool>& open) {
  UnionFind regions(hull.cells.size());
  for (std::size_t t = 0; t < open.size(); ++t)
    if (open[t]) regions.unite(hull.cell[t][0], hull.cell[t][1]);
  return regions;
}

struct Region {
  Cavity cavity;
  bool faced = false;    // By some wall.
  bool refuted = false;  // A wall faces away, the outside is behind one, or the input winds around it.
};

}  // namespace

std::vector<Cavity> find_cavities(const TriangleMesh& input, const exact::Arrangement& arrangement,
                                  const EdgeTable& edges, const exact::OuterHull& hull, double least_mm3) {
  // What the input winds around is refuted, whatever its walls.
  if (std::all_of(hull.cells.begin() + 1, hull.cells.end(),
                  [](const exact::Cell& cell) { return cell.winding.value_or(0) != 0; }))
    return {};
  const std::size_t facing_side = inside_out(hull) ? 1 : 0;
  const auto open = open_pieces(patches_of(input, arrangement, edges), arrangement, hull);
  auto regions = regions_of(hull, open);
  const auto outside = regions.find(0);
  std::map<std::size_t, Region> found;  // By first cell.
  for (std::size_t t = 0; t < open.size(); ++t) {
    const auto before = regions.find(hull.cell[t][facing_side]);
    const auto behind = regions.find(hull.cell[t][1 - facing_side]);
    if (open[t] || before == behind) continue;
    Region& region = found[before];
    if (!region.faced) region.cavity.place_mm = arrangement.vertices_mm[arrangement.triangles[t][0]];
    region.faced = true;
    if (behind == outside) region.refuted = true;
    found[behind].refuted = true;
  }
  for (std::uint32_t cell = 0; cell < hull.cells.size(); ++cell) {
    const auto region = found.find(regions.find(cell));
    if (region == found.end()) continue;
    region->second.cavity.cells.push_back(cell);
    region->second.cavity.volume_mm3 += hull.cells[cell].volume_mm3;
    if (hull.cells[cell].winding.value_or(0) != 0) region->second.refuted = true;
  }
  std::vector<Cavity> cavities;
  for (auto& [first_cell, region] : found)
    if (first_cell != outside && region.faced && !region.refuted && region.cavity.volume_mm3 >= least_mm3)
      cavities.push_back(std::move(region.cavity));
  return cavities;
}

}  // namespace meshassay::reference_pipeline::repair
