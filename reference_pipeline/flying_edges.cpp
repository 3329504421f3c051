// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference_pipeline/flying_edges.hpp"

#include <vtkFlyingEdges3D.h>
#include <vtkNew.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/bridge_vtk/convert.hpp"
#include "core/bridge_vtk/sequential.hpp"

namespace meshassay::reference_pipeline {
namespace {

using Index = std::array<int, 3>;

bool is_inside(const LabelMap& mask, std::uint16_t label, const Index& index) {
  return mask.grid.contains(index[0], index[1], index[2]) && mask.at(index[0], index[1], index[2]) == label;
}

// 1 outside, 0 inside, with a layer of outside around the volume. It is the outside that is marked because
// VTK's case table keeps marked voxels apart where they share a face of a cell only by its diagonal: so it is
// the background that is parted there and the object that is joined, as 26-connected components and
// 6-connected cavities have it.
Image<std::uint8_t> padded_outside(const LabelMap& mask, std::uint16_t label) {
  Grid grid;
  for (std::size_t axis = 0; axis < 3; ++axis) grid.size[axis] = mask.grid.size[axis] + 2;
  grid.origin_mm = Point3::Constant(-1.0);  // Unit spacing: VTK's coordinates are indices of the mask.
  Image<std::uint8_t> outside(grid, 1);
  std::size_t v = 0;
  for (int k = 0; k < mask.grid.size[2]; ++k)
    for (int j = 0; j < mask.grid.size[1]; ++j)
      for (int i = 0; i < mask.grid.size[0]; ++i, ++v)
        if (mask.values[v] == label) outside.at(i + 1, j + 1, k + 1) = 0;
  return outside;
}

TriangleMesh flying_edges(const Image<std::uint8_t>& outside) {
  bridge_vtk::run_sequentially();
  vtkNew<vtkFlyingEdges3D> filter;
  filter->SetInputData(bridge_vtk::view_as_vtk(outside));
  filter->SetArrayComponent(0);
  filter->SetNumberOfContours(1);
  filter->SetValue(0, 0.5);
  filter->ComputeNormalsOff();
  filter->ComputeGradientsOff();
  filter->ComputeScalarsOff();
  filter->InterpolateAttributesOff();
  filter->Update();
  return bridge_vtk::from_vtk(*filter->GetOutput());
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
  TriangleMesh mesh = flying_edges(padded_outside(mask, label));
  for (Point3& vertex : mesh.vertices_mm) {
    const GridEdge edge = grid_edge(vertex, mask, label);
    const double fraction = placement == VertexPlacement::grey_values ? crossing(edge, source, label) : 0.5;
    const Vector3 from(edge.inside[0], edge.inside[1], edge.inside[2]);
    const Vector3 to(edge.outside[0], edge.outside[1], edge.outside[2]);
    vertex = mask.grid.to_world(from + fraction * (to - from));
  }
  // VTK turns triangles towards the lower values, here the inside; a left-handed grid turns them once more.
  if (mask.grid.direction.determinant() > 0.0)
    for (auto& triangle : mesh.triangles) std::swap(triangle[1], triangle[2]);
  return mesh;
}

}  // namespace meshassay::reference_pipeline
