// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bridge_cgal/exact_points.hpp"

#include <CGAL/Exact_predicates_inexact_constructions_kernel.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace meshassay::exact {
namespace {

using Kernel = CGAL::Exact_predicates_inexact_constructions_kernel;

// base + offset / w: tighter in intervals than one fraction.
template <typename Number>
struct Offset {
  Triple<Number> base, offset;
  Number w;
};

template <typename Number>
Homogeneous<Number> as_homogeneous(const Offset<Number>& point) {
  return {scaled(point.base, point.w) + point.offset, point.w};
}

template <typename Number>
Offset<Number> evaluate_offset(const ExactPoints& points, const Construction& construction, int axis) {
  const auto& of = construction.of;
  const TriangleMesh& mesh = points.input();
  const auto corner = [&](std::uint32_t triangle, std::size_t i) {
    return points.input_point<Number>(mesh.triangles[triangle][i]);
  };
  switch (construction.kind) {
    case Construction::Kind::edge_face: {
      const auto u = points.input_point<Number>(of[0]), v = points.input_point<Number>(of[1]);
      const auto n = points.normal<Number>(of[2]);
      return {u, scaled(v - u, dot(n, u - corner(of[2], 0))), dot(n, u - v)};
    }
    case Construction::Kind::edge_edge: {
      const auto u = points.input_point<Number>(of[0]), v = points.input_point<Number>(of[1]);
      const auto p = points.input_point<Number>(of[2]), q = points.input_point<Number>(of[3]);
      const auto i = static_cast<std::size_t>((axis + 1) % 3), j = static_cast<std::size_t>((axis + 2) % 3);
      const auto across = [&](const Triple<Number>& d) {
        return (q[i] - p[i]) * d[j] - (q[j] - p[j]) * d[i];
      };
      return {u, scaled(v - u, across(u - p)), across(u - v)};
    }
    case Construction::Kind::three_faces: {
      const auto n0 = points.normal<Number>(of[0]), n1 = points.normal<Number>(of[1]),
                 n2 = points.normal<Number>(of[2]);
      const auto base = corner(of[0], 0);  // On the first plane.
      const Number d1 = dot(n1, corner(of[1], 0) - base), d2 = dot(n2, corner(of[2], 0) - base);
      return {base, scaled(cross(n2, n0), d1) + scaled(cross(n0, n1), d2), dot(n0, cross(n1, n2))};
    }
  }
  throw std::logic_error("a construction of no kind");
}

// Of numbers with w > 0.
template <typename Number>
int sign_of_difference(const Homogeneous<Number>& a, const Homogeneous<Number>& b, std::size_t axis) {
  return to_int(CGAL::sign(a.xyz[axis] * b.w - b.xyz[axis] * a.w));
}

Homogeneous<Ring> of_doubles(const Point3& p) { return {{Ring(p[0]), Ring(p[1]), Ring(p[2])}, Ring(1.0)}; }

double width(const Interval& interval) { return interval.sup() - interval.inf(); }

std::uint64_t mixed(std::uint64_t hash, std::uint64_t word) {
  hash ^= word + 0x9e3779b97f4a7c15ULL + (hash << 6) + (hash >> 2);
  return hash * 0xff51afd7ed558ccdULL;
}

}  // namespace

Construction edge_face(std::uint32_t from, std::uint32_t to, std::uint32_t triangle) {
  return {Construction::Kind::edge_face, {std::min(from, to), std::max(from, to), triangle, 0}};
}

Construction edge_edge(std::uint32_t from, std::uint32_t to, std::uint32_t other_from,
                       std::uint32_t other_to) {
  std::pair one{std::min(from, to), std::max(from, to)};
  std::pair two{std::min(other_from, other_to), std::max(other_from, other_to)};
  if (two < one) std::swap(one, two);
  return {Construction::Kind::edge_edge, {one.first, one.second, two.first, two.second}};
}

Construction three_faces(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
  std::array<std::uint32_t, 4> of{a, b, c, 0};
  std::sort(of.begin(), of.begin() + 3);
  return {Construction::Kind::three_faces, of};
}

ExactPoints::ExactPoints(TriangleMesh mesh) : mesh_(std::move(mesh)) {}

ExactPoints::~ExactPoints() {
  for (const auto& made : made_) delete made.exact.load();
}

std::size_t ExactPoints::HashConstruction::operator()(const Construction& construction) const {
  auto hash = static_cast<std::uint64_t>(construction.kind);
  for (const auto id : construction.of) hash = mixed(hash, id);
  return static_cast<std::size_t>(hash ^ (hash >> 32));
}

std::size_t ExactPoints::HashResidues::operator()(const Residues& residues) const {
  std::uint64_t hash = 0;
  for (const auto word : residues) hash = mixed(hash, word);
  return static_cast<std::size_t>(hash ^ (hash >> 32));
}

