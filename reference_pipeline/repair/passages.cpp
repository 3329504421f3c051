// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference_pipeline/repair/passages.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <queue>
#include <set>
#include <span>
#include <utility>

#include "core/distance/triangle_tree.hpp"
#include "core/exact/box_tree.hpp"
#include "core/union_find.hpp"
#include "reference_pipeline/repair/convex_pieces.hpp"

namespace meshassay::reference_pipeline::repair {
namespace {

using Index = std::uint32_t;
constexpr Index none = std::numeric_limits<Index>::max();

// The triangles that bound each cell; those with the same cell on both sides bound none.
class Borders {
 public:
  explicit Borders(const exact::OuterHull& hull) : first_(hull.cells.size() + 1, 0) {
    for (const auto& [front, back] : hull.cell)
      if (front != back) ++first_[front + 1], ++first_[back + 1];
    for (std::size_t c = 0; c + 1 < first_.size(); ++c) first_[c + 1] += first_[c];
    triangles_.resize(first_.back());
    auto next = first_;
    for (Index t = 0; t < hull.cell.size(); ++t) {
      const auto [front, back] = hull.cell[t];
      if (front == back) continue;
      triangles_[next[front]++] = t;
      triangles_[next[back]++] = t;
    }
  }
  [[nodiscard]] std::span<const Index> of(Index cell) const {
    return std::span(triangles_).subspan(first_[cell], first_[cell + 1] - first_[cell]);
  }

 private:
  std::vector<std::size_t> first_;
  std::vector<Index> triangles_;
};

Index other_side(const Sorted& sorted, Index triangle, Index cell) {
  const auto [front, back] = sorted.hull.cell[triangle];
  return cell == front ? back : front;
}

// From cell to cell, beginning outside: `pass(triangle, from, to)` says whether it goes on.
template <typename Pass>
std::vector<bool> flooded(const Sorted& sorted, const Borders& borders, const Pass& pass) {
  std::vector<bool> reached(sorted.hull.cells.size(), false);
  std::vector<Index> waiting{0};
  reached[0] = true;
  while (!waiting.empty()) {
    const Index cell = waiting.back();
    waiting.pop_back();
    for (const Index t : borders.of(cell)) {
      const Index next = other_side(sorted, t, cell);
      if (reached[next] || !pass(t, cell, next)) continue;
      reached[next] = true;
      waiting.push_back(next);
    }
  }
  return reached;
}

// What lies on a triangle of the arrangement, and how much oftener walls, passages and slits wind around what
// is behind it.
struct OnTriangle {
  bool given = false;
  int walls = 0, passages = 0, slits = 0;
};
std::vector<OnTriangle> on_triangles(const Sorted& sorted, const Pieces& pieces) {
  std::vector<OnTriangle> all(sorted.arrangement.triangles.size());
  const auto add = [&](Index t, Index source, int turns) {
    if (source < pieces.given)
      all[t].given = true;
    else if (source < pieces.given + pieces.walls)
      all[t].walls += turns;
    else if (source < pieces.given + pieces.walls + pieces.passages)
      all[t].passages += turns;
    else
      all[t].slits += turns;
  };
  for (Index t = 0; t < all.size(); ++t) add(t, sorted.arrangement.source[t], 1);
  for (const auto& further : sorted.arrangement.further_sources)
    add(further.triangle, further.source, further.same_orientation ? 1 : -1);
  return all;
}

// Free cells that hang together, by their first one; other cells are alone.
UnionFind connected_free(const Sorted& sorted, const std::vector<Space>& spaces) {
  UnionFind connected(spaces.size());
  for (const auto& [front, back] : sorted.hull.cell)
    if (spaces[front] == Space::free && spaces[back] == Space::free) connected.unite(front, back);
  return connected;
}

// Whether a segment passes a triangle of a mesh; in floating point: it may be wrong at an edge.
class Sight {
 public:
  explicit Sight(const TriangleMesh& mesh) : mesh_(mesh), tree_(boxes_of(mesh)) {}
  [[nodiscard]] bool is_free(const Point3& from, const Point3& to) const {
    std::vector<Index> near;
    tree_.along_segment(from, to, near);
    return std::none_of(near.begin(), near.end(), [&](Index t) { return passes(from, to, t); });
  }

