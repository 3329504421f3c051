// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distance/triangle_tree.hpp"

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_invoke.h>

#include <algorithm>
#include <array>
#include <cfloat>
#include <cmath>
#include <string>
#include <utility>

#include "core/bridge_cgal/nearest_point.hpp"
#include "core/errors.hpp"
#include "core/mesh_check.hpp"

namespace meshassay {
namespace {

// Of a squared distance, what rounding may do to it: what is farther than that is passed over, so that the
// answer does not depend on the order of the search.
constexpr double slack = 1.0 + 1e-12;
// The same of a squared distance to a box in single precision, which has a dozen roundings of 2^-24.
constexpr double box_slack = 1.0 + 2e-6;

// The edge leaves corner `start` of its triangle.
struct OnEdge {
  PointOnTriangle foot;
  double square = 0.0;  // Of the distance.
};
OnEdge nearest_on_edge(const Point3& point, const Point3& from, const Point3& to, int start) {
  const Vector3 along = to - from;
  const double square = along.squaredNorm();
  const double place = (point - from).dot(along);
  OnEdge found;
  if (place <= 0.0)
    found.foot = {from, start};
  else if (place >= square)
    found.foot = {to, (start + 1) % 3};
  else
    found.foot = {from + place / square * along, 3 + start};
  found.square = (point - found.foot.point_mm).squaredNorm();
  return found;
}

// The square of the length of the normal, or 0 where the triangle is so thin that rounding decides it.
double square_unless_thin(const Vector3& normal, const Vector3& ab, const Vector3& ac) {
  const double square = normal.squaredNorm();
  const double longest = std::max(ab.squaredNorm(), ac.squaredNorm());
  return square > 1e-12 * longest * longest ? square : 0.0;
}

struct Found {
  PointOnTriangle foot;
  double square = 0.0;
};

// \param square  of the normal's length, or 0.
Found nearest_on(const Point3& point, const Point3& a, const Point3& b, const Point3& c,
                 const Vector3& normal, double square) {
  const Vector3 ab = b - a, ac = c - a, ap = point - a;
  // Barycentric coordinates of the foot in the plane, times the square. On the face they are positive. If
  // not, the nearest point is on an edge that the foot lies beyond. All edges are tried where the triangle is
  // so thin that rounding decides the signs.
  const double at_b = ap.cross(ac).dot(normal), at_c = ab.cross(ap).dot(normal);
  const double at_a = square - at_b - at_c;
  if (square > 0.0 && at_a > 0.0 && at_b > 0.0 && at_c > 0.0) {
    const Vector3 offset = ap.dot(normal) / square * normal;
    const Point3 foot = point - offset;
    return {{foot, 6}, (point - foot).squaredNorm()};
  }
  OnEdge best{.foot = {.point_mm = a, .part = 0}, .square = std::numeric_limits<double>::infinity()};
  const auto look_at = [&](const OnEdge& edge) {
    if (edge.square < best.square) best = edge;
  };
  if (!(square > 0.0 && at_c > 0.0)) look_at(nearest_on_edge(point, a, b, 0));
  if (!(square > 0.0 && at_a > 0.0)) look_at(nearest_on_edge(point, b, c, 1));
  if (!(square > 0.0 && at_b > 0.0)) look_at(nearest_on_edge(point, c, a, 2));
  return {best.foot, best.square};
}

// Where the children of a node with `count` triangles end: full trees of a power of four each, but for the
// last.
std::size_t child_size(std::size_t count) {
  std::size_t size = 1;
  while (4 * size < count) size *= 4;
  return size;
}

std::size_t nodes_for(std::size_t count) {
  const std::size_t size = child_size(count);
  if (size == 1) return 1;
  const std::size_t full = (count - 1) / size;
  return 1 + full * ((size - 1) / 3) + (count - full * size > 1 ? nodes_for(count - full * size) : 0);
}

float rounded_down(double value) {
  const auto rounded = static_cast<float>(value);
  return rounded > value ? std::nextafter(rounded, -FLT_MAX) : rounded;
}

float rounded_up(double value) { return -rounded_down(-value); }

}  // namespace

PointOnTriangle nearest_on_triangle(const Point3& point, const Point3& a, const Point3& b, const Point3& c) {
  const Vector3 ab = b - a, ac = c - a, normal = ab.cross(ac);
  return nearest_on(point, a, b, c, normal, square_unless_thin(normal, ab, ac)).foot;
}

// Lays the nodes out. Where each goes follows from the number of triangles alone, so that many threads can
// work on them.
class TriangleTree::Builder {
 public:
  explicit Builder(TriangleTree& tree) : tree_(tree) {}

