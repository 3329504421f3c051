// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference_pipeline/repair/perturbation.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/edge_table.hpp"
#include "reference_pipeline/repair/common_offset.hpp"

namespace meshassay::reference_pipeline::repair {
namespace {

constexpr double longest_offset = 2.0;

// In [1, 2), by splitmix64: no two components alike, and the same each time.
double share_of(std::uint64_t component) {
  std::uint64_t z = (component + 1) * 0x9e3779b97f4a7c15ULL;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return 1.0 + static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

// Which way a component grows along its normals; 0: it bounds nothing by itself.
std::vector<int> growth_of(const TriangleMesh& mesh, const EdgeTable& edges,
                           const std::vector<std::uint32_t>& component, std::size_t count) {
  std::vector<int> growth(count, 1);
  for (std::size_t e = 0; e < edges.edges(); ++e) {
    int balance = 0;
    for (const auto& use : edges.edge(e)) balance += use.forward ? 1 : -1;
    if (balance != 0) growth[component[edges.edge(e).front().triangle]] = 0;
  }
  const Point3 center = bounding_box(mesh).center_mm();
  std::vector<double> volume_mm3(count, 0.0);
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
    const Vector3 a = mesh.corner(t, 0) - center, b = mesh.corner(t, 1) - center,
                  c = mesh.corner(t, 2) - center;
    volume_mm3[component[t]] += a.dot(b.cross(c));
  }
  for (std::size_t c = 0; c < count; ++c)
    if (volume_mm3[c] < 0.0) growth[c] = -growth[c];
  return growth;
}

}  // namespace

TriangleMesh grown_apart(const TriangleMesh& given, double least_mm) {
  const TriangleMesh mesh = welded_without_collapsed(given);
  if (mesh.triangles.empty()) return given;
  const EdgeTable edges(mesh);
  const auto component = edges.components(mesh.triangles.size());
  const std::size_t count = *std::max_element(component.begin(), component.end()) + std::size_t{1};
  const auto growth = growth_of(mesh, edges, component, count);
  std::vector<std::vector<Vector3>> normals(mesh.vertices_mm.size());
  std::vector<double> distance_mm(mesh.vertices_mm.size(), 0.0);
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
    const Vector3 area = area_vector_mm2(mesh, t);
    if (area.isZero(0.0)) continue;
    for (const auto vertex : mesh.triangles[t]) {
      normals[vertex].push_back(growth[component[t]] * area.normalized());
      distance_mm[vertex] = growth[component[t]] == 0 ? 0.0 : least_mm * share_of(component[t]);
    }
  }
  TriangleMesh grown = mesh;
  for (std::size_t v = 0; v < grown.vertices_mm.size(); ++v) {
    if (distance_mm[v] == 0.0) continue;
    if (const auto offset = common_offset(normals[v], longest_offset))
      grown.vertices_mm[v] += distance_mm[v] * *offset;
  }
  return welded(grown);
}

TriangleMesh drawn_in(TriangleMesh surface, const std::vector<Vector3>& normals, double by_mm) {
  std::vector<std::vector<Vector3>> about(surface.vertices_mm.size());
  for (std::size_t t = 0; t < surface.triangles.size(); ++t)
    for (const auto vertex : surface.triangles[t]) about[vertex].push_back(normals[t]);
  for (std::size_t v = 0; v < about.size(); ++v)
    if (!about[v].empty())
      if (const auto offset = common_offset(about[v], longest_offset))
        surface.vertices_mm[v] -= by_mm * *offset;
  return surface;
}

}  // namespace meshassay::reference_pipeline::repair
