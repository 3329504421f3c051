// SPDX-License-Identifier: GPL-3.0-or-later
// Sides of triangles, linked at edges, make the borders of cells, one set of sides a cell and edge-connected
// component: such a component without finitely many vertices is still connected, so a cell's border in it
// cannot fall apart. How components lie to each other is seen along one ray each, from inside a triangle:
// another component has at most vertices in common with it, so it lies in one cell of it as a whole.
#include "core/exact/outer_hull.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <stdexcept>
#include <utility>

#include "core/bridge_cgal/exact_points.hpp"
#include "core/edge_table.hpp"
#include "core/exact/box_tree.hpp"
#include "core/union_find.hpp"

namespace meshassay::exact {
namespace {

using Side = std::uint32_t;  // 2 t: in front of triangle t, 2 t + 1: behind it.

constexpr Side front(std::uint32_t triangle) { return 2 * triangle; }
constexpr Side opposite(Side side) { return side ^ 1u; }
constexpr std::uint32_t triangle_of(Side side) { return side / 2; }

// Counter-clockwise about the direction from the lower to the higher vertex, a triangle that runs with it
// turns its front onwards.
Side onward(const EdgeUse& use) { return use.forward ? front(use.triangle) : opposite(front(use.triangle)); }
Side backward(const EdgeUse& use) { return opposite(onward(use)); }

// A triangle that a ray passes.
struct Hit {
  Side near = 0;  // The side that it comes to.
  std::uint32_t component = 0;
  int sign_at_origin = 0;
  Interval origin, end;  // Signed volumes of the ray's ends over the source triangle.
};

class Hull {
 public:
  explicit Hull(const Arrangement& complex)
      : complex_(complex),
        points_(*complex.exact),
        edges_(TriangleMesh{.vertices_mm = std::vector<Point3>(complex.vertices_mm.size()),
                            .triangles = complex.triangles}),
        sides_(2 * complex.triangles.size()) {}

  OuterHull run() {
    if (complex_.triangles.empty()) {
      result_.cells.push_back({.volume_mm3 = std::numeric_limits<double>::infinity(), .winding = 0});
      return std::move(result_);
    }
    sort_edges();
    for (std::size_t e = 0; e < edges_.edges(); ++e) link(e);
    component_ = edges_.components(complex_.triangles.size());
    look_from_components();
    number_cells();
    wind();
    measure();
    assign_roles();
    find_parts();
    return std::move(result_);
  }

 private:
  // --- Edges ---

  // The triangles at an edge in counter-clockwise order about it. All are perpendicular to the edge's plane,
  // so normals stand for them, and of their cross products only the sign along the edge matters.
  void sort_edges() {
    for (std::size_t e = 0; e < edges_.edges(); ++e)
      if (edges_.edge(e).size() > 2) fans_.emplace(e, sorted(edges_.edge(e)));
  }
  [[nodiscard]] std::vector<EdgeUse> sorted(std::span<const EdgeUse> uses) const {
    const auto [axis, along] = direction(uses.front().low, uses.front().high);
    const auto turn = [&, axis = axis, along = along](const EdgeUse& a, const EdgeUse& b) {
      const int sign = points_.turn(axis, source(a), source(b)) * along;
      return a.forward == b.forward ? sign : -sign;
    };
    const EdgeUse first = uses.front();
    std::vector<std::pair<int, EdgeUse>> rest;  // Before, at, or beyond half a turn from the first.
    for (const auto& use : uses.subspan(1)) {
      const int sign = turn(first, use);
      const int alike = points_.alike(source(first), source(use)) * (first.forward == use.forward ? 1 : -1);
      if (sign == 0 && alike > 0) throw std::logic_error("two triangles of an arrangement overlap");
      rest.emplace_back(1 - sign, use);
    }
    std::sort(rest.begin(), rest.end(), [&](const auto& a, const auto& b) {
      if (a.first != b.first) return a.first < b.first;
      return a.second.triangle != b.second.triangle && turn(a.second, b.second) > 0;
    });
    std::vector<EdgeUse> order{first};
    for (const auto& [_, use] : rest) order.push_back(use);
    return order;
  }
  [[nodiscard]] std::uint32_t source(const EdgeUse& use) const { return complex_.source[use.triangle]; }

