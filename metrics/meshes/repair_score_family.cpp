// SPDX-License-Identifier: GPL-3.0-or-later
// The score of a repair and the distances that decide it as measurements.
#include "metrics/measurement_rows.hpp"
#include "metrics/meshes/repair_score.hpp"

namespace meshassay::metrics {
namespace {

Measurement distance(const MetricDefinition& metric, const Subject& subject,
                     const std::optional<Enclosed>& found, bool input_is_empty) {
  if (!found && input_is_empty)
    return undefined(metric, subject, {"no_reference", "the given mesh has neither area nor wires"});
  if (!found) return undefined(metric, subject, {"test_empty", "a surface without area"});
  Measurement row = measured(metric, subject, found->value);
  row.interval = found->interval(0.0);
  row.sources = {{"ruler", 0.5 * found->ruler.width()}};
  return row;
}

Measurement wall(const MetricDefinition& metric, const Subject& subject, const RepairScore& found) {
  if (!found.has_sheets_or_wires)
    return undefined(metric, subject, {"no_reference", "the given mesh has no sheet and no wire"});
  if (!found.wall_at_sheets_mm)
    return undefined(metric, subject, {"feature_missing", "what is not printable has no wall"});
  return measured(metric, subject, *found.wall_at_sheets_mm);
}

Measurement score(const MetricDefinition& metric, const Subject& subject, const RepairScore& found) {
  Measurement row = measured(metric, subject, static_cast<double>(found.score));
  if (!found.reason.empty()) row.witnesses.emplace_back("not_better_since", found.reason);
  return row;
}

std::vector<Measurement> rows_of(const RepairScore& found, const Subject& subject) {
  const auto& metrics = repair_score_family().metrics;
  const auto away = [&](const MetricDefinition& metric, const std::optional<Enclosed>& mm) {
    return distance(metric, subject, mm, found.input_is_empty);
  };
  return {score(metrics[0], subject, found), away(metrics[1], found.input_to_repaired_mm),
          away(metrics[2], found.repaired_to_input_mm), away(metrics[3], found.away_to_input_mm),
          wall(metrics[4], subject, found)};
}

std::vector<Measurement> rows_of_target(const Trial& trial, const MetricRequest& request,
                                        const TargetTruth& target) {
  const Subject subject{surface_stage(request), target_name(trial, target)};
  const auto returned = find_surface(trial.submissions.front(), request.stage, target.label);
  if (const auto* why = std::get_if<Undefined>(&returned))
    return all_undefined(repair_score_family(), subject, *why);
  return rows_of(repair_score(*trial.input_mesh, *std::get<const TriangleMesh*>(returned)), subject);
}

std::vector<Measurement> compute(const Trial& trial, const MetricRequest& request) {
  return rows_a_target(trial, request, rows_of_target);
}

}  // namespace

const MetricFamily& repair_score_family() {
  static const MetricFamily family{
      .name = "repair_score",
      .metrics =
          {{.id = "repair.score",
            .unit = "1",
            .definition = "5 exact, 4 as exact as possible (sheets and wires got a wall), 3 distorted, "
                          "2 incomplete, 1 failure.",
            .source = "Attene 2018, Table 1"},
           {.id = "repair.input_to_repaired",
            .unit = "mm",
            .definition = "Largest distance from the outer hull of the given mesh, sheets and wires "
                          "included, to the repaired mesh.",
            .source = "Attene 2018, Table 1"},
           {.id = "repair.repaired_to_input",
            .unit = "mm",
            .definition = "Largest distance from the repaired mesh to the outer hull of the given one.",
            .source = "Attene 2018, Table 1"},
           {.id = "repair.away_to_input",
            .unit = "mm",
            .definition = "The same of what lies farther than sqrt(2) of the least wall from every sheet "
                          "and wire.",
            .source = "Attene 2018, Table 1"},
           {.id = "repair.wall_at_sheets",
            .unit = "mm",
            .definition = "Least diameter of a ball within the repaired mesh about the middle of a sheet's "
                          "triangle or a wire.",
            .source = "Attene 2018, 5.1"}},
      .needs = {"input_mesh", "surface"},
      .compute = compute};
  return family;
}

}  // namespace meshassay::metrics
