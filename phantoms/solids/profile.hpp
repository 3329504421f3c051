// SPDX-License-Identifier: GPL-3.0-or-later
// A region of the plane bounded by straight segments and circular arcs, with its exact signed distance: what
// bodies of revolution and prisms are made of.
#pragma once

#include <Eigen/Core>
#include <limits>
#include <optional>
#include <vector>

#include "core/geometry.hpp"

namespace meshassay::phantoms {

using Point2 = Eigen::Vector2d;

/// A piece of a boundary, walked with the material on its left: a segment, or an arc of less than a whole
/// turn, or a whole circle (`from` = `to`).
struct ProfilePiece {
  struct Arc {
    Point2 center_mm;
    double radius_mm = 0.0;
    double begin_rad = 0.0;  ///< The direction of `from`.
    double sweep_rad = 0.0;  ///< Positive: counter-clockwise.
  };
  Point2 from_mm, to_mm;
  std::optional<Arc> arc;

  [[nodiscard]] double length_mm() const;
};

/// A closed walk around the region: counter-clockwise around material, clockwise around a hole.
using ProfileLoop = std::vector<ProfilePiece>;

/// Walks along a boundary: LoopPath({0, 0}).line_to({5, 0}).arc_to(...).close().
class LoopPath {
 public:
  explicit LoopPath(const Point2& start_mm) : start_mm_(start_mm), here_mm_(start_mm) {}
  LoopPath& line_to(const Point2& to_mm);
  /// The shorter arc about the centre for |turn| < pi is not assumed: `counter_clockwise` says which one.
  /// \pre Both ends are equally far from the centre.
  LoopPath& arc_to(const Point2& to_mm, const Point2& center_mm, bool counter_clockwise);
  /// Back to the start by a segment, where it is not there already.
  [[nodiscard]] ProfileLoop close();

 private:
  Point2 start_mm_, here_mm_;
  ProfileLoop pieces_;
};

[[nodiscard]] ProfileLoop polygon(const std::vector<Point2>& corners_mm);
[[nodiscard]] ProfileLoop rectangle(const Point2& min_mm, const Point2& max_mm);
[[nodiscard]] ProfileLoop circle(const Point2& center_mm, double radius_mm);
/// The same boundary with the material on the other side: a hole.
[[nodiscard]] ProfileLoop reversed(const ProfileLoop& loop);

/// What of the boundary is next to a point.
struct ProfileNearest {
  double distance_mm = std::numeric_limits<double>::infinity();  ///< Unsigned.
  std::size_t piece = 0;
  double second_mm = std::numeric_limits<double>::infinity();  ///< To the nearest of all other pieces.
};

class Profile {
 public:
  /// Pieces on the line u = 0 are no boundary where `axis_at_u_0`: the region is turned about it.
  /// \pre The loops are closed, do not meet, and the region is bounded.
  explicit Profile(std::vector<ProfileLoop> loops, bool axis_at_u_0 = false);

  [[nodiscard]] const std::vector<ProfileLoop>& loops() const { return loops_; }
  [[nodiscard]] const std::vector<ProfilePiece>& boundary() const { return boundary_; }
  [[nodiscard]] bool inside(const Point2& point) const;
  [[nodiscard]] ProfileNearest nearest(const Point2& point) const;
  /// Unit; outward of the region. On the boundary's corners the normal of one of the pieces.
  [[nodiscard]] Point2 gradient(const Point2& point, const ProfileNearest& nearest, bool is_inside) const;
  /// Whether every point within `radius_mm` has its nearest point on the piece's carrier (its line or circle)
  /// on the piece itself.
  [[nodiscard]] bool holds_feet(std::size_t piece, const Point2& point, double radius_mm) const;

  /// Green's theorem on segments and arcs: closed forms.
  [[nodiscard]] double area_mm2() const;
  [[nodiscard]] double first_moment_mm3() const;  ///< Integral of u over the region.
  [[nodiscard]] double boundary_length_mm() const;
  [[nodiscard]] double boundary_moment_mm2() const;  ///< Integral of u along the boundary.
  [[nodiscard]] Point2 min_mm() const { return min_mm_; }
  [[nodiscard]] Point2 max_mm() const { return max_mm_; }

 private:
  std::vector<ProfileLoop> loops_;
  std::vector<ProfilePiece> boundary_;
  Point2 min_mm_, max_mm_;
};

/// A loop as a polygon whose corners lie on it.
struct PolygonisedLoop {
  std::vector<Point2> corners_mm;
  double error_mm = 0.0;  ///< Hausdorff distance of polygon and loop, at most.
};
/// Arcs are cut evenly such that no chord is farther from its arc than `chordal_error_mm`. A whole circle's
/// corners lie a little outside of it, so that the polygon has exactly the circle's area.
[[nodiscard]] PolygonisedLoop polygonised(const ProfileLoop& loop, double chordal_error_mm);

/// Chords around a whole circle whose corners keep the circle's area, and how far out they lie.
struct EvenPolygon {
  int corners = 0;
  double corner_radius_mm = 0.0;
  double error_mm = 0.0;
};
[[nodiscard]] EvenPolygon even_polygon(double radius_mm, double chordal_error_mm);

/// The largest difference, over a ball of radius `ball_mm` whose centre is `distance_mm` from an axis, of the
/// distance from the axis and its tangent plane. Also for a point in place of the axis. Attained.
[[nodiscard]] double axis_flatness_mm(double distance_mm, double ball_mm);

}  // namespace meshassay::phantoms
