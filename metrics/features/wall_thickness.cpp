// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/features/wall_thickness.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "metrics/measurement_rows.hpp"
#include "metrics/surface/area_least_squares.hpp"
#include "metrics/surface/measurable_surface.hpp"

namespace meshassay::metrics {
namespace {

constexpr double nothing = std::numeric_limits<double>::infinity();
// Of a ball, through triangles that do not face the one that it starts on, as a share of its radius: so much
// do the facets of a round surface cut off.
constexpr double may_stick_out = 0.01;

// A ball with the place on the surface that it was grown from; without a diameter where there is none.
struct Ball {
  double diameter = nothing;
  Point3 center = Point3::Zero(), start = Point3::Zero();
  std::size_t triangle = 0;
};

class BallSearch {
 public:
  BallSearch(const MeshDistance& surface, double min_angle_deg)
      : surface_(surface), largest_cosine_(std::cos(min_angle_deg * std::numbers::pi / 180.0)) {
    const Box3 box = bounding_box(surface.mesh());
    largest_radius_ = 0.5 * box.diagonal_mm();
    size_mm_ = box.min_mm.cwiseAbs().cwiseMax(box.max_mm.cwiseAbs()).maxCoeff();
  }

  // The ball that touches the surface at `start`, on a triangle, from inside; without a diameter where its
  // contacts do not face each other, or where it is no smaller than `below_mm`: most starts are put aside by
  // one look at a ball of that size.
  [[nodiscard]] Ball from(const Point3& start, std::size_t triangle, double below_mm) const {
    const Ball ball = inscribed(start, triangle, below_mm);
    const bool counts = ball.diameter < nothing && touches_a_facing_wall(ball.center, 0.5 * ball.diameter,
                                                                         surface_.pseudonormal(triangle, 6));
    return counts ? ball : Ball{};
  }

  // The same, whatever it touches.
  [[nodiscard]] Ball inscribed(const Point3& start, std::size_t triangle, double below_mm) const {
    const Vector3& outward = surface_.pseudonormal(triangle, 6);
    double radius = std::min(largest_radius_, 0.5 * below_mm);
    Point3 center = start - radius * outward;
    const double tolerance = 1e-12 * (1.0 + size_mm_);
    const auto free_mm = [&] { return radius - tolerance - 1e-9 * radius; };
    const auto share_out = [&](std::size_t other) { return faces(other, outward) ? 0.0 : may_stick_out; };
    bool fails = false;
    // To the ball through `start` along its normal that sticks out through a point by that share s of its
    // radius r: |offset|^2 - 2 r along + r^2 = (1 - s)^2 r^2. It lies within the ball before it, so that what
    // was outside once stays outside.
    const auto shrink_to = [&](const Point3& point, double share) {
      const Vector3 offset = start - point;
      const double along = offset.dot(outward), square = offset.squaredNorm();
      const double next =
          square / (along + std::sqrt(std::max(0.0, along * along - (2.0 - share) * share * square)));
      fails = !(along > 0.0) || !(next > tolerance) || !(next < radius);
      radius = next;
      center = start - radius * outward;
    };
    // Until the ball is free of a triangle.
    const auto shrink_off = [&](std::size_t other, const std::array<Point3, 3>& corners) {
      for (int i = 0; i < 60 && !fails; ++i) {
        const double within_mm = free_mm() - share_out(other) * radius;
        if (std::abs(surface_.pseudonormal(other, 6).dot(center - corners[0])) >= within_mm) return;
        const Point3 foot = nearest_on_triangle(center, corners[0], corners[1], corners[2]).point_mm;
        if ((foot - center).norm() >= within_mm) return;
        shrink_to(foot, share_out(other));
      }
      fails = true;
    };
    // The triangles next to it leave little of a ball that starts at a convex edge, for little.
    for (int edge = 0; edge < 3; ++edge)
      if (const std::size_t other = surface_.neighbour(triangle, edge);
          other != TriangleTree::none && surface_.tree().holds(other))
        shrink_off(other, {surface_.mesh().corner(other, 0), surface_.mesh().corner(other, 1),
                           surface_.mesh().corner(other, 2)});
    if (fails) return {};
    const auto first =
        surface_.nearest(center, {.hint = triangle, .within_mm = free_mm() - may_stick_out * radius});
    if (first.triangle != TriangleTree::none) shrink_to(first.foot.point_mm, share_out(first.triangle));
    // The balls that follow lie in this one: all touch the start from the same side. What was left to stick
    // out of a larger ball may be too much for a smaller one, so until nothing changes.
    for (double before = nothing; !fails && radius < before;) {
      before = radius;
      surface_.tree().visit(
          {.center_mm = center, .radius_mm = radius},
          [&](const Point3& low, const Point3& high) {
            return !fails &&
                   (low - center).cwiseMax(center - high).cwiseMax(0.0).squaredNorm() < free_mm() * free_mm();
          },
          shrink_off);
    }
    if (!(2.0 * radius < below_mm)) return {};
    return fails ? Ball{} : Ball{2.0 * radius, center, start, triangle};
  }

