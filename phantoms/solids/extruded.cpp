// SPDX-License-Identifier: GPL-3.0-or-later
// The walls and the two caps are products: of a boundary piece and an interval, of the region and a point. So
// with d the profile's signed distance and w = |z| - height/2: inside, the nearer of wall and cap: max(d, w);
// outside, sqrt(max(d, 0)^2 + max(w, 0)^2). Both exact.
//
// Flatness is argued as for solids of revolution (revolved.cpp): one piece (a flat or round wall, a cap) that
// holds the feet of the whole ball, and how much nearer another one may be.
#include "phantoms/solids/extruded.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "core/bridge_cgal/triangulated_region.hpp"
#include "core/errors.hpp"

namespace meshassay::phantoms {
namespace {

struct Prism {
  Profile profile;
  double half_mm;
};

struct Place {
  Point2 at;
  double above_mm;  ///< |z| less half the height.
  bool in_profile;
  ProfileNearest wall;
};

Place place_of(const Prism& prism, const Point3& point) {
  const Point2 at = point.head<2>();
  return {at, std::abs(point[2]) - prism.half_mm, prism.profile.inside(at), prism.profile.nearest(at)};
}

double signed_distance_mm(const Prism& prism, const Point3& point) {
  const Place place = place_of(prism, point);
  const double d_mm = place.in_profile ? -place.wall.distance_mm : place.wall.distance_mm;
  if (d_mm <= 0.0 && place.above_mm <= 0.0) return std::max(d_mm, place.above_mm) + 0.0;
  return std::hypot(std::max(d_mm, 0.0), std::max(place.above_mm, 0.0));
}

Vector3 gradient(const Prism& prism, const Point3& point) {
  const Place place = place_of(prism, point);
  const double d_mm = place.in_profile ? -place.wall.distance_mm : place.wall.distance_mm;
  const Vector3 up(0.0, 0.0, point[2] < 0.0 ? -1.0 : 1.0);
  const auto sideways = [&]() -> Vector3 {
    const Point2 g = prism.profile.gradient(place.at, place.wall, place.in_profile);
    return {g[0], g[1], 0.0};
  };
  if (d_mm > 0.0 && place.above_mm > 0.0) return (d_mm * sideways() + place.above_mm * up).normalized();
  if (d_mm <= 0.0 && place.above_mm <= 0.0) return place.above_mm >= d_mm ? up : sideways();
  return place.above_mm > 0.0 ? up : sideways();
}

double flatness_mm(const Prism& prism, const Point3& center, double ball_mm) {
  const Place place = place_of(prism, center);
  const double outside_mm = place.in_profile ? 0.0 : place.wall.distance_mm;
  const double beyond_mm = std::max(place.above_mm, 0.0);
  const double wall_mm = std::hypot(place.wall.distance_mm, beyond_mm);
  const double second_wall_mm = std::hypot(place.wall.second_mm, beyond_mm);
  const double cap_mm = std::hypot(outside_mm, place.above_mm);
  const double other_cap_mm = std::hypot(outside_mm, place.above_mm + 2.0 * prism.half_mm);
  double carrier_mm = 0.0;
  double nearest_mm = 0.0;
  double second_mm = 0.0;
  if (cap_mm < wall_mm) {
    if (!place.in_profile || place.wall.distance_mm < ball_mm) return 2.0 * ball_mm;
    nearest_mm = cap_mm;
    second_mm = std::min(wall_mm, other_cap_mm);
  } else {
    if (place.above_mm > -ball_mm || !prism.profile.holds_feet(place.wall.piece, place.at, ball_mm))
      return 2.0 * ball_mm;
    const ProfilePiece& piece = prism.profile.boundary()[place.wall.piece];
    if (piece.arc) carrier_mm = axis_flatness_mm((place.at - piece.arc->center_mm).norm(), ball_mm);
    nearest_mm = wall_mm;
    second_mm = std::min(second_wall_mm, cap_mm);
  }
  if (second_mm <= ball_mm) return 2.0 * ball_mm;
  return std::min(2.0 * ball_mm, carrier_mm + std::max(0.0, 2.0 * ball_mm - (second_mm - nearest_mm)));
}

ImplicitSurface implicit_of(Profile profile, double half_mm) {
  const auto prism = std::make_shared<const Prism>(Prism{std::move(profile), half_mm});
  const Point2 low = prism->profile.min_mm();
  const Point2 high = prism->profile.max_mm();
  return {.signed_distance_mm = [prism](const Point3& point) { return signed_distance_mm(*prism, point); },
          .gradient = [prism](const Point3& point) { return gradient(*prism, point); },
          .flatness_mm = [prism](const Point3& center,
                                 double ball_mm) { return flatness_mm(*prism, center, ball_mm); },
          .bounds_mm = {.min_mm = {low[0], low[1], -half_mm}, .max_mm = {high[0], high[1], half_mm}}};
}

}  // namespace

Solid extruded(std::vector<ProfileLoop> loops, double height_mm, double chordal_error_mm) {
  Profile profile(std::move(loops));
  Solid solid;
  std::vector<std::vector<Point2>> polygons;
  for (const auto& loop : profile.loops()) {
    PolygonisedLoop polygon = polygonised(loop, chordal_error_mm);
    solid.chordal_error_mm = std::max(solid.chordal_error_mm, polygon.error_mm);
    polygons.push_back(std::move(polygon.corners_mm));
  }
  const auto region = triangulated_region(polygons);
  if (!region)
    throw InvalidInput({.what = "the truth surface would meet itself",
                        .expected = "a chordal error that is small against the thinnest part",
                        .got = fmt::format("{} mm", chordal_error_mm),
                        .mend = "ask for a smaller chordal error"});
  // Vertices: all corners below, then all above, in the order of the loops.
  const double half_mm = 0.5 * height_mm;
  for (const double z_mm : {-half_mm, half_mm})
    for (const auto& corners : polygons)
      for (const auto& corner : corners) solid.surface.vertices_mm.emplace_back(corner[0], corner[1], z_mm);
  const auto above = static_cast<std::uint32_t>(solid.surface.vertices_mm.size() / 2);
  for (const auto& [a, b, c] : *region) {
    solid.surface.triangles.push_back({a, c, b});
    solid.surface.triangles.push_back({a + above, b + above, c + above});
  }
  std::uint32_t first = 0;
  for (const auto& corners : polygons) {
    const auto count = static_cast<std::uint32_t>(corners.size());
    for (std::uint32_t n = 0; n < count; ++n) {
      const std::uint32_t i = first + n;
      const std::uint32_t j = first + (n + 1) % count;
      solid.surface.triangles.push_back({i, j, j + above});
      solid.surface.triangles.push_back({i, j + above, i + above});
    }
    first += count;
  }
  const double profile_mm2 = profile.area_mm2();
  solid.volume_mm3 = {profile_mm2 * height_mm};
  solid.area_mm2 = {2.0 * profile_mm2 + profile.boundary_length_mm() * height_mm};
  solid.implicit = implicit_of(std::move(profile), half_mm);
  return solid;
}

}  // namespace meshassay::phantoms
