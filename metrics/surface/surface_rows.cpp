// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/surface/surface_rows.hpp"

#include <utility>

namespace meshassay::metrics {

std::variant<const TriangleMesh*, Undefined> find_any_surface(const Trial& trial,
                                                              const MetricRequest& request,
                                                              std::uint16_t label) {
  return find_surface(trial.submissions.front(), request.stage, label);
}

std::variant<const TriangleMesh*, Undefined> find_surface_with_triangles(const Trial& trial,
                                                                         const MetricRequest& request,
                                                                         std::uint16_t label) {
  const auto found = find_any_surface(trial, request, label);
  const auto* surface = std::get_if<const TriangleMesh*>(&found);
  if (surface && (*surface)->triangles.empty()) return Undefined{"test_empty", "a surface without triangles"};
  return found;
}

std::vector<Measurement> rows_a_surface(const Trial& trial, const MetricRequest& request,
                                        const SurfaceFamily& of) {
  std::vector<Measurement> of_all;
  for (const auto& target : trial.truth.targets) {
    const Subject subject{surface_stage(request), target_name(trial, target)};
    const auto found = of.find(trial, request, target.label);
    const auto* why = std::get_if<Undefined>(&found);
    auto rows = why ? all_undefined(of.family, subject, *why)
                    : of.rows({trial, target, *std::get<const TriangleMesh*>(found), subject});
    for (auto& row : rows) of_all.push_back(std::move(row));
  }
  return of_all;
}

}  // namespace meshassay::metrics
