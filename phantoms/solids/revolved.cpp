// SPDX-License-Identifier: GPL-3.0-or-later
// The nearest point of a surface of revolution lies in the half plane of the point itself: turning any other
// surface point into it brings it nearer. So the distance is that of the profile at (distance from the axis,
// z), which is a map with Lipschitz constant 1.
//
// Flatness at c over the ball of radius r. Let piece 1 be nearest, h its carrier's signed distance (of the
// plane, cylinder, cone, sphere or torus), u_1 and u_2 the distances of c to piece 1 and to the nearest other
// piece. Suppose u_2 > r, and every point of the ball has its foot on the carrier in piece 1 itself. Then the
// ball holds nothing of the other pieces, the surface in it is piece 1 alone, d and h change sign together;
// |d(p)| <= |h(p)|, and where another piece is nearer, |d(p)| >= u_2 - r while |h(p)| <= u_1 + r. So d
// differs from h by at most max(0, 2 r - (u_2 - u_1)), and from the tangent plane by the carrier's own
// flatness more. Otherwise 2 r, as both functions have Lipschitz constant 1.
//
// The carrier's flatness: a segment's normal is (n_u, n_v), so h = n_u u + n_v v + const, and only u is
// curved: |n_u| times that of the distance from the axis. An arc about the axis' own point is a sphere. Any
// other is a torus, whose distance has the second derivatives 1/s (s from the core circle) and (u - u_c)/(s
// u) across; the latter is at most 1/s for u >= u_c and at most 1/u in any case, so r^2/2 times the largest
// of them over the ball bounds it.
#include "phantoms/solids/revolved.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>

#include "core/errors.hpp"