  void run(std::vector<Entry> entries) {
    Box3 box;
    double largest = 0.0;
    for (const auto& entry : entries)
      for (const auto& corner : entry.corners) {
        box.add(corner);
        largest = std::max(largest, corner.cwiseAbs().maxCoeff());
      }
    int exponent = 0;
    std::frexp(box.size_mm().maxCoeff(), &exponent);
    tree_.middle_mm_ = box.min_mm + 0.5 * box.size_mm();
    tree_.unit_mm_ = std::ldexp(1.0, std::max(exponent, -1000));
    rounding_ = 4.0 * DBL_EPSILON * largest / tree_.unit_mm_;
    boxes_.resize(entries.size());
    items_.resize(entries.size());
    for_each_index(items_.size(), [&](std::size_t i) {
      boxes_[i] = box_of(entries[i]);
      items_[i].entry = static_cast<std::uint32_t>(i);
      for (std::size_t a = 0; a < 3; ++a) items_[i].center[a] = boxes_[i].low[a] + boxes_[i].high[a];
    });
    tree_.nodes_.resize(nodes_for(items_.size()));
    build(0, 0, items_.size());
    tree_.entries_.resize(entries.size());
    for_each_index(items_.size(), [&](std::size_t place) {
      const Entry& entry = entries[items_[place].entry];
      tree_.entries_[place] = entry;
      tree_.place_of_[entry.triangle] = static_cast<std::uint32_t>(place);
    });
  }

 private:
  struct FloatBox {
    std::array<float, 3> low = {FLT_MAX, FLT_MAX, FLT_MAX}, high = {-FLT_MAX, -FLT_MAX, -FLT_MAX};
    void add(const FloatBox& other) {
      for (std::size_t a = 0; a < 3; ++a) {
        low[a] = std::min(low[a], other.low[a]);
        high[a] = std::max(high[a], other.high[a]);
      }
    }
  };
  struct Item {
    std::array<float, 3> center;  // Twice the middle of the box.
    std::uint32_t entry = 0;
  };

  template <typename Body>
  static void for_each_index(std::size_t count, const Body& body) {
    tbb::parallel_for(tbb::blocked_range<std::size_t>(0, count, 4096),
                      [&](const tbb::blocked_range<std::size_t>& range) {
                        for (std::size_t i = range.begin(); i != range.end(); ++i) body(i);
                      });
  }

  [[nodiscard]] FloatBox box_of(const Entry& entry) const {
    Box3 box;
    for (const auto& corner : entry.corners) box.add((corner - tree_.middle_mm_) / tree_.unit_mm_);
    FloatBox result;
    for (int a = 0; a < 3; ++a) {
      result.low[static_cast<std::size_t>(a)] = rounded_down(box.min_mm[a] - rounding_);
      result.high[static_cast<std::size_t>(a)] = rounded_up(box.max_mm[a] + rounding_);
    }
    return result;
  }

