// SPDX-License-Identifier: GPL-3.0-or-later
#include "suites/waivers.hpp"

#include "core/text.hpp"
#include "suites/toml_reader.hpp"

namespace meshassay::suites {
namespace {

/// What a waiver can be about: a harness error is nobody's to waive, and what does not apply needs none.
bool is_decided(Verdict verdict) {
  return verdict == Verdict::pass || verdict == Verdict::fail || verdict == Verdict::inconclusive;
}

}  // namespace

std::vector<AppliedWaiver> read_waivers(const std::filesystem::path& path) {
  const auto file = read_toml(path);
  refuse_unknown_keys(file.root, std::vector<std::string>{"waiver"});
  std::vector<AppliedWaiver> waivers;
  for (const auto& row : tables_of(require_entry(file.root, "waiver", "at least one [[waiver]]"))) {
    refuse_unknown_keys(row, std::vector<std::string>{"case", "metric", "reason", "approved_by"});
    waivers.push_back({.case_glob = required_text(row, "case"),
                       .metric_glob = required_text(row, "metric"),
                       .reason = required_text(row, "reason"),
                       .approved_by = required_text(row, "approved_by")});
  }
  return waivers;
}

void apply_waivers(std::span<AppliedWaiver> waivers, std::span<CaseResult> cases) {
  for (auto& result : cases) {
    for (auto& check : result.checks) {
      if (!is_decided(check.verdict)) continue;
      for (auto& waiver : waivers) {
        if (!matches_glob(result.id, waiver.case_glob) || !matches_glob(check.metric, waiver.metric_glob))
          continue;
        check.expectation = Expectation::waived;
        check.waiver = waiver.reason + " (approved by " + waiver.approved_by + ")";
        ++waiver.used;
        break;  // The first that fits, in file order.
      }
    }
  }
}

}  // namespace meshassay::suites
