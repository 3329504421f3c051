// SPDX-License-Identifier: GPL-3.0-or-later
// A distance that a surface's deviation is measured with, and what is known of it within a triangle.
#pragma once

#include <array>
#include <vector>

#include "core/distance/mesh_distance.hpp"
#include "core/implicit_surface.hpp"
#include "metrics/surface/linear_on_triangle.hpp"

namespace meshassay::metrics {

/// The distance at a point.
struct DistanceSample {
  double signed_mm = 0.0;
  Vector3 gradient = Vector3::Zero();
  std::size_t triangle = TriangleTree::none;  ///< Of a mesh, a nearest one.
};

/// A piece of the measured surface, with the distance at its corners and centroid.
struct Cell {
  std::array<Point3, 3> corners;
  CornerValues at_corners = {};  ///< Signed distances.
  std::array<std::size_t, 3> triangles_at_corners = {TriangleTree::none, TriangleTree::none,
                                                     TriangleTree::none};
  double area_mm2 = 0.0;
  bool lies_over_one_triangle = false;  ///< Of a mesh: was cut along its edges.

  // What DistanceField::describe() fills in.
  double at_center = 0.0;     ///< Signed distance at the centroid.
  CornerValues model = {};    ///< The linear model at the corners; its mean is at_center.
  double departure_mm = 0.0;  ///< Bound of |distance - model| on the cell.
  double estimate_mm = 0.0;   ///< Of the mean of |distance - model|; at most the bound.
  double upper_mm = 0.0;      ///< Bound of |distance| on the cell.

  [[nodiscard]] Point3 center() const { return (corners[0] + corners[1] + corners[2]) / 3.0; }
  /// Of the smallest ball about the centroid that holds the cell.
  [[nodiscard]] double radius_mm() const;
};

class DistanceField {
 public:
  virtual ~DistanceField() = default;
  /// \param hint  as TriangleTree::nearest().
  [[nodiscard]] virtual DistanceSample sample(const Point3& point_mm, std::size_t hint) const = 0;
  [[nodiscard]] DistanceSample sample(const Point3& point_mm) const {
    return sample(point_mm, TriangleTree::none);
  }
  /// Fills in the second half of a cell.
  virtual void describe(Cell& cell) const = 0;
  /// Parts of a cell on which the distance is simpler, described; empty where halving is the best.
  [[nodiscard]] virtual std::vector<Cell> natural_parts(const Cell&) const { return {}; }
  /// Whether estimates are bounds too.
  [[nodiscard]] virtual bool estimates_are_bounds() const = 0;
  /// Whether the sign says inside and outside.
  [[nodiscard]] virtual bool has_inside() const = 0;
};

/// The exact distance of a phantom: departures from its flatness bounds.
class ImplicitField final : public DistanceField {
 public:
  explicit ImplicitField(const ImplicitSurface& surface) : surface_(surface) {}
  using DistanceField::sample;
  [[nodiscard]] DistanceSample sample(const Point3& point_mm, std::size_t hint) const override;
  void describe(Cell& cell) const override;
  [[nodiscard]] bool estimates_are_bounds() const override { return true; }
  [[nodiscard]] bool has_inside() const override { return true; }

 private:
  const ImplicitSurface& surface_;
};

/// The distance to a mesh. The model is the tangent plane of the distance to the triangle f that is nearest
/// to the centroid. From above: the distance to f is convex, so that its departure from the model is largest
/// at a corner. From below: for every unit w the distance of p to a set B is at least w.p - max(w.q : q in
/// B), which is linear in p, so that a few w a triangle (or box of triangles) bound it on the whole cell.
class MeshField final : public DistanceField {
 public:
  /// \param resolution_mm  a departure below this need not be known better.
  MeshField(const MeshDistance& distance, double resolution_mm)
      : distance_(distance), resolution_mm_(resolution_mm) {}
  using DistanceField::sample;
  [[nodiscard]] DistanceSample sample(const Point3& point_mm, std::size_t hint) const override;
  void describe(Cell& cell) const override;
  /// Cuts the cell along the planes that halve the angles between the reference's triangles, and by the
  /// planes of these, so that each part lies over one triangle and on one side of it: there the distance is
  /// linear. A cell that is much larger than the triangle is halved instead: it would lie over too many.
  [[nodiscard]] std::vector<Cell> natural_parts(const Cell& cell) const override;
  [[nodiscard]] bool estimates_are_bounds() const override { return false; }
  [[nodiscard]] bool has_inside() const override { return distance_.has_inside(); }

 private:
  const MeshDistance& distance_;
  double resolution_mm_;
};

}  // namespace meshassay::metrics
