// SPDX-License-Identifier: GPL-3.0-or-later
// In four passes: what pairs of triangles have in common, as points and segments; where segments cross within
// a triangle or a cluster of coplanar ones; one triangulation each; the pieces in the order of their sources.
// Points are numbered by one thread in a fixed order; the rest is done by many.
#include "core/exact/arrangement.hpp"

#include <CGAL/Gmpq.h>
#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <sstream>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "core/blocks.hpp"
#include "core/bridge_cgal/exact_points.hpp"
#include "core/exact/flat_stars.hpp"
#include "core/exact/planar_triangulation.hpp"
#include "core/exact/self_intersection.hpp"
#include "core/mesh_check.hpp"
#include "core/union_find.hpp"

namespace meshassay::exact {
namespace {

using Edge = std::array<std::uint32_t, 2>;  // Input vertices, the smaller first.

Edge edge_of(std::uint32_t a, std::uint32_t b) { return {std::min(a, b), std::max(a, b)}; }

struct HashEdge {
  std::size_t operator()(const Edge& edge) const {
    return (static_cast<std::size_t>(edge[0]) << 32 | edge[1]) * 0x9e3779b97f4a7c15ULL;
  }
};

// A straight piece that a triangle is cut along, and the line that it lies on: that of an input edge, or
// where the plane of another triangle passes.
struct Cut {
  std::uint32_t from = 0, to = 0;
  std::optional<Edge> edge;
  std::uint32_t plane = 0;
};

// What is known of one input triangle.
struct Marks {
  std::vector<Cut> cuts;
  std::vector<std::uint32_t> points;  // Inside it.
};

// One triangle, or coplanar ones that overlap: triangulated together.
struct Unit {
  std::vector<std::uint32_t> members;  // Ascending.
  std::array<int, 2> axes{};
  std::vector<Cut> cuts;
  std::vector<std::uint32_t> points;  // But the members' corners; sorted and unique in the end.
  std::vector<PlanarPiece> pieces;    // Empty: the one triangle stays as it is.
};

constexpr std::uint32_t no_unit = std::numeric_limits<std::uint32_t>::max();

struct Crossing {
  Construction construction;
  std::uint32_t first = 0, second = 0;  // Cuts of the unit.
};

// Edges of a triangle that a location lies on, as bits.
unsigned edges_at(Location at) {
  if (at < 3) return 1u << at | 1u << ((at + 2u) % 3u);
  return at < inside_triangle ? 1u << (at - 3u) : 0u;
}

// What needs no cutting; without exact points.
Arrangement as_it_is(const TriangleMesh& mesh) {
  Arrangement result;
  result.input_vertices = mesh.vertices_mm.size();
  do_both(
      mesh.triangles.size(), [&] { result.vertices_mm = mesh.vertices_mm; },
      [&] {
        result.triangles = mesh.triangles;
        result.source.resize(mesh.triangles.size());
        std::iota(result.source.begin(), result.source.end(), std::uint32_t{0});
      });
  return result;
}

class Arranger {
 public:
  Arranger(TriangleMesh welded_mesh, const ArrangementOptions& options)
      : points_(std::make_shared<ExactPoints>(std::move(welded_mesh))),
        mesh_(points_->input()),
        options_(options) {}

  Arrangement run() {
    set_aside();
    unit_of_.assign(mesh_.triangles.size(), no_unit);
    meet();
    make_units();
    cross();
    spread_edge_points();
    tbb::parallel_for(std::size_t{0}, units_.size(), [&](std::size_t u) { cut(units_[u]); });
    return gather();
  }

 private:
  // Degenerate triangles cover a segment; equivalent ones are cut once.
  void set_aside() {
    left_out_.assign(mesh_.triangles.size(), 0);
    for (const auto t : degenerate_triangles(mesh_)) {
      left_out_[t] = 1;
      Triangle corners = mesh_.triangles[t];
      const auto before = [&](std::uint32_t a, std::uint32_t b) {
        const Point3 &p = mesh_.vertices_mm[a], &q = mesh_.vertices_mm[b];
        return std::tie(p[0], p[1], p[2]) < std::tie(q[0], q[1], q[2]);
      };
      std::sort(corners.begin(), corners.end(), before);
      result_.set_aside.push_back({t, corners[0], corners[2]});
    }
    const VertexLinks links(mesh_);
    for (const auto& again : equivalent_triangles(links)) {
      if (left_out_[again.first] != 0) continue;
      left_out_[again.triangle] = 1;
      equivalents_.push_back(again);
    }
    std::sort(equivalents_.begin(), equivalents_.end(), [](const Equivalent& a, const Equivalent& b) {
      return std::tie(a.first, a.triangle) < std::tie(b.first, b.triangle);
    });
    if (options_.found == nullptr) search(links);
  }
  void search(const VertexLinks& links) {
    // Where few triangles are suspect, flat places spare little; where many are, a list of them does.
    const auto& suspect = options_.suspect;
    const bool few = !suspect.empty() && 4 * std::count(suspect.begin(), suspect.end(), 1) <
                                             static_cast<std::ptrdiff_t>(suspect.size());
    KnownOfMesh known{.left_out = left_out_};
    std::vector<std::uint8_t> flat;
    if (few)
      known.suspect = suspect;
    else
      known.flat_star = flat = flat_stars(mesh_, links, left_out_);
    searched_ = self_intersections(mesh_, known, options_.max_pairs);
  }