  [[nodiscard]] double largest_diameter_mm() const { return 2.0 * largest_radius_; }

  // Where steps on the surface lead to, each to a larger inscribed ball, whatever they touch; that ball if
  // its contacts face each other.
  [[nodiscard]] Ball ascended(const Point3& start, std::size_t triangle, double step_mm) const {
    Ball ball = inscribed(start, triangle, largest_diameter_mm());
    if (!(ball.diameter < nothing)) return {};
    const double least_step = 1e-6 * (1.0 + size_mm_);
    for (int round = 0; round < 200 && step_mm > least_step; ++round) {
      Ball best = ball;
      for (const Point3& wanted : around(ball, step_mm)) {
        const auto on_surface = surface_.nearest(wanted, {.hint = ball.triangle});
        const Ball next = inscribed(on_surface.foot.point_mm, on_surface.triangle, largest_diameter_mm());
        if (next.diameter < nothing && next.diameter > best.diameter) best = next;
      }
      if (best.diameter > ball.diameter)
        ball = best;
      else
        step_mm *= 0.5;
    }
    return from(ball.start, ball.triangle, largest_diameter_mm());
  }

  // The smallest ball that steps on the surface lead to, each to a smaller one, from `step_mm` downwards.
  [[nodiscard]] Ball descended(Ball ball, double step_mm) const {
    const double least_step = 1e-8 * (1.0 + size_mm_);
    for (int round = 0; round < 400 && step_mm > least_step; ++round) {
      Ball best = ball;
      for (const Point3& wanted : around(ball, step_mm)) {
        const auto on_surface = surface_.nearest(wanted, {.hint = ball.triangle});
        const Ball next = from(on_surface.foot.point_mm, on_surface.triangle, best.diameter);
        if (next.diameter < best.diameter) best = next;
      }
      if (best.diameter < ball.diameter)
        ball = best;
      else
        step_mm *= 0.5;
    }
    return ball;
  }

 private:
  // Eight places round a ball's start: where two walls stop it, some of them lead away from both.
  [[nodiscard]] std::array<Point3, 8> around(const Ball& ball, double step_mm) const {
    const Vector3& normal = surface_.pseudonormal(ball.triangle, 6);
    const Vector3 first = normal.unitOrthogonal(), second = normal.cross(first);
    std::array<Point3, 8> places;
    for (std::size_t i = 0; i < places.size(); ++i) {
      const double angle = 0.25 * std::numbers::pi * static_cast<double>(i);
      places[i] = ball.start + step_mm * (std::cos(angle) * first + std::sin(angle) * second);
    }
    return places;
  }

  [[nodiscard]] bool faces(std::size_t other, const Vector3& outward) const {
    return surface_.pseudonormal(other, 6).dot(outward) <= largest_cosine_;
  }

  // Whether one of the points that the ball touches, within a millionth of its radius, is on such a wall.
  [[nodiscard]] bool touches_a_facing_wall(const Point3& center, double radius,
                                           const Vector3& outward) const {
    const double reach = radius * (1.0 + 1e-6) + 1e-12 * (1.0 + size_mm_);
    const double square = reach * reach;
    bool touches = false;
    surface_.tree().visit(
        {.center_mm = center, .radius_mm = reach}, [&](const Point3&, const Point3&) { return !touches; },
        [&](std::size_t other, const std::array<Point3, 3>& corners) {
          if (touches || !faces(other, outward)) return;
          const auto foot = nearest_on_triangle(center, corners[0], corners[1], corners[2]);
          touches = (foot.point_mm - center).squaredNorm() <= square;
        });
    return touches;
  }

