// SPDX-License-Identifier: GPL-3.0-or-later
// CGAL's constrained triangulation on numbers of points, its questions answered by our predicates.
#include "core/exact/planar_triangulation.hpp"

#include <CGAL/Constrained_triangulation_2.h>
#include <CGAL/Constrained_triangulation_face_base_2.h>
#include <CGAL/Triangulation_data_structure_2.h>
#include <CGAL/Triangulation_face_base_with_info_2.h>
#include <CGAL/Triangulation_vertex_base_2.h>

#include <algorithm>
#include <stdexcept>
#include <unordered_map>

#include "core/bridge_cgal/exact_points.hpp"

namespace meshassay::exact {
namespace {

struct PointNumber {
  std::uint32_t id = 0;
  friend bool operator==(const PointNumber&, const PointNumber&) = default;
};

// What CGAL asks of points in the plane, by its names.
// NOLINTBEGIN(readability-identifier-naming)
struct Traits {
  const ExactPoints* points = nullptr;
  std::array<int, 2> axes{};

  using Point_2 = PointNumber;
  struct Segment_2 {};
  struct Triangle_2 {};

  struct Compare {
    const ExactPoints* points;
    int axis;
    CGAL::Comparison_result operator()(const Point_2& a, const Point_2& b) const {
      return CGAL::enum_cast<CGAL::Comparison_result>(points->compare(axis, a.id, b.id));
    }
  };
  using Compare_x_2 = Compare;
  using Compare_y_2 = Compare;
  struct Less {
    Compare compare;
    bool operator()(const Point_2& a, const Point_2& b) const { return compare(a, b) == CGAL::SMALLER; }
  };
  using Less_x_2 = Less;
  using Less_y_2 = Less;
  struct Orientation_2 {
    const ExactPoints* points;
    std::array<int, 2> axes;
    CGAL::Orientation operator()(const Point_2& a, const Point_2& b, const Point_2& c) const {
      return CGAL::enum_cast<CGAL::Orientation>(points->orientation(axes, a.id, b.id, c.id));
    }
  };
  struct Construct_point_2 {
    const Point_2& operator()(const Point_2& point) const { return point; }
  };
  struct Construct_segment_2 {
    Segment_2 operator()(const Point_2&, const Point_2&) const { return {}; }
  };
  struct Construct_triangle_2 {
    Triangle_2 operator()(const Point_2&, const Point_2&, const Point_2&) const { return {}; }
  };
  Compare compare_x_2_object() const { return {points, axes[0]}; }
  Compare compare_y_2_object() const { return {points, axes[1]}; }
  Less less_x_2_object() const { return {compare_x_2_object()}; }
  Less less_y_2_object() const { return {compare_y_2_object()}; }
  Orientation_2 orientation_2_object() const { return {points, axes}; }
  Construct_point_2 construct_point_2_object() const { return {}; }
  Construct_segment_2 construct_segment_2_object() const { return {}; }
  Construct_triangle_2 construct_triangle_2_object() const { return {}; }
};
// NOLINTEND(readability-identifier-naming)

using VertexBase = CGAL::Triangulation_vertex_base_2<Traits>;
using FaceBase =
    CGAL::Triangulation_face_base_with_info_2<std::uint32_t, Traits,
                                              CGAL::Constrained_triangulation_face_base_2<Traits>>;
using Triangulation =
    CGAL::Constrained_triangulation_2<Traits, CGAL::Triangulation_data_structure_2<VertexBase, FaceBase>,
                                      CGAL::No_constraint_intersection_requiring_constructions_tag>;
using Vertex = Triangulation::Vertex_handle;
using Face = Triangulation::Face_handle;

class Cutter {
 public:
  Cutter(const ExactPoints& points, const PlanarProblem& problem)
      : points_(points), problem_(problem), triangulation_(Traits{&points, problem.axes}) {}

  std::vector<PlanarPiece> cut() {
    insert();
    improve();
    return flood();
  }

 private:
  void insert() {
    Face near;
    for (const auto id : problem_.vertices) {
      const Vertex vertex = triangulation_.insert(PointNumber{id}, near);
      vertices_.emplace(id, vertex);
      near = vertex->face();
    }
    for (const auto& member : problem_.members)
      for (std::size_t i = 0; i < 3; ++i) constrain(member[i], member[(i + 1) % 3]);
    for (const auto& [from, to] : problem_.constraints) constrain(from, to);
  }
  void constrain(std::uint32_t from, std::uint32_t to) {
    triangulation_.insert_constraint(vertices_.at(from), vertices_.at(to));
  }

  [[nodiscard]] int orientation(Vertex a, Vertex b, Vertex c) const {
    return points_.orientation(problem_.axes, a->point().id, b->point().id, c->point().id);
  }

  // The angle at the apex, as its cotangent, in rounded coordinates.
  [[nodiscard]] double cotangent(Vertex apex, Vertex a, Vertex b) const {
    const Point3 p = points_.rounded(apex->point().id);
    const Vector3 u = points_.rounded(a->point().id) - p, v = points_.rounded(b->point().id) - p;
    const double area = u.cross(v).norm();
    return area > 0.0 ? u.dot(v) / area : 0.0;
  }

