// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/runs/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "reports/presentation.hpp"

namespace meshassay::harness {
namespace {

template <typename Row>
bool same_key(const Row& a, const Row& b) {
  return a.metric == b.metric && a.stage == b.stage && a.target == b.target;
}

template <typename Row>
const Row* find_row(const std::vector<Row>& rows, const Row& wanted) {
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return same_key(row, wanted); });
  return found == rows.end() ? nullptr : &*found;
}

// A check's key holds its limit too: two checks may look at one metric.
const CheckResult* find_check(const std::vector<CheckResult>& checks, const CheckResult& wanted) {
  const auto found = std::find_if(checks.begin(), checks.end(), [&](const CheckResult& check) {
    return same_key(check, wanted) && check.limit.as_written == wanted.limit.as_written;
  });
  return found == checks.end() ? nullptr : &*found;
}

const CaseResult* find_case(const std::vector<CaseResult>& cases, const std::string& id) {
  const auto found =
      std::find_if(cases.begin(), cases.end(), [&](const CaseResult& each) { return each.id == id; });
  return found == cases.end() ? nullptr : &*found;
}

Interval interval_of(const Measurement& measurement, double value) {
  return measurement.interval.value_or(Interval{value, value});
}

std::string describe(const Measurement& measurement) {
  const std::string interval = reports::interval_text(measurement);
  return reports::measured_text(&measurement, Limit{}) + (interval.empty() ? "" : " " + interval);
}

bool changed_beyond_both_intervals(const Measurement& baseline, const Measurement& current) {
  const auto* before = std::get_if<double>(&*baseline.value);
  const auto* now = std::get_if<double>(&*current.value);
  if (!before || !now) return *baseline.value != *current.value;
  const auto a = interval_of(baseline, *before), b = interval_of(current, *now);
  return a.hi < b.lo || b.hi < a.lo;
}

int badness(const CheckResult& check) {
  switch (check.verdict) {
    case Verdict::pass: return 0;
    case Verdict::not_applicable: return 1;
    case Verdict::inconclusive: return 2;
    case Verdict::fail: return 3;
    case Verdict::error: return 4;
  }
  throw std::logic_error("no such verdict");
}

class Comparison {
 public:
  void compare_cases(const CaseResult& baseline, const CaseResult& current) {
    for (const auto& before : baseline.measurements) {
      const auto* now = find_row(current.measurements, before);
      if (before.value && (!now || !now->value))
        add(ChangeKind::vanished_measurement, baseline.id, before, describe(before),
            now ? describe(*now) : "absent");
      else if (before.value && changed_beyond_both_intervals(before, *now))
        add(ChangeKind::changed, baseline.id, before, describe(before), describe(*now));
    }
    for (const auto& before : baseline.checks) {
      const auto* now = find_check(current.checks, before);
      if (!now)
        add(ChangeKind::vanished_check, baseline.id, before, verdict_of(before), "absent");
      else if (badness(*now) != badness(before))
        add(badness(*now) > badness(before) ? ChangeKind::worse_verdict : ChangeKind::better_verdict,
            baseline.id, before, verdict_of(before), verdict_of(*now));
    }
    for (const auto& now : current.measurements) {
      const auto* before = find_row(baseline.measurements, now);
      if (now.value && (!before || !before->value))
        add(ChangeKind::new_measurement, current.id, now, before ? describe(*before) : "absent",
            describe(now));
    }
  }
  void add_case(ChangeKind kind, const CaseResult& result, const std::string& before,
                const std::string& now) {
    changes.push_back({.kind = kind, .case_id = result.id, .baseline = before, .current = now});
  }

  std::vector<Change> changes;

 private:
  static std::string verdict_of(const CheckResult& check) {
    return fmt::format("{} ({})", to_string(check.verdict), check.limit.as_written);
  }
  template <typename Row>
  void add(ChangeKind kind, const std::string& case_id, const Row& row, const std::string& before,
           const std::string& now) {
    changes.push_back({.kind = kind,
                       .case_id = case_id,
                       .metric = row.metric,
                       .stage = row.stage,
                       .target = row.target,
                       .baseline = before,
                       .current = now});
  }
};

}  // namespace

bool is_regression(ChangeKind kind) {
  return kind != ChangeKind::better_verdict && kind != ChangeKind::new_case &&
         kind != ChangeKind::new_measurement;
}

std::string_view to_string(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::vanished_case: return "vanished_case";
    case ChangeKind::vanished_measurement: return "vanished_measurement";
    case ChangeKind::vanished_check: return "vanished_check";
    case ChangeKind::worse_verdict: return "worse_verdict";
    case ChangeKind::changed: return "changed";
    case ChangeKind::better_verdict: return "better_verdict";
    case ChangeKind::new_case: return "new_case";
    case ChangeKind::new_measurement: return "new_measurement";
  }
  throw std::logic_error("no such kind of change");
}

std::vector<Change> compare_runs(const RunRecord& baseline, const RunRecord& current) {
  Comparison comparison;
  for (const auto& before : baseline.cases) {
    if (const auto* now = find_case(current.cases, before.id))
      comparison.compare_cases(before, *now);
    else
      comparison.add_case(ChangeKind::vanished_case, before, std::string(to_string(before.status)), "absent");
  }
  for (const auto& now : current.cases)
    if (!find_case(baseline.cases, now.id))
      comparison.add_case(ChangeKind::new_case, now, "absent", std::string(to_string(now.status)));
  return std::move(comparison.changes);
}

}  // namespace meshassay::harness
