// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference_pipeline/connected_components.hpp"

#include <itkConnectedComponentImageFilter.h>
#include <itkImage.h>
#include <itkImportImageFilter.h>

#include <algorithm>

namespace meshassay::reference_pipeline {

Components connected_components(const Image<std::uint8_t>& inside, Connectivity connectivity) {
  using Mask = itk::Image<std::uint8_t, 3>;
  using Ids = itk::Image<std::uint32_t, 3>;

  // Neighbours are a matter of indices, so the geometry stays behind.
  auto import = itk::ImportImageFilter<std::uint8_t, 3>::New();
  Mask::SizeType size;
  for (unsigned axis = 0; axis < 3; ++axis)
    size[axis] = static_cast<itk::SizeValueType>(inside.grid.size[axis]);
  import->SetRegion(Mask::RegionType(size));
  constexpr bool filter_owns_the_memory = false;
  import->SetImportPointer(const_cast<std::uint8_t*>(inside.values.data()), inside.values.size(),
                           filter_owns_the_memory);

  auto filter = itk::ConnectedComponentImageFilter<Mask, Ids>::New();
  filter->SetInput(import->GetOutput());
  filter->SetFullyConnected(connectivity == Connectivity::faces_edges_corners);
  filter->SetBackgroundValue(0);
  filter->Update();

  // Numbered anew, so that the order does not hang on how the filter shares its work.
  Components result{.ids = Image<std::uint32_t>(inside.grid), .voxels = {}};
  std::vector<std::uint32_t> renumbered(static_cast<std::size_t>(filter->GetObjectCount()) + 1, 0);
  const std::uint32_t* ids = filter->GetOutput()->GetBufferPointer();
  for (std::size_t v = 0; v < inside.values.size(); ++v) {
    if (ids[v] == 0) continue;
    if (ids[v] >= renumbered.size()) renumbered.resize(ids[v] + std::size_t{1}, 0);
    std::uint32_t& id = renumbered[ids[v]];
    if (id == 0) {
      result.voxels.push_back(0);
      id = static_cast<std::uint32_t>(result.voxels.size());
    }
    result.ids.values[v] = id;
    ++result.voxels[id - 1];
  }
  return result;
}

}  // namespace meshassay::reference_pipeline
