// SPDX-License-Identifier: GPL-3.0-or-later
// Points that are given, and points where edges and planes of given triangles meet: each defined by input
// coordinates alone, so that nothing cascades; with an enclosing box for the filters and exact homogeneous
// coordinates where a filter fails.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <unordered_map>
#include <vector>

#include "core/bridge_cgal/exact_numbers.hpp"
#include "core/triangle_mesh.hpp"

namespace meshassay::exact {

/// How a point is made out of input vertices (v) and input triangles (t).
struct Construction {
  enum class Kind : std::uint8_t {
    edge_face,    ///< v0 v1, t2: the line through two vertices meets a triangle's plane.
    edge_edge,    ///< v0 v1, v2 v3: two lines in one plane.
    three_faces,  ///< t0 t1 t2: the planes of three triangles.
  };
  Kind kind = Kind::edge_face;
  std::array<std::uint32_t, 4> of{};
  friend bool operator==(const Construction&, const Construction&) = default;
};

/// An edge and the face that it passes through, and so on, with what is made in its canonical order.
[[nodiscard]] Construction edge_face(std::uint32_t from, std::uint32_t to, std::uint32_t triangle);
[[nodiscard]] Construction edge_edge(std::uint32_t from, std::uint32_t to, std::uint32_t other_from,
                                     std::uint32_t other_to);
[[nodiscard]] Construction three_faces(std::uint32_t a, std::uint32_t b, std::uint32_t c);

/// A place in space: enclosed, and exactly where that is not enough.
class Place {
 public:
  virtual ~Place() = default;
  Triple<Interval> box;                                       ///< Encloses each coordinate.
  [[nodiscard]] virtual Homogeneous<Ring> exact() const = 0;  ///< w > 0
};

class ExactPoints {
 public:
  /// `mesh` is welded.
  explicit ExactPoints(TriangleMesh mesh);
  ~ExactPoints();
  ExactPoints(const ExactPoints&) = delete;
  ExactPoints& operator=(const ExactPoints&) = delete;

  [[nodiscard]] const TriangleMesh& input() const { return mesh_; }
  [[nodiscard]] std::uint32_t size() const {
    return static_cast<std::uint32_t>(mesh_.vertices_mm.size() + made_.size());
  }
  [[nodiscard]] bool is_input(std::uint32_t point) const { return point < mesh_.vertices_mm.size(); }

  /// Constructed points may fall on this input vertex: they get its number then.
  void expect_vertex(std::uint32_t vertex);
  /// The number of the point; points that are equal in space have the same. Not for many threads at once.
  std::uint32_t add(const Construction& construction);

  // What follows may be asked by many threads at once.
  [[nodiscard]] Triple<Interval> box(std::uint32_t point) const;
  [[nodiscard]] Homogeneous<Ring> exact(std::uint32_t point) const;
  [[nodiscard]] Point3 rounded(std::uint32_t point) const;

  /// Sign of a - b along an axis.
  [[nodiscard]] int compare(int axis, std::uint32_t a, std::uint32_t b) const;
  /// Orientation of three points projected on two axes.
  [[nodiscard]] int orientation(std::array<int, 2> axes, std::uint32_t a, std::uint32_t b,
                                std::uint32_t c) const;
  [[nodiscard]] bool equal(std::uint32_t a, std::uint32_t b) const;
  /// Sign of the normals' cross product along an axis: which way and whether the first turns into the second
  /// by less than half a turn.
  [[nodiscard]] int turn(int axis, std::uint32_t triangle_a, std::uint32_t triangle_b) const;
  /// Sign of the normals' dot product.
  [[nodiscard]] int alike(std::uint32_t triangle_a, std::uint32_t triangle_b) const;

  /// Corner `i` of an input triangle and its normal (not of unit length).
  template <typename Number>
  [[nodiscard]] Triple<Number> input_point(std::uint32_t vertex) const {
    const Point3& p = mesh_.vertices_mm[vertex];
    return {Number(p[0]), Number(p[1]), Number(p[2])};
  }
  template <typename Number>
  [[nodiscard]] Triple<Number> normal(std::uint32_t triangle) const {
    const Triangle& t = mesh_.triangles[triangle];
    const auto a = input_point<Number>(t[0]);
    return cross(input_point<Number>(t[1]) - a, input_point<Number>(t[2]) - a);
  }

 private:
  struct Made {
    Construction construction;
    int axis = 0;           // Dropped, for edge_edge.
    bool negative = false;  // w of the formula is.
    Triple<Interval> box;
    Point3 rounded;
    mutable std::atomic<const Homogeneous<Ring>*> exact{nullptr};
  };
  struct HashConstruction {
    std::size_t operator()(const Construction& construction) const;
  };
  using Residues = std::array<std::uint64_t, 3>;
  struct HashResidues {
    std::size_t operator()(const Residues& residues) const;
  };

  template <typename Number>
  [[nodiscard]] Homogeneous<Number> evaluate(const Construction& construction, int axis) const;
  [[nodiscard]] int choose_axis(const Construction& construction) const;
  void settle(Made& made) const;
  [[nodiscard]] Residues residues(const Made& made) const;
  std::uint32_t find_or_insert(const Residues& residues, std::uint32_t point);

  TriangleMesh mesh_;
  std::deque<Made> made_;
  // Looked up only, never walked through.
  std::unordered_map<Construction, std::uint32_t, HashConstruction> by_construction_;
  std::unordered_multimap<Residues, std::uint32_t, HashResidues> by_place_;
};

/// A vertex of an arrangement as a place.
class VertexPlace : public Place {
 public:
  VertexPlace(const ExactPoints& points, std::uint32_t vertex) : points_(points), vertex_(vertex) {
    box = points.box(vertex);
  }
  [[nodiscard]] Homogeneous<Ring> exact() const override { return points_.exact(vertex_); }

 private:
  const ExactPoints& points_;
  std::uint32_t vertex_;
};

/// The centroid of three vertices.
class Centroid : public Place {
 public:
  Centroid(const ExactPoints& points, const Triangle& corners);
  [[nodiscard]] Homogeneous<Ring> exact() const override;

 private:
  const ExactPoints& points_;
  Triangle corners_;
};

/// Any point of doubles.
class GivenPlace : public Place {
 public:
  explicit GivenPlace(const Point3& point) : point_(point) {
    for (int i = 0; i < 3; ++i) box[static_cast<std::size_t>(i)] = Interval(point[i]);
  }
  [[nodiscard]] Homogeneous<Ring> exact() const override {
    return {{Ring(point_[0]), Ring(point_[1]), Ring(point_[2])}, Ring(1.0)};
  }

 private:
  Point3 point_;
};

/// Positive where d is on the side of a, b, c from which they run counter-clockwise.
[[nodiscard]] int orientation(const Place& a, const Place& b, const Place& c, const Place& d);

}  // namespace meshassay::exact
