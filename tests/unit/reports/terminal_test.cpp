// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/renderings.hpp"
#include "tests/unit/reports/sample_records.hpp"

namespace meshassay::reports {
namespace {

using samples::occurrences;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

TEST(Text, HoldsTheTableTheFailuresAndTheVerdict) {
  const std::string text = render_text(samples::full_record());
  EXPECT_THAT(text, HasSubstr("case                  pass  fail  incl   n/a  waiv  other\n"));
  EXPECT_THAT(text, HasSubstr("sphere/radius_mm=10      1     1     1     1     1      1\n"));
  EXPECT_THAT(
      text, HasSubstr("step_wedge/step_mm=1     0     0     0     0     0      1  crashed: exit code 139\n"));
  EXPECT_THAT(text, HasSubstr("✗ fail: sphere/radius_mm=10  deviation.rms · exported · bone\n"
                              "    value 0.30001 mm [0.30001, 0.302]\n"
                              "    limit max 0.3 mm\n"));
  EXPECT_THAT(text, HasSubstr("✗ NOT PASSED: reference 0.1.0 on quick 1\n"));
  EXPECT_THAT(text, HasSubstr("report.html"));
}

TEST(Text, OfAPassingRunHasNoFailures) {
  const std::string text = render_text(samples::passing_record());
  EXPECT_THAT(text, HasSubstr("✓ PASSED: reference"));
  EXPECT_THAT(text, Not(HasSubstr("    value")));
}

TEST(Text, NamesTwentyFailuresAndCountsTheRest) {
  RunRecord record = samples::full_record();
  record.cases.resize(1);
  record.cases[0].checks = std::vector<CheckResult>(50, record.cases[0].checks[1]);
  const std::string text = render_text(record);
  EXPECT_EQ(occurrences(text, "✗ fail: "), 20);
  EXPECT_THAT(text, HasSubstr("... and 30 more: see report.html\n"));
}

TEST(Text, SendsNoControlCharactersToTheTerminal) {
  const std::string text =
      render_text(samples::with_every_text(samples::full_record(), "\x1B[2J\x07\r\x7F\nx"));
  for (const char c : text) EXPECT_TRUE(c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F));
}

}  // namespace
}  // namespace meshassay::reports
