// SPDX-License-Identifier: GPL-3.0-or-later
// A staircase in one block: is each step as high as it should be?
//
//        z                  ______
//        |           ______|      |   tread n: base + step 1 + ... + step n
//        |    ______|             |
//        |   |   base             |
//        +---+--------------------+---> x      each tread width_mm along x; depth_mm along y
#include <algorithm>
#include <numeric>

#include "phantoms/shapes/shapes.hpp"
#include "phantoms/shapes/single_target.hpp"
#include "phantoms/solids/box_union.hpp"

namespace meshassay::phantoms {
namespace {

constexpr std::size_t most_steps = 20;

Phantom make(const Parameters& resolved, const TruthOptions&) {
  const auto& steps_mm = lengths(resolved, "steps_mm", most_steps);
  const double base_mm = number(resolved, "base_mm");
  const double width_mm = number(resolved, "width_mm");
  const double depth_mm = number(resolved, "depth_mm");
  const std::size_t treads = steps_mm.size() + 1;
  const double rise_mm = std::accumulate(steps_mm.begin(), steps_mm.end(), 0.0);
  const double run_mm = static_cast<double>(treads) * width_mm;
  const Point3 corner_mm = placement_mm() - 0.5 * Vector3(run_mm, depth_mm, base_mm + rise_mm);

  // Coordinates are computed once, so that neighbouring boxes share them to the last bit.
  const auto x_mm = [&](std::size_t tread) { return corner_mm[0] + static_cast<double>(tread) * width_mm; };
  const double y_end_mm = corner_mm[1] + depth_mm;
  std::vector<Box3> boxes;
  std::vector<double> height_mm;
  double sum_of_heights_mm = 0.0;
  for (std::size_t tread = 0; tread < treads; ++tread) {
    height_mm.push_back(tread == 0 ? base_mm : height_mm.back() + steps_mm[tread - 1]);
    sum_of_heights_mm += height_mm.back();
    boxes.push_back({.min_mm = {x_mm(tread), corner_mm[1], corner_mm[2]},
                     .max_mm = {x_mm(tread + 1), y_end_mm, corner_mm[2] + height_mm.back()}});
  }
  const BoxUnion solid(boxes);

  // Volume: each tread is a box of its height. Area: the profile (sum of heights x width) twice, in front and
  // at the back; seen from above and from below the whole run x depth; seen from either end base + rise by
  // depth.
  const double profile_mm2 = sum_of_heights_mm * width_mm;
  TargetTruth truth{
      .implicit = implicit_surface(solid),
      .surface = surface_mesh(solid),
      .volume_mm3 = KnownValue{profile_mm2 * depth_mm},
      .area_mm2 = KnownValue{2.0 * (profile_mm2 + depth_mm * (run_mm + base_mm + rise_mm))},
      .betti = BettiNumbers{.components = 1, .handles = 0, .cavities = 0},
  };

  // A step's region: the two treads that meet there, a quarter of the tread clear of every rim but the riser,
  // a quarter of the depth clear of front and back; along z both treads and half the base (at most 2 mm)
  // beyond.
  const auto names = feature_names("step", steps_mm);
  for (std::size_t step = 0; step < steps_mm.size(); ++step) {
    const double middle_mm = corner_mm[2] + height_mm[step] + 0.5 * steps_mm[step];
    truth.features.push_back(
        {.name = names[step],
         .kind = FeatureKind::step,
         .nominal_mm = steps_mm[step],
         .region = {.center_mm = {x_mm(step + 1), placement_mm()[1], middle_mm},
                    .half_extent_mm = {0.75 * width_mm, 0.25 * depth_mm,
                                       0.5 * steps_mm[step] + std::min(2.0, 0.5 * base_mm)}}});
  }
  return single_target_phantom("step_wedge", resolved, std::move(truth));
}

}  // namespace

PhantomDefinition step_wedge() {
  return {.id = "step_wedge",
          .asks =
              "Is a step between two parallel faces as high as it should be, and down to which height is it "
              "there at all?",
          .parameters = with_materials({{.name = "steps_mm",
                                         .default_value = std::vector<double>{0.5, 1.0, 2.0, 3.0},
                                         .description = "height of each step, from the lowest tread on",
                                         .min = 0.05,
                                         .max = 50.0},
                                        {.name = "base_mm",
                                         .default_value = 4.0,
                                         .description = "height of the lowest tread",
                                         .min = 0.5,
                                         .max = 100.0},
                                        {.name = "width_mm",
                                         .default_value = 8.0,
                                         .description = "length of each tread along the staircase",
                                         .min = 1.0,
                                         .max = 100.0},
                                        {.name = "depth_mm",
                                         .default_value = 20.0,
                                         .description = "length across the staircase",
                                         .min = 1.0,
                                         .max = 200.0}}),
          .make = make};
}

}  // namespace meshassay::phantoms
