// SPDX-License-Identifier: GPL-3.0-or-later
#include "reports/study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "core/text.hpp"

namespace meshassay::reports {
namespace {

/// What a row is about, within a case.
using MetricKey = std::tuple<std::string, std::string, std::string>;  ///< metric, stage, target

bool differs(const Measurement* one, const Measurement* other) {
  const double* one_value = number_of(one);
  const double* other_value = number_of(other);
  if (one_value == nullptr || other_value == nullptr)
    return (one_value == nullptr) != (other_value == nullptr);
  const Interval a = interval_of(*one, *one_value);
  const Interval b = interval_of(*other, *other_value);
  return a.hi < b.lo || b.hi < a.lo;
}

bool any_two_differ(const StudyRow& row) {
  for (std::size_t i = 0; i < row.cells.size(); ++i)
    for (std::size_t j = i + 1; j < row.cells.size(); ++j)
      if (differs(row.cells[i].measurement, row.cells[j].measurement)) return true;
  return false;
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

const CheckResult* first_check(const CaseResult& result, const Measurement& measurement) {
  for (const auto& check : result.checks)
    if (find_measurement(result, check) == &measurement) return &check;
  return nullptr;
}

/// Collects every measurement of every run.
class Collector {
 public:
  explicit Collector(std::size_t systems) : systems_(systems) {}
  void add(std::size_t system, const CaseResult& result, const Measurement& measurement) {
    const MetricKey key{measurement.metric, measurement.stage, measurement.target};
    const auto [table_at, new_table] = table_index_.emplace(key, tables_.size());
    if (new_table)
      tables_.push_back({.label = metric_label(measurement.metric, measurement.stage, measurement.target),
                         .unit = measurement.unit});
    StudyTable& table = tables_[table_at->second];
    const auto [row_at, new_row] = row_index_.emplace(std::pair{key, result.id}, table.rows.size());
    if (new_row) table.rows.push_back({.case_id = result.id, .cells = std::vector<StudyCell>(systems_)});
    StudyRow& row = table.rows[row_at->second];
    row.cells[system] = {.measurement = &measurement, .outcome = worst_outcome(result, measurement)};
    if (const auto* check = first_check(result, measurement)) {
      table.checked = true;
      row.limit = check->limit;
    }
  }
  [[nodiscard]] std::vector<StudyTable> take() { return std::move(tables_); }

 private:
  std::size_t systems_;
  std::vector<StudyTable> tables_;
  std::map<MetricKey, std::size_t> table_index_;
  std::map<std::pair<MetricKey, std::string>, std::size_t> row_index_;
};

bool has_number(const StudyTable& table) {
  return std::any_of(table.rows.begin(), table.rows.end(), [](const StudyRow& row) {
    return std::any_of(row.cells.begin(), row.cells.end(),
                       [](const StudyCell& cell) { return number_of(cell.measurement) != nullptr; });
  });
}

/// Characters that all texts begin with, back to the end of a word.
std::size_t shared_words(std::span<const std::string> texts) {
  const std::string& first = texts.front();
  std::size_t shared = first.size();
  for (const auto& text : texts) {
    const auto [at, other] = std::mismatch(first.begin(), first.end(), text.begin(), text.end());
    shared = std::min(shared, static_cast<std::size_t>(at - first.begin()));
  }
  const auto last = shared == 0 ? std::string::npos : first.find_last_of(" -_,/", shared - 1);
  return last == std::string::npos ? 0 : last + 1;
}

std::vector<std::string> reversed(std::span<const std::string> texts) {
  std::vector<std::string> result;
  for (const auto& text : texts) result.emplace_back(text.rbegin(), text.rend());
  return result;
}

}  // namespace

Study study_of(std::span<const RunRecord> runs) {
  Collector collector(runs.size());
  for (std::size_t system = 0; system < runs.size(); ++system)
    for (const auto& result : runs[system].cases)
      for (const auto& measurement : result.measurements) collector.add(system, result, measurement);
  Study study{.tables = collector.take()};
  std::erase_if(study.tables, [](const StudyTable& table) { return !has_number(table); });
  for (auto& table : study.tables) {
    for (auto& row : table.rows)
      for (std::size_t system = 1; system < runs.size(); ++system)
        row.cells[system].changed = differs(row.cells[0].measurement, row.cells[system].measurement);
    if (table.checked) continue;
    const auto left_out = std::erase_if(table.rows, [](const StudyRow& row) { return !any_two_differ(row); });
    study.equal_rows += static_cast<int>(left_out);
    if (left_out > 0) ++study.equal_metrics;
  }
  std::erase_if(study.tables, [](const StudyTable& table) { return table.rows.empty(); });
  std::stable_partition(study.tables.begin(), study.tables.end(),
                        [](const StudyTable& table) { return table.checked; });
  return study;
}

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

std::vector<std::string> short_labels(std::span<const std::string> labels) {
  std::vector<std::string> result(labels.begin(), labels.end());
  if (labels.size() < 2) return result;
  const std::size_t front = shared_words(labels);
  for (auto& label : result) label.erase(0, front);
  const std::size_t back = shared_words(reversed(result));
  for (auto& label : result) label.erase(label.size() - std::min(back, label.size()));
  const bool all_say_something =
      std::none_of(result.begin(), result.end(), [](const std::string& label) { return label.empty(); });
  return all_say_something ? result : std::vector<std::string>(labels.begin(), labels.end());
}

std::string study_suites(std::span<const RunRecord> runs) {
  std::vector<std::string> names;
  for (const auto& run : runs)
    for (const auto& suite : run.suites)
      if (const std::string name = suite.id + " " + suite.version;
          std::find(names.begin(), names.end(), name) == names.end())
        names.push_back(name);
  return join(names, ", ");
}

std::string left_out_text(const Study& study) {
  if (study.equal_rows == 0) return "";
  return fmt::format(
      "Not shown: {} more value{} of {} metric{} that no check looks at and that all systems share within "
      "their "
      "intervals; run.json of each system holds them.",
      study.equal_rows, study.equal_rows == 1 ? "" : "s", study.equal_metrics,
      study.equal_metrics == 1 ? "" : "s");
}

const double* number_of(const Measurement* measurement) {
  if (measurement == nullptr || !measurement->value) return nullptr;
  return std::get_if<double>(&*measurement->value);
}

Interval interval_of(const Measurement& measurement, double value) {
  return measurement.interval.value_or(Interval{value, value});
}

std::string cell_text(const StudyCell& cell) {
  return cell.measurement == nullptr ? "–" : measured_text(cell.measurement, {});
}

std::string cell_interval(const StudyCell& cell) {
  return cell.measurement == nullptr ? "" : interval_text(*cell.measurement);
}

std::string verdict_words(const RunRecord& run) {
  return verdict_of(run).passed ? "✓ passed" : "✗ not passed";
}

}  // namespace meshassay::reports
