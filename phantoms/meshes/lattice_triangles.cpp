// SPDX-License-Identifier: GPL-3.0-or-later
#include "phantoms/meshes/lattice_triangles.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdlib>

namespace meshassay::phantoms {
namespace {

LatticePoint minus(const LatticePoint& a, const LatticePoint& b) {
  return {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
}

LatticePoint cross(const LatticePoint& a, const LatticePoint& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

int sign(std::int64_t value) { return value > 0 ? 1 : value < 0 ? -1 : 0; }

// Of d from the plane of a, b, c.
int side(const LatticePoint& a, const LatticePoint& b, const LatticePoint& c, const LatticePoint& d) {
  const auto normal = cross(minus(b, a), minus(c, a));
  const auto to = minus(d, a);
  return sign(normal[0] * to[0] + normal[1] * to[1] + normal[2] * to[2]);
}

// Orientation of three points in the plane that leaves out coordinate `drop`.
int turn(const LatticePoint& a, const LatticePoint& b, const LatticePoint& c, std::size_t drop) {
  return sign(cross(minus(b, a), minus(c, a))[drop]);
}

bool on_segment(const LatticePoint& a, const LatticePoint& b, const LatticePoint& p) {
  for (std::size_t axis = 0; axis < 3; ++axis)
    if (p[axis] < std::min(a[axis], b[axis]) || p[axis] > std::max(a[axis], b[axis])) return false;
  return true;
}

// Coplanar segments, seen along `drop`.
bool segments_meet(const std::array<LatticePoint, 2>& s, const std::array<LatticePoint, 2>& t,
                   std::size_t drop) {
  const int t0 = turn(s[0], s[1], t[0], drop), t1 = turn(s[0], s[1], t[1], drop);
  const int s0 = turn(t[0], t[1], s[0], drop), s1 = turn(t[0], t[1], s[1], drop);
  if (t0 * t1 < 0 && s0 * s1 < 0) return true;
  return (t0 == 0 && on_segment(s[0], s[1], t[0])) || (t1 == 0 && on_segment(s[0], s[1], t[1])) ||
         (s0 == 0 && on_segment(t[0], t[1], s[0])) || (s1 == 0 && on_segment(t[0], t[1], s[1]));
}

bool contains_coplanar(const LatticeTriangle& triangle, const LatticePoint& p, std::size_t drop) {
  const int a = turn(triangle[0], triangle[1], p, drop), b = turn(triangle[1], triangle[2], p, drop),
            c = turn(triangle[2], triangle[0], p, drop);
  return std::min({a, b, c}) >= 0 || std::max({a, b, c}) <= 0;
}

// The coordinate along which the triangle is seen largest: then it is not seen from the edge.
std::size_t broad_side(const LatticeTriangle& triangle) {
  const auto normal = cross(minus(triangle[1], triangle[0]), minus(triangle[2], triangle[0]));
  std::size_t drop = 0;
  for (std::size_t axis = 1; axis < 3; ++axis)
    if (std::abs(normal[axis]) > std::abs(normal[drop])) drop = axis;
  return drop;
}

bool segment_meets(const LatticePoint& p, const LatticePoint& q, const LatticeTriangle& triangle) {
  const auto& [a, b, c] = triangle;
  const int of_p = side(a, b, c, p), of_q = side(a, b, c, q);
  if (of_p * of_q > 0) return false;
  if (of_p == 0 && of_q == 0) {
    const std::size_t drop = broad_side(triangle);
    return contains_coplanar(triangle, p, drop) || contains_coplanar(triangle, q, drop) ||
           segments_meet({p, q}, {a, b}, drop) || segments_meet({p, q}, {b, c}, drop) ||
           segments_meet({p, q}, {c, a}, drop);
  }
  // The line through p and q crosses the plane within the segment: it passes the three edges on one side.
  const int ab = side(p, q, a, b), bc = side(p, q, b, c), ca = side(p, q, c, a);
  return std::min({ab, bc, ca}) >= 0 || std::max({ab, bc, ca}) <= 0;
}

}  // namespace

bool collinear(const LatticeTriangle& triangle) {
  const auto normal = cross(minus(triangle[1], triangle[0]), minus(triangle[2], triangle[0]));
  return normal == LatticePoint{0, 0, 0};
}

bool meet(const LatticeTriangle& a, const LatticeTriangle& b) {
  for (std::size_t i = 0; i < 3; ++i)
    if (segment_meets(a[i], a[(i + 1) % 3], b) || segment_meets(b[i], b[(i + 1) % 3], a)) return true;
  return false;
}

}  // namespace meshassay::phantoms
