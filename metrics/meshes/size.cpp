// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/meshes/size.hpp"

#include <cmath>
#include <cstdlib>
#include <limits>

#include "core/edge_table.hpp"
#include "metrics/registry.hpp"
#include "metrics/surface/surface_rows.hpp"

namespace meshassay::metrics {
namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();

// Why the divergence theorem does not hold: every edge must be run equally often both ways.
std::optional<Undefined> why_no_volume(const TriangleMesh& mesh) {
  const EdgeTable edges(welded_without_collapsed(mesh));
  std::size_t odd = 0, unbalanced = 0;
  for (std::size_t e = 0; e < edges.edges(); ++e) {
    int balance = 0;
    for (const EdgeUse& use : edges.edge(e)) balance += use.forward ? 1 : -1;
    if (edges.edge(e).size() % 2 != 0)
      ++odd;
    else if (balance != 0)
      ++unbalanced;
  }
  if (odd > 0) return Undefined{"not_closed", std::to_string(odd) + " edges with an odd number of triangles"};
  if (unbalanced > 0)
    return Undefined{"not_oriented", std::to_string(unbalanced) + " edges where neighbours disagree"};
  return std::nullopt;
}

// The value over the true one, minus 1, with the interval of both.
Measurement relative_error(const MetricDefinition& metric, const Subject& subject, const KnownValue& truth,
                           double value, double half_width) {
  if (truth.value - truth.uncertainty <= 0.0)
    return undefined(metric, subject, {"no_reference", "the true value is not above zero"});
  const double error = value / truth.value - 1.0;
  const double smallest = truth.value - truth.uncertainty, largest = truth.value + truth.uncertainty;
  Measurement row = measured(metric, subject, error);
  // Over both signs of the value, which is negative for a surface that is inside out.
  const double lo = std::min((value - half_width) / largest, (value - half_width) / smallest) - 1.0;
  const double hi = std::max((value + half_width) / largest, (value + half_width) / smallest) - 1.0;
  const double last_bits = 4.0 * epsilon * (1.0 + std::abs(error));
  row.interval = Interval{std::min(lo, error) - last_bits, std::max(hi, error) + last_bits};
  row.sources = {{"rounding", half_width / truth.value + last_bits},
                 {"truth", std::abs(value) * (1.0 / smallest - 1.0 / truth.value)}};
  return row;
}

std::vector<Measurement> rows_of(const SurfaceOfTarget& of) {
  const auto& metrics = size_family().metrics;
  const auto& [trial, target, mesh, subject] = of;
  const SurfaceSize size = surface_size(mesh);
  const Undefined no_reference{"no_reference", "the true value is not known"};
  std::vector<Measurement> rows;
  if (size.volume_mm3)
    rows.push_back(measured_with_rounding(metrics[0], subject, *size.volume_mm3, size.volume_half_width_mm3));
  else
    rows.push_back(undefined(metrics[0], subject, size.why_no_volume));
  rows.push_back(measured_with_rounding(metrics[1], subject, size.area_mm2, size.area_half_width_mm2));
  const auto true_volume = true_volume_mm3(target);
  if (!size.volume_mm3)
    rows.push_back(undefined(metrics[2], subject, size.why_no_volume));
  else if (!true_volume)
    rows.push_back(undefined(metrics[2], subject, no_reference));
  else
    rows.push_back(
        relative_error(metrics[2], subject, *true_volume, *size.volume_mm3, size.volume_half_width_mm3));
  const auto true_area = true_area_mm2(target);
  rows.push_back(
      true_area ? relative_error(metrics[3], subject, *true_area, size.area_mm2, size.area_half_width_mm2)
                : undefined(metrics[3], subject, no_reference));
  return rows;
}

std::vector<Measurement> compute(const Trial& trial, const MetricRequest& request) {
  return rows_a_surface(trial, request, {size_family(), find_surface_with_triangles, rows_of});
}

}  // namespace

SurfaceSize surface_size(const TriangleMesh& mesh) {
  SurfaceSize result;
  if (mesh.triangles.empty()) {  // Nothing has no extent to take rounding from.
    result.volume_mm3 = 0.0;
    return result;
  }
  result.area_mm2 = area_mm2(mesh);
  // Each term is a product of differences, good to a few last bits of the extent squared (or cubed); adding n
  // terms loses n last bits of the sum of their sizes.
  const Box3 box = bounding_box(mesh);
  const double extent_mm = box.diagonal_mm();
  const auto terms = static_cast<double>(mesh.triangles.size());
  double sizes_mm3 = 0.0, edges_mm = 0.0;
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
    const Vector3 a = mesh.corner(t, 0) - box.center_mm();
    const Vector3 b = mesh.corner(t, 1) - box.center_mm();
    const Vector3 c = mesh.corner(t, 2) - box.center_mm();
    sizes_mm3 += a.norm() * b.norm() * c.norm() / 6.0;
    edges_mm += (b - a).norm() * (c - a).norm();
  }
  result.area_half_width_mm2 = epsilon * (terms * result.area_mm2 + 16.0 * edges_mm);
  if (const auto why = why_no_volume(mesh)) {
    result.why_no_volume = *why;
    return result;
  }
  result.volume_mm3 = signed_volume_mm3(mesh);
  // The centre that is taken off is the same for all corners, but each difference is rounded once: as if the
  // corner were moved by that much.
  const double corner_mm = epsilon * (extent_mm + box.center_mm().norm());
  result.volume_half_width_mm3 = epsilon * (terms + 16.0) * sizes_mm3 + corner_mm * result.area_mm2;
  return result;
}

std::optional<KnownValue> true_volume_mm3(const TargetTruth& truth) {
  if (truth.volume_mm3) return truth.volume_mm3;
  if (!truth.surface) return std::nullopt;
  const SurfaceSize size = surface_size(*truth.surface);
  if (!size.volume_mm3) return std::nullopt;
  return KnownValue{*size.volume_mm3,
                    size.volume_half_width_mm3 + truth.surface_chordal_error_mm * size.area_mm2};
}

std::optional<KnownValue> true_area_mm2(const TargetTruth& truth) {
  if (truth.area_mm2) return truth.area_mm2;
  // Nearness bounds a volume, not an area: a mesh that is only near to the truth says nothing of it.
  if (!truth.surface || truth.surface_chordal_error_mm > 0.0) return std::nullopt;
  const SurfaceSize size = surface_size(*truth.surface);
  return KnownValue{size.area_mm2, size.area_half_width_mm2};
}

const MetricFamily& size_family() {
  static const MetricFamily family{
      .name = "size",
      .metrics = {{.id = "size.volume",
                   .unit = "mm3",
                   .is_signed = true,
                   .definition =
                       "Volume that the surface bounds, by the divergence theorem; negative for one "
                       "that is inside out.",
                   .source = "Divergence theorem"},
                  {.id = "size.area",
                   .unit = "mm2",
                   .definition = "Sum of the areas of the triangles.",
                   .source = "MeshAssay"},
                  {.id = "size.volume_error",
                   .unit = "1",
                   .is_signed = true,
                   .definition = "Volume over the true volume, minus 1.",
                   .source = "ISO/IEC 3532-1:2023, 6.5 (title)"},
                  {.id = "size.area_error",
                   .unit = "1",
                   .is_signed = true,
                   .definition = "Area over the true area, minus 1.",
                   .source = "ISO/IEC 3532-1:2023, 6.5 (title)"}},
      .needs = {"surface"},
      .compute = compute};
  return family;
}

}  // namespace meshassay::metrics
