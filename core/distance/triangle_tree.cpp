// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distance/triangle_tree.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>

#include "core/bridge_cgal/nearest_point.hpp"
#include "core/errors.hpp"
#include "core/mesh_check.hpp"

namespace meshassay {
namespace {

constexpr std::size_t leaf_size = 4;
// Of a squared distance, what rounding may do to it: a box is passed over only where it is farther for
// certain, so that the answer does not depend on the order of the search.
constexpr double slack = 1.0 + 1e-12;

// The edge leaves corner `start` of its triangle.
PointOnTriangle nearest_on_edge(const Point3& point, const Point3& from, const Point3& to, int start) {
  const Vector3 along = to - from;
  const double square = along.squaredNorm();
  const double place = (point - from).dot(along);
  if (place <= 0.0) return {from, start};
  if (place >= square) return {to, (start + 1) % 3};
  return {from + place / square * along, 3 + start};
}

bool is_thin(double square_of_normal, const Vector3& ab, const Vector3& ac) {
  const double longest = std::max(ab.squaredNorm(), ac.squaredNorm());
  return !(square_of_normal > 1e-12 * longest * longest);
}

double square_to_box(const Point3& point, const Point3& low, const Point3& high) {
  return (low - point).cwiseMax(point - high).cwiseMax(0.0).squaredNorm();
}

}  // namespace

PointOnTriangle nearest_on_triangle(const Point3& point, const Point3& a, const Point3& b, const Point3& c) {
  const Vector3 ab = b - a, ac = c - a, ap = point - a;
  // Above the face: the foot has positive barycentric coordinates. Left to the edges where the triangle is so
  // thin that rounding decides their signs.
  const Vector3 normal = ab.cross(ac);
  const double square = normal.squaredNorm();
  if (!is_thin(square, ab, ac)) {
    const double at_b = ap.cross(ac).dot(normal) / square;
    const double at_c = ab.cross(ap).dot(normal) / square;
    if (at_b > 0.0 && at_c > 0.0 && at_b + at_c < 1.0) return {point - ap.dot(normal) / square * normal, 6};
  }
  const PointOnTriangle on_edges[] = {nearest_on_edge(point, a, b, 0), nearest_on_edge(point, b, c, 1),
                                      nearest_on_edge(point, c, a, 2)};
  return *std::min_element(std::begin(on_edges), std::end(on_edges), [&](const auto& u, const auto& v) {
    return (point - u.point_mm).squaredNorm() < (point - v.point_mm).squaredNorm();
  });
}

TriangleTree::TriangleTree(const TriangleMesh& mesh) : place_of_(mesh.triangles.size(), no_place) {
  check_corners(mesh);
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
    if (is_degenerate(mesh, t)) continue;
    Entry entry{.corners = {mesh.corner(t, 0), mesh.corner(t, 1), mesh.corner(t, 2)}, .triangle = t};
    const Vector3 ab = entry.corners[1] - entry.corners[0], ac = entry.corners[2] - entry.corners[0];
    const Vector3 normal = ab.cross(ac);
    const double square = normal.squaredNorm();
    entry.normal = is_thin(square, ab, ac) ? Vector3::Zero().eval() : (normal / std::sqrt(square)).eval();
    entries_.push_back(entry);
  }
  if (entries_.empty())
    throw InvalidInput({.what = "a surface to measure distances to is empty",
                        .expected = "at least one triangle with an area",
                        .got = std::to_string(mesh.triangles.size()) + " triangles, none with an area",
                        .mend = "give a surface"});
  nodes_.reserve(entries_.size());
  build(0, entries_.size());
  for (std::size_t place = 0; place < entries_.size(); ++place)
    place_of_[entries_[place].triangle] = static_cast<std::uint32_t>(place);
}

std::uint32_t TriangleTree::build(std::size_t first, std::size_t last) {
  const auto index = static_cast<std::uint32_t>(nodes_.size());
  nodes_.emplace_back();
  Box3 box, centers;
  const auto center = [](const Entry& entry) {
    return (entry.corners[0] + entry.corners[1] + entry.corners[2]).eval();
  };
  for (std::size_t i = first; i < last; ++i) {
    for (const auto& corner : entries_[i].corners) box.add(corner);
    centers.add(center(entries_[i]));
  }
  nodes_[index].low = box.min_mm;
  nodes_[index].high = box.max_mm;
  if (last - first <= leaf_size) {
    nodes_[index].first = static_cast<std::uint32_t>(first);
    nodes_[index].count = static_cast<std::uint32_t>(last - first);
    return index;
  }
  Eigen::Index axis = 0;
  centers.size_mm().maxCoeff(&axis);
  const auto begin = entries_.begin();
  const auto middle = first + (last - first) / 2;
  std::nth_element(begin + static_cast<std::ptrdiff_t>(first), begin + static_cast<std::ptrdiff_t>(middle),
                   begin + static_cast<std::ptrdiff_t>(last), [&](const Entry& a, const Entry& b) {
                     const double at_a = center(a)[axis], at_b = center(b)[axis];
                     return at_a < at_b || (at_a == at_b && a.triangle < b.triangle);
                   });
  build(first, middle);
  const std::uint32_t second = build(middle, last);
  nodes_[index].first = second;
  return index;
}

void TriangleTree::look_at(const Entry& entry, const Point3& point_mm, double& best_square,
                           Nearest& best) const {
  // The triangle is no nearer than its plane.
  const double height = entry.normal.dot(point_mm - entry.corners[0]);
  if (height * height > slack * best_square) return;
  const auto foot = nearest_on_triangle(point_mm, entry.corners[0], entry.corners[1], entry.corners[2]);
  const double square = (point_mm - foot.point_mm).squaredNorm();
  if (square > best_square || (square == best_square && entry.triangle >= best.triangle)) return;
  best_square = square;
  best.triangle = entry.triangle;
  best.foot = foot;
}

TriangleTree::Nearest TriangleTree::nearest(const Point3& point_mm, const Search& search) const {
  double best_square = search.within_mm * search.within_mm;
  Nearest best{.triangle = none, .foot = {}, .distance_mm = 0.0};
  if (search.hint != none && holds(search.hint))
    look_at(entries_[place_of_[search.hint]], point_mm, best_square, best);
  struct Waiting {
    std::uint32_t node;
    double square;
  };
  std::array<Waiting, deepest> waiting;
  std::size_t depth = 0;
  waiting[depth++] = {0, square_to_box(point_mm, nodes_[0].low, nodes_[0].high)};
  while (depth > 0) {
    const Waiting next = waiting[--depth];
    if (next.square > slack * best_square) continue;
    const Node& node = nodes_[next.node];
    if (node.count > 0) {
      for (std::uint32_t i = node.first; i < node.first + node.count; ++i)
        look_at(entries_[i], point_mm, best_square, best);
      continue;
    }
    const Node &left = nodes_[next.node + 1], &right = nodes_[node.first];
    Waiting near{next.node + 1, square_to_box(point_mm, left.low, left.high)};
    Waiting far{node.first, square_to_box(point_mm, right.low, right.high)};
    if (far.square < near.square) std::swap(near, far);
    if (far.square <= slack * best_square) waiting[depth++] = far;
    if (near.square <= slack * best_square) waiting[depth++] = near;
  }
  best.distance_mm = std::sqrt(best_square);
  return best;
}

}  // namespace meshassay