  void meet() {
    const SelfIntersections& found = options_.found != nullptr ? *options_.found : searched_;
    if (!found.complete)
      throw TooManyIntersections(
          {.what = "too many self-intersections",
           .where = "mesh",
           .expected = fmt::format("at most {} intersecting pairs", options_.max_pairs),
           .got = "more",
           .mend = "inspect or repair a part of it"});
    std::vector<PairIntersection> meetings(found.pairs.size());
    tbb::parallel_for(std::size_t{0}, meetings.size(), [&](std::size_t n) {
      meetings[n] = intersect(mesh_, found.pairs[n].first, found.pairs[n].second);
    });
    // A constructed point may be a corner that touches there.
    std::set<std::uint32_t> corners;
    for (const auto& [a, b] : found.pairs)
      for (const auto t : {a, b})
        for (const auto vertex : mesh_.triangles[t]) corners.insert(vertex);
    for (const auto vertex : corners) points_->expect_vertex(vertex);
    for (std::size_t n = 0; n < meetings.size(); ++n) {
      const auto [a, b] = found.pairs[n];
      if (meetings[n].kind == IntersectionKind::coplanar_overlap)
        overlaps_.emplace_back(a, b);
      else
        note(a, b, meetings[n]);
    }
  }

  void note(std::uint32_t a, std::uint32_t b, const PairIntersection& meeting) {
    std::array<std::uint32_t, 6> ids{};
    for (std::size_t c = 0; c < meeting.count; ++c) {
      const Contact& contact = meeting.contacts[c];
      ids[c] = point_of(a, b, contact);
      note_point(a, contact.at[0], ids[c]);
      note_point(b, contact.at[1], ids[c]);
    }
    if (meeting.coplanar || meeting.count != 2) return;
    for (const std::size_t one : {0u, 1u}) {
      const unsigned on_edges = edges_at(meeting.contacts[0].at[one]) & edges_at(meeting.contacts[1].at[one]);
      const unsigned on_others =
          edges_at(meeting.contacts[0].at[1 - one]) & edges_at(meeting.contacts[1].at[1 - one]);
      if (on_edges != 0) continue;  // Along its border: the points on that are enough.
      const std::uint32_t mine = one == 0 ? a : b, other = one == 0 ? b : a;
      Cut cut{.from = ids[0], .to = ids[1], .plane = other};
      for (unsigned e = 0; e < 3; ++e)
        if ((on_others & 1u << e) != 0) cut.edge = input_edge(other, e);
      marks_[mine].cuts.push_back(cut);
    }
  }
  [[nodiscard]] Edge input_edge(std::uint32_t triangle, std::size_t edge) const {
    const Triangle& t = mesh_.triangles[triangle];
    return edge_of(t[edge], t[(edge + 1) % 3]);
  }
  std::uint32_t point_of(std::uint32_t a, std::uint32_t b, const Contact& contact) {
    const auto [at_a, at_b] = contact.at;
    if (at_a < 3) return mesh_.triangles[a][at_a];
    if (at_b < 3) return mesh_.triangles[b][at_b];
    if (at_a == inside_triangle) {
      const Edge edge = input_edge(b, at_b - 3u);
      return points_->add(edge_face(edge[0], edge[1], a));
    }
    const Edge edge = input_edge(a, at_a - 3u);
    if (at_b == inside_triangle) return points_->add(edge_face(edge[0], edge[1], b));
    const Edge other = input_edge(b, at_b - 3u);
    return points_->add(edge_edge(edge[0], edge[1], other[0], other[1]));
  }
  void note_point(std::uint32_t triangle, Location at, std::uint32_t point) {
    if (at == inside_triangle)
      marks_[triangle].points.push_back(point);
    else if (at >= 3)
      edge_points_[input_edge(triangle, at - 3u)].push_back(point);
  }

