// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/conventions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/errors.hpp"
#include "core/text.hpp"
#include "metrics/measurement_rows.hpp"
#include "reports/run_json.hpp"

namespace meshassay::harness {
namespace {

namespace conventions = metrics::conventions;
using conventions::Convention;

constexpr const char* mean_over_labels = "mean over labels";

std::string name_of(const ConventionResult& result) {
  return result.variant.empty() ? result.convention->name
                                : fmt::format("{} ({})", result.convention->name, result.variant);
}

// Four significant digits and no reason: those stand beneath the table.
std::string cell(const Measurement& measurement) {
  return measurement.value ? format_rounded(std::get<double>(*measurement.value)) : "-";
}

// Conventions in the order of the results, each once.
std::vector<const Convention*> conventions_of(std::span<const ConventionResult> results) {
  std::vector<const Convention*> all;
  for (const auto& result : results)
    if (std::find(all.begin(), all.end(), result.convention) == all.end()) all.push_back(result.convention);
  return all;
}

std::string bug_text(const conventions::ToolBug& bug, bool is_on) {
  return fmt::format("  known fault {} ({}): {}; {}\n", bug.name, is_on ? "on" : "off", bug.effect,
                     bug.source);
}

}  // namespace

std::vector<const Convention*> conventions_named(const std::string& name) {
  if (name != "all") return {&conventions::find_convention(name, "--convention")};
  std::vector<const Convention*> all;
  for (const Convention& convention : conventions::convention_catalogue()) all.push_back(&convention);
  return all;
}

std::vector<ConventionResult> measure_by_conventions(const Trial& trial,
                                                     std::span<const Convention* const> wanted,
                                                     const ConventionRequest& request) {
  const auto found = find_mask(trial.submissions.front(), "");
  if (trial.truth.mask == nullptr || !std::holds_alternative<const LabelMap*>(found))
    throw InvalidInput({.what = "conventions are of masks",
                        .where = "--convention",
                        .expected = "two masks",
                        .got = "a surface",
                        .mend = "leave --convention out"});
  const LabelMap& test = *std::get<const LabelMap*>(found);
  std::vector<ConventionResult> results;
  for (const Convention* convention : wanted) {
    // By variant: the rows of all labels.
    std::vector<std::vector<conventions::ConventionRow>> variants;
    for (const auto& target : trial.truth.targets) {
      auto rows = conventions::measure_by(
          *convention, test, *trial.truth.mask,
          {.label = target.label, .tolerance_mm = request.tolerance_mm, .tool_bugs = request.tool_bugs});
      variants.resize(std::max(variants.size(), rows.size()));
      for (std::size_t n = 0; n < rows.size(); ++n) variants[n].push_back(std::move(rows[n]));
    }
    for (auto& rows : variants) {
      ConventionResult result{.convention = convention, .variant = rows.front().variant};
      const auto add = [&](const conventions::ConventionRow& row, const std::string& target) {
        for (auto& measurement : conventions::measurements_of(row, target, request.tolerance_mm))
          result.measurements.push_back(std::move(measurement));
      };
      for (std::size_t n = 0; n < rows.size(); ++n)
        add(rows[n], metrics::target_name(trial, trial.truth.targets[n]));
      if (convention->has_mean_over_labels && rows.size() > 1)
        add(conventions::mean_over_labels(rows, request.tool_bugs), mean_over_labels);
      results.push_back(std::move(result));
    }
  }
  return results;
}

std::string format_conventions(std::span<const ConventionResult> results, bool tool_bugs) {
  constexpr std::size_t values = 5;
  std::string text =
      fmt::format("{:<24}{:<18}{:>10}{:>10}{:>10}{:>10}{:>12}\n", "convention", "label", "HD mm", "HD95 mm",
                  "ASSD mm", "MASD mm", results.front().measurements[values - 1].metric.substr(9));
  for (const auto& result : results)
    for (std::size_t n = 0; n < result.measurements.size(); n += values) {
      const auto* row = result.measurements.data() + n;
      text += fmt::format("{:<24}{:<18}{:>10}{:>10}{:>10}{:>10}{:>12}\n", name_of(result), row[0].target,
                          cell(row[0]), cell(row[1]), cell(row[2]), cell(row[3]), cell(row[4]));
    }
  for (const Convention* convention : conventions_of(results)) {
    text += fmt::format(
        "\n{}: {}{}{}\n  {}\n  elements: {}\n  HD95: {}\n  empty masks: both {}; one {}\n  source: {}\n",
        convention->name, convention->tool, convention->version.empty() ? "" : " ", convention->version,
        convention->definition, convention->boundary, convention->percentile, convention->empty.both,
        convention->empty.one, convention->source);
    for (const auto& bug : convention->bugs) text += bug_text(bug, tool_bugs);
    for (const auto& result : results) {
      if (result.convention != convention) continue;
      for (const auto& measurement : result.measurements)
        if (!measurement.value && measurement.reason != "not_offered")
          text +=
              fmt::format("  {}{}{}: {}, {}\n", measurement.metric, measurement.target.empty() ? "" : " of ",
                          measurement.target, measurement.reason, measurement.detail);
    }
  }
  return text;
}

std::string conventions_to_json(std::span<const ConventionResult> results, bool tool_bugs) {
  auto array = nlohmann::ordered_json::array();
  for (const auto& result : results) {
    const Convention& convention = *result.convention;
    auto bugs = nlohmann::ordered_json::array();
    for (const auto& bug : convention.bugs)
      bugs.push_back({{"name", bug.name}, {"effect", bug.effect}, {"source", bug.source}, {"on", tool_bugs}});
    array.push_back({{"convention", convention.name},
                     {"variant", result.variant},
                     {"tool", convention.tool},
                     {"version", convention.version},
                     {"definition", convention.definition},
                     {"elements", convention.boundary},
                     {"percentile", convention.percentile},
                     {"empty_masks", {{"both", convention.empty.both}, {"one", convention.empty.one}}},
                     {"source", convention.source},
                     {"bugs", std::move(bugs)},
                     {"measurements",
                      nlohmann::ordered_json::parse(reports::measurements_to_json(result.measurements))}});
  }
  return array.dump();
}

}  // namespace meshassay::harness
