// SPDX-License-Identifier: GPL-3.0-or-later
// study.html: a table a metric, a row a case, a column a system, and beside each row a plot.
#include <fmt/format.h>

#include <algorithm>

#include "core/text.hpp"
#include "reports/bar.hpp"
#include "reports/embedded.hpp"
#include "reports/renderings.hpp"
#include "reports/study.hpp"
#include "reports/template.hpp"

namespace meshassay::reports {
namespace {

constexpr double plot_width_px = 260.0;
constexpr double plot_row_px = 16.0;
constexpr std::size_t system_colours = 4;

std::string colour_of(std::size_t system) { return fmt::format("system-{}", system % system_colours); }

/// All numbers of a metric and its limits, so that its plots share one scale.
std::optional<Scale> table_scale(const StudyTable& table) {
  std::vector<double> numbers;
  for (const auto& row : table.rows) {
    for (const auto& cell : row.cells)
      if (const double* value = number_of(cell.measurement)) {
        const Interval interval = interval_of(*cell.measurement, *value);
        numbers.insert(numbers.end(), {*value, interval.lo, interval.hi});
      }
    const auto limits = limit_numbers(row.limit);
    numbers.insert(numbers.end(), limits.begin(), limits.end());
  }
  return scale_of(numbers);
}

TemplateData dot_data(const StudyCell& cell, std::size_t system, const Scale& scale) {
  const double value = *number_of(cell.measurement);
  const Interval interval = interval_of(*cell.measurement, value);
  const double center_px = plot_row_px * (static_cast<double>(system) + 0.5);
  TemplateData dot;
  put(dot, "dot_colour", colour_of(system));
  put(dot, "dot_x", position_text(scale, value, plot_width_px));
  put(dot, "dot_y", fmt::format("{:.1f}", center_px));
  put(dot, "line_x", position_text(scale, interval.lo, plot_width_px));
  put(dot, "line_y", fmt::format("{:.1f}", center_px - 1.5));
  put(dot, "line_width", extent_text(scale, interval.lo, interval.hi, plot_width_px));
  put(dot, "dot_number", std::to_string(system + 1));
  return dot;
}

/// What the limit of a row allows, behind its dots.
void put_zone(TemplateData& data, const Limit& limit, const std::optional<Scale>& scale) {
  const bool bounded = scale && !limit_numbers(limit).empty();
  put_flag(data, "has_zone", bounded);
  if (!bounded) return;
  const auto numbers = limit_numbers(limit);
  const double lo = limit.equals ? numbers.back() : limit.min.value_or(scale->lo);
  const double hi = limit.equals ? numbers.back() : limit.max.value_or(scale->hi);
  put(data, "zone_x", position_text(*scale, lo, plot_width_px));
  put(data, "zone_width", extent_text(*scale, lo, hi, plot_width_px));
}

TemplateData cell_data(const StudyCell& cell) {
  TemplateData data;
  put(data, "cell_value", cell_text(cell));
  put(data, "cell_interval", cell_interval(cell));
  put_flag(data, "cell_changed", cell.changed);
  put_flag(data, "cell_checked", cell.outcome.has_value());
  const auto& words = words_of(cell.outcome.value_or(Outcome::not_applicable));
  put(data, "badge_id", words.id);
  put(data, "badge_symbol", words.symbol);
  put(data, "badge_text", words.text);
  return data;
}

TemplateData row_data(const StudyRow& row, const StudyTable& table, const std::optional<Scale>& scale,
                      std::span<const std::string> labels) {
  TemplateData data;
  put_breakable(data, "study_case", row.case_id);
  put(data, "study_limit", limit_text(row.limit, table.unit));
  TemplateList cells;
  TemplateList dots;
  std::vector<std::string> spoken;
  for (std::size_t system = 0; system < row.cells.size(); ++system) {
    const StudyCell& cell = row.cells[system];
    cells.push_back(cell_data(cell));
    spoken.push_back(labels[system] + " " + cell_text(cell));
    if (scale && number_of(cell.measurement) != nullptr) dots.push_back(dot_data(cell, system, *scale));
  }
  put_zone(data, row.limit, scale);
  put(data, "plot_label", join(spoken, "; "));
  put(data, "plot_height", fmt::format("{:.0f}", plot_row_px * static_cast<double>(row.cells.size())));
  put_list(data, "cells", std::move(cells));
  put_list(data, "dots", std::move(dots));
  return data;
}

std::string differences_text(const StudyTable& table) {
  const auto rows = std::count_if(table.rows.begin(), table.rows.end(), [](const StudyRow& row) {
    return std::any_of(row.cells.begin(), row.cells.end(),
                       [](const StudyCell& cell) { return cell.changed; });
  });
  if (rows == 0) return "none differs";
  return fmt::format("{} of {} differ{}", rows, table.rows.size(), rows == 1 ? "s" : "");
}

TemplateData table_data(const StudyTable& table, std::size_t index, std::span<const std::string> labels) {
  const auto scale = table_scale(table);
  TemplateData data;
  put(data, "metric_anchor", fmt::format("metric-{}", index + 1));
  put(data, "metric_label", table.label);
  put(data, "metric_unit", unit_text(table.unit));
  put_flag(data, "metric_checked", table.checked);
  put(data, "metric_differences", differences_text(table));
  put_flag(data, "has_scale", scale.has_value());
  put(data, "scale_lo", scale ? format_rounded(scale->lo, 2) : "");
  put(data, "scale_hi", scale ? format_rounded(scale->hi, 2) : "");
  const bool holds_zero = scale && scale->lo < 0.0 && scale->hi > 0.0;
  put_flag(data, "has_zero", holds_zero);
  put(data, "zero_x", holds_zero ? position_text(*scale, 0.0, plot_width_px) : "");
  TemplateList rows;
  for (const auto& row : table.rows) rows.push_back(row_data(row, table, scale, labels));
  put_list(data, "study_rows", std::move(rows));
  return data;
}

TemplateData system_data(const RunRecord& run, std::size_t system, const std::string& label,
                         const std::string& short_label) {
  const RunVerdict verdict = verdict_of(run);
  TemplateData data;
  put(data, "system_label", label);
  put(data, "system_short", short_label);
  put(data, "system_colour", colour_of(system));
  put(data, "system_number", std::to_string(system + 1));
  put(data, "verdict_id", verdict.passed ? "pass" : "fail");
  put(data, "verdict_text", verdict_words(run));
  put(data, "verdict_why", verdict.why);
  std::vector<std::string> settings;
  for (const auto& [name, value] : run.system.settings)
    settings.push_back(name + " = " + format_parameter(value));
  put(data, "system_settings", join(settings, ", "));
  return data;
}

}  // namespace

std::string render_study_html(std::span<const RunRecord> runs) {
  const auto labels = system_labels(runs);
  const auto short_names = short_labels(labels);
  TemplateData page;
  put(page, "style", embedded::style);
  put(page, "suite_names", study_suites(runs));
  put(page, "system_count", std::to_string(runs.size()));
  put(page, "meaning", meaning);
  TemplateList systems;
  for (std::size_t system = 0; system < runs.size(); ++system)
    systems.push_back(system_data(runs[system], system, labels[system], short_names[system]));
  put_list(page, "systems", std::move(systems));

  const Study study = study_of(runs);
  TemplateList checked;
  TemplateList others;
  TemplateList tables;
  for (std::size_t i = 0; i < study.tables.size(); ++i) {
    tables.push_back(table_data(study.tables[i], i, short_names));
    (study.tables[i].checked ? checked : others).push_back(tables.back());
  }
  put_list(page, "checked_tables", std::move(checked));
  put_list(page, "other_tables", std::move(others));
  put_list(page, "tables", std::move(tables));
  put(page, "left_out", left_out_text(study));
  return fill_template(embedded::study_template, page);
}

}  // namespace meshassay::reports
