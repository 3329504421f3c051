// SPDX-License-Identifier: GPL-3.0-or-later
#include "phantoms/solids/box_union.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>

#include "core/errors.hpp"
#include "phantoms/solids/octants.hpp"

namespace meshassay::phantoms {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

BoxUnion::BoxUnion(std::span<const Box3> boxes) {
  if (boxes.empty()) throw InvalidInput({.what = "a solid of boxes has no box"});
  for (const auto& box : boxes) {
    const Vector3 size_mm = box.max_mm - box.min_mm;
    if (!size_mm.allFinite() || (size_mm.array() <= 0.0).any())
      throw InvalidInput({.what = "a box of a solid has no volume",
                          .expected = "positive sizes in mm",
                          .got = fmt::format("{} x {} x {}", size_mm[0], size_mm[1], size_mm[2])});
    for (int axis = 0; axis < 3; ++axis) {
      coordinates_mm_[static_cast<std::size_t>(axis)].push_back(box.min_mm[axis]);
      coordinates_mm_[static_cast<std::size_t>(axis)].push_back(box.max_mm[axis]);
    }
  }
  for (auto& list : coordinates_mm_) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
  }
  const auto [nx, ny, nz] = cells();
  for (int k = 0; k < nz; ++k)
    for (int j = 0; j < ny; ++j)
      for (int i = 0; i < nx; ++i) {
        const Point3 low_mm = {coordinates_mm_[0][static_cast<std::size_t>(i)],
                               coordinates_mm_[1][static_cast<std::size_t>(j)],
                               coordinates_mm_[2][static_cast<std::size_t>(k)]};
        // A cell has no coordinate of a box in its inside: its lower corner decides.
        solid_.push_back(std::any_of(boxes.begin(), boxes.end(), [&](const Box3& box) {
          return (low_mm.array() >= box.min_mm.array()).all() && (low_mm.array() < box.max_mm.array()).all();
        }));
      }
  refuse_contacts_without_area();
}

std::array<int, 3> BoxUnion::cells() const {
  return {static_cast<int>(coordinates_mm_[0].size()) - 1, static_cast<int>(coordinates_mm_[1].size()) - 1,
          static_cast<int>(coordinates_mm_[2].size()) - 1};
}

bool BoxUnion::solid(int i, int j, int k) const {
  const auto [nx, ny, nz] = cells();
  if (i < 0 || j < 0 || k < 0 || i >= nx || j >= ny || k >= nz) return false;
  return solid_[(static_cast<std::size_t>(k) * ny + j) * nx + i] != 0;
}

void BoxUnion::refuse_contacts_without_area() const {
  // About each corner of a cell the surface is a disc exactly where the solid octants are one piece through
  // common faces and the empty ones too. Two cells that share an edge or a corner only are two pieces.
  const auto [nx, ny, nz] = cells();
  for (int k = 0; k <= nz; ++k)
    for (int j = 0; j <= ny; ++j)
      for (int i = 0; i <= nx; ++i) {
        const unsigned octants =
            solid_octants([this](int x, int y, int z) { return solid(x, y, z); }, i, j, k);
        if (is_one_piece(octants) && is_one_piece(~octants & 0xffU)) continue;
        throw InvalidInput({.what = "boxes of a solid touch along an edge or at a corner only",
                            .expected = "boxes that share a part of a face, or are apart",
                            .got = fmt::format("a contact at ({}, {}, {}) mm",
                                               coordinates_mm_[0][static_cast<std::size_t>(i)],
                                               coordinates_mm_[1][static_cast<std::size_t>(j)],
                                               coordinates_mm_[2][static_cast<std::size_t>(k)])});
      }
}