namespace meshassay::phantoms {
namespace {

Point2 in_half_plane(const Point3& point) { return {std::hypot(point[0], point[1]), point[2]}; }

double carrier_flatness_mm(const ProfilePiece& piece, const Point2& at, double ball_mm) {
  if (!piece.arc) {
    const Point2 along = (piece.to_mm - piece.from_mm).normalized();
    return std::abs(along[1]) * axis_flatness_mm(at[0], ball_mm);
  }
  const double s_mm = (at - piece.arc->center_mm).norm();
  if (piece.arc->center_mm[0] == 0.0) return axis_flatness_mm(s_mm, ball_mm);
  const double nearest_s_mm = s_mm - ball_mm;
  const double nearest_u_mm = at[0] - ball_mm;
  if (nearest_s_mm <= 0.0) return 2.0 * ball_mm;
  double curvature = 1.0 / nearest_s_mm;
  if (nearest_u_mm < piece.arc->center_mm[0]) {
    if (nearest_u_mm <= 0.0) return 2.0 * ball_mm;
    curvature = std::max(curvature, 1.0 / nearest_u_mm);
  }
  return 0.5 * ball_mm * ball_mm * curvature;
}

double flatness_mm(const Profile& profile, const Point3& center, double ball_mm) {
  const Point2 at = in_half_plane(center);
  const ProfileNearest nearest = profile.nearest(at);
  if (nearest.second_mm <= ball_mm || !profile.holds_feet(nearest.piece, at, ball_mm)) return 2.0 * ball_mm;
  const double excess_mm = std::max(0.0, 2.0 * ball_mm - (nearest.second_mm - nearest.distance_mm));
  return std::min(2.0 * ball_mm,
                  excess_mm + carrier_flatness_mm(profile.boundary()[nearest.piece], at, ball_mm));
}

ImplicitSurface implicit_of(std::vector<ProfileLoop> loops) {
  const auto profile = std::make_shared<const Profile>(std::move(loops), true);
  const double reach_mm = profile->max_mm()[0];
  return {.signed_distance_mm =
              [profile](const Point3& point) {
                const Point2 at = in_half_plane(point);
                const double distance_mm = profile->nearest(at).distance_mm;
                return profile->inside(at) ? 0.0 - distance_mm : distance_mm;
              },
          .gradient = [profile](const Point3& point) -> Vector3 {
            const Point2 at = in_half_plane(point);
            const Point2 g = profile->gradient(at, profile->nearest(at), profile->inside(at));
            const Vector3 radial =
                at[0] > 0.0 ? Vector3(point[0] / at[0], point[1] / at[0], 0.0) : Vector3(Vector3::UnitX());
            return (g[0] * radial + g[1] * Vector3::UnitZ()).normalized();
          },
          .flatness_mm = [profile](const Point3& center,
                                   double ball_mm) { return flatness_mm(*profile, center, ball_mm); },
          .bounds_mm = {.min_mm = {-reach_mm, -reach_mm, profile->min_mm()[1]},
                        .max_mm = {reach_mm, reach_mm, profile->max_mm()[1]}}};
}

void check_size(std::size_t corners, int around, double chordal_error_mm) {
  const double triangles = 2.0 * static_cast<double>(corners) * around;
  if (triangles <= 5e6) return;
  throw InvalidInput({.what = "the truth surface would have more than five million triangles",
                      .expected = "a chordal error that the size allows",
                      .got = fmt::format("{} mm, about {:.0f} triangles", chordal_error_mm, triangles),
                      .mend = "allow a larger chordal error, or take a smaller shape"});
}

}  // namespace

Solid revolved(std::vector<ProfileLoop> loops, double chordal_error_mm, double corners_for_radius_mm) {
  const Profile profile(loops, true);
  Solid solid;
  // Half of the error for the arcs of the profile, and the rest for the chords around, on what the profile's
  // polygon may reach beyond the profile.
  // A smaller solid with a larger one's corners is only more exact.
  const double widest_mm = std::max(profile.max_mm()[0], corners_for_radius_mm);
  const EvenPolygon around = even_polygon(widest_mm, 0.49 * chordal_error_mm);
  const double scale = around.corner_radius_mm / widest_mm;
  double profile_error_mm = 0.0;
  for (const auto& loop : loops) {
    const PolygonisedLoop polygon = polygonised(loop, 0.5 * chordal_error_mm);
    profile_error_mm = std::max(profile_error_mm, polygon.error_mm);
    check_size(polygon.corners_mm.size(), around.corners, chordal_error_mm);
    std::vector<std::uint32_t> first;
    for (const auto& corner : polygon.corners_mm) {
      first.push_back(static_cast<std::uint32_t>(solid.surface.vertices_mm.size()));
      if (corner[0] == 0.0) {
        solid.surface.vertices_mm.emplace_back(0.0, 0.0, corner[1]);
        continue;
      }
      for (int n = 0; n < around.corners; ++n) {
        const double angle = 2.0 * std::numbers::pi * n / around.corners;
        solid.surface.vertices_mm.emplace_back(scale * corner[0] * std::cos(angle),
                                               scale * corner[0] * std::sin(angle), corner[1]);
      }
    }
    for (std::size_t i = 0; i < first.size(); ++i) {
      const std::size_t j = (i + 1) % first.size();
      const bool i_on_axis = polygon.corners_mm[i][0] == 0.0;
      const bool j_on_axis = polygon.corners_mm[j][0] == 0.0;
      if (i_on_axis && j_on_axis) continue;
      for (int n = 0; n < around.corners; ++n) {
        const auto a = static_cast<std::uint32_t>(n);
        const auto b = static_cast<std::uint32_t>((n + 1) % around.corners);
        if (!i_on_axis)
          solid.surface.triangles.push_back({first[i] + a, first[i] + b, first[j] + (j_on_axis ? 0U : b)});
        if (!j_on_axis)
          solid.surface.triangles.push_back({first[i] + (i_on_axis ? 0U : a), first[j] + b, first[j] + a});
      }
    }
  }
  solid.chordal_error_mm = profile_error_mm + around.error_mm * (1.0 + profile_error_mm / widest_mm);
  solid.volume_mm3 = {2.0 * std::numbers::pi * profile.first_moment_mm3()};
  solid.area_mm2 = {2.0 * std::numbers::pi * profile.boundary_moment_mm2()};
  solid.implicit = implicit_of(std::move(loops));
  return solid;
}

}  // namespace meshassay::phantoms
