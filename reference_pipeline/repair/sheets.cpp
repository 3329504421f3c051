// SPDX-License-Identifier: GPL-3.0-or-later
// Triangles that run into each other without a sharp bend are glued; the triangles about a vertex that hang
// together through glued edges form a sector and share one offset on either side. What is not glued ends: its
// plate runs on past the edge. So a smooth sheet becomes one clean surface, and only rims, folds and
// junctions bring overlaps that the arrangement has to resolve.
#include "reference_pipeline/repair/sheets.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numbers>
#include <set>

#include "reference_pipeline/repair/common_offset.hpp"
#include "reference_pipeline/repair/convex_pieces.hpp"

namespace meshassay::reference_pipeline::repair {
namespace {

using Index = std::uint32_t;
constexpr Index none = static_cast<Index>(-1);

// Lengths in units of the half wall.
constexpr double run_on = 0.992;         // Past rims and folds. Less than 1: ends of plates at a right angle
                                         // would lie flush with each other's faces.
constexpr double run_on_root = 0.94;     // Into a solid; on a ridge of 90 degrees 1 would touch its sides.
constexpr double run_on_junction = 0.6;  // Into a plate that passes.
// Height at the end of the run-on: plates that overlap cross, and where a bend reaches a rim, the corner of
// the rim stays within reach. A ball of 0.99 fits beneath while the slope is less than 1 - 0.8575.
constexpr double rim_taper = 0.996;
constexpr double rim_reach = 0.997;   // sqrt(2 - (run_on / cos(arc_step / 2))^2)
constexpr double open_offset = 1.16;  // rim_reach / 0.8575: the longest offset of a sector that ends.
constexpr double ball_radius = 0.993;
constexpr double arc_step_rad = 16.0 * std::numbers::pi / 180.0;  // 1 / cos(8 deg) = 1.0098.
constexpr double reach = std::numbers::sqrt2;
// Bends (cosine of the angle between the planes) that are glued.
constexpr double fold_cosine = -1e-6;      // Where two triangles meet: up to a right angle.
constexpr double junction_cosine = 0.866;  // Where more meet, or a solid: 30 degrees.

// A triangle's corner c and its edge c, which runs from corner c to corner c + 1, are numbered 3 t + c.
Index triangle_of(Index corner) { return corner / 3; }
Index next(Index corner) { return corner % 3 == 2 ? corner - 2 : corner + 1; }
Index previous(Index corner) { return corner % 3 == 0 ? corner + 2 : corner - 1; }

struct Sector {
  std::vector<Index> corners;    // In order about the vertex, counter-clockwise in the sector's orientation.
  std::vector<bool> turned;      // Whether the triangle's own orientation is the opposite.
  bool closed = false;           // A full turn; else it ends at two edges.
  Vector3 offset_mm;             // From the vertex to its plus side.
  std::vector<Vector3> outline;  // Of the run-on, from the vertex, from the edge that comes in to the one
                                 // that goes out; one zero where nothing runs on.
};

class Thickener {
 public:
  Thickener(const SheetComplex& sheets, double half_wall_mm) : sheets_(sheets), half_mm_(half_wall_mm) {}

  TriangleMesh run() {
    glue();
    while (make_sectors()) {
    }
    find_outlines();
    emit_plates();
    emit_joints();
    return std::move(out_);
  }

 private:
  [[nodiscard]] Index corners() const { return static_cast<Index>(3 * sheets_.mesh.triangles.size()); }
  [[nodiscard]] Index vertex(Index corner) const {
    return sheets_.mesh.triangles[triangle_of(corner)][corner % 3];
  }
  [[nodiscard]] const Point3& place(Index corner) const { return sheets_.mesh.vertices_mm[vertex(corner)]; }
  [[nodiscard]] const Vector3& normal(Index corner) const { return sheets_.normals[triangle_of(corner)]; }
  [[nodiscard]] Vector3 along(Index edge) const { return (place(next(edge)) - place(edge)).normalized(); }
  // In the triangle's plane, away from it.
  [[nodiscard]] Vector3 outward(Index edge) const { return along(edge).cross(normal(edge)).normalized(); }
  [[nodiscard]] std::pair<Index, Index> ends(Index edge) const {
    return std::minmax(vertex(edge), vertex(next(edge)));
  }
  [[nodiscard]] bool same_direction(Index one, Index other) const { return vertex(one) == vertex(other); }