std::vector<Box3> BoxUnion::maximal_boxes(bool of_solid) const {
  // Cells -1 and n are the empty space outside the complex; `sum` counts wanted cells below a corner, so that
  // eight look-ups tell whether a whole block is wanted.
  const auto n = cells();
  const std::array<int, 3> m = {n[0] + 2, n[1] + 2, n[2] + 2};
  const auto at = [&](int i, int j, int k) {
    return (static_cast<std::size_t>(k) * (m[1] + 1) + j) * (m[0] + 1) + i;
  };
  std::vector<int> sum(at(m[0], m[1], m[2]) + 1, 0);
  for (int k = 1; k <= m[2]; ++k)
    for (int j = 1; j <= m[1]; ++j)
      for (int i = 1; i <= m[0]; ++i)
        sum[at(i, j, k)] = static_cast<int>(solid(i - 2, j - 2, k - 2) == of_solid) + sum[at(i - 1, j, k)] +
                           sum[at(i, j - 1, k)] + sum[at(i, j, k - 1)] - sum[at(i - 1, j - 1, k)] -
                           sum[at(i - 1, j, k - 1)] - sum[at(i, j - 1, k - 1)] + sum[at(i - 1, j - 1, k - 1)];
  using Corner = std::array<int, 3>;
  const auto filled = [&](const Corner& a, const Corner& b) {
    for (std::size_t axis = 0; axis < 3; ++axis)
      if (a[axis] < 0 || b[axis] > m[axis]) return false;
    const int count = sum[at(b[0], b[1], b[2])] - sum[at(a[0], b[1], b[2])] - sum[at(b[0], a[1], b[2])] -
                      sum[at(b[0], b[1], a[2])] + sum[at(a[0], a[1], b[2])] + sum[at(a[0], b[1], a[2])] +
                      sum[at(b[0], a[1], a[2])] - sum[at(a[0], a[1], a[2])];
    return count == (b[0] - a[0]) * (b[1] - a[1]) * (b[2] - a[2]);
  };
  const auto can_grow = [&](const Corner& a, const Corner& b) {
    for (std::size_t axis = 0; axis < 3; ++axis) {
      Corner lower = a;
      Corner upper = b;
      --lower[axis];
      ++upper[axis];
      if (filled(lower, b) || filled(a, upper)) return true;
    }
    return false;
  };
  const auto coordinate_mm = [&](std::size_t axis, int corner) {
    if (corner == 0) return -infinity;
    if (corner == m[axis]) return infinity;
    return coordinates_mm_[axis][static_cast<std::size_t>(corner - 1)];
  };
  std::vector<Box3> boxes;
  Corner a{};
  Corner b{};
  for (a[2] = 0; a[2] < m[2]; ++a[2])
    for (a[1] = 0; a[1] < m[1]; ++a[1])
      for (a[0] = 0; a[0] < m[0]; ++a[0])
        for (b[2] = a[2] + 1; b[2] <= m[2]; ++b[2])
          for (b[1] = a[1] + 1; b[1] <= m[1]; ++b[1])
            for (b[0] = a[0] + 1; b[0] <= m[0]; ++b[0]) {
              if (!filled(a, b)) break;  // A longer one is not filled either.
              if (can_grow(a, b)) continue;
              boxes.push_back(
                  {.min_mm = {coordinate_mm(0, a[0]), coordinate_mm(1, a[1]), coordinate_mm(2, a[2])},
                   .max_mm = {coordinate_mm(0, b[0]), coordinate_mm(1, b[1]), coordinate_mm(2, b[2])}});
            }
  return boxes;
}

TriangleMesh surface_mesh(const BoxUnion& solid) {
  TriangleMesh mesh;
  const auto& coordinates_mm = solid.coordinates_mm();
  const auto n = solid.cells();
  std::vector<std::uint32_t> ids(static_cast<std::size_t>((n[0] + 1) * (n[1] + 1) * (n[2] + 1)), 0);
  const auto vertex = [&](const std::array<int, 3>& corner) {
    auto& id = ids[(static_cast<std::size_t>(corner[2]) * (n[1] + 1) + corner[1]) * (n[0] + 1) + corner[0]];
    if (id == 0) {  // Numbers are kept plus one: 0 is "not yet used".
      mesh.vertices_mm.emplace_back(coordinates_mm[0][static_cast<std::size_t>(corner[0])],
                                    coordinates_mm[1][static_cast<std::size_t>(corner[1])],
                                    coordinates_mm[2][static_cast<std::size_t>(corner[2])]);
      id = static_cast<std::uint32_t>(mesh.vertices_mm.size());
    }
    return id - 1;
  };
  for (int k = 0; k < n[2]; ++k)
    for (int j = 0; j < n[1]; ++j)
      for (int i = 0; i < n[0]; ++i) {
        if (!solid.solid(i, j, k)) continue;
        for (std::size_t axis = 0; axis < 3; ++axis)
          for (const int side : {0, 1}) {
            std::array<int, 3> neighbour = {i, j, k};
            neighbour[axis] += side == 0 ? -1 : 1;
            if (solid.solid(neighbour[0], neighbour[1], neighbour[2])) continue;
            // The face's corners, counter-clockwise as seen from the side that `axis` points to.
            const std::size_t u = (axis + 1) % 3;
            const std::size_t v = (axis + 2) % 3;
            std::array<std::uint32_t, 4> quad{};
            for (std::size_t c = 0; c < 4; ++c) {
              std::array<int, 3> corner = {i, j, k};
              corner[axis] += side;
              corner[u] += c == 1 || c == 2 ? 1 : 0;
              corner[v] += c >= 2 ? 1 : 0;
              quad[c] = vertex(corner);
            }
            if (side == 0) std::swap(quad[1], quad[3]);
            mesh.triangles.push_back({quad[0], quad[1], quad[2]});
            mesh.triangles.push_back({quad[0], quad[2], quad[3]});
          }
      }
  return mesh;
}

