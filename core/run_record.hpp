// SPDX-License-Identifier: GPL-3.0-or-later
// The one document with everything about a run; reports replay it.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/case_status.hpp"
#include "core/check_result.hpp"
#include "core/measurement.hpp"
#include "core/parameters.hpp"
#include "core/system_record.hpp"

namespace meshassay {

/// A file of the run. Paths are relative to the run's folder.
struct Artifact {
  std::string role;  ///< "ct", "truth_mask", "stage:smoothed", "stdout", ...
  std::string path;
  std::string sha256;
  std::uint64_t bytes = 0;
  friend bool operator==(const Artifact&, const Artifact&) = default;
};

/// A run of the system beside the case's own, on what one of its steps should have been given.
struct DerivedRunResult {
  std::string plan, name;  ///< "budget", "segmentation"
  std::string task;        ///< What the system was asked for; several, joined by "or", where it takes none.
  Parameters scan_parameters;  ///< Of the scan that it was given or whose grid counts; empty for no run.
  CaseStatus status = CaseStatus::ok;
  std::string status_detail;
  std::vector<std::string> stages;
  std::optional<SystemRecord> record;
  std::vector<Artifact> artifacts;
  friend bool operator==(const DerivedRunResult&, const DerivedRunResult&) = default;
};

struct CaseResult {
  std::string id;
  std::string phantom;
  Parameters phantom_parameters;
  Parameters scan_parameters;
  std::string expect = "done";  ///< done | refused | warned
  CaseStatus status = CaseStatus::ok;
  std::string status_detail;
  std::vector<std::string> stages;  ///< That came back, in the order of the data flow.
  std::optional<SystemRecord> record;
  std::vector<Measurement> measurements;
  std::vector<CheckResult> checks;
  std::vector<Artifact> artifacts;
  std::vector<DerivedRunResult> derived_runs;
  std::map<std::string, double> timing_s;  ///< "scan", "system", "measure", "derived_runs".
  friend bool operator==(const CaseResult&, const CaseResult&) = default;
};

struct ToolIdentity {
  std::string version, commit, binary_sha256;
  bool clean_tree = false;
  std::map<std::string, std::string> libraries;  ///< name -> version
  friend bool operator==(const ToolIdentity&, const ToolIdentity&) = default;
};

struct SystemIdentity {
  std::string name, version, adapter, executable_sha256, file_sha256;
  Parameters settings;  ///< Of the reference; empty for others.
  std::map<std::string, std::string> declares;
  friend bool operator==(const SystemIdentity&, const SystemIdentity&) = default;
};

struct SuiteIdentity {
  std::string id, version, sha256, intended_use;
  friend bool operator==(const SuiteIdentity&, const SuiteIdentity&) = default;
};

/// A requirement after roll-up.
struct RequirementResult {
  std::string id, list, item, how, summary;  ///< As in the catalogue.
  std::string status;               ///< verified | failed | inconclusive | attested | not_covered | ...
  std::vector<std::string> checks;  ///< "case-id/metric", in file order.
  std::string note;
  friend bool operator==(const RequirementResult&, const RequirementResult&) = default;
};

struct AppliedWaiver {
  std::string case_glob, metric_glob, reason, approved_by;
  int used = 0;
  friend bool operator==(const AppliedWaiver&, const AppliedWaiver&) = default;
};

struct RunSummary {
  bool passed = false;  ///< At least one decided check and no fail, inconclusive, error or unexpected pass.
  std::string why;      ///< In one sentence.
  int cases = 0, checks = 0;
  int pass = 0, fail = 0, inconclusive = 0, not_applicable = 0, error = 0, waived = 0, unexpected_pass = 0;
  friend bool operator==(const RunSummary&, const RunSummary&) = default;
};

struct RunRecord {
  ToolIdentity tool;
  SystemIdentity system;
  std::vector<SuiteIdentity> suites;
  std::uint64_t seed = 0;
  std::string operator_name;
  std::vector<AppliedWaiver> waivers;
  std::vector<CaseResult> cases;                ///< In the order of the suite.
  std::vector<RequirementResult> requirements;  ///< In the order of the catalogue.
  std::vector<std::string> known_anomalies;
  RunSummary summary;
  std::map<std::string, std::string>
      environment;  ///< Host, times, command line: what may differ between runs.
  std::map<std::string, double> timing_s;
  friend bool operator==(const RunRecord&, const RunRecord&) = default;
};

/// Whether a case ended otherwise than the suite expects although no check of it says so (a crash where
/// everything that was checked was not offered). Without this it would count for nothing.
[[nodiscard]] bool ended_badly_unseen(const CaseResult& result);

/// Standards on the same subject whose text this project does not hold, for every requirement matrix to name.
[[nodiscard]] std::span<const std::string_view> standards_not_held();

}  // namespace meshassay
