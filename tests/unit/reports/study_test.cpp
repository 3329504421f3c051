// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/renderings.hpp"
#include "tests/unit/reports/sample_records.hpp"

namespace meshassay::reports {
namespace {

using samples::occurrences;
using testing::HasSubstr;
using testing::Not;

TEST(StudyMarkdown, HasARowACaseAndMetricAndAColumnASystem) {
  const std::string markdown = render_study_markdown(samples::smoothing_study());
  EXPECT_THAT(
      markdown,
      HasSubstr("| case | metric | reference 0.1.0, smoothing none | reference 0.1.0, smoothing moderate "
                "| reference 0.1.0, smoothing excessive |\n"));
  EXPECT_EQ(occurrences(markdown, "\n| sphere/"), 6);  // Three cases, two metrics.
  EXPECT_THAT(markdown,
              HasSubstr("| sphere/radius\\_mm=5 | smoothing.volume\\_change · smoothed · bone | 0 "));
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
  EXPECT_THAT(markdown, HasSubstr("| sphere/radius\\_mm=10 | deviation.bias · exported · bone |"));
  EXPECT_THAT(markdown, HasSubstr(" **–** |"));
  EXPECT_EQ(occurrences(render_study_html(runs), "<circle class=\"dot\""), 16);
}

TEST(Study, NumbersSystemsThatReadTheSame) {
  const std::vector<RunRecord> runs(2, samples::passing_record());
  EXPECT_THAT(render_study_markdown(runs), HasSubstr("| reference 0.1.0 | reference 0.1.0 \\(2\\) |"));
}

TEST(Study, OfNoRunsSaysSo) {
  EXPECT_THAT(render_study_html({}), HasSubstr("No metric with a number was measured."));
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
