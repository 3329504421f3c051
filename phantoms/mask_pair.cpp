// SPDX-License-Identifier: GPL-3.0-or-later
#include "phantoms/mask_pair.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

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
void label(LabelMap& mask, Inside inside, std::uint16_t value = 1) {
  for (int k = 0; k < mask.grid.size[2]; ++k)
    for (int j = 0; j < mask.grid.size[1]; ++j)
      for (int i = 0; i < mask.grid.size[0]; ++i)
        if (inside(Vector3(i, j, k))) mask.at(i, j, k) = value;
}

/// Voxels in a box of indices, both ends included.
struct VoxelBox {
  Vector3 first, last;
  [[nodiscard]] bool contains(const Vector3& index) const {
    return (index.array() >= first.array()).all() && (index.array() <= last.array()).all();
  }
};
void label(LabelMap& mask, const VoxelBox& box, std::uint16_t value = 1) {
  label(
      mask, [&](const Vector3& index) { return box.contains(index); }, value);
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

// The integral over a rectangle of the distance to its edge, at most `cap`: that of the area (width - 2t)
// (height - 2t) that lies deeper than t, over t up to the cap.
double integral_of_depth(double width_mm, double height_mm, double cap_mm) {
  const double t = std::min({cap_mm, 0.5 * width_mm, 0.5 * height_mm});
  return width_mm * height_mm * t - (width_mm + height_mm) * t * t + 4.0 / 3.0 * t * t * t;
}

// Mean of both directed means of a bar and one that is longer by `extra`. The face where the shorter one ends
// lies within the longer: the nearest boundary is the other end or a side. Of the longer one the end is off
// by `extra` and its last sides by 0 to `extra`.
double longer_bar_masd_mm(const Vector3& side_mm, double extra_mm) {
  const double end_mm2 = side_mm[0] * side_mm[1], round_mm = 2.0 * (side_mm[0] + side_mm[1]);
  const double shorter_mm2 = 2.0 * end_mm2 + round_mm * side_mm[2];
  const double longer_mm2 = shorter_mm2 + round_mm * extra_mm;
  return 0.5 * (integral_of_depth(side_mm[0], side_mm[1], extra_mm) / shorter_mm2 +
                (end_mm2 * extra_mm + 0.5 * round_mm * extra_mm * extra_mm) / longer_mm2);
}

// The same of a box and itself moved along its third side. One end lies outside the other box, `shift` from
// its end, with the sides between; the other end lies inside. Both directions are alike.
double shifted_box_masd_mm(const Vector3& side_mm, double shift_mm) {
  const double end_mm2 = side_mm[0] * side_mm[1], round_mm = 2.0 * (side_mm[0] + side_mm[1]);
  return (end_mm2 * shift_mm + 0.5 * round_mm * shift_mm * shift_mm +
          integral_of_depth(side_mm[0], side_mm[1], shift_mm)) /
         (2.0 * end_mm2 + round_mm * side_mm[2]);
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
          .known = {.dice = 20.0 / 22.0,
                    .hd_mm = 2.0 * grid.slice_mm(),
                    .masd_mm = longer_bar_masd_mm(10.0 * grid.spacing_mm, 2.0 * grid.slice_mm())}};
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

// A bar of 12 x 8 x 6 mm, off the middle so that no turn takes it to itself. The second grid's columns run
// along y, its rows along -x: voxel (a, b) of it is voxel (25 - b, a) of the first.
MaskPair turned_axes(const Parameters&) {
  const Grid grid{.size = {26, 20, 16}};
  Grid turned{.size = {20, 26, 16}, .origin_mm = {25, 0, 0}};
  turned.direction << 0, -1, 0, 1, 0, 0, 0, 0, 1;
  LabelMap reference(grid), test(turned);
  label(reference, VoxelBox{{3, 4, 5}, {14, 11, 10}});
  label(test, VoxelBox{{4, 11, 5}, {11, 22, 10}});
  return {.reference = shared(std::move(reference)),
          .test = shared(std::move(test)),
          .known = {.dice = 1.0, .hd_mm = 0.0, .hd95_mm = 0.0, .masd_mm = 0.0}};
}

// A square prism with a side of a = 20 mm, and itself on a grid that is turned by 45 degrees about its axis.
// An edge lies a / sqrt(2) from the axis, the other's face there a / 2: nothing is farther, the middle of a
// face being a (1 / sqrt(2) - 1 / 2) / sqrt(2) within the other. Both share an octagon of 2 (sqrt(2) - 1) a2.
MaskPair turned_prism(const Parameters&) {
  const double side_mm = 20.0;
  Grid grid = grid_about_origin({0.5, 0.5, 1.0}, 0.75 * side_mm);
  // Faces at half an index either side of 40 x 40 x 20 voxels, of an odd number: about their middle.
  for (int axis = 0; axis < 3; ++axis) grid.origin_mm[axis] -= 0.5 * grid.spacing_mm[axis];
  Grid turned = grid;
  turned.direction = Eigen::AngleAxisd(std::numbers::pi / 4.0, Vector3::UnitZ()).toRotationMatrix();
  turned.origin_mm = turned.direction * grid.origin_mm;
  LabelMap reference(grid), test(turned);
  for (auto* mask : {&reference, &test})
    label(*mask, [&](const Vector3& index) {
      return (index.cwiseProduct(grid.spacing_mm) + grid.origin_mm).cwiseAbs().maxCoeff() < 0.5 * side_mm;
    });
  return {.reference = shared(std::move(reference)),
          .test = shared(std::move(test)),
          .known = {.dice = 2.0 * (std::numbers::sqrt2 - 1.0),
                    .hd_mm = side_mm * (std::numbers::sqrt2 - 1.0) / 2.0}};
}

// A cube of 20 mm in slices of 2 mm, and the same voxels on a grid that begins 0.9 mm farther along the
// slices. Every point of either end is at most 0.9 mm from the other box.
MaskPair shifted_grid(const Parameters&) {
  const double shift_mm = 0.9;
  const Grid grid{.size = {28, 28, 18}, .spacing_mm = {1, 1, 2}};
  Grid farther = grid;
  farther.origin_mm[2] += shift_mm;
  LabelMap reference(grid), test(farther);
  for (auto* mask : {&reference, &test}) label(*mask, VoxelBox{{4, 4, 4}, {23, 23, 13}});
  return {.reference = shared(std::move(reference)),
          .test = shared(std::move(test)),
          .known = {.hd_mm = shift_mm, .masd_mm = shifted_box_masd_mm({20, 20, 20}, shift_mm)}};
}

// A ball of R = 20 mm and itself 0.9 mm farther along slices of 2 mm, on one grid. A point of one sphere at
// distance s from the other's centre is |s - R| from it, and s is distributed as s / (R d) over R - d to R +
// d (d is the shift): the mean of |s - R| is the integral of |t| (t + R) / (2 R d), t from -d to d: d / 2.
MaskPair small_shift(const Parameters&) {
  const double radius_mm = 20.0, shift_mm = 0.9;
  const Grid grid = grid_about_origin({0.5, 0.5, 2.0}, radius_mm + 4.0);
  LabelMap reference(grid), test(grid);
  label_ball(reference, Point3::Zero(), radius_mm);
  label_ball(test, Point3(0, 0, shift_mm), radius_mm);
  return {.reference = shared(std::move(reference)),
          .test = shared(std::move(test)),
          .known = {.hd_mm = shift_mm, .masd_mm = 0.5 * shift_mm}};
}

// A box of 10 x 10 x 10 voxels of 1 mm whose first slice is the image's, and itself one slice farther in.
// They are boxes like any others: to whom the cut face is no surface, the second one's first face, 5 mm from
// the sides, is far from the first box.
MaskPair at_border(const Parameters&) {
  const Grid grid{.size = {20, 20, 16}};
  LabelMap reference(grid), test(grid);
  label(reference, VoxelBox{{5, 5, 0}, {14, 14, 9}});
  label(test, VoxelBox{{5, 5, 1}, {14, 14, 10}});
  return {.reference = shared(std::move(reference)),
          .test = shared(std::move(test)),
          .known = {.dice = 0.9, .hd_mm = 1.0, .masd_mm = shifted_box_masd_mm({10, 10, 10}, 1.0)}};
}

// Two labels of 10 x 10 x 10 voxels of 1 mm that share a face; in the test that face lies two voxels farther,
// so that label 1 is longer by what label 2 is shorter, and both together are what they were. The shared face
// is two voxels from where it was, all other faces of a label are the same. Dice: 2 x 10 / (10 + 12) and 2 x
// 8 / (10 + 8).
MaskPair two_labels(const Parameters& parameters) {
  const Grid grid{.size = {26, 16, 16}};
  LabelMap reference(grid), test(grid);
  label(reference, VoxelBox{{3, 3, 3}, {12, 12, 12}}, 1);
  label(reference, VoxelBox{{13, 3, 3}, {22, 12, 12}}, 2);
  label(test, VoxelBox{{3, 3, 3}, {14, 12, 12}}, 1);
  label(test, VoxelBox{{15, 3, 3}, {22, 12, 12}}, 2);
  const bool first = text(parameters, "label") == "1";
  return {.reference = shared(std::move(reference)),
          .test = shared(std::move(test)),
          .label = static_cast<std::uint16_t>(first ? 1 : 2),
          .known = {.dice = first ? 20.0 / 22.0 : 16.0 / 18.0,
                    .hd_mm = 2.0,
                    .masd_mm = longer_bar_masd_mm(first ? Vector3(10, 10, 10) : Vector3(10, 10, 8), 2.0)}};
}

// A cube of 20 mm, and the same with a needle of one voxel, 30 mm long. The needle's sides have 120 mm2 of
// 2400 + 120, less than 5 %: 95 % of the boundary is where that of the cube is.
MaskPair needle(const Parameters&) {
  const Grid grid{.size = {58, 28, 28}};
  LabelMap reference(grid), test(grid);
  for (auto* mask : {&reference, &test}) label(*mask, VoxelBox{{4, 4, 4}, {23, 23, 23}});
  label(test, VoxelBox{{24, 13, 13}, {53, 13, 13}});
  return {.reference = shared(std::move(reference)),
          .test = shared(std::move(test)),
          .known = {.dice = 16000.0 / 16030.0, .hd_mm = 30.0, .hd95_mm = 0.0}};
}

// A cube of L = 40 voxels in one that is two voxels, the gap g, larger on every side. The inner boundary is g
// from the outer one everywhere. Of an outer face a point beyond the inner face by (u, v) is sqrt(u2 + v2 +
// g2) from it: within T are the L2 above the inner face, four strips of L w and four quarters of a disc of w
// = sqrt(T2 - g2), which is less than g; nothing if T < g.
MaskPair nested_cubes(const Parameters& parameters) {
  const double gap_mm = number(parameters, "gap_mm"), tolerance_mm = KnownComparison::nsd_tolerance_mm;
  const double inner_mm = 20.0 * gap_mm, outer_mm = inner_mm + 2.0 * gap_mm;
  const Grid grid{.size = {52, 52, 52}, .spacing_mm = Vector3::Constant(0.5 * gap_mm)};
  LabelMap reference(grid), test(grid);
  label(reference, VoxelBox{{6, 6, 6}, {45, 45, 45}});
  label(test, VoxelBox{{4, 4, 4}, {47, 47, 47}});
  double within_mm2 = 0.0;
  if (gap_mm <= tolerance_mm) {
    const double w = std::sqrt(tolerance_mm * tolerance_mm - gap_mm * gap_mm);
    within_mm2 = 2.0 * inner_mm * inner_mm + 4.0 * inner_mm * w + std::numbers::pi * w * w;
  }
  return {.reference = shared(std::move(reference)),
          .test = shared(std::move(test)),
          .known = {.dice = 2.0 * 64000.0 / (64000.0 + 85184.0),
                    .hd_mm = std::numbers::sqrt3 * gap_mm,
                    .nsd = within_mm2 / (inner_mm * inner_mm + outer_mm * outer_mm)}};
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
      {.id = "turned_axes",
       .asks = "Is the direction of a grid's axes looked at?",
       .parameters = {},
       .make = turned_axes},
      {.id = "turned_prism",
       .asks = "Are masks compared where they are if one grid lies oblique to the other?",
       .parameters = {},
       .make = turned_prism},
      {.id = "shifted_grid",
       .asks = "Are grids told apart whose origins differ by less than a voxel?",
       .parameters = {},
       .make = shifted_grid},
      {.id = "small_shift",
       .asks = "Is a shift below a slice distance seen in the mean?",
       .parameters = {},
       .make = small_shift},
      {.id = "at_border",
       .asks = "Is an object at the image's border compared like any other?",
       .parameters = {},
       .make = at_border},
      {.id = "two_labels",
       .asks = "Is one label compared, and not all that is marked?",
       .parameters = {{.name = "label",
                       .default_value = std::string("1"),
                       .description = "which of the two is compared",
                       .choices = {"1", "2"}}},
       .make = two_labels},
      {.id = "needle",
       .asks = "Does a percentile leave out what is less than its share?",
       .parameters = {},
       .make = needle},
      {.id = "nested_cubes",
       .asks = "Are surfaces within a tolerance told from surfaces beyond it?",
       .parameters = {{.name = "gap_mm",
                       .default_value = 0.9,
                       .description = "distance of the faces, two voxels",
                       .min = 0.75,
                       .max = 2.0}},
       .make = nested_cubes},
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
