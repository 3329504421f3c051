// SPDX-License-Identifier: GPL-3.0-or-later
#include "reports/ct_slice.hpp"

#include <algorithm>
#include <cmath>

#include "core/bridge_vtk/png.hpp"

namespace meshassay::reports {
namespace {

constexpr double max_pixels = 512.0;

/// Pixels along one axis of the world: centres at first + k * step.
struct PixelRow {
  double first_mm = 0.0, step_mm = 1.0;
  int count = 0;
};

/// The spacing of the grid along an axis of the world, where one of its axes runs along it.
double pixel_mm(const Grid& grid, int world_axis) {
  constexpr double aligned = 1.0 - 1e-9;
  for (int a = 0; a < 3; ++a)
    if (std::abs(grid.direction(world_axis, a)) > aligned) return grid.spacing_mm[a];
  return grid.spacing_mm.minCoeff();
}

/// The pixels, on the lattice of the grid's first voxel, that show something of a range of the box.
PixelRow pixels_between(const Grid& grid, int world_axis, const Box3& box, double from_mm, double to_mm) {
  const double low_mm = box.min_mm[world_axis], high_mm = box.max_mm[world_axis];
  const double origin_mm = grid.origin_mm[world_axis];
  PixelRow row{.step_mm = pixel_mm(grid, world_axis)};
  const double length_mm = std::min(to_mm, high_mm) - std::max(from_mm, low_mm);
  row.step_mm *= std::max(1.0, std::ceil(length_mm / row.step_mm / max_pixels));
  const double first_mm = std::max(from_mm - 0.5 * row.step_mm, low_mm);
  const double last_mm = std::min(to_mm + 0.5 * row.step_mm, high_mm);
  const double first = std::ceil((first_mm - origin_mm) / row.step_mm);
  const double last = std::floor((last_mm - origin_mm) / row.step_mm);
  row.first_mm = origin_mm + first * row.step_mm;
  row.count = static_cast<int>(std::max(0.0, last - first + 1.0));
  return row;
}

}  // namespace

Box3 box_of_voxels(const Grid& grid) {
  Box3 box;
  if (grid.voxels() == 0) return box;
  for (unsigned corner = 0; corner < 8; ++corner) {
    Vector3 index;
    for (int a = 0; a < 3; ++a)
      index[a] = (corner >> a & 1U) != 0 ? grid.size[static_cast<std::size_t>(a)] - 0.5 : -0.5;
    box.add(grid.to_world(index));
  }
  return box;
}

std::optional<CtSlice> ct_slice(const Image<float>& hu, const SlicePlane& plane) {
  const Grid& grid = hu.grid;
  const Box3 box = box_of_voxels(grid);
  if (box.empty() || plane.position_mm < box.min_mm[plane.axis] || plane.position_mm > box.max_mm[plane.axis])
    return std::nullopt;
  const auto pixels = [&](int world_axis, int of_plane) {
    return pixels_between(grid, world_axis, box, plane.min_mm[of_plane], plane.max_mm[of_plane]);
  };
  const PixelRow columns = pixels(plane.across, 0), rows = pixels(plane.down, 1);
  if (columns.count == 0 || rows.count == 0) return std::nullopt;

  const Eigen::Vector2d first(columns.first_mm, rows.first_mm), step(columns.step_mm, rows.step_mm);
  const Eigen::Vector2d count(columns.count, rows.count);
  CtSlice slice{.min_mm = first - 0.5 * step,
                .max_mm = first + (count.array() - 0.5).matrix().cwiseProduct(step),
                .width = columns.count,
                .height = rows.count};
  slice.hu.reserve(static_cast<std::size_t>(slice.width) * static_cast<std::size_t>(slice.height));
  Point3 point;
  point[plane.axis] = plane.position_mm;
  for (int row = 0; row < rows.count; ++row)
    for (int column = 0; column < columns.count; ++column) {
      point[plane.across] = columns.first_mm + column * columns.step_mm;
      point[plane.down] = rows.first_mm + row * rows.step_mm;
      const Vector3 index = (grid.to_index(point).array() + 0.5).floor();
      const int i = static_cast<int>(index[0]), j = static_cast<int>(index[1]),
                k = static_cast<int>(index[2]);
      slice.hu.push_back(grid.contains(i, j, k) ? std::optional(hu.at(i, j, k)) : std::nullopt);
    }
  return slice;
}

std::string ct_slice_png(const CtSlice& slice, const Interval& window_hu, bool upside_down) {
  bridge_vtk::GreyPicture picture{.width = slice.width, .height = slice.height, .values = {}};
  picture.values.reserve(2 * slice.hu.size());
  for (int row = 0; row < slice.height; ++row)
    for (int column = 0; column < slice.width; ++column) {
      const int from_row = upside_down ? slice.height - 1 - row : row;
      const auto& hu = slice.hu[static_cast<std::size_t>(from_row) * static_cast<std::size_t>(slice.width) +
                                static_cast<std::size_t>(column)];
      // A value that is no number is shown as the darkest.
      const double share = hu && !std::isnan(*hu) ? (*hu - window_hu.lo) / window_hu.width() : 0.0;
      picture.values.push_back(static_cast<std::uint8_t>(std::lround(255.0 * std::clamp(share, 0.0, 1.0))));
      picture.values.push_back(hu ? 255 : 0);
    }
  return bridge_vtk::encode_png(picture);
}

}  // namespace meshassay::reports
