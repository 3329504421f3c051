// SPDX-License-Identifier: GPL-3.0-or-later
#include "phantoms/solids/profile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "core/errors.hpp"

namespace meshassay::phantoms {
namespace {

constexpr double pi = std::numbers::pi;

/// In [0, 2 pi).
double positive_angle(double angle_rad) {
  const double turned = std::fmod(angle_rad, 2.0 * pi);
  return turned < 0.0 ? turned + 2.0 * pi : turned;
}

double direction_rad(const Point2& v) { return std::atan2(v[1], v[0]); }

/// How far along an arc, from 0 to 2 pi in the arc's own sense, a direction lies.
double along_rad(const ProfilePiece::Arc& arc, const Point2& from_center) {
  const double turn = direction_rad(from_center) - arc.begin_rad;
  return positive_angle(arc.sweep_rad > 0.0 ? turn : -turn);
}

bool is_whole_circle(const ProfilePiece::Arc& arc) { return std::abs(arc.sweep_rad) >= 2.0 * pi; }

/// The nearest point of a piece, and whether it is an end of it.
struct Foot {
  double distance_mm = 0.0;
  bool is_end = false;
};

Foot foot_on(const ProfilePiece& piece, const Point2& point) {
  if (!piece.arc) {
    const Point2 along = piece.to_mm - piece.from_mm;
    const double t = (point - piece.from_mm).dot(along) / along.squaredNorm();
    if (t > 0.0 && t < 1.0)
      return {std::abs(along[0] * (point[1] - piece.from_mm[1]) - along[1] * (point[0] - piece.from_mm[0])) /
                  along.norm(),
              false};
  } else {
    const Point2 from_center = point - piece.arc->center_mm;
    if (is_whole_circle(*piece.arc) || along_rad(*piece.arc, from_center) < std::abs(piece.arc->sweep_rad))
      return {std::abs(from_center.norm() - piece.arc->radius_mm), false};
  }
  return {std::min((point - piece.from_mm).norm(), (point - piece.to_mm).norm()), true};
}

Point2 outward_normal(const ProfilePiece& piece, const Point2& point) {
  if (!piece.arc) {
    const Point2 along = (piece.to_mm - piece.from_mm).normalized();
    return {along[1], -along[0]};
  }
  const Point2 from_center = point - piece.arc->center_mm;
  const double length_mm = from_center.norm();
  const Point2 radial = length_mm > 0.0 ? Point2(from_center / length_mm)
                                        : Point2((piece.from_mm - piece.arc->center_mm).normalized());
  return piece.arc->sweep_rad > 0.0 ? radial : Point2(-radial);
}

/// Whether the ray from the point towards +u crosses the arc an odd number of times. The arc is cut where it
/// is highest and lowest, so that each part meets the ray's line once at most, and the half-open rule holds
/// at the ends that neighbours share.
bool ray_crosses(const ProfilePiece::Arc& arc, const ProfilePiece& piece, const Point2& point) {
  const double from_rad = arc.begin_rad;
  const double to_rad = arc.begin_rad + arc.sweep_rad;
  std::vector<std::pair<double, double>> stops = {{from_rad, piece.from_mm[1]}};  // Angle and v.
  const double low = std::min(from_rad, to_rad);
  const double high = std::max(from_rad, to_rad);
  std::vector<double> extremes;
  for (double angle = (std::floor(low / pi - 0.5) + 1.0) * pi + 0.5 * pi; angle < high; angle += pi)
    if (angle > low) extremes.push_back(angle);
  if (arc.sweep_rad < 0.0) std::reverse(extremes.begin(), extremes.end());
  for (const double angle : extremes)
    stops.emplace_back(angle, arc.center_mm[1] + (std::sin(angle) > 0.0 ? arc.radius_mm : -arc.radius_mm));
  stops.emplace_back(to_rad, piece.to_mm[1]);
  bool odd = false;
  for (std::size_t n = 0; n + 1 < stops.size(); ++n) {
    if ((stops[n].second <= point[1]) == (stops[n + 1].second <= point[1])) continue;
    const double height_mm = point[1] - arc.center_mm[1];
    const double reach_mm = std::sqrt(std::max(0.0, arc.radius_mm * arc.radius_mm - height_mm * height_mm));
    const bool right_half = std::cos(0.5 * (stops[n].first + stops[n + 1].first)) > 0.0;
    if (arc.center_mm[0] + (right_half ? reach_mm : -reach_mm) > point[0]) odd = !odd;
  }
  return odd;
}

bool ray_crosses(const ProfilePiece& piece, const Point2& point) {
  if (piece.arc) return ray_crosses(*piece.arc, piece, point);
  const Point2& a = piece.from_mm;
  const Point2& b = piece.to_mm;
  if ((a[1] <= point[1]) == (b[1] <= point[1])) return false;
  const double cross = (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0]);
  return b[1] > a[1] ? cross > 0.0 : cross < 0.0;
}

}  // namespace

