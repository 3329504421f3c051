// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/runs/budget.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "metrics/deviation/surface_deviation.hpp"
#include "metrics/measurement_rows.hpp"
#include "metrics/surface/measurable_surface.hpp"

namespace meshassay::metrics {
namespace {

constexpr std::size_t steps = budget_steps.size();

// Bias and root mean square of one surface, or why there is neither.
struct Error {
  Estimate bias_mm, rms_mm;
};

Error no_error(const Undefined& why) { return {.bias_mm = why, .rms_mm = why}; }

Error error_of(const Submission& run, const std::string& stage, const TargetTruth& truth) {
  const auto found = find_surface(run, stage, truth.label);
  if (const auto* why = std::get_if<Undefined>(&found)) return no_error(*why);
  const auto& surface = *std::get<const TriangleMesh*>(found);
  if (const auto why = why_unmeasurable(surface)) return no_error(*why);
  const MeanDeviation mean = mean_deviation(surface, truth);
  Error error{.bias_mm = Undefined{"reference_not_closed", "the reference is a mesh that has no inside"},
              .rms_mm = mean.rms_mm};
  if (mean.bias_mm) error.bias_mm = *mean.bias_mm;
  return error;
}

Undefined of_the_run(std::string_view name, const Undefined& why) {
  return {why.reason, "the run from " + std::string(name) + " on: " + why.detail};
}

// Whose run it was, where something is not there: a term looks at two runs.
Error of_the_run(std::string_view name, Error error) {
  for (Estimate* estimate : {&error.bias_mm, &error.rms_mm})
    if (const auto* why = std::get_if<Undefined>(estimate)) *estimate = of_the_run(name, *why);
  return error;
}

// What a system does to a surface that it is given is measured against that surface: nothing done is 0,
// whatever the triangles that stand for the exact surface leave out.
Error error_of_derived(const DerivedRun& run, const std::string& stage, const TargetTruth& truth) {
  if (run.given.empty()) return error_of(run.submission, stage, truth);
  const auto given = std::find_if(run.given.begin(), run.given.end(),
                                  [&](const TargetTruth& surface) { return surface.label == truth.label; });
  if (given == run.given.end()) return no_error({"no_reference", "no surface of this target was given"});
  return error_of(run.submission, stage, *given);
}

// How far the surfaces that were given are from the exact ones: it does not count within their runs.
double without_chordal_error(const DerivedRun& run, const TargetTruth& truth, Error& error) {
  double chordal_error_mm = 0.0;
  for (const auto& given : run.given)
    if (given.label == truth.label) chordal_error_mm = given.surface_chordal_error_mm;
  if (!run.given.empty())
    for (Estimate* estimate : {&error.bias_mm, &error.rms_mm})
      if (auto* number = std::get_if<Enclosed>(estimate)) number->truth_half_width = 0.0;
  return chordal_error_mm;
}

struct BudgetOfTarget {
  StepEstimates bias_mm, rms_mm;  // E_k
  Estimate bias_interaction_mm, rms_interaction_mm;
  std::array<std::string, steps> tasks;          // What the system was asked for, of each E_k.
  std::array<double, steps> chordal_error_mm{};  // Of the surfaces that were given.
};

BudgetOfTarget budget_of(const Trial& trial, const MetricRequest& request, const TargetTruth& truth) {
  BudgetOfTarget budget;
  const auto& whole_run = trial.submissions.front();
  for (std::size_t k = 0; k < steps; ++k) {
    Error error;
    if (k == 0) {
      error = error_of(whole_run, request.stage, truth);
      budget.tasks[k] = "the case's own";
    } else if (const auto* run = find_derived_run(trial, budget_plan, budget_steps[k])) {
      error = of_the_run(budget_steps[k], error_of_derived(*run, request.stage, truth));
      budget.chordal_error_mm[k] = without_chordal_error(*run, truth, error);
      budget.tasks[k] = run->task;
    } else {
      error = no_error({"not_offered", "no run from " + std::string(budget_steps[k]) + " on was made"});
    }
    budget.bias_mm[k] = error.bias_mm;
    budget.rms_mm[k] = error.rms_mm;
  }
  // What editing and export did in the whole run, less what they do to the exact surface.
  const Error extracted = error_of(whole_run, "extracted", truth);
  const auto interaction = [](const StepEstimates& errors, const Estimate& before_editing) {
    return difference(difference(errors[0], before_editing), errors[3]);
  };
  budget.bias_interaction_mm = interaction(budget.bias_mm, extracted.bias_mm);
  budget.rms_interaction_mm = interaction(budget.rms_mm, extracted.rms_mm);
  return budget;
}

std::vector<double> value_and_interval(const Enclosed& enclosed) {
  const Interval interval = enclosed.interval();
  return {enclosed.value, interval.lo, interval.hi};
}

Measurement row(const MetricDefinition& metric, const Subject& subject, const Estimate& estimate) {
  if (const auto* why = std::get_if<Undefined>(&estimate)) return undefined(metric, subject, *why);
  const auto& enclosed = std::get<Enclosed>(estimate);
  Measurement result = measured(metric, subject, enclosed.value);
  result.interval = enclosed.interval();
  result.interval_kind = enclosed.rigorous ? IntervalKind::enclosure : IntervalKind::expanded_k2;
  result.sources = {
      {enclosed.rigorous ? "quadrature" : "quadrature (estimated)", 0.5 * enclosed.ruler.width()},
      {"truth", enclosed.truth_half_width}};
  return result;
}

// The rows of bias, or of root mean square: the terms, the interaction, the whole.
void add_rows(const MetricDefinition* metric, const Subject& subject, const BudgetOfTarget& budget,
              const StepEstimates& errors, const Estimate& interaction, std::vector<Measurement>& rows) {
  auto terms = budget_terms(errors);
  for (std::size_t k = 0; k < steps; ++k) {
    const bool is_last = k + 1 == steps;
    // Here the reference changes from the exact surface to the triangles that stand for it.
    if (auto* term = std::get_if<Enclosed>(&terms[k]); term && !is_last && budget.chordal_error_mm[k] == 0.0)
      term->truth_half_width += budget.chordal_error_mm[k + 1];
    rows.push_back(row(*metric++, subject, terms[k]));
    auto& witnesses = rows.back().witnesses;
    witnesses = {{"task", budget.tasks[k]}};
    if (const auto* error = std::get_if<Enclosed>(&errors[k]))
      witnesses.emplace_back("error_from_here_on_mm", value_and_interval(*error));
    if (is_last) continue;
    if (const auto* error = std::get_if<Enclosed>(&errors[k + 1]))
      witnesses.emplace_back("error_of_later_steps_mm", value_and_interval(*error));
  }
  rows.push_back(row(*metric++, subject, interaction));
  rows.push_back(row(*metric, subject, errors[0]));
}

std::vector<Measurement> compute(const Trial& trial, const MetricRequest& request) {
  const auto& metrics = budget_family().metrics;
  std::vector<Measurement> rows;
  for (const auto& target : trial.truth.targets) {
    const Subject subject{surface_stage(request), target_name(trial, target)};
    if (!target.implicit && (!target.surface || why_unmeasurable(*target.surface))) {
      const auto none = all_undefined(budget_family(), subject,
                                      {"no_reference", "the truth of this target has no surface"});
      rows.insert(rows.end(), none.begin(), none.end());
      continue;
    }
    const auto budget = budget_of(trial, request, target);
    add_rows(&metrics[0], subject, budget, budget.bias_mm, budget.bias_interaction_mm, rows);
    add_rows(&metrics[steps + 2], subject, budget, budget.rms_mm, budget.rms_interaction_mm, rows);
  }
  return rows;
}

// What each step's term is the difference of, for people.
constexpr std::array<std::string_view, steps> meanings = {
    "the case's scan less a scan of the same grid without blur, noise or clipping",
    "a scan without blur, noise or clipping less the true mask", "the true mask less the true surface",
    "the true surface, edited and exported, less the same only exported", "the true surface, only exported"};

std::vector<MetricDefinition> definitions_of(const std::string& suffix, const std::string& quantity) {
  std::vector<MetricDefinition> metrics;
  const auto add = [&](std::string_view name, std::string definition, std::string source) {
    metrics.push_back({.id = "budget." + std::string(name) + suffix,
                       .unit = "mm",
                       .is_signed = true,
                       .definition = std::move(definition),
                       .source = std::move(source)});
  };
  for (std::size_t k = 0; k < steps; ++k)
    add(budget_steps[k],
        "What " + std::string(budget_steps[k]) + " adds to the " + quantity + " of the model: that of " +
            std::string(meanings[k]) + ".",
        "ISO/IEC 3532-1:2023, 4.1.2; MeshAssay");
  add("interaction",
      "What editing and export add to the " + quantity +
          " in the whole run, less what they add to that of the true surface.",
      "MeshAssay");
  add("total", "The " + quantity + " of the model, which the terms of the five steps add up to.",
      "ISO/IEC 3532-1:2023, 4.1.2; MeshAssay");
  return metrics;
}

}  // namespace

Estimate difference(const Estimate& first, const Estimate& second) {
  if (std::holds_alternative<Undefined>(first)) return first;
  if (std::holds_alternative<Undefined>(second)) return second;
  const auto& a = std::get<Enclosed>(first);
  const auto& b = std::get<Enclosed>(second);
  return Enclosed{.value = a.value - b.value,
                  .ruler = {a.ruler.lo - b.ruler.hi, a.ruler.hi - b.ruler.lo},
                  .rigorous = a.rigorous && b.rigorous,
                  .truth_half_width = a.truth_half_width + b.truth_half_width};
}

StepEstimates budget_terms(const StepEstimates& errors) {
  StepEstimates terms = errors;
  for (std::size_t k = 0; k + 1 < steps; ++k) terms[k] = difference(errors[k], errors[k + 1]);
  return terms;
}

const MetricFamily& budget_family() {
  static const MetricFamily family = [] {
    MetricFamily f{.name = "budget",
                   .metrics = definitions_of("", "bias (mean signed distance to the truth)"),
                   .needs = {"surface", "reference_surface", "derived_runs:" + std::string(budget_plan)},
                   .compute = compute};
    for (auto& metric : definitions_of("_rms", "root mean square distance to the truth"))
      f.metrics.push_back(std::move(metric));
    f.metrics.back().is_signed = false;  // The root mean square itself.
    return f;
  }();
  return family;
}

}  // namespace meshassay::metrics
