// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/needs.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "core/text.hpp"

namespace meshassay::metrics {
namespace {

struct ResolvedNeed {
  Undefined why_unmet;
  std::function<bool(const Trial&)> is_met;
};

ResolvedNeed offered(const std::string& offer, const std::string& for_people) {
  return {{"not_offered", for_people}, [offer](const Trial& trial) {
            return !trial.submissions.empty() && trial.submissions.front().offers.contains(offer);
          }};
}

ResolvedNeed some_target(const std::string& for_people, std::function<bool(const TargetTruth&)> has_it) {
  return {{"no_reference", for_people}, [has_it = std::move(has_it)](const Trial& trial) {
            return std::any_of(trial.truth.targets.begin(), trial.truth.targets.end(), has_it);
          }};
}

std::optional<FeatureKind> feature_kind(std::string_view name) {
  if (name == "sphere") return FeatureKind::sphere;
  if (name == "plate") return FeatureKind::plate;
  if (name == "step") return FeatureKind::step;
  if (name == "gap") return FeatureKind::gap;
  if (name == "rod") return FeatureKind::rod;
  if (name == "hole") return FeatureKind::hole;
  if (name == "rim") return FeatureKind::rim;
  if (name == "edge") return FeatureKind::edge;
  return std::nullopt;
}

// The kinds of "rim|edge"; none where one is not known.
std::optional<std::vector<FeatureKind>> feature_kinds(std::string_view names) {
  std::vector<FeatureKind> kinds;
  while (true) {
    const auto bar = names.find('|');
    const auto kind = feature_kind(names.substr(0, bar));
    if (!kind) return std::nullopt;
    kinds.push_back(*kind);
    if (bar == std::string_view::npos) return kinds;
    names.remove_prefix(bar + 1);
  }
}

// The text behind a prefix, if it is there: ("stage:smoothed", "stage:") -> "smoothed".
std::optional<std::string> behind(const Need& need, std::string_view prefix) {
  if (!need.starts_with(prefix)) return std::nullopt;
  return need.substr(prefix.size());
}

std::optional<ResolvedNeed> resolve(const Need& need) {
  if (need == "mask") return offered("mask", "the system offers no mask");
  if (need == "surface") return offered("surface", "the system offers no surface");
  if (need == "record") return offered("record", "the system offers no record of what it did");
  if (need == "values") return offered("values", "the system reports no values of its own");
  if (need == "reference_mask")
    return ResolvedNeed{{"no_reference", "the case has no reference mask"},
                        [](const Trial& trial) { return trial.truth.mask != nullptr; }};
  if (need == "input_mesh")
    return ResolvedNeed{{"no_reference", "the task is given no mesh"},
                        [](const Trial& trial) { return trial.input_mesh.has_value(); }};
  if (need == "scan_grid")
    return ResolvedNeed{{"no_reference", "the case has no scan with a grid"},
                        [](const Trial& trial) { return trial.scan_grid.has_value(); }};
  if (need == "reference_surface")
    return some_target("the case has no reference surface",
                       [](const TargetTruth& target) { return target.implicit || target.surface; });
  if (need == "reference_implicit")
    return some_target("the case has no exact implicit surface",
                       [](const TargetTruth& target) { return target.implicit.has_value(); });
  if (const auto stage = behind(need, "stage:")) {
    if (std::find(std::begin(stage_names), std::end(stage_names), *stage) == std::end(stage_names))
      return std::nullopt;
    return offered("stages", "the system does not show its stage '" + *stage + "'");
  }
  if (const auto names = behind(need, "feature:")) {
    const auto kinds = feature_kinds(*names);
    if (!kinds) return std::nullopt;
    return some_target("the object has no " + *names + " to measure", [kinds](const TargetTruth& target) {
      return std::any_of(target.features.begin(), target.features.end(), [&](const Feature& feature) {
        return std::find(kinds->begin(), kinds->end(), feature.kind) != kinds->end();
      });
    });
  }
  if (const auto count_text = behind(need, "targets>=")) {
    const auto count = parse_number(*count_text);
    if (!count || *count < 1) return std::nullopt;
    return ResolvedNeed{
        {"no_reference", "the case has fewer than " + *count_text + " targets"},
        [count](const Trial& trial) { return static_cast<double>(trial.truth.targets.size()) >= *count; }};
  }
  if (const auto plan = behind(need, "derived_runs:")) {
    if (plan->empty()) return std::nullopt;
    return ResolvedNeed{{"not_offered", "the runs that '" + *plan + "' needs were not planned"},
                        [plan](const Trial& trial) {
                          return std::any_of(trial.derived_runs.begin(), trial.derived_runs.end(),
                                             [&](const DerivedRun& run) { return run.plan == *plan; });
                        }};
  }
  if (const auto count_text = behind(need, "repeats>=")) {
    const auto count = parse_number(*count_text);
    if (!count || *count < 1) return std::nullopt;
    return ResolvedNeed{
        {"not_offered", "fewer than " + *count_text + " repeated runs"},
        [count](const Trial& trial) { return static_cast<double>(trial.submissions.size()) >= *count; }};
  }
  return std::nullopt;
}

ResolvedNeed resolve_known(const Need& need) {
  const auto resolved = resolve(need);
  if (!resolved) throw std::logic_error("a metric family needs something that is not known: " + need);
  return *resolved;
}

}  // namespace

bool is_known_need(const Need& need) { return resolve(need).has_value(); }
bool is_met(const Need& need, const Trial& trial) { return resolve_known(need).is_met(trial); }
Undefined why_unmet(const Need& need) { return resolve_known(need).why_unmet; }

}  // namespace meshassay::metrics
