// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>

#include "reports/renderings.hpp"
#include "tests/unit/reports/sample_records.hpp"

namespace meshassay::reports {
namespace {

using samples::occurrences;
using testing::HasSubstr;
using testing::Not;

/// A second opinion: xmllint's exit status for the document, 0 where it is well-formed.
int xmllint_status(const std::string& xml) {
  std::FILE* pipe = popen("xmllint --noout --nonet -", "w");
  if (pipe == nullptr) return -1;
  std::fwrite(xml.data(), 1, xml.size(), pipe);
  return pclose(pipe);
}

TEST(Junit, MapsEveryOutcomeAsContinuousIntegrationExpects) {
  const std::string xml = render_junit(samples::full_record());
  EXPECT_EQ(occurrences(xml, "<testsuite "), 2);
  EXPECT_EQ(occurrences(xml, "<testcase "), 7);
  EXPECT_EQ(occurrences(xml, "<failure type=\"fail\""), 1);
  EXPECT_EQ(occurrences(xml, "<failure type=\"inconclusive\""), 1);
  EXPECT_EQ(occurrences(xml, "<failure type=\"unexpected_pass\""), 1);
  EXPECT_EQ(occurrences(xml, "<error type=\"error\""), 1);
  EXPECT_EQ(occurrences(xml, "<skipped message=\""), 2);
  EXPECT_THAT(xml, HasSubstr("<skipped message=\"Waived: known: thin plates are lost. "));
  EXPECT_THAT(xml, HasSubstr("<skipped message=\"undefined: not_offered\"/>"));
  EXPECT_THAT(xml, HasSubstr("tests=\"7\" failures=\"3\" errors=\"1\" skipped=\"2\""));
}

TEST(Junit, OfAPassingRunHasNoFailure) {
  const std::string xml = render_junit(samples::passing_record());
  EXPECT_THAT(xml, HasSubstr("tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\""));
  EXPECT_EQ(xmllint_status(xml), 0);
}

TEST(Junit, OfARunWithoutCasesFails) {
  RunRecord record;
  record.summary.passed = true;
  const std::string xml = render_junit(record);
  EXPECT_THAT(xml, HasSubstr("failures=\"1\""));
  EXPECT_THAT(xml, HasSubstr("The record holds no case."));
}

TEST(Junit, OfARunWhereNothingAppliesFails) {
  RunRecord record = samples::passing_record();
  record.cases[0].checks[0].verdict = Verdict::not_applicable;
  record.summary.passed = false;
  record.summary.why = "no check was decided";
  EXPECT_THAT(render_junit(record), HasSubstr("failures=\"1\" errors=\"0\" skipped=\"1\""));
}

TEST(Junit, IsWellFormedWhateverTheTextsOfTheRecordAre) {
  const std::string hostile = "\"'><failure/>]]>&<!-- &#0; \x01\x1B\x7F\n\t\xC2\x9B \xEF\xBF\xBE 骨 ";
  RunRecord record = samples::with_every_text(samples::full_record(), hostile);
  record.cases[0].checks[1].rationale = "not UTF-8: \xFF\xFE\xC0\xAF";
  record.cases[0].checks[1].metric += std::string("\0", 1);
  const std::string xml = render_junit(record);
  EXPECT_EQ(xmllint_status(xml), 0);
  EXPECT_EQ(occurrences(xml, "<failure"), 3);
  EXPECT_THAT(xml, Not(HasSubstr("\x1B")));
}

TEST(Junit, IsWellFormedForRandomRecords) {
  for (std::uint64_t seed = 0; seed < 20; ++seed)
    EXPECT_EQ(xmllint_status(render_junit(samples::random_record(seed))), 0) << "seed " << seed;
}

}  // namespace
}  // namespace meshassay::reports
