// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/registry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <tuple>

#include "core/errors.hpp"
#include "core/text.hpp"
#include "metrics/boundary/boundary_family.hpp"
#include "metrics/deviation/completeness.hpp"
#include "metrics/deviation/surface_deviation.hpp"
#include "metrics/family_promises.hpp"
#include "metrics/features/detection.hpp"
#include "metrics/features/dimensional_fits.hpp"
#include "metrics/features/wall_thickness.hpp"
#include "metrics/id_parameter.hpp"
#include "metrics/masks/label_gap.hpp"
#include "metrics/masks/label_overlap.hpp"
#include "metrics/masks/mask_topology.hpp"
#include "metrics/masks/overlap.hpp"
#include "metrics/measurement_rows.hpp"
#include "metrics/meshes/mesh_integrity.hpp"
#include "metrics/meshes/mesh_quality.hpp"
#include "metrics/meshes/printability.hpp"
#include "metrics/meshes/repair_score.hpp"
#include "metrics/meshes/size.hpp"
#include "metrics/needs.hpp"
#include "metrics/pose/pose.hpp"
#include "metrics/pose/registration_stability.hpp"
#include "metrics/runs/budget.hpp"
#include "metrics/runs/evaluation.hpp"
#include "metrics/runs/repeatability.hpp"
#include "metrics/runs/system_record.hpp"
#include "metrics/steps/anisotropy.hpp"
#include "metrics/steps/edge_retreat.hpp"
#include "metrics/steps/ellipsoid_axes.hpp"
#include "metrics/steps/feature_loss.hpp"
#include "metrics/steps/smoothing_change.hpp"
#include "metrics/steps/staircase.hpp"

namespace meshassay::metrics {
namespace {

const MetricDefinition* find_definition(const MetricFamily& family, std::string_view id) {
  const auto found = std::find_if(family.metrics.begin(), family.metrics.end(),
                                  [&](const MetricDefinition& metric) { return metric.id == id; });
  return found == family.metrics.end() ? nullptr : &*found;
}

std::vector<Measurement> compute_checked(const MetricFamily& family, const Trial& trial,
                                         const MetricRequest& request) {
  auto rows = family.compute(trial, request);
  check_promises(family, rows);
  return rows;
}

const Need* first_unmet(const MetricFamily& family, const Trial& trial) {
  const auto found = std::find_if(family.needs.begin(), family.needs.end(),
                                  [&](const Need& need) { return !is_met(need, trial); });
  return found == family.needs.end() ? nullptr : &*found;
}

// The measurements of one metric out of its family's, named as they were asked for.
std::vector<Measurement> pick(const std::vector<Measurement>& rows, const MetricReference& reference,
                              const std::string& id_as_asked, const Trial& trial) {
  const MetricFamily& family = *reference.family;
  const bool has_parameter = !family.id_parameter.empty() && reference.metric == &family.metrics.back();
  std::vector<Measurement> picked;
  for (const auto& row : rows) {
    if (row.metric != reference.metric->id) continue;
    picked.push_back(row);
    picked.back().metric = id_as_asked;
    if (has_parameter)
      picked.back().witnesses.emplace_back(family.id_parameter,
                                           number(reference.parameters, family.id_parameter));
  }
  if (picked.empty() && !trial.truth.targets.empty())
    throw std::logic_error(fmt::format("metric family '{}' returned nothing for '{}'", reference.family->name,
                                       reference.metric->id));
  return picked;
}

}  // namespace

std::span<const MetricFamily> metric_registry() {
  static const std::vector<MetricFamily> families = {
      // Masks against masks.
      overlap_family(),
      boundary_family(),
      mask_topology_family(),
      label_gap_family(),
      // Surfaces against the truth.
      surface_deviation_family(),
      completeness_family(),
      size_family(),
      sphere_radius_family(),
      ellipsoid_axes_family(),
      plate_thickness_family(),
      step_height_family(),
      gap_family(),
      rod_diameter_family(),
      hole_diameter_family(),
      wall_thickness_family(),
      label_overlap_family(),
      smallest_plate_family(),
      smallest_rod_family(),
      smallest_gap_family(),
      smallest_hole_family(),
      anisotropy_family(),
      axis_ratio_family(),
      staircase_family(),
      // What each step did.
      smoothing_change_family(),
      edge_retreat_family(),
      feature_loss_family(),
      // Spatial honesty.
      pose_family(),
      registration_stability_family(),
      // A mesh by itself.
      mesh_integrity_family(),
      mesh_quality_family(),
      mesh_file_family(),
      printability_family(),
      // A mesh against the one that it was made of.
      repair_score_family(),
      // Runs against each other.
      repeatability_family(),
      budget_family(),
      // What the system says.
      evaluation_family(),
      system_record_family(),
  };
  return families;
}

MetricReference find_metric(const std::string& id, const std::string& where) {
  const auto at = id.find('@');
  const std::string name = id.substr(0, at);
  std::vector<std::string> known;
  for (const auto& family : metric_registry()) {
    if (const auto* metric = find_definition(family, name)) {
      const Parameters given =
          at == std::string::npos ? Parameters{} : parse_id_parameter(family, name, id.substr(at + 1), where);
      return {&family, metric, resolve_parameters(family.parameters, given, where)};
    }
    for (const auto& metric : family.metrics) known.push_back(metric.id);
  }
  const std::string nearest = nearest_name(name, known);
  throw InvalidInput({.what = fmt::format("unknown metric '{}'", name),
                      .where = where,
                      .expected = "a metric that `meshassay list metrics` prints",
                      .got = id,
                      .mend = nearest.empty() ? "choose one of `meshassay list metrics`"
                                              : fmt::format("did you mean '{}'?", nearest)});
}

std::string unmet_need(const MetricFamily& family, const Trial& trial) {
  const Need* need = first_unmet(family, trial);
  return need ? why_unmet(*need).detail : std::string();
}

std::vector<Measurement> measure(const Trial& trial, std::span<const MeasureItem> items) {
  using Key = std::tuple<std::string, std::string, Parameters>;
  std::map<Key, std::vector<Measurement>> computed;
  std::vector<Measurement> result;
  for (const auto& item : items) {
    const auto reference = find_metric(item.metric, "metric " + item.metric);
    const MetricFamily& family = *reference.family;
    if (const Need* need = first_unmet(family, trial)) {
      result.push_back(undefined(*reference.metric, {.stage = item.stage}, why_unmet(*need)));
      result.back().metric = item.metric;
      continue;
    }
    const Key key{family.name, item.stage, reference.parameters};
    auto found = computed.find(key);
    if (found == computed.end())
      found = computed.emplace(key, compute_checked(family, trial, {item.stage, reference.parameters})).first;
    for (auto& row : pick(found->second, reference, item.metric, trial)) result.push_back(std::move(row));
  }
  return result;
}

std::vector<Measurement> measure_all(const Trial& trial, const std::string& glob) {
  const auto at = glob.find('@');
  const bool has_parameter = at != std::string::npos;
  const std::string name = glob.substr(0, at), parameter = has_parameter ? glob.substr(at) : std::string();
  std::vector<MeasureItem> items;
  for (const auto& family : metric_registry()) {
    if (first_unmet(family, trial) || (has_parameter && family.id_parameter.empty())) continue;
    for (const auto& metric : family.metrics)
      if (matches_glob(metric.id, name)) items.push_back({metric.id + parameter, ""});
  }
  return measure(trial, items);
}

}  // namespace meshassay::metrics
