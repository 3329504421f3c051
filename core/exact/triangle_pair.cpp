// SPDX-License-Identifier: GPL-3.0-or-later
// Every decision is the orientation of four input points in space or three in a projection, so that nothing
// is constructed.
#include "core/exact/triangle_pair.hpp"

#include <CGAL/Exact_predicates_inexact_constructions_kernel.h>

#include <algorithm>
#include <utility>

namespace meshassay::exact {
namespace {

using Kernel = CGAL::Exact_predicates_inexact_constructions_kernel;
using Signs = std::array<int, 3>;

constexpr std::size_t next(std::size_t corner) { return corner == 2 ? 0 : corner + 1; }

// What two triangles can have in common, narrowed down by comparisons of coordinates alone. Where their boxes
// meet in a plane only, a triangle that ends there has no more of that plane than its corners in it span.
class Narrowed {
 public:
  Narrowed(const TriangleMesh& mesh, const Triangle& a, const Triangle& b) : mesh_(mesh), left_{a, b} {}

  // True: nothing, or a corner or an edge that both have. False says nothing.
  bool meet_in_what_they_share() {
    for (bool narrower = true; narrower;) {
      narrower = false;
      for (int axis = 0; axis < 3; ++axis) {
        const Range a = range(0, axis), b = range(1, axis);
        const double low = std::max(a.low, b.low), high = std::min(a.high, b.high);
        if (low > high) return true;
        if (low < high) continue;
        if (low == a.low || low == a.high) narrower = keep(0, axis, low) || narrower;
        if (low == b.low || low == b.high) narrower = keep(1, axis, low) || narrower;
      }
    }
    if (count_[0] == 1) return has(1, left_[0][0]);
    if (count_[1] == 1) return has(0, left_[1][0]);
    return count_[0] == 2 && count_[1] == 2 && edges_meet_in_what_they_share();
  }

 private:
  struct Range {
    double low, high;
  };
  [[nodiscard]] double at(std::size_t one, std::size_t i, int axis) const {
    return mesh_.vertices_mm[left_[one][i]][axis];
  }
  [[nodiscard]] Range range(std::size_t one, int axis) const {
    Range result{at(one, 0, axis), at(one, 0, axis)};
    for (std::size_t i = 1; i < count_[one]; ++i) {
      result.low = std::min(result.low, at(one, i, axis));
      result.high = std::max(result.high, at(one, i, axis));
    }
    return result;
  }
  // Only corners in the plane; false where all are.
  bool keep(std::size_t one, int axis, double plane) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < count_[one]; ++i)
      if (at(one, i, axis) == plane) left_[one][kept++] = left_[one][i];
    return std::exchange(count_[one], kept) != kept;
  }
  [[nodiscard]] bool has(std::size_t one, std::uint32_t vertex) const {
    const auto& corners = left_[one];
    return std::find(corners.begin(), corners.begin() + static_cast<std::ptrdiff_t>(count_[one]), vertex) !=
           corners.begin() + static_cast<std::ptrdiff_t>(count_[one]);
  }
  // The same edge, or two from a common corner that do not run the same way.
  [[nodiscard]] bool edges_meet_in_what_they_share() const {
    const bool has_first = has(1, left_[0][0]), has_second = has(1, left_[0][1]);
    if (has_first && has_second) return true;
    if (!has_first && !has_second) return false;
    const std::size_t common = has_first ? 0 : 1;
    const std::size_t there = left_[1][0] == left_[0][common] ? 0 : 1;
    for (int axis = 0; axis < 3; ++axis) {
      const double corner = at(0, common, axis), one = at(0, 1 - common, axis),
                   other = at(1, 1 - there, axis);
      if ((one > corner) != (other > corner) || (one < corner) != (other < corner)) return true;
    }
    return false;
  }

  const TriangleMesh& mesh_;
  std::array<Triangle, 2> left_;
  std::array<std::size_t, 2> count_{3, 3};
};

