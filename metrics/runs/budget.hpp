// SPDX-License-Identifier: GPL-3.0-or-later
// How much each step of the data flow contributes to the error of the model.
#pragma once

#include <array>
#include <string_view>
#include <variant>

#include "core/reason.hpp"
#include "metrics/enclosed.hpp"
#include "metrics/registry.hpp"

namespace meshassay::metrics {

/// The plan of derived runs that the budget is made of.
inline constexpr std::string_view budget_plan = "budget";

/// The steps of the data flow, in its order. A derived run of the plan is named after the step that it begins
/// with, on that step's exact input; the first step has none: its exact input is the object, its run the
/// case's own.
inline constexpr std::array<std::string_view, 5> budget_steps = {"acquisition", "segmentation",
                                                                 "reconstruction", "editing", "export"};

/// A number, or why there is none.
using Estimate = std::variant<Enclosed, Undefined>;
/// One a step.
using StepEstimates = std::array<Estimate, budget_steps.size()>;

/// first - second, with the intervals of both; undefined as the first of them that is.
[[nodiscard]] Estimate difference(const Estimate& first, const Estimate& second);

/// The terms E_k - E_(k+1), the last one E_n, of the errors E_k of the steps k...n. They add up to E_1. A
/// term is undefined where one of its two errors is.
[[nodiscard]] StepEstimates budget_terms(const StepEstimates& errors);

/// The rows `budget.*`.
[[nodiscard]] const MetricFamily& budget_family();

}  // namespace meshassay::metrics
