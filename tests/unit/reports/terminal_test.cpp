// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "reports/columns.hpp"
#include "reports/renderings.hpp"
#include "tests/unit/reports/sample_records.hpp"

namespace meshassay::reports {
namespace {

using samples::occurrences;
using testing::HasSubstr;
using testing::Not;

TEST(Text, HoldsTheTableTheFailuresAndTheVerdict) {
  const std::string text = render_text(samples::full_record());
  EXPECT_THAT(text, HasSubstr("pass  fail  incl   n/a  waiv  other  case\n"
                              "   1     1     1     1     1      1  sphere/radius_mm=10\n"
                              "   -     -     -     -     -      1  step_wedge/step_mm=1\n"
                              "                                       crashed: exit code 139\n"));
  EXPECT_THAT(text, HasSubstr("\nsphere/radius_mm=10\n"
                              "  ✗ fail  deviation.rms · exported · bone  0.30001 mm [0.30001, 0.302]\n"
                              "      limit max 0.3 mm\n"));
  EXPECT_THAT(text, HasSubstr("✗ NOT PASSED: reference 0.1.0 on quick 1\n"));
  EXPECT_THAT(text, HasSubstr("report.html"));
}

TEST(Text, OfAPassingRunHasNoFailures) {
  const std::string text = render_text(samples::passing_record());
  EXPECT_THAT(text, HasSubstr("✓ PASSED: reference"));
  EXPECT_THAT(text, Not(HasSubstr("    limit")));
}

TEST(Text, NamesTwentyFailuresAndCountsTheRest) {
  RunRecord record = samples::full_record();
  record.cases.resize(1);
  record.cases[0].checks = std::vector<CheckResult>(50, record.cases[0].checks[1]);
  const std::string text = render_text(record);
  EXPECT_EQ(occurrences(text, "✗ fail "), 20);
  EXPECT_THAT(text, HasSubstr("... and 30 more: see report.html\n"));
}

TEST(Text, SaysOnceWhatTheCasesOfAPhantomShare) {
  RunRecord record = samples::passing_record();
  const std::string wedge = "step_wedge/steps_mm=1x2x3/width_mm=8/depth_mm=16/spacing_mm=0.5x0.5x2";
  record.cases.resize(3, record.cases[0]);
  record.cases[1].id = wedge;
  record.cases[2].id = wedge + "/blur_fwhm_mm=1/noise_hu=20";
  const std::string text = render_text(record);
  EXPECT_THAT(text, HasSubstr(" step_wedge/steps_mm=1x2x3/width_mm=8/depth_mm=16/\n"));
  EXPECT_THAT(text, HasSubstr("   1     -     -     -     -      -    blur_fwhm_mm=1/noise_hu=20\n"));
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(columns(line), terminal_width) << line;
}

TEST(Text, SendsNoControlCharactersToTheTerminal) {
  const std::string text =
      render_text(samples::with_every_text(samples::full_record(), "\x1B[2J\x07\r\x7F\nx"));
  for (const char c : text) EXPECT_TRUE(c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F));
}

}  // namespace
}  // namespace meshassay::reports