  // Pairs of triangles about each edge, the flattest first.
  void glue() {
    glued_.assign(corners(), none);
    for (Index edge = 0; edge < corners(); ++edge) edges_[ends(edge)].push_back(edge);
    for (const auto& [key, incident] : edges_) {
      const bool root = std::binary_search(sheets_.roots.begin(), sheets_.roots.end(), key);
      const double least = incident.size() == 2 && !root ? fold_cosine : junction_cosine;
      std::vector<std::tuple<double, Index, Index>> pairs;
      for (std::size_t i = 0; i < incident.size(); ++i)
        for (std::size_t j = i + 1; j < incident.size(); ++j) {
          const double bend = -outward(incident[i]).dot(outward(incident[j]));
          if (bend >= least) pairs.emplace_back(-bend, incident[i], incident[j]);
        }
      std::sort(pairs.begin(), pairs.end());
      for (const auto& [bend, one, other] : pairs)
        if (glued_[one] == none && glued_[other] == none) {
          glued_[one] = other;
          glued_[other] = one;
        }
    }
  }

  void cut(Index edge) {
    const Index other = glued_[edge];
    if (other == none) return;
    glued_[edge] = glued_[other] = none;
  }

  // The corner of the neighbour across `edge`, one of the two edges at `corner`, at the same vertex.
  [[nodiscard]] Index across(Index corner, Index edge) const {
    const Index other = glued_[edge];
    return vertex(other) == vertex(corner) ? other : next(other);
  }

  // The sector of a corner, from one end of it to the other, or all round.
  [[nodiscard]] Sector sector_at(Index start) const {
    // Walks over the edge that comes in (locally): against it, to find where the sector begins.
    const auto walk = [&](Index corner, bool turned, bool forward, auto&& visit) {
      while (true) {
        const bool over_incoming = forward;
        const Index edge = over_incoming != turned ? previous(corner) : corner;
        if (glued_[edge] == none) return false;
        const Index neighbour = glued_[edge];
        const Index there = across(corner, edge);
        turned = turned != same_direction(edge, neighbour);
        corner = there;
        if (corner == start) return true;
        visit(corner, turned);
      }
    };
    Index first = start;
    bool first_turned = false;
    Sector sector;
    sector.closed = walk(start, false, false, [&](Index corner, bool turned) {
      first = corner;
      first_turned = turned;
    });
    if (sector.closed) first = start, first_turned = false;
    sector.corners.push_back(first);
    sector.turned.push_back(first_turned);
    bool turned = first_turned;
    for (Index corner = first;;) {
      const Index edge = turned ? corner : previous(corner);
      if (glued_[edge] == none) break;
      const Index there = across(corner, edge);
      if (there == first) break;
      turned = turned != same_direction(edge, glued_[edge]);
      corner = there;
      sector.corners.push_back(corner);
      sector.turned.push_back(turned);
    }
    return sector;
  }

  [[nodiscard]] std::vector<Vector3> normals_of(const Sector& sector) const {
    std::vector<Vector3> normals;
    for (std::size_t i = 0; i < sector.corners.size(); ++i)
      normals.push_back(sector.turned[i] ? (-normal(sector.corners[i])).eval() : normal(sector.corners[i]));
    return normals;
  }

  // The glued edges of a sector between its corners i and i + 1.
  [[nodiscard]] Index edge_after(const Sector& sector, std::size_t i) const {
    return sector.turned[i] ? sector.corners[i] : previous(sector.corners[i]);
  }

  [[nodiscard]] static double longest_offset(const Sector& sector) {
    return sector.closed ? reach : open_offset;
  }

  // Cuts a sector whose normals spread too far into runs that do not.
  void split(const Sector& sector) {
    const auto normals = normals_of(sector);
    const std::size_t size = normals.size();
    std::size_t begin = 0;
    if (sector.closed) {  // Begin behind the sharpest bend.
      double sharpest = 2.0;
      for (std::size_t i = 0; i < size; ++i) {
        const double cosine = normals[i].dot(normals[(i + 1) % size]);
        if (cosine >= sharpest - 1e-12) continue;
        sharpest = cosine;
        begin = (i + 1) % size;
      }
      cut(edge_after(sector, (begin + size - 1) % size));
    }
    std::vector<Vector3> run;
    for (std::size_t i = 0; i < size; ++i) {
      run.push_back(normals[(begin + i) % size]);
      if (common_offset(run, open_offset)) continue;
      cut(edge_after(sector, (begin + i - 1) % size));
      run = {run.back()};
    }
  }

