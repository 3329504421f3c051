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

  /// Calls look_at(triangle, corners) for the triangles of every leaf that is reached through boxes for which
  /// enter(low, high) is true, in an order that depends on the mesh only.
  template <typename Enter, typename LookAt>
  void visit(const Enter& enter, const LookAt& look_at) const;

 private:
  // Halving a set of 2^32 triangles ends at depth 32; a search keeps at most one sibling a level.
  static constexpr std::size_t deepest = 64;
  static constexpr auto no_place = std::numeric_limits<std::uint32_t>::max();

  struct Node {
    Point3 low, high;
    std::uint32_t first = 0;  // Of a leaf its first triangle, else the second child; the first one follows.
    std::uint32_t count = 0;  // Triangles of a leaf; 0: an inner node.
  };
  struct Entry {
    std::array<Point3, 3> corners;
    Vector3 normal;  // Unit; zero where the triangle is so thin that rounding decides it.
    std::size_t triangle;
  };

  std::uint32_t build(std::size_t first, std::size_t last);
  void look_at(const Entry& entry, const Point3& point_mm, double& best_square, Nearest& best) const;

  std::vector<Node> nodes_;
  std::vector<Entry> entries_;           // In the order of the leaves.
  std::vector<std::uint32_t> place_of_;  // Of a triangle of the mesh among the entries.
};

template <typename Enter, typename LookAt>
void TriangleTree::visit(const Enter& enter, const LookAt& look_at) const {
  std::array<std::uint32_t, deepest> waiting;
  std::size_t depth = 0;
  waiting[depth++] = 0;
  while (depth > 0) {
    const std::uint32_t index = waiting[--depth];
    const Node& node = nodes_[index];
    if (!enter(node.low, node.high)) continue;
    if (node.count == 0) {
      waiting[depth++] = node.first;
      waiting[depth++] = index + 1;
      continue;
    }
    for (std::uint32_t i = node.first; i < node.first + node.count; ++i)
      look_at(entries_[i].triangle, entries_[i].corners);
  }
}

}  // namespace meshassay
