// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bridge_cgal/nearest_point.hpp"

#include <CGAL/AABB_traits.h>
#include <CGAL/AABB_tree.h>
#include <CGAL/AABB_triangle_primitive.h>
#include <CGAL/Exact_predicates_inexact_constructions_kernel.h>

#include <string>
#include <vector>

#include "core/errors.hpp"
#include "core/mesh_check.hpp"

namespace meshassay {
namespace {

using Kernel = CGAL::Exact_predicates_inexact_constructions_kernel;
using Triangles = std::vector<Kernel::Triangle_3>;
using Primitive = CGAL::AABB_triangle_primitive<Kernel, Triangles::const_iterator>;
using AabbTree = CGAL::AABB_tree<CGAL::AABB_traits<Kernel, Primitive>>;

Kernel::Point_3 to_cgal(const Point3& point) { return {point[0], point[1], point[2]}; }

Kernel::Triangle_3 to_cgal(const TriangleMesh& mesh, std::size_t triangle) {
  return {to_cgal(mesh.corner(triangle, 0)), to_cgal(mesh.corner(triangle, 1)),
          to_cgal(mesh.corner(triangle, 2))};
}

}  // namespace

bool is_degenerate(const TriangleMesh& mesh, std::size_t triangle) {
  return to_cgal(mesh, triangle).is_degenerate();
}

struct NearestPoint::Tree {
  Triangles triangles;
  std::vector<std::size_t> ids;  // Of `triangles` in the mesh.
  AabbTree tree;
};

NearestPoint::NearestPoint(const TriangleMesh& mesh) : tree_(std::make_unique<Tree>()) {
  check_corners(mesh);
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
    auto triangle = to_cgal(mesh, t);
    if (triangle.is_degenerate()) continue;
    tree_->triangles.push_back(triangle);
    tree_->ids.push_back(t);
  }
  if (tree_->triangles.empty())
    throw InvalidInput({.what = "a surface to measure distances to is empty",
                        .expected = "at least one triangle with an area",
                        .got = std::to_string(mesh.triangles.size()) + " triangles, none with an area",
                        .mend = "give a surface"});
  tree_->tree.insert(tree_->triangles.cbegin(), tree_->triangles.cend());
  // Both now: built at the first query, they would be built by whichever thread comes first.
  tree_->tree.build();
  tree_->tree.accelerate_distance_queries();
}

NearestPoint::~NearestPoint() = default;
NearestPoint::NearestPoint(NearestPoint&&) noexcept = default;
NearestPoint& NearestPoint::operator=(NearestPoint&&) noexcept = default;

NearestPoint::Result NearestPoint::query(const Point3& point_mm) const {
  const auto [point, primitive] = tree_->tree.closest_point_and_primitive(to_cgal(point_mm));
  const Point3 nearest(point.x(), point.y(), point.z());
  const auto index = static_cast<std::size_t>(primitive - tree_->triangles.cbegin());
  return {.point_mm = nearest, .triangle = tree_->ids[index], .distance_mm = (point_mm - nearest).norm()};
}

}  // namespace meshassay
