// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference_pipeline/windowed_sinc.hpp"

#include <vtkCallbackCommand.h>
#include <vtkNew.h>
#include <vtkWindowedSincPolyDataFilter.h>

#include "core/bridge_vtk/convert.hpp"
#include "core/bridge_vtk/sequential.hpp"
#include "reference_pipeline/surface_pieces.hpp"

namespace meshassay::reference_pipeline {

SmoothedSurface smooth_windowed_sinc(const TriangleMesh& mesh, const WindowedSincOptions& options) {
  bridge_vtk::run_sequentially();
  SmoothedSurface result;

  vtkNew<vtkCallbackCommand> on_error;
  on_error->SetClientData(&result.reached_pass_band);
  on_error->SetCallback([](vtkObject*, unsigned long, void* reached_pass_band, void*) {
    *static_cast<bool*>(reached_pass_band) = false;
  });

  vtkNew<vtkWindowedSincPolyDataFilter> filter;
  filter->AddObserver(vtkCommand::ErrorEvent, on_error);
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
  result.mesh = bridge_vtk::from_vtk(*filter->GetOutput());

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
