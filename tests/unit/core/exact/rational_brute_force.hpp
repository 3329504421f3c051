// SPDX-License-Identifier: GPL-3.0-or-later
// The slow way to the same answers, in fractions: clip one triangle by the half-spaces of the other, and look
// at what is left. Shares nothing with the code under test but the definitions.
#pragma once

#include <CGAL/Gmpq.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "core/exact/arrangement.hpp"

namespace meshassay::exact::brute_force {

using Fraction = CGAL::Gmpq;
using Point = std::array<Fraction, 3>;
using Corners = std::array<Point, 3>;

inline Point minus(const Point& a, const Point& b) { return {a[0] - b[0], a[1] - b[1], a[2] - b[2]}; }
inline Fraction dot(const Point& a, const Point& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }
inline Point cross(const Point& a, const Point& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}
inline bool is_zero(const Point& a) { return a[0] == 0 && a[1] == 0 && a[2] == 0; }
inline Point normal(const Corners& t) { return cross(minus(t[1], t[0]), minus(t[2], t[0])); }

// What of a convex polygon (or segment, or point) has n . (x - base) >= 0.
inline std::vector<Point> clipped(const std::vector<Point>& polygon, const Point& base, const Point& n) {
  std::vector<Point> kept;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const Point &p = polygon[i], &q = polygon[(i + 1) % polygon.size()];
    const Fraction at_p = dot(n, minus(p, base)), at_q = dot(n, minus(q, base));
    if (at_p >= 0) kept.push_back(p);
    if ((at_p > 0 && at_q < 0) || (at_p < 0 && at_q > 0)) {
      const Fraction share = at_p / (at_p - at_q);
      Point between;
      for (std::size_t k = 0; k < 3; ++k) between[k] = p[k] + share * (q[k] - p[k]);
      kept.push_back(between);
    }
  }
  return kept;
}

// Corners of the intersection, some of them more than once.
inline std::vector<Point> intersection(const Corners& a, const Corners& b) {
  std::vector<Point> polygon(a.begin(), a.end());
  const Point n = normal(b);
  const Point opposite = {-n[0], -n[1], -n[2]};
  polygon = clipped(clipped(polygon, b[0], n), b[0], opposite);
  for (std::size_t e = 0; e < 3; ++e) polygon = clipped(polygon, b[e], cross(n, minus(b[(e + 1) % 3], b[e])));
  return polygon;
}

inline bool on_segment(const Point& p, const Point& a, const Point& b) {
  return is_zero(cross(minus(p, a), minus(b, a))) && dot(minus(p, a), minus(p, b)) <= 0;
}

// They meet in nothing or exactly in what their common corners span. Neither is degenerate; `common` is their
// intersection.
inline bool meet_properly(const Corners& a, const Corners& b, const std::vector<Point>& common) {
  std::vector<Point> shared;
  for (const auto& p : a)
    if (std::find(b.begin(), b.end(), p) != b.end()) shared.push_back(p);
  if (shared.size() == 3) return true;
  return std::all_of(common.begin(), common.end(), [&](const Point& p) {
    if (shared.empty()) return false;
    return shared.size() == 1 ? p == shared[0] : on_segment(p, shared[0], shared[1]);
  });
}

inline bool meet_properly(const Corners& a, const Corners& b) {
  return meet_properly(a, b, intersection(a, b));
}

inline Corners corners_of(const TriangleMesh& mesh, std::size_t triangle) {
  Corners corners;
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t k = 0; k < 3; ++k)
      corners[i][k] = Fraction(mesh.corner(triangle, static_cast<int>(i))[static_cast<Eigen::Index>(k)]);
  return corners;
}

inline Corners corners_of(const Arrangement& arrangement, std::size_t triangle) {
  Corners corners;
  for (std::size_t i = 0; i < 3; ++i) {
    const auto text = exact_coordinates(arrangement, arrangement.triangles[triangle][i]);
    for (std::size_t k = 0; k < 3; ++k) corners[i][k] = Fraction(text[k]);
  }
  return corners;
}

// What is wrong with an arrangement of a mesh; empty: nothing. Pieces meet properly, none is degenerate or
// there twice, each lies in its sources' planes, and those of a source add up to it.
inline std::string fault_of(const TriangleMesh& mesh, const Arrangement& arrangement) {
  std::vector<Corners> pieces;
  for (std::size_t t = 0; t < arrangement.triangles.size(); ++t) pieces.push_back(corners_of(arrangement, t));
  for (std::size_t a = 0; a < pieces.size(); ++a) {
    if (is_zero(normal(pieces[a]))) return "piece " + std::to_string(a) + " is degenerate";
    for (std::size_t b = 0; b < a; ++b) {
      if (!meet_properly(pieces[a], pieces[b]))
        return "pieces " + std::to_string(b) + " and " + std::to_string(a) + " meet wrongly";
      if (std::all_of(pieces[a].begin(), pieces[a].end(), [&](const Point& p) {
            return std::find(pieces[b].begin(), pieces[b].end(), p) != pieces[b].end();
          }))
        return "a piece is there twice";
    }
  }
  std::vector<Point> sum(mesh.triangles.size(), Point{0, 0, 0});
  std::string fault;
  const auto add = [&](std::size_t piece, std::uint32_t source, bool same) {
    const Corners whole = corners_of(mesh, source);
    const Point n = normal(whole), part = normal(pieces[piece]);
    for (const auto& p : pieces[piece]) {
      if (dot(n, minus(p, whole[0])) != 0) fault = "a piece is not in its source's plane";
      for (std::size_t e = 0; e < 3; ++e)
        if (dot(cross(n, minus(whole[(e + 1) % 3], whole[e])), minus(p, whole[e])) < 0)
          fault = "a piece is not in its source";
    }
    if ((dot(n, part) > 0) != same) fault = "a piece is turned round";
    for (std::size_t k = 0; k < 3; ++k) sum[source][k] += same ? part[k] : Fraction(-part[k]);
  };
  for (std::size_t t = 0; t < pieces.size(); ++t) add(t, arrangement.source[t], true);
  for (const auto& further : arrangement.further_sources)
    add(further.triangle, further.source, further.same_orientation);
  if (!fault.empty()) return fault;
  for (std::size_t s = 0; s < sum.size(); ++s)
    if (sum[s] != normal(corners_of(mesh, s))) return "source " + std::to_string(s) + " is not covered";
  return "";
}

}  // namespace meshassay::exact::brute_force
