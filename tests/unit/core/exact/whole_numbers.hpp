// SPDX-License-Identifier: GPL-3.0-or-later
// What triangles on a lattice of 3 x 3 x 3 points have in common, and whether an arrangement of some of them
// is right, in whole numbers. Shares nothing with the code under test but the definitions, and nothing with
// rational_brute_force.hpp but those and the idea of clipping; the tests hold the two against each other.
//
// Why machine words are enough. Coordinates of corners are 0, 1 or 2, so
// - a component of a normal n is twice the area of a triangle in a square of side 2: |n_i| <= 4;
// - a component of n x edge, the normal of a plane through an edge: at most 2 * 4 * 2 = 16;
// - an edge meets a plane at a fraction whose divisor is n . edge: at most 3 * 4 * 2 = 24;
// - two edges in one plane: a minor of two edges: at most 2 * 2 + 2 * 2 = 8;
// - three planes: the determinant of three normals, by Hadamard at most (4 * sqrt(3))^3 < 333.
// All points here are one of these, so in lowest terms w <= 332 and, being inside the cube, 0 <= x <= 2 w <=
// 664: place() checks it. Each product below says what it comes to at most: none reaches 2^35.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/bridge_cgal/exact_points.hpp"
#include "core/exact/arrangement.hpp"

namespace meshassay::exact::whole_numbers {

using Whole = std::int64_t;
using Vector = std::array<Whole, 3>;

inline Vector minus(const Vector& a, const Vector& b) { return {a[0] - b[0], a[1] - b[1], a[2] - b[2]}; }
inline Whole dot(const Vector& a, const Vector& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }
inline Vector cross(const Vector& a, const Vector& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}
inline bool is_zero(const Vector& a) { return a[0] == 0 && a[1] == 0 && a[2] == 0; }

/// The point xyz / w, in lowest terms.
struct Place {
  Vector xyz{};
  Whole w = 1;
  friend bool operator==(const Place&, const Place&) = default;
};

inline Place place(Vector xyz, Whole w) {
  Whole common = std::gcd(std::gcd(xyz[0], xyz[1]), std::gcd(xyz[2], w));
  if (w < 0) common = -common;
  if (common == 0) throw std::logic_error("a point at infinity");
  if (common != 1) {
    for (auto& x : xyz) x /= common;
    w /= common;
  }
  if (w > 332) throw std::logic_error("no point that triangles on the lattice make");
  for (const auto x : xyz)
    if (x < 0 || x > 2 * w) throw std::logic_error("a point outside of the lattice");
  return {xyz, w};
}

/// p - q times both divisors: components at most 2 * 332 * 332 = 220448.
inline Vector difference(const Place& p, const Place& q) {
  return {p.xyz[0] * q.w - q.xyz[0] * p.w, p.xyz[1] * q.w - q.xyz[1] * p.w, p.xyz[2] * q.w - q.xyz[2] * p.w};
}

struct Plane {
  Vector normal{};
  Vector base{};  ///< A corner.
  /// Positive on the normal's side. At most 3 * 16 * 2 * 332 = 31872.
  [[nodiscard]] Whole side(const Place& p) const {
    return normal[0] * (p.xyz[0] - base[0] * p.w) + normal[1] * (p.xyz[1] - base[1] * p.w) +
           normal[2] * (p.xyz[2] - base[2] * p.w);
  }
};

struct LatticeTriangle {
  std::array<Vector, 3> corners{};
  Plane plane;
  std::array<Plane, 3> edges{};  ///< Through the edge from each corner, the triangle in front.

  explicit LatticeTriangle(const std::array<Vector, 3>& of) : corners(of) {
    const Vector normal = cross(minus(of[1], of[0]), minus(of[2], of[0]));
    plane = {normal, of[0]};
    for (std::size_t e = 0; e < 3; ++e) edges[e] = {cross(normal, minus(of[(e + 1) % 3], of[e])), of[e]};
  }
  [[nodiscard]] bool is_degenerate() const { return is_zero(plane.normal); }
};

/// Nothing, a point, the ends of a segment, or the corners of a convex polygon in order.
using Polygon = std::vector<Place>;

/// What of a polygon is not behind a plane.
inline void clip(const Polygon& polygon, const Plane& plane, Polygon& kept) {
  kept.clear();
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const Place &p = polygon[i], &q = polygon[i + 1 < polygon.size() ? i + 1 : 0];
    const Whole at_p = plane.side(p), at_q = plane.side(q);
    if (at_p >= 0) kept.push_back(p);
    // Divided by their w, the two are at_p and at_q. At most 2 * 31872 * 664 = 42326016.
    if ((at_p > 0 && at_q < 0) || (at_p < 0 && at_q > 0))
      kept.push_back(place({at_p * q.xyz[0] - at_q * p.xyz[0], at_p * q.xyz[1] - at_q * p.xyz[1],
                            at_p * q.xyz[2] - at_q * p.xyz[2]},
                           at_p * q.w - at_q * p.w));
  }
}

