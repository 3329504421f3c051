// SPDX-License-Identifier: GPL-3.0-or-later
// Surfaces of zero thickness. Nothing is enclosed, so both sides of everything are seen: all is sheet
// (Definitions 3.8 and 3.9), and a repair must thicken it: score 4 at best.
#include <cmath>
#include <numbers>

#include "phantoms/meshes/building.hpp"
#include "phantoms/meshes/shapes.hpp"

namespace meshassay::phantoms {
namespace {

ExpectedRepair thickened(int parts, int handles) {
  return {.score = 4, .sheets = true, .parts = parts, .handles = handles, .cavities = 0};
}

// Adds a quadrilateral with vertices of its own.
void add_patch(TriangleMesh& mesh, const std::array<Point3, 4>& corners_mm) {
  const auto first = static_cast<std::uint32_t>(mesh.vertices_mm.size());
  mesh.vertices_mm.insert(mesh.vertices_mm.end(), corners_mm.begin(), corners_mm.end());
  add_quad(mesh, {first, first + 1, first + 2, first + 3});
}

// A flat square of cells x cells squares: a disc with one border of 4 x cells edges.
MeshPhantom square(const Parameters& resolved) {
  const auto cells = static_cast<std::uint32_t>(number(resolved, "cells"));
  constexpr double cell_mm = 4.0;
  MeshPhantom phantom;
  for (std::uint32_t j = 0; j <= cells; ++j)
    for (std::uint32_t i = 0; i <= cells; ++i)
      phantom.mesh.vertices_mm.emplace_back(cell_mm * i, cell_mm * j, 0.0);
  for (std::uint32_t j = 0; j < cells; ++j)
    for (std::uint32_t i = 0; i < cells; ++i) {
      const std::uint32_t corner = j * (cells + 1) + i;
      add_quad(phantom.mesh, {corner, corner + 1, corner + cells + 2, corner + cells + 1});
    }
  phantom.expected = open_sheets();
  phantom.counts = no_defects(1);
  phantom.counts.boundary_edges = 4 * cells;
  phantom.counts.boundary_loops = 1;
  phantom.repair = thickened(1, 0);
  return phantom;
}

// A cube of 12 triangles with all z set to 0 (Attene 2018, Section 2). The 8 triangles of the sides have two
// equal corners now; they are segments along the square's border, which the thickened square covers.
//
// Diagonals the same way: floor and lid are the same two triangles. One of each is a square sheet: not
// closed, though every edge of the file has an even number of triangles.
// Diagonals crossed: four different triangles, a flattened tetrahedron: closed and two-manifold, but the
// triangles overlap in the plane.
MeshPhantom flattened(const Parameters& resolved) {
  const bool crossed = text(resolved, "diagonals") == "crossed";
  MeshPhantom phantom;
  add_box(phantom.mesh, cube_mm(Point3::Zero(), 20.0));
  if (crossed) {
    phantom.mesh.triangles[2] = {4, 5, 7};  // The lid, cut from 4 to 7 instead of 5 to 6.
    phantom.mesh.triangles[3] = {4, 7, 6};
  }
  for (auto& vertex : phantom.mesh.vertices_mm) vertex[2] = 0.0;
  auto& row = phantom.expected;
  row = open_sheets();
  row.regular = row.non_degenerate = false;
  phantom.counts = {.irregular = 8, .degenerate = 8, .duplicates = crossed ? 0U : 2U, .components = 1};
  if (crossed) {
    row.closed = row.two_manifold = true;
    row.polyhedron = false;
  } else {
    row.layer = false;
  }
  phantom.repair = thickened(1, 0);
  return phantom;
}

// Pages that share a spine, spread over half a turn. Free edges: three a page; the spine has one triangle of
// each page. The borders are arcs from one end of the spine to the other: pages - 1 independent cycles.
// All pages face the same way round, so the spine is run through one way only: not consistent.
MeshPhantom book(const Parameters& resolved) {
  const auto pages = static_cast<int>(number(resolved, "pages"));
  constexpr double width_mm = 20.0, height_mm = 30.0;
  MeshPhantom phantom;
  phantom.mesh.vertices_mm = {{0.0, 0.0, 0.0}, {0.0, 0.0, height_mm}};
  for (int page = 0; page < pages; ++page) {
    const double angle = std::numbers::pi * page / (pages - 1);
    const Point3 edge_mm = width_mm * Point3(std::cos(angle), std::sin(angle), 0.0);
    const auto first = static_cast<std::uint32_t>(phantom.mesh.vertices_mm.size());
    phantom.mesh.vertices_mm.push_back(edge_mm);
    phantom.mesh.vertices_mm.push_back(edge_mm + Vector3(0.0, 0.0, height_mm));
    add_quad(phantom.mesh, {0, first, first + 1, 1});
  }
  phantom.expected = open_sheets();
  phantom.expected.consistently_oriented = false;
  phantom.counts = no_defects(1);
  phantom.counts.boundary_edges = static_cast<std::size_t>(3 * pages);
  phantom.counts.boundary_loops = static_cast<std::size_t>(pages - 1);
  phantom.repair = thickened(1, 0);
  return phantom;
}

// Two rectangles that meet in a ridge under an acute angle: a disc with a border of 6 edges.
MeshPhantom roof(const Parameters& resolved) {
  const double half_angle = 0.5 * number(resolved, "angle_deg") * std::numbers::pi / 180.0;
  constexpr double slope_mm = 25.0, length_mm = 40.0;
  const double across_mm = slope_mm * std::sin(half_angle), down_mm = slope_mm * std::cos(half_angle);
  MeshPhantom phantom;
  phantom.mesh.vertices_mm = {{0.0, 0.0, 0.0},
                              {0.0, length_mm, 0.0},
                              {-across_mm, 0.0, -down_mm},
                              {-across_mm, length_mm, -down_mm},
                              {across_mm, 0.0, -down_mm},
                              {across_mm, length_mm, -down_mm}};
  add_quad(phantom.mesh, {0, 1, 3, 2});
  add_quad(phantom.mesh, {1, 0, 4, 5});
  phantom.expected = open_sheets();
  phantom.counts = no_defects(1);
  phantom.counts.boundary_edges = 6;
  phantom.counts.boundary_loops = 1;
  phantom.repair = thickened(1, 0);
  return phantom;
}

// A lamp as people draw it (an analogue of the Princeton lamp of Attene 2018, Table 1; not the paper's
// model): an octagon as base, a stem of two crossed rectangles that pierces it, a shade open above and below,
// a crossbar that pierces stem and shade. Five sheets; base 8 triangles, stem 4, shade 16, bar 2.
// Borders: base 8 edges, stem 2 x 4, shade 8 + 8, bar 4: 36 in 6 loops. Nothing is enclosed.
// Thickened: base, stem and bar hang together as a tree (each pair meets in one connected cross); the shade
// is a ring, one handle; the bar meets it twice and hangs together: one handle more.
MeshPhantom a_lamp(const Parameters&) {
  constexpr std::uint32_t sides = 8;
  MeshPhantom phantom;
  auto& mesh = phantom.mesh;
  const auto circle = [&](double radius_mm, double z_mm) {
    const auto first = static_cast<std::uint32_t>(mesh.vertices_mm.size());
    for (std::uint32_t i = 0; i < sides; ++i) {
      const double angle = 2.0 * std::numbers::pi * (i + 0.5) / sides;
      mesh.vertices_mm.emplace_back(radius_mm * std::cos(angle), radius_mm * std::sin(angle), z_mm);
    }
    return first;
  };
  const auto base = circle(16.0, 0.0);
  mesh.vertices_mm.emplace_back(1.0, 0.5, 0.0);  // The fan's middle, off the stem's axis.
  for (std::uint32_t i = 0; i < sides; ++i)
    mesh.triangles.push_back({base + i, base + (i + 1) % sides, base + sides});
  add_patch(mesh, {Point3(-3.0, 0.0, -2.0), {3.0, 0.0, -2.0}, {3.0, 0.0, 40.0}, {-3.0, 0.0, 40.0}});
  add_patch(mesh, {Point3(0.0, -3.0, -3.0), {0.0, 3.0, -3.0}, {0.0, 3.0, 41.0}, {0.0, -3.0, 41.0}});
  const auto low = circle(14.0, 30.0);
  const auto high = circle(7.0, 46.0);
  for (std::uint32_t i = 0; i < sides; ++i) {
    const std::uint32_t next = (i + 1) % sides;
    add_quad(mesh, {low + i, low + next, high + next, high + i});
  }
  add_patch(mesh, {Point3(-20.0, -1.0, 36.0), {20.0, -1.0, 36.0}, {20.0, 1.0, 36.0}, {-20.0, 1.0, 36.0}});
  phantom.expected = open_sheets();
  phantom.expected.polyhedron = false;
  phantom.counts = no_defects(5);
  phantom.counts.boundary_edges = 36;
  phantom.counts.boundary_loops = 6;
  phantom.repair = thickened(1, 2);
  return phantom;
}

}  // namespace

MeshPhantomDefinition open_sheet() {
  return {.id = "open_sheet",
          .asks = "Does a flat open sheet become a plate?",
          .parameters = {{.name = "cells",
                          .default_value = 10.0,
                          .description = "squares along each side",
                          .min = 1.0,
                          .max = 500.0}},
          .make = square};
}

MeshPhantomDefinition flat_cube() {
  return {.id = "flat_cube",
          .asks = "Does a cube flattened to zero thickness become a plate, and not nothing?",
          .parameters = {{.name = "diagonals",
                          .default_value = std::string("same"),
                          .description = "of floor and lid",
                          .choices = {"same", "crossed"}}},
          .make = flattened};
}

MeshPhantomDefinition pages_of_a_book() {
  return {.id = "pages_of_a_book",
          .asks = "Do sheets that share an edge become plates that share it?",
          .parameters = {{.name = "pages",
                          .default_value = 5.0,
                          .description = "sheets at the spine",
                          .min = 3.0,
                          .max = 12.0}},
          .make = book};
}

MeshPhantomDefinition roof_fold() {
  return {.id = "roof_fold",
          .asks = "Does a sheet with a sharp fold become a plate that stays near it at the fold?",
          .parameters = {{.name = "angle_deg",
                          .default_value = 30.0,
                          .description = "between the two slopes",
                          .min = 5.0,
                          .max = 170.0}},
          .make = roof};
}

MeshPhantomDefinition lamp() {
  return {.id = "lamp",
          .asks = "Does a lamp of sheets that cross become one printable part?",
          .parameters = {},
          .make = a_lamp};
}

}  // namespace meshassay::phantoms
