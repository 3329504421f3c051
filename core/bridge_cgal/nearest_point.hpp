// SPDX-License-Identifier: GPL-3.0-or-later
// The nearest point of a triangle mesh, by CGAL's AABB tree.
#pragma once

#include <cstddef>
#include <memory>

#include "core/triangle_mesh.hpp"

namespace meshassay {

/// Whether a triangle has no area: corners that coincide or lie on a line, decided exactly.
[[nodiscard]] bool is_degenerate(const TriangleMesh& mesh, std::size_t triangle);

/// Answers nearest-point queries on the triangles of positive area; the others add nothing to a surface that
/// holds their edges anyway, and a lone one is no surface. Many threads may ask at once.
class NearestPoint {
 public:
  struct Result {
    Point3 point_mm;           ///< On the triangle.
    std::size_t triangle = 0;  ///< Of the mesh; where several are equally near, one of them.
    double distance_mm = 0.0;
  };

  /// Builds the tree; keeps no reference to the mesh.
  /// \throw InvalidInput where no triangle has an area, an index has no vertex or a coordinate is not finite.
  explicit NearestPoint(const TriangleMesh& mesh);
  ~NearestPoint();
  NearestPoint(NearestPoint&&) noexcept;
  NearestPoint& operator=(NearestPoint&&) noexcept;

  /// \pre The point is finite.
  [[nodiscard]] Result query(const Point3& point_mm) const;

 private:
  struct Tree;
  std::unique_ptr<Tree> tree_;
};

}  // namespace meshassay
