// SPDX-License-Identifier: GPL-3.0-or-later
// Certificate. Let q be a surface point with p - q along the gradient there, s = |p - q|, and M the bound of
// the Hessian within 2 s of q, so in the ball of radius s about p. A point x of that ball, which touches the
// surface in q, has (x - q).n >= |x - q|^2 / (2 s) with n the unit vector from q to p, so by Taylor
//   |F(x)| >= |grad F(q)| |x - q|^2 / (2 s) - M |x - q|^2 / 2 > 0   where   s M < |grad F(q)|:
// the ball holds no other point of the surface, and q is the nearest one. (Where the ball leaves the region
// that M is known in, F is positive, and on the segment from q its sign cannot have changed before.)
//
// Where that does not decide, cubes with a tangent plane each are searched: the surface in a cube of radius r
// about c lies within M r^2 / (2 |grad F(c)|) of the plane F(c) + grad F(c).(x - c) = 0, so its distance from
// p is at least that of a disc of radius r and that thickness. Cubes that cannot beat the best surface point
// by the tolerance are dropped, others are cut into eight.
//
// Flatness at c over the ball of radius r, with u = |d(c)| and s = u + r: every point of the ball has its
// foot within s, so that foot and the ball of its certificate lie within 2 s of c's own foot. Let G be the
// least slope at those feet and M the bound there. If s < G / M, all feet are certified, hence unique; the
// curvatures of the surface are at most M / G, so the second derivatives of the distance are at most 1 / (G /
// M - s), and the difference from the tangent plane at most r^2 / 2 times that.
#include "phantoms/solids/level_set_distance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>

#include "core/errors.hpp"

