// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bridge_vtk/convert.hpp"

#include <vtkCellArray.h>
#include <vtkDoubleArray.h>
#include <vtkIdList.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkPoints.h>
#include <vtkUnsignedCharArray.h>

#include <limits>

#include "core/errors.hpp"
#include "core/text.hpp"

namespace meshassay::bridge_vtk {

vtkSmartPointer<vtkPolyData> to_vtk(const TriangleMesh& mesh) {
  vtkNew<vtkPoints> points;
  points->SetDataTypeToDouble();
  points->SetNumberOfPoints(static_cast<vtkIdType>(mesh.vertices_mm.size()));
  for (std::size_t v = 0; v < mesh.vertices_mm.size(); ++v)
    points->SetPoint(static_cast<vtkIdType>(v), mesh.vertices_mm[v].data());
  vtkNew<vtkCellArray> cells;
  cells->AllocateExact(static_cast<vtkIdType>(mesh.triangles.size()),
                       3 * static_cast<vtkIdType>(mesh.triangles.size()));
  for (const auto& triangle : mesh.triangles)
    cells->InsertNextCell({static_cast<vtkIdType>(triangle[0]), static_cast<vtkIdType>(triangle[1]),
                           static_cast<vtkIdType>(triangle[2])});
  auto surface = vtkSmartPointer<vtkPolyData>::New();
  surface->SetPoints(points);
  surface->SetPolys(cells);
  return surface;
}

TriangleMesh from_vtk(vtkPolyData& surface) {
  TriangleMesh mesh;
  const vtkIdType points = surface.GetNumberOfPoints();
  if (points > static_cast<vtkIdType>(std::numeric_limits<std::uint32_t>::max()))
    throw InvalidInput({.what = "a surface has too many vertices",
                        .expected = "at most 4294967295",
                        .got = format_number(static_cast<double>(points)),
                        .mend = "crop the volume, or use larger voxels"});
  mesh.vertices_mm.resize(static_cast<std::size_t>(points));
  for (vtkIdType p = 0; p < points; ++p)
    surface.GetPoint(p, mesh.vertices_mm[static_cast<std::size_t>(p)].data());
  vtkCellArray* cells = surface.GetPolys();
  const vtkIdType count = cells ? cells->GetNumberOfCells() : 0;
  mesh.triangles.reserve(static_cast<std::size_t>(count));
  vtkNew<vtkIdList> corners;
  for (vtkIdType c = 0; c < count; ++c) {
    cells->GetCellAtId(c, corners);
    if (corners->GetNumberOfIds() != 3)
      throw InvalidInput({.what = "a surface has a cell that is not a triangle",
                          .where = "cell " + format_number(static_cast<double>(c)),
                          .expected = "3 corners",
                          .got = format_number(static_cast<double>(corners->GetNumberOfIds()))});
    mesh.triangles.push_back({static_cast<std::uint32_t>(corners->GetId(0)),
                              static_cast<std::uint32_t>(corners->GetId(1)),
                              static_cast<std::uint32_t>(corners->GetId(2))});
  }
  return mesh;
}

vtkSmartPointer<vtkImageData> view_as_vtk(const Image<std::uint8_t>& image) {
  const Grid& grid = image.grid;
  auto result = vtkSmartPointer<vtkImageData>::New();
  result->SetDimensions(grid.size[0], grid.size[1], grid.size[2]);
  result->SetSpacing(grid.spacing_mm[0], grid.spacing_mm[1], grid.spacing_mm[2]);
  result->SetOrigin(grid.origin_mm[0], grid.origin_mm[1], grid.origin_mm[2]);
  result->SetDirectionMatrix(grid.direction(0, 0), grid.direction(0, 1), grid.direction(0, 2),
                             grid.direction(1, 0), grid.direction(1, 1), grid.direction(1, 2),
                             grid.direction(2, 0), grid.direction(2, 1), grid.direction(2, 2));
  vtkNew<vtkUnsignedCharArray> values;
  constexpr int keep_the_memory = 1;
  // VTK only reads it: the filters that we use do not write to their input.
  values->SetArray(const_cast<unsigned char*>(image.values.data()),
                   static_cast<vtkIdType>(image.values.size()), keep_the_memory);
  values->SetName("inside");
  result->GetPointData()->SetScalars(values);
  return result;
}

}  // namespace meshassay::bridge_vtk
