// SPDX-License-Identifier: GPL-3.0-or-later
// Between VTK's data and ours. Only .cpp files include this.
#pragma once

#include <vtkImageData.h>
#include <vtkPolyData.h>
#include <vtkSmartPointer.h>

#include <cstdint>

#include "core/image.hpp"
#include "core/triangle_mesh.hpp"

namespace meshassay::bridge_vtk {

/// Points in double precision; vertices and triangles keep their order.
[[nodiscard]] vtkSmartPointer<vtkPolyData> to_vtk(const TriangleMesh& mesh);
/// Vertices and triangles keep their order. \throw InvalidInput where a cell is not a triangle.
[[nodiscard]] TriangleMesh from_vtk(vtkPolyData& surface);

/// A view, not a copy: the image must live longer. VTK's voxels are points at the same centres as ours, so
/// spacing, origin and direction are taken over as they are.
[[nodiscard]] vtkSmartPointer<vtkImageData> view_as_vtk(const Image<std::uint8_t>& image);

}  // namespace meshassay::bridge_vtk