 private:
  static std::vector<exact::FloatBox> boxes_of(const TriangleMesh& mesh) {
    std::vector<exact::FloatBox> boxes(mesh.triangles.size());
    for (std::size_t t = 0; t < boxes.size(); ++t) {
      Box3 box;
      for (int i = 0; i < 3; ++i) box.add(mesh.corner(t, i));
      boxes[t] = exact::enclosing(box);
    }
    return boxes;
  }
  static double volume(const Point3& a, const Point3& b, const Point3& c, const Point3& d) {
    return (b - a).dot((c - a).cross(d - a));
  }
  [[nodiscard]] bool passes(const Point3& from, const Point3& to, Index t) const {
    const Point3 &a = mesh_.corner(t, 0), &b = mesh_.corner(t, 1), &c = mesh_.corner(t, 2);
    if (volume(from, a, b, c) * volume(to, a, b, c) >= 0.0) return false;
    const double ab = volume(from, to, a, b), bc = volume(from, to, b, c), ca = volume(from, to, c, a);
    return (ab >= 0.0 && bc >= 0.0 && ca >= 0.0) || (ab <= 0.0 && bc <= 0.0 && ca <= 0.0);
  }

  const TriangleMesh& mesh_;
  exact::BoxTree tree_;
};

// Shortest ways (Dijkstra) over the triangles on the surfaces of walls: from one to any other that borders
// the same wall cell, in a straight line; for nothing within a free space.
class WayFinder {
 public:
  WayFinder(const Sorted& sorted, const Pieces& pieces, const std::vector<Space>& spaces,
            const TriangleMesh& input, double thickness_mm)
      : sorted_(sorted),
        spaces_(spaces),
        on_(on_triangles(sorted, pieces)),
        borders_(sorted.hull),
        sight_(input),
        thickness_mm_(thickness_mm),
        connected_(connected_free(sorted, spaces)),
        cells_(spaces.size()),
        is_open_(spaces.size(), false),
        steps_(sorted.arrangement.triangles.size()) {
    for (Index cell = 0; cell < spaces.size(); ++cell)
      if (spaces[cell] == Space::free) cells_[region(cell)].push_back(cell);
    is_open_[region(0)] = true;
  }

  // The ways from a free cell's space to what is open, in pieces; all that they touch is open then.
  void connect(Index cell, std::vector<Way>& ways) {
    const Index start = region(cell);
    if (is_open_[start]) return;
    const auto last = search(start);
    if (!last) return;
    is_open_[start] = true;
    Way way;
    const auto add = [&](const Point3& place_mm) {
      if (way.empty() || (way.back() - place_mm).norm() > 1e-3 * thickness_mm_) way.push_back(place_mm);
    };
    for (Index t = *last; t != none;) {
      const Step& step = steps_[t];
      add(step.place_mm);
      if (step.before != none && step.through_free == none) add(step.from_mm);
      if (step.through_free != none) {
        is_open_[step.through_free] = true;
        ways.push_back(shortened(way));
        way.clear();
      }
      t = step.before;
    }
    ways.push_back(shortened(way));
  }

 private:
  struct Step {
    double cost_mm = std::numeric_limits<double>::infinity();
    Point3 place_mm, from_mm;  // On the triangle, and on the one before.
    Index before = none;
    Index through_free = none;  // The free space between that and this one.
    bool is_seen = false;       // Whether the line between them was looked at.
    Index search = 0;           // In which search it was reached.
    // Begins at a free space: any place will do.
    [[nodiscard]] bool is_source() const { return before == none || through_free != none; }
  };
  struct Corners {
    std::array<Point3, 3> at;
    Point3 middle;
    double radius_mm;
  };

  // Without the points that can be left out: what follows is in sight.
  [[nodiscard]] Way shortened(const Way& way) const {
    Way kept{way.front()};
    for (std::size_t at = 0; at + 1 < way.size();) {
      std::size_t to = way.size() - 1;
      while (to > at + 1 && !sight_.is_free(way[at], way[to])) --to;
      kept.push_back(way[to]);
      at = to;
    }
    return kept;
  }

  static constexpr double crossing_cost = 1000.0;  // Of a triangle of the input, in thicknesses.

  Index region(Index cell) { return static_cast<Index>(connected_.find(cell)); }