double ProfilePiece::length_mm() const {
  return arc ? arc->radius_mm * std::abs(arc->sweep_rad) : (to_mm - from_mm).norm();
}

LoopPath& LoopPath::line_to(const Point2& to_mm) {
  pieces_.push_back({.from_mm = here_mm_, .to_mm = to_mm, .arc = std::nullopt});
  here_mm_ = to_mm;
  return *this;
}

LoopPath& LoopPath::arc_to(const Point2& to_mm, const Point2& center_mm, bool counter_clockwise) {
  const double begin_rad = direction_rad(here_mm_ - center_mm);
  const double turn_rad = direction_rad(to_mm - center_mm) - begin_rad;
  const double sweep_rad = counter_clockwise ? positive_angle(turn_rad) : -positive_angle(-turn_rad);
  pieces_.push_back(
      {.from_mm = here_mm_,
       .to_mm = to_mm,
       .arc = ProfilePiece::Arc{center_mm, (here_mm_ - center_mm).norm(), begin_rad, sweep_rad}});
  here_mm_ = to_mm;
  return *this;
}

ProfileLoop LoopPath::close() {
  if (here_mm_ != start_mm_) line_to(start_mm_);
  return pieces_;
}

ProfileLoop polygon(const std::vector<Point2>& corners_mm) {
  LoopPath path(corners_mm.front());
  for (std::size_t n = 1; n < corners_mm.size(); ++n) path.line_to(corners_mm[n]);
  return path.close();
}

ProfileLoop rectangle(const Point2& min_mm, const Point2& max_mm) {
  return polygon({min_mm, {max_mm[0], min_mm[1]}, max_mm, {min_mm[0], max_mm[1]}});
}

ProfileLoop circle(const Point2& center_mm, double radius_mm) {
  const Point2 start = center_mm + Point2(radius_mm, 0.0);
  return {{.from_mm = start,
           .to_mm = start,
           .arc = ProfilePiece::Arc{center_mm, radius_mm, 0.0, 2.0 * std::numbers::pi}}};
}

ProfileLoop reversed(const ProfileLoop& loop) {
  ProfileLoop result(loop.rbegin(), loop.rend());
  for (auto& piece : result) {
    std::swap(piece.from_mm, piece.to_mm);
    if (!piece.arc) continue;
    piece.arc->begin_rad += piece.arc->sweep_rad;
    piece.arc->sweep_rad = -piece.arc->sweep_rad;
  }
  return result;
}

Profile::Profile(std::vector<ProfileLoop> loops, bool axis_at_u_0) : loops_(std::move(loops)) {
  min_mm_.setConstant(std::numeric_limits<double>::infinity());
  max_mm_ = -min_mm_;
  const auto add = [&](const Point2& point) {
    min_mm_ = min_mm_.cwiseMin(point);
    max_mm_ = max_mm_.cwiseMax(point);
  };
  for (const auto& loop : loops_)
    for (const auto& piece : loop) {
      add(piece.from_mm);
      if (piece.arc) {
        for (int quarter = 0; quarter < 4; ++quarter) {
          const Point2 direction(quarter == 0   ? 1
                                 : quarter == 2 ? -1
                                                : 0,
                                 quarter == 1   ? 1
                                 : quarter == 3 ? -1
                                                : 0);
          if (is_whole_circle(*piece.arc) ||
              along_rad(*piece.arc, direction) <= std::abs(piece.arc->sweep_rad))
            add(piece.arc->center_mm + piece.arc->radius_mm * direction);
        }
      }
      const bool on_axis = axis_at_u_0 && !piece.arc && piece.from_mm[0] == 0.0 && piece.to_mm[0] == 0.0;
      if (!on_axis) boundary_.push_back(piece);
    }
}