namespace {

// The distance from outside is the smallest to any solid box; from inside, the smallest to any empty box.
// Maximal boxes cover their side, so both are exact, and there are few of them.
struct BoxDistance {
  std::vector<Box3> solid, empty;
};

/// From the box to the point; zero in the box.
Vector3 offset_mm(const Box3& box, const Point3& point) {
  return point - point.cwiseMax(box.min_mm).cwiseMin(box.max_mm);
}

struct Nearest {
  const Box3* box = nullptr;
  double squared_mm2 = infinity;
};

Nearest nearest_of(const std::vector<Box3>& boxes, const Point3& point) {
  Nearest nearest;
  for (const auto& box : boxes) {
    const double squared_mm2 = offset_mm(box, point).squaredNorm();
    if (squared_mm2 >= nearest.squared_mm2) continue;
    nearest = {&box, squared_mm2};
    if (squared_mm2 == 0.0) break;
  }
  return nearest;
}

double signed_distance_mm(const BoxDistance& shape, const Point3& point) {
  const double outside_mm2 = nearest_of(shape.solid, point).squared_mm2;
  if (outside_mm2 > 0.0) return std::sqrt(outside_mm2);
  return 0.0 - std::sqrt(nearest_of(shape.empty, point).squared_mm2);  // 0 - 0 is +0.
}

/// The normal of a face that holds the point, which lies on the surface: of a solid and an empty box that
/// touch there along one axis and overlap along the others.
Vector3 normal_on_surface(const BoxDistance& shape, const Point3& point) {
  for (const auto& inner : shape.solid) {
    if (!offset_mm(inner, point).isZero(0.0)) continue;
    for (const auto& outer : shape.empty) {
      if (!offset_mm(outer, point).isZero(0.0)) continue;
      Vector3 normal = Vector3::Zero();
      int touching = 0;
      for (int axis = 0; axis < 3; ++axis) {
        const bool above = outer.min_mm[axis] == inner.max_mm[axis];
        const bool below = outer.max_mm[axis] == inner.min_mm[axis];
        if (above || below) ++touching;
        if (above) normal[axis] = 1.0;
        if (below) normal[axis] = -1.0;
      }
      if (touching == 1) return normal;
    }
  }
  return Vector3::UnitX();  // Not reached for a point of the surface: some face holds it.
}

Vector3 gradient(const BoxDistance& shape, const Point3& point) {
  const Nearest outside = nearest_of(shape.solid, point);
  if (outside.squared_mm2 > 0.0) return offset_mm(*outside.box, point).normalized();
  const Nearest inside = nearest_of(shape.empty, point);
  if (inside.squared_mm2 > 0.0) return -offset_mm(*inside.box, point).normalized();
  return normal_on_surface(shape, point);
}

/// The face plane next to a point: coordinate along `axis`, outward towards `sign`.
struct FacePlane {
  int axis = 0;
  double sign = 1.0;
  double height_mm = 0.0;  ///< Of the point above the plane.
};

/// Whether a box has a face on the plane, on the given side (-1 below, +1 above), that holds the whole ball's
/// shadow, and is deep enough to hold the ball's part on that side.
bool holds_ball(const Box3& box, const FacePlane& plane, double side, const Point3& center, double ball_mm) {
  const double up = plane.sign * side;  // Into the box, seen along the axis.
  const double face_mm = up > 0.0 ? box.min_mm[plane.axis] : box.max_mm[plane.axis];
  const double far_mm = up > 0.0 ? box.max_mm[plane.axis] : box.min_mm[plane.axis];
  const double plane_mm = center[plane.axis] - plane.sign * plane.height_mm;
  // The plane's coordinate is computed back from the point: allow for its rounding.
  if (std::abs(face_mm - plane_mm) > 1e-9) return false;
  if (std::abs(far_mm - face_mm) < side * plane.height_mm + ball_mm) return false;
  for (int axis = 0; axis < 3; ++axis)
    if (axis != plane.axis &&
        (center[axis] - box.min_mm[axis] < ball_mm || box.max_mm[axis] - center[axis] < ball_mm))
      return false;
  return true;
}

/// How much nearer than the plane a box may be, anywhere in the ball's part on the other side of the plane
/// than the box's own: `side` +1 compares solid boxes above the plane, -1 empty boxes below it.
double excess_mm(const Box3& box, const FacePlane& plane, double side, const Point3& center, double ball_mm) {
  const double up = plane.sign * side;
  const double plane_mm = center[plane.axis] - plane.sign * plane.height_mm;
  // Coordinates along `up`, in which the compared part of the ball is above the plane.
  const double box_top = up > 0.0 ? box.max_mm[plane.axis] : -box.min_mm[plane.axis];
  const double box_bottom = up > 0.0 ? box.min_mm[plane.axis] : -box.max_mm[plane.axis];
  const double plane_level = up * plane_mm;
  if (box_top <= plane_level + 1e-9) return 0.0;  // Wholly beyond the plane: never nearer than it.
  const double lowest = std::min(up * center[plane.axis], plane_level);
  const double slope = box_bottom <= lowest ? std::numbers::sqrt2 : 2.0;
  return side * plane.height_mm - offset_mm(box, center).norm() + slope * ball_mm;
}

// Let n be the outward normal of the face plane nearest to c, h(p) the height of p above the plane, h = h(c)
// = d(c). Suppose that a solid box beneath the plane and an empty box above it both touch the plane wherever
// the ball of radius r casts its shadow, and are deep enough to hold the ball's part on their side. Then for
// p in the ball:
//   h(p) >= 0: p lies in the empty box, so d(p) >= 0, and d(p) <= h(p) by the solid box's face beneath p;
//              d(p) = min over solid boxes S of |p - S|, and those beneath the plane are at least h(p) away.
//   h(p) <= 0: the same with solid and empty exchanged.
// So |d(p) - h(p)| is at most the excess e(p) = |h(p)| - |p - B| of a box B on the wrong side of the plane.
// On the way from c to p, e changes by at most the length of grad|h| - grad|p - B| a mm. Both are unit
// vectors (the second zero in B); while B reaches down to p's level or lower, grad|p - B| has no component
// against n, the angle is at most 90 degrees and the difference at most sqrt 2 long; else at most 2. Hence
// e(p) <= e(c) + slope r. Without those two boxes: 2 r, since both functions have Lipschitz constant 1 and
// agree at c.
double flatness_mm(const BoxDistance& shape, const Point3& center, double ball_mm) {
  const Vector3 normal = gradient(shape, center);
  FacePlane plane;
  if (normal.cwiseAbs().maxCoeff(&plane.axis) != 1.0)
    return 2.0 * ball_mm;  // An edge or a corner is nearest.
  plane.sign = normal[plane.axis];
  plane.height_mm = signed_distance_mm(shape, center);
  const auto holds = [&](const std::vector<Box3>& boxes, double side) {
    return std::any_of(boxes.begin(), boxes.end(),
                       [&](const Box3& box) { return holds_ball(box, plane, side, center, ball_mm); });
  };
  if (!holds(shape.solid, -1.0) || !holds(shape.empty, 1.0)) return 2.0 * ball_mm;
  double largest_mm = 0.0;
  for (const auto& box : shape.solid)
    largest_mm = std::max(largest_mm, excess_mm(box, plane, 1.0, center, ball_mm));
  for (const auto& box : shape.empty)
    largest_mm = std::max(largest_mm, excess_mm(box, plane, -1.0, center, ball_mm));
  return std::min(largest_mm, 2.0 * ball_mm);
}

}  // namespace

ImplicitSurface implicit_surface(const BoxUnion& solid) {
  const BoxDistance shape{solid.maximal_boxes(true), solid.maximal_boxes(false)};
  Box3 bounds;
  for (const auto& box : shape.solid) bounds.add(box);
  return {.signed_distance_mm = [shape](const Point3& point) { return signed_distance_mm(shape, point); },
          .gradient = [shape](const Point3& point) { return gradient(shape, point); },
          .flatness_mm = [shape](const Point3& center,
                                 double ball_mm) { return flatness_mm(shape, center, ball_mm); },
          .bounds_mm = bounds};
}

Solid solid_of(const BoxUnion& boxes) {
  Solid solid{.implicit = implicit_surface(boxes), .surface = surface_mesh(boxes)};
  solid.volume_mm3 = {signed_volume_mm3(solid.surface)};
  solid.area_mm2 = {area_mm2(solid.surface)};
  return solid;
}

}  // namespace meshassay::phantoms