  // Overlapping coplanar triangles together, the others that have marks alone; in the order of their first.
  void make_units() {
    std::map<std::uint32_t, std::uint32_t> numbers;  // Of the triangles that overlap.
    for (const auto& [a, b] : overlaps_) numbers.emplace(a, 0), numbers.emplace(b, 0);
    std::vector<std::uint32_t> triangles;
    for (auto& [triangle, number] : numbers) {
      number = static_cast<std::uint32_t>(triangles.size());
      triangles.push_back(triangle);
    }
    UnionFind sets(triangles.size());
    for (const auto& [a, b] : overlaps_) sets.unite(numbers.at(a), numbers.at(b));
    std::map<std::uint32_t, std::vector<std::uint32_t>> members;  // By smallest member.
    for (std::size_t n = 0; n < triangles.size(); ++n)
      members[triangles[sets.find(n)]].push_back(triangles[n]);
    for (const auto& [triangle, _] : marks_)
      if (!numbers.contains(triangle)) members[triangle] = {triangle};
    for (auto& [_, list] : members) add_unit(std::move(list));
  }
  void add_unit(std::vector<std::uint32_t> members) {
    Unit unit;
    unit.members = std::move(members);
    unit.axes = axes_of(unit.members.front());
    std::set<Edge> known;
    const auto add_cut = [&](const Cut& cut) {
      if (known.insert(edge_of(cut.from, cut.to)).second) unit.cuts.push_back(cut);
    };
    for (const auto member : unit.members) {
      if (unit.members.size() > 1)
        for (std::size_t e = 0; e < 3; ++e) {
          const Edge edge = input_edge(member, e);
          add_cut({.from = edge[0], .to = edge[1], .edge = edge});
        }
      const auto found = marks_.find(member);
      if (found == marks_.end()) continue;
      for (const auto& cut : found->second.cuts) add_cut(cut);
      unit.points.insert(unit.points.end(), found->second.points.begin(), found->second.points.end());
    }
    for (const auto member : unit.members) unit_of_[member] = static_cast<std::uint32_t>(units_.size());
    units_.push_back(std::move(unit));
  }
  [[nodiscard]] std::array<int, 2> axes_of(std::uint32_t triangle) const {
    const Triangle& t = mesh_.triangles[triangle];
    const Vector3 normal = area_vector_mm2(mesh_, triangle).cwiseAbs();
    std::array<int, 3> order{0, 1, 2};
    std::sort(order.begin(), order.end(), [&](int a, int b) { return normal[a] > normal[b]; });
    for (const int axis : order) {
      const std::array<int, 2> axes{(axis + 1) % 3, (axis + 2) % 3};
      if (points_->orientation(axes, t[0], t[1], t[2]) != 0) return axes;
    }
    return {0, 1};  // Not reached: the triangle is not degenerate.
  }

