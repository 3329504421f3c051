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

TEST(StudyMarkdown, HasATableAMetricARowACaseAndAColumnASystem) {
  const std::string markdown = render_study_markdown(samples::smoothing_study());
  EXPECT_EQ(occurrences(markdown,
                        "| case | reference 0.1.0, smoothing none | reference 0.1.0, smoothing moderate "
                        "| reference 0.1.0, smoothing excessive |\n"),
            2);
  EXPECT_EQ(occurrences(markdown, "\n| sphere/"), 6);  // Three cases, two metrics.
  EXPECT_THAT(markdown, HasSubstr("### smoothing.volume\\_change · smoothed · bone\n"));
  EXPECT_THAT(markdown, HasSubstr("| sphere/radius\\_mm=5 | 0 "));
}

TEST(StudyMarkdown, MarksWhatDiffersByMoreThanBothIntervals) {
  const std::string markdown = render_study_markdown(samples::smoothing_study());
  // At r = 20 mm moderate smoothing changes the volume by -0.002 +- 0.001: [-0.003, -0.001] touches [-0.001,
  // 0.001].
  EXPECT_THAT(markdown, Not(HasSubstr("**-0.002**")));
  EXPECT_THAT(markdown, HasSubstr("**-0.008** \\[-0.009, -0.007\\] ✓ pass"));
  EXPECT_THAT(markdown, HasSubstr("**-0.18** \\[-0.181, -0.179\\] ✗ fail"));
}

TEST(StudyHtml, HasATableAMetricAndAPlotARow) {
  const std::string html = render_study_html(samples::smoothing_study());
  EXPECT_EQ(occurrences(html, "<section id=\"metric-"), 2);
  EXPECT_EQ(occurrences(html, "<svg class=\"plot\""), 6);
  EXPECT_EQ(occurrences(html, "<circle class=\"dot\""), 18);
  EXPECT_EQ(occurrences(html, "<script"), 0);
}

TEST(StudyHtml, PutsSmallerVolumesFurtherLeft) {
  const std::string html = render_study_html(samples::smoothing_study());
  std::vector<double> x;
  for (auto at = html.find("cx=\""); x.size() < 3 && at != std::string::npos; at = html.find("cx=\"", at + 1))
    x.push_back(std::stod(html.substr(at + 4)));
  ASSERT_EQ(x.size(), 3u);
  EXPECT_GT(x[0], x[1]);  // none, moderate, excessive
  EXPECT_GT(x[1], x[2]);
}

TEST(Study, ShowsAMetricThatOneSystemLacks) {
  auto runs = samples::smoothing_study();
  runs[2].cases[1].measurements.clear();
  const std::string markdown = render_study_markdown(runs);
  EXPECT_THAT(markdown, HasSubstr("### deviation.bias · exported · bone"));
  EXPECT_THAT(markdown, HasSubstr(" **–** |"));
  EXPECT_EQ(occurrences(render_study_html(runs), "<circle class=\"dot\""), 16);
}

/// Two systems that differ in nothing but the measurements that a test changes.
std::vector<RunRecord> twins() {
  std::vector<RunRecord> runs(2, samples::passing_record());
  for (auto& run : runs) {
    run.cases[0].measurements.resize(1);  // The one that its check looks at.
    run.cases[0].measurements.push_back({.metric = "mesh.boundary_edges", .value = 0.0, .unit = "1"});
    run.cases[0].measurements.push_back({.metric = "mesh.triangles", .value = 100.0, .unit = "1"});
  }
  return runs;
}

TEST(Study, LeavesOutWhatNoCheckLooksAtAndAllSystemsShare) {
  const auto runs = twins();
  const std::string left_out = "2 more values of 2 metrics";
  for (const auto& text : {render_study_markdown(runs), render_study_html(runs), render_study_text(runs)}) {
    EXPECT_THAT(text, Not(HasSubstr("mesh.")));
    EXPECT_THAT(text, HasSubstr(left_out));
  }
}

TEST(Study, ShowsWhatIsCheckedThenWhatDiffers) {
  auto runs = twins();
  runs[1].cases[0].measurements.back().value = 101.0;
  const std::string checked = runs[0].cases[0].checks[0].metric;
  const std::string markdown = render_study_markdown(runs);
  EXPECT_LT(markdown.find("### " + checked), markdown.find("### mesh.triangles, which no check looks at"));
  EXPECT_THAT(markdown, HasSubstr("1 more value of 1 metric "));
  EXPECT_THAT(render_study_text(runs), HasSubstr("they differ: mesh.triangles."));
}

TEST(Study, ShowsWhatTwoSystemsOtherThanTheFirstDifferIn) {
  auto runs = twins();
  runs.push_back(runs[0]);
  const double middle = 100.0;  // [99, 101] meets both [97, 99] and [101, 103], which do not meet.
  for (std::size_t i = 0; i < 3; ++i) {
    const double value = middle + (i == 0 ? 0.0 : i == 1 ? -2.0 : 2.0);
    runs[i].cases[0].measurements.back().value = value;
    runs[i].cases[0].measurements.back().interval = Interval{value - 1.0, value + 1.0};
  }
  EXPECT_THAT(render_study_markdown(runs), HasSubstr("### mesh.triangles"));
}

TEST(StudyText, HasShortAlignedColumns) {
  const std::string text = render_study_text(samples::smoothing_study());
  EXPECT_THAT(text, HasSubstr("  none  moderate   excessive  case\n"));
  EXPECT_THAT(text, HasSubstr("-0.18* ✗"));
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(columns(line), terminal_width) << line;
}

TEST(StudyText, SendsNoControlCharactersToTheTerminal) {
  std::vector<RunRecord> runs;
  for (const auto& run : samples::smoothing_study())
    runs.push_back(samples::with_every_text(run, "\x1B[2J\x07\r\x7F\nx"));
  for (const char c : render_study_text(runs))
    EXPECT_TRUE(c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F));
}

TEST(Study, NumbersSystemsThatReadTheSame) {
  const std::vector<RunRecord> runs(2, samples::passing_record());
  EXPECT_THAT(render_study_markdown(runs), HasSubstr("| reference 0.1.0 | reference 0.1.0 \\(2\\) |"));
}

TEST(Study, OfNoRunsSaysSo) {
  EXPECT_THAT(render_study_text({}), HasSubstr("0 systems"));
  EXPECT_THAT(render_study_html({}),
              HasSubstr("No metric with a number was measured that a check looks at or that differs."));
  EXPECT_THAT(render_study_markdown({}), HasSubstr("# 0 systems"));
}

TEST(Study, HasTheSameNumberOfTagsWhateverTheTextsOfTheRecordsAre) {
  const auto tags = [](const std::string& text) {
    std::vector<RunRecord> runs;
    for (const auto& run : samples::smoothing_study()) runs.push_back(samples::with_every_text(run, text));
    return occurrences(render_study_html(runs), "<");
  };
  EXPECT_EQ(tags("\"><script>' {{{style}}}"), tags("x"));
}

}  // namespace
}  // namespace meshassay::reports
