// SPDX-License-Identifier: GPL-3.0-or-later
// One of the two networks that A. H. Schoen's gyroid divides space into (NASA TN D-5541, 1970), by its usual
// trigonometric approximation, ended by a ball. With k = 2 pi / period the solid is where
//   F = sin kx cos ky + sin ky cos kz + sin kz cos kx + (r / R)^8 - level <= 0:
// inside, the eighth power is near zero; towards R it makes the struts thinner, and ends them round.
//
// Bounds. A term sin X cos Y = (sin(X + Y) + sin(X - Y)) / 2 has a third derivative along v of at most
// (|vx + vy|^3 + |vx - vy|^3) / 2 <= sqrt(2) |(vx, vy)|^3; the three together 2 sqrt(2) k^3 for a unit
// vector. That of r^8 is 192 r^2 a^3 + 144 r^4 a with a = x . v <= r: at most 336 r^5. (The norm of a
// symmetric trilinear form is reached on one vector, so both bound how fast the Hessian changes.) The terms'
// sum is at least -3/2: by Cauchy and Schwarz it is at most |(sin X, sin Y, sin Z)| |(cos X, cos Y, cos Z)|
// <= 3/2, since the squares add up to 3. So F > 0 from r = R (level + 3/2)^(1/8) on.
#include <cmath>
#include <numbers>

#include "phantoms/shapes/shapes.hpp"
#include "phantoms/shapes/single_target.hpp"
#include "phantoms/solids/level_set.hpp"
#include "phantoms/solids/mesh_solid.hpp"

namespace meshassay::phantoms {
namespace {

LevelSet gyroid_in_a_ball(double period_mm, double radius_mm, double level) {
  const double k = 2.0 * std::numbers::pi / period_mm;
  const double per_mm8 = std::pow(radius_mm, -8.0);
  LevelSet function;
  function.jet = [=](const Point3& point) -> LevelSet::Jet {
    const Vector3 s = (k * point).array().sin();
    const Vector3 c = (k * point).array().cos();
    LevelSet::Jet jet{.gradient = {}, .hessian = Matrix3::Zero()};
    const double square_mm2 = point.squaredNorm();
    const double sixth = square_mm2 * square_mm2 * square_mm2 * per_mm8;
    jet.value = sixth * square_mm2 - level;
    jet.gradient = 8.0 * sixth * point;
    if (square_mm2 > 0.0) jet.hessian = 48.0 * sixth / square_mm2 * point * point.transpose();
    jet.hessian.diagonal().array() += 8.0 * sixth;
    for (int axis = 0; axis < 3; ++axis) {
      const int next = (axis + 1) % 3;
      jet.value += s[axis] * c[next];
      jet.gradient[axis] += k * c[axis] * c[next];
      jet.gradient[next] -= k * s[axis] * s[next];
      jet.hessian(axis, axis) -= k * k * s[axis] * c[next];
      jet.hessian(next, next) -= k * k * s[axis] * c[next];
      jet.hessian(axis, next) -= k * k * c[axis] * s[next];
      jet.hessian(next, axis) -= k * k * c[axis] * s[next];
    }
    return jet;
  };
  function.hessian_slope_bound = [=](double within_mm) {
    return 2.0 * std::numbers::sqrt2 * k * k * k + 336.0 * std::pow(within_mm, 5.0) * per_mm8;
  };
  function.reach_mm = radius_mm * std::pow(level + 1.5, 1.0 / 8.0);
  return function;
}

Phantom make(const Parameters& resolved, const TruthOptions& options) {
  const double period_mm = number(resolved, "period_mm");
  const double radius_mm = number(resolved, "radius_mm");
  require_less(resolved, "period_mm", 2.0 * radius_mm, "twice radius_mm, else there is no network");
  require_less(resolved, "radius_mm", 4.0 * period_mm, "four times period_mm, else it takes too long");
  Solid solid = solid_of_level_set(gyroid_in_a_ball(period_mm, radius_mm, number(resolved, "level")),
                                   options.chordal_error_mm);
  // The mesh is proven to be a homeomorphic image of the surface.
  const BettiNumbers betti = betti_of_mesh(solid.surface);
  return placed_phantom("gyroid", resolved, truth_of_solid(std::move(solid), betti));
}

}  // namespace

PhantomDefinition gyroid() {
  return {.id = "gyroid",
          .asks = "Is every strut of a curved network there, and every channel between them open?",
          .parameters = with_materials(
              {length_parameter("period_mm", 12.0, "after which the network repeats, along each axis", 1.0,
                                100.0),
               length_parameter("radius_mm", 12.0, "of the ball that ends it", 1.0, 100.0),
               {.name = "level",
                .default_value = 0.5,
                .description = "of the function: 0 fills about half of space, more thickens the struts",
                .min = -0.6,
                .max = 0.6}}),
          .make = make};
}

}  // namespace meshassay::phantoms
