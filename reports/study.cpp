// SPDX-License-Identifier: GPL-3.0-or-later
// Several systems on the same suite, side by side. The first system is the one that the others are compared
// with: a value is changed where the intervals of both do not meet.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "core/text.hpp"
#include "reports/bar.hpp"
#include "reports/embedded.hpp"
#include "reports/markdown.hpp"
#include "reports/presentation.hpp"
#include "reports/renderings.hpp"
#include "reports/template.hpp"

namespace meshassay::reports {
namespace {

constexpr double plot_width_px = 260.0;
constexpr double plot_row_px = 14.0;
constexpr std::size_t system_colours = 4;

/// What a row is about, within a case.
using MetricKey = std::tuple<std::string, std::string, std::string>;  ///< metric, stage, target

/// What one system got.
struct Cell {
  const Measurement* measurement = nullptr;
  std::optional<Outcome> outcome;  ///< Worst of the checks on it; nothing where none looks at it.
  bool changed = false;
};

struct Row {
  std::string case_id;
  std::vector<Cell> cells;  ///< One a system.
};

struct MetricTable {
  MetricKey key;
  std::string unit;
  std::vector<Row> rows;  ///< One a case, in the order of the suite.
};

const double* number_of(const Measurement* measurement) {
  if (measurement == nullptr || !measurement->value) return nullptr;
  return std::get_if<double>(&*measurement->value);
}

Interval interval_of(const Measurement& measurement, double value) {
  return measurement.interval.value_or(Interval{value, value});
}

/// Whether two systems got different results: intervals that do not meet, or a value where the other has
/// none.
bool differs(const Measurement* first, const Measurement* other) {
  const double* first_value = number_of(first);
  const double* other_value = number_of(other);
  if (first_value == nullptr || other_value == nullptr)
    return (first_value == nullptr) != (other_value == nullptr);
  const Interval a = interval_of(*first, *first_value);
  const Interval b = interval_of(*other, *other_value);
  return a.hi < b.lo || b.hi < a.lo;
}

std::optional<Outcome> worst_outcome(const CaseResult& result, const Measurement& measurement) {
  std::set<Outcome> outcomes;
  for (const auto& check : result.checks)
    if (find_measurement(result, check) == &measurement) outcomes.insert(outcome_of(check));
  for (const Outcome outcome :
       {Outcome::error, Outcome::fail, Outcome::unexpected_pass, Outcome::inconclusive, Outcome::waived,
        Outcome::pass, Outcome::not_applicable})
    if (outcomes.contains(outcome)) return outcome;
  return std::nullopt;
}

/// Tables of every metric that is a number in some run, in the order in which the runs name them first.
class Study {
 public:
  explicit Study(std::span<const RunRecord> runs) : systems_(runs.size()) {
    for (std::size_t system = 0; system < runs.size(); ++system)
      for (const auto& result : runs[system].cases)
        for (const auto& measurement : result.measurements) add(system, result, measurement);
    std::erase_if(tables_, [](const MetricTable& table) { return !has_number(table); });
    for (auto& table : tables_)
      for (auto& row : table.rows)
        for (std::size_t system = 1; system < systems_; ++system)
          row.cells[system].changed = differs(row.cells[0].measurement, row.cells[system].measurement);
  }
  [[nodiscard]] const std::vector<MetricTable>& tables() const { return tables_; }

 private:
  void add(std::size_t system, const CaseResult& result, const Measurement& measurement) {
    const MetricKey key{measurement.metric, measurement.stage, measurement.target};
    const auto [table_at, new_table] = table_index_.emplace(key, tables_.size());
    if (new_table) tables_.push_back({.key = key, .unit = measurement.unit});
    MetricTable& table = tables_[table_at->second];
    const auto [row_at, new_row] = row_index_.emplace(std::pair{key, result.id}, table.rows.size());
    if (new_row) table.rows.push_back({.case_id = result.id, .cells = std::vector<Cell>(systems_)});
    table.rows[row_at->second].cells[system] = {.measurement = &measurement,
                                                .outcome = worst_outcome(result, measurement)};
  }
  static bool has_number(const MetricTable& table) {
    return std::any_of(table.rows.begin(), table.rows.end(), [](const Row& row) {
      return std::any_of(row.cells.begin(), row.cells.end(),
                         [](const Cell& cell) { return number_of(cell.measurement) != nullptr; });
    });
  }

