// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bridge_cgal/triangulated_region.hpp"

#include <CGAL/Constrained_Delaunay_triangulation_2.h>
#include <CGAL/Exact_predicates_inexact_constructions_kernel.h>
#include <CGAL/Triangulation_face_base_with_info_2.h>
#include <CGAL/Triangulation_vertex_base_with_info_2.h>

#include <algorithm>
#include <deque>

namespace meshassay {
namespace {

using Kernel = CGAL::Exact_predicates_inexact_constructions_kernel;
using Vertex = CGAL::Triangulation_vertex_base_with_info_2<std::uint32_t, Kernel>;
/// How many boundaries lie between a face and infinity; -1: not yet known.
using Face = CGAL::Triangulation_face_base_with_info_2<int, Kernel,
                                                       CGAL::Constrained_triangulation_face_base_2<Kernel>>;
using Structure = CGAL::Triangulation_data_structure_2<Vertex, Face>;
// Throws where constraints cross: polygons that meet are refused, never mended.
using Triangulation =
    CGAL::Constrained_Delaunay_triangulation_2<Kernel, Structure, CGAL::No_constraint_intersection_tag>;

void count_boundaries(Triangulation& triangulation) {
  for (const auto face : triangulation.all_face_handles()) face->info() = -1;
  std::deque<Triangulation::Face_handle> waiting = {triangulation.infinite_face()};
  waiting.front()->info() = 0;
  while (
      !waiting.empty()) {  // Faces of one depth first: a boundary is crossed only when all before are done.
    const auto face = waiting.front();
    waiting.pop_front();
    for (int side = 0; side < 3; ++side) {
      const auto other = face->neighbor(side);
      if (other->info() >= 0) continue;
      const bool crosses = triangulation.is_constrained({face, side});
      other->info() = face->info() + (crosses ? 1 : 0);
      if (crosses)
        waiting.push_back(other);
      else
        waiting.push_front(other);
    }
  }
}

}  // namespace

std::optional<std::vector<std::array<std::uint32_t, 3>>> triangulated_region(
    std::span<const std::vector<Eigen::Vector2d>> polygons) {
  Triangulation triangulation;
  std::uint32_t count = 0;
  try {
    for (const auto& polygon : polygons) {
      std::vector<Triangulation::Vertex_handle> handles;
      for (const auto& corner : polygon) {
        const auto before = triangulation.number_of_vertices();
        const auto handle = triangulation.insert({corner[0], corner[1]});
        if (triangulation.number_of_vertices() == before) return std::nullopt;
        handle->info() = count++;
        handles.push_back(handle);
      }
      for (std::size_t n = 0; n < handles.size(); ++n)
        triangulation.insert_constraint(handles[n], handles[(n + 1) % handles.size()]);
    }
  } catch (const Triangulation::Intersection_of_constraints_exception&) {
    return std::nullopt;
  }
  if (triangulation.dimension() != 2) return std::nullopt;
  std::size_t edges = 0;
  for (const auto& edge : triangulation.finite_edges())
    if (triangulation.is_constrained(edge)) ++edges;
  if (edges != count) return std::nullopt;  // A corner lies on another polygon's edge and cut it in two.
  count_boundaries(triangulation);
  std::vector<std::array<std::uint32_t, 3>> triangles;
  for (const auto face : triangulation.finite_face_handles()) {
    if (face->info() % 2 == 0) continue;
    std::array<std::uint32_t, 3> corners = {face->vertex(0)->info(), face->vertex(1)->info(),
                                            face->vertex(2)->info()};
    std::rotate(corners.begin(), std::min_element(corners.begin(), corners.end()), corners.end());
    triangles.push_back(corners);
  }
  std::sort(triangles.begin(), triangles.end());
  return triangles;
}

}  // namespace meshassay
