// SPDX-License-Identifier: GPL-3.0-or-later
// A tree of boxes over the triangles of a mesh: nearest triangle, and searches of one's own.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/triangle_mesh.hpp"

namespace meshassay {

/// Nearest point of the triangle abc to `point`; right for degenerate triangles too.
struct PointOnTriangle {
  Point3 point_mm;
  /// Where on the triangle: 0..2 a corner, 3..5 the edge that leaves corner 0..2, 6 the face.
  int part = 6;
};
[[nodiscard]] PointOnTriangle nearest_on_triangle(const Point3& point, const Point3& a, const Point3& b,
                                                  const Point3& c);

/// Answers for the triangles of positive area; the others add nothing to a surface that holds their edges
/// anyway, and a lone one is no surface. Many threads may ask at once.
///
/// A node holds the boxes of four children side by side, in single precision about the middle of the mesh and
/// rounded outward, so that one look compares a point with all four and none is passed over wrongly. A child
/// is a node or one triangle.
class TriangleTree {
 public:
  static constexpr auto none = std::numeric_limits<std::size_t>::max();

  struct Nearest {
    std::size_t triangle = 0;  ///< Of the mesh; of those at exactly the same distance the first.
    PointOnTriangle foot;
    double distance_mm = 0.0;
  };
  /// How a search may be shortened.
  struct Search {
    std::size_t hint = none;  ///< A triangle that is likely to be near; it changes the time only.
    double within_mm = std::numeric_limits<double>::infinity();  ///< What is farther is not looked for.
  };

  /// Keeps no reference to the mesh.
  /// \throw InvalidInput where no triangle has an area, an index has no vertex or a coordinate is not finite.
  explicit TriangleTree(const TriangleMesh& mesh);

  /// Whether a triangle of the mesh has an area, and so is one of those that are looked at.
  [[nodiscard]] bool holds(std::size_t triangle) const { return place_of_[triangle] != no_place; }
  /// \pre The point is finite.
  [[nodiscard]] Nearest nearest(const Point3& point_mm, std::size_t hint = none) const {
    return nearest(point_mm, Search{.hint = hint});
  }
  /// The triangle is `none` where the search ends without one.
  [[nodiscard]] Nearest nearest(const Point3& point_mm, const Search& search) const;

  /// The square of the distance to one triangle. \pre The tree holds it.
  [[nodiscard]] double square_to(const Point3& point_mm, std::size_t triangle) const;

  struct Ball {
    Point3 center_mm = Point3::Zero();
    double radius_mm = std::numeric_limits<double>::infinity();
  };
  /// Calls look_at(triangle, corners) for every triangle that is reached through boxes that meet the ball and
  /// for which enter(low, high) is true, its own last, in an order that depends on the mesh only.
  template <typename Enter, typename LookAt>
  void visit(const Ball& ball, const Enter& enter, const LookAt& look_at) const;

  /// A child of a node: more of them, or one triangle.
  struct Child {
    Point3 low, high;  ///< A box that holds its triangles.
    std::uint32_t node = 0;
    std::size_t triangle = none;  ///< `none`: the child is a node.
  };
  static constexpr std::uint32_t root = 0;
  /// The children of a node, for searches that keep nodes; at most four.
  template <typename Take>
  void for_each_child(std::uint32_t node, const Take& take) const;
  /// Whether all children of a node are triangles.
  [[nodiscard]] bool is_bottom(std::uint32_t node) const {
    return (nodes_[node].child[0] & is_triangle) != 0;
  }
  /// One of the triangles under a node.
  [[nodiscard]] std::size_t triangle_under(std::uint32_t node) const;

 private:
  static constexpr std::size_t width = 4;
  // Each level has a quarter of the triangles of the one above, so that 2^32 of them end at level 16; a
  // search keeps at most three siblings a level.
  static constexpr std::size_t deepest = 64;
  static constexpr auto no_place = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::uint32_t is_triangle = 1u << 31;

  using Lanes = Eigen::Array<float, width, 1>;
  struct alignas(64) Node {
    std::array<Lanes, 3> low, high;               // By axis.
    std::array<std::uint32_t, width> child = {};  // A node, or is_triangle and a place among the entries.
    std::uint32_t count = 0;
  };
  struct Entry {
    std::array<Point3, 3> corners;
    Vector3 normal;                 // The cross product of two edges.
    double square_of_normal = 0.0;  // 0 where the triangle is so thin that rounding decides the normal.
    std::size_t triangle;
  };
  class Builder;
  // A point between two floats, and not so far away that a square overflows: nearer than it is at most.
  struct Eye {
    std::array<Lanes, 3> at_least, at_most;

    // Of distances to the boxes of the children, in single precision and in the units of the boxes.
    [[nodiscard]] Lanes squares_to(const Node& node) const {
      Lanes squares = Lanes::Zero();
      for (std::size_t a = 0; a < 3; ++a) {
        const Lanes beyond = (node.low[a] - at_most[a]).max(at_least[a] - node.high[a]).max(0.0F);
        squares += beyond * beyond;
      }
      return squares;
    }
  };

  [[nodiscard]] Eye eye_at(const Point3& point_mm) const;
  // What Eye finds for a box is above this only where the square of its distance is above `square_mm2`.
  [[nodiscard]] float limit_of(double square_mm2) const;

  void look_at(const Entry& entry, const Point3& point_mm, double& best_square, Nearest& best) const;
  [[nodiscard]] Child child_of(const Node& node, std::size_t lane) const {
    const auto n = static_cast<Eigen::Index>(lane);
    const auto world = [&](const std::array<Lanes, 3>& at) {
      return (middle_mm_ + Vector3(at[0][n], at[1][n], at[2][n]) * unit_mm_).eval();
    };
    Child child{.low = world(node.low), .high = world(node.high)};
    if ((node.child[lane] & is_triangle) != 0)
      child.triangle = entries_[node.child[lane] & ~is_triangle].triangle;
    else
      child.node = node.child[lane];
    return child;
  }

  Point3 middle_mm_ = Point3::Zero();
  double unit_mm_ = 1.0;  // Of the boxes' coordinates, which lie within [-1, 1]: a power of two.
  std::vector<Node> nodes_;
  std::vector<Entry> entries_;           // In the order of the leaves.
  std::vector<std::uint32_t> place_of_;  // Of a triangle of the mesh among the entries.
};

template <typename Take>
void TriangleTree::for_each_child(std::uint32_t node, const Take& take) const {
  for (std::size_t lane = 0; lane < nodes_[node].count; ++lane) take(child_of(nodes_[node], lane));
}

template <typename Enter, typename LookAt>
void TriangleTree::visit(const Ball& ball, const Enter& enter, const LookAt& look_at) const {
  const Eye eye = eye_at(ball.center_mm);
  const float limit = limit_of(ball.radius_mm * ball.radius_mm);
  std::array<std::uint32_t, deepest> waiting;
  std::size_t depth = 0;
  waiting[depth++] = root;
  while (depth > 0) {
    const Node& node = nodes_[waiting[--depth]];
    const Lanes squares = eye.squares_to(node);
    for (std::size_t lane = 0; lane < node.count; ++lane) {
      if (squares[static_cast<Eigen::Index>(lane)] > limit) continue;
      const Child child = child_of(node, lane);
      if (!enter(child.low, child.high)) continue;
      if (child.triangle == none)
        waiting[depth++] = child.node;
      else
        look_at(child.triangle, entries_[place_of_[child.triangle]].corners);
    }
  }
}

}  // namespace meshassay