void ExactPoints::expect_vertex(std::uint32_t vertex) {
  const auto p = input_point<Residue>(vertex);
  const Residues place{p[0].value(), p[1].value(), p[2].value()};
  const auto [from, to] = by_place_.equal_range(place);
  for (auto at = from; at != to; ++at)
    if (at->second == vertex) return;
  by_place_.emplace(place, vertex);
}

std::uint32_t ExactPoints::add(const Construction& construction) {
  const auto known = by_construction_.find(construction);
  if (known != by_construction_.end()) return known->second;
  const std::uint32_t next = size();
  Made& made = made_.emplace_back();
  made.construction = construction;
  settle(made);
  const Residues place = residues(made);
  std::uint32_t number = next;
  const auto [from, to] = by_place_.equal_range(place);
  for (auto at = from; at != to; ++at)
    if (equal(at->second, next)) number = at->second;
  if (number == next) {
    by_place_.emplace(place, next);
  } else {
    delete made.exact.load();
    made_.pop_back();
  }
  by_construction_.emplace(construction, number);
  return number;
}

int ExactPoints::choose_axis(const Construction& construction) const {
  if (construction.kind != Construction::Kind::edge_edge) return 0;
  // The plane of the lines: where they cross it is not parallel to all axes.
  const auto& of = construction.of;
  const Vector3 normal = (mesh_.vertices_mm[of[1]] - mesh_.vertices_mm[of[0]])
                             .cross(mesh_.vertices_mm[of[3]] - mesh_.vertices_mm[of[2]])
                             .cwiseAbs();
  std::array<int, 3> axes{0, 1, 2};
  std::sort(axes.begin(), axes.end(), [&](int a, int b) { return normal[a] > normal[b]; });
  for (const int axis : axes) {
    const int sign =
        sign_of([&](auto zero) { return evaluate_offset<decltype(zero)>(*this, construction, axis).w; });
    if (sign != 0) return axis;
  }
  throw std::logic_error("parallel lines do not meet in a point");
}

void ExactPoints::settle(Made& made) const {
  const Construction& construction = made.construction;
  made.axis = choose_axis(construction);
  const int sign =
      sign_of([&](auto zero) { return evaluate_offset<decltype(zero)>(*this, construction, made.axis).w; });
  if (sign == 0) throw std::logic_error("parallel planes do not meet in a point");
  made.negative = sign < 0;
  bool narrow = false;
  {
    const UpwardRounding protect;
    const auto point = evaluate_offset<Interval>(*this, construction, made.axis);
    if (!CGAL::is_certain(CGAL::sign(point.w))) {
      for (auto& side : made.box) side = Interval(-1e300, 1e300);
    } else {
      narrow = true;
      for (std::size_t i = 0; i < 3; ++i) {
        made.box[i] = point.base[i] + point.offset[i] / point.w;
        const double size = std::max(std::abs(made.box[i].inf()), std::abs(made.box[i].sup()));
        narrow = narrow && width(made.box[i]) <= 8e-16 * size;
      }
    }
  }
  if (!narrow) {
    const auto exact = as_homogeneous(evaluate_offset<Ring>(*this, construction, made.axis));
    const UpwardRounding protect;
    for (std::size_t i = 0; i < 3; ++i) {
      const auto above = CGAL::to_interval(exact.xyz[i]), below = CGAL::to_interval(exact.w);
      made.box[i] = Interval(above.first, above.second) / Interval(below.first, below.second);
    }
  }
  for (std::size_t i = 0; i < 3; ++i)
    made.rounded[static_cast<Eigen::Index>(i)] =
        made.box[i].inf() + 0.5 * (made.box[i].sup() - made.box[i].inf());
}

ExactPoints::Residues ExactPoints::residues(const Made& made) const {
  const auto point = as_homogeneous(evaluate_offset<Residue>(*this, made.construction, made.axis));
  const Residue inverse = point.w.inverse();
  return {(point.xyz[0] * inverse).value(), (point.xyz[1] * inverse).value(),
          (point.xyz[2] * inverse).value()};
}

Triple<Interval> ExactPoints::box(std::uint32_t point) const {
  if (!is_input(point)) return made_[point - mesh_.vertices_mm.size()].box;
  const Point3& p = mesh_.vertices_mm[point];
  return {Interval(p[0]), Interval(p[1]), Interval(p[2])};
}

Point3 ExactPoints::rounded(std::uint32_t point) const {
  return is_input(point) ? mesh_.vertices_mm[point] : made_[point - mesh_.vertices_mm.size()].rounded;
}