  // Puts the first triangles along the longest side of the box about their middles before the others.
  void part(std::size_t first, std::size_t middle, std::size_t last) {
    std::array<float, 3> low = {FLT_MAX, FLT_MAX, FLT_MAX}, high = {-FLT_MAX, -FLT_MAX, -FLT_MAX};
    for (std::size_t i = first; i < last; ++i)
      for (std::size_t a = 0; a < 3; ++a) {
        low[a] = std::min(low[a], items_[i].center[a]);
        high[a] = std::max(high[a], items_[i].center[a]);
      }
    std::size_t axis = 0;
    for (std::size_t a = 1; a < 3; ++a)
      if (high[a] - low[a] > high[axis] - low[axis]) axis = a;
    const auto at = [&](std::size_t i) { return items_.begin() + static_cast<std::ptrdiff_t>(i); };
    std::nth_element(at(first), at(middle), at(last), [axis](const Item& a, const Item& b) {
      const float at_a = a.center[axis], at_b = b.center[axis];
      return at_a < at_b || (at_a == at_b && a.entry < b.entry);
    });
  }

  FloatBox build(std::size_t index, std::size_t first, std::size_t last) {
    const std::size_t size = child_size(last - first), children = (last - first + size - 1) / size;
    const auto begin_of = [&](std::size_t lane) { return std::min(first + lane * size, last); };
    if (size > 1) {
      part(first, begin_of(children / 2), last);
      if (children > 3) part(first, begin_of(1), begin_of(2));
      if (children > 2) part(begin_of(children / 2), begin_of(children - 1), last);
    }
    std::array<FloatBox, width> boxes;
    const auto build_child = [&](std::size_t lane) {
      const std::size_t begin = begin_of(lane), end = begin_of(lane + 1);
      if (begin == end) return;
      const std::size_t node = index + 1 + lane * ((size - 1) / 3);
      Node& parent = tree_.nodes_[index];
      parent.child[lane] = static_cast<std::uint32_t>(end - begin == 1 ? is_triangle | begin : node);
      boxes[lane] = end - begin == 1 ? boxes_[items_[begin].entry] : build(node, begin, end);
    };
    if (last - first > 4096)
      tbb::parallel_invoke([&] { build_child(0); }, [&] { build_child(1); }, [&] { build_child(2); },
                           [&] { build_child(3); });
    else
      for (std::size_t lane = 0; lane < children; ++lane) build_child(lane);
    Node& node = tree_.nodes_[index];
    node.count = static_cast<std::uint32_t>(children);
    FloatBox all;
    for (std::size_t lane = 0; lane < width; ++lane) {
      const auto n = static_cast<Eigen::Index>(lane);
      for (std::size_t a = 0; a < 3; ++a) {
        node.low[a][n] = lane < children ? boxes[lane].low[a] : FLT_MAX;
        node.high[a][n] = lane < children ? boxes[lane].high[a] : FLT_MAX;
      }
      if (lane < children) all.add(boxes[lane]);
    }
    return all;
  }

  TriangleTree& tree_;
  double rounding_ = 0.0;
  std::vector<FloatBox> boxes_;  // By entry.
  std::vector<Item> items_;
};

TriangleTree::TriangleTree(const TriangleMesh& mesh) : place_of_(mesh.triangles.size(), no_place) {
  check_corners(mesh);
  std::vector<Entry> entries;
  entries.reserve(mesh.triangles.size());
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
    Entry entry{
        .corners = {mesh.corner(t, 0), mesh.corner(t, 1), mesh.corner(t, 2)}, .normal = {}, .triangle = t};
    const Vector3 ab = entry.corners[1] - entry.corners[0], ac = entry.corners[2] - entry.corners[0];
    entry.normal = ab.cross(ac);
    entry.square_of_normal = square_unless_thin(entry.normal, ab, ac);
    const bool has_area = entry.square_of_normal > DBL_MIN && entry.square_of_normal < DBL_MAX;
    if (has_area || !is_degenerate(mesh, t)) entries.push_back(entry);
  }
  if (entries.empty())
    throw InvalidInput({.what = "a surface to measure distances to is empty",
                        .expected = "at least one triangle with an area",
                        .got = std::to_string(mesh.triangles.size()) + " triangles, none with an area",
                        .mend = "give a surface"});
  Builder(*this).run(std::move(entries));
}

