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
    const Vector3& outward = surface_.pseudonormal(triangle, 6);
    double radius = std::min(largest_radius_, 0.5 * below_mm);
    Point3 center = start - radius * outward;
    const double tolerance = 1e-12 * (1.0 + size_mm_);
    const auto free_mm = [&] { return radius - tolerance - 1e-9 * radius; };
    bool fails = false;
    // To the ball through `start` along its normal and through a point that is too near. It lies within the
    // ball before it, so that what was outside once stays outside.
    const auto shrink_to = [&](const Point3& point) {
      const Vector3 offset = start - point;
      const double along = offset.dot(outward);
      const double next = 0.5 * offset.squaredNorm() / along;
      fails = !(along > 0.0) || !(next > tolerance) || !(next < radius);
      radius = next;
      center = start - radius * outward;
    };
    const auto first = surface_.nearest(center, {.hint = triangle, .within_mm = free_mm()});
    if (first.triangle != TriangleTree::none) shrink_to(first.foot.point_mm);
    if (fails || !(2.0 * radius < below_mm)) return {};
    // The balls that follow lie in this one: all touch the start from the same side.
    surface_.tree().visit(
        {.center_mm = center, .radius_mm = radius},
        [&](const Point3& low, const Point3& high) {
          return !fails &&
                 (low - center).cwiseMax(center - high).cwiseMax(0.0).squaredNorm() < free_mm() * free_mm();
        },
        [&](std::size_t other, const std::array<Point3, 3>& corners) {
          for (int i = 0; i < 60 && !fails; ++i) {
            if (std::abs(surface_.pseudonormal(other, 6).dot(center - corners[0])) >= free_mm()) return;
            const Point3 foot = nearest_on_triangle(center, corners[0], corners[1], corners[2]).point_mm;
            if ((foot - center).norm() >= free_mm()) return;
            shrink_to(foot);
          }
          fails = true;
        });
    return !fails && touches_a_facing_wall(center, radius, outward)
               ? Ball{2.0 * radius, center, start, triangle}
               : Ball{};
  }

  // The smallest ball that steps on the surface lead to, each to a smaller one, from `step_mm` downwards.
  [[nodiscard]] Ball descended(Ball ball, double step_mm) const {
    const double least_step = 1e-8 * (1.0 + size_mm_);
    for (int round = 0; round < 400 && step_mm > least_step; ++round) {
      const Vector3& normal = surface_.pseudonormal(ball.triangle, 6);
      const Vector3 first = normal.unitOrthogonal(), second = normal.cross(first);
      Ball best = ball;
      for (int i = 0; i < 8; ++i) {
        const double angle = 0.25 * std::numbers::pi * i;
        const Point3 wanted = ball.start + step_mm * (std::cos(angle) * first + std::sin(angle) * second);
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
  // Whether one of the points that the ball touches, within a millionth of its radius, is on such a wall.
  [[nodiscard]] bool touches_a_facing_wall(const Point3& center, double radius,
                                           const Vector3& outward) const {
    const double reach = radius * (1.0 + 1e-6) + 1e-12 * (1.0 + size_mm_);
    const double square = reach * reach;
    bool faces = false;
    surface_.tree().visit(
        {.center_mm = center, .radius_mm = reach}, [&](const Point3&, const Point3&) { return !faces; },
        [&](std::size_t other, const std::array<Point3, 3>& corners) {
          if (faces || surface_.pseudonormal(other, 6).dot(outward) > largest_cosine_) return;
          const auto foot = nearest_on_triangle(center, corners[0], corners[1], corners[2]);
          faces = (foot.point_mm - center).squaredNorm() <= square;
        });
    return faces;
  }

  const MeshDistance& surface_;
  double largest_cosine_, largest_radius_ = 0.0, size_mm_ = 0.0;
};

struct Start {
  std::array<Point3, 3> corners;
  std::size_t triangle;
};

// The best of the centroid and the corners, where one is smaller than `below_mm`; quartered once or more, a
// square's diagonal has a corner in its centre.
Ball best_of(const BallSearch& search, const Start& start, double below_mm) {
  const auto& [a, b, c] = start.corners;
  Ball best;
  for (const Point3& point : {((a + b + c) / 3.0).eval(), a, b, c}) {
    const Ball ball = search.from(point, start.triangle, std::min(below_mm, best.diameter));
    if (ball.diameter < best.diameter) best = ball;
  }
  return best;
}

// The smallest balls of every second start: two halves that tell, each by itself, how dense the starts are.
// In blocks of fixed size, each of which looks for smaller balls than those before it: the same for any
// number of threads.
std::array<Ball, 2> smallest_balls(const BallSearch& search, const std::vector<Start>& starts) {
  constexpr std::size_t block_size = 512;
  std::array<Ball, 2> best;
  for (std::size_t begin = 0; begin < starts.size(); begin += block_size) {
    const std::size_t end = std::min(starts.size(), begin + block_size);
    std::array<Ball, block_size> balls;
    tbb::parallel_for(begin, end, [&](std::size_t i) {
      balls[i - begin] = best_of(search, starts[i], best[i % 2].diameter);
    });
    for (std::size_t i = begin; i < end; ++i)
      if (balls[i - begin].diameter < best[i % 2].diameter) best[i % 2] = balls[i - begin];
  }
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
  std::array<Ball, 2> best = smallest_balls(search, starts);
  if (!(std::min(best[0].diameter, best[1].diameter) < nothing))
    return Undefined{"rank_deficient", "no inscribed ball touches two walls that face each other"};
  const double spacing_mm = 2.0 * std::sqrt(area_mm2(surface.mesh()) / static_cast<double>(starts.size()));
  for (auto& ball : best)
    if (ball.diameter < nothing) ball = search.descended(ball, spacing_mm);
  const Ball& thinnest = best[0].diameter <= best[1].diameter ? best[0] : best[1];
  const double other = std::max(best[0].diameter, best[1].diameter);
  const double sampling = other < nothing ? other - thinnest.diameter : 0.5 * thinnest.diameter;
  // A contact counts within a millionth of the radius.
  return WallThickness{.diameter_mm = thinnest.diameter,
                       .half_width_mm = sampling + 2e-6 * thinnest.diameter,
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
