// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/steps/edge_retreat.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <variant>
#include <vector>

#include "metrics/measurement_rows.hpp"
#include "metrics/surface/measurable_surface.hpp"

namespace meshassay::metrics {
namespace {

std::vector<Point3> points_along(const Feature& feature) {
  std::vector<Point3> points;
  if (feature.kind == FeatureKind::rim) {
    constexpr int around = 360;
    for (int i = 0; i < around; ++i) {
      const double angle = 2.0 * std::numbers::pi * (i + 0.5) / around;
      points.push_back(
          feature.region.to_world(feature.nominal_mm * Point3(std::cos(angle), std::sin(angle), 0.0)));
    }
  } else if (feature.kind == FeatureKind::edge) {
    constexpr int along = 200;
    for (int i = 0; i < along; ++i)
      points.push_back(
          feature.region.to_world({0.0, 0.0, 0.8 * feature.nominal_mm * ((i + 0.5) / along - 0.5)}));
  } else {
    throw std::logic_error("only rims and edges retreat");
  }
  return points;
}

struct StageRetreat {
  std::vector<EdgeRetreat> edges;  // In the order of the features.
};

std::variant<StageRetreat, Undefined> retreat_at(const Submission& submission, const std::string& stage,
                                                 const TargetTruth& target,
                                                 const std::vector<Feature>& features) {
  const auto found = find_surface(submission, stage, target.label);
  if (const auto* why = std::get_if<Undefined>(&found)) return *why;
  const TriangleMesh& mesh = *std::get<const TriangleMesh*>(found);
  if (const auto why = why_unmeasurable(mesh)) return Undefined{why->reason, stage + ": " + why->detail};
  const MeshDistance distance(mesh);
  if (!distance.has_inside())
    return Undefined{"not_closed", stage + ": the surface has no inside, so that an edge is not outside"};
  StageRetreat result;
  for (const auto& feature : features) result.edges.push_back(edge_retreat(distance, feature));
  return result;
}

Measurement row_of_target(const Trial& trial, const MetricRequest&, const TargetTruth& target) {
  const MetricDefinition& metric = edge_retreat_family().metrics[0];
  const Subject subject{"smoothed", target_name(trial, target)};
  std::vector<Feature> features;
  for (const auto& feature : target.features)
    if (feature.kind == FeatureKind::rim || feature.kind == FeatureKind::edge) features.push_back(feature);
  if (features.empty())
    return undefined(metric, subject, {"no_reference", "this target has no rim and no edge"});
  const auto before = retreat_at(trial.submissions.front(), "extracted", target, features);
  if (const auto* why = std::get_if<Undefined>(&before)) return undefined(metric, subject, *why);
  const auto after = retreat_at(trial.submissions.front(), "smoothed", target, features);
  if (const auto* why = std::get_if<Undefined>(&after)) return undefined(metric, subject, *why);
  const auto& extracted = std::get<StageRetreat>(before).edges;
  const auto& smoothed = std::get<StageRetreat>(after).edges;
  std::size_t worst = 0;
  const auto change = [&](std::size_t i) { return smoothed[i].mean_mm - extracted[i].mean_mm; };
  double half_width = 0.0;  // The largest of several is not known better than any of them.
  for (std::size_t i = 0; i < features.size(); ++i) {
    if (std::abs(change(i)) > std::abs(change(worst))) worst = i;
    half_width = std::max(half_width, smoothed[i].half_width_mm + extracted[i].half_width_mm);
  }
  Measurement row = measured(metric, subject, change(worst));
  row.interval = Interval{change(worst) - half_width, change(worst) + half_width};
  row.interval_kind = IntervalKind::expanded_k2;
  row.sources = {{"sampling", half_width}};
  const Point3& place = smoothed[worst].place_mm;
  row.witnesses = {{"feature", features[worst].name},
                   {"extracted_mm", extracted[worst].mean_mm},
                   {"smoothed_mm", smoothed[worst].mean_mm},
                   {"smoothed_worst_mm", smoothed[worst].worst_mm},
                   {"place_mm", std::vector<double>{place[0], place[1], place[2]}}};
  return row;
}

std::vector<Measurement> compute(const Trial& trial, const MetricRequest& request) {
  return one_row_a_target(trial, request, row_of_target);
}

}  // namespace

EdgeRetreat edge_retreat(const MeshDistance& surface, const Feature& feature) {
  const auto points = points_along(feature);
  EdgeRetreat result;
  double every_second = 0.0, size_mm = 0.0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double away = surface.sample(points[i]).signed_mm;
    result.mean_mm += away / static_cast<double>(points.size());
    if (i % 2 == 0) every_second += 2.0 * away / static_cast<double>(points.size());
    size_mm = std::max(size_mm, points[i].cwiseAbs().maxCoeff());
    if (i > 0 && std::abs(away) <= std::abs(result.worst_mm)) continue;
    result.worst_mm = away;
    result.place_mm = points[i];
  }
  result.half_width_mm = std::abs(result.mean_mm - every_second) + 1e-13 * (1.0 + size_mm);
  return result;
}

const MetricFamily& edge_retreat_family() {
  static const MetricFamily family{
      .name = "edge_retreat",
      .metrics = {{.id = "smoothing.edge_retreat",
                   .unit = "mm",
                   .is_signed = true,
                   .definition =
                       "Mean distance from a true rim or edge to the nearest smoothed surface, less that to "
                       "the extracted one, positive where material is missing; of several edges, the one "
                       "where it changed most.",
                   .source = "MeshAssay"}},
      .needs = {"stage:extracted", "stage:smoothed", "feature:rim|edge"},
      .compute = compute};
  return family;
}

}  // namespace meshassay::metrics
