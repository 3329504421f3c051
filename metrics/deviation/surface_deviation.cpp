// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/deviation/surface_deviation.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "core/errors.hpp"
#include "metrics/deviation/farthest_point.hpp"
#include "metrics/measurement_rows.hpp"
#include "metrics/surface/measurable_surface.hpp"

namespace meshassay::metrics {
namespace {

bool has_mesh(const TargetTruth& truth) { return truth.surface && !why_unmeasurable(*truth.surface); }

double uncertainty_of_implicit(const TargetTruth& truth) {
  return truth.implicit ? truth.implicit->uncertainty_mm : 0.0;
}

void require_measurable(const TriangleMesh& measured_surface, const TargetTruth& truth) {
  if (const auto why = why_unmeasurable(measured_surface))
    throw InvalidInput({.what = "the surface cannot be measured",
                        .expected = "triangles with an area and finite coordinates",
                        .got = why->detail,
                        .mend = "give a surface"});
  if (!truth.implicit && !has_mesh(truth))
    throw InvalidInput({.what = "there is no surface to compare with",
                        .expected = "a truth with an implicit surface or a mesh",
                        .got = "neither",
                        .mend = "give a reference surface"});
}

// What a cell's departure need not be known better than: a small part of the width that is wanted.
double resolution_mm(const SurfaceDeviationOptions& options) { return 0.05 * options.width_mm; }

struct OneWay {
  AreaStatistics statistics;
  GreatestDistance greatest;
};

AreaStatistics statistics_of(std::vector<Cell>& cells, const DistanceField& field, std::size_t max_bisections,
                             const SurfaceDeviationOptions& options) {
  return area_statistics(cells, field, options.percentile,
                         {.width_mm = options.width_mm,
                          .relative_width = options.relative_width_of_means,
                          .max_bisections = max_bisections});
}

RefinementOptions for_extremes(std::size_t max_bisections, const SurfaceDeviationOptions& options) {
  return {.width_mm = options.width_mm,
          .relative_width = options.relative_width_of_extremes,
          .max_bisections = max_bisections};
}

void set_truth_half_width(AreaStatistics& s, double half_width_mm) {
  for (Enclosed* value : {&s.bias_mm, &s.mean_abs_mm, &s.rms_mm, &s.sd_mm, &s.percentile_mm})
    value->truth_half_width = half_width_mm;
}

void set_truth_half_width(OneWay& one_way, double half_width_mm) {
  set_truth_half_width(one_way.statistics, half_width_mm);
  one_way.greatest.distance_mm.truth_half_width = half_width_mm;
}

OneWay measure_to_implicit(const TriangleMesh& surface, const ImplicitSurface& truth,
                           const SurfaceDeviationOptions& options) {
  const ImplicitField field(truth);
  auto cells = make_cells(surface, field);
  OneWay result;
  result.statistics = statistics_of(cells, field, options.max_bisections_implicit, options);
  result.greatest =
      greatest_distance(std::move(cells), field, for_extremes(options.max_bisections_implicit, options));
  set_truth_half_width(result, truth.uncertainty_mm);
  return result;
}

OneWay measure_to_mesh(const MeshDistance& surface, const MeshDistance& mesh, double truth_half_width_mm,
                       const SurfaceDeviationOptions& options) {
  const MeshField field(mesh, resolution_mm(options));
  auto cells = make_cells(surface.mesh(), field);
  OneWay result{
      .statistics = statistics_of(cells, field, options.max_bisections_mesh, options),
      .greatest = farthest_point(surface, mesh, for_extremes(options.max_bisections_mesh, options))};
  set_truth_half_width(result, truth_half_width_mm);
  return result;
}

// The larger of two enclosed numbers.
Enclosed larger(const Enclosed& a, const Enclosed& b) {
  return {.value = std::max(a.value, b.value),
          .ruler = {std::max(a.ruler.lo, b.ruler.lo), std::max(a.ruler.hi, b.ruler.hi)},
          .rigorous = a.rigorous && b.rigorous,
          .truth_half_width = std::max(a.truth_half_width, b.truth_half_width)};
}

Measurement row(const MetricDefinition& metric, const Subject& subject, const Enclosed& enclosed) {
  Measurement result = measured(metric, subject, enclosed.value);
  result.interval = metric.is_signed ? enclosed.interval() : enclosed.interval(0.0);
  result.interval_kind = enclosed.rigorous ? IntervalKind::enclosure : IntervalKind::expanded_k2;
  result.sources = {
      {enclosed.rigorous ? "quadrature" : "quadrature (estimated)", 0.5 * enclosed.ruler.width()},
      {"truth", enclosed.truth_half_width}};
  return result;
}

Measurement row(const MetricDefinition& metric, const Subject& subject, const GreatestDistance& greatest) {
  Measurement result = row(metric, subject, greatest.distance_mm);
  const Point3& place = greatest.place_mm;
  result.witnesses = {{"place_mm", std::vector<double>{place[0], place[1], place[2]}}};
  return result;
}

template <typename Value>
Measurement row(const MetricDefinition& metric, const Subject& subject, const std::optional<Value>& value,
                const Undefined& why_absent) {
  return value ? row(metric, subject, *value) : undefined(metric, subject, why_absent);
}

std::vector<Measurement> rows_of(const SurfaceDeviation& d, const Subject& subject) {
  const auto& metrics = surface_deviation_family().metrics;
  const Undefined no_inside{"reference_not_closed", "the reference is a mesh that has no inside"};
  const Undefined no_mesh{"no_reference", "the truth has no mesh to start from"};
  return {row(metrics[0], subject, d.bias_mm, no_inside),
          row(metrics[1], subject, d.mean_abs_mm),
          row(metrics[2], subject, d.rms_mm),
          row(metrics[3], subject, d.sd_mm, no_inside),
          row(metrics[4], subject, d.percentile_mm),
          row(metrics[5], subject, d.max_test_to_truth),
          row(metrics[6], subject, d.max_truth_to_test, no_mesh),
          row(metrics[7], subject, d.hausdorff_mm, no_mesh),
          row(metrics[8], subject, d.rms_truth_to_test_mm, no_mesh)};
}

std::vector<Measurement> compute(const Trial& trial, const MetricRequest& request) {
  const MetricFamily& family = surface_deviation_family();
  const SurfaceDeviationOptions options{.width_mm = number(request.parameters, "width_mm")};
  std::vector<Measurement> result;
  for (const auto& target : trial.truth.targets) {
    const Subject subject{surface_stage(request), target_name(trial, target)};
    const auto add = [&](std::vector<Measurement> rows) {
      std::move(rows.begin(), rows.end(), std::back_inserter(result));
    };
    if (!target.implicit && !has_mesh(target)) {
      add(all_undefined(family, subject, {"no_reference", "the truth of this target has no surface"}));
      continue;
    }
    const auto found = find_measurable_surface(trial, request, target.label);
    if (const auto* why = std::get_if<Undefined>(&found))
      add(all_undefined(family, subject, *why));
    else
      add(rows_of(surface_deviation(*std::get<const TriangleMesh*>(found), target, options), subject));
  }
  return result;
}

MetricDefinition length(std::string id, std::string definition) {
  return {.id = std::move(id), .unit = "mm", .definition = std::move(definition), .source = "MeshAssay"};
}

}  // namespace

SurfaceDeviation surface_deviation(const TriangleMesh& measured_surface, const TargetTruth& truth,
                                   const SurfaceDeviationOptions& options) {
  require_measurable(measured_surface, truth);
  const double mesh_half_width_mm = uncertainty_of_implicit(truth) + truth.surface_chordal_error_mm;
  SurfaceDeviation result;

  std::optional<MeshDistance> test, reference;
  if (has_mesh(truth)) {
    test.emplace(measured_surface);
    reference.emplace(*truth.surface);
  }
  const OneWay from_test = truth.implicit ? measure_to_implicit(measured_surface, *truth.implicit, options)
                                          : measure_to_mesh(*test, *reference, mesh_half_width_mm, options);
  const bool has_inside = truth.implicit || reference->has_inside();
  const AreaStatistics& s = from_test.statistics;
  if (has_inside) {
    result.bias_mm = s.bias_mm;
    result.sd_mm = s.sd_mm;
  }
  result.mean_abs_mm = s.mean_abs_mm;
  result.rms_mm = s.rms_mm;
  result.percentile_mm = s.percentile_mm;
  result.max_test_to_truth = from_test.greatest;

  if (!reference) return result;
  const OneWay from_truth = measure_to_mesh(*reference, *test, mesh_half_width_mm, options);
  result.rms_truth_to_test_mm = from_truth.statistics.rms_mm;
  result.max_truth_to_test = from_truth.greatest;
  result.hausdorff_mm = larger(from_test.greatest.distance_mm, from_truth.greatest.distance_mm);
  return result;
}

MeanDeviation mean_deviation(const TriangleMesh& measured_surface, const TargetTruth& truth,
                             const SurfaceDeviationOptions& options) {
  require_measurable(measured_surface, truth);
  if (truth.implicit) {
    const ImplicitField field(*truth.implicit);
    auto cells = make_cells(measured_surface, field);
    auto s = statistics_of(cells, field, options.max_bisections_implicit, options);
    set_truth_half_width(s, truth.implicit->uncertainty_mm);
    return {.bias_mm = s.bias_mm, .rms_mm = s.rms_mm};
  }
  const MeshDistance reference(*truth.surface);
  const MeshField field(reference, resolution_mm(options));
  auto cells = make_cells(measured_surface, field);
  auto s = statistics_of(cells, field, options.max_bisections_mesh, options);
  set_truth_half_width(s, truth.surface_chordal_error_mm);
  return {.bias_mm = reference.has_inside() ? std::optional(s.bias_mm) : std::nullopt, .rms_mm = s.rms_mm};
}

const MetricFamily& surface_deviation_family() {
  static const MetricFamily family = [] {
    MetricFamily f{
        .name = "surface_deviation",
        .metrics = {length("deviation.bias",
                           "Mean over the measured surface of the signed distance to the truth; positive "
                           "outside, where material was added."),
                    length("deviation.mean_abs",
                           "Mean over the measured surface of the distance to the truth, without its sign."),
                    length("deviation.rms",
                           "Root mean square over the measured surface of the distance to the truth."),
                    length("deviation.sd",
                           "Standard deviation over the measured surface of the signed distance to the truth "
                           "about its bias."),
                    length("deviation.p95",
                           "Smallest d such that the distance to the truth is at most d on 95 % of the "
                           "measured area."),
                    length("deviation.max_test_to_truth",
                           "Largest distance from a point of the measured surface to the truth."),
                    length("deviation.max_truth_to_test",
                           "Largest distance from a point of the truth to the measured surface."),
                    length("deviation.hausdorff",
                           "Hausdorff distance: the larger of the two largest one-sided distances."),
                    length("deviation.rms_truth_to_test",
                           "Root mean square over the truth's surface of the distance to the measured one; "
                           "it sees parts that are missing.")},
        .needs = {"surface", "reference_surface"},
        .parameters = {{.name = "width_mm",
                        .default_value = 0.001,
                        .description = "width at which an interval is narrow enough",
                        .min = 1e-6,
                        .max = 10.0}},
        .compute = compute};
    f.metrics[0].is_signed = true;
    return f;
  }();
  return family;
}

}  // namespace meshassay::metrics