  // Whether a sector had to be cut: then all are to be made again.
  bool make_sectors() {
    sectors_.clear();
    sector_of_.assign(corners(), none);
    turned_.assign(corners(), false);
    bool cut_one = false;
    for (Index corner = 0; corner < corners(); ++corner) {
      if (sector_of_[corner] != none) continue;
      Sector sector = sector_at(corner);
      for (std::size_t i = 0; i < sector.corners.size(); ++i) {
        sector_of_[sector.corners[i]] = static_cast<Index>(sectors_.size());
        turned_[sector.corners[i]] = sector.turned[i];
      }
      const auto offset = common_offset(normals_of(sector), longest_offset(sector));
      if (offset) {
        sector.offset_mm = half_mm_ * *offset;
      } else {
        split(sector);
        cut_one = true;
      }
      sectors_.push_back(std::move(sector));
    }
    return cut_one;
  }

  // The edges at which a sector ends: the one that comes in (behind its last corner), the one that goes out.
  [[nodiscard]] Index incoming(const Sector& sector) const {
    return edge_after(sector, sector.corners.size() - 1);
  }
  [[nodiscard]] Index outgoing(const Sector& sector) const {
    return sector.turned.front() ? previous(sector.corners.front()) : sector.corners.front();
  }

  [[nodiscard]] double run_on_mm(Index edge) const {
    const auto key = ends(edge);
    if (joints_.contains(key)) return 0.0;
    const auto& incident = edges_.at(key);
    if (std::any_of(incident.begin(), incident.end(), [&](Index other) { return glued_[other] != none; }))
      return run_on_junction * half_mm_;
    if (std::binary_search(sheets_.roots.begin(), sheets_.roots.end(), key)) return run_on_root * half_mm_;
    return run_on * half_mm_;
  }

  void find_outlines() {
    // A slit that ends within a sector: nothing can run on there, a round joint covers the bend.
    for (const auto& sector : sectors_)
      if (!sector.closed && ends(incoming(sector)) == ends(outgoing(sector)) && sector.corners.size() > 1)
        joints_.insert(ends(incoming(sector)));
    for (auto& sector : sectors_)
      if (!sector.closed) sector.outline = outline_of(sector);
  }

  [[nodiscard]] std::vector<Vector3> outline_of(const Sector& sector) const {
    const double in_mm = run_on_mm(incoming(sector)), out_mm = run_on_mm(outgoing(sector));
    const Vector3 in = outward(incoming(sector)), out = outward(outgoing(sector));
    if (in_mm == 0.0 && out_mm == 0.0) return {Vector3::Zero()};
    if (in_mm == 0.0 || out_mm == 0.0) return {in_mm * in, out_mm * out};
    double interior = 0.0;
    for (const Index corner : sector.corners) {
      const Vector3 a = along(corner), b = -along(previous(corner));
      interior += std::atan2(a.cross(b).norm(), a.dot(b));
    }
    const double turn = std::numbers::pi - interior;
    if (turn < 0.0) {  // A notch: the lines meet outside, or do not help.
      const double cosine = in.dot(out);
      if (cosine > -0.6 && in_mm == out_mm) return {in_mm * (in + out) / (1.0 + cosine)};
      return {in_mm * in, out_mm * out};
    }
    const double longest = std::max(in_mm, out_mm);
    const Vector3 axis = sector.offset_mm.normalized();
    const int steps = std::max(1, static_cast<int>(std::ceil(turn / arc_step_rad)));
    const double step = turn / steps;
    std::vector<Vector3> outline;
    if (in_mm != out_mm) outline.push_back(in_mm * in);
    for (int i = 0; i < steps; ++i)
      outline.push_back(longest / std::cos(0.5 * step) *
                        (Eigen::AngleAxisd((i + 0.5) * step, axis) * in).normalized());
    if (in_mm != out_mm) outline.push_back(out_mm * out);
    return outline;
  }

  Index add(const Point3& point) {
    out_.vertices_mm.push_back(point);
    return static_cast<Index>(out_.vertices_mm.size() - 1);
  }
  void add(Index a, Index b, Index c) {
    if (a != b && b != c && c != a) out_.triangles.push_back({a, b, c});
  }

  // Vertices of a sector in the output: at the vertex and along its outline, by side.
  struct Made {
    std::array<Index, 2> at_vertex;
    std::array<std::vector<Index>, 2> outline;
  };

