// SPDX-License-Identifier: GPL-3.0-or-later
#include "suites/requirements.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "suites/toml_reader.hpp"

namespace meshassay::suites {
namespace {

using Strings = std::vector<std::string>;

const Strings row_keys = {"id", "list", "item", "how", "summary", "harness", "not_covered"};
const Strings items = {"shall", "should", "info", "title_only"};
const Strings lists = {"shall"};

Requirement read_row(const TomlNode& table) {
  refuse_unknown_keys(table, row_keys);
  Requirement row{.id = required_text(table, "id")};
  if (const auto* list = find_entry(table, "list")) row.list = choice_of(*list, lists);
  // An item of a list may have no verb of its own.
  if (const auto* item = find_entry(table, "item"); item != nullptr || row.list.empty())
    row.item = choice_of(item != nullptr ? *item : require_entry(table, "item", "\"shall\""), items);
  row.how = required_text(table, "how");
  row.summary = required_text(table, "summary");
  row.harness = required_text(table, "harness");
  row.not_covered = optional_text(table, "not_covered", "");
  return row;
}

/// The checks of a run that name one requirement.
struct Tally {
  Strings checks;  ///< "case-id/metric"
  int pass = 0, fail = 0, inconclusive = 0, error = 0, waived = 0;

  void add(const std::string& name, const CheckResult& check) {
    if (checks.empty() || checks.back() != name)
      checks.push_back(name);  // Targets of one check are one entry.
    if (check.verdict == Verdict::pass) ++pass;
    if (check.verdict == Verdict::fail) ++fail;
    if (check.verdict == Verdict::inconclusive) ++inconclusive;
    if (check.verdict == Verdict::error) ++error;
    if (check.expectation == Expectation::waived && check.verdict != Verdict::pass) ++waived;
  }
};

bool names(const CheckResult& check, const std::string& requirement) {
  return std::find(check.requirements.begin(), check.requirements.end(), requirement) !=
         check.requirements.end();
}

Tally tally_of(const Requirement& requirement, std::span<const CaseResult> cases) {
  Tally tally;
  for (const auto& result : cases)
    for (const auto& check : result.checks)
      if (names(check, requirement.id)) tally.add(result.id + "/" + check.metric, check);
  return tally;
}

std::string status_of(const Requirement& requirement, const Tally& tally) {
  const bool title_only = requirement.item == "title_only";
  if (tally.fail > 0) return "failed";
  if (tally.inconclusive > 0 || tally.error > 0) return "inconclusive";
  // What a text demands that we do not hold cannot be verified, whatever our checks say at title level.
  if (tally.pass > 0) return title_only ? "title_only" : "verified";
  if (!tally.checks.empty()) return "not_applicable";
  return title_only ? "title_only" : "not_covered";
}

std::string count(int number, const std::string& what) {
  return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

std::string note_of(const Requirement& requirement, const Tally& tally, const std::string& status) {
  std::string note;
  const auto add = [&note](const std::string& text) { note += (note.empty() ? "" : "; ") + text; };
  if (status == "title_only" && tally.pass > 0)
    add("the text is not held; at the level of its title, " + count(tally.pass, "check") + " passed");
  if (tally.checks.empty() && requirement.item == "title_only") add("the text is not held");
  if (tally.checks.empty() && !requirement.not_covered.empty()) add(requirement.not_covered);
  if (status == "not_covered" && requirement.not_covered.empty()) add("no check of this run names it");
  if (status == "not_applicable") add("the system offers nothing that its checks look at");
  if (tally.error > 0) add(count(tally.error, "check") + " ended in an error of the harness");
  if (tally.waived > 0) add(count(tally.waived, "failure") + " waived: a waiver excuses, it does not verify");
  return note;
}

void count_check(const CheckResult& check, RunSummary& summary) {
  ++summary.checks;
  const bool waived = check.expectation == Expectation::waived;
  switch (check.verdict) {
    case Verdict::pass: ++(waived ? summary.unexpected_pass : summary.pass); break;
    case Verdict::fail: ++(waived ? summary.waived : summary.fail); break;
    case Verdict::inconclusive: ++(waived ? summary.waived : summary.inconclusive); break;
    case Verdict::not_applicable: ++summary.not_applicable; break;
    case Verdict::error: ++summary.error; break;
  }
}

std::string explain(const RunSummary& summary, int ended_badly) {
  std::string parts;
  const auto add = [&parts](int number, const std::string& what) {
    if (number > 0) parts += (parts.empty() ? "" : ", ") + std::to_string(number) + " " + what;
  };
  add(summary.fail, "failed");
  add(summary.inconclusive, "inconclusive");
  add(summary.error, "ended in an error");
  add(summary.unexpected_pass, "passed although waived");
  const std::string of = count(summary.checks, "check") + " in " + count(summary.cases, "case");
  if (!parts.empty() || ended_badly > 0) {
    std::string text = "of " + of + ": " + (parts.empty() ? "none decided against the system" : parts);
    if (ended_badly > 0) text += "; " + count(ended_badly, "case") + " did not end as expected";
    return text;
  }
  if (summary.pass == 0) return "of " + of + ", none was decided as a pass: nothing is shown";
  add(summary.pass, "passed");
  add(summary.waived, "failed as waived");
  add(summary.not_applicable, "did not apply");
  return "of " + of + ": " + parts;
}

}  // namespace

std::vector<Requirement> read_requirements(std::span<const std::filesystem::path> files) {
  std::vector<Requirement> rows;
  std::set<std::string> ids;
  for (const auto& path : files) {
    const auto file = read_toml(path);
    refuse_unknown_keys(file.root, Strings{"requirement"});
    for (const auto& table :
         tables_of(require_entry(file.root, "requirement", "at least one [[requirement]]"))) {
      rows.push_back(read_row(table));
      if (!ids.insert(rows.back().id).second)
        refuse(table, "two requirements have the same id", "ids that differ, in all files", rows.back().id,
               "give a row of your own an id of your own");
    }
  }
  return rows;
}

const std::vector<Requirement>& default_requirements() {
  static const std::vector<Requirement> catalogue =
      read_requirements(std::array<std::filesystem::path, 1>{"suites/requirements/iso3532-1.toml"});
  return catalogue;
}

std::vector<RequirementResult> roll_up(std::span<const Requirement> requirements,
                                       std::span<const CaseResult> cases) {
  std::vector<RequirementResult> results;
  for (const auto& requirement : requirements) {
    const auto tally = tally_of(requirement, cases);
    const auto status = status_of(requirement, tally);
    results.push_back({.id = requirement.id,
                       .list = requirement.list,
                       .item = requirement.item,
                       .how = requirement.how,
                       .summary = requirement.summary,
                       .status = status,
                       .checks = tally.checks,
                       .note = note_of(requirement, tally, status)});
  }
  return results;
}

RunSummary summarise(std::span<const CaseResult> cases) {
  RunSummary summary;
  int ended_badly = 0;
  for (const auto& result : cases) {
    ++summary.cases;
    for (const auto& check : result.checks) count_check(check, summary);
    if (ended_badly_unseen(result)) ++ended_badly;
  }
  summary.passed = summary.pass > 0 && summary.fail == 0 && summary.inconclusive == 0 && summary.error == 0 &&
                   summary.unexpected_pass == 0 && ended_badly == 0;
  summary.why = explain(summary, ended_badly);
  return summary;
}

}  // namespace meshassay::suites
