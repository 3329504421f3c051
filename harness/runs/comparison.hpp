// SPDX-License-Identifier: GPL-3.0-or-later
// Two runs side by side: what changed beyond both intervals, and what vanished.
#pragma once

#include <string>
#include <vector>

#include "core/run_record.hpp"

namespace meshassay::harness {

enum class ChangeKind {
  vanished_case,
  vanished_measurement,  ///< Or it became undefined.
  vanished_check,
  worse_verdict,
  changed,  ///< A value, beyond both intervals.
  better_verdict,
  new_case,
  new_measurement,
};

struct Change {
  ChangeKind kind = ChangeKind::changed;
  std::string case_id, metric, stage, target;
  std::string baseline, current;  ///< Values with intervals, or verdicts, for people.
};

/// Whether a nightly run must stop for it: everything but better and new.
[[nodiscard]] bool is_regression(ChangeKind kind);
[[nodiscard]] std::string_view to_string(ChangeKind kind);

/// In the order of the baseline; then what is new. The key is (case, metric, stage, target).
[[nodiscard]] std::vector<Change> compare_runs(const RunRecord& baseline, const RunRecord& current);

}  // namespace meshassay::harness
