// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference_pipeline/windowed_sinc.hpp"

#include <vtkNew.h>
#include <vtkWindowedSincPolyDataFilter.h>

#include "core/bridge_vtk/convert.hpp"
#include "core/bridge_vtk/sequential.hpp"
#include "reference_pipeline/surface_pieces.hpp"

namespace meshassay::reference_pipeline {

namespace {

// A closed piece without size, at (1, 1, 1): what the filter makes of it is its gain for a constant.
void append_gain_probe(TriangleMesh& mesh) {
  const auto first = static_cast<std::uint32_t>(mesh.vertices_mm.size());
  mesh.vertices_mm.insert(mesh.vertices_mm.end(), 4, Point3::Ones());
  for (const Triangle& t : {Triangle{0, 1, 2}, Triangle{0, 3, 1}, Triangle{1, 3, 2}, Triangle{2, 3, 0}})
    mesh.triangles.push_back({first + t[0], first + t[1], first + t[2]});
}

TriangleMesh filtered(const TriangleMesh& mesh, const WindowedSincOptions& options) {
  bridge_vtk::run_sequentially();
  vtkNew<vtkWindowedSincPolyDataFilter> filter;
  filter->SetInputData(bridge_vtk::to_vtk(mesh));
  filter->SetNumberOfIterations(options.iterations);
  filter->SetPassBand(options.pass_band);
  filter
      ->NormalizeCoordinatesOff();  // Doubles need no scaling, and so no piece depends on the others' extent.
  filter->FeatureEdgeSmoothingOff();
  filter->BoundarySmoothingOff();
  filter->NonManifoldSmoothingOff();
  filter->GenerateErrorScalarsOff();
  filter->GenerateErrorVectorsOff();
  filter->Update();
  return bridge_vtk::from_vtk(*filter->GetOutput());
}

}  // namespace

SmoothedSurface smooth_windowed_sinc(const TriangleMesh& mesh, const WindowedSincOptions& options) {
  // VTK's polynomial is not quite 1 for a constant: it scales the world about its origin by some 0.1 %, which
  // would shrink the object and move it by millimetres where it lies far away. Dividing by that gain mends
  // both.
  TriangleMesh probed = mesh;
  append_gain_probe(probed);
  probed = filtered(probed, options);
  const double gain = probed.vertices_mm.back()[0];

  SmoothedSurface result{.mesh = mesh};
  for (std::size_t vertex = 0; vertex < mesh.vertices_mm.size(); ++vertex)
    result.mesh.vertices_mm[vertex] = probed.vertices_mm[vertex] / gain;

  // The filter can shrink an island of a few voxels to a point, or turn it inside out.
  const auto pieces = find_pieces(mesh);
  const auto before_mm3 = piece_volumes_mm3(mesh, pieces);
  const auto after_mm3 = piece_volumes_mm3(result.mesh, pieces);
  std::vector<bool> keep(pieces.count, false);
  for (std::size_t piece = 0; piece < pieces.count; ++piece)
    if (!(after_mm3[piece] / before_mm3[piece] >= least_volume_fraction)) {
      keep[piece] = true;
      ++result.pieces_kept_as_they_were;
    }
  for (std::size_t vertex = 0; vertex < mesh.vertices_mm.size(); ++vertex)
    if (keep[pieces.of_vertex[vertex]]) result.mesh.vertices_mm[vertex] = mesh.vertices_mm[vertex];
  return result;
}

}  // namespace meshassay::reference_pipeline
