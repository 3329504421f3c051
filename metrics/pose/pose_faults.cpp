// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/pose/pose_faults.hpp"

#include <array>
#include <utility>

namespace meshassay::metrics {
namespace {

constexpr std::array<const char*, 3> world_axes = {"x", "y", "z"};
constexpr std::array<const char*, 3> grid_axes = {"columns", "rows", "slices"};

Eigen::Affine3d affine(const Matrix3& linear, const Vector3& shift = Vector3::Zero()) {
  Eigen::Affine3d map = Eigen::Affine3d::Identity();
  map.linear() = linear;
  map.translation() = shift;
  return map;
}

// Keeps a point where it is.
Eigen::Affine3d about(const Point3& fixed, const Matrix3& linear) {
  return affine(linear, fixed - linear * fixed);
}

Matrix3 flipped(int axis) {
  Matrix3 flip = Matrix3::Identity();
  flip(axis, axis) = -1.0;
  return flip;
}

struct Permutation {
  const char* how;
  Matrix3 matrix;
};
std::vector<Permutation> permutations() {
  const auto of = [](int a, int b, int c) {
    Matrix3 matrix = Matrix3::Zero();
    matrix(0, a) = matrix(1, b) = matrix(2, c) = 1.0;
    return matrix;
  };
  return {{"1st and 2nd exchanged", of(1, 0, 2)},
          {"1st and 3rd exchanged", of(2, 1, 0)},
          {"2nd and 3rd exchanged", of(0, 2, 1)},
          {"taken in the order 2, 3, 1", of(1, 2, 0)},
          {"taken in the order 3, 1, 2", of(2, 0, 1)}};
}

void add_world_faults(std::vector<PoseFault>& faults) {
  faults.push_back({"lps_ras_flip", "x and y negated: LPS written as RAS, or RAS read as LPS",
                    affine(Vector3(-1.0, -1.0, 1.0).asDiagonal())});
  for (int axis = 0; axis < 3; ++axis)
    faults.push_back({std::string("axis_flip_") + world_axes[axis],
                      std::string(world_axes[axis]) + " negated", affine(flipped(axis))});
  for (const auto& [how, matrix] : permutations())
    faults.push_back({"axis_swap", std::string("x, y, z ") + how, affine(matrix)});
  faults.push_back({"unit_cm", "written in centimetres", affine(0.1 * Matrix3::Identity())});
  faults.push_back({"unit_inch", "written in inches", affine(Matrix3::Identity() / 25.4)});
  faults.push_back({"unit_m", "written in metres", affine(0.001 * Matrix3::Identity())});
  faults.push_back({"mirrored", "x, y and z negated", affine(-Matrix3::Identity())});
}

void add_grid_faults(std::vector<PoseFault>& faults, const Grid& grid) {
  const Matrix3& direction = grid.direction;
  const Matrix3 inverse = direction.transpose();
  const Matrix3 spacing = grid.spacing_mm.asDiagonal();
  const Matrix3 per_spacing = grid.spacing_mm.cwiseInverse().asDiagonal();
  const Point3& origin = grid.origin_mm;
  const Vector3 last_index =
      Vector3(grid.size[0], grid.size[1], grid.size[2]).array() - 1.0;  // Of the last voxel.
  const Point3 middle = grid.to_world(0.5 * last_index);

  for (int axis = 0; axis < 3; ++axis)
    faults.push_back({std::string("axis_flip_") + world_axes[axis],
                      std::string(grid_axes[axis]) + " counted from the other end",
                      about(middle, direction * flipped(axis) * inverse)});
  for (const auto& [how, matrix] : permutations()) {
    faults.push_back({"axis_swap", std::string("columns, rows, slices ") + how + ", with their spacings",
                      about(origin, direction * matrix * inverse)});
    faults.push_back({"axis_swap", std::string("columns, rows, slices ") + how + ", spacings kept",
                      about(origin, direction * spacing * matrix * per_spacing * inverse)});
  }
  const std::array<std::pair<const char*, Vector3>, 3> halves = {
      {{"along columns, rows and slices", {0.5, 0.5, 0.5}},
       {"along columns and rows", {0.5, 0.5, 0.0}},
       {"along slices", {0.0, 0.0, 0.5}}}};
  for (const auto& [how, half] : halves)
    for (const double sign : {1.0, -1.0})
      faults.push_back({"half_voxel_shift", std::string(how) + (sign > 0.0 ? ", forth" : ", back"),
                        affine(Matrix3::Identity(), sign * (direction * spacing * half))});
  faults.push_back({"origin_ignored", "first voxel put at 0, 0, 0", affine(Matrix3::Identity(), -origin)});
  // Two mistakes at once only where each is one: else the name would be that of the other.
  const Matrix3 to_index = per_spacing * inverse;
  if (!direction.isIdentity()) {
    faults.push_back({"direction_ignored", "axes of the grid taken for x, y, z", about(origin, inverse)});
    faults.push_back({"direction_ignored", "axes of the grid taken for x, y, z, first voxel at 0, 0, 0",
                      affine(inverse, -(inverse * origin))});
  }
  if (!spacing.isIdentity()) {
    faults.push_back({"spacing_ignored", "voxels of 1 mm", about(origin, direction * to_index)});
    faults.push_back(
        {"spacing_ignored", "indices written for coordinates", affine(to_index, -(to_index * origin))});
  }
}

}  // namespace

std::vector<PoseFault> pose_faults(const std::optional<Grid>& scan_grid) {
  std::vector<PoseFault> faults;
  add_world_faults(faults);
  if (scan_grid) add_grid_faults(faults, *scan_grid);
  return faults;
}

PoseFault slice_spacing_fault(const Grid& scan_grid, double ratio, bool keeps_last_slice) {
  const Matrix3 linear =
      scan_grid.direction * Vector3(1.0, 1.0, ratio).asDiagonal() * scan_grid.direction.transpose();
  const Point3 kept =
      keeps_last_slice ? scan_grid.to_world(Vector3(0.0, 0.0, scan_grid.size[2] - 1.0)) : scan_grid.origin_mm;
  return {"slice_spacing_from_thickness",
          keeps_last_slice ? "slice distance scaled about the last slice"
                           : "slice distance scaled about the first slice",
          about(kept, linear)};
}

}  // namespace meshassay::metrics
