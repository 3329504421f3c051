// SPDX-License-Identifier: GPL-3.0-or-later
// Sides of triangles, linked at edges, make the borders of cells, one set of sides a cell and edge-connected
// component: such a component without finitely many vertices is still connected, so a cell's border in it
// cannot fall apart. How components lie to each other is seen along one ray each, from inside a triangle:
// another component has at most vertices in common with it, so it lies in one cell of it as a whole.
// Most edges have two triangles that face the same way; those make patches, which have two sides as a whole.
#include "core/exact/outer_hull.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <compare>
#include <map>
#include <stdexcept>
#include <utility>

#include "core/blocks.hpp"
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

// Components up to which looking at all triangles along a ray costs less than a tree of them.
constexpr std::uint32_t few_components = 16;

class Hull {
 public:
  Hull(const Arrangement& complex, const VertexLinks& links, const EdgeTable& edges)
      : complex_(complex), points_(*complex.exact), links_(links), edges_(edges), sides_(0) {}

  OuterHull run() {
    if (complex_.triangles.empty()) {
      result_.cells.push_back({.volume_mm3 = std::numeric_limits<double>::infinity(), .winding = 0});
      return std::move(result_);
    }
    find_patches();
    sort_edges();
    sides_ = UnionFind(2 * first_of_patch_.size());
    for (const auto& joint : joints_) link(joint.around);
    find_components();
    look_from_components();
    number_cells();
    // Neither needs the other.
    do_both(
        patch_.size(),
        [&] {
          wind();
          measure();
        },
        [&] {
          assign_roles();
          find_parts();
          count_solid();
        });
    return std::move(result_);
  }

 private:
  // --- Edges ---

  // An edge with other than two triangles that face the same way: the triangles at it, in counter-clockwise
  // order about it.
  struct Joint {
    std::vector<EdgeUse> around;
  };

  void find_patches() {
    const auto count = static_cast<std::uint32_t>(complex_.triangles.size());
    UnionFind sets(count);
    for (std::size_t e = 0; e < edges_.edges(); ++e) {
      const auto uses = edges_.edge(e);
      if (uses.size() == 2 && uses[0].forward != uses[1].forward)
        sets.unite(uses[0].triangle, uses[1].triangle);
      else
        joints_.push_back({{uses.begin(), uses.end()}});
    }
    patch_.resize(count);
    for (std::uint32_t t = 0; t < count; ++t) {
      const auto head = static_cast<std::uint32_t>(sets.find(t));  // The smallest: it has its number.
      patch_[t] = head == t ? static_cast<std::uint32_t>(first_of_patch_.size()) : patch_[head];
      if (head == t) first_of_patch_.push_back(t);
    }
  }
  // The side of a patch that a side of a triangle belongs to.
  [[nodiscard]] Side patch_side(Side side) const { return 2 * patch_[triangle_of(side)] + (side & 1u); }
  [[nodiscard]] std::size_t set_of(Side side) { return sides_.find(patch_side(side)); }

