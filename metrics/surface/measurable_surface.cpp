// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/surface/measurable_surface.hpp"

#include <string>

#include "core/bridge_cgal/nearest_point.hpp"

namespace meshassay::metrics {

std::optional<Undefined> why_unmeasurable(const TriangleMesh& mesh) {
  bool has_area = false;
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
    for (const auto vertex : mesh.triangles[t]) {
      if (vertex >= mesh.vertices_mm.size())
        return Undefined{"unreadable", "triangle " + std::to_string(t) + " has a vertex that is not there"};
      // Written so that NaN is refused too.
      if (!(mesh.vertices_mm[vertex].cwiseAbs().array() <= 1e9).all())
        return Undefined{"unreadable", "triangle " + std::to_string(t) +
                                           " has a coordinate that is not finite or beyond 1e9 mm"};
    }
    has_area = has_area || (area_vector_mm2(mesh, t).norm() > 0.0 && !is_degenerate(mesh, t));
  }
  if (has_area) return std::nullopt;
  return Undefined{"test_empty", mesh.triangles.empty() ? "no triangles" : "no triangle has an area"};
}

std::variant<const TriangleMesh*, Undefined> find_measurable_surface(const Trial& trial,
                                                                     const MetricRequest& request,
                                                                     std::uint16_t label) {
  const auto found = find_surface(trial.submissions.front(), request.stage, label);
  const auto* surface = std::get_if<const TriangleMesh*>(&found);
  if (!surface) return found;
  if (auto why = why_unmeasurable(**surface)) return *why;
  return found;
}

}  // namespace meshassay::metrics