  const MeshDistance& surface_;
  double largest_cosine_, largest_radius_ = 0.0, size_mm_ = 0.0;
};

struct Start {
  std::array<Point3, 3> corners;
  std::size_t triangle;
};

// From the centroid, and from the corners where `with_corners`: quartered once or more, a square's diagonal
// has one in its centre.
Ball best_of(const BallSearch& search, const Start& start, double below_mm, bool with_corners) {
  const auto& [a, b, c] = start.corners;
  Ball best = search.from((a + b + c) / 3.0, start.triangle, below_mm);
  if (!with_corners) return best;
  for (const Point3& point : start.corners) {
    const Ball ball = search.from(point, start.triangle, std::min(below_mm, best.diameter));
    if (ball.diameter < best.diameter) best = ball;
  }
  return best;
}

// Starts closer together than a 16th of a ball's diameter tell little more of balls about that large.
std::size_t starts_for_one(double diameter_mm, double spacing_mm) {
  const double per_diameter = diameter_mm / (16.0 * spacing_mm);
  return static_cast<std::size_t>(std::clamp(per_diameter * per_diameter, 1.0, 1e9));
}

// Looks for balls smaller than `best`, those of every second start: two halves that tell, each by itself, how
// dense the starts are. Every start is asked for a ball of a share of the smallest so far, for all of it
// where starts lie dense enough for balls of that size: on a ball that fills a fine mesh nearly every
// triangle is as near as every other, on a small one few are near. In blocks of fixed size, each of which
// looks for smaller balls than those before it: the same for any number of threads.
void look_for_smaller(std::array<Ball, 2>& best, const BallSearch& search, const std::vector<Start>& starts,
                      double spacing_mm) {
  constexpr std::size_t block_size = 512;
  for (std::size_t begin = 0; begin < starts.size(); begin += block_size) {
    const std::size_t end = std::min(starts.size(), begin + block_size);
    std::array<Ball, block_size> balls;
    std::array<double, 2> below_mm{};
    std::array<std::size_t, 2> for_one{};
    for (std::size_t half = 0; half < 2; ++half) {
      below_mm[half] = std::min(best[half].diameter, search.largest_diameter_mm());
      for_one[half] = starts_for_one(below_mm[half], spacing_mm);
    }
    tbb::parallel_for(begin, end, [&](std::size_t i) {
      const std::size_t half = i % 2;
      // Half the diameter asks for starts half as far apart.
      double share = 1.0;
      for (std::size_t every = for_one[half]; (i / 2) % every != 0;
           every = std::max<std::size_t>(1, every / 4))
        share *= 0.5;
      balls[i - begin] = best_of(search, starts[i], share * below_mm[half], for_one[half] == 1);
    });
    for (std::size_t i = begin; i < end; ++i)
      if (balls[i - begin].diameter < best[i % 2].diameter) best[i % 2] = balls[i - begin];
  }
}

// First from as many starts all over the surface as are dense enough for the largest ball, then from all.
std::array<Ball, 2> smallest_balls(const BallSearch& search, const std::vector<Start>& starts,
                                   double spacing_mm) {
  const std::size_t for_one = starts_for_one(search.largest_diameter_mm(), spacing_mm);
  std::vector<Start> first;
  for (std::size_t i = 0; i < starts.size(); ++i)
    if ((i / 2) % for_one == 0) first.push_back(starts[i]);
  std::array<Ball, 2> best;
  look_for_smaller(best, search, first, spacing_mm * std::sqrt(static_cast<double>(for_one)));
  look_for_smaller(best, search, starts, spacing_mm);
  return best;
}

// A cube has one place in a face from where a ball reaches the other one, and no start may be near enough. So
// from few of them uphill: the largest balls there are touch walls on all sides.
std::array<Ball, 2> smallest_of_the_largest(const BallSearch& search, const std::vector<Start>& starts,
                                            double spacing_mm) {
  constexpr std::size_t few = 64;
  const std::size_t every = std::max<std::size_t>(1, starts.size() / few);
  std::vector<Ball> balls((starts.size() + every - 1) / every);
  tbb::parallel_for(std::size_t{0}, balls.size(), [&](std::size_t n) {
    const auto& [a, b, c] = starts[n * every].corners;
    balls[n] = search.ascended((a + b + c) / 3.0, starts[n * every].triangle, 8.0 * spacing_mm);
  });
  std::array<Ball, 2> best;
  for (std::size_t n = 0; n < balls.size(); ++n)
    if (balls[n].diameter < best[n % 2].diameter) best[n % 2] = balls[n];
  return best;
}

// Triangles, quartered until they are about as many as wanted and of like size.
std::vector<Start> starts_on(const MeshDistance& surface, std::size_t wanted) {
  const TriangleMesh& mesh = surface.mesh();
  const double largest_mm2 = area_mm2(mesh) / static_cast<double>(wanted);
  std::vector<Start> starts, waiting;
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
    if (!surface.tree().holds(t)) continue;
    waiting.push_back({{mesh.corner(t, 0), mesh.corner(t, 1), mesh.corner(t, 2)}, t});
    while (!waiting.empty()) {
      const Start start = waiting.back();
      waiting.pop_back();
      const auto& [a, b, c] = start.corners;
      if (0.5 * (b - a).cross(c - a).norm() <= 4.0 * largest_mm2) {
        starts.push_back(start);
        continue;
      }
      for (const auto& part : quarters(start.corners)) waiting.push_back({part, t});
    }
  }
  return starts;
}

Measurement row_of_target(const Trial& trial, const MetricRequest& request, const TargetTruth& target) {
  const MetricDefinition& metric = wall_thickness_family().metrics[0];
  const Subject subject{surface_stage(request), target_name(trial, target)};
  const auto surface = find_measurable_surface(trial, request, target.label);
  if (const auto* why = std::get_if<Undefined>(&surface)) return undefined(metric, subject, *why);
  const auto found = wall_thickness(MeshDistance(*std::get<const TriangleMesh*>(surface)));
  if (const auto* why = std::get_if<Undefined>(&found)) return undefined(metric, subject, *why);
  const auto& wall = std::get<WallThickness>(found);
  Measurement row = measured(metric, subject, wall.diameter_mm);
  row.interval =
      Interval{std::max(0.0, wall.diameter_mm - wall.half_width_mm), wall.diameter_mm + wall.half_width_mm};
  row.interval_kind = IntervalKind::expanded_k2;
  row.sources = {{"sampling (estimated)", wall.half_width_mm}};
  row.witnesses = {
      {"center_mm", std::vector<double>{wall.center_mm[0], wall.center_mm[1], wall.center_mm[2]}}};
  return row;
}

std::vector<Measurement> compute(const Trial& trial, const MetricRequest& request) {
  return one_row_a_target(trial, request, row_of_target);
}

}  // namespace