  // Flips edges between two flat triangles where the opposite angles sum to more than 180 degrees.
  void improve() {
    std::vector<std::pair<Face, int>> edges;
    for (auto face = triangulation_.finite_faces_begin(); face != triangulation_.finite_faces_end(); ++face)
      for (int i = 0; i < 3; ++i) edges.emplace_back(face, i);
    std::size_t budget = 8 * edges.size();
    while (!edges.empty() && budget-- > 0) {
      const auto [face, i] = edges.back();
      edges.pop_back();
      if (!flip_if_better(face, i)) continue;
      for (const Face changed : {face, face->neighbor(0), face->neighbor(1), face->neighbor(2)})
        if (!triangulation_.is_infinite(changed))
          for (int e = 0; e < 3; ++e) edges.emplace_back(changed, e);
    }
  }
  bool flip_if_better(Face face, int i) {
    const Face other = face->neighbor(i);
    if (face->is_constrained(i) || triangulation_.is_infinite(face) || triangulation_.is_infinite(other))
      return false;
    const Vertex p = face->vertex(i), q = face->vertex(Triangulation::ccw(i)),
                 r = face->vertex(Triangulation::cw(i)), s = other->vertex(other->index(face));
    constexpr double gain = 1e-9;  // So that equal choices do not swing to and fro.
    if (cotangent(p, q, r) + cotangent(s, q, r) > -gain) return false;
    if (orientation(p, q, s) <= 0 || orientation(p, s, r) <= 0) return false;
    // The triangulation turns the edge and leaves the marks of constraints where they were.
    const int j = other->index(face);
    const bool right = face->is_constrained(Triangulation::ccw(i));
    const bool left = other->is_constrained(Triangulation::ccw(j));
    triangulation_.flip(face, i);
    face->set_constraint(i, left);
    face->set_constraint(Triangulation::ccw(i), false);
    other->set_constraint(j, right);
    other->set_constraint(Triangulation::ccw(j), false);
    return true;
  }

  // Fills each member from its boundary inwards.
  std::vector<PlanarPiece> flood() {
    std::vector<Face> faces;
    for (auto face = triangulation_.finite_faces_begin(); face != triangulation_.finite_faces_end(); ++face) {
      face->info() = static_cast<std::uint32_t>(faces.size());
      faces.push_back(face);
    }
    std::vector<std::vector<std::uint32_t>> covers(faces.size());
    std::vector<std::uint32_t> fence(3 * faces.size(), 0), seen(faces.size(), 0);
    std::vector<Face> open;
    for (std::uint32_t m = 0; m < problem_.members.size(); ++m) {
      Triangle corners = problem_.members[m];
      if (points_.orientation(problem_.axes, corners[0], corners[1], corners[2]) < 0)
        std::swap(corners[1], corners[2]);
      const std::uint32_t mark = m + 1;
      open.clear();
      for (std::size_t i = 0; i < 3; ++i) {
        const Vertex end = vertices_.at(corners[(i + 1) % 3]);
        for (Vertex at = vertices_.at(corners[i]); at != end;) {
          const auto [face, edge, next] = step(at, end);
          fence[3 * face->info() + static_cast<std::uint32_t>(edge)] = mark;
          open.push_back(face);
          at = next;
        }
      }
      while (!open.empty()) {
        const Face face = open.back();
        open.pop_back();
        if (seen[face->info()] == mark) continue;
        seen[face->info()] = mark;
        covers[face->info()].push_back(m);
        for (int e = 0; e < 3; ++e)
          if (fence[3 * face->info() + static_cast<std::uint32_t>(e)] != mark)
            open.push_back(face->neighbor(e));
      }
    }
    std::vector<PlanarPiece> pieces;
    for (std::size_t f = 0; f < faces.size(); ++f) {
      if (covers[f].empty()) continue;
      PlanarPiece piece;
      for (int i = 0; i < 3; ++i)
        piece.corners[static_cast<std::size_t>(i)] = faces[f]->vertex(i)->point().id;
      piece.members = std::move(covers[f]);
      pieces.push_back(std::move(piece));
    }
    return pieces;
  }

  struct Step {
    Face face;  // To the left.
    int edge = 0;
    Vertex next;
  };
  [[nodiscard]] Step step(Vertex at, Vertex end) const {
    Step result;
    if (!triangulation_.includes_edge(at, end, result.next, result.face, result.edge))
      throw std::logic_error("an edge of a triangle is missing in its triangulation");
    const int i = result.face->index(at);
    if (result.face->vertex(Triangulation::ccw(i)) != result.next) {
      const Face right = result.face;
      result.face = right->neighbor(result.edge);
      result.edge = result.face->index(right);
    }
    return result;
  }

  const ExactPoints& points_;
  const PlanarProblem& problem_;
  Triangulation triangulation_;
  std::unordered_map<std::uint32_t, Vertex> vertices_;  // Looked up only.
};

}  // namespace

std::vector<PlanarPiece> triangulate(const ExactPoints& points, const PlanarProblem& problem) {
  return Cutter(points, problem).cut();
}

}  // namespace meshassay::exact
