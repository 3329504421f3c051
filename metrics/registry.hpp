// SPDX-License-Identifier: GPL-3.0-or-later
// Every metric that there is, by family, with what it needs to look at. Harness, `measure` and `inspect` find
// what applies through this registry; no metric knows a limit.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/measurement.hpp"
#include "core/parameters.hpp"
#include "core/trial.hpp"

namespace meshassay::metrics {

enum class ValueType { number, boolean, text, numbers };

/// One row of the dictionary.
struct MetricDefinition {
  std::string id;    ///< "deviation.bias"
  std::string unit;  ///< "mm mm2 mm3 deg HU 1"
  ValueType type = ValueType::number;
  bool is_signed = false;  ///< A `max` alone would let a large negative value pass.
  std::string definition;  ///< One sentence.
  std::string source;      ///< Paper and equation, or clause, or "MeshAssay".
};

/// What a family is asked to look at.
struct MetricRequest {
  std::string stage;      ///< Empty: the family's default (final mask, `exported` surface).
  Parameters parameters;  ///< Resolved against the family's.
};

/// What a family looks at; every one must hold, else it does not apply.
///   mask, surface: the submission offers it.   reference_mask, reference_surface (implicit or mesh),
///   reference_implicit: the truth has it.   input_mesh, scan_grid: the case has it.   targets>=N.
///   stage:NAME: the submission offers stages.   feature:KIND: the truth has such a feature;
///   feature:rim|edge: one of either.   record, values: the submission offers it.   repeats>=N.
///   derived_runs:PLAN: the harness made the runs of a plan (suites/derived_runs.hpp).
using Need = std::string;

/// Metrics that are computed together.
struct MetricFamily {
  std::string name;  ///< File and documentation page: "surface_deviation".
  std::vector<MetricDefinition> metrics;
  std::vector<Need> needs;
  std::vector<ParameterDefinition> parameters;
  /// The parameter that the last metric's id carries behind '@' ("boundary.nsd@1mm"); empty: none.
  std::string id_parameter;
  /// One measurement a metric and target, in the order of `metrics`; undefined ones with their reason.
  std::vector<Measurement> (*compute)(const Trial& trial, const MetricRequest& request);
};

/// All families, in the order of the documentation.
[[nodiscard]] std::span<const MetricFamily> metric_registry();

/// A metric as a suite or a person names it.
struct MetricReference {
  const MetricFamily* family = nullptr;
  const MetricDefinition* metric = nullptr;
  Parameters parameters;  ///< Resolved, with the one behind '@'.
};
/// \throw InvalidInput with the nearest known id.
[[nodiscard]] MetricReference find_metric(const std::string& id, const std::string& where);

/// Empty where all needs are met by what the trial *could* hold; else the first need that is not, for people.
/// Something that a system offers and did not return is not an unmet need: the metric computes to an
/// undefined value.
[[nodiscard]] std::string unmet_need(const MetricFamily& family, const Trial& trial);

/// What to measure: an id as in find_metric(), at a stage.
struct MeasureItem {
  std::string metric, stage;
};
/// Computes each family once per (stage, parameters); the measurements asked for, in the order asked, targets
/// ascending. A metric whose needs are not met comes out undefined: `not_offered` or `no_reference`.
[[nodiscard]] std::vector<Measurement> measure(const Trial& trial, std::span<const MeasureItem> items);
/// Every metric whose needs are met and whose id matches the glob ("boundary.n*@0.7mm"), at default stages.
[[nodiscard]] std::vector<Measurement> measure_all(const Trial& trial, const std::string& glob = "*");

}  // namespace meshassay::metrics
