// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference_pipeline/surface_pieces.hpp"

#include <algorithm>
#include <numeric>

namespace meshassay::reference_pipeline {

SurfacePieces find_pieces(const TriangleMesh& mesh) {
  // Union of vertices, each set named by its least vertex.
  std::vector<std::uint32_t> parent(mesh.vertices_mm.size());
  std::iota(parent.begin(), parent.end(), 0U);
  const auto root = [&](std::uint32_t vertex) {
    while (parent[vertex] != vertex) vertex = parent[vertex] = parent[parent[vertex]];
    return vertex;
  };
  for (const auto& triangle : mesh.triangles)
    for (const std::size_t corner : {1UL, 2UL}) {
      const auto a = root(triangle[0]), b = root(triangle[corner]);
      parent[std::max(a, b)] = std::min(a, b);
    }

  SurfacePieces pieces;
  pieces.of_vertex.resize(parent.size());
  for (std::uint32_t vertex = 0; vertex < parent.size(); ++vertex) {
    const auto first = root(vertex);
    pieces.of_vertex[vertex] =
        first == vertex ? static_cast<std::uint32_t>(pieces.count++) : pieces.of_vertex[first];
  }
  return pieces;
}

std::vector<double> piece_volumes_mm3(const TriangleMesh& mesh, const SurfacePieces& pieces) {
  // About the first vertex of each piece, so that a small piece far from the origin keeps its digits.
  std::vector<const Point3*> center(pieces.count, nullptr);
  for (std::size_t vertex = mesh.vertices_mm.size(); vertex-- > 0;)
    center[pieces.of_vertex[vertex]] = &mesh.vertices_mm[vertex];
  std::vector<double> volumes_mm3(pieces.count, 0.0);
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
    const auto piece = pieces.of_vertex[mesh.triangles[t][0]];
    const Vector3 a = mesh.corner(t, 0) - *center[piece];
    const Vector3 b = mesh.corner(t, 1) - *center[piece];
    const Vector3 c = mesh.corner(t, 2) - *center[piece];
    volumes_mm3[piece] += a.dot(b.cross(c)) / 6.0;
  }
  return volumes_mm3;
}

}  // namespace meshassay::reference_pipeline
