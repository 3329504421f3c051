// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bridge_vtk/mask_boundary.hpp"

#include <vtkFlyingEdges3D.h>
#include <vtkNew.h>

#include <utility>

#include "core/bridge_vtk/convert.hpp"
#include "core/bridge_vtk/sequential.hpp"

namespace meshassay::bridge_vtk {
namespace {

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

void turn(TriangleMesh& mesh) {
  for (auto& triangle : mesh.triangles) std::swap(triangle[1], triangle[2]);
}

}  // namespace

TriangleMesh mask_boundary_index(const LabelMap& mask, std::uint16_t label) {
  run_sequentially();
  const auto outside = padded_outside(mask, label);
  vtkNew<vtkFlyingEdges3D> filter;
  filter->SetInputData(view_as_vtk(outside));
  filter->SetArrayComponent(0);
  filter->SetNumberOfContours(1);
  filter->SetValue(0, 0.5);
  filter->ComputeNormalsOff();
  filter->ComputeGradientsOff();
  filter->ComputeScalarsOff();
  filter->InterpolateAttributesOff();
  filter->Update();
  TriangleMesh mesh = from_vtk(*filter->GetOutput());
  turn(mesh);  // VTK turns triangles towards the lower values, here the inside.
  return mesh;
}

TriangleMesh mask_boundary(const LabelMap& mask, std::uint16_t label) {
  return to_world(mask_boundary_index(mask, label), mask.grid);
}

TriangleMesh to_world(TriangleMesh index_space, const Grid& grid) {
  for (Point3& vertex : index_space.vertices_mm) vertex = grid.to_world(vertex);
  if (grid.direction.determinant() < 0.0) turn(index_space);
  return index_space;
}

}  // namespace meshassay::bridge_vtk
