// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/meshes/mesh_quality.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "core/edge_table.hpp"
#include "metrics/surface/surface_rows.hpp"

namespace meshassay::metrics {
namespace {

// Smallest value that at least `share` of all do not exceed. Reorders.
double quantile(std::vector<double>& values, double share) {
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size())));
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(rank, 1) - 1);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

double angle_deg(const Vector3& u, const Vector3& v) {
  return std::atan2(u.cross(v).norm(), u.dot(v)) * 180.0 / std::numbers::pi;
}

}  // namespace

std::optional<MeshQuality> mesh_quality(const TriangleMesh& given) {
  const TriangleMesh mesh = welded_without_collapsed(given);
  const double area = area_mm2(mesh);
  if (!(area > 0.0)) return std::nullopt;
  MeshQuality quality{.triangles_per_mm2 = static_cast<double>(mesh.triangles.size()) / area,
                      .angle_min_deg = 180.0};
  const EdgeTable edges(mesh);
  std::vector<double> lengths;
  lengths.reserve(edges.edges());
  for (std::size_t e = 0; e < edges.edges(); ++e) {
    const EdgeUse& use = edges.edge(e).front();
    lengths.push_back((mesh.vertices_mm[use.high] - mesh.vertices_mm[use.low]).norm());
  }
  quality.edge_min_mm = *std::min_element(lengths.begin(), lengths.end());
  quality.edge_max_mm = *std::max_element(lengths.begin(), lengths.end());
  quality.edge_median_mm = quantile(lengths, 0.5);
  std::vector<double> aspects;
  aspects.reserve(mesh.triangles.size());
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
    double longest = 0.0, around = 0.0;
    for (int i = 0; i < 3; ++i) {
      const Point3 &p = mesh.corner(t, i), &q = mesh.corner(t, (i + 1) % 3), &r = mesh.corner(t, (i + 2) % 3);
      const double side = (q - p).norm();
      longest = std::max(longest, side);
      around += side;
      quality.angle_min_deg = std::min(quality.angle_min_deg, angle_deg(q - p, r - p));
    }
    // The inscribed circle's radius is twice the area over the length around.
    const double twice_area = 2.0 * area_vector_mm2(mesh, t).norm();
    aspects.push_back(twice_area > 0.0 ? longest * around / (2.0 * std::numbers::sqrt3 * twice_area)
                                       : std::numeric_limits<double>::infinity());
  }
  const double aspect = quantile(aspects, 0.95);
  if (std::isfinite(aspect)) quality.aspect_p95 = aspect;
  return quality;
}

namespace {

struct Row {
  MetricDefinition definition;
  double MeshQuality::*member;  // Null for aspect_p95.
};

const std::vector<Row>& table() {
  const auto row = [](const char* id, const char* unit, const char* definition, double MeshQuality::*member) {
    return Row{{.id = id, .unit = unit, .definition = definition, .source = "MeshAssay"}, member};
  };
  static const std::vector<Row> rows = {
      row("mesh.density", "1/mm2", "Triangles on one mm2 of the surface, on average.",
          &MeshQuality::triangles_per_mm2),
      row("mesh.edge_min", "mm", "Length of the shortest edge.", &MeshQuality::edge_min_mm),
      row("mesh.edge_median", "mm", "Median of the edges' lengths, each edge once.",
          &MeshQuality::edge_median_mm),
      row("mesh.edge_max", "mm", "Length of the longest edge.", &MeshQuality::edge_max_mm),
      row("mesh.angle_min", "deg", "Smallest angle of a triangle.", &MeshQuality::angle_min_deg),
      row("mesh.aspect_p95", "1",
          "95th percentile over the triangles of the longest side over 2 sqrt(3) times the inscribed radius: "
          "1 "
          "where all are equilateral.",
          nullptr),
  };
  return rows;
}

std::vector<Measurement> rows_of(const SurfaceOfTarget& of) {
  const auto quality = mesh_quality(of.surface);
  if (!quality)
    return all_undefined(mesh_quality_family(), of.subject, {"test_empty", "no triangle has an area"});
  std::vector<Measurement> rows;
  for (const auto& row : table()) {
    const auto value = row.member != nullptr ? std::optional(*quality.*row.member) : quality->aspect_p95;
    rows.push_back(value ? measured(row.definition, of.subject, *value)
                         : undefined(row.definition, of.subject,
                                     {"rank_deficient", "more than 5 % of the triangles have no area"}));
  }
  return rows;
}

std::vector<Measurement> compute(const Trial& trial, const MetricRequest& request) {
  return rows_a_surface(trial, request, {mesh_quality_family(), find_any_surface, rows_of});
}

Measurement file_size_row(const Trial& trial, const MetricRequest& request, const TargetTruth& target) {
  const MetricDefinition& metric = mesh_file_family().metrics[0];
  const Subject subject{surface_stage(request), target_name(trial, target)};
  const auto bytes = find_surface_file_bytes(trial.submissions.front(), request.stage, target.label);
  if (const auto* why = std::get_if<Undefined>(&bytes)) return undefined(metric, subject, *why);
  return measured(metric, subject, static_cast<double>(std::get<std::uint64_t>(bytes)));
}

std::vector<Measurement> compute_file_size(const Trial& trial, const MetricRequest& request) {
  return one_row_a_target(trial, request, file_size_row);
}

}  // namespace

const MetricFamily& mesh_quality_family() {
  static const MetricFamily family{
      .name = "mesh_quality", .metrics = definitions_of(table()), .needs = {"surface"}, .compute = compute};
  return family;
}

const MetricFamily& mesh_file_family() {
  static const MetricFamily family{
      .name = "mesh_file",
      .metrics = {{.id = "mesh.file_bytes",
                   .unit = "1",
                   .definition = "Size in bytes of the file that the surface was read from.",
                   .source = "MeshAssay"}},
      .needs = {"surface"},
      .compute = compute_file_size};
  return family;
}

}  // namespace meshassay::metrics