  [[nodiscard]] Corners corners(Index t) const {
    Corners its;
    for (std::size_t i = 0; i < 3; ++i)
      its.at[i] = sorted_.arrangement.vertices_mm[sorted_.arrangement.triangles[t][i]];
    its.middle = (its.at[0] + its.at[1] + its.at[2]) / 3.0;
    its.radius_mm = 0.0;
    for (const auto& corner : its.at) its.radius_mm = std::max(its.radius_mm, (corner - its.middle).norm());
    return its;
  }
  // A little towards the middle: off what borders the triangle.
  [[nodiscard]] static Point3 nearest(const Corners& triangle, const Point3& point) {
    const Point3 foot = nearest_on_triangle(point, triangle.at[0], triangle.at[1], triangle.at[2]).point_mm;
    return foot + 0.1 * (triangle.middle - foot);
  }

  // Triangles of walls on the border of the cell.
  template <typename Visit>
  void visit_border(Index cell, const Visit& visit) {
    for (const Index t : borders_.of(cell)) {
      const Index beyond = other_side(sorted_, t, cell);
      if (on_[t].given || (spaces_[cell] == Space::free && spaces_[beyond] == Space::free)) continue;
      visit(t);
    }
  }

  [[nodiscard]] double best_mm(Index t) const {
    return steps_[t].search == search_ ? steps_[t].cost_mm : std::numeric_limits<double>::infinity();
  }
  void offer(Index t, const Step& step) {
    if (step.cost_mm >= best_mm(t)) return;
    steps_[t] = step;
    steps_[t].search = search_;
    waiting_.push({step.cost_mm, t});
  }
  // From a triangle to all that border one wall cell with it.
  void step_through(Index cell, Index from) {
    const Step step = steps_[from];
    const Corners here = corners(from);
    const Point3 middle = step.is_source() ? here.middle : step.place_mm;
    const double radius_mm = step.is_source() ? here.radius_mm : 0.0;
    visit_border(cell, [&](Index to) {
      if (to == from) return;
      const Corners there = corners(to);
      const double least_mm = (there.middle - middle).norm() - there.radius_mm - radius_mm;
      if (step.cost_mm + least_mm >= best_mm(to)) return;
      Point3 start = middle, end = nearest(there, start);
      if (step.is_source())
        for (int i = 0; i < 3; ++i) {
          start = nearest(here, end);
          end = nearest(there, start);
        }
      offer(to, {.cost_mm = step.cost_mm + (end - start).norm(),
                 .place_mm = end,
                 .from_mm = start,
                 .before = from});
    });
  }

  // The first triangle that borders an open space.
  std::optional<Index> search(Index start) {
    ++search_;
    waiting_ = {};
    std::set<Index> passed{start};
    for (const Index cell : cells_[start])
      visit_border(
          cell, [&](Index t) { offer(t, {.cost_mm = 0.0, .place_mm = corners(t).middle, .is_seen = true}); });
    while (!waiting_.empty()) {
      const double cost_mm = waiting_.top().first;
      const Index t = waiting_.top().second;
      waiting_.pop();
      Step& step = steps_[t];
      if (cost_mm != step.cost_mm) continue;  // Another way was found since.
      if (!step.is_seen) {
        step.is_seen = true;
        if (!sight_.is_free(step.from_mm, step.place_mm)) {
          step.cost_mm += crossing_cost * thickness_mm_;
          waiting_.push({step.cost_mm, t});
          continue;
        }
      }
      for (const Index cell : sorted_.hull.cell[t])
        if (spaces_[cell] == Space::free && is_open_[region(cell)]) return t;
      for (const Index cell : sorted_.hull.cell[t]) {
        if (spaces_[cell] == Space::wall) step_through(cell, t);
        if (spaces_[cell] != Space::free || !passed.insert(region(cell)).second) continue;
        for (const Index each : cells_[region(cell)])
          visit_border(each, [&](Index other) {
            if (other != t)
              offer(other, {.cost_mm = cost_mm,
                            .place_mm = corners(other).middle,
                            .before = t,
                            .through_free = region(cell),
                            .is_seen = true});
          });
      }
    }
    return std::nullopt;
  }