  // An axis along which the edge runs, and which way.
  [[nodiscard]] std::pair<int, int> direction(std::uint32_t low, std::uint32_t high) const {
    const Vector3 way = (complex_.vertices_mm[high] - complex_.vertices_mm[low]).cwiseAbs();
    std::array<int, 3> order{0, 1, 2};
    std::sort(order.begin(), order.end(), [&](int a, int b) { return way[a] > way[b]; });
    for (const int axis : order)
      if (const int sign = points_.compare(axis, high, low); sign != 0) return {axis, sign};
    throw std::logic_error("an edge of an arrangement has no length");
  }
  [[nodiscard]] std::span<const EdgeUse> fan(std::size_t e) const {
    const auto found = fans_.find(e);
    return found == fans_.end() ? edges_.edge(e) : std::span<const EdgeUse>(found->second);
  }
  void link(std::size_t e) {
    const auto uses = fan(e);
    for (std::size_t u = 0; u < uses.size(); ++u)
      sides_.unite(onward(uses[u]), backward(uses[(u + 1) % uses.size()]));
  }

  // --- Components ---

  void look_from_components() {
    const std::uint32_t count = *std::max_element(component_.begin(), component_.end()) + 1;
    first_triangle_.assign(count, no_part);
    for (std::uint32_t t = 0; t < component_.size(); ++t)
      if (first_triangle_[component_[t]] == no_part) first_triangle_[component_[t]] = t;
    if (count > 1) build_tree();
    for (const auto& point : complex_.vertices_mm) box_.add(point);
    outer_.resize(count);
    std::vector<std::map<std::uint32_t, Side>> around(count);  // Components seen, and the side first met.
    for (std::uint32_t c = 0; c < count; ++c) look_from(c, around[c]);
    // A component is around another where that sees a side of it which is not the outer one.
    std::vector<std::vector<std::pair<std::uint32_t, Side>>> enclosing(count);
    for (std::uint32_t c = 0; c < count; ++c)
      for (const auto& [other, side] : around[c])
        if (sides_.find(side) != sides_.find(outer_[other])) enclosing[c].emplace_back(other, side);
    // Those around one are around each other: the innermost has all but itself around it.
    std::optional<Side> unbounded;
    for (std::uint32_t c = 0; c < count; ++c)
      if (enclosing[c].empty()) {
        if (unbounded) sides_.unite(*unbounded, outer_[c]);
        unbounded = outer_[c];
      }
    if (!unbounded) throw std::logic_error("no component of an arrangement is outermost");
    unbounded_ = *unbounded;
    for (std::uint32_t c = 0; c < count; ++c)
      for (const auto& [other, side] : enclosing[c])
        if (enclosing[other].size() + 1 == enclosing[c].size()) sides_.unite(side, outer_[c]);
  }

  void build_tree() {
    std::vector<FloatBox> boxes(complex_.triangles.size());
    for (std::size_t t = 0; t < boxes.size(); ++t) {
      Box3 box;
      const UpwardRounding protect;
      for (const auto vertex : complex_.triangles[t]) {
        const auto enclosed = points_.box(vertex);
        box.add(Point3(enclosed[0].inf(), enclosed[1].inf(), enclosed[2].inf()));
        box.add(Point3(enclosed[0].sup(), enclosed[1].sup(), enclosed[2].sup()));
      }
      boxes[t] = enclosing_box(box);
    }
    tree_.emplace(boxes);
  }
  // With the rounding mode that the tree's own code expects.
  static FloatBox enclosing_box(const Box3& box) {
    const CGAL::Protect_FPU_rounding<true> nearest(CGAL_FE_TONEAREST);
    return enclosing(box);
  }

  // The ray that starts inside the component's first triangle: what it meets first of the others, and the
  // side by which it leaves the component for good.
  void look_from(std::uint32_t component, std::map<std::uint32_t, Side>& first_met) {
    const std::uint32_t start = first_triangle_[component];
    const Centroid origin(points_, complex_.triangles[start]);
    Point3 origin_mm;
    for (int i = 0; i < 3; ++i) {
      const auto& side = origin.box[static_cast<std::size_t>(i)];
      origin_mm[i] = 0.5 * (side.inf() + side.sup());
    }
    for (std::uint64_t attempt = 0; attempt < 1000; ++attempt) {
      const Point3 end = far_point(attempt);
      const GivenPlace far(end);
      const int start_sign = orientation_over(start, far);
      std::vector<Hit> hits;
      if (start_sign == 0 || !shoot(start, origin, origin_mm, far, end, hits)) continue;
      std::sort(hits.begin(), hits.end(),
                [&](const Hit& a, const Hit& b) { return nearer(a, b, origin, far); });
      outer_[component] = start_sign > 0 ? front(start) : opposite(front(start));
      for (const auto& hit : hits) {
        if (hit.component == component)
          outer_[component] = opposite(hit.near);
        else
          first_met.emplace(hit.component, hit.near);
      }
      return;
    }
    throw std::logic_error("every ray from a triangle meets an edge");
  }

