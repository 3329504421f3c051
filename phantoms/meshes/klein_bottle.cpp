// SPDX-License-Identifier: GPL-3.0-or-later
// An immersed Klein bottle: closed, one-sided, crossing itself along one closed curve where the neck goes
// through the wall. (S. Dickson's bottle; our own tessellation, not the paper's model of 4002 triangles.)
//
// The curve of centres c(u) and the radius r(u) = 4 (1 - cos(u) / 2):
//   0 <= u <= pi: c = (6 cos u (1 + sin u), 16 sin u), circles in the plane of (cos u, sin u) and z: the
//   handle, y >= 0, each circle in another half plane; they do not meet.
//   pi <= u <= 2 pi: c as above, circles in planes of constant y: body and neck, y = -16 s <= 0. At each y
//   there are two circles, a = asin(s): centres -/+ 6 cos a (1 - s), radii 4 (1 +/- cos(a) / 2). They cross
//   in two points where 4 cos a < 12 cos a (1 - s) < 8, touch from within at s = 2/3 and from outside at the
//   other end: one closed curve, nowhere else anything meets.
//
// The curve cuts a disc out of the wall, which closes the neck. Outside reaches into the neck from below, up
// to the disc; behind it, handle and body are one cell. So of every triangle exactly one side is seen: all is
// hull, nothing is sheet, no wall has to be made (score 5). Along the curve the solid touches itself: the
// handle's end with the disc, and the body about the hole. By solid wedges it is one part: a body with a
// tunnel, and a finger that closes its mouth: one handle.
// The letter of Hui and others (2006), which cuts at all edges of four triangles, loses the disc.
#include <cmath>
#include <numbers>

#include "core/errors.hpp"
#include "phantoms/meshes/building.hpp"
#include "phantoms/meshes/shapes.hpp"

namespace meshassay::phantoms {
namespace {

constexpr double pi = std::numbers::pi;
constexpr double scale = 2.5;  // About 100 mm high.

Point3 bottle(double u, double v) {
  const double r = 4.0 * (1.0 - 0.5 * std::cos(u));
  const double x = 6.0 * std::cos(u) * (1.0 + std::sin(u));
  const double y = 16.0 * std::sin(u);
  if (u < pi)
    return scale *
           Point3(x + r * std::cos(u) * std::cos(v), y + r * std::sin(u) * std::cos(v), r * std::sin(v));
  return scale * Point3(x + r * std::cos(v + pi), y, r * std::sin(v));
}

MeshPhantom make(const Parameters& resolved) {
  const auto around = static_cast<std::uint32_t>(number(resolved, "around"));
  if (around % 2 != 0)
    throw InvalidInput({.what = "the bottle's ends do not fit",
                        .expected = "an even number of points around",
                        .got = "around = " + std::to_string(around)});
  // Odd, so that body and neck have no circles in the same plane.
  const std::uint32_t along = 2 * (around * 5 / 8) + 1;
  MeshPhantom phantom;
  for (std::uint32_t i = 0; i < along; ++i)
    for (std::uint32_t j = 0; j < around; ++j)
      phantom.mesh.vertices_mm.push_back(bottle(2.0 * pi * i / along, 2.0 * pi * j / around));
  // At the end of the way, v has become pi - v.
  const auto vertex = [&](std::uint32_t i, std::uint32_t j) {
    if (i == along) return (around / 2 + around - j % around) % around;
    return i * around + j % around;
  };
  for (std::uint32_t i = 0; i < along; ++i)
    for (std::uint32_t j = 0; j < around; ++j)
      add_quad(phantom.mesh, {vertex(i, j), vertex(i + 1, j), vertex(i + 1, j + 1), vertex(i, j + 1)});
  auto& row = phantom.expected;
  row = nothing_wrong();
  row.polyhedron = row.consistently_oriented = false;
  row.bounds_solid = row.printable = row.printable_parts = row.strict = false;
  phantom.counts = no_defects(1);
  phantom.repair = {.score = 5, .parts = 1, .handles = 1, .cavities = 0};
  return phantom;
}

}  // namespace

MeshPhantomDefinition klein_bottle() {
  return {
      .id = "klein_bottle",
      .asks = "Does a one-sided closed surface that crosses itself become a solid without any distortion?",
      .parameters = {{.name = "around",
                      .default_value = 40.0,
                      .description = "points around the tube (even); 2.5 times its square triangles",
                      .min = 24.0,
                      .max = 1000.0}},
      .make = make};
}

}  // namespace meshassay::phantoms