Homogeneous<Ring> ExactPoints::exact(std::uint32_t point) const {
  if (is_input(point)) return of_doubles(mesh_.vertices_mm[point]);
  const Made& made = made_[point - mesh_.vertices_mm.size()];
  if (const auto* known = made.exact.load(std::memory_order_acquire)) return *known;
  auto computed = std::make_unique<Homogeneous<Ring>>(
      as_homogeneous(evaluate_offset<Ring>(*this, made.construction, made.axis)));
  if (made.negative) {
    for (auto& number : computed->xyz) number = -number;
    computed->w = -computed->w;
  }
  const Homogeneous<Ring>* expected = nullptr;
  if (made.exact.compare_exchange_strong(expected, computed.get(), std::memory_order_acq_rel))
    return *computed.release();
  return *expected;
}

int ExactPoints::compare(int axis, std::uint32_t a, std::uint32_t b) const {
  if (a == b) return 0;
  const auto i = static_cast<std::size_t>(axis);
  const Interval one = box(a)[i], other = box(b)[i];
  if (one.inf() > other.sup()) return 1;
  if (one.sup() < other.inf()) return -1;
  if (is_input(a) && is_input(b)) return 0;
  return sign_of_difference(exact(a), exact(b), i);
}

int ExactPoints::orientation(std::array<int, 2> axes, std::uint32_t a, std::uint32_t b,
                             std::uint32_t c) const {
  const auto i = static_cast<std::size_t>(axes[0]), j = static_cast<std::size_t>(axes[1]);
  if (is_input(a) && is_input(b) && is_input(c)) {
    const auto flat = [&](std::uint32_t v) {
      const Point3& p = mesh_.vertices_mm[v];
      return Kernel::Point_2(p[axes[0]], p[axes[1]]);
    };
    return to_int(CGAL::orientation(flat(a), flat(b), flat(c)));
  }
  {
    const UpwardRounding protect;
    const auto p = box(a), q = box(b), r = box(c);
    const Interval area = (q[i] - p[i]) * (r[j] - p[j]) - (q[j] - p[j]) * (r[i] - p[i]);
    if (area.inf() > 0.0) return 1;
    if (area.sup() < 0.0) return -1;
  }
  const auto p = exact(a), q = exact(b), r = exact(c);
  const auto minor = [&](const Homogeneous<Ring>& s, const Homogeneous<Ring>& t) -> Ring {
    return s.xyz[i] * t.xyz[j] - s.xyz[j] * t.xyz[i];
  };
  return to_int(CGAL::sign(Ring(p.w * minor(q, r) + q.w * minor(r, p) + r.w * minor(p, q))));
}

bool ExactPoints::equal(std::uint32_t a, std::uint32_t b) const {
  for (int axis = 0; axis < 3; ++axis)
    if (compare(axis, a, b) != 0) return false;
  return true;
}

int ExactPoints::turn(int axis, std::uint32_t triangle_a, std::uint32_t triangle_b) const {
  const auto i = static_cast<std::size_t>((axis + 1) % 3), j = static_cast<std::size_t>((axis + 2) % 3);
  return sign_of([&](auto zero) {
    const auto a = normal<decltype(zero)>(triangle_a), b = normal<decltype(zero)>(triangle_b);
    return decltype(zero)(a[i] * b[j] - a[j] * b[i]);
  });
}

int ExactPoints::alike(std::uint32_t triangle_a, std::uint32_t triangle_b) const {
  return sign_of(
      [&](auto zero) { return dot(normal<decltype(zero)>(triangle_a), normal<decltype(zero)>(triangle_b)); });
}

Centroid::Centroid(const ExactPoints& points, const Triangle& corners) : points_(points), corners_(corners) {
  const UpwardRounding protect;
  const auto a = points.box(corners[0]), b = points.box(corners[1]), c = points.box(corners[2]);
  for (std::size_t i = 0; i < 3; ++i) box[i] = (a[i] + b[i] + c[i]) / Interval(3.0);
}

Homogeneous<Ring> Centroid::exact() const {
  const auto a = points_.exact(corners_[0]), b = points_.exact(corners_[1]), c = points_.exact(corners_[2]);
  const Ring bc = b.w * c.w, ca = c.w * a.w, ab = a.w * b.w;
  return {scaled(a.xyz, bc) + scaled(b.xyz, ca) + scaled(c.xyz, ab), Ring(3.0) * ab * c.w};
}

int orientation(const Place& a, const Place& b, const Place& c, const Place& d) {
  {
    const UpwardRounding protect;
    const Interval volume = dot(cross(b.box - a.box, c.box - a.box), d.box - a.box);
    if (volume.inf() > 0.0) return 1;
    if (volume.sup() < 0.0) return -1;
  }
  const auto p = a.exact(), q = b.exact(), r = c.exact(), s = d.exact();
  const auto from_p = [&](const Homogeneous<Ring>& x) { return scaled(x.xyz, p.w) - scaled(p.xyz, x.w); };
  return to_int(CGAL::sign(dot(cross(from_p(q), from_p(r)), from_p(s))));
}

}  // namespace meshassay::exact