  // Outside of the box, in no direction that a mesh would know.
  [[nodiscard]] Point3 far_point(std::uint64_t attempt) const {
    const auto fraction = [&](std::uint64_t salt) {  // In [0, 1), by splitmix64.
      std::uint64_t z = (3 * attempt + salt + 1) * 0x9e3779b97f4a7c15ULL;
      z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
      z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
      return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1p-53;
    };
    Vector3 way(fraction(0) - 0.5, fraction(1) - 0.5, fraction(2) - 0.5);
    // Beyond a face of the box, whatever the others are.
    way[static_cast<Eigen::Index>(attempt % 3)] = attempt % 2 == 0 ? 1.0 : -1.0;
    const double reach = std::max(box_.size_mm().maxCoeff(), 1e-300);
    return box_.center_mm() + 1.5 * reach * way;
  }

  [[nodiscard]] int orientation_over(std::uint32_t triangle, const Place& place) const {
    const Triangle& t = source_corners(triangle);
    return orientation(VertexPlace(points_, t[0]), VertexPlace(points_, t[1]), VertexPlace(points_, t[2]),
                       place);
  }
  [[nodiscard]] const Triangle& source_corners(std::uint32_t triangle) const {
    return points_.input().triangles[complex_.source[triangle]];
  }

  // False where it is not clear what the ray meets: it passes an edge.
  bool shoot(std::uint32_t start, const Place& origin, const Point3& origin_mm, const Place& far,
             const Point3& far_mm, std::vector<Hit>& hits) const {
    const auto pass = [&](std::uint32_t t) { return t == start || test(t, origin, far, hits); };
    if (tree_) {
      std::vector<std::uint32_t> candidates;
      tree_->along_segment(origin_mm, far_mm, candidates);
      return std::all_of(candidates.begin(), candidates.end(), pass);
    }
    for (std::uint32_t t = 0; t < complex_.triangles.size(); ++t)
      if (!pass(t)) return false;
    return true;
  }

  bool test(std::uint32_t t, const Place& origin, const Place& far, std::vector<Hit>& hits) const {
    if (clearly_beside(t, origin, far)) return true;
    const auto& corners = complex_.triangles[t];
    const std::array<VertexPlace, 3> places{
        VertexPlace(points_, corners[0]), VertexPlace(points_, corners[1]), VertexPlace(points_, corners[2])};
    int sum = 0, zeros = 0;
    for (std::size_t e = 0; e < 3; ++e) {
      const int sign = orientation(origin, far, places[e], places[(e + 1) % 3]);
      sum += sign;
      zeros += sign == 0 ? 1 : 0;
    }
    if (std::abs(sum) + zeros < 3) return true;  // To the left of one edge and to the right of another.
    const int at_origin = orientation_over(t, origin), at_end = orientation_over(t, far);
    if (zeros > 0) return at_origin * at_end > 0;  // The line meets its border, the segment does not.
    if (at_origin * at_end >= 0) return true;
    Hit hit{.near = at_origin > 0 ? front(t) : opposite(front(t)),
            .component = component_[t],
            .sign_at_origin = at_origin};
    const UpwardRounding protect;
    hit.origin = volume_over(t, origin);
    hit.end = volume_over(t, far);
    hits.push_back(hit);
    return true;
  }
  // All corners are on the outer side of one of the segment's box's faces.
  [[nodiscard]] bool clearly_beside(std::uint32_t t, const Place& origin, const Place& far) const {
    const auto& corners = complex_.triangles[t];
    const auto a = points_.box(corners[0]), b = points_.box(corners[1]), c = points_.box(corners[2]);
    for (std::size_t i = 0; i < 3; ++i) {
      const double low = std::min(origin.box[i].inf(), far.box[i].inf());
      const double high = std::max(origin.box[i].sup(), far.box[i].sup());
      if (a[i].sup() < low && b[i].sup() < low && c[i].sup() < low) return true;
      if (a[i].inf() > high && b[i].inf() > high && c[i].inf() > high) return true;
    }
    return false;
  }
  [[nodiscard]] Interval volume_over(std::uint32_t triangle, const Place& place) const {
    const std::uint32_t of = complex_.source[triangle];
    const auto base = points_.input_point<Interval>(points_.input().triangles[of][0]);
    return dot(points_.normal<Interval>(of), place.box - base);
  }