  // Where cuts of one unit cross, each passing to both sides of the other.
  void cross() {
    std::vector<std::vector<Crossing>> found(units_.size());
    tbb::parallel_for(std::size_t{0}, units_.size(), [&](std::size_t u) { found[u] = crossings(units_[u]); });
    for (std::size_t u = 0; u < units_.size(); ++u)
      for (const auto& crossing : found[u]) {
        const std::uint32_t point = points_->add(crossing.construction);
        units_[u].points.push_back(point);
        if (units_[u].members.size() == 1) continue;
        for (const auto c : {crossing.first, crossing.second})
          if (const auto& edge = units_[u].cuts[c].edge) edge_points_[*edge].push_back(point);
      }
  }
  [[nodiscard]] std::vector<Crossing> crossings(const Unit& unit) const {
    struct Range {
      std::array<double, 2> min{}, max{};
      std::uint32_t cut = 0;
    };
    std::vector<Range> ranges;
    for (std::uint32_t c = 0; c < unit.cuts.size(); ++c) {
      const auto one = points_->box(unit.cuts[c].from), other = points_->box(unit.cuts[c].to);
      Range range{.cut = c};
      for (std::size_t i = 0; i < 2; ++i) {
        const auto axis = static_cast<std::size_t>(unit.axes[i]);
        range.min[i] = std::min(one[axis].inf(), other[axis].inf());
        range.max[i] = std::max(one[axis].sup(), other[axis].sup());
      }
      ranges.push_back(range);
    }
    std::sort(ranges.begin(), ranges.end(), [](const Range& a, const Range& b) {
      return std::tie(a.min[0], a.cut) < std::tie(b.min[0], b.cut);
    });
    std::vector<Crossing> found;
    for (std::size_t a = 0; a < ranges.size(); ++a)
      for (std::size_t b = a + 1; b < ranges.size() && ranges[b].min[0] <= ranges[a].max[0]; ++b)
        if (ranges[a].min[1] <= ranges[b].max[1] && ranges[b].min[1] <= ranges[a].max[1]) {
          const auto [first, second] = std::minmax(ranges[a].cut, ranges[b].cut);
          if (cross(unit, unit.cuts[first], unit.cuts[second]))
            found.push_back({construction(unit, unit.cuts[first], unit.cuts[second]), first, second});
        }
    std::sort(found.begin(), found.end(), [](const Crossing& a, const Crossing& b) {
      return std::tie(a.first, a.second) < std::tie(b.first, b.second);
    });
    return found;
  }
  [[nodiscard]] bool cross(const Unit& unit, const Cut& a, const Cut& b) const {
    if (a.from == b.from || a.from == b.to || a.to == b.from || a.to == b.to) return false;
    if (a.edge && b.edge && a.edge == b.edge) return false;
    if (!a.edge && !b.edge && a.plane == b.plane) return false;
    const auto apart = [&](const Cut& line, const Cut& ends) {
      const int one = points_->orientation(unit.axes, line.from, line.to, ends.from);
      return one != 0 && one * points_->orientation(unit.axes, line.from, line.to, ends.to) < 0;
    };
    return apart(a, b) && apart(b, a);
  }
  [[nodiscard]] static Construction construction(const Unit& unit, const Cut& a, const Cut& b) {
    if (a.edge && b.edge) return edge_edge((*a.edge)[0], (*a.edge)[1], (*b.edge)[0], (*b.edge)[1]);
    if (a.edge) return edge_face((*a.edge)[0], (*a.edge)[1], b.plane);
    if (b.edge) return edge_face((*b.edge)[0], (*b.edge)[1], a.plane);
    return three_faces(unit.members.front(), a.plane, b.plane);
  }

  // A point on an edge is a corner of every triangle at that edge.
  void spread_edge_points() {
    if (edge_points_.empty()) return;
    std::vector<std::uint8_t> ends(mesh_.vertices_mm.size(), 0);
    for (const auto& [edge, _] : edge_points_) ends[edge[0]] = ends[edge[1]] = 1;
    for (std::uint32_t t = 0; t < mesh_.triangles.size(); ++t) {
      if (left_out_[t] != 0) continue;
      for (std::size_t e = 0; e < 3; ++e) {
        const Edge edge = input_edge(t, e);
        if (ends[edge[0]] == 0 || ends[edge[1]] == 0) continue;
        const auto found = edge_points_.find(edge);
        if (found == edge_points_.end()) continue;
        if (unit_of_[t] == no_unit) add_unit({t});
        auto& points = units_[unit_of_[t]].points;
        points.insert(points.end(), found->second.begin(), found->second.end());
      }
    }
  }

  void cut(Unit& unit) const {
    PlanarProblem problem{.axes = unit.axes};
    std::set<std::uint32_t> known;
    for (const auto member : unit.members) {
      problem.members.push_back(mesh_.triangles[member]);
      for (const auto vertex : mesh_.triangles[member])
        if (known.insert(vertex).second) problem.vertices.push_back(vertex);
    }
    for (const auto& cut : unit.cuts) {
      problem.constraints.push_back({cut.from, cut.to});
      unit.points.push_back(cut.from);
      unit.points.push_back(cut.to);
    }
    std::sort(unit.points.begin(), unit.points.end());
    for (const auto point : unit.points)
      if (known.insert(point).second) problem.vertices.push_back(point);
    if (unit.members.size() == 1 && problem.vertices.size() == 3) return;
    unit.pieces = triangulate(*points_, problem);
  }

