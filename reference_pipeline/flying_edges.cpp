// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference_pipeline/flying_edges.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/bridge_vtk/mask_boundary.hpp"

namespace meshassay::reference_pipeline {
namespace {

using Index = std::array<int, 3>;

bool is_inside(const LabelMap& mask, std::uint16_t label, const Index& index) {
  return mask.grid.contains(index[0], index[1], index[2]) && mask.at(index[0], index[1], index[2]) == label;
}

// The grid edge that a vertex in the middle of it stands for, from the voxel inside to the one outside.
struct GridEdge {
  Index inside, outside;
};

GridEdge grid_edge(const Point3& middle, const LabelMap& mask, std::uint16_t label) {
  GridEdge edge;
  for (int axis = 0; axis < 3; ++axis) {
    edge.inside[axis] = static_cast<int>(std::floor(middle[axis]));
    edge.outside[axis] = static_cast<int>(std::ceil(middle[axis]));
  }
  if (!is_inside(mask, label, edge.inside)) std::swap(edge.inside, edge.outside);
  return edge;
}

// How far from the inside to the outside the HU reach the threshold, as a fraction of the edge.
double crossing(const GridEdge& edge, const SurfaceSource& source, std::uint16_t label) {
  const auto& [i, j, k] = edge.outside;
  if (!source.mask.grid.contains(i, j, k)) return 0.5;  // The cap at the border of the volume.
  const double inside_hu = source.hu.at(edge.inside[0], edge.inside[1], edge.inside[2]);
  const double outside_hu = source.hu.at(i, j, k);
  double threshold_hu = source.thresholds_hu.at(label);
  if (const auto neighbour = source.thresholds_hu.find(source.mask.at(i, j, k));
      neighbour != source.thresholds_hu.end())
    threshold_hu = std::max(threshold_hu, neighbour->second);
  const bool is_bracketed =
      std::min(inside_hu, outside_hu) < threshold_hu && threshold_hu <= std::max(inside_hu, outside_hu);
  const double fraction = (threshold_hu - inside_hu) / (outside_hu - inside_hu);
  if (!is_bracketed || !std::isfinite(fraction)) return 0.5;
  return std::clamp(fraction, least_edge_fraction, 1.0 - least_edge_fraction);
}

}  // namespace

TriangleMesh extract_surface(const SurfaceSource& source, std::uint16_t label, VertexPlacement placement) {
  const LabelMap& mask = source.mask;
  TriangleMesh mesh = bridge_vtk::mask_boundary_index(mask, label);
  for (Point3& vertex : mesh.vertices_mm) {
    const GridEdge edge = grid_edge(vertex, mask, label);
    const double fraction = placement == VertexPlacement::grey_values ? crossing(edge, source, label) : 0.5;
    const Vector3 from(edge.inside[0], edge.inside[1], edge.inside[2]);
    const Vector3 to(edge.outside[0], edge.outside[1], edge.outside[2]);
    vertex = from + fraction * (to - from);
  }
  return bridge_vtk::to_world(std::move(mesh), mask.grid);
}

}  // namespace meshassay::reference_pipeline
