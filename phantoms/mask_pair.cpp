// SPDX-License-Identifier: GPL-3.0-or-later
#include "phantoms/mask_pair.hpp"

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "core/label_map.hpp"
#include "core/text.hpp"

namespace meshassay::phantoms {
namespace {

/// A grid about the origin: a voxel's centre lies on it, so that faces at half a spacing lie between voxels.
Grid grid_about_origin(const Vector3& spacing_mm, double half_width_mm) {
  Grid grid{.size = {}, .spacing_mm = spacing_mm};
  for (int axis = 0; axis < 3; ++axis) {
    const int half = static_cast<int>(std::ceil(half_width_mm / spacing_mm[axis]));
    grid.size[static_cast<std::size_t>(axis)] = 2 * half + 1;
    grid.origin_mm[axis] = -half * spacing_mm[axis];
  }
  return grid;
}

template <typename Inside>
void label(LabelMap& mask, Inside inside) {
  for (int k = 0; k < mask.grid.size[2]; ++k)
    for (int j = 0; j < mask.grid.size[1]; ++j)
      for (int i = 0; i < mask.grid.size[0]; ++i)
        if (inside(Vector3(i, j, k))) mask.at(i, j, k) = 1;
}

/// Voxels in a box of indices, both ends included.
struct VoxelBox {
  Vector3 first, last;
  [[nodiscard]] bool contains(const Vector3& index) const {
    return (index.array() >= first.array()).all() && (index.array() <= last.array()).all();
  }
};
void label(LabelMap& mask, const VoxelBox& box) {
  label(mask, [&](const Vector3& index) { return box.contains(index); });
}
void label_ball(LabelMap& mask, const Point3& center_mm, double radius_mm) {
  label(mask,
        [&](const Vector3& index) { return (mask.grid.to_world(index) - center_mm).norm() <= radius_mm; });
}

ParameterDefinition spacing_parameter() {
  return {.name = "spacing_mm",
          .default_value = std::vector<double>{1.0, 1.0, 1.0},
          .description = "column, row and slice distance",
          .min = 0.2,
          .max = 10.0,
          .length = 3};
}
Vector3 spacing_of(const Parameters& parameters) {
  const auto& values = numbers(parameters, "spacing_mm");
  return {values[0], values[1], values[2]};
}

// A bar of 10 x 10 x 10 voxels, and one that is two slices longer. Faces lie between voxels, so that the
// masks are the bars: the far face is two slices from the other, everything else of both is nearer. Dice: 2 x
// 10 / (10 + 12).
MaskPair longer_bar(const Parameters& parameters) {
  const Grid grid{.size = {16, 16, 18}, .spacing_mm = spacing_of(parameters)};
  LabelMap reference(grid), test(grid);
  label(reference, VoxelBox{{3, 3, 3}, {12, 12, 12}});
  label(test, VoxelBox{{3, 3, 3}, {12, 12, 14}});
  return {.reference = shared(std::move(reference)),
          .test = shared(std::move(test)),
          .known = {.dice = 20.0 / 22.0, .hd_mm = 2.0 * grid.slice_mm()}};
}

// A cube of 20 mm in both, and an island of 6 mm, 10 mm beside it, in one. The island's far face is 16 mm
// from the cube. Its area, 216 mm2, is 8.3 % of 2616 mm2: of that mask's boundary 5 %, 130.8 mm2, lies beyond
// x, the far face of 36 mm2 and what the four sides of 24 mm2 a millimetre have beyond it: x = 16 - (130.8 -
// 36) / 24 = 12.05. Of both boundaries together the island is 4.3 %, so that a pooled percentile is 0.
MaskPair island(const Parameters& parameters) {
  const Grid grid{.size = {46, 28, 28}};
  LabelMap without(grid), with(grid);
  for (auto* mask : {&without, &with}) label(*mask, VoxelBox{{4, 4, 4}, {23, 23, 23}});
  label(with, VoxelBox{{34, 10, 10}, {39, 15, 15}});
  const bool in_test = text(parameters, "in") == "test";
  auto first = shared(std::move(without)), second = shared(std::move(with));
  return {.reference = in_test ? first : second,
          .test = in_test ? second : first,
          .known = {.dice = 2.0 * 8000.0 / (8000.0 + 8216.0), .hd_mm = 16.0, .hd95_mm = 12.05}};
}

// One cube at one place of the world; the second grid begins elsewhere, by whole voxels.
MaskPair other_grid(const Parameters&) {
  const Grid grid{.size = {24, 24, 24}};
  const Grid shifted{.size = {20, 22, 18}, .origin_mm = {3, 1, 4}};
  LabelMap reference(grid), test(shifted);
  label(reference, VoxelBox{{8, 8, 8}, {15, 15, 15}});
  label(test, VoxelBox{{5, 7, 4}, {12, 14, 11}});
  return {.reference = shared(std::move(reference)),
          .test = shared(std::move(test)),
          .known = {.dice = 1.0, .hd_mm = 0.0, .hd95_mm = 0.0, .masd_mm = 0.0}};
}

MaskPair empty(const Parameters& parameters) {
  const Grid grid{.size = {16, 16, 16}};
  LabelMap nothing(grid), cube(grid);
  label(cube, VoxelBox{{4, 4, 4}, {11, 11, 11}});
  const auto none = shared(std::move(nothing)), some = shared(std::move(cube));
  const std::string& which = text(parameters, "which");
  return {.reference = which == "test" ? some : none,
          .test = which == "reference" ? some : none,
          .known = {.has_distance = false}};
}

// Every point of either sphere is as far from the other as the radii differ.
MaskPair concentric_balls(const Parameters& parameters) {
  const double radius_mm = 20.0, larger_mm = 21.0;
  const Grid grid = grid_about_origin(spacing_of(parameters), larger_mm + 6.0);
  LabelMap reference(grid), test(grid);
  label_ball(reference, Point3::Zero(), radius_mm);
  label_ball(test, Point3::Zero(), larger_mm);
  const double cubes = std::pow(radius_mm / larger_mm, 3);
  return {.reference = shared(std::move(reference)),
          .test = shared(std::move(test)),
          .known = {.dice = 2.0 * cubes / (1.0 + cubes), .hd_mm = 1.0, .hd95_mm = 1.0, .masd_mm = 1.0}};
}

}  // namespace

std::span<const MaskPairDefinition> mask_pair_catalogue() {
  static const std::vector<MaskPairDefinition> catalogue = {
      {.id = "longer_bar",
       .asks = "Is the distance between slices looked at?",
       .parameters = {spacing_parameter()},
       .make = longer_bar},
      {.id = "island",
       .asks = "Is a false or a missing island seen by a percentile, and from both sides?",
       .parameters = {{.name = "in",
                       .default_value = std::string("test"),
                       .description = "the mask that has the island",
                       .choices = {"test", "reference"}}},
       .make = island},
      {.id = "other_grid",
       .asks = "Are masks compared where they are, whatever their grids?",
       .parameters = {},
       .make = other_grid},
      {.id = "empty",
       .asks = "Is a distance to nothing no number?",
       .parameters = {{.name = "which",
                       .default_value = std::string("both"),
                       .description = "the empty mask",
                       .choices = {"both", "test", "reference"}}},
       .make = empty},
      {.id = "concentric_balls",
       .asks = "Is the mean distance of two surfaces that of the surfaces, and not that of voxels?",
       .parameters = {spacing_parameter()},
       .make = concentric_balls}};
  return catalogue;
}

const MaskPairDefinition& find_mask_pair(const std::string& id, const std::string& where) {
  const auto catalogue = mask_pair_catalogue();
  const auto found = std::find_if(catalogue.begin(), catalogue.end(),
                                  [&](const MaskPairDefinition& each) { return each.id == id; });
  if (found != catalogue.end()) return *found;
  std::vector<std::string> known;
  for (const auto& definition : catalogue) known.push_back(definition.id);
  const std::string nearest = nearest_name(id, known);
  throw InvalidInput({.what = "unknown pair of masks '" + id + "'",
                      .where = where,
                      .expected = "one of " + join(known, ", "),
                      .got = id,
                      .mend = nearest.empty() ? "choose one of them" : "did you mean '" + nearest + "'?"});
}

MaskPair make_mask_pair(const MaskPairDefinition& definition, const Parameters& given,
                        const std::string& where) {
  Parameters resolved = resolve_parameters(definition.parameters, given, where);
  auto pair = definition.make(resolved);
  pair.id = definition.id;
  pair.parameters = std::move(resolved);
  return pair;
}

}  // namespace meshassay::phantoms