void TriangleTree::look_at(const Entry& entry, const Point3& point_mm, double& best_square,
                           Nearest& best) const {
  // The triangle is no nearer than its plane.
  const double height = entry.normal.dot(point_mm - entry.corners[0]);
  if (height * height > slack * best_square * entry.square_of_normal && entry.square_of_normal > 0.0) return;
  const auto found = nearest_on(point_mm, entry.corners[0], entry.corners[1], entry.corners[2], entry.normal,
                                entry.square_of_normal);
  if (found.square > best_square || (found.square == best_square && entry.triangle >= best.triangle)) return;
  best_square = found.square;
  best.triangle = entry.triangle;
  best.foot = found.foot;
}

std::size_t TriangleTree::triangle_under(std::uint32_t node) const {
  std::uint32_t child = node;
  while ((child & is_triangle) == 0) child = nodes_[child].child[0];
  return entries_[child & ~is_triangle].triangle;
}

double TriangleTree::square_to(const Point3& point_mm, std::size_t triangle) const {
  const Entry& entry = entries_[place_of_[triangle]];
  return nearest_on(point_mm, entry.corners[0], entry.corners[1], entry.corners[2], entry.normal,
                    entry.square_of_normal)
      .square;
}

TriangleTree::Eye TriangleTree::eye_at(const Point3& point_mm) const {
  Eye eye;
  for (int a = 0; a < 3; ++a) {
    const auto at = static_cast<float>(std::clamp((point_mm[a] - middle_mm_[a]) / unit_mm_, -1e18, 1e18));
    const float rounding = 1.2e-7F * std::abs(at) + FLT_MIN;
    eye.at_least[static_cast<std::size_t>(a)] = Lanes::Constant(at - rounding);
    eye.at_most[static_cast<std::size_t>(a)] = Lanes::Constant(at + rounding);
  }
  return eye;
}

float TriangleTree::limit_of(double square_mm2) const {
  const double square = square_mm2 / unit_mm_ / unit_mm_ * box_slack;
  return static_cast<float>(std::min(square, 0.99 * FLT_MAX)) + FLT_MIN;
}

TriangleTree::Nearest TriangleTree::nearest(const Point3& point_mm, const Search& search) const {
  double best_square = search.within_mm * search.within_mm;
  Nearest best{.triangle = none, .foot = {}, .distance_mm = 0.0};
  if (search.hint != none && holds(search.hint))
    look_at(entries_[place_of_[search.hint]], point_mm, best_square, best);

  const Eye eye = eye_at(point_mm);
  float limit = limit_of(best_square);
  struct Waiting {
    float square;
    std::uint32_t child;
  };
  std::array<Waiting, deepest> waiting;
  std::size_t depth = 0;
  waiting[depth++] = {0.0F, root};
  while (depth > 0) {
    const Waiting next = waiting[--depth];
    if (next.square > limit) continue;
    if ((next.child & is_triangle) != 0) {
      const double before = best_square;
      look_at(entries_[next.child & ~is_triangle], point_mm, best_square, best);
      if (best_square < before) limit = limit_of(best_square);
      continue;
    }
    const Node& node = nodes_[next.child];
    const Lanes squares = eye.squares_to(node);
    // The nearest on top.
    const std::size_t bottom = depth;
    for (std::size_t lane = 0; lane < node.count; ++lane) {
      const float square = squares[static_cast<Eigen::Index>(lane)];
      if (square > limit) continue;
      std::size_t place = depth++;
      for (; place > bottom && waiting[place - 1].square < square; --place)
        waiting[place] = waiting[place - 1];
      waiting[place] = {square, node.child[lane]};
    }
  }
  best.distance_mm = std::sqrt(best_square);
  return best;
}

}  // namespace meshassay