  // The ray's parameter at a hit is |o| / (|o| + |e|), o and e the volumes at origin and end.
  [[nodiscard]] bool nearer(const Hit& a, const Hit& b, const Place& origin, const Place& far) const {
    if (a.near == b.near) return false;
    {
      const UpwardRounding protect;
      const Interval left = CGAL::abs(a.origin) * CGAL::abs(b.end);
      const Interval right = CGAL::abs(b.origin) * CGAL::abs(a.end);
      if (left.sup() < right.inf()) return true;
      if (right.sup() < left.inf()) return false;
    }
    const auto volume = [&](const Hit& hit, const Homogeneous<Ring>& place) {
      const std::uint32_t of = complex_.source[triangle_of(hit.near)];
      const auto base = points_.input_point<Ring>(points_.input().triangles[of][0]);
      return CGAL::abs(dot(points_.normal<Ring>(of), place.xyz - scaled(base, place.w)));
    };
    const auto from = origin.exact(), to = far.exact();
    const Ring difference = volume(a, from) * volume(b, to) - volume(b, from) * volume(a, to);
    return CGAL::sign(difference) == CGAL::NEGATIVE;
  }

  // --- Cells ---

  void number_cells() {
    const auto count = static_cast<std::uint32_t>(complex_.triangles.size());
    std::vector<std::uint32_t> number(2 * static_cast<std::size_t>(count), no_part);
    number[sides_.find(unbounded_)] = 0;
    result_.cells.resize(1);
    result_.cells[0].some_triangle = triangle_of(unbounded_);
    result_.cell.resize(count);
    for (Side side = 0; side < 2 * count; ++side) {
      std::uint32_t& cell = number[sides_.find(side)];
      if (cell == no_part) {
        cell = static_cast<std::uint32_t>(result_.cells.size());
        result_.cells.push_back({.some_triangle = triangle_of(side)});
      }
      result_.cell[triangle_of(side)][side & 1u] = cell;
    }
  }

  // From the unbounded cell inwards: behind a triangle once more than in front of it, for each source.
  void wind() {
    const auto count = complex_.triangles.size();
    std::vector<std::int64_t> times(count, 1);
    for (const auto& further : complex_.further_sources)
      times[further.triangle] += further.same_orientation ? 1 : -1;
    std::vector<std::vector<std::uint32_t>> borders(result_.cells.size());
    for (std::uint32_t t = 0; t < count; ++t)
      for (const auto cell : result_.cell[t]) borders[cell].push_back(t);
    auto& cells = result_.cells;
    cells[0].winding = 0;
    std::vector<std::uint32_t> open{0};
    bool consistent = true;
    while (!open.empty()) {
      const std::uint32_t cell = open.back();
      open.pop_back();
      for (const auto t : borders[cell]) {
        const auto [ahead, behind] = result_.cell[t];
        const std::uint32_t other = cell == ahead ? behind : ahead;
        const std::int64_t there = *cells[cell].winding + (cell == ahead ? times[t] : -times[t]);
        if (ahead == behind) {
          consistent = consistent && times[t] == 0;
        } else if (!cells[other].winding) {
          cells[other].winding = there;
          open.push_back(other);
        } else {
          consistent = consistent && *cells[other].winding == there;
        }
      }
    }
    if (consistent) return;
    for (auto& cell : cells) cell.winding.reset();
  }

  void measure() {
    const Point3 center = box_.center_mm();
    for (std::uint32_t t = 0; t < complex_.triangles.size(); ++t) {
      const auto [ahead, behind] = result_.cell[t];
      if (ahead == behind) continue;
      const auto corner = [&](std::size_t i) -> Vector3 {
        return complex_.vertices_mm[complex_.triangles[t][i]] - center;
      };
      const double volume = corner(0).dot(corner(1).cross(corner(2))) / 6.0;
      result_.cells[ahead].volume_mm3 -= volume;
      result_.cells[behind].volume_mm3 += volume;
    }
    result_.cells[0].volume_mm3 = std::numeric_limits<double>::infinity();
  }

  void assign_roles() {
    for (const auto& [ahead, behind] : result_.cell)
      result_.role.push_back(ahead == 0 && behind == 0   ? HullRole::sheet
                             : ahead == 0 || behind == 0 ? HullRole::solid
                                                         : HullRole::internal);
  }

  // --- Parts ---

  [[nodiscard]] bool solid(std::uint32_t triangle) const { return result_.role[triangle] == HullRole::solid; }
  [[nodiscard]] bool outer(Side side) const { return result_.cell[triangle_of(side)][side & 1u] == 0; }
  [[nodiscard]] std::size_t corner_number(std::uint32_t triangle, std::uint32_t vertex) const {
    const auto& corners = complex_.triangles[triangle];
    return 3 * static_cast<std::size_t>(triangle) + (corners[0] == vertex   ? 0u
                                                     : corners[1] == vertex ? 1u
                                                                            : 2u);
  }

