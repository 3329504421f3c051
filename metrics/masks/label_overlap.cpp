// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/masks/label_overlap.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <queue>
#include <string>
#include <utility>
#include <vector>

#include "core/distance/mesh_distance.hpp"
#include "core/exact/outer_hull.hpp"
#include "metrics/masks/label_pairs.hpp"
#include "metrics/surface/measurable_surface.hpp"

namespace meshassay::metrics {
namespace {

// Of rounded corners, a sum of rounded terms: what that can do, generously.
constexpr double relative_rounding = 1e-9;

TriangleMesh outward(TriangleMesh mesh) {
  if (signed_volume_mm3(mesh) < 0.0)
    for (auto& triangle : mesh.triangles) std::swap(triangle[1], triangle[2]);
  return mesh;
}

TriangleMesh together(TriangleMesh mesh, const TriangleMesh& other) {
  const auto offset = static_cast<std::uint32_t>(mesh.vertices_mm.size());
  mesh.vertices_mm.insert(mesh.vertices_mm.end(), other.vertices_mm.begin(), other.vertices_mm.end());
  for (const auto& [i, j, k] : other.triangles)
    mesh.triangles.push_back({i + offset, j + offset, k + offset});
  return mesh;
}

struct WoundVolume {
  double twice_mm3 = 0.0;  // Of the cells that the surface winds around more than once.
  std::int64_t least = 0, most = 0;
};

std::optional<WoundVolume> wound_volume(const TriangleMesh& mesh) {
  const auto hull = exact::outer_hull(exact::arrange(mesh));
  WoundVolume result;
  for (std::size_t cell = 1; cell < hull.cells.size(); ++cell) {
    if (!hull.cells[cell].winding) return std::nullopt;
    const std::int64_t winding = *hull.cells[cell].winding;
    result.least = std::min(result.least, winding);
    result.most = std::max(result.most, winding);
    if (winding > 1) result.twice_mm3 += hull.cells[cell].volume_mm3;
  }
  return result;
}

// Why the cells of a surface cannot be counted.
std::optional<Undefined> why_no_solid(const TriangleMesh& mesh, const MeshDistance& distance) {
  if (!distance.has_inside())
    return Undefined{"not_closed", "a label's surface is not closed and consistently oriented"};
  if (exact::self_intersections(distance.mesh(), 1).pairs.empty()) return std::nullopt;
  const auto alone = wound_volume(mesh);
  if (!alone) return Undefined{"not_oriented", "a label's surface is not consistently oriented"};
  if (alone->least < 0 || alone->most > 1)
    return Undefined{"not_manifold", "a label's surface overlaps itself"};
  return std::nullopt;
}

Box3 common_box(const TriangleMesh& a, const TriangleMesh& b) {
  Box3 of_a, of_b, common;
  for (const auto& vertex : a.vertices_mm) of_a.add(vertex);
  for (const auto& vertex : b.vertices_mm) of_b.add(vertex);
  common.min_mm = of_a.min_mm.cwiseMax(of_b.min_mm);
  common.max_mm = of_a.max_mm.cwiseMin(of_b.max_mm);
  return common;
}

bool has_volume(const Box3& box) { return (box.max_mm - box.min_mm).minCoeff() > 0.0; }

// A box with what is known of the smaller depth in it.
struct DepthCell {
  Box3 box;
  double upper_mm = 0.0;
  bool operator<(const DepthCell& other) const { return upper_mm < other.upper_mm; }
};

Penetration penetration_of(const MeshDistance& a, const MeshDistance& b, const PenetrationOptions& options) {
  Penetration result;
  const Box3 box = common_box(a.mesh(), b.mesh());
  if (!has_volume(box)) return result;
  double deepest_mm = 0.0;
  std::size_t samples = 0;
  std::priority_queue<DepthCell> open;
  const auto push = [&](const Box3& part) {
    const Point3 center = 0.5 * (part.min_mm + part.max_mm);
    ++samples;
    const double depth_mm = std::min(-a.sample(center).signed_mm, -b.sample(center).signed_mm);
    if (depth_mm > deepest_mm) {
      deepest_mm = depth_mm;
      result.place_mm = center;
    }
    const double upper_mm = depth_mm + 0.5 * (part.max_mm - part.min_mm).norm();
    if (upper_mm > deepest_mm) open.push({part, upper_mm});
  };
  push(box);
  const auto narrow_mm = [&] { return std::max(options.width_mm, options.relative_width * deepest_mm); };
  while (!open.empty() && open.top().upper_mm > deepest_mm + narrow_mm() && samples < options.samples) {
    const DepthCell cell = open.top();
    open.pop();
    int longest = 0;
    (cell.box.max_mm - cell.box.min_mm).maxCoeff(&longest);
    const double middle = 0.5 * (cell.box.min_mm[longest] + cell.box.max_mm[longest]);
    Box3 lower = cell.box, upper = cell.box;
    lower.max_mm[longest] = upper.min_mm[longest] = middle;
    push(lower);
    push(upper);
  }
  const double above_mm = open.empty() ? deepest_mm : std::max(deepest_mm, open.top().upper_mm);
  const double rounding = relative_rounding * (1.0 + above_mm);
  result.depth_mm = {.value = deepest_mm,
                     .ruler = {std::max(0.0, deepest_mm - rounding), above_mm + rounding}};
  return result;
}

std::vector<Measurement> rows_of_pair(const Subject& subject, const TriangleMesh& a, const TriangleMesh& b) {
  const MetricFamily& family = label_overlap_family();
  const auto volume = common_volume_mm3(a, b);
  if (const auto* why = std::get_if<Undefined>(&volume)) return all_undefined(family, subject, *why);
  const double common_mm3 = std::get<double>(volume);
  const double rounding =
      common_mm3 == 0.0
          ? 0.0
          : relative_rounding * (std::abs(signed_volume_mm3(a)) + std::abs(signed_volume_mm3(b)));
  std::vector<Measurement> rows = {measured_with_rounding(family.metrics[0], subject, common_mm3, rounding)};
  rows[0].interval->lo = std::max(0.0, rows[0].interval->lo);
  const Penetration depth =
      common_mm3 == 0.0 ? Penetration{} : penetration_of(MeshDistance(a), MeshDistance(b), {});
  rows.push_back(measured(family.metrics[1], subject, depth.depth_mm.value));
  rows[1].interval = depth.depth_mm.interval(0.0);
  rows[1].sources = {{"search", depth.depth_mm.ruler.hi - depth.depth_mm.value}};
  if (depth.depth_mm.value > 0.0)
    rows[1].witnesses = {
        {"position_mm", std::vector<double>{depth.place_mm[0], depth.place_mm[1], depth.place_mm[2]}}};
  return rows;
}

std::vector<Measurement> compute(const Trial& trial, const MetricRequest& request) {
  return rows_of_surface_pairs(trial, request, rows_of_pair,
                               [](const Subject& subject, const Undefined& why) {
                                 return all_undefined(label_overlap_family(), subject, why);
                               });
}

}  // namespace

std::variant<double, Undefined> common_volume_mm3(const TriangleMesh& a, const TriangleMesh& b) {
  for (const TriangleMesh* mesh : {&a, &b})
    if (const auto why = why_no_solid(*mesh, MeshDistance(*mesh))) return *why;
  if (!has_volume(common_box(a, b))) return 0.0;
  const auto both = wound_volume(together(outward(a), outward(b)));
  if (!both) return Undefined{"not_oriented", "the two surfaces together are not consistently oriented"};
  if (both->least < 0 || both->most > 2)
    return Undefined{"not_oriented", "a part of a label's surface is inside out"};
  return both->twice_mm3;
}

Penetration penetration(const TriangleMesh& a, const TriangleMesh& b, const PenetrationOptions& options) {
  return penetration_of(MeshDistance(a), MeshDistance(b), options);
}

const MetricFamily& label_overlap_family() {
  static const MetricFamily family{
      .name = "label_overlap",
      .metrics =
          {{.id = "labels.overlap_volume",
            .unit = "mm3",
            .definition = "Volume that the surfaces of two labels have in common.",
            .source = "MeshAssay"},
           {.id = "labels.penetration_depth",
            .unit = "mm",
            .definition =
                "Largest over the common part of two labels' solids of the smaller of a point's depths "
                "in the two.",
            .source = "MeshAssay"}},
      .needs = {"surface", "targets>=2"},
      .compute = compute};
  return family;
}

}  // namespace meshassay::metrics