std::variant<WallThickness, Undefined> wall_thickness(const MeshDistance& surface,
                                                      const WallThicknessOptions& options) {
  if (!surface.has_inside())
    return Undefined{"not_closed",
                     "the surface is not closed, oriented and two-manifold, so that it has no inside"};
  const BallSearch search(surface, options.min_angle_deg);
  const auto starts = starts_on(surface, options.starts);
  const double spacing_mm = std::sqrt(area_mm2(surface.mesh()) / static_cast<double>(starts.size()));
  std::array<Ball, 2> best = smallest_balls(search, starts, spacing_mm);
  const auto is_found = [&] { return std::min(best[0].diameter, best[1].diameter) < nothing; };
  if (!is_found()) best = smallest_of_the_largest(search, starts, spacing_mm);
  if (!is_found())
    return Undefined{"rank_deficient", "no inscribed ball touches two walls that face each other"};
  for (auto& ball : best)
    if (ball.diameter < nothing) ball = search.descended(ball, 2.0 * spacing_mm);
  const Ball& thinnest = best[0].diameter <= best[1].diameter ? best[0] : best[1];
  const double other = std::max(best[0].diameter, best[1].diameter);
  const double sampling = other < nothing ? other - thinnest.diameter : 0.5 * thinnest.diameter;
  const double radius_mm = 0.5 * thinnest.diameter;
  const double sticks_out_mm =
      std::max(0.0, radius_mm - surface.nearest(thinnest.center, {.hint = thinnest.triangle}).distance_mm);
  // A contact counts within a millionth of the radius.
  return WallThickness{.diameter_mm = thinnest.diameter,
                       .half_width_mm = sampling + 2.0 * sticks_out_mm + 2e-6 * thinnest.diameter,
                       .center_mm = thinnest.center};
}

const MetricFamily& wall_thickness_family() {
  static const MetricFamily family{
      .name = "wall_thickness",
      .metrics = {{.id = "thickness.min",
                   .unit = "mm",
                   .definition =
                       "Diameter of the smallest inscribed ball that touches the surface at two points whose "
                       "normals differ by at least 150 degrees.",
                   .source = "MeshAssay; balls by Ma, Bae and Choi 2012"}},
      .needs = {"surface"},
      .compute = compute};
  return family;
}

}  // namespace meshassay::metrics