  void find_parts() {
    const auto count = static_cast<std::uint32_t>(complex_.triangles.size());
    UnionFind parts(count), hui(count), fans(3 * static_cast<std::size_t>(count));
    std::vector<std::uint8_t> on_weak_edge(complex_.vertices_mm.size(), 0);
    std::vector<EdgeUse> around;
    for (std::size_t e = 0; e < edges_.edges(); ++e) {
      around.clear();
      for (const auto& use : fan(e))
        if (solid(use.triangle)) around.push_back(use);
      if (around.size() == 2) hui.unite(around[0].triangle, around[1].triangle);
      std::size_t wedges = 0;
      for (std::size_t u = 0; u < around.size(); ++u) {
        const EdgeUse &one = around[u], &next = around[(u + 1) % around.size()];
        if (outer(onward(one))) continue;
        // What is between them is internal: sheets are outside.
        ++wedges;
        parts.unite(one.triangle, next.triangle);
        for (const auto vertex : {one.low, one.high})
          fans.unite(corner_number(one.triangle, vertex), corner_number(next.triangle, vertex));
      }
      if (wedges < 2) continue;
      result_.weak_edges.push_back({around.front().low, around.front().high});
      on_weak_edge[around.front().low] = on_weak_edge[around.front().high] = 1;
    }
    result_.part.assign(count, no_part);
    std::vector<std::uint32_t> fan_at(complex_.vertices_mm.size(), no_part);
    std::vector<std::uint8_t> is_weak(complex_.vertices_mm.size(), 0);
    for (std::uint32_t t = 0; t < count; ++t) {
      if (!solid(t)) continue;
      const auto head = static_cast<std::uint32_t>(parts.find(t));
      result_.part[t] = head == t ? result_.parts++ : result_.part[head];
      if (hui.find(t) == t) ++result_.hui_components;
      for (const auto vertex : complex_.triangles[t]) {
        const auto fan = static_cast<std::uint32_t>(fans.find(corner_number(t, vertex)));
        if (fan_at[vertex] == no_part) fan_at[vertex] = fan;
        if (fan_at[vertex] != fan) is_weak[vertex] = 1;
      }
    }
    for (std::uint32_t v = 0; v < is_weak.size(); ++v)
      if (is_weak[v] != 0 && on_weak_edge[v] == 0) result_.weak_vertices.push_back(v);
  }

  const Arrangement& complex_;
  const ExactPoints& points_;
  EdgeTable edges_;
  std::map<std::size_t, std::vector<EdgeUse>> fans_;  // Of edges with more than two triangles, in order.
  UnionFind sides_;
  std::vector<std::uint32_t> component_, first_triangle_;
  std::optional<BoxTree> tree_;
  Box3 box_;
  std::vector<Side> outer_;
  Side unbounded_ = 0;
  OuterHull result_;
};

void append(TriangleMesh& mesh, std::vector<std::uint32_t>& number, const Arrangement& arrangement,
            Triangle corners, bool reversed) {
  if (reversed) std::swap(corners[1], corners[2]);
  for (auto& vertex : corners) {
    if (number[vertex] == no_part) {
      number[vertex] = static_cast<std::uint32_t>(mesh.vertices_mm.size());
      mesh.vertices_mm.push_back(arrangement.vertices_mm[vertex]);
    }
    vertex = number[vertex];
  }
  mesh.triangles.push_back(corners);
}

}  // namespace

OuterHull outer_hull(const Arrangement& arrangement) { return Hull(arrangement).run(); }

TriangleMesh solid_surface(const Arrangement& arrangement, const OuterHull& hull,
                           std::optional<std::uint32_t> part) {
  TriangleMesh mesh;
  std::vector<std::uint32_t> number(arrangement.vertices_mm.size(), no_part);
  for (std::size_t t = 0; t < arrangement.triangles.size(); ++t)
    if (hull.role[t] == HullRole::solid && (!part || hull.part[t] == *part))
      append(mesh, number, arrangement, arrangement.triangles[t], hull.cell[t][0] != 0);
  return mesh;
}

TriangleMesh sheet_surface(const Arrangement& arrangement, const OuterHull& hull) {
  TriangleMesh mesh;
  std::vector<std::uint32_t> number(arrangement.vertices_mm.size(), no_part);
  for (std::size_t t = 0; t < arrangement.triangles.size(); ++t)
    if (hull.role[t] == HullRole::sheet) append(mesh, number, arrangement, arrangement.triangles[t], false);
  return mesh;
}

}  // namespace meshassay::exact