class Pair {
 public:
  Pair(const TriangleMesh& mesh, const Triangle& a, const Triangle& b) : mesh_(mesh), triangles_{&a, &b} {
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t j = 0; j < 3; ++j)
        if (a[i] == b[j]) {
          shared_[0][i] = shared_[1][j] = true;
          ++shared_count_;
        }
  }

  PairIntersection intersect() {
    if (shared_count_ == 2) return at_an_edge();
    // Corners of the one against the plane of the other; most pairs end here.
    for (const std::size_t one : {0u, 1u}) {
      signs_[one] = sides(one);
      const Signs& s = signs_[one];
      const int below = static_cast<int>(std::count(s.begin(), s.end(), -1));
      const int above = static_cast<int>(std::count(s.begin(), s.end(), 1));
      if (below + above == 0) return coplanar();
      // All that is not shared strictly on one side: they have what is shared, and no more.
      if (std::max(below, above) == 3 - shared_count_) return {};
    }
    return transversal();
  }

 private:
  [[nodiscard]] Kernel::Point_3 point(std::uint32_t vertex) const {
    const Point3& p = mesh_.vertices_mm[vertex];
    return {p[0], p[1], p[2]};
  }
  [[nodiscard]] std::uint32_t corner(std::size_t one, std::size_t i) const { return (*triangles_[one])[i]; }

  [[nodiscard]] Signs sides(std::size_t one) const {
    const std::size_t other = 1 - one;
    const auto p = point(corner(other, 0)), q = point(corner(other, 1)), r = point(corner(other, 2));
    Signs signs{};
    for (std::size_t i = 0; i < 3; ++i)
      signs[i] = shared_[one][i] ? 0 : static_cast<int>(CGAL::orientation(p, q, r, point(corner(one, i))));
    return signs;
  }

  [[nodiscard]] int flat_orientation(std::uint32_t a, std::uint32_t b, std::uint32_t c) const {
    const auto flat = [&](std::uint32_t vertex) {
      const Point3& p = mesh_.vertices_mm[vertex];
      return Kernel::Point_2(p[axes_[0]], p[axes_[1]]);
    };
    return static_cast<int>(CGAL::orientation(flat(a), flat(b), flat(c)));
  }

  // Where the signs of a point against the three edges put it; `turn` is the sign of the inside.
  static Location place(const Signs& against_edges, int turn) {
    std::array<bool, 3> on{};
    int zeros = 0;
    for (std::size_t e = 0; e < 3; ++e) {
      if (against_edges[e] == -turn) return outside_triangle;
      on[e] = against_edges[e] == 0;
      zeros += on[e] ? 1 : 0;
    }
    if (zeros == 0) return inside_triangle;
    for (std::size_t e = 0; e < 3; ++e) {
      if (zeros == 1 && on[e]) return static_cast<Location>(3 + e);
      if (zeros == 2 && on[e] && on[next(e)]) return static_cast<Location>(next(e));
    }
    return outside_triangle;  // Three zeros: the triangle would be degenerate.
  }

  // A corner of `one` that lies in the plane of the other.
  [[nodiscard]] Location locate_corner(std::size_t one, std::size_t i) const {
    const std::size_t other = 1 - one;
    const std::uint32_t vertex = corner(one, i);
    for (std::size_t j = 0; j < 3; ++j)
      if (corner(other, j) == vertex) return static_cast<Location>(j);
    Signs against{};
    for (std::size_t e = 0; e < 3; ++e)
      against[e] = flat_orientation(corner(other, e), corner(other, next(e)), vertex);
    return place(against, flat_orientation(corner(other, 0), corner(other, 1), corner(other, 2)));
  }

  // Where the edge of `one` from corner i, whose ends are strictly on both sides, passes the other's plane.
  [[nodiscard]] Location locate_edge(std::size_t one, std::size_t i) const {
    const std::size_t other = 1 - one;
    const auto p = point(corner(one, i)), q = point(corner(one, next(i)));
    Signs against{};
    for (std::size_t e = 0; e < 3; ++e)
      against[e] =
          static_cast<int>(CGAL::orientation(p, q, point(corner(other, e)), point(corner(other, next(e)))));
    // Seen along the edge from the side that the other's corners turn about positively, inside is positive.
    return place(against, signs_[one][i] < 0 ? 1 : -1);
  }

  // Two triangles with an edge in common have no more than that, unless one is folded onto the other.
  PairIntersection at_an_edge() {
    std::array<std::uint32_t, 2> apex{};
    std::size_t opposite = 0;
    for (const std::size_t one : {0u, 1u})
      for (std::size_t i = 0; i < 3; ++i)
        if (!shared_[one][i]) {
          apex[one] = corner(one, i);
          if (one == 0) opposite = i;
        }
    const std::uint32_t from = corner(0, next(opposite)), to = corner(0, next(next(opposite)));
    if (CGAL::orientation(point(from), point(to), point(apex[0]), point(apex[1])) != CGAL::COPLANAR)
      return {};
    project_on(0);
    if (flat_orientation(from, to, apex[0]) != flat_orientation(from, to, apex[1])) return {};
    return {.kind = IntersectionKind::coplanar_overlap, .coplanar = true};
  }

  static void add(PairIntersection& result, std::size_t one, Location at_one, Location at_other) {
    if (at_other == outside_triangle) return;
    Contact contact;
    contact.at[one] = at_one;
    contact.at[1 - one] = at_other;
    for (std::size_t c = 0; c < result.count; ++c)
      if (result.contacts[c] == contact) return;
    result.contacts[result.count++] = contact;
  }

  PairIntersection transversal() {
    PairIntersection result;
    for (const std::size_t one : {0u, 1u}) {
      project_on(1 - one);
      for (std::size_t i = 0; i < 3; ++i) {
        if (signs_[one][i] == 0) add(result, one, static_cast<Location>(i), locate_corner(one, i));
        if (signs_[one][i] * signs_[one][next(i)] < 0)
          add(result, one, static_cast<Location>(3 + i), locate_edge(one, i));
      }
    }
    const auto spans = [](const Signs& s) {
      return std::count(s.begin(), s.end(), 1) > 0 && std::count(s.begin(), s.end(), -1) > 0;
    };
    if (result.count == 2 && spans(signs_[0]) && spans(signs_[1]))
      result.kind = IntersectionKind::crossing;
    else if (result.count > shared_count_)
      result.kind = IntersectionKind::touching;
    else
      return {};
    return result;
  }

  // Looks along the first axis along which the triangle keeps an area.
  void project_on(std::size_t one) {
    for (int axis = 0; axis < 3; ++axis) {
      axes_ = {(axis + 1) % 3, (axis + 2) % 3};
      if (flat_orientation(corner(one, 0), corner(one, 1), corner(one, 2)) != 0) return;
    }
  }

  // Interiors are disjoint where an edge of either has all of the other on its outer side.
  [[nodiscard]] bool interiors_overlap() const {
    for (const std::size_t one : {0u, 1u}) {
      const int turn = flat_orientation(corner(one, 0), corner(one, 1), corner(one, 2));
      for (std::size_t e = 0; e < 3; ++e) {
        bool all_out = true;
        for (std::size_t j = 0; j < 3 && all_out; ++j)
          all_out = flat_orientation(corner(one, e), corner(one, next(e)), corner(1 - one, j)) != turn;
        if (all_out) return false;
      }
    }
    return true;
  }

  PairIntersection coplanar() {
    project_on(0);
    PairIntersection result;
    result.coplanar = true;
    if (interiors_overlap()) {
      result.kind = IntersectionKind::coplanar_overlap;
      return result;
    }
    for (const std::size_t one : {0u, 1u})
      for (std::size_t i = 0; i < 3; ++i) add(result, one, static_cast<Location>(i), locate_corner(one, i));
    // Distinct interiors: what they have in common lies on a line, and its ends are corners.
    if (result.count <= shared_count_) return {};
    result.kind = IntersectionKind::touching;
    return result;
  }

  const TriangleMesh& mesh_;
  std::array<const Triangle*, 2> triangles_;
  std::array<std::array<bool, 3>, 2> shared_{};
  int shared_count_ = 0;
  std::array<Signs, 2> signs_{};
  std::array<int, 2> axes_{};
};

}  // namespace

PairIntersection intersect(const TriangleMesh& mesh, std::uint32_t first, std::uint32_t second) {
  if (Narrowed(mesh, mesh.triangles[first], mesh.triangles[second]).meet_in_what_they_share()) return {};
  return Pair(mesh, mesh.triangles[first], mesh.triangles[second]).intersect();
}

}  // namespace meshassay::exact
