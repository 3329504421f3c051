// SPDX-License-Identifier: GPL-3.0-or-later
// Plates of decreasing thickness on a common base: does a plate keep its thickness, and which is the thinnest
// that is there at all?
//
//     standing |  |###|   |##|   |#|   |     gap_mm on both sides of each plate
//              |__|###|___|##|___|#|___|     height_mm above the base
//              |_______________________|     base_mm
//               thickness direction ->       length_mm across both
#include "phantoms/shapes/ladder.hpp"
#include "phantoms/shapes/shapes.hpp"
#include "phantoms/shapes/single_target.hpp"
#include "phantoms/solids/box_union.hpp"

namespace meshassay::phantoms {
namespace {

Phantom make(const Parameters& resolved, const TruthOptions&) {
  const double gap_mm = number(resolved, "gap_mm");
  const Ladder plates = ladder(resolved, "thickness_mm", "plate", {.ends_mm = gap_mm, .between_mm = gap_mm});
  const double height_mm = number(resolved, "height_mm");
  const double length_mm = number(resolved, "length_mm");
  const double base_mm = number(resolved, "base_mm");
  const double run_mm = plates.run_mm;

  // The thickness runs along x and the plates stand along z, or the other way round; y is the length of both.
  const bool thin_along_z = text(resolved, "axis") == "z";
  const int thin = thin_along_z ? 2 : 0;
  const int standing = thin_along_z ? 0 : 2;
  const auto placed = [&](double along_thickness, double along_length, double along_standing) {
    Vector3 v;
    v[thin] = along_thickness;
    v[1] = along_length;
    v[standing] = along_standing;
    return v;
  };
  const Point3 corner_mm = placement_mm() - 0.5 * placed(run_mm, length_mm, base_mm + height_mm);
  const auto box = [&](double thin_begin, double thin_end, double standing_begin, double standing_end) {
    return Box3{.min_mm = corner_mm + placed(thin_begin, 0.0, standing_begin),
                .max_mm = corner_mm + placed(thin_end, length_mm, standing_end)};
  };

  std::vector<Box3> boxes = {box(0.0, run_mm, 0.0, base_mm)};
  std::vector<Feature> features;
  // A plate's region: both faces and half the gap beyond each; a quarter of height and length clear of every
  // rim.
  OrientedBox3 region;
  region.axes.col(2) = Vector3::Unit(thin);
  region.axes.col(0) = thin_along_z ? Vector3::UnitX() : Vector3::UnitY();
  region.axes.col(1) = region.axes.col(2).cross(region.axes.col(0));
  for (const auto& plate : plates.rungs) {
    boxes.push_back(box(plate.begin_mm, plate.end_mm(), base_mm, base_mm + height_mm));
    region.center_mm = corner_mm + placed(plate.middle_mm(), 0.5 * length_mm, base_mm + 0.5 * height_mm);
    const Vector3 half_extent_mm = placed(0.5 * (plate.size_mm + gap_mm), 0.25 * length_mm, 0.25 * height_mm);
    region.half_extent_mm = (region.axes.transpose() * half_extent_mm).cwiseAbs();
    features.push_back(
        {.name = plate.name, .kind = FeatureKind::plate, .nominal_mm = plate.size_mm, .region = region});
  }
  const BoxUnion solid(boxes);
  const double all_thickness_mm = plates.all_sizes_mm();
  const double count = static_cast<double>(plates.rungs.size());

  // Volume: the base and each plate. Area: the base's own surface; a plate covers as much of it (thickness x
  // length) as its top adds, so that it adds its four sides: 2 height (thickness + length).
  TargetTruth truth{
      .implicit = implicit_surface(solid),
      .surface = surface_mesh(solid),
      .volume_mm3 = KnownValue{length_mm * (run_mm * base_mm + all_thickness_mm * height_mm)},
      .area_mm2 = KnownValue{2.0 * (run_mm * length_mm + run_mm * base_mm + length_mm * base_mm) +
                             2.0 * height_mm * (all_thickness_mm + count * length_mm)},
      .betti = BettiNumbers{.components = 1, .handles = 0, .cavities = 0},
      .features = std::move(features),
  };
  return single_target_phantom("plate_ladder", resolved, std::move(truth));
}

}  // namespace

PhantomDefinition plate_ladder() {
  return {.id = "plate_ladder",
          .asks = "Does a thin plate keep its thickness, and which is the thinnest that is there at all?",
          .parameters = with_materials(
              with_copies({{.name = "thickness_mm",
                            .default_value = ladder_sizes_mm(),
                            .description = "thickness of each plate",
                            .min = 0.05,
                            .max = 50.0},
                           {.name = "axis",
                            .default_value = std::string("x"),
                            .description = "direction of the thickness: x in plane, z along the slice "
                                           "axis of a scan that is not rotated",
                            .choices = {"x", "z"}},
                           {.name = "gap_mm",
                            .default_value = 4.0,
                            .description = "free space on both sides of each plate",
                            .min = 0.1,
                            .max = 100.0},
                           {.name = "height_mm",
                            .default_value = 16.0,
                            .description = "how far the plates stand out of the base",
                            .min = 1.0,
                            .max = 200.0},
                           {.name = "length_mm",
                            .default_value = 16.0,
                            .description = "length of the plates and the base along y",
                            .min = 1.0,
                            .max = 200.0},
                           {.name = "base_mm",
                            .default_value = 4.0,
                            .description = "thickness of the base",
                            .min = 0.5,
                            .max = 100.0}})),
          .make = make};
}

}  // namespace meshassay::phantoms
