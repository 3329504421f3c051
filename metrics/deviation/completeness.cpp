// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/deviation/completeness.hpp"

#include <algorithm>

#include "metrics/deviation/deviation_cells.hpp"
#include "metrics/measurement_rows.hpp"
#include "metrics/surface/measurable_surface.hpp"

namespace meshassay::metrics {
namespace {

Measurement row_of_target(const Trial& trial, const MetricRequest& request, const TargetTruth& target) {
  const MetricDefinition& metric = completeness_family().metrics[0];
  const Subject subject{surface_stage(request), target_name(trial, target)};
  if (!target.surface || why_unmeasurable(*target.surface))
    return undefined(metric, subject, {"no_reference", "the truth of this target has no mesh to start from"});
  const auto found = find_measurable_surface(trial, request, target.label);
  if (const auto* why = std::get_if<Undefined>(&found)) return undefined(metric, subject, *why);
  const double implicit_mm = target.implicit ? target.implicit->uncertainty_mm : 0.0;
  const Enclosed fraction =
      completeness(*std::get<const TriangleMesh*>(found), *target.surface,
                   {.tolerance_mm = number(request.parameters, "tolerance_mm"),
                    .reference_half_width_mm = target.surface_chordal_error_mm + implicit_mm});
  Measurement row = measured(metric, subject, fraction.value);
  row.interval = fraction.ruler;
  row.interval_kind = fraction.rigorous ? IntervalKind::enclosure : IntervalKind::expanded_k2;
  row.sources = {{fraction.rigorous ? "quadrature and truth" : "quadrature (estimated) and truth",
                  0.5 * fraction.ruler.width()}};
  return row;
}

std::vector<Measurement> compute(const Trial& trial, const MetricRequest& request) {
  return one_row_a_target(trial, request, row_of_target);
}

}  // namespace

Enclosed completeness(const TriangleMesh& measured_surface, const TriangleMesh& reference,
                      const CompletenessOptions& options) {
  const MeshDistance distance(measured_surface);
  // A distance need not be known better than a small part of the tolerance.
  const MeshField field(distance, 1e-4 * options.tolerance_mm);
  auto cells = make_cells(reference, field);
  const FractionOptions fraction{.width = options.width, .max_bisections = options.max_bisections};
  Enclosed result = area_fraction_within(cells, field, options.tolerance_mm, fraction);
  if (!(options.reference_half_width_mm > 0.0)) return result;
  const double nearer_mm = options.tolerance_mm - options.reference_half_width_mm;
  const double farther_mm = options.tolerance_mm + options.reference_half_width_mm;
  const Enclosed least = area_fraction_within(cells, field, nearer_mm, fraction);
  const Enclosed most = area_fraction_within(cells, field, farther_mm, fraction);
  result.ruler = {std::min(result.ruler.lo, least.ruler.lo), std::max(result.ruler.hi, most.ruler.hi)};
  result.rigorous = result.rigorous && least.rigorous && most.rigorous;
  return result;
}

const MetricFamily& completeness_family() {
  static const MetricFamily family{
      .name = "completeness",
      .metrics = {{.id = "completeness",
                   .unit = "1",
                   .definition = "Fraction of the truth's area that has the measured surface within the "
                                 "tolerance; it falls where a part is missing.",
                   .source = "Knapitsch et al. 2017, eq. 4 (recall), by area"}},
      .needs = {"surface", "reference_surface"},
      .parameters = {{.name = "tolerance_mm",
                      .default_value = 1.0,
                      .description = "distance up to which a point counts as reproduced",
                      .min = 0.0,
                      .max = 1000.0}},
      .id_parameter = "tolerance_mm",
      .compute = compute};
  return family;
}

}  // namespace meshassay::metrics
