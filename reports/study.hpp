// SPDX-License-Identifier: GPL-3.0-or-later
// Several systems on the same suite, side by side: what the renderings of a study show, and in which order.
// The first system is the one that the others are compared with.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/run_record.hpp"
#include "reports/presentation.hpp"

namespace meshassay::reports {

/// What one system got. The measurement lives as long as the runs.
struct StudyCell {
  const Measurement* measurement = nullptr;  ///< Null where the system has none.
  std::optional<Outcome> outcome;            ///< Worst of the checks on it; nothing where none looks at it.
  bool changed =
      false;  ///< Differs from the first system: intervals that do not meet, or one without a value.
};

struct StudyRow {
  std::string case_id;
  std::vector<StudyCell> cells;  ///< One a system.
  Limit limit;                   ///< Of the first check on it; empty where none looks at it.
};

/// One metric of one stage and target.
struct StudyTable {
  std::string label;  ///< "smoothing.volume_change · smoothed"
  std::string unit;
  bool checked = false;        ///< A check of the suite looks at it, in some case.
  std::vector<StudyRow> rows;  ///< One a case, in the order of the suite.
};

struct Study {
  std::vector<StudyTable>
      tables;  ///< Checked metrics first; within, in the order in which the runs name them.
  int equal_rows = 0, equal_metrics = 0;  ///< Left out: no check looks at them, and all systems got the same.
};

/// Metrics that are a number in some run. Of a metric that a check looks at, every case; of the others, the
/// cases in which two systems differ.
[[nodiscard]] Study study_of(std::span<const RunRecord> runs);

/// Name and version of each system; numbered where two would read the same.
[[nodiscard]] std::vector<std::string> system_labels(std::span<const RunRecord> runs);
/// What the labels do not share: "none", "moderate" of "smoothing-none 1" and "smoothing-moderate 1".
[[nodiscard]] std::vector<std::string> short_labels(std::span<const std::string> labels);
/// "quick 1, edges 2": the suites of all runs, each once.
[[nodiscard]] std::string study_suites(std::span<const RunRecord> runs);
/// "31 further values of 20 metrics ..."; nothing where none was left out.
[[nodiscard]] std::string left_out_text(const Study& study);

[[nodiscard]] const double* number_of(const Measurement* measurement);  ///< Null where it is no number.
/// Of a measurement without one, the point.
[[nodiscard]] Interval interval_of(const Measurement& measurement, double value);
[[nodiscard]] std::string cell_text(const StudyCell& cell);
[[nodiscard]] std::string cell_interval(const StudyCell& cell);
/// "✓ passed"
[[nodiscard]] std::string verdict_words(const RunRecord& run);

}  // namespace meshassay::reports
