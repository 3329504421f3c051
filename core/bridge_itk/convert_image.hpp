// SPDX-License-Identifier: GPL-3.0-or-later
// The only conversions between itk::Image and Image<T>. Included by .cpp files only. ITK's world is LPS mm
// and its index order is ours, so that geometry and values are copied as they are.
#pragma once

#include <itkImage.h>

#include <algorithm>
#include <cstddef>

#include "core/image.hpp"

namespace meshassay::bridge_itk {

/// The grid of the largest region; its start index may be other than 0.
[[nodiscard]] inline Grid to_grid(const itk::ImageBase<3>& image) {
  Grid grid;
  const auto& region = image.GetLargestPossibleRegion();
  itk::Point<double, 3> origin;
  image.TransformIndexToPhysicalPoint(region.GetIndex(), origin);
  for (unsigned axis = 0; axis < 3; ++axis) {
    grid.size[axis] = static_cast<int>(region.GetSize()[axis]);
    grid.spacing_mm[axis] = image.GetSpacing()[axis];
    // The point of index 0 is the origin itself, not the origin through a matrix product.
    grid.origin_mm[axis] = region.GetIndex() == itk::Index<3>{} ? image.GetOrigin()[axis] : origin[axis];
    for (unsigned row = 0; row < 3; ++row) grid.direction(row, axis) = image.GetDirection()(row, axis);
  }
  return grid;
}

inline void set_grid(itk::ImageBase<3>& image, const Grid& grid) {
  itk::Size<3> size{};
  itk::Vector<double, 3> spacing;
  itk::Point<double, 3> origin;
  itk::Matrix<double, 3, 3> direction;
  for (unsigned axis = 0; axis < 3; ++axis) {
    size[axis] = static_cast<itk::SizeValueType>(grid.size[axis]);
    spacing[axis] = grid.spacing_mm[axis];
    origin[axis] = grid.origin_mm[axis];
    for (unsigned row = 0; row < 3; ++row) direction(row, axis) = grid.direction(row, axis);
  }
  image.SetRegions(size);
  image.SetSpacing(spacing);
  image.SetOrigin(origin);
  image.SetDirection(direction);
}

/// A copy.
template <typename T>
[[nodiscard]] typename itk::Image<T, 3>::Pointer to_itk(const Image<T>& image) {
  auto converted = itk::Image<T, 3>::New();
  set_grid(*converted, image.grid);
  converted->Allocate();
  std::copy(image.values.begin(), image.values.end(), converted->GetBufferPointer());
  return converted;
}

/// A copy. \pre The whole image is buffered.
template <typename T>
[[nodiscard]] Image<T> from_itk(const itk::Image<T, 3>& image) {
  Image<T> converted;
  converted.grid = to_grid(image);
  const T* values = image.GetBufferPointer();
  converted.values.assign(values, values + converted.grid.voxels());
  return converted;
}

}  // namespace meshassay::bridge_itk
