// SPDX-License-Identifier: GPL-3.0-or-later
// The CT in a plane of the world, as a grey picture.
#pragma once

#include <Eigen/Core>
#include <optional>
#include <string>

#include "core/ct_volume.hpp"
#include "core/measurement.hpp"

namespace meshassay::reports {

/// A rectangle in the plane on which the coordinate `axis` equals `position_mm`. `across` and `down` are the
/// two other axes of the world; `min_mm` and `max_mm` are coordinates along them.
struct SlicePlane {
  int axis = 2, across = 0, down = 1;
  double position_mm = 0.0;
  Eigen::Vector2d min_mm = Eigen::Vector2d::Zero(), max_mm = Eigen::Vector2d::Zero();
};

/// The value of the voxel that holds each pixel's centre: no interpolation. Where the grid runs along the
/// world's axes a pixel is a voxel; else it is a square as large as the smallest spacing. Slices of more than
/// 512 pixels a side are thinned out.
struct CtSlice {
  Eigen::Vector2d min_mm, max_mm;  ///< Outer borders of the pixels, along `across` and `down`.
  int width = 0, height = 0;
  std::vector<std::optional<float>> hu;  ///< Row by row, `down` increasing; absent outside of the grid.
};

/// The box of all voxels, borders included.
[[nodiscard]] Box3 box_of_voxels(const Grid& grid);

/// The part of the plane's rectangle that the CT covers; nothing where it covers none.
[[nodiscard]] std::optional<CtSlice> ct_slice(const Image<float>& hu, const SlicePlane& plane);

/// A PNG file's bytes: `window_hu.lo` and below black, `window_hu.hi` and above white, outside of the grid
/// transparent. With `upside_down` the last row is on top.
[[nodiscard]] std::string ct_slice_png(const CtSlice& slice, const Interval& window_hu, bool upside_down);

}  // namespace meshassay::reports