bool Profile::inside(const Point2& point) const {
  // Pieces on the axis count too: they are part of the closed walk.
  bool odd = false;
  for (const auto& loop : loops_)
    for (const auto& piece : loop)
      if (ray_crosses(piece, point)) odd = !odd;
  return odd;
}

ProfileNearest Profile::nearest(const Point2& point) const {
  ProfileNearest result;
  for (std::size_t n = 0; n < boundary_.size(); ++n) {
    const double distance_mm = foot_on(boundary_[n], point).distance_mm;
    if (distance_mm < result.distance_mm) {
      result.second_mm = result.distance_mm;
      result.distance_mm = distance_mm;
      result.piece = n;
    } else if (distance_mm < result.second_mm) {
      result.second_mm = distance_mm;
    }
  }
  return result;
}

Point2 Profile::gradient(const Point2& point, const ProfileNearest& nearest, bool is_inside) const {
  const ProfilePiece& piece = boundary_[nearest.piece];
  const Foot foot = foot_on(piece, point);
  if (!foot.is_end || foot.distance_mm == 0.0) return outward_normal(piece, point);
  const Point2& end =
      (point - piece.from_mm).norm() <= (point - piece.to_mm).norm() ? piece.from_mm : piece.to_mm;
  const Point2 away = (point - end) / foot.distance_mm;
  return is_inside ? Point2(-away) : away;
}

bool Profile::holds_feet(std::size_t piece_index, const Point2& point, double radius_mm) const {
  const ProfilePiece& piece = boundary_[piece_index];
  if (!piece.arc) {
    const Point2 along = piece.to_mm - piece.from_mm;
    const double length_mm = along.norm();
    const double t_mm = (point - piece.from_mm).dot(along) / length_mm;
    return t_mm >= radius_mm && length_mm - t_mm >= radius_mm;
  }
  if (is_whole_circle(*piece.arc)) return true;
  // Seen from the centre, the disc about the point spans the point's direction +- asin(radius / distance).
  const Point2 from_center = point - piece.arc->center_mm;
  const double s_mm = from_center.norm();
  if (s_mm <= radius_mm) return false;
  const double half_rad = std::asin(radius_mm / s_mm);
  const double at_rad = along_rad(*piece.arc, from_center);
  return at_rad >= half_rad && std::abs(piece.arc->sweep_rad) - at_rad >= half_rad;
}

double Profile::area_mm2() const {
  double sum = 0.0;
  for (const auto& loop : loops_)
    for (const auto& piece : loop) {
      if (!piece.arc) {
        sum += 0.5 * (piece.from_mm[0] * piece.to_mm[1] - piece.to_mm[0] * piece.from_mm[1]);
        continue;
      }
      // (1/2) integral of u dv - v du with u = c_u + R cos, v = c_v + R sin.
      const auto& [center, radius, begin, sweep] = *piece.arc;
      const double end = begin + sweep;
      sum += 0.5 * radius *
             (center[0] * (std::sin(end) - std::sin(begin)) - center[1] * (std::cos(end) - std::cos(begin)) +
              radius * sweep);
    }
  return sum;
}

double Profile::first_moment_mm3() const {
  double sum = 0.0;
  for (const auto& loop : loops_)
    for (const auto& piece : loop) {
      if (!piece.arc) {
        const double a = piece.from_mm[0];
        const double b = piece.to_mm[0];
        sum += (a * a + a * b + b * b) / 6.0 * (piece.to_mm[1] - piece.from_mm[1]);
        continue;
      }
      // (1/2) integral of u^2 dv = (1/2) integral of (c_u + R cos)^2 R cos.
      const auto& [center, radius, begin, sweep] = *piece.arc;
      const double end = begin + sweep;
      const double sines = std::sin(end) - std::sin(begin);
      const double double_sines = std::sin(2.0 * end) - std::sin(2.0 * begin);
      const double cubes = std::pow(std::sin(end), 3) - std::pow(std::sin(begin), 3);
      sum += 0.5 * radius *
             (center[0] * center[0] * sines + 2.0 * center[0] * radius * (0.5 * sweep + 0.25 * double_sines) +
              radius * radius * (sines - cubes / 3.0));
    }
  return sum;
}

double Profile::boundary_length_mm() const {
  double sum = 0.0;
  for (const auto& piece : boundary_) sum += piece.length_mm();
  return sum;
}