  Arrangement gather() {
    if (units_.empty() && std::find(left_out_.begin(), left_out_.end(), 1) == left_out_.end()) {
      auto result = as_it_is(mesh_);
      result.exact = points_;
      return result;
    }
    // Pieces of the units by source; between them the triangles that stay as they are.
    struct Piece {
      std::uint32_t source = 0, unit = 0, piece = 0;
    };
    std::vector<Piece> pieces;
    for (std::uint32_t u = 0; u < units_.size(); ++u)
      for (std::uint32_t p = 0; p < units_[u].pieces.size(); ++p)
        pieces.push_back({units_[u].members[units_[u].pieces[p].members.front()], u, p});
    std::sort(pieces.begin(), pieces.end(), [](const Piece& a, const Piece& b) {
      return std::tie(a.source, a.piece) < std::tie(b.source, b.piece);
    });
    result_.triangles.reserve(mesh_.triangles.size() + pieces.size());
    result_.source.reserve(mesh_.triangles.size() + pieces.size());
    std::size_t next = 0;
    for (std::uint32_t t = 0; t < mesh_.triangles.size(); ++t) {
      if (left_out_[t] != 0) continue;
      if (unit_of_[t] == no_unit || units_[unit_of_[t]].pieces.empty()) {
        add_piece(mesh_.triangles[t], {&t, 1});
        continue;
      }
      for (; next < pieces.size() && pieces[next].source == t; ++next) {
        const Unit& unit = units_[pieces[next].unit];
        const auto& piece = unit.pieces[pieces[next].piece];
        Triangle corners = piece.corners;
        if (turn(unit, t) < 0) std::swap(corners[1], corners[2]);
        std::vector<std::uint32_t> sources;
        for (const auto member : piece.members) sources.push_back(unit.members[member]);
        add_piece(corners, sources);
      }
    }
    result_.input_vertices = mesh_.vertices_mm.size();
    result_.vertices_mm.reserve(points_->size());
    result_.vertices_mm = mesh_.vertices_mm;
    for (auto v = static_cast<std::uint32_t>(result_.input_vertices); v < points_->size(); ++v)
      result_.vertices_mm.push_back(points_->rounded(v));
    result_.exact = points_;
    return std::move(result_);
  }
  [[nodiscard]] int turn(const Unit& unit, std::uint32_t triangle) const {
    const Triangle& t = mesh_.triangles[triangle];
    return points_->orientation(unit.axes, t[0], t[1], t[2]);
  }
  void add_piece(const Triangle& corners, std::span<const std::uint32_t> sources) {
    const auto number = static_cast<std::uint32_t>(result_.triangles.size());
    result_.triangles.push_back(corners);
    result_.source.push_back(sources.front());
    if (sources.size() == 1 && equivalents_.empty()) return;
    std::vector<FurtherSource> further;
    const auto add = [&](std::uint32_t source, bool same) {
      if (source != sources.front()) further.push_back({number, source, same});
      for (auto again = std::lower_bound(equivalents_.begin(), equivalents_.end(), source,
                                         [](const Equivalent&e, std::uint32_t s) { return e.first < s; });
           again != equivalents_.end() && again->first == source; ++again)
        further.push_back({number, again->triangle, again->same_orientation == same});
    };
    for (const auto source : sources) {
      const bool same = source == sources.front() || points_->alike(source, sources.front()) > 0;
      add(source, same);
    }
    std::sort(further.begin(), further.end(),
              [](const FurtherSource& a, const FurtherSource& b) { return a.source < b.source; });
    result_.further_sources.insert(result_.further_sources.end(), further.begin(), further.end());
  }

  std::shared_ptr<ExactPoints> points_;
  const TriangleMesh& mesh_;
  const ArrangementOptions& options_;
  std::vector<std::uint8_t> left_out_;
  SelfIntersections searched_;           // Where they were not known.
  std::vector<Equivalent> equivalents_;  // By the first of their kind.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> overlaps_;
  std::map<std::uint32_t, Marks> marks_;
  std::unordered_map<Edge, std::vector<std::uint32_t>, HashEdge> edge_points_;  // Looked up only.
  std::vector<Unit> units_;
  std::vector<std::uint32_t> unit_of_;  // Of each triangle, or no_unit.
  Arrangement result_;
};

}  // namespace

Arrangement arrange(const TriangleMesh& mesh, const ArrangementOptions& options) {
  check_corners(mesh);
  return Arranger(options.is_welded ? mesh : welded(mesh), options).run();
}

Arrangement as_arrangement(const TriangleMesh& mesh) {
  Arrangement result;
  std::shared_ptr<const ExactPoints> points;
  do_both(
      mesh.triangles.size(), [&] { result = as_it_is(mesh); },
      [&] { points = std::make_shared<ExactPoints>(mesh); });
  result.exact = std::move(points);
  return result;
}

std::array<std::string, 3> exact_coordinates(const Arrangement& arrangement, std::uint32_t vertex) {
  const auto point = arrangement.exact->exact(vertex);
  std::array<std::string, 3> texts;
  for (std::size_t i = 0; i < 3; ++i) {
    std::ostringstream text;
    text << CGAL::Gmpq(point.xyz[i]) / CGAL::Gmpq(point.w);
    texts[i] = text.str();
  }
  return texts;
}

TriangleMesh rounded(const Arrangement& arrangement) {
  return {arrangement.vertices_mm, arrangement.triangles};
}

}  // namespace meshassay::exact
