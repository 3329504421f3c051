// SPDX-License-Identifier: GPL-3.0-or-later
// What the phantoms' tests share: parameter sets over the whole catalogue, seeded points, small oblique
// grids.
#pragma once

#include <Eigen/Geometry>
#include <map>
#include <ostream>
#include <random>
#include <string>
#include <vector>

#include "phantoms/phantom.hpp"

namespace meshassay::phantoms {

struct NamedPhantom {
  std::string name;
  std::string id;
  Parameters parameters;
  /// Of cubic voxels that show every part and every hole: two and a half to the smallest, as the diagonal of
  /// a voxel counts.
  double mask_spacing_mm = 0.45;

  [[nodiscard]] Phantom make(double chordal_error_mm = 0.02) const {
    return make_phantom(find_phantom(id, "test"), parameters, "test", {.chordal_error_mm = chordal_error_mm});
  }
};

/// What GoogleTest prints of it, by a name that it looks for.
inline void PrintTo(const NamedPhantom& named, std::ostream* out) {  // NOLINT(readability-identifier-naming)
  *out << named.name;
}

/// Every phantom of the catalogue: as it is, or with sizes that make it quick to measure; and a few more.
inline std::vector<NamedPhantom> phantoms_under_test() {
  using List = std::vector<double>;
  const std::map<std::string, Parameters> quick = {
      {"plate_ladder", {{"thickness_mm", List{4.0, 3.0, 2.0, 1.5, 1.0}}}},
      {"sphere_ladder", {{"radii_mm", List{4.0, 2.0, 1.0}}}},
      {"sphere_gap_ladder", {{"gaps_mm", List{2.0, 1.0}}, {"radius_mm", 3.0}}},
      {"islands", {{"radii_mm", List{2.0, 1.5, 1.0, 1.0}}, {"mainland_radius_mm", 5.0}}},
      {"hole_ladder", {{"diameters_mm", List{3.0, 2.0, 1.2}}, {"thickness_mm", 3.0}}},
      {"rod_ladder", {{"diameters_mm", List{3.0, 2.0, 1.2}}, {"length_mm", 6.0}}},
      {"gap_ladder", {{"gaps_mm", List{3.0, 1.2}}, {"tooth_mm", 2.0}, {"height_mm", 5.0}, {"depth_mm", 6.0}}},
      {"line_pairs",
       {{"widths_mm", List{2.0, 1.2}}, {"group_gap_mm", 3.0}, {"height_mm", 5.0}, {"depth_mm", 5.0}}},
      {"stepped_shaft", {{"diameters_mm", List{8.0, 4.0, 2.0}}}},
      {"long_bone",
       {{"length_mm", 36.0},
        {"shaft_radius_mm", 5.0},
        {"head_radius_mm", 7.0},
        {"condyle_radius_mm", 8.0},
        {"cortex_mm", 2.0}}},
      {"calvarial_defect",
       {{"radius_mm", 20.0}, {"wall_mm", 2.0}, {"defect_radius_mm", 4.0}, {"patch_radius_mm", 9.0}}},
      {"staircase_ramps", {{"inclinations_deg", List{10.0, 40.0}}, {"run_mm", 10.0}}},
      {"gyroid", {{"period_mm", 10.0}, {"radius_mm", 8.0}, {"level", 0.4}}},
      {"knife_edge", {{"length_mm", 10.0}, {"depth_mm", 5.0}}},
  };
  std::vector<NamedPhantom> list;
  for (const auto& definition : phantom_catalogue()) {
    const std::string shape = definition.id.starts_with("oblique_") ? definition.id.substr(8) : definition.id;
    const auto sizes = quick.find(shape);
    list.push_back({definition.id, definition.id, sizes == quick.end() ? Parameters{} : sizes->second});
  }
  const std::vector<NamedPhantom> more = {
      {"sphere_small", "sphere", {{"radius_mm", 1.3}}},
      {"wedge_of_one_step",
       "step_wedge",
       {{"steps_mm", List{2.5}}, {"base_mm", 3.3}, {"width_mm", 5.1}, {"depth_mm", 7.7}}},
      {"wedge_of_equal_steps", "step_wedge", {{"steps_mm", List{1.1, 1.1, 0.7}}, {"width_mm", 4.0}}},
      {"ladder_along_z", "plate_ladder", {{"axis", std::string("z")}, {"thickness_mm", List{3.0, 1.5, 1.0}}}},
      {"rods_at_three_places",
       "rod_ladder",
       {{"diameters_mm", List{2.0, 1.2}}, {"copies", 3.0}, {"voxel_mm", 0.7}, {"length_mm", 5.0}}},
      {"gaps_at_two_places",
       "gap_ladder",
       {{"gaps_mm", List{2.0, 1.2}},
        {"copies", 2.0},
        {"tooth_mm", 2.0},
        {"height_mm", 5.0},
        {"depth_mm", 6.0}}},
      {"ladder_of_one_plate",
       "plate_ladder",
       {{"thickness_mm", List{1.7}}, {"gap_mm", 2.3}, {"height_mm", 6.1}, {"length_mm", 5.0}}},
      {"ladder_of_equal_plates", "plate_ladder", {{"thickness_mm", List{1.0, 1.0, 1.0}}}},
      {"sphere_turned", "sphere", {{"turn_deg", List{10.0, 20.0, 30.0}}}},
      {"cone_turned", "cone", {{"turn_deg", List{90.0, 0.0, 45.0}}}},
  };
  list.insert(list.end(), more.begin(), more.end());
  return list;
}

/// Uniform numbers from the generator's own bits: the same with every standard library.
class Draw {
 public:
  explicit Draw(unsigned seed) : engine_(seed) {}
  double between(double low, double high) {
    return low + (high - low) * static_cast<double>(engine_() >> 11) * 0x1p-53;
  }
  Vector3 in_box(const Box3& box) {
    return {between(box.min_mm[0], box.max_mm[0]), between(box.min_mm[1], box.max_mm[1]),
            between(box.min_mm[2], box.max_mm[2])};
  }
  Vector3 direction() {
    while (true) {
      const Vector3 v = {between(-1, 1), between(-1, 1), between(-1, 1)};
      if (v.norm() <= 1.0 && v.norm() > 0.1) return v.normalized();
    }
  }
  Matrix3 rotation() { return Eigen::AngleAxisd(between(0.0, 3.0), direction()).toRotationMatrix(); }

 private:
  std::mt19937_64 engine_;
};

inline Box3 grown(Box3 box, double by_mm) {
  box.min_mm.array() -= by_mm;
  box.max_mm.array() += by_mm;
  return box;
}

/// A grid of these axes and spacing that holds the box and a voxel more on each side.
inline Grid grid_around(const Box3& box, const Vector3& spacing_mm, const Matrix3& direction) {
  Grid grid;
  grid.spacing_mm = spacing_mm;
  grid.direction = direction;
  const Vector3 half_mm = direction.cwiseAbs().transpose() * (0.5 * box.size_mm());
  for (int axis = 0; axis < 3; ++axis)
    grid.size[static_cast<std::size_t>(axis)] =
        static_cast<int>(std::ceil(2.0 * half_mm[axis] / spacing_mm[axis])) + 2;
  const Vector3 last = {grid.size[0] - 1.0, grid.size[1] - 1.0, grid.size[2] - 1.0};
  grid.origin_mm = box.center_mm() - direction * (0.5 * last).cwiseProduct(spacing_mm);
  return grid;
}

}  // namespace meshassay::phantoms