/// What both triangles cover; neither is degenerate. A polygon runs as the first does.
///
/// Corners that clipping makes are where lines of edges meet a plane or another such line, so that they are
/// points as above: what a and the plane of b have in common is a part of a with corners on edges of a; a
/// plane through an edge of b cuts the plane of b in the line of that edge.
inline Polygon meeting(const LatticeTriangle& a, const LatticeTriangle& b) {
  Polygon polygon, kept;
  for (const auto& corner : a.corners) polygon.push_back({corner, 1});
  const auto [below, above] =
      std::minmax({b.plane.side(polygon[0]), b.plane.side(polygon[1]), b.plane.side(polygon[2])});
  if (below > 0 || above < 0) return {};
  if (below != 0 || above != 0) {
    const Plane reverse{{-b.plane.normal[0], -b.plane.normal[1], -b.plane.normal[2]}, b.plane.base};
    clip(polygon, b.plane, kept);
    clip(kept, reverse, polygon);
  }
  for (const auto& edge : b.edges) {
    clip(polygon, edge, kept);
    std::swap(polygon, kept);
  }
  // Where it has shrunk to a segment or a point, corners are there more than once.
  kept.clear();
  for (const auto& p : polygon)
    if (std::find(kept.begin(), kept.end(), p) == kept.end()) kept.push_back(p);
  return kept;
}

/// They meet in nothing or in exactly what their common corners span.
inline bool meet_properly(const LatticeTriangle& a, const LatticeTriangle& b, const Polygon& common) {
  std::vector<Place> shared;
  for (const auto& p : a.corners)
    if (std::find(b.corners.begin(), b.corners.end(), p) != b.corners.end()) shared.push_back({p, 1});
  if (shared.size() == 3) return true;
  return common.size() == shared.size() && std::all_of(common.begin(), common.end(), [&](const Place& p) {
           return std::find(shared.begin(), shared.end(), p) != shared.end();
         });
}

// --- Arrangements ---

/// At most so many vertices: sets of them are bits of a word.
inline constexpr std::uint32_t max_vertices = 64;

/// The triangles of an arrangement that lie in one source, and the edges from each vertex to others.
struct Tiles {
  std::vector<Triangle> pieces;        ///< Oriented as the source.
  std::vector<std::uint32_t> numbers;  ///< Of these in the arrangement.
  std::array<std::uint64_t, max_vertices> ends{}, starts{};
  std::uint64_t vertices = 0;

  [[nodiscard]] bool has_edge(unsigned a, unsigned b) const { return ((ends[a] | starts[a]) >> b & 1) != 0; }
};

