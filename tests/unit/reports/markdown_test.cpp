// SPDX-License-Identifier: GPL-3.0-or-later
#include "reports/markdown.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "reports/renderings.hpp"
#include "tests/unit/reports/sample_records.hpp"

namespace meshassay::reports {
namespace {

using testing::HasSubstr;
using testing::Not;

/// Bars of a line that are not escaped: those that part cells.
int bars_of(const std::string& line) {
  int bars = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\')
      ++i;
    else if (line[i] == '|')
      ++bars;
  }
  return bars;
}

void expect_even_tables(const std::string& markdown) {
  std::istringstream lines(markdown);
  int columns = 0;
  for (std::string line; std::getline(lines, line);) {
    const int bars = line.starts_with("|") ? bars_of(line) : 0;
    if (bars > 0 && columns > 0) {
      EXPECT_EQ(bars, columns) << line;
    }
    columns = bars;
  }
}

TEST(MarkdownText, ShowsMarkupAsText) {
  EXPECT_EQ(markdown_text("a|b"), "a\\|b");
  EXPECT_EQ(markdown_text("<b>&"), "&lt;b&gt;&amp;");
  EXPECT_EQ(markdown_text("[x](y) `z` _u_"), "\\[x\\]\\(y\\) \\`z\\` \\_u\\_");
  EXPECT_EQ(markdown_text("two\nlines"), "two lines");
}

TEST(Markdown, HoldsVerdictCountsFailuresRequirementsAndCases) {
  const std::string markdown = render_markdown(samples::full_record());
  EXPECT_THAT(markdown, HasSubstr("# ✗ Not passed: reference 0.1.0 on quick 1\n"));
  EXPECT_THAT(markdown, HasSubstr("Passing is necessary, not sufficient"));
  EXPECT_THAT(markdown, HasSubstr("| ✗ fail | 1 |\n"));
  EXPECT_THAT(markdown,
              HasSubstr("| ✗ fail | sphere/radius\\_mm=10 | deviation.rms · exported · bone | 0.30001 mm"));
  EXPECT_THAT(markdown, HasSubstr("| 3532-1:6.1-gap | title\\_only |"));
  EXPECT_THAT(markdown, HasSubstr("| step\\_wedge/step\\_mm=1 | crashed | 0 | 0 | 0 | 1 | 0 | 0 | 0 |\n"));
  EXPECT_THAT(markdown, HasSubstr("ISO/IEC 16466:2025"));
  expect_even_tables(markdown);
}

TEST(Markdown, HasEvenTablesAndNoHtmlWhateverTheTextsAre) {
  const std::string hostile = "a|b \\| <script>alert(1)</script>\n| x |\r`\\";
  for (const auto& markdown :
       {render_markdown(samples::with_every_text(samples::full_record(), hostile)),
        render_study_markdown(std::vector{samples::with_every_text(samples::full_record(), hostile)})}) {
    EXPECT_THAT(markdown, Not(HasSubstr("<script")));
    expect_even_tables(markdown);
  }
}

TEST(Markdown, WithoutCasesIsNotPassed) {
  RunRecord record;
  record.summary.passed = true;
  EXPECT_THAT(render_markdown(record), HasSubstr("✗ Not passed"));
}

}  // namespace
}  // namespace meshassay::reports