  std::size_t systems_;
  std::vector<MetricTable> tables_;
  std::map<MetricKey, std::size_t> table_index_;
  std::map<std::pair<MetricKey, std::string>, std::size_t> row_index_;
};

/// Name and version; numbered where two runs would read the same.
std::vector<std::string> system_labels(std::span<const RunRecord> runs) {
  std::vector<std::string> labels;
  std::map<std::string, int> seen;
  for (const auto& run : runs) {
    std::string label = run.system.name;
    if (!run.system.version.empty()) label += " " + run.system.version;
    const int count = ++seen[label];
    labels.push_back(count == 1 ? label : fmt::format("{} ({})", label, count));
  }
  return labels;
}

std::string cell_text(const Cell& cell) {
  if (cell.measurement == nullptr) return "–";
  return measured_text(cell.measurement, {});
}

std::string cell_interval(const Cell& cell) {
  return cell.measurement != nullptr ? interval_text(*cell.measurement) : "";
}

std::string suite_names(std::span<const RunRecord> runs) {
  std::vector<std::string> names;
  for (const auto& run : runs)
    for (const auto& suite : run.suites)
      if (const std::string name = suite.id + " " + suite.version;
          std::find(names.begin(), names.end(), name) == names.end())
        names.push_back(name);
  return join(names, ", ");
}

std::string label_of(const MetricKey& key) {
  return metric_label(std::get<0>(key), std::get<1>(key), std::get<2>(key));
}

std::string verdict_words(const RunRecord& run) {
  return verdict_of(run).passed ? "✓ passed" : "✗ not passed";
}

/// All numbers of a metric, so that its plots share one scale.
std::optional<Scale> table_scale(const MetricTable& table) {
  std::vector<double> numbers;
  for (const auto& row : table.rows)
    for (const auto& cell : row.cells)
      if (const double* value = number_of(cell.measurement)) {
        const Interval interval = interval_of(*cell.measurement, *value);
        numbers.insert(numbers.end(), {*value, interval.lo, interval.hi});
      }
  return scale_of(numbers);
}

TemplateData dot_data(const Cell& cell, std::size_t system, const Scale& scale) {
  const double value = *number_of(cell.measurement);
  const Interval interval = interval_of(*cell.measurement, value);
  const double center_px = plot_row_px * (static_cast<double>(system) + 0.5);
  TemplateData dot;
  put(dot, "dot_colour", fmt::format("system-{}", system % system_colours));
  put(dot, "dot_x", position_text(scale, value, plot_width_px));
  put(dot, "dot_y", fmt::format("{:.1f}", center_px));
  put(dot, "line_x", position_text(scale, interval.lo, plot_width_px));
  put(dot, "line_y", fmt::format("{:.1f}", center_px - 1.0));
  put(dot, "line_width", extent_text(scale, interval.lo, interval.hi, plot_width_px));
  put(dot, "dot_letter", fmt::format("{}", system + 1));
  return dot;
}

TemplateData row_data(const Row& row, const std::optional<Scale>& scale,
                      std::span<const std::string> labels) {
  TemplateData data;
  put(data, "study_case", row.case_id);
  TemplateList cells;
  TemplateList dots;
  std::vector<std::string> spoken;
  for (std::size_t system = 0; system < row.cells.size(); ++system) {
    const Cell& cell = row.cells[system];
    TemplateData cell_data;
    put(cell_data, "cell_value", cell_text(cell));
    put(cell_data, "cell_interval", cell_interval(cell));
    put_flag(cell_data, "cell_changed", cell.changed);
    put_flag(cell_data, "cell_checked", cell.outcome.has_value());
    const auto& words = words_of(cell.outcome.value_or(Outcome::not_applicable));
    put(cell_data, "badge_id", words.id);
    put(cell_data, "badge_symbol", words.symbol);
    put(cell_data, "badge_text", words.text);
    cells.push_back(std::move(cell_data));
    spoken.push_back(labels[system] + " " + cell_text(cell));
    if (scale && number_of(cell.measurement) != nullptr) dots.push_back(dot_data(cell, system, *scale));
  }
  put(data, "plot_label", join(spoken, "; "));
  put(data, "plot_height", fmt::format("{:.0f}", plot_row_px * static_cast<double>(row.cells.size())));
  put_list(data, "cells", std::move(cells));
  put_list(data, "dots", std::move(dots));
  return data;
}

TemplateData table_data(const MetricTable& table, std::size_t index, std::span<const std::string> labels) {
  const auto scale = table_scale(table);
  TemplateData data;
  put(data, "metric_anchor", fmt::format("metric-{}", index + 1));
  put(data, "metric_label", label_of(table.key));
  put(data, "metric_unit", unit_text(table.unit));
  put_flag(data, "has_scale", scale.has_value());
  put(data, "scale_lo", scale ? format_rounded(scale->lo, 3) : "");
  put(data, "scale_hi", scale ? format_rounded(scale->hi, 3) : "");
  const bool holds_zero = scale && scale->lo < 0.0 && scale->hi > 0.0;
  put_flag(data, "has_zero", holds_zero);
  put(data, "zero_x", holds_zero ? position_text(*scale, 0.0, plot_width_px) : "");
  std::size_t changed = 0;
  TemplateList rows;
  for (const auto& row : table.rows) {
    changed += static_cast<std::size_t>(
        std::count_if(row.cells.begin(), row.cells.end(), [](const Cell& cell) { return cell.changed; }));
    rows.push_back(row_data(row, scale, labels));
  }
  put(data, "metric_changed", changed == 0 ? "no change" : fmt::format("{} changed", changed));
  put_list(data, "study_rows", std::move(rows));
  return data;
}

}  // namespace

std::string render_study_markdown(std::span<const RunRecord> runs) {
  const auto labels = system_labels(runs);
  std::string out = fmt::format("# {} systems on {}\n\n", runs.size(), markdown_text(suite_names(runs)));
  for (std::size_t system = 0; system < runs.size(); ++system)
    out += fmt::format("- {}: {}. {}\n", markdown_text(labels[system]), verdict_words(runs[system]),
                       markdown_text(verdict_of(runs[system]).why));
  out +=
      fmt::format("\n**Bold**: differs from the first system by more than both intervals. {}\n\n", meaning);
  std::string head = "| case | metric |";
  std::string rule = "|---|---|";
  for (const auto& label : labels) {
    head += " " + markdown_text(label) + " |";
    rule += "---|";
  }
  out += head + "\n" + rule + "\n";
  const Study study(runs);
  for (const auto& table : study.tables())
    for (const auto& row : table.rows) {
      out += fmt::format("| {} | {} |", markdown_text(row.case_id), markdown_text(label_of(table.key)));
      for (const auto& cell : row.cells) {
        std::string text = markdown_text(cell_text(cell));
        if (cell.changed) text = "**" + text + "**";
        if (const std::string interval = cell_interval(cell); !interval.empty())
          text += " " + markdown_text(interval);
        if (cell.outcome)
          text += fmt::format(" {} {}", words_of(*cell.outcome).symbol, words_of(*cell.outcome).text);
        out += " " + text + " |";
      }
      out += "\n";
    }
  return out;
}

std::string render_study_html(std::span<const RunRecord> runs) {
  const auto labels = system_labels(runs);
  TemplateData page;
  page["style"] = TemplateData(embedded::style);
  put(page, "suite_names", suite_names(runs));
  put(page, "system_count", std::to_string(runs.size()));
  put(page, "meaning", meaning);
  TemplateList systems;
  for (std::size_t system = 0; system < runs.size(); ++system) {
    const RunVerdict verdict = verdict_of(runs[system]);
    TemplateData data;
    put(data, "system_label", labels[system]);
    put(data, "system_colour", fmt::format("system-{}", system % system_colours));
    put(data, "system_number", std::to_string(system + 1));
    put(data, "verdict_id", verdict.passed ? "pass" : "fail");
    put(data, "verdict_text", verdict_words(runs[system]));
    put(data, "verdict_why", verdict.why);
    std::vector<std::string> settings;
    for (const auto& [name, value] : runs[system].system.settings)
      settings.push_back(name + " = " + format_parameter(value));
    put(data, "system_settings", join(settings, ", "));
    systems.push_back(std::move(data));
  }
  put_list(page, "systems", std::move(systems));
  const Study study(runs);
  TemplateList tables;
  for (std::size_t i = 0; i < study.tables().size(); ++i)
    tables.push_back(table_data(study.tables()[i], i, labels));
  put_list(page, "tables", std::move(tables));
  return fill_template(embedded::study_template, page);
}

}  // namespace meshassay::reports
