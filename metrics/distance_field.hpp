// SPDX-License-Identifier: GPL-3.0-or-later
// A distance that a surface's deviation is measured with, and what is known of it within a triangle.
#pragma once

#include <array>

#include "core/distance/mesh_distance.hpp"
#include "core/implicit_surface.hpp"
#include "metrics/linear_on_triangle.hpp"

namespace meshassay::metrics {

/// The distance at a point.
struct DistanceSample {
  double signed_mm = 0.0;
  Vector3 gradient = Vector3::Zero();
  std::size_t triangle = 0;  ///< Of a mesh, a nearest one.
};

/// A piece of the measured surface, with the distance at its corners and centroid.
struct Cell {
  std::array<Point3, 3> corners;
  CornerValues at_corners = {};  ///< Signed distances.
  std::array<std::size_t, 3> triangles_at_corners = {};
  double area_mm2 = 0.0;

  // What DistanceField::describe() fills in.
  double at_center = 0.0;     ///< Signed distance at the centroid.
  CornerValues model = {};    ///< The linear model at the corners; its mean is at_center.
  double departure_mm = 0.0;  ///< |distance - model| on the cell: a bound, or an estimate of its mean.
  double upper_mm = 0.0;      ///< Bound of |distance| on the cell; rigorous for every field.
  bool tight = false;         ///< Whether `upper_mm` was tightened.

  [[nodiscard]] Point3 center() const { return (corners[0] + corners[1] + corners[2]) / 3.0; }
  /// Of the smallest ball about the centroid that holds the cell.
  [[nodiscard]] double radius_mm() const;
};

class DistanceField {
 public:
  virtual ~DistanceField() = default;
  [[nodiscard]] virtual DistanceSample sample(const Point3& point_mm) const = 0;
  /// Fills in the second half of a cell.
  virtual void describe(Cell& cell) const = 0;
  /// A smaller bound of |distance| on the cell, where more work finds one; else `upper_mm`.
  [[nodiscard]] virtual double tightened_upper_mm(const Cell& cell) const { return cell.upper_mm; }
  /// Whether departures are bounds; else they are estimates.
  [[nodiscard]] virtual bool rigorous() const = 0;
  /// Whether the sign says inside and outside.
  [[nodiscard]] virtual bool has_inside() const = 0;
};

/// The exact distance of a phantom: departures from its flatness bounds.
class ImplicitField final : public DistanceField {
 public:
  explicit ImplicitField(const ImplicitSurface& surface) : surface_(surface) {}
  [[nodiscard]] DistanceSample sample(const Point3& point_mm) const override;
  void describe(Cell& cell) const override;
  [[nodiscard]] bool rigorous() const override { return true; }
  [[nodiscard]] bool has_inside() const override { return true; }

 private:
  const ImplicitSurface& surface_;
};

/// The distance to a mesh. Departures are estimated from the corners; upper bounds are rigorous, since the
/// distance to one triangle is convex, so that on a cell it is largest at a corner, and it bounds the
/// distance to the mesh.
class MeshField final : public DistanceField {
 public:
  explicit MeshField(const MeshDistance& distance) : distance_(distance) {}
  [[nodiscard]] DistanceSample sample(const Point3& point_mm) const override;
  void describe(Cell& cell) const override;
  /// Cuts the cell along the reference's edges, so that each part lies over one triangle.
  [[nodiscard]] double tightened_upper_mm(const Cell& cell) const override;
  [[nodiscard]] bool rigorous() const override { return false; }
  [[nodiscard]] bool has_inside() const override { return distance_.has_inside(); }

 private:
  const MeshDistance& distance_;
};

}  // namespace meshassay::metrics
