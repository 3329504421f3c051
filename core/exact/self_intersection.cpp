// SPDX-License-Identifier: GPL-3.0-or-later
// Candidates by boxes, each pair by the fewest exact predicates that decide it.
#include "core/exact/self_intersection.hpp"

#include <CGAL/Box_intersection_d/Box_with_info_d.h>
#include <CGAL/Exact_predicates_inexact_constructions_kernel.h>
#include <CGAL/box_intersection_d.h>

#include <algorithm>
#include <array>

namespace meshassay::exact {
namespace {

using Kernel = CGAL::Exact_predicates_inexact_constructions_kernel;
using Point = Kernel::Point_3;
using Box = CGAL::Box_intersection_d::Box_with_info_d<double, 3, std::uint32_t>;

struct StopSearch {};

Point to_cgal(const Point3& point) { return {point[0], point[1], point[2]}; }

class Pairs {
 public:
  explicit Pairs(const TriangleMesh& mesh) : mesh_(mesh) {}

  [[nodiscard]] bool meet_wrongly(std::uint32_t first, std::uint32_t second) const {
    // Corners in common come first in both lists.
    Triangle a = mesh_.triangles[first], b = mesh_.triangles[second];
    std::size_t shared = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      const auto found = std::find(b.begin() + static_cast<std::ptrdiff_t>(shared), b.end(), a[i]);
      if (found == b.end()) continue;
      std::swap(a[shared], a[i]);
      std::iter_swap(b.begin() + static_cast<std::ptrdiff_t>(shared), found);
      ++shared;
    }
    switch (shared) {
      case 0: return CGAL::do_intersect(triangle(a), triangle(b));
      case 1:
        return CGAL::do_intersect(segment(a[1], a[2]), triangle(b)) ||
               CGAL::do_intersect(segment(b[1], b[2]), triangle(a));
      case 2: return fold_onto_each_other(a, b[2]);
      default: return false;  // Equivalent triangles: the predicate `layer`.
    }
  }

 private:
  [[nodiscard]] Point point(std::uint32_t vertex) const { return to_cgal(mesh_.vertices_mm[vertex]); }
  [[nodiscard]] Kernel::Triangle_3 triangle(const Triangle& t) const {
    return {point(t[0]), point(t[1]), point(t[2])};
  }
  [[nodiscard]] Kernel::Segment_3 segment(std::uint32_t from, std::uint32_t to) const {
    return {point(from), point(to)};
  }

  // Two triangles on one edge overlap only where they are coplanar and lie on the same side of it.
  [[nodiscard]] bool fold_onto_each_other(const Triangle& a, std::uint32_t opposite) const {
    const Point p = point(a[0]), q = point(a[1]), r = point(a[2]), s = point(opposite);
    return CGAL::orientation(p, q, r, s) == CGAL::COPLANAR &&
           CGAL::coplanar_orientation(p, q, r, s) == CGAL::POSITIVE;
  }

  const TriangleMesh& mesh_;
};

bool is_degenerate(const TriangleMesh& mesh, std::size_t triangle) {
  return CGAL::collinear(to_cgal(mesh.corner(triangle, 0)), to_cgal(mesh.corner(triangle, 1)),
                         to_cgal(mesh.corner(triangle, 2)));
}

std::vector<Box> boxes_of(const TriangleMesh& mesh) {
  std::vector<Box> boxes;
  boxes.reserve(mesh.triangles.size());
  for (std::uint32_t t = 0; t < mesh.triangles.size(); ++t) {
    if (is_degenerate(mesh, t)) continue;
    Box3 box;
    for (int i = 0; i < 3; ++i) box.add(mesh.corner(t, i));
    boxes.emplace_back(CGAL::Bbox_3(box.min_mm[0], box.min_mm[1], box.min_mm[2], box.max_mm[0], box.max_mm[1],
                                    box.max_mm[2]),
                       t);
  }
  return boxes;
}

}  // namespace

std::vector<std::uint32_t> degenerate_triangles(const TriangleMesh& mesh) {
  std::vector<std::uint32_t> found;
  for (std::uint32_t t = 0; t < mesh.triangles.size(); ++t)
    if (is_degenerate(mesh, t)) found.push_back(t);
  return found;
}

SelfIntersections self_intersections(const TriangleMesh& mesh, std::size_t max_pairs) {
  SelfIntersections result;
  const Pairs pairs(mesh);
  auto boxes = boxes_of(mesh);
  try {
    // Closed boxes: triangles that only touch must be seen too.
    CGAL::box_self_intersection_d(
        boxes.begin(), boxes.end(),
        [&](const Box& one, const Box& other) {
          const std::uint32_t first = std::min(one.info(), other.info()),
                              second = std::max(one.info(), other.info());
          if (!pairs.meet_wrongly(first, second)) return;
          result.pairs.emplace_back(first, second);
          if (result.pairs.size() >= max_pairs) throw StopSearch{};
        },
        std::ptrdiff_t{10}, CGAL::Box_intersection_d::CLOSED);
  } catch (const StopSearch&) {
    result.complete = false;
  }
  std::sort(result.pairs.begin(), result.pairs.end());
  return result;
}

}  // namespace meshassay::exact
