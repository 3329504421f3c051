// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/meshes/mesh_components.hpp"

#include <algorithm>

#include "core/edge_table.hpp"

namespace meshassay::metrics {
namespace {

MeshComponent component_of(const TriangleMesh& part) {
  MeshComponent component{.integrity = mesh_integrity(part), .signed_volume_mm3 = std::nullopt};
  if (component.integrity.closed && component.integrity.consistently_oriented)
    component.signed_volume_mm3 = signed_volume_mm3(part);
  return component;
}

}  // namespace

std::vector<MeshComponent> largest_components(const TriangleMesh& given, std::size_t at_most) {
  const TriangleMesh mesh = welded_without_collapsed(given);
  const auto component = EdgeTable(mesh).components(mesh.triangles.size());
  std::vector<std::vector<Triangle>> parts;
  for (std::size_t t = 0; t < component.size(); ++t) {
    if (component[t] == parts.size()) parts.emplace_back();
    parts[component[t]].push_back(mesh.triangles[t]);
  }
  std::stable_sort(parts.begin(), parts.end(),
                   [](const auto& a, const auto& b) { return a.size() > b.size(); });
  parts.resize(std::min(parts.size(), at_most));
  std::vector<MeshComponent> components;
  for (auto& triangles : parts)
    components.push_back(component_of(welded({mesh.vertices_mm, std::move(triangles)})));
  return components;
}

}  // namespace meshassay::metrics
