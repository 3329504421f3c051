// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference_pipeline/repair/slits.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <utility>

#include "core/exact/box_tree.hpp"

namespace meshassay::reference_pipeline::repair {
namespace {

using Index = std::uint32_t;
using Plane = Eigen::Vector2d;
constexpr double opposite_cosine = -0.999;  // Sides of a slit are parallel within 2.5 degrees.

// A direction that no face of a model is likely to contain: which of two sides of a slit is its floor.
const Vector3 up = Vector3(0.48, 0.6, 0.64);

std::vector<exact::FloatBox> grown_boxes(const TriangleMesh& mesh, double by_mm) {
  std::vector<exact::FloatBox> boxes(mesh.triangles.size());
  for (std::size_t t = 0; t < boxes.size(); ++t) {
    Box3 box;
    for (int i = 0; i < 3; ++i) {
      box.add(mesh.corner(t, i) + Vector3::Constant(by_mm));
      box.add(mesh.corner(t, i) - Vector3::Constant(by_mm));
    }
    boxes[t] = exact::enclosing(box);
  }
  return boxes;
}

double cross(const Plane& a, const Plane& b) { return a[0] * b[1] - a[1] * b[0]; }

// What of a polygon lies to the left of a line.
std::vector<Plane> clipped(const std::vector<Plane>& polygon, const Plane& from, const Plane& to) {
  std::vector<Plane> kept;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const Plane &a = polygon[i], &b = polygon[(i + 1) % polygon.size()];
    const double at_a = cross(to - from, a - from), at_b = cross(to - from, b - from);
    if (at_a >= 0.0) kept.push_back(a);
    if ((at_a > 0.0 && at_b < 0.0) || (at_a < 0.0 && at_b > 0.0))
      kept.push_back(a + at_a / (at_a - at_b) * (b - a));
  }
  return kept;
}

// The least distance, along the floor's normal, of what lies over a triangle to it; infinite where nothing
// does.
class Heights {
 public:
  Heights(const TriangleMesh& mesh, const std::vector<Vector3>& normals) : mesh_(mesh), normals_(normals) {}

  [[nodiscard]] double least_over_mm(Index floor, Index ceiling) const {
    constexpr double nothing = std::numeric_limits<double>::infinity();
    const Vector3& normal = normals_[floor];
    Eigen::Index axis = 0;
    normal.cwiseAbs().minCoeff(&axis);
    const Vector3 u = normal.cross(Vector3::Unit(axis)).normalized(), v = normal.cross(u);
    const Point3& origin = mesh_.corner(floor, 0);
    const auto flat = [&](const Point3& point) {
      return Plane(u.dot(point - origin), v.dot(point - origin));
    };
    std::vector<Plane> over;
    for (int i = 2; i >= 0; --i) over.push_back(flat(mesh_.corner(ceiling, i)));  // It faces down.
    for (int i = 0; i < 3 && !over.empty(); ++i)
      over = clipped(over, flat(mesh_.corner(floor, i)), flat(mesh_.corner(floor, (i + 1) % 3)));
    double area = 0.0, least_mm = nothing, sum_mm = 0.0;
    for (std::size_t i = 0; i < over.size(); ++i) {
      if (i >= 2) area += cross(over[i - 1] - over[0], over[i] - over[0]);
      const Point3 place = origin + over[i][0] * u + over[i][1] * v;
      const double height_mm =
          normals_[ceiling].dot(mesh_.corner(ceiling, 0) - place) / normals_[ceiling].dot(normal);
      least_mm = std::min(least_mm, height_mm);
      sum_mm += height_mm;
    }
    return area > 0.0 && sum_mm > 0.0 ? least_mm : nothing;
  }

 private:
  const TriangleMesh& mesh_;
  const std::vector<Vector3>& normals_;
};

}  // namespace

SheetComplex slit_floors(const TriangleMesh& surface, const std::vector<Vector3>& normals, double width_mm) {
  const exact::BoxTree tree(grown_boxes(surface, 0.5 * width_mm));
  const Heights heights(surface, normals);
  std::vector<bool> is_floor(surface.triangles.size(), false);
  exact::BoxTree::Pairs pairs;
  for (std::size_t block = 0; block < tree.blocks(); ++block) {
    pairs.clear();
    tree.pairs_of_block(block, pairs);
    for (auto [floor, ceiling] : pairs) {
      if (normals[floor].dot(normals[ceiling]) > opposite_cosine) continue;
      if (normals[floor].dot(up) < normals[ceiling].dot(up)) std::swap(floor, ceiling);
      if (!is_floor[floor] && heights.least_over_mm(floor, ceiling) < width_mm) is_floor[floor] = true;
    }
  }
  SheetComplex floors;
  std::vector<Index> number(surface.vertices_mm.size(), std::numeric_limits<Index>::max());
  for (std::size_t t = 0; t < surface.triangles.size(); ++t) {
    if (!is_floor[t]) continue;
    Triangle triangle = surface.triangles[t];
    for (auto& vertex : triangle) {
      if (number[vertex] == std::numeric_limits<Index>::max()) {
        number[vertex] = static_cast<Index>(floors.mesh.vertices_mm.size());
        floors.mesh.vertices_mm.push_back(surface.vertices_mm[vertex]);
      }
      vertex = number[vertex];
    }
    floors.mesh.triangles.push_back(triangle);
    floors.normals.push_back(normals[t]);
  }
  return floors;
}

TriangleMesh widened_slits(const SheetComplex& floors, double half_width_mm) {
  TriangleMesh widened = thickened(floors, half_width_mm);
  for (auto& triangle : widened.triangles) std::swap(triangle[1], triangle[2]);
  return widened;
}

}  // namespace meshassay::reference_pipeline::repair