double Profile::boundary_moment_mm2() const {
  double sum = 0.0;
  for (const auto& piece : boundary_) {
    if (!piece.arc) {
      sum += 0.5 * (piece.from_mm[0] + piece.to_mm[0]) * piece.length_mm();
      continue;
    }
    const auto& [center, radius, begin, sweep] = *piece.arc;
    const double integral = center[0] * sweep + radius * (std::sin(begin + sweep) - std::sin(begin));
    sum += radius * (sweep > 0.0 ? integral : -integral);
  }
  return sum;
}

EvenPolygon even_polygon(double radius_mm, double chordal_error_mm) {
  // N corners at the radius k R have the area (N/2) sin(2 pi/N) k^2 R^2: k = sqrt(a / sin a), a = 2 pi/N. The
  // polygon lies between k R cos(pi/N) and k R from the centre.
  double wanted = 1.8 * std::sqrt(radius_mm / chordal_error_mm);
  if (wanted > 20000.0)
    throw InvalidInput({.what = "the truth surface would have too many triangles",
                        .expected = fmt::format("a chordal error of at least {:.2g} mm for a radius of {} mm",
                                                radius_mm * 1e-8, radius_mm),
                        .got = fmt::format("{} mm", chordal_error_mm),
                        .mend = "allow a larger chordal error"});
  for (int corners = std::max(8, static_cast<int>(wanted));; ++corners) {
    const double angle = 2.0 * pi / corners;
    const double k = std::sqrt(angle / std::sin(angle));
    const double error_mm = radius_mm * std::max(k - 1.0, 1.0 - k * std::cos(0.5 * angle));
    if (error_mm <= chordal_error_mm) return {corners, k * radius_mm, error_mm};
  }
}

PolygonisedLoop polygonised(const ProfileLoop& loop, double chordal_error_mm) {
  PolygonisedLoop result;
  for (const auto& piece : loop) {
    if (!piece.arc) {
      result.corners_mm.push_back(piece.from_mm);
      continue;
    }
    const auto& [center, radius, begin, sweep] = *piece.arc;
    if (is_whole_circle(*piece.arc)) {
      const EvenPolygon even = even_polygon(radius, chordal_error_mm);
      for (int n = 0; n < even.corners; ++n) {
        // Both senses give the same corners, so that a disc and the hole that it fills share them.
        const int corner = sweep > 0.0 ? n : even.corners - 1 - n;
        const double angle = 2.0 * pi * corner / even.corners;
        result.corners_mm.push_back(center +
                                    even.corner_radius_mm * Point2(std::cos(angle), std::sin(angle)));
      }
      result.error_mm = std::max(result.error_mm, even.error_mm);
      continue;
    }
    // A chord over the angle a is R (1 - cos(a/2)) from its arc; no part turns by more than an eighth.
    const double largest_rad =
        std::min(0.25 * pi, 2.0 * std::acos(1.0 - std::min(0.5, chordal_error_mm / radius)));
    const int parts = std::max(1, static_cast<int>(std::ceil(std::abs(sweep) / largest_rad)));
    const double part_rad = sweep / parts;
    result.corners_mm.push_back(piece.from_mm);
    for (int n = 1; n < parts; ++n) {
      const double angle = begin + n * part_rad;
      result.corners_mm.push_back(center + radius * Point2(std::cos(angle), std::sin(angle)));
    }
    result.error_mm = std::max(result.error_mm, radius * (1.0 - std::cos(0.5 * part_rad)));
  }
  return result;
}

// With a the distance from the axis and v the step's part across the axis, the distance and its tangent plane
// differ by |a e + v| - (a + v.e) >= 0. For given s = v.e it is largest where |v| = r: f(s) = sqrt(a^2 + 2 a
// s
// + r^2) - a - s, and f'(s) = 0 at s = -r^2/(2a), where f = r^2/(2a). That s is possible while r <= 2a;
// beyond, f is largest at s = -r: |a - r| - (a - r) = 2 (r - a). Both give r at r = 2a; at a = 0 it is 2r.
double axis_flatness_mm(double distance_mm, double ball_mm) {
  if (ball_mm <= 0.0) return 0.0;
  return ball_mm <= 2.0 * distance_mm ? ball_mm * ball_mm / (2.0 * distance_mm)
                                      : 2.0 * (ball_mm - distance_mm);
}

}  // namespace meshassay::phantoms
