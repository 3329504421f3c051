// SPDX-License-Identifier: GPL-3.0-or-later
// Signed distance to a triangle mesh.
#pragma once

#include <array>
#include <vector>

#include "core/distance/triangle_tree.hpp"
#include "core/triangle_mesh.hpp"

namespace meshassay {

/// Distance to a mesh with its sign from angle-weighted pseudonormals (Baerentzen and Aanaes 2005): the
/// normal of the nearest face, or the sum of those about the nearest edge or corner. Where the mesh is not
/// closed and consistently oriented the sign is right near the surface only, and has_inside() is false.
class MeshDistance {
 public:
  struct Sample {
    double signed_mm = 0.0;              ///< Positive outside; 0 on the surface.
    Vector3 gradient = Vector3::Zero();  ///< Unit; on the surface the pseudonormal.
    std::size_t triangle = 0;            ///< A nearest one.
  };

  /// A mesh that is inside out as a whole is turned.
  /// \throw InvalidInput as TriangleTree does.
  explicit MeshDistance(const TriangleMesh& mesh);

  /// \param hint  as TriangleTree::nearest().
  [[nodiscard]] Sample sample(const Point3& point_mm, std::size_t hint = TriangleTree::none) const;
  /// Unsigned, and so a little faster.
  [[nodiscard]] TriangleTree::Nearest nearest(const Point3& point_mm,
                                              const TriangleTree::Search& search = {}) const {
    return tree_.nearest(point_mm, search);
  }
  /// Unsigned distance to one triangle of the mesh. \pre It has an area, as those that nearest() finds.
  [[nodiscard]] double distance_to_triangle_mm(const Point3& point_mm, std::size_t triangle) const;
  /// What the sign is taken from at a part of a triangle (PointOnTriangle::part); zero where normals cancel.
  [[nodiscard]] const Vector3& pseudonormal(std::size_t triangle, int part) const {
    if (part < 3) return normals_of_vertices_[mesh_.triangles[triangle][static_cast<std::size_t>(part)]];
    return normals_[triangle][static_cast<std::size_t>(part) - 3];
  }
  /// The other triangle at the edge that leaves a corner; TriangleTree::none unless there are exactly two.
  [[nodiscard]] std::size_t neighbour(std::size_t triangle, int edge) const {
    return neighbours_[triangle][static_cast<std::size_t>(edge)];
  }
  /// Whether every edge has two triangles that run through it in opposite directions, and the triangles about
  /// every corner are one fan: only then every point is inside or outside.
  [[nodiscard]] bool has_inside() const { return has_inside_; }
  [[nodiscard]] const TriangleMesh& mesh() const { return mesh_; }
  [[nodiscard]] const TriangleTree& tree() const { return tree_; }

 private:
  TriangleMesh mesh_;  // Welded; triangles numbered as given.
  TriangleTree tree_;
  std::vector<std::array<Vector3, 4>> normals_;  // By triangle: of its edges, and its own.
  std::vector<Vector3> normals_of_vertices_;
  std::vector<std::array<std::size_t, 3>> neighbours_;  // By triangle and edge.
  bool has_inside_ = false;
};

}  // namespace meshassay
