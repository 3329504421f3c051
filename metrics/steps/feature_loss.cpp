// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/steps/feature_loss.hpp"

#include <string>
#include <variant>
#include <vector>

#include "core/text.hpp"
#include "metrics/features/dimensional_fits.hpp"
#include "metrics/measurement_rows.hpp"
#include "metrics/surface/measurable_surface.hpp"

namespace meshassay::metrics {
namespace {

bool has_a_size(const Feature& feature) {
  return feature.kind != FeatureKind::rim && feature.kind != FeatureKind::edge;
}

bool is_there(const TriangleMesh& surface, const Feature& feature) {
  return std::holds_alternative<FeatureSize>(measure_feature(surface, feature));
}

Measurement row_of_target(const Trial& trial, const MetricRequest&, const TargetTruth& target) {
  const MetricDefinition& metric = feature_loss_family().metrics[0];
  const Subject subject{"smoothed", target_name(trial, target)};
  std::vector<Feature> features;
  for (const auto& feature : target.features)
    if (has_a_size(feature)) features.push_back(feature);
  if (features.empty())
    return undefined(metric, subject, {"no_reference", "this target has no feature with a size"});
  const auto before = find_measurable_surface(trial, {.stage = "extracted"}, target.label);
  if (const auto* why = std::get_if<Undefined>(&before)) return undefined(metric, subject, *why);
  std::vector<Feature> extracted;
  for (const auto& feature : features)
    if (is_there(*std::get<const TriangleMesh*>(before), feature)) extracted.push_back(feature);
  if (extracted.empty())
    return undefined(
        metric, subject,
        {"feature_missing", "none of the features is on the extracted surface, so none can be lost"});
  const auto after = find_measurable_surface(trial, {.stage = "smoothed"}, target.label);
  std::vector<std::string> lost;
  if (const auto* why = std::get_if<Undefined>(&after)) {
    // Smoothed to nothing: all is lost.
    if (why->reason != "test_empty") return undefined(metric, subject, *why);
    for (const auto& feature : extracted) lost.push_back(feature.name);
  } else {
    for (const auto& feature : extracted)
      if (!is_there(*std::get<const TriangleMesh*>(after), feature)) lost.push_back(feature.name);
  }
  Measurement row = measured(metric, subject, static_cast<double>(lost.size()));
  row.witnesses = {{"lost", join(lost, ", ")},
                   {"extracted", static_cast<double>(extracted.size())},
                   {"features", static_cast<double>(features.size())}};
  return row;
}

std::vector<Measurement> compute(const Trial& trial, const MetricRequest& request) {
  return one_row_a_target(trial, request, row_of_target);
}

}  // namespace

const MetricFamily& feature_loss_family() {
  static const MetricFamily family{
      .name = "feature_loss",
      .metrics = {{.id = "smoothing.feature_loss",
                   .unit = "1",
                   .definition =
                       "Number of named features that can be measured on the extracted surface and no more "
                       "on the smoothed one.",
                   .source = "MeshAssay"}},
      .needs = {"stage:extracted", "stage:smoothed", "feature:sphere|plate|step|gap|rod|hole"},
      .compute = compute};
  return family;
}

}  // namespace meshassay::metrics
