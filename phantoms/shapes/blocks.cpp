// SPDX-License-Identifier: GPL-3.0-or-later
// Shapes with flat faces: cubes, a lattice of struts, convex polyhedra.
#include <array>
#include <cmath>

#include "phantoms/shapes/shapes.hpp"
#include "phantoms/shapes/single_target.hpp"
#include "phantoms/solids/box_union.hpp"
#include "phantoms/solids/convex_polyhedron.hpp"

namespace meshassay::phantoms {
namespace {

constexpr std::array<const char*, 3> axis_names = {"x", "y", "z"};

Box3 cube_of(double half_mm) {
  return {.min_mm = Point3::Constant(-half_mm), .max_mm = Point3::Constant(half_mm)};
}

Solid box_solid(const Box3& box) { return solid_of(BoxUnion(std::span(&box, 1))); }

Phantom make_cube(const Parameters& resolved, const TruthOptions&) {
  const double edge_mm = number(resolved, "edge_mm");
  const double half_mm = 0.5 * edge_mm;
  std::vector<Feature> features;
  for (int axis = 0; axis < 3; ++axis) {
    Vector3 half_extent_mm = Vector3::Constant(0.25 * edge_mm);
    half_extent_mm[axis] = half_mm + std::min(2.0, half_mm);
    const std::string name = axis_names[static_cast<std::size_t>(axis)];
    features.push_back(
        feature_along(axis, "width_" + name, FeatureKind::plate, edge_mm, Point3::Zero(), half_extent_mm));
    int number_of_edge = 1;
    for (const double u : {-half_mm, half_mm})
      for (const double v : {-half_mm, half_mm}) {
        Point3 middle_mm = Point3::Zero();
        middle_mm[(axis + 1) % 3] = u;
        middle_mm[(axis + 2) % 3] = v;
        Vector3 around_mm = Vector3::Constant(0.25 * edge_mm);
        around_mm[axis] = half_mm;
        features.push_back(feature_along(axis, "edge_" + name + "_" + std::to_string(number_of_edge++),
                                         FeatureKind::edge, edge_mm, middle_mm, around_mm));
      }
  }
  return placed_phantom("cube", resolved,
                        truth_of_solid(box_solid(cube_of(half_mm)), {.components = 1}, std::move(features)));
}

Phantom make_hollow_cube(const Parameters& resolved, const TruthOptions&) {
  const double edge_mm = number(resolved, "edge_mm");
  const double wall_mm = number(resolved, "wall_mm");
  require_less(resolved, "wall_mm", 0.5 * edge_mm, "half of edge_mm");
  std::vector<Feature> features;
  const double inner_mm = edge_mm - 2.0 * wall_mm;
  for (int axis = 0; axis < 3; ++axis) {
    Vector3 half_extent_mm = Vector3::Constant(0.25 * inner_mm);
    half_extent_mm[axis] = 0.5 * wall_mm + 0.4 * std::min(wall_mm, inner_mm);
    Point3 center_mm = Point3::Zero();
    center_mm[axis] = 0.5 * (edge_mm - wall_mm);
    features.push_back(feature_along(axis, std::string("wall_") + axis_names[static_cast<std::size_t>(axis)],
                                     FeatureKind::plate, wall_mm, center_mm, half_extent_mm));
  }
  return placed_phantom(
      "hollow_cube", resolved,
      truth_of_solid(with_cavities(box_solid(cube_of(0.5 * edge_mm)), {box_solid(cube_of(0.5 * inner_mm))}),
                     {.components = 1, .handles = 0, .cavities = 1}, std::move(features)));
}

Phantom make_strut_lattice(const Parameters& resolved, const TruthOptions&) {
  const int cells = whole_number(resolved, "cells");
  const double strut_mm = number(resolved, "strut_mm");
  const double pitch_mm = number(resolved, "pitch_mm");
  require_less(resolved, "strut_mm", pitch_mm, "pitch_mm, else there is no opening");
  const double half_mm = 0.5 * (cells * pitch_mm + strut_mm);
  // Coordinates are computed once, so that struts share them to the last bit.
  std::vector<double> begin_mm;
  for (int n = 0; n <= cells; ++n) begin_mm.push_back(-half_mm + n * pitch_mm);
  std::vector<Box3> boxes;
  for (int axis = 0; axis < 3; ++axis)
    for (const double u_mm : begin_mm)
      for (const double v_mm : begin_mm) {
        Box3 box = cube_of(half_mm);
        box.min_mm[(axis + 1) % 3] = u_mm;
        box.max_mm[(axis + 1) % 3] = u_mm + strut_mm;
        box.min_mm[(axis + 2) % 3] = v_mm;
        box.max_mm[(axis + 2) % 3] = v_mm + strut_mm;
        box.max_mm[axis] = begin_mm.back() + strut_mm;
        boxes.push_back(box);
      }
  // The lattice is a graph: (n + 1)^3 nodes, 3 n (n + 1)^2 struts, handles = struts - nodes + 1. The struts
  // at the upper left of the middle of each axis are features.
  const int nodes = (cells + 1) * (cells + 1) * (cells + 1);
  const int struts = 3 * cells * (cells + 1) * (cells + 1);
  std::vector<Feature> features;
  const double opening_mm = pitch_mm - strut_mm;
  for (int axis = 0; axis < 3; ++axis) {
    // Across a strut of the outermost layer, clear of its nodes by a quarter of the opening.
    Point3 center_mm = Point3::Constant(begin_mm[0] + 0.5 * strut_mm);
    const int along = (axis + 1) % 3;
    center_mm[along] = begin_mm[0] + strut_mm + 0.5 * opening_mm;
    Vector3 half_extent_mm = Vector3::Constant(0.25 * strut_mm);
    half_extent_mm[axis] = 0.5 * strut_mm + 0.4 * opening_mm;
    half_extent_mm[along] = 0.25 * opening_mm;
    features.push_back(feature_along(axis, std::string("strut_") + axis_names[static_cast<std::size_t>(axis)],
                                     FeatureKind::plate, strut_mm, center_mm, half_extent_mm));
  }
  return placed_phantom(
      "strut_lattice", resolved,
      truth_of_solid(solid_of(BoxUnion(boxes)), {.components = 1, .handles = struts - nodes + 1},
                     std::move(features)));
}

Phantom make_chamfered_cube(const Parameters& resolved, const TruthOptions&) {
  const double edge_mm = number(resolved, "edge_mm");
  const double chamfer_mm = number(resolved, "chamfer_mm");
  require_less(resolved, "chamfer_mm", 0.5 * edge_mm, "half of edge_mm");
  const double half_mm = 0.5 * edge_mm;
  std::vector<Plane> planes;
  std::vector<Feature> features;
  for (int axis = 0; axis < 3; ++axis) {
    for (const double side : {-1.0, 1.0}) planes.push_back({side * Vector3::Unit(axis), half_mm});
    for (const double u : {-1.0, 1.0})
      for (const double v : {-1.0, 1.0}) {
        const Vector3 normal = u * Vector3::Unit((axis + 1) % 3) + v * Vector3::Unit((axis + 2) % 3);
        planes.push_back({normal.normalized(), (edge_mm - chamfer_mm) / std::sqrt(2.0)});
      }
    Vector3 half_extent_mm = Vector3::Constant(0.5 * (half_mm - chamfer_mm));
    half_extent_mm[axis] = half_mm + std::min(2.0, half_mm);
    features.push_back(feature_along(axis, std::string("width_") + axis_names[static_cast<std::size_t>(axis)],
                                     FeatureKind::plate, edge_mm, Point3::Zero(), half_extent_mm));
  }
  return placed_phantom("chamfered_cube", resolved,
                        truth_of_solid(convex_polyhedron(planes), {.components = 1}, std::move(features)));
}

Phantom make_octahedron(const Parameters& resolved, const TruthOptions&) {
  const double reach_mm = number(resolved, "reach_mm");
  std::vector<Plane> planes;
  for (const double x : {-1.0, 1.0})
    for (const double y : {-1.0, 1.0})
      for (const double z : {-1.0, 1.0})
        planes.push_back({Vector3(x, y, z).normalized(), reach_mm / std::sqrt(3.0)});
  // Opposite faces are parallel, 2 reach / sqrt(3) apart; a face is a triangle of inradius reach / sqrt(6).
  const double width_mm = 2.0 * reach_mm / std::sqrt(3.0);
  const double inradius_mm = reach_mm / std::sqrt(6.0);
  OrientedBox3 region;
  region.axes.col(2) = Vector3(1.0, 1.0, 1.0).normalized();
  region.axes.col(0) = Vector3(1.0, -1.0, 0.0).normalized();
  region.axes.col(1) = region.axes.col(2).cross(region.axes.col(0));
  region.half_extent_mm = {0.5 * inradius_mm, 0.5 * inradius_mm,
                           0.5 * width_mm + std::min(2.0, 0.5 * width_mm)};
  std::vector<Feature> features = {
      {.name = "width", .kind = FeatureKind::plate, .nominal_mm = width_mm, .region = region}};
  return placed_phantom("octahedron", resolved,
                        truth_of_solid(convex_polyhedron(planes), {.components = 1}, std::move(features)));
}

}  // namespace

PhantomDefinition cube() {
  return {
      .id = "cube",
      .asks = "Are the width along each axis and the sharp edges of a block right?",
      .parameters = with_materials({length_parameter("edge_mm", 14.0, "length of the edges", 0.1, 200.0)}),
      .make = make_cube};
}

PhantomDefinition hollow_cube() {
  return {.id = "hollow_cube",
          .asks = "Does a closed box keep its cavity and the thickness of its walls?",
          .parameters =
              with_materials({length_parameter("edge_mm", 14.0, "length of the outer edges", 0.3, 200.0),
                              length_parameter("wall_mm", 2.0, "thickness of the walls", 0.05, 90.0)}),
          .make = make_hollow_cube};
}

PhantomDefinition strut_lattice() {
  return {.id = "strut_lattice",
          .asks = "Is every strut of a lattice there, and every opening?",
          .parameters = with_materials(
              {{.name = "cells",
                .default_value = 2.0,
                .description = "cells along each axis",
                .min = 1.0,
                .max = 4.0},
               length_parameter("strut_mm", 1.5, "thickness of the square struts", 0.05, 50.0),
               length_parameter("pitch_mm", 6.0, "distance of neighbouring struts", 0.1, 100.0)}),
          .make = make_strut_lattice};
}

PhantomDefinition chamfered_cube() {
  return {.id = "chamfered_cube",
          .asks = "Is a small bevel kept, or rounded as if it were an edge?",
          .parameters = with_materials(
              {length_parameter("edge_mm", 14.0, "length of the edges before they are cut", 0.1, 200.0),
               length_parameter("chamfer_mm", 2.0, "cut off each edge, along both faces", 0.02, 90.0)}),
          .make = make_chamfered_cube};
}

PhantomDefinition octahedron() {
  return {.id = "octahedron",
          .asks = "Are faces that no slice is parallel to flat, and their corners sharp?",
          .parameters = with_materials(
              {length_parameter("reach_mm", 10.0, "from the middle to each corner", 0.1, 200.0)}),
          .make = make_octahedron};
}

}  // namespace meshassay::phantoms
