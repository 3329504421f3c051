// SPDX-License-Identifier: GPL-3.0-or-later
// repair_score() as measurements.
#include <functional>

#include "metrics/measurement_rows.hpp"
#include "metrics/repair_score.hpp"

namespace meshassay::metrics {
namespace {

constexpr const char* source = "Attene 2018, Table 1; docs/metrics/repair.md";

using Value = std::function<std::optional<MeasuredValue>(const RepairScore&)>;
struct Row {
  MetricDefinition definition;
  Value value;
  std::optional<Enclosed> RepairScore::*distance = nullptr;  // Instead of a value.
};

Row distance(const char* id, const char* definition, std::optional<Enclosed> RepairScore::*field) {
  return {{.id = id, .unit = "mm", .definition = definition, .source = source}, nullptr, field};
}

std::optional<MeasuredValue> of_printable(const RepairScore& found, double value) {
  return found.printable_parts ? std::optional<MeasuredValue>(value) : std::nullopt;
}

const std::vector<Row>& table() {
  static const std::vector<Row> rows = {
      {{.id = "repair.score",
        .unit = "1",
        .definition = "5 exact, 4 as exact as possible, 3 distorted, 2 incomplete, 1 failure",
        .source = source},
       [](const RepairScore& found) { return MeasuredValue(static_cast<double>(found.score)); }},
      distance("repair.distance_input_to_repaired",
               "largest distance from the input's outer hull, sheets and wires to the repaired mesh",
               &RepairScore::input_to_repaired_mm),
      distance("repair.distance_repaired_to_input",
               "largest distance from the repaired mesh to the input's outer hull, sheets and wires",
               &RepairScore::repaired_to_input_mm),
      distance("repair.distance_solid_to_repaired",
               "largest distance from the input's solid surface, away from its sheets, to the repaired mesh",
               &RepairScore::solid_to_repaired_mm),
      distance("repair.distance_away_to_input",
               "largest distance from the repaired mesh, away from the input's sheets, to the input",
               &RepairScore::away_to_input_mm),
      {{.id = "repair.wall_at_sheets",
        .unit = "mm",
        .definition = "least wall of the repaired mesh at sheets and wires of the input, at up to 500 places",
        .source = source},
       [](const RepairScore& found) {
         return found.wall_at_sheets_mm ? std::optional<MeasuredValue>(*found.wall_at_sheets_mm)
                                        : std::nullopt;
       }},
      {{.id = "repair.parts_added",
        .unit = "1",
        .is_signed = true,
        .definition = "manifold-connected parts of the repaired mesh less those of the input's outer hull",
        .source = source},
       [](const RepairScore& found) {
         return of_printable(found,
                             static_cast<double>(found.parts) - static_cast<double>(found.parts_expected));
       }},
      {{.id = "repair.volume_added",
        .unit = "mm3",
        .is_signed = true,
        .definition = "volume of the repaired mesh less that of the input's outer hull",
        .source = source},
       [](const RepairScore& found) {
         return of_printable(found, found.volume_mm3 - found.volume_expected_mm3);
       }},
  };
  return rows;
}

Measurement measurement_of(const Row& row, const Subject& subject, const RepairScore& found) {
  if (row.distance) {
    const auto& distance_mm = found.*(row.distance);
    if (!distance_mm) return undefined(row.definition, subject, {"test_empty", found.reason});
    auto measurement = measured(row.definition, subject, distance_mm->value);
    measurement.interval = distance_mm->interval(0.0);
    return measurement;
  }
  if (const auto value = row.value(found)) return measured(row.definition, subject, *value);
  if (found.printable_parts)
    return undefined(row.definition, subject, {"no_reference", "the input has no sheets or wires"});
  return undefined(row.definition, subject, {"not_closed", found.reason});
}

std::vector<Measurement> compute(const Trial& trial, const MetricRequest& request) {
  const MetricFamily& family = repair_family();
  std::vector<Measurement> measurements;
  for (const auto& target : trial.truth.targets) {
    const Subject subject{surface_stage(request), target_name(trial, target)};
    const auto surface = find_surface(trial.submissions.front(), request.stage, target.label);
    if (const auto* why = std::get_if<Undefined>(&surface)) {
      const auto rows = all_undefined(family, subject, *why);
      measurements.insert(measurements.end(), rows.begin(), rows.end());
      continue;
    }
    const auto found = repair_score(*trial.input_mesh, *std::get<const TriangleMesh*>(surface),
                                    {.min_thickness_mm = number(request.parameters, "min_thickness_mm")});
    for (const auto& row : table()) measurements.push_back(measurement_of(row, subject, found));
  }
  return measurements;
}

}  // namespace

const MetricFamily& repair_family() {
  static const MetricFamily family = [] {
    MetricFamily made{.name = "repair",
                      .needs = {"surface", "input_mesh"},
                      .parameters = {{.name = "min_thickness_mm",
                                      .default_value = 0.4,
                                      .description = "the wall that sheets and wires were to get",
                                      .min = 1e-30}},
                      .id_parameter = "min_thickness_mm",
                      .compute = compute};
    for (const auto& row : table()) made.metrics.push_back(row.definition);
    return made;
  }();
  return family;
}

}  // namespace meshassay::metrics
