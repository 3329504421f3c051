// SPDX-License-Identifier: GPL-3.0-or-later
// The volumes and areas of docs/phantoms, written down by hand, against those that profiles, boxes and planes
// sum up piece by piece.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "phantoms/phantom.hpp"

namespace meshassay::phantoms {
namespace {

// Letters as in the formulas, R beside r.
// NOLINTBEGIN(readability-identifier-naming)

constexpr double pi = std::numbers::pi;
using List = std::vector<double>;

double cube_of(double x) { return x * x * x; }
double ball_volume(double r) { return 4.0 / 3.0 * pi * cube_of(r); }
double ball_area(double r) { return 4.0 * pi * r * r; }

struct Expected {
  double volume_mm3, area_mm2;
};

void expect_forms(const std::string& id, const Parameters& parameters, const std::vector<Expected>& targets) {
  const Phantom phantom =
      make_phantom(find_phantom(id, "test"), parameters, "test", {.chordal_error_mm = 0.1});
  ASSERT_EQ(phantom.targets.size(), targets.size()) << id;
  for (std::size_t t = 0; t < targets.size(); ++t) {
    const auto& truth = phantom.targets[t].truth;
    // A few dozen roundings.
    EXPECT_NEAR(truth.volume_mm3->value, targets[t].volume_mm3,
                1e-12 * targets[t].volume_mm3 + truth.volume_mm3->uncertainty)
        << id;
    EXPECT_NEAR(truth.area_mm2->value, targets[t].area_mm2,
                1e-12 * targets[t].area_mm2 + truth.area_mm2->uncertainty)
        << id;
  }
}

TEST(ClosedForms, OfBalls) {
  expect_forms("sphere_ladder", {{"radii_mm", List{3.0, 1.0}}},
               {{ball_volume(3.0) + ball_volume(1.0), ball_area(3.0) + ball_area(1.0)}});
  expect_forms("touching_spheres", {{"radius_mm", 5.0}, {"second_radius_mm", 2.0}},
               {{ball_volume(5.0), ball_area(5.0)}, {ball_volume(2.0), ball_area(2.0)}});
  expect_forms("sphere_gap_ladder", {{"gaps_mm", List{1.0, 0.5, 0.2}}, {"radius_mm", 2.0}},
               {{6.0 * ball_volume(2.0), 6.0 * ball_area(2.0)}});
  expect_forms("bearing_balls", {}, {{2.0 * ball_volume(5.0), 2.0 * ball_area(5.0)}});
  expect_forms("hollow_sphere", {{"radius_mm", 7.0}, {"wall_mm", 2.0}},
               {{ball_volume(7.0) - ball_volume(5.0), ball_area(7.0) + ball_area(5.0)}});
  expect_forms("sphere_in_sphere", {{"radius_mm", 7.0}, {"core_radius_mm", 4.0}},
               {{ball_volume(7.0) - ball_volume(4.0), ball_area(7.0) + ball_area(4.0)},
                {ball_volume(4.0), ball_area(4.0)}});
  expect_forms("ball_in_shell", {{"radius_mm", 9.0}, {"wall_mm", 2.0}, {"ball_radius_mm", 3.0}},
               {{ball_volume(9.0) - ball_volume(7.0) + ball_volume(3.0),
                 ball_area(9.0) + ball_area(7.0) + ball_area(3.0)}});
  expect_forms("islands", {{"radii_mm", List{1.0, 0.5}}, {"mainland_radius_mm", 4.0}},
               {{ball_volume(4.0) + ball_volume(1.0) + ball_volume(0.5),
                 ball_area(4.0) + ball_area(1.0) + ball_area(0.5)}});
}

TEST(ClosedForms, OfTurnedParts) {
  const double R = 6.0, h = 11.0, w = 2.0, r = R - w;
  expect_forms("cylinder", {{"radius_mm", R}, {"height_mm", h}}, {{pi * R * R * h, 2.0 * pi * R * (R + h)}});
  const double ring = pi * (R * R - r * r);
  expect_forms("tube", {{"radius_mm", R}, {"height_mm", h}, {"wall_mm", w}},
               {{ring * h, 2.0 * pi * h * (R + r) + 2.0 * ring}});
  expect_forms("cortical_bone", {{"radius_mm", R}, {"height_mm", h}, {"wall_mm", w}},
               {{ring * h, 2.0 * pi * h * (R + r) + 2.0 * ring}, {pi * r * r * h, 2.0 * pi * r * (r + h)}});
  expect_forms("torus", {{"ring_radius_mm", R}, {"radius_mm", w}},
               {{2.0 * pi * pi * R * w * w, 4.0 * pi * pi * R * w}});
  expect_forms(
      "cone", {{"radius_mm", R}, {"top_radius_mm", r}, {"height_mm", h}},
      {{pi * h * (R * R + R * r + r * r) / 3.0, pi * (R + r) * std::hypot(R - r, h) + pi * (R * R + r * r)}});
  expect_forms("capsule", {{"radius_mm", r}, {"length_mm", h}},
               {{pi * r * r * h + ball_volume(r), 2.0 * pi * r * h + ball_area(r)}});
  // A ball less the cap of height c that lies in the bridge.
  const double c = R - std::sqrt(R * R - w * w);
  expect_forms("neck", {{"radius_mm", R}, {"neck_radius_mm", w}, {"neck_length_mm", 5.0}},
               {{2.0 * (ball_volume(R) - pi * c * c * (3.0 * R - c) / 3.0) + pi * w * w * 5.0,
                 2.0 * (ball_area(R) - 2.0 * pi * R * c) + 2.0 * pi * w * 5.0}});
  expect_forms("dome", {{"radius_mm", R}}, {{0.5 * ball_volume(R), 3.0 * pi * R * R}});
  expect_forms("bowl", {{"radius_mm", R}, {"wall_mm", w}},
               {{0.5 * (ball_volume(R) - ball_volume(r)), 2.0 * pi * (R * R + r * r) + ring}});
  expect_forms("stepped_shaft", {{"diameters_mm", List{6.0, 4.0, 1.0}}, {"section_mm", 3.0}},
               {{pi / 4.0 * 3.0 * (36.0 + 16.0 + 1.0), pi * 3.0 * (6.0 + 4.0 + 1.0) + pi * 36.0 / 2.0}});
  expect_forms("blind_hole",
               {{"radius_mm", R}, {"height_mm", h}, {"hole_diameter_mm", 2.0 * w}, {"depth_mm", 5.0}},
               {{pi * (R * R * h - w * w * 5.0), 2.0 * pi * R * (R + h) + 2.0 * pi * w * 5.0}});
  const double skull = 20.0, inner = 18.0, sin_a = 4.0 / skull, sin_b = 9.0 / skull;
  const double cosines = std::sqrt(1.0 - sin_a * sin_a) - std::sqrt(1.0 - sin_b * sin_b);
  expect_forms(
      "calvarial_defect",
      {{"radius_mm", skull}, {"wall_mm", skull - inner}, {"defect_radius_mm", 4.0}, {"patch_radius_mm", 9.0}},
      {{2.0 / 3.0 * pi * (cube_of(skull) - cube_of(inner)) * cosines,
        2.0 * pi * (skull * skull + inner * inner) * cosines +
            pi * (sin_a + sin_b) * (skull * skull - inner * inner)}});
}

TEST(ClosedForms, OfTheLongBoneAreThoseOfItsBallsAndShafts) {
  const double length = 40.0, condyle = 9.0, head = 7.0, shaft = 5.0;
  const auto dumbbell = [&](double low, double high, double neck) -> Expected {
    const auto cut = [&](double radius) { return radius - std::sqrt(radius * radius - neck * neck); };
    const auto ball_less_cap = [&](double radius) {
      return ball_volume(radius) - pi * cut(radius) * cut(radius) * (3.0 * radius - cut(radius)) / 3.0;
    };
    // Between the centres, less what lies in the balls.
    const double free_mm = length - condyle - head - (low - cut(low)) - (high - cut(high));
    return {ball_less_cap(low) + ball_less_cap(high) + pi * neck * neck * free_mm,
            ball_area(low) - 2.0 * pi * low * cut(low) + ball_area(high) - 2.0 * pi * high * cut(high) +
                2.0 * pi * neck * free_mm};
  };
  const Expected outer = dumbbell(condyle, head, shaft);
  const Expected core = dumbbell(condyle - 1.5, head - 1.5, shaft - 2.0);
  expect_forms("long_bone",
               {{"length_mm", length},
                {"shaft_radius_mm", shaft},
                {"head_radius_mm", head},
                {"condyle_radius_mm", condyle},
                {"cortex_mm", 2.0},
                {"shell_mm", 1.5}},
               {{outer.volume_mm3 - core.volume_mm3, outer.area_mm2 + core.area_mm2}, core});
}

TEST(ClosedForms, OfPrisms) {
  const double R = 9.0, r = 5.0, h = 6.0, s = 3.0;
  expect_forms("annulus", {{"radius_mm", R}, {"hole_radius_mm", r}, {"offset_mm", 2.0}, {"height_mm", h}},
               {{pi * h * (R * R - r * r), 2.0 * pi * (R * R - r * r) + 2.0 * pi * h * (R + r)}});
  const auto half_chord = [&](double q) { return std::sqrt(q * q - s * s / 4.0); };
  const auto slot = [&](double q) { return q * q * std::asin(s / (2.0 * q)) + 0.5 * s * half_chord(q); };
  const double open_ring = pi * (R * R - r * r) - (slot(R) - slot(r));
  const double outline = R * (2.0 * pi - 2.0 * std::asin(s / (2.0 * R))) +
                         r * (2.0 * pi - 2.0 * std::asin(s / (2.0 * r))) +
                         2.0 * (half_chord(R) - half_chord(r));
  expect_forms("c_shape", {{"radius_mm", R}, {"inner_radius_mm", r}, {"opening_mm", s}, {"height_mm", h}},
               {{open_ring * h, 2.0 * open_ring + outline * h}});
  const double L = 4.0 * 2.0 + 5.0 * 1.5, W = 2.0 + 3.0, face = L * W - 4.0 * pi;
  expect_forms("genus_plate", {{"holes", 4.0}, {"diameter_mm", 2.0}, {"web_mm", 1.5}, {"thickness_mm", h}},
               {{h * face, 2.0 * face + h * (2.0 * L + 2.0 * W + 4.0 * pi * 2.0)}});
  expect_forms("hole_ladder", {{"diameters_mm", List{2.0, 1.0}}, {"web_mm", 2.0}, {"thickness_mm", h}},
               {{h * (9.0 * 6.0 - pi / 4.0 * 5.0),
                 2.0 * (9.0 * 6.0 - pi / 4.0 * 5.0) + h * (2.0 * 9.0 + 2.0 * 6.0 + pi * 3.0)}});
  expect_forms("rod_ladder", {{"diameters_mm", List{2.0, 1.0}}, {"length_mm", h}},
               {{pi / 4.0 * h * 5.0, pi * (2.0 * (h + 1.0) + 1.0 * (h + 0.5))}});
  // Two gaps between three teeth of 2 on a base of 1; 5 high and 6 deep: L = 1 + 0.5 + 6.
  expect_forms("gap_ladder",
               {{"gaps_mm", List{1.0, 0.5}},
                {"tooth_mm", 2.0},
                {"height_mm", 5.0},
                {"depth_mm", 6.0},
                {"base_mm", 1.0}},
               {{6.0 * (7.5 + 2.0 * 3.0 * 5.0),
                 2.0 * (7.5 + 2.0 * 3.0 * 5.0) + 6.0 * (2.0 * 7.5 + 2.0 * 6.0 + 2.0 * 2.0 * 5.0)}});
  // Groups of two bars of 2 and of 1, three apart: L = 3 * 2 + 3 * 1 + 3.
  expect_forms("line_pairs",
               {{"widths_mm", List{2.0, 1.0}},
                {"bars", 2.0},
                {"group_gap_mm", 3.0},
                {"height_mm", 5.0},
                {"depth_mm", 6.0},
                {"base_mm", 1.0}},
               {{6.0 * (12.0 + 5.0 * 2.0 * 3.0),
                 2.0 * (12.0 + 5.0 * 2.0 * 3.0) + 6.0 * (2.0 * 12.0 + 2.0 + 2.0 * 5.0 * 2.0 * 2.0)}});
  const double rise = 8.0;  // 45 degrees.
  expect_forms("staircase_ramps",
               {{"inclinations_deg", List{45.0}}, {"run_mm", rise}, {"base_mm", 1.0}, {"depth_mm", 2.0}},
               {{2.0 * rise * (1.0 + rise / 2.0),
                 2.0 * rise * (1.0 + rise / 2.0) + 2.0 * (rise + rise * std::sqrt(2.0) + 2.0 + rise)}});
  expect_forms("knife_edge", {{"length_mm", 12.0}, {"back_mm", 4.0}, {"depth_mm", 5.0}},
               {{5.0 * 12.0 * 4.0 / 2.0, 12.0 * 4.0 + 5.0 * (4.0 + 2.0 * std::sqrt(144.0 + 4.0))}});
  const double a = 2.0, right = R * R * std::acos(a / R) - a * std::sqrt(R * R - a * a);
  const double chord = 2.0 * std::sqrt(R * R - a * a), arc = 2.0 * R * std::acos(a / R);
  const double left = pi * R * R - right;
  expect_forms("organs_sharing_a_face", {{"radius_mm", R}, {"height_mm", h}, {"face_offset_mm", a}},
               {{left * h, 2.0 * left + h * (2.0 * pi * R - arc + chord)},
                {right * h, 2.0 * right + h * (arc + chord)}});
  expect_forms("vessel_along_bone", {{"bone_radius_mm", R}, {"vessel_radius_mm", r}, {"length_mm", h}},
               {{pi * R * R * h, 2.0 * pi * R * (R + h)}, {pi * r * r * h, 2.0 * pi * r * (r + h)}});
}

TEST(ClosedForms, OfBlocks) {
  expect_forms("cube", {{"edge_mm", 5.0}}, {{125.0, 150.0}});
  expect_forms("hollow_cube", {{"edge_mm", 5.0}, {"wall_mm", 1.0}}, {{125.0 - 27.0, 150.0 + 54.0}});
  // Two cells: 27 nodes and 54 struts; s = 1, p = 4.
  expect_forms("strut_lattice", {{"cells", 2.0}, {"strut_mm", 1.0}, {"pitch_mm", 4.0}},
               {{27.0 + 54.0 * 3.0, 6.0 * 27.0 - 2.0 * 54.0 + 4.0 * 54.0 * 3.0}});
  const double edge = 10.0, c = 1.5;
  expect_forms("chamfered_cube", {{"edge_mm", edge}, {"chamfer_mm", c}},
               {{cube_of(edge) - 6.0 * edge * c * c + 6.0 * cube_of(c),
                 6.0 * (edge - 2.0 * c) * (edge - 2.0 * c) + 12.0 * std::sqrt(2.0) * c * (edge - 1.5 * c)}});
  expect_forms("octahedron", {{"reach_mm", 3.0}}, {{4.0 / 3.0 * 27.0, 4.0 * std::sqrt(3.0) * 9.0}});
}

// NOLINTEND(readability-identifier-naming)

}  // namespace
}  // namespace meshassay::phantoms
