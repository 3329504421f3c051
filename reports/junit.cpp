// SPDX-License-Identifier: GPL-3.0-or-later
// junit.xml for continuous integration: a test suite per case, a test case per check. A run that has not
// passed always holds at least one failure, so that an empty run is never green.
#include <fmt/format.h>

#include <iterator>

#include "core/text.hpp"
#include "reports/presentation.hpp"
#include "reports/renderings.hpp"
#include "reports/utf8.hpp"

namespace meshassay::reports {
namespace {

/// What a test case holds, and what it counts as.
struct TestCase {
  std::string class_name, name;
  Outcome outcome = Outcome::pass;
  std::string message, body;
};

struct Counts {
  int tests = 0, failures = 0, errors = 0, skipped = 0;
  void add(Outcome outcome) {
    ++tests;
    if (outcome == Outcome::error)
      ++errors;
    else if (counts_against(outcome))
      ++failures;
    else if (outcome != Outcome::pass)
      ++skipped;
  }
  [[nodiscard]] std::string attributes() const {
    return fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\"", tests, failures, errors,
                       skipped);
  }
};

TestCase test_case(const CaseResult& result, const CheckResult& check) {
  const Measurement* measurement = find_measurement(result, check);
  const std::string measured = measured_text(measurement, check.limit);
  const std::string limit = limit_text(check.limit, measurement != nullptr ? measurement->unit : "");
  const std::string why = why_text(check, measurement);
  TestCase test{.class_name = result.id,
                .name = metric_label(check.metric, check.stage, check.target) + " " + check.limit.as_written,
                .outcome = outcome_of(check)};
  test.message = test.outcome == Outcome::waived || test.outcome == Outcome::not_applicable
                     ? why
                     : fmt::format("{}, limit {}. {}", measured, limit, why);
  test.body = fmt::format("value: {}\n", measured);
  if (measurement != nullptr && measurement->interval)
    test.body += fmt::format("interval: {}\n", interval_text(*measurement, limit_numbers(check.limit)));
  test.body += fmt::format("limit: {}\nrationale: {}\nrequirements: {}\n", limit, check.rationale,
                           join(check.requirements, ", "));
  if (!result.status_detail.empty()) test.body += "submission: " + result.status_detail + "\n";
  return test;
}

std::string element(const TestCase& test) {
  const std::string open = fmt::format("    <testcase classname=\"{}\" name=\"{}\"",
                                       escape_xml(test.class_name), escape_xml(test.name));
  switch (test.outcome) {
    case Outcome::pass: return open + "/>\n";
    case Outcome::waived:
    case Outcome::not_applicable:
      return fmt::format("{}>\n      <skipped message=\"{}\"/>\n    </testcase>\n", open,
                         escape_xml(test.message));
    case Outcome::error:
      return fmt::format("{}>\n      <error type=\"error\" message=\"{}\">{}</error>\n    </testcase>\n",
                         open, escape_xml(test.message), escape_xml(test.body));
    case Outcome::fail:
    case Outcome::inconclusive:
    case Outcome::unexpected_pass: break;
  }
  return fmt::format("{}>\n      <failure type=\"{}\" message=\"{}\">{}</failure>\n    </testcase>\n", open,
                     words_of(test.outcome).id, escape_xml(test.message), escape_xml(test.body));
}

struct TestSuite {
  std::string name;
  double seconds = 0.0;
  std::vector<TestCase> tests;
};

TestSuite test_suite(const CaseResult& result) {
  TestSuite suite{.name = result.id};
  for (const auto& [step, seconds] : result.timing_s) suite.seconds += seconds;
  for (const auto& check : result.checks) suite.tests.push_back(test_case(result, check));
  if (ended_badly_unseen(result))
    suite.tests.push_back({.class_name = result.id,
                           .name = "submission",
                           .outcome = Outcome::fail,
                           .message = fmt::format("{}, expected {}. {}", to_string(result.status),
                                                  result.expect, result.status_detail),
                           .body = "No check of this case says so.\n"});
  return suite;
}

}  // namespace

std::string render_junit(const RunRecord& record) {
  std::vector<TestSuite> suites;
  for (const auto& result : record.cases) suites.push_back(test_suite(result));
  Counts total;
  for (const auto& suite : suites)
    for (const auto& test : suite.tests) total.add(test.outcome);
  const RunVerdict verdict = verdict_of(record);
  if (!verdict.passed && total.failures + total.errors == 0) {
    suites.push_back({.name = "run",
                      .tests = {{.class_name = "run",
                                 .name = "verdict",
                                 .outcome = Outcome::fail,
                                 .message = verdict.why,
                                 .body = "No check failed, and the run has not passed all the same.\n"}}});
    total.add(Outcome::fail);
  }

  std::string result = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  auto out = std::back_inserter(result);
  fmt::format_to(out, "<testsuites name=\"{}\" {}>\n", escape_xml("meshassay " + record.system.name),
                 total.attributes());
  for (const auto& suite : suites) {
    Counts counts;
    for (const auto& test : suite.tests) counts.add(test.outcome);
    fmt::format_to(out, "  <testsuite name=\"{}\" {} time=\"{:.3f}\">\n", escape_xml(suite.name),
                   counts.attributes(), suite.seconds);
    for (const auto& test : suite.tests) result += element(test);
    result += "  </testsuite>\n";
  }
  return result + "</testsuites>\n";
}

}  // namespace meshassay::reports