/// Empty where the pieces cut a convex polygon up edge to edge: all of it, and nothing twice.
///
/// Each piece lies in the polygon and runs about the normal as that does; their edges cancel in pairs, but
/// for those that run once round the border. So the border of the sum of the pieces is that of the polygon,
/// and every point in it that is on no edge is in as many pieces as the border winds around it: one. Since
/// edges cancel as a whole, no vertex lies inside an edge: on either side of that (or on the one, at the
/// border) the two pieces cover all that is near it.
inline std::string fault_of_tiles(const Polygon& polygon, const Plane& plane,
                                  const std::vector<Place>& places, Tiles& tiles) {
  std::size_t axis = 0;
  while (plane.normal[axis] == 0) ++axis;
  const std::size_t i = (axis + 1) % 3, j = (axis + 2) % 3;
  std::vector<Plane> sides;  // With corners as fractions: normals at most 2 * 4 * 2 * 24 * 24 = 9216.
  for (std::size_t c = 0; c < polygon.size(); ++c)
    sides.push_back({cross(plane.normal, difference(polygon[(c + 1) % polygon.size()], polygon[c])), {}});
  // At most 3 * 9216 * 2 * 332 * 24 = 440598528.
  const auto side = [&](std::size_t c, const Place& p) {
    return dot(sides[c].normal, difference(p, polygon[c]));
  };
  for (const auto& piece : tiles.pieces) {
    const Place &p = places[piece[0]], &q = places[piece[1]], &r = places[piece[2]];
    for (const auto vertex : piece) {
      if ((tiles.vertices >> vertex & 1) != 0) continue;  // Seen.
      tiles.vertices |= std::uint64_t{1} << vertex;
      if (plane.side(places[vertex]) != 0) return "a piece is not in its source's plane";
      for (std::size_t c = 0; c < polygon.size(); ++c)
        if (side(c, places[vertex]) < 0) return "a piece is not in its source";
    }
    // Twice the area times the three divisors: at most 6 * 332 * 664 * 664 = 878263296.
    const Whole area = p.w * (q.xyz[i] * r.xyz[j] - q.xyz[j] * r.xyz[i]) +
                       q.w * (r.xyz[i] * p.xyz[j] - r.xyz[j] * p.xyz[i]) +
                       r.w * (p.xyz[i] * q.xyz[j] - p.xyz[j] * q.xyz[i]);
    if (area == 0) return "a piece is degenerate";
    if ((area > 0) != (plane.normal[axis] > 0)) return "a piece is turned round";
    for (std::size_t e = 0; e < 3; ++e) {
      const auto from = piece[e], to = piece[(e + 1) % 3];
      if ((tiles.ends[from] >> to & 1) != 0) return "two pieces are on one side of an edge";
      tiles.ends[from] |= std::uint64_t{1} << to;
      tiles.starts[to] |= std::uint64_t{1} << from;
    }
  }
  // Once round along what did not cancel.
  std::array<std::uint64_t, max_vertices> border{};
  int left = 0;
  for (unsigned v = 0; v < max_vertices; ++v) {
    border[v] = tiles.ends[v] & ~tiles.starts[v];
    left += std::popcount(border[v]);
  }
  std::size_t at = 0;
  while (at < places.size() && (border[at] == 0 || places[at] != polygon[0])) ++at;
  for (std::size_t c = 0; c < polygon.size(); ++c)
    while (at == places.size() || places[at] != polygon[(c + 1) % polygon.size()]) {
      if (at == places.size() || !std::has_single_bit(border[at])) return "a source is not covered";
      const auto next = static_cast<std::size_t>(std::countr_zero(border[at]));
      if (side(c, places[next]) != 0) return "a source is not covered";
      border[at] = 0;
      at = next;
      --left;
    }
  return left == 0 ? "" : "a source is not covered";
}

/// Whether a segment, or the point that both its ends are, is made of vertices and edges of both, the same
/// ones. If so, what a piece of the one and a piece of the other have in common on it is a vertex or an edge
/// of both: a piece is convex, so it has a part of the chain without a gap; and of three vertices on a line
/// it has but two, since they would be its corners.
inline bool is_chain_of_both(const Place& from, const Place& to, const std::vector<Place>& places,
                             const Tiles& a, const Tiles& b) {
  struct Bead {
    unsigned vertex = 0;
    Whole along = 0;  // Divided by the vertex's w: how far from the start.
  };
  std::vector<Bead> chain;
  const Vector way = difference(to, from);
  for (std::uint64_t both = a.vertices & b.vertices; both != 0; both &= both - 1) {
    const auto v = static_cast<unsigned>(std::countr_zero(both));
    // Ends have w <= 24: at most 2 * 332 * 24 = 15936, and its square 2 and 3 times: 761868288.
    const Vector here = difference(places[v], from), rest = difference(to, places[v]);
    if (is_zero(cross(here, rest)) && dot(here, rest) >= 0) chain.push_back({v, dot(here, way)});
  }
  // At most 3 * 15936 * 2 * 24 * 24 * 332 = 18284838912.
  std::sort(chain.begin(), chain.end(), [&](const Bead& p, const Bead& q) {
    return p.along * places[q.vertex].w < q.along * places[p.vertex].w;
  });
  if (chain.empty() || places[chain.front().vertex] != from || places[chain.back().vertex] != to)
    return false;
  for (std::size_t n = 1; n < chain.size(); ++n) {
    const auto one = chain[n - 1].vertex, next = chain[n].vertex;
    if (!a.has_edge(one, next) || !b.has_edge(one, next)) return false;
  }
  return true;
}

