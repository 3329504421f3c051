// SPDX-License-Identifier: GPL-3.0-or-later
// The nearest point of a level set, certified.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "phantoms/solids/level_set.hpp"

namespace meshassay::phantoms {

class LevelSetDistance {
 public:
  /// What a distance may be too large by where the search had to decide.
  static constexpr double tolerance_mm = 1e-4;

  struct Foot {
    Point3 place_mm = Point3::Zero();
    double distance_mm = std::numeric_limits<double>::infinity();  ///< Unsigned.
    LevelSet::Jet jet;                                             ///< Of the foot.
    [[nodiscard]] Vector3 normal() const { return jet.gradient.normalized(); }
  };

  /// \throw InvalidInput where the gradient comes near zero on the surface.
  explicit LevelSetDistance(LevelSet function);

  [[nodiscard]] const LevelSet& function() const { return function_; }
  /// Of the point that a thread asked for last it is still known: distance, gradient and flatness of one
  /// point are asked for one after another.
  [[nodiscard]] Foot nearest(const Point3& point) const;
  /// Positive outside.
  [[nodiscard]] double signed_distance_mm(const Point3& point) const;
  /// As ImplicitSurface::flatness_mm.
  [[nodiscard]] double flatness_mm(const Point3& center, double ball_mm) const;
  /// Of the gradient on the surface, at least.
  [[nodiscard]] double least_slope() const { return least_slope_; }
  /// Of the Hessian's norm at what lies within `around_mm` of a point that is within reach.
  [[nodiscard]] double hessian_bound(const Point3& center, const Matrix3& hessian_there,
                                     double around_mm) const;
  /// The median over the cells of slope / |Hessian|.
  [[nodiscard]] double typical_bend_mm() const;
  /// Surface points, one at least within the diagonal of its cell of every point of the surface; a cell is
  /// smaller than a third of what the surface bends over there.
  [[nodiscard]] std::vector<Point3> samples() const;

 private:
  /// A cube in which the surface is within `slack_mm` of a plane.
  struct Cell {
    Point3 center_mm;
    double half_mm = 0.0;
    Vector3 normal;
    double offset_mm = 0.0, slack_mm = 0.0;  ///< |normal . (x - center) - offset| <= slack.
    double slope = 0.0;                      ///< Of the gradient in the cell, at least.
    double hessian = 0.0;                    ///< Its norm in the cell, at most.

    [[nodiscard]] double radius_mm() const;
    /// Of what the cell holds of the surface, at least.
    [[nodiscard]] double distance_mm(const Point3& point) const;
    [[nodiscard]] Point3 on_plane() const { return center_mm + offset_mm * normal; }
  };
  struct Node {
    Point3 center_mm;
    double half_mm = 0.0;
    std::uint32_t first = 0, count = 0;  ///< Of `nodes_`, or of `cells_` where `leaf`.
    bool leaf = false;
  };

  /// None where the surface does not come into the cube.
  [[nodiscard]] std::optional<Cell> cell_at(const Point3& center_mm, double half_mm) const;
  void build(std::uint32_t node);
  /// Newton's iteration for place + lambda gradient = point, value = 0.
  [[nodiscard]] std::optional<Foot> critical_point(const Point3& point, const Point3& start) const;
  [[nodiscard]] bool is_nearest(const Foot& foot) const;
  [[nodiscard]] Foot found_nearest(const Point3& point) const;
  void search(const Point3& point, const Node& node, Foot& best) const;
  void search(const Point3& point, const Cell& cell, Foot& best) const;

  LevelSet function_;
  std::uint64_t id_ = 0;  ///< No other object has had it, at this address or another.
  std::vector<Node> nodes_;
  std::vector<Cell> cells_;
  double least_slope_ = std::numeric_limits<double>::infinity();
};

}  // namespace meshassay::phantoms