namespace meshassay::phantoms {
namespace {

constexpr double safety = 0.999;  // Rounding in certificates.

Point3 center_of_part(const Point3& center_mm, double half_mm, int part) {
  const double step_mm = 0.5 * half_mm;
  return center_mm + Vector3((part & 1) != 0 ? step_mm : -step_mm, (part & 2) != 0 ? step_mm : -step_mm,
                             (part & 4) != 0 ? step_mm : -step_mm);
}

/// At least the spectral norm, of a symmetric matrix: the row sums and Frobenius's norm both are.
double norm_bound(const Matrix3& matrix) {
  return std::min(matrix.norm(), matrix.cwiseAbs().rowwise().sum().maxCoeff());
}

[[noreturn]] void refuse(const Point3& place_mm) {
  throw InvalidInput({.what = "the surface nearly touches itself, so that its topology is not sure",
                      .where = fmt::format("({:.2f}, {:.2f}, {:.2f}) mm from its middle", place_mm[0],
                                           place_mm[1], place_mm[2]),
                      .expected = "a slope of the function on the whole surface",
                      .got = "a slope of nearly zero",
                      .mend = "change a parameter a little"});
}

double distance_to_cube_mm(const Point3& center_mm, double half_mm, const Point3& point) {
  return ((point - center_mm).cwiseAbs().array() - half_mm).max(0.0).matrix().norm();
}

}  // namespace

double LevelSetDistance::Cell::radius_mm() const { return half_mm * std::sqrt(3.0); }

double LevelSetDistance::Cell::distance_mm(const Point3& point) const {
  const Vector3 from_center = point - center_mm;
  const double along_mm = normal.dot(from_center);
  const double across_mm = (from_center - along_mm * normal).norm();
  return std::hypot(std::max(0.0, std::abs(along_mm - offset_mm) - slack_mm),
                    std::max(0.0, across_mm - radius_mm()));
}

LevelSetDistance::LevelSetDistance(LevelSet function) : function_(std::move(function)) {
  static std::atomic<std::uint64_t> objects = 0;
  id_ = ++objects;
  nodes_.push_back({.center_mm = Point3::Zero(), .half_mm = function_.reach_mm});
  build(0);
  const Cell* sharpest = nullptr;
  for (const auto& cell : cells_) {
    least_slope_ = std::min(least_slope_, cell.slope);
    if (sharpest == nullptr || cell.slope / cell.hessian < sharpest->slope / sharpest->hessian)
      sharpest = &cell;
  }
  // Meshes would become as fine everywhere as the sharpest place needs.
  if (sharpest != nullptr && sharpest->slope / sharpest->hessian < 0.12 * typical_bend_mm())
    refuse(sharpest->center_mm);
}

double LevelSetDistance::hessian_bound(const Point3& center, const Matrix3& hessian_there,
                                       double around_mm) const {
  const double from_origin_mm = center.norm();
  // No farther out than where the surface can be, and the way there.
  const double farthest_mm =
      std::min(from_origin_mm + around_mm, std::max(function_.reach_mm, from_origin_mm));
  return norm_bound(hessian_there) + around_mm * function_.hessian_slope_bound(farthest_mm);
}

double LevelSetDistance::typical_bend_mm() const {
  std::vector<double> bends_mm;
  for (const auto& cell : cells_) bends_mm.push_back(cell.slope / cell.hessian);
  if (bends_mm.empty()) return 0.0;
  const auto middle = bends_mm.begin() + static_cast<std::ptrdiff_t>(bends_mm.size() / 2);
  std::nth_element(bends_mm.begin(), middle, bends_mm.end());
  return *middle;
}

std::optional<LevelSetDistance::Cell> LevelSetDistance::cell_at(const Point3& center_mm,
                                                                double half_mm) const {
  Cell cell{.center_mm = center_mm, .half_mm = half_mm};
  const double radius_mm = cell.radius_mm();
  const double from_origin_mm = center_mm.norm();
  if (from_origin_mm - radius_mm >= function_.reach_mm) return std::nullopt;
  const LevelSet::Jet jet = function_.jet(center_mm);
  // Between the centre and any surface point in the cube.
  const double bound = hessian_bound(center_mm, jet.hessian, radius_mm);
  const double slope = jet.gradient.norm();
  if (std::abs(jet.value) > slope * radius_mm + 0.5 * bound * radius_mm * radius_mm) return std::nullopt;
  cell.slope = slope - bound * radius_mm;
  cell.hessian = bound;
  if (slope > 0.0) {
    cell.normal = jet.gradient / slope;
    cell.offset_mm = -jet.value / slope;
    cell.slack_mm = 0.5 * bound * radius_mm * radius_mm / slope;
  }
  return cell;
}

void LevelSetDistance::build(std::uint32_t node) {
  const Point3 center_mm = nodes_[node].center_mm;
  const double half_mm = nodes_[node].half_mm;
  if (half_mm < 1e-4 * function_.reach_mm) refuse(center_mm);
  std::vector<Node> parts;
  std::vector<Cell> cells;
  for (int part = 0; part < 8; ++part) {
    const Point3 at_mm = center_of_part(center_mm, half_mm, part);
    const auto cell = cell_at(at_mm, 0.5 * half_mm);
    if (!cell) continue;
    // The gradient changes by less than a quarter within the cell, and turns by less than 15 degrees.
    if (cell->slope > 3.0 * cell->hessian * cell->radius_mm())
      cells.push_back(*cell);
    else
      parts.push_back({.center_mm = at_mm, .half_mm = 0.5 * half_mm});
  }
  const auto cells_first = static_cast<std::uint32_t>(cells_.size());
  const auto cells_count = static_cast<std::uint32_t>(cells.size());
  cells_.insert(cells_.end(), cells.begin(), cells.end());
  const auto inner = static_cast<std::uint32_t>(parts.size());
  if (cells_count > 0)
    parts.push_back({.center_mm = center_mm,
                     .half_mm = half_mm,
                     .first = cells_first,
                     .count = cells_count,
                     .leaf = true});
  const auto first = static_cast<std::uint32_t>(nodes_.size());
  nodes_[node].first = first;
  nodes_[node].count = static_cast<std::uint32_t>(parts.size());
  nodes_.insert(nodes_.end(), parts.begin(), parts.end());
  for (std::uint32_t n = 0; n < inner; ++n) build(first + n);
}

std::optional<LevelSetDistance::Foot> LevelSetDistance::critical_point(const Point3& point,
                                                                       const Point3& start) const {
  Foot foot{.place_mm = start, .jet = function_.jet(start)};
  double lambda = (point - start).dot(foot.jet.gradient) / foot.jet.gradient.squaredNorm();
  for (int step = 0; step < 20; ++step) {
    const Vector3& gradient = foot.jet.gradient;
    const Matrix3 inverse = (Matrix3::Identity() + lambda * foot.jet.hessian).inverse();
    const Vector3 residual = point - foot.place_mm - lambda * gradient;
    const Vector3 along = inverse * gradient;
    const Vector3 free = inverse * residual;
    const double change = (gradient.dot(free) + foot.jet.value) / gradient.dot(along);
    const Vector3 move_mm = free - change * along;
    if (!(move_mm.norm() <= function_.reach_mm)) return std::nullopt;
    foot.place_mm += move_mm;
    lambda += change;
    foot.jet = function_.jet(foot.place_mm);
    if (move_mm.norm() > 1e-9) continue;
    // Quadratic convergence: what is left is rounding.
    foot.distance_mm = (point - foot.place_mm).norm();
    const double slope = foot.jet.gradient.norm();
    const double off_mm = (point - foot.place_mm - lambda * foot.jet.gradient).norm();
    if (std::abs(foot.jet.value) > 1e-12 * slope * function_.reach_mm || off_mm > 1e-9) return std::nullopt;
    return foot;
  }
  return std::nullopt;
}

bool LevelSetDistance::is_nearest(const Foot& foot) const {
  // By Taylor to the third order: |x - q| <= 2 s.
  const double farthest_mm = std::min(foot.place_mm.norm() + 2.0 * foot.distance_mm, function_.reach_mm);
  const double bound = norm_bound(foot.jet.hessian) +
                       2.0 / 3.0 * foot.distance_mm * function_.hessian_slope_bound(farthest_mm);
  return foot.distance_mm * bound < safety * foot.jet.gradient.norm();
}

LevelSetDistance::Foot LevelSetDistance::nearest(const Point3& point) const {
  struct Asked {
    std::uint64_t id = 0;
    Point3 point;
    Foot foot;
  };
  thread_local Asked last;
  if (last.id != id_ || last.point != point) last = {id_, point, found_nearest(point)};
  return last.foot;
}

LevelSetDistance::Foot LevelSetDistance::found_nearest(const Point3& point) const {
  const LevelSet::Jet jet = function_.jet(point);
  const double slope_squared = jet.gradient.squaredNorm();
  Foot best;
  if (slope_squared > 0.0) {
    const Vector3 step_mm = jet.value / slope_squared * jet.gradient;
    // A long step says that the function is not nearly linear up to the surface.
    if (step_mm.norm() < function_.reach_mm) {
      if (const auto foot = critical_point(point, point - step_mm)) {
        if (is_nearest(*foot)) return *foot;
        best = *foot;
      }
    }
  }
  search(point, nodes_.front(), best);
  return best;
}

void LevelSetDistance::search(const Point3& point, const Node& node, Foot& best) const {
  if (node.leaf) {
    for (std::uint32_t n = 0; n < node.count; ++n) search(point, cells_[node.first + n], best);
    return;
  }
  std::array<std::pair<double, std::uint32_t>, 9> order;
  for (std::uint32_t n = 0; n < node.count; ++n) {
    const Node& part = nodes_[node.first + n];
    order[n] = {distance_to_cube_mm(part.center_mm, part.half_mm, point), node.first + n};
  }
  std::sort(order.begin(), order.begin() + node.count);
  for (std::uint32_t n = 0; n < node.count; ++n)
    if (order[n].first < best.distance_mm - tolerance_mm) search(point, nodes_[order[n].second], best);
}

void LevelSetDistance::search(const Point3& point, const Cell& cell, Foot& best) const {
  const auto is_beaten = [&] { return cell.distance_mm(point) >= best.distance_mm - tolerance_mm; };
  if (is_beaten()) return;
  const bool is_smallest = cell.slack_mm < 0.01 * tolerance_mm;
  // Newton's iteration costs as much as a few cells: where this one may hold something better than the best
  // point by far, or is the last one.
  if (is_smallest || (point - cell.on_plane()).norm() < best.distance_mm) {
    const auto foot = critical_point(point, cell.on_plane());
    if (foot && foot->distance_mm < best.distance_mm) {
      best = *foot;
      if (is_beaten()) return;
    }
  }
  if (is_smallest) {
    // No critical point is better, but a surface point: on the plane, to within the slack.
    const double distance_mm = (point - cell.on_plane()).norm();
    if (distance_mm < best.distance_mm)
      best = {.place_mm = cell.on_plane(), .distance_mm = distance_mm, .jet = function_.jet(cell.on_plane())};
    return;
  }
  for (int part = 0; part < 8; ++part)
    if (const auto smaller = cell_at(center_of_part(cell.center_mm, cell.half_mm, part), 0.5 * cell.half_mm))
      search(point, *smaller, best);
}

double LevelSetDistance::signed_distance_mm(const Point3& point) const {
  const double value = function_.jet(point).value;
  if (value == 0.0) return 0.0;
  return std::copysign(nearest(point).distance_mm, value);
}

double LevelSetDistance::flatness_mm(const Point3& center, double ball_mm) const {
  const Foot foot = nearest(center);
  const double farthest_mm = foot.distance_mm + ball_mm;
  const double bound = hessian_bound(foot.place_mm, foot.jet.hessian, 2.0 * farthest_mm);
  const double slope = std::max(least_slope_, foot.jet.gradient.norm() - 2.0 * farthest_mm * bound);
  const double bend_mm = safety * slope / bound;
  if (farthest_mm >= bend_mm) return 2.0 * ball_mm;
  return std::min(2.0 * ball_mm, 0.5 * ball_mm * ball_mm / (bend_mm - farthest_mm));
}

std::vector<Point3> LevelSetDistance::samples() const {
  std::vector<Point3> points;
  for (const auto& cell : cells_) points.push_back(nearest(cell.on_plane()).place_mm);
  return points;
}

}  // namespace meshassay::phantoms
