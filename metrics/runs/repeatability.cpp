// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/runs/repeatability.hpp"

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>
#include <numeric>
#include <set>
#include <utility>
#include <vector>

#include "core/label_map.hpp"
#include "metrics/deviation/farthest_point.hpp"
#include "metrics/deviation/surface_deviation.hpp"
#include "metrics/masks/overlap.hpp"
#include "metrics/measurement_rows.hpp"
#include "metrics/surface/measurable_surface.hpp"

namespace meshassay::metrics {
namespace {

bool same_mask(const SharedMask& a, const SharedMask& b) {
  if (a == b) return true;
  return a && b && a->grid == b->grid && a->values == b->values;
}

bool same_surface(const TriangleMesh& a, const TriangleMesh& b) {
  return a.vertices_mm == b.vertices_mm && a.triangles == b.triangles;
}

bool same_stage(const Stage& a, const Stage& b) {
  return a.name == b.name && a.problem.has_value() == b.problem.has_value() && same_mask(a.mask, b.mask) &&
         std::equal(a.surfaces.begin(), a.surfaces.end(), b.surfaces.begin(), b.surfaces.end(),
                    [](const auto& one, const auto& other) {
                      return one.first == other.first && same_surface(one.second, other.second);
                    });
}

bool holds_something(const Submission& submission) {
  return std::any_of(submission.stages.begin(), submission.stages.end(),
                     [](const Stage& stage) { return stage.mask || !stage.surfaces.empty(); });
}

// For each run the first one with the same result: what is measured on that holds for both.
std::vector<std::size_t> first_alike(const std::vector<Submission>& runs) {
  std::vector<std::size_t> first(runs.size());
  for (std::size_t run = 0; run < runs.size(); ++run)
    while (first[run] < run && !same_masks_and_surfaces(runs[first[run]], runs[run])) ++first[run];
  return first;
}

// No row names a run by its place, so that the rows are the same in whatever order the runs come.
Undefined of_a_run(const Undefined& why) { return {why.reason, "in a run: " + why.detail}; }

// What is compared in pairs, of every run; or why it is not there.
template <typename Shape, typename Find>
std::variant<std::vector<const Shape*>, Undefined> of_every_run(const std::vector<Submission>& runs,
                                                                const Find& find) {
  std::vector<const Shape*> shapes;
  for (const auto& run : runs) {
    const std::variant<const Shape*, Undefined> found = find(run);
    if (const auto* why = std::get_if<Undefined>(&found)) return of_a_run(*why);
    shapes.push_back(std::get<const Shape*>(found));
  }
  return shapes;
}

Measurement identical_row(const MetricDefinition& metric, const Subject& subject,
                          const std::vector<Submission>& runs, const std::vector<std::size_t>& first) {
  const auto& offers = runs.front().offers;
  if (!offers.contains("mask") && !offers.contains("surface"))
    return undefined(metric, subject, {"not_offered", "neither a mask nor a surface"});
  if (std::none_of(runs.begin(), runs.end(), holds_something))
    return undefined(metric, subject, {"missing", "no run returned a mask or a surface"});
  const auto results = std::set<std::size_t>(first.begin(), first.end()).size();
  Measurement row = measured(metric, subject, results == 1);
  row.witnesses = {{"runs", static_cast<double>(runs.size())},
                   {"different_results", static_cast<double>(results)}};
  return row;
}

Measurement dice_row(const MetricDefinition& metric, const Subject& subject, const Trial& trial,
                     const MetricRequest& request, std::uint16_t label) {
  const auto found = of_every_run<LabelMap>(
      trial.submissions, [&](const Submission& run) { return find_mask(run, request.stage); });
  if (const auto* why = std::get_if<Undefined>(&found)) return undefined(metric, subject, *why);
  const auto& masks = std::get<std::vector<const LabelMap*>>(found);
  Enclosed worst{.value = 1.0, .ruler = {1.0, 1.0}};
  bool all_empty = true;
  for (std::size_t a = 0; a < masks.size(); ++a)
    for (std::size_t b = a + 1; b < masks.size(); ++b) {
      const Overlap both = overlap(*masks[b], *masks[a], {.label = label});
      const double sum_mm3 = both.volumes.test_mm3 + both.volumes.reference_mm3;
      if (sum_mm3 == 0.0) continue;
      const double dice = both.volumes.dice(), half_width = 2.0 * both.alignment_half_width_mm3 / sum_mm3;
      all_empty = false;
      worst.value = std::min(worst.value, dice);
      worst.ruler.lo = std::min(worst.ruler.lo, std::max(0.0, dice - half_width));
      worst.ruler.hi = std::min(worst.ruler.hi, dice + half_width);
    }
  if (all_empty) return undefined(metric, subject, {"both_empty", "the masks of all runs are empty"});
  worst.ruler.hi = std::max(worst.ruler.hi, worst.value);
  Measurement row = measured(metric, subject, worst.value);
  if (worst.ruler.width() > 0.0) {
    row.interval = worst.ruler;
    row.sources = {{"grid_alignment", 0.5 * worst.ruler.width()}};
  }
  row.witnesses = {{"runs", static_cast<double>(masks.size())}};
  return row;
}

Measurement hausdorff_row(const MetricDefinition& metric, const Subject& subject, const Trial& trial,
                          const MetricRequest& request, std::uint16_t label) {
  const auto found = of_every_run<TriangleMesh>(
      trial.submissions, [&](const Submission& run) -> std::variant<const TriangleMesh*, Undefined> {
        const auto surface = find_surface(run, request.stage, label);
        if (std::holds_alternative<Undefined>(surface)) return surface;
        if (const auto why = why_unmeasurable(*std::get<const TriangleMesh*>(surface))) return *why;
        return surface;
      });
  if (const auto* why = std::get_if<Undefined>(&found)) return undefined(metric, subject, *why);
  const auto& surfaces = std::get<std::vector<const TriangleMesh*>>(found);
  const SurfaceDeviationOptions defaults;
  Enclosed worst;
  for (std::size_t a = 0; a < surfaces.size(); ++a)
    for (std::size_t b = a + 1; b < surfaces.size(); ++b) {
      if (same_surface(*surfaces[a], *surfaces[b])) continue;  // 0, as it began.
      const Enclosed distance_mm = hausdorff_distance(*surfaces[a], *surfaces[b],
                                                      {.width_mm = defaults.width_mm,
                                                       .relative_width = defaults.relative_width_of_extremes,
                                                       .max_bisections = defaults.max_bisections_mesh});
      worst.value = std::max(worst.value, distance_mm.value);
      worst.ruler.lo = std::max(worst.ruler.lo, distance_mm.ruler.lo);
      worst.ruler.hi = std::max(worst.ruler.hi, distance_mm.ruler.hi);
      worst.rigorous = worst.rigorous && distance_mm.rigorous;
    }
  Measurement row = measured(metric, subject, worst.value);
  row.interval = worst.interval(0.0);
  row.interval_kind = worst.rigorous ? IntervalKind::enclosure : IntervalKind::expanded_k2;
  row.sources = {{"refinement", 0.5 * worst.ruler.width()}};
  row.witnesses = {{"runs", static_cast<double>(surfaces.size())}};
  return row;
}

// What another family measures on each run by itself; rows of all targets, run by run.
std::vector<std::vector<Measurement>> on_each_run(const Trial& trial, const MeasureItem& item,
                                                  const std::vector<std::size_t>& first) {
  std::vector<std::vector<Measurement>> rows;
  Trial single{.case_id = trial.case_id,
               .truth = trial.truth,
               .input_mesh = trial.input_mesh,
               .scan_grid = trial.scan_grid,
               .submissions = {}};
  for (std::size_t run = 0; run < trial.submissions.size(); ++run) {
    if (first[run] < run) {
      rows.push_back(rows[first[run]]);
      continue;
    }
    single.submissions = {trial.submissions[run]};
    rows.push_back(measure(single, std::vector<MeasureItem>{item}));
  }
  return rows;
}

Measurement spread_row(const MetricDefinition& metric, const Subject& subject, double factor,
                       const std::vector<std::vector<Measurement>>& of_runs, bool all_alike) {
  std::vector<double> values;
  RepeatabilityOptions options;
  for (const auto& rows : of_runs) {
    auto found = std::find_if(rows.begin(), rows.end(), [&](const Measurement& measurement) {
      return measurement.target == subject.target;
    });
    if (found == rows.end()) found = rows.begin();  // A need is not met: one row for all targets.
    if (!found->value) return undefined(metric, subject, of_a_run({found->reason, found->detail}));
    values.push_back(std::get<double>(*found->value));
    // What the ruler does to the same result it does every time.
    if (found->interval && !all_alike)
      options.half_width = std::max(
          {options.half_width, values.back() - found->interval->lo, found->interval->hi - values.back()});
  }
  std::sort(values.begin(), values.end());
  const auto result = repeatability(values, options);
  if (const auto* why = std::get_if<Undefined>(&result)) return undefined(metric, subject, *why);
  const auto& spread = std::get<Repeatability>(result);
  const Interval interval = spread.interval();
  Measurement row = measured(metric, subject, factor * spread.standard_deviation);
  row.interval = Interval{factor * interval.lo, factor * interval.hi};
  row.interval_kind = IntervalKind::expanded_k2;
  row.sources = {{"few_runs", 0.5 * factor * spread.by_chance.width()},
                 {"ruler", factor * spread.ruler_half_width}};
  row.witnesses = {{"runs", static_cast<double>(values.size())}, {"values", values}};
  return row;
}

std::vector<Measurement> compute(const Trial& trial, const MetricRequest& request) {
  const auto& metrics = repeatability_family().metrics;
  const auto& runs = trial.submissions;
  const auto first = first_alike(runs);
  const bool all_alike = std::all_of(first.begin(), first.end(), [](std::size_t run) { return run == 0; });
  const auto bias = on_each_run(trial, {"deviation.bias", request.stage}, first);
  const auto volume = on_each_run(trial, {"size.volume", request.stage}, first);
  std::vector<Measurement> rows;
  for (const auto& target : trial.truth.targets) {
    const std::string name = target_name(trial, target);
    const Subject of_mask{mask_stage(runs.front(), request), name}, of_surface{surface_stage(request), name};
    rows.push_back(identical_row(metrics[0], {"", name}, runs, first));
    rows.push_back(dice_row(metrics[1], of_mask, trial, request, target.label));
    rows.push_back(hausdorff_row(metrics[2], of_surface, trial, request, target.label));
    rows.push_back(spread_row(metrics[3], of_surface, 1.0, bias, all_alike));
    rows.push_back(spread_row(metrics[4], of_surface, repeatability_limit_factor, bias, all_alike));
    rows.push_back(spread_row(metrics[5], of_surface, 1.0, volume, all_alike));
    rows.push_back(spread_row(metrics[6], of_surface, repeatability_limit_factor, volume, all_alike));
  }
  return rows;
}

}  // namespace

Interval Repeatability::interval() const {
  if (standard_deviation == 0.0) return {0.0, ruler_half_width};
  // The ends of the chi-square interval are multiples of the standard deviation.
  const double shrink = by_chance.lo / standard_deviation, grow = by_chance.hi / standard_deviation;
  return {std::max(0.0, shrink * (standard_deviation - ruler_half_width)),
          grow * (standard_deviation + ruler_half_width)};
}

std::variant<Repeatability, Undefined> repeatability(std::span<const double> values,
                                                     const RepeatabilityOptions& options) {
  if (values.size() < 2) return Undefined{"rank_deficient", "one run has no spread"};
  const auto count = static_cast<double>(values.size());
  // Taken from the first value, so that equal values have no spread at all, whatever their sum rounds to.
  const double mean = std::accumulate(values.begin(), values.end(), 0.0,
                                      [&](double sum, double value) { return sum + (value - values[0]); }) /
                      count;
  double squares = 0.0;
  for (const double value : values) squares += (value - values[0] - mean) * (value - values[0] - mean);
  const double freedom = count - 1.0;
  const boost::math::chi_squared distribution(freedom);
  Repeatability result{.standard_deviation = std::sqrt(squares / freedom), .by_chance = {}};
  result.by_chance = {std::sqrt(squares / quantile(distribution, options.one_sided_confidence)),
                      std::sqrt(squares / quantile(distribution, 1.0 - options.one_sided_confidence))};
  // The standard deviation is a norm: errors of at most h each change it by at most that of the errors.
  result.ruler_half_width = options.half_width * std::sqrt(count / freedom);
  return result;
}

bool same_masks_and_surfaces(const Submission& a, const Submission& b) {
  return std::equal(a.stages.begin(), a.stages.end(), b.stages.begin(), b.stages.end(), same_stage);
}

const MetricFamily& repeatability_family() {
  static const MetricFamily family{
      .name = "repeatability",
      .metrics = {{.id = "repeatability.identical",
                   .unit = "1",
                   .type = ValueType::boolean,
                   .definition = "Whether all runs returned the same masks and surfaces, number for number.",
                   .source = "ISO/IEC 3532-1:2023, 6.3 h"},
                  {.id = "repeatability.dice",
                   .unit = "1",
                   .definition = "Smallest Dice of the masks of two runs.",
                   .source = "Dice 1945; MeshAssay"},
                  {.id = "repeatability.hd",
                   .unit = "mm",
                   .definition = "Largest Hausdorff distance of the surfaces of two runs.",
                   .source = "Hausdorff 1914; MeshAssay"},
                  {.id = "repeatability.standard_deviation",
                   .unit = "mm",
                   .definition = "Repeatability standard deviation of deviation.bias over the runs.",
                   .source = "ISO 5725-2:2019"},
                  {.id = "repeatability.limit",
                   .unit = "mm",
                   .definition =
                       "Repeatability limit of deviation.bias, 2.8 standard deviations: what two runs differ "
                       "by at most, in 19 pairs of 20.",
                   .source = "ISO 5725-6:1994, 4.1.4"},
                  {.id = "repeatability.volume_standard_deviation",
                   .unit = "mm3",
                   .definition = "Repeatability standard deviation of size.volume over the runs.",
                   .source = "ISO 5725-2:2019"},
                  {.id = "repeatability.volume_limit",
                   .unit = "mm3",
                   .definition = "Repeatability limit of size.volume, 2.8 standard deviations.",
                   .source = "ISO 5725-6:1994, 4.1.4"}},
      .needs = {"repeats>=2"},
      .compute = compute};
  return family;
}

}  // namespace meshassay::metrics