  // All triangles at an edge are perpendicular to the edge's plane, so normals stand for them, and of their
  // cross products only the sign along the edge matters.
  void sort_edges() {
    tbb::parallel_for(std::size_t{0}, joints_.size(), [&](std::size_t j) {
      if (joints_[j].around.size() > 2) joints_[j].around = sorted(joints_[j].around);
    });
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
  void link(std::span<const EdgeUse> uses) {
    for (std::size_t u = 0; u < uses.size(); ++u)
      sides_.unite(patch_side(onward(uses[u])), patch_side(backward(uses[(u + 1) % uses.size()])));
  }

  // --- Components ---

  void find_components() {
    const auto patches = static_cast<std::uint32_t>(first_of_patch_.size());
    UnionFind sets(patches);
    for (const auto& joint : joints_)
      for (const auto& use : joint.around)
        sets.unite(patch_[joint.around.front().triangle], patch_[use.triangle]);
    component_.resize(patches);
    for (std::uint32_t p = 0; p < patches; ++p) {
      const auto head = static_cast<std::uint32_t>(sets.find(p));
      component_[p] = head == p ? static_cast<std::uint32_t>(first_triangle_.size()) : component_[head];
      if (head == p) first_triangle_.push_back(first_of_patch_[p]);
    }
  }
  [[nodiscard]] std::uint32_t component_of(std::uint32_t triangle) const {
    return component_[patch_[triangle]];
  }

  void look_from_components() {
    const auto count = static_cast<std::uint32_t>(first_triangle_.size());
    if (count > few_components) build_tree();
    for (const auto& point : complex_.vertices_mm) box_.add(point);
    outer_.resize(count);
    std::vector<std::map<std::uint32_t, Side>> around(count);  // Components seen, and the side first met.
    for (std::uint32_t c = 0; c < count; ++c) look_from(c, around[c]);
    // A component is around another where that sees a side of it which is not the outer one.
    std::vector<std::vector<std::pair<std::uint32_t, Side>>> enclosing(count);
    for (std::uint32_t c = 0; c < count; ++c)
      for (const auto& [other, side] : around[c])
        if (set_of(side) != set_of(outer_[other])) enclosing[c].emplace_back(other, side);
    // Those around one are around each other: the innermost has all but itself around it.
    std::optional<Side> unbounded;
    for (std::uint32_t c = 0; c < count; ++c)
      if (enclosing[c].empty()) {
        if (unbounded) sides_.unite(patch_side(*unbounded), patch_side(outer_[c]));
        unbounded = outer_[c];
      }
    if (!unbounded) throw std::logic_error("no component of an arrangement is outermost");
    unbounded_ = *unbounded;
    for (std::uint32_t c = 0; c < count; ++c)
      for (const auto& [other, side] : enclosing[c])
        if (enclosing[other].size() + 1 == enclosing[c].size())
          sides_.unite(patch_side(side), patch_side(outer_[c]));
  }

  // Of rounded corners: what a segment may meet is grown by more than rounding can do.
  [[nodiscard]] Box3 box_of(std::uint32_t triangle) const {
    Box3 box;
    for (const auto vertex : complex_.triangles[triangle]) box.add(complex_.vertices_mm[vertex]);
    return box;
  }
  void build_tree() {
    std::vector<FloatBox> boxes(complex_.triangles.size());
    for_each_block(boxes.size(), usual_block, [&](const Block& block) {
      for (std::size_t t = block.from; t < block.to; ++t)
        boxes[t] = enclosing(box_of(static_cast<std::uint32_t>(t)));
    });
    tree_.emplace(boxes);
  }
  // Triangles that the segment may meet, ascending.
  [[nodiscard]] std::vector<std::uint32_t> candidates(const Point3& from, const Point3& to) const {
    std::vector<std::uint32_t> found;
    if (tree_) {
      tree_->along_segment(from, to, found);
      return found;
    }
    const SegmentSlabs segment(
        from, to, std::max(box_.min_mm.cwiseAbs().maxCoeff(), box_.max_mm.cwiseAbs().maxCoeff()));
    std::vector<std::vector<std::uint32_t>> parts(block_count(complex_.triangles.size(), usual_block));
    for_each_block(complex_.triangles.size(), usual_block, [&](const Block& block) {
      for (std::size_t t = block.from; t < block.to; ++t) {
        const Box3 box = box_of(static_cast<std::uint32_t>(t));
        const std::array<double, 3> min{box.min_mm[0], box.min_mm[1], box.min_mm[2]},
            max{box.max_mm[0], box.max_mm[1], box.max_mm[2]};
        if (segment.may_meet(min, max)) parts[block.number].push_back(static_cast<std::uint32_t>(t));
      }
    });
    for (const auto& part : parts) found.insert(found.end(), part.begin(), part.end());
    return found;
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
    const auto near_ray = candidates(origin_mm, far_mm);
    return std::all_of(near_ray.begin(), near_ray.end(), pass);
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
            .component = component_of(t),
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
    const auto patches = static_cast<std::uint32_t>(first_of_patch_.size());
    std::vector<std::uint32_t> number(2 * static_cast<std::size_t>(patches), no_part);
    number[set_of(unbounded_)] = 0;
    result_.cells.resize(1);
    result_.cells[0].some_triangle = triangle_of(unbounded_);
    cell_of_patch_.resize(patches);
    for (Side side = 0; side < 2 * patches; ++side) {
      std::uint32_t& cell = number[sides_.find(side)];
      const std::uint32_t patch = side / 2;
      if (cell == no_part) {
        cell = static_cast<std::uint32_t>(result_.cells.size());
        result_.cells.push_back({.some_triangle = first_of_patch_[patch]});
      }
      cell_of_patch_[patch][side & 1u] = cell;
    }
    result_.cell.resize(patch_.size());
    for (std::size_t t = 0; t < patch_.size(); ++t) result_.cell[t] = cell_of_patch_[patch_[t]];
  }

  // How often the surface winds around what is behind more than around what is ahead.
  struct Border {
    std::uint32_t ahead = 0, behind = 0;
    std::int64_t times = 0;
    // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 sees a pointer in a defaulted comparison.
    friend auto operator<=>(const Border&, const Border&) = default;
  };
  [[nodiscard]] std::vector<Border> borders() const {
    const auto& further = complex_.further_sources;
    std::vector<Border> found;
    auto next = further.begin();
    for (std::uint32_t t = 0; t < patch_.size(); ++t) {
      Border border{result_.cell[t][0], result_.cell[t][1], 1};
      for (; next != further.end() && next->triangle == t; ++next)
        border.times += next->same_orientation ? 1 : -1;
      if (found.empty() || found.back() != border) found.push_back(border);
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
  }

  // From the unbounded cell inwards: behind a triangle once more than in front of it, for each source.
  void wind() {
    const auto all = borders();
    std::vector<std::vector<Border>> of_cell(result_.cells.size());
    for (const auto& border : all) {
      of_cell[border.ahead].push_back(border);
      if (border.behind != border.ahead) of_cell[border.behind].push_back(border);
    }
    auto& cells = result_.cells;
    cells[0].winding = 0;
    std::vector<std::uint32_t> open{0};
    bool consistent = true;
    while (!open.empty()) {
      const std::uint32_t cell = open.back();
      open.pop_back();
      for (const auto& [ahead, behind, times] : of_cell[cell]) {
        const std::uint32_t other = cell == ahead ? behind : ahead;
        const std::int64_t there = *cells[cell].winding + (cell == ahead ? times : -times);
        if (ahead == behind) {
          consistent = consistent && times == 0;
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
    std::vector<double> volume_mm3(patch_.size());
    for_each_block(patch_.size(), usual_block, [&](const Block& block) {
      for (std::size_t t = block.from; t < block.to; ++t) {
        const auto corner = [&](std::size_t i) -> Vector3 {
          return complex_.vertices_mm[complex_.triangles[t][i]] - center;
        };
        volume_mm3[t] = corner(0).dot(corner(1).cross(corner(2))) / 6.0;
      }
    });
    for (std::size_t t = 0; t < patch_.size(); ++t) {
      const auto [ahead, behind] = result_.cell[t];
      if (ahead == behind) continue;
      result_.cells[ahead].volume_mm3 -= volume_mm3[t];
      result_.cells[behind].volume_mm3 += volume_mm3[t];
    }
    result_.cells[0].volume_mm3 = std::numeric_limits<double>::infinity();
  }

  void assign_roles() {
    result_.role.reserve(result_.cell.size());
    for (const auto& [ahead, behind] : result_.cell)
      result_.role.push_back(ahead == 0 && behind == 0   ? HullRole::sheet
                             : ahead == 0 || behind == 0 ? HullRole::solid
                                                         : HullRole::internal);
  }

  // --- Parts ---

  [[nodiscard]] bool solid(std::uint32_t triangle) const { return result_.role[triangle] == HullRole::solid; }
  [[nodiscard]] bool outer(Side side) const { return result_.cell[triangle_of(side)][side & 1u] == 0; }
  void find_parts() {
    const auto patches = static_cast<std::uint32_t>(first_of_patch_.size());
    UnionFind parts(patches), hui(patches);
    std::vector<std::uint8_t> on_weak_edge(complex_.vertices_mm.size(), 0);
    std::vector<EdgeUse> around;
    for (const auto& joint : joints_) {
      solid_around(joint.around, around);
      if (around.size() == 2) hui.unite(patch_[around[0].triangle], patch_[around[1].triangle]);
      std::size_t wedges = 0;
      for_each_wedge(around, [&](const EdgeUse& one, const EdgeUse& next) {
        ++wedges;
        parts.unite(patch_[one.triangle], patch_[next.triangle]);
      });
      if (wedges < 2) continue;
      result_.weak_edges.push_back({around.front().low, around.front().high});
      on_weak_edge[around.front().low] = on_weak_edge[around.front().high] = 1;
    }
    std::vector<std::uint32_t> part_of_patch(patches, no_part);
    for (std::uint32_t p = 0; p < patches; ++p) {
      if (!solid(first_of_patch_[p])) continue;
      const auto head = static_cast<std::uint32_t>(parts.find(p));
      part_of_patch[p] = head == p ? result_.parts++ : part_of_patch[head];
      if (hui.find(p) == p) ++result_.hui_components;
    }
    result_.part.resize(patch_.size());
    for (std::size_t t = 0; t < patch_.size(); ++t) result_.part[t] = part_of_patch[patch_[t]];
    find_weak_vertices(on_weak_edge);
  }
  void solid_around(std::span<const EdgeUse> uses, std::vector<EdgeUse>& around) const {
    around.clear();
    for (const auto& use : uses)
      if (solid(use.triangle)) around.push_back(use);
  }
  // Of neighbours about an edge that bound the same wedge of the solid. What is between them is internal:
  // sheets are outside.
  template <typename Work>
  void for_each_wedge(std::span<const EdgeUse> around, const Work& work) const {
    for (std::size_t u = 0; u < around.size(); ++u)
      if (!outer(onward(around[u]))) work(around[u], around[(u + 1) % around.size()]);
  }

  // Where all triangles at a vertex are one cycle over edges of two, they are one fan.
  void find_weak_vertices(const std::vector<std::uint8_t>& on_weak_edge) {
    std::vector<std::uint8_t> is_open(links_.vertices(), 0);
    for_each_block(links_.vertices(), usual_block, [&](const Block& block) {
      for (std::size_t v = block.from; v < block.to; ++v)
        is_open[v] = links_.at(v).empty() || is_one_directed_cycle(links_.at(v)) ? 0 : 1;
    });
    if (std::find(is_open.begin(), is_open.end(), 1) == is_open.end()) return;
    UnionFind fans(links_.sides());
    std::vector<EdgeUse> around;
    const auto unite_fans = [&](std::span<const EdgeUse> uses) {
      const std::array<std::uint32_t, 2> ends{uses.front().low, uses.front().high};
      if (is_open[ends[0]] == 0 && is_open[ends[1]] == 0) return;
      solid_around(uses, around);
      for_each_wedge(around, [&](const EdgeUse& one, const EdgeUse& next) {
        for (const auto vertex : ends)
          if (is_open[vertex] != 0) fans.unite(side_at(vertex, one.triangle), side_at(vertex, next.triangle));
      });
    };
    for (const auto& joint : joints_) unite_fans(joint.around);
    for (std::size_t e = 0; e < edges_.edges(); ++e)
      if (const auto uses = edges_.edge(e); uses.size() == 2 && uses[0].forward != uses[1].forward)
        unite_fans(uses);
    for (std::uint32_t v = 0; v < is_open.size(); ++v) {
      if (is_open[v] == 0 || on_weak_edge[v] != 0) continue;
      std::optional<std::size_t> fan;
      bool is_weak = false;
      for (const auto& side : links_.at(v)) {
        if (!solid(side.triangle)) continue;
        const std::size_t mine = fans.find(side_at(v, side.triangle));
        is_weak = is_weak || (fan && *fan != mine);
        fan = mine;
      }
      if (is_weak) result_.weak_vertices.push_back(v);
    }
  }
  // Number of the triangle's side of the vertex's link: triangles ascend there.
  [[nodiscard]] std::size_t side_at(std::uint32_t vertex, std::uint32_t triangle) const {
    const auto sides = links_.at(vertex);
    const auto found =
        std::lower_bound(sides.begin(), sides.end(), triangle,
                         [](const LinkSide& side, std::uint32_t other) { return side.triangle < other; });
    return links_.first(vertex) + static_cast<std::size_t>(found - sides.begin());
  }

  // Sides of triangles that are at no joint are two at an edge each.
  void count_solid() {
    std::vector<std::uint8_t> is_corner(complex_.vertices_mm.size(), 0);
    std::int64_t triangles = 0;
    for (std::uint32_t t = 0; t < patch_.size(); ++t) {
      if (!solid(t)) continue;
      ++triangles;
      for (const auto vertex : complex_.triangles[t]) is_corner[vertex] = 1;
    }
    std::int64_t joints = 0, at_joints = 0;
    for (const auto& joint : joints_) {
      const auto here = std::count_if(joint.around.begin(), joint.around.end(),
                                      [&](const EdgeUse& use) { return solid(use.triangle); });
      joints += here > 0 ? 1 : 0;
      at_joints += here;
    }
    const std::int64_t edges = joints + (3 * triangles - at_joints) / 2;
    result_.euler_characteristic = std::count(is_corner.begin(), is_corner.end(), 1) - edges + triangles;
  }

  const Arrangement& complex_;
  const ExactPoints& points_;
  const VertexLinks& links_;
  const EdgeTable& edges_;
  std::vector<Joint> joints_;
  std::vector<std::uint32_t> patch_;           // Of each triangle, numbered by first triangle.
  std::vector<std::uint32_t> first_of_patch_;  // Triangle.
  UnionFind sides_;                            // Of patches.
  std::vector<std::uint32_t> component_;       // Of each patch, numbered by first triangle.
  std::vector<std::uint32_t> first_triangle_;  // Of each component.
  std::vector<std::array<std::uint32_t, 2>> cell_of_patch_;
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

OuterHull outer_hull(const Arrangement& arrangement) {
  const VertexLinks links(arrangement.triangles, arrangement.vertices_mm.size());
  return outer_hull(arrangement, links, EdgeTable(links));
}
OuterHull outer_hull(const Arrangement& arrangement, const VertexLinks& links, const EdgeTable& edges) {
  return Hull(arrangement, links, edges).run();
}

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