/// Exact places of an arrangement's vertices. \throw std::logic_error where a rounded coordinate is farther
/// off than the neighbour of the nearest double, or a place is none that triangles on the lattice make.
inline std::vector<Place> places_of(const Arrangement& arrangement) {
  std::vector<Place> places;
  for (std::uint32_t v = 0; v < arrangement.vertices_mm.size(); ++v) {
    const auto exact = arrangement.exact->exact(v);
    // Numbers this small are doubles, so nothing is rounded; what is not so small is refused by place().
    const auto whole = [](const Ring& number) { return static_cast<Whole>(number.to_double()); };
    places.push_back(place({whole(exact.xyz[0]), whole(exact.xyz[1]), whole(exact.xyz[2])}, whole(exact.w)));
    const Point3& rounded = arrangement.vertices_mm[v];
    for (std::size_t i = 0; i < 3; ++i) {
      const double x = rounded[static_cast<Eigen::Index>(i)], w = static_cast<double>(places[v].w);
      const double error = std::fma(x, w, -static_cast<double>(places[v].xyz[i]));  // Times w.
      if (std::abs(error) > 2.0 * w * (std::nextafter(x, 3.0) - x))
        throw std::logic_error("a coordinate is rounded wrongly");
    }
  }
  return places;
}

/// What is wrong with an arrangement of at most three triangles on the lattice; empty: nothing. `meetings`
/// are those of sources 0 and 1, 0 and 2, 1 and 2.
///
/// The pieces of each source cut it up edge to edge, and those of two sources meet in common vertices and
/// edges only: sources that have a point or a segment in common are both cut along it, in the same vertices;
/// the pieces that coplanar ones have in common cut up all that they have in common. Then a piece of one of
/// these that is no such piece has a vertex or an edge of the common part at most, as has one of the other;
/// and two vertices or edges of one complex meet in a vertex or an edge of it.
inline std::string fault_of(const std::vector<LatticeTriangle>& sources, const std::vector<Polygon>& meetings,
                            const Arrangement& arrangement) {
  if (arrangement.vertices_mm.size() > max_vertices) return "more vertices than three triangles make";
  const auto places = places_of(arrangement);
  std::vector<Tiles> tiles(sources.size());
  const auto add = [&](std::uint32_t piece, std::uint32_t source, bool same) {
    Triangle corners = arrangement.triangles[piece];
    if (!same) std::swap(corners[1], corners[2]);
    tiles[source].pieces.push_back(corners);
    tiles[source].numbers.push_back(piece);
  };
  for (std::uint32_t t = 0; t < arrangement.triangles.size(); ++t) add(t, arrangement.source[t], true);
  for (const auto& further : arrangement.further_sources) {
    if (further.source <= arrangement.source[further.triangle]) return "a source is not the smallest";
    add(further.triangle, further.source, further.same_orientation);
  }
  std::size_t aside = 0;
  for (std::uint32_t s = 0; s < sources.size(); ++s) {
    const LatticeTriangle& source = sources[s];
    if (source.is_degenerate()) {
      if (!tiles[s].pieces.empty()) return "a degenerate triangle has pieces";
      if (aside == arrangement.set_aside.size() || arrangement.set_aside[aside].source != s)
        return "a degenerate triangle is not set aside";
      const Vector from = places[arrangement.set_aside[aside].from].xyz;
      const Vector to = places[arrangement.set_aside[aside].to].xyz;
      ++aside;
      for (const Vector& corner : source.corners)
        if (!is_zero(cross(minus(corner, from), minus(to, corner))) ||
            dot(minus(corner, from), minus(to, corner)) < 0)
          return "a segment does not cover its source";
      continue;
    }
    Polygon corners;
    for (const Vector& corner : source.corners) corners.push_back({corner, 1});
    if (auto fault = fault_of_tiles(corners, source.plane, places, tiles[s]); !fault.empty()) return fault;
  }
  if (aside != arrangement.set_aside.size()) return "a triangle with an area is set aside";
  std::size_t pair = 0;
  for (std::size_t a = 0; a < sources.size(); ++a)
    for (std::size_t b = a + 1; b < sources.size(); ++b, ++pair) {
      const Polygon& common = meetings[pair];
      if (common.empty()) continue;
      if (common.size() <= 2) {
        if (!is_chain_of_both(common.front(), common.back(), places, tiles[a], tiles[b]))
          return "two sources are not cut where they meet";
        continue;
      }
      Tiles both;
      for (std::size_t n = 0; n < tiles[a].pieces.size(); ++n)
        if (std::find(tiles[b].numbers.begin(), tiles[b].numbers.end(), tiles[a].numbers[n]) !=
            tiles[b].numbers.end())
          both.pieces.push_back(tiles[a].pieces[n]);
      if (!fault_of_tiles(common, sources[a].plane, places, both).empty())
        return "pieces of two sources are not their common part";
    }
  return "";
}

}  // namespace meshassay::exact::whole_numbers