  const Sorted& sorted_;
  const std::vector<Space>& spaces_;
  std::vector<OnTriangle> on_;
  Borders borders_;
  Sight sight_;
  double thickness_mm_;
  UnionFind connected_;
  std::vector<std::vector<Index>> cells_;  // Of each free space, at its first cell.
  std::vector<bool> is_open_;              // Of each free space.
  std::vector<Step> steps_;                // Of each triangle.
  Index search_ = 0;
  using Waiting = std::pair<double, Index>;
  std::priority_queue<Waiting, std::vector<Waiting>, std::greater<>> waiting_;
};

}  // namespace

std::vector<Space> spaces_of(const Sorted& sorted, const Pieces& pieces) {
  const Borders borders(sorted.hull);
  const auto on = on_triangles(sorted, pieces);
  const auto outside = flooded(sorted, borders, [&](Index t, Index, Index) { return !on[t].given; });
  // All but what is given is closed: however a cell is come to, it winds around it as often.
  struct Winding {
    int walls = 0, passages = 0, slits = 0;
  };
  std::vector<Winding> winding(sorted.hull.cells.size());
  (void)flooded(sorted, borders, [&](Index t, Index from, Index to) {
    const int sign = sorted.hull.cell[t][0] == from ? 1 : -1;
    winding[to] = {winding[from].walls + sign * on[t].walls, winding[from].passages + sign * on[t].passages,
                   winding[from].slits + sign * on[t].slits};
    return true;
  });
  std::vector<Space> spaces(sorted.hull.cells.size());
  for (std::size_t cell = 0; cell < spaces.size(); ++cell) {
    const auto& around = winding[cell];
    if (around.slits != 0)
      spaces[cell] = Space::free;
    else if (!outside[cell])
      spaces[cell] = Space::solid;
    else
      spaces[cell] = around.walls != 0 && around.passages == 0 ? Space::wall : Space::free;
  }
  return spaces;
}

std::vector<ShutOff> shut_off(const Sorted& sorted, const std::vector<Space>& spaces) {
  auto connected = connected_free(sorted, spaces);
  const auto outside = connected.find(0);
  std::vector<Index> number(spaces.size(), none);
  std::vector<ShutOff> found;
  for (Index cell = 0; cell < spaces.size(); ++cell) {
    const auto first = connected.find(cell);
    if (spaces[cell] != Space::free || first == outside) continue;
    if (first == cell) {
      number[cell] = static_cast<Index>(found.size());
      found.emplace_back();
    }
    auto& its = found[number[first]];
    its.cells.push_back(cell);
    its.volume_mm3 += sorted.hull.cells[cell].volume_mm3;
  }
  const TriangleMesh mesh = exact::rounded(sorted.arrangement);
  for (Index t = 0; t < sorted.hull.cell.size(); ++t) {
    const auto [front, back] = sorted.hull.cell[t];
    for (const auto& [cell, beyond] : {std::pair(front, back), std::pair(back, front)}) {
      if (spaces[cell] != Space::free || spaces[beyond] != Space::solid) continue;
      if (const auto each = number[connected.find(cell)]; each != none)
        found[each].solid_area_mm2 += area_vector_mm2(mesh, t).norm();
    }
  }
  return found;
}

std::vector<Way> ways_out(const Sorted& sorted, const Pieces& pieces, const std::vector<Space>& spaces,
                          const std::vector<ShutOff>& targets, const TriangleMesh& input,
                          double thickness_mm) {
  WayFinder finder(sorted, pieces, spaces, input, thickness_mm);
  std::vector<Way> ways;
  for (const auto& target : targets) finder.connect(target.cells.front(), ways);
  return ways;
}

TriangleMesh passages(const std::vector<Way>& ways, double radius_mm) {
  TriangleMesh all;
  for (const auto& way : ways) {
    if (way.size() == 1) append(all, icosahedron(way.front(), radius_mm));
    for (std::size_t i = 0; i + 1 < way.size(); ++i)
      append(all, prism(way[i], way[i + 1],
                        {.inner_radius_mm = radius_mm, .past_mm = 0.97 * radius_mm, .sides = 8}));
  }
  for (auto& triangle : all.triangles) std::swap(triangle[1], triangle[2]);
  return all;
}

void open_free_space(Sorted& sorted, const std::vector<Space>& spaces) {
  auto connected = connected_free(sorted, spaces);
  const auto outside = connected.find(0);
  for (Index cell = 0; cell < spaces.size(); ++cell)
    if (spaces[cell] == Space::free && connected.find(cell) == outside) sorted.open[cell] = true;
}

}  // namespace meshassay::reference_pipeline::repair