  // What an ended edge has at one of its ends, as its triangle sees above and below.
  struct EndPoint {
    Index above, below, outer_above, outer_below;
  };
  [[nodiscard]] EndPoint end_point(Index corner, bool starts_here) const {
    const Made& made = made_[sector_of_[corner]];
    const std::size_t above = turned_[corner] ? 1 : 0, below = 1 - above;
    const bool goes_out = starts_here != turned_[corner];
    const auto pick = [&](const std::vector<Index>& outline) {
      return goes_out ? outline.back() : outline.front();
    };
    return {made.at_vertex[above], made.at_vertex[below], pick(made.outline[above]),
            pick(made.outline[below])};
  }

  void add_wall(Index above_from, Index above_to, Index below_from, Index below_to) {
    add(above_to, above_from, below_from);
    add(above_to, below_from, below_to);
  }

  void emit_plates() {
    for (const auto& sector : sectors_) made_.push_back(make_points(sector));
    for (std::size_t s = 0; s < sectors_.size(); ++s) emit_corner(made_[s]);
    for (Index t = 0; t < sheets_.mesh.triangles.size(); ++t) {
      std::array<Index, 3> above{}, below{};
      for (Index c = 0; c < 3; ++c) {
        const Index corner = 3 * t + c;
        above[c] = made_[sector_of_[corner]].at_vertex[turned_[corner] ? 1 : 0];
        below[c] = made_[sector_of_[corner]].at_vertex[turned_[corner] ? 0 : 1];
      }
      add(above[0], above[1], above[2]);
      add(below[0], below[2], below[1]);
      for (Index edge = 3 * t; edge < 3 * t + 3; ++edge)
        if (glued_[edge] == none) emit_ended_edge(edge);
    }
  }

  Made make_points(const Sector& sector) {
    const Point3& at = place(sector.corners.front());
    Made made;
    for (std::size_t side = 0; side < 2; ++side) {
      const Vector3 offset_mm = side == 0 ? sector.offset_mm : (-sector.offset_mm).eval();
      made.at_vertex[side] = add(at + offset_mm);
      const double taper = std::min(rim_taper, rim_reach * half_mm_ / offset_mm.norm());
      for (const auto& run_on_mm : sector.outline) {
        Vector3 from_vertex_mm = taper * offset_mm + run_on_mm;
        const double farthest_mm = reach * half_mm_;
        if (from_vertex_mm.norm() > farthest_mm) from_vertex_mm *= farthest_mm / from_vertex_mm.norm();
        made.outline[side].push_back(run_on_mm.isZero(0.0) ? made.at_vertex[side] : add(at + from_vertex_mm));
      }
    }
    return made;
  }

  void emit_corner(const Made& made) {
    for (std::size_t i = 0; i + 1 < made.outline[0].size(); ++i) {
      const Index above_from = made.outline[0][i], above_to = made.outline[0][i + 1];
      const Index below_from = made.outline[1][i], below_to = made.outline[1][i + 1];
      add(made.at_vertex[0], above_from, above_to);
      add(made.at_vertex[1], below_to, below_from);
      add_wall(above_from, above_to, below_from, below_to);
    }
  }

  void emit_ended_edge(Index edge) {
    const EndPoint from = end_point(edge, true), to = end_point(next(edge), false);
    add(to.above, from.above, from.outer_above);
    add(to.above, from.outer_above, to.outer_above);
    add(from.below, to.below, to.outer_below);
    add(from.below, to.outer_below, from.outer_below);
    add_wall(from.outer_above, to.outer_above, from.outer_below, to.outer_below);
  }

  void emit_joints() {
    std::set<Index> ends_of_joints;
    for (const auto& [from, to] : joints_) {
      append(out_, prism(sheets_.mesh.vertices_mm[from], sheets_.mesh.vertices_mm[to],
                         {.inner_radius_mm = ball_radius * half_mm_}));
      ends_of_joints.insert({from, to});
    }
    for (const Index end : ends_of_joints)
      append(out_, icosahedron(sheets_.mesh.vertices_mm[end], ball_radius * half_mm_));
  }

  const SheetComplex& sheets_;
  double half_mm_;
  std::map<std::pair<Index, Index>, std::vector<Index>> edges_;
  std::vector<Index> glued_;  // Of each edge, the neighbour's edge, or none.
  std::vector<Sector> sectors_;
  std::vector<Index> sector_of_;  // Of each corner.
  std::vector<bool> turned_;      // Whether its triangle's orientation is not the sector's.
  std::set<std::pair<Index, Index>> joints_;
  std::vector<Made> made_;
  TriangleMesh out_;
};

}  // namespace

TriangleMesh thickened(const SheetComplex& sheets, double half_wall_mm) {
  return Thickener(sheets, half_wall_mm).run();
}

}  // namespace meshassay::reference_pipeline::repair
