// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "core/io/files.hpp"
#include "reports/renderings.hpp"
#include "tests/unit/reports/sample_records.hpp"

namespace meshassay::reports {
namespace {

using samples::occurrences;
using testing::HasSubstr;
using testing::Not;

/// Breaks out of text, of attributes in either quote, of comments, of CDATA, and of the template, if anything
/// does.
const std::string hostile =
    "\"><script>alert(1)</script><img src=x onerror=alert(1)>' onmouseover='x' --> ]]> </style> {{meaning}} "
    "{{{style}}} {{#cases}} &amp; \x1B[31m";

/// The tags of a page in their order, with the names of their attributes and without their values.
std::vector<std::string> tags_of(const std::string& html) {
  std::vector<std::string> tags;
  for (auto at = html.find('<'); at != std::string::npos; at = html.find('<', at)) {
    std::string tag;
    bool quoted = false;
    for (; at < html.size(); ++at) {
      if (html[at] == '"') quoted = !quoted;
      if (!quoted) tag += html[at];
      if (!quoted && html[at] == '>') break;
    }
    if (tag != "<wbr>") tags.push_back(tag);  // Where a line may break is the text's.
  }
  return tags;
}

std::string name_of(const std::string& tag) {
  const auto begin = tag[1] == '/' ? 2u : 1u;
  return tag.substr(begin, tag.find_first_of(" />", begin) - begin);
}

/// The part of a page from one section's opening tag to its end.
std::string section(const std::string& html, const std::string& id) {
  const auto begin = html.find("<section id=\"" + id + "\"");
  if (begin == std::string::npos) return "";
  return html.substr(begin, html.find("</section>", begin) - begin);
}

void expect_balanced(const std::string& html) {
  static const std::set<std::string> void_elements = {"meta", "br", "!DOCTYPE"};
  std::vector<std::string> open;
  for (const auto& tag : tags_of(html)) {
    if (void_elements.contains(name_of(tag)) || tag.ends_with("/>")) continue;
    if (tag[1] != '/') {
      open.push_back(name_of(tag));
    } else {
      ASSERT_FALSE(open.empty()) << tag;
      ASSERT_EQ(open.back(), name_of(tag));
      open.pop_back();
    }
  }
  EXPECT_TRUE(open.empty()) << open.back();
}

TEST(Html, ShowsTheVerdictTheSystemAndWhatPassingMeans) {
  const std::string html = render_html(samples::full_record());
  EXPECT_THAT(html, HasSubstr("Not passed</p>"));
  EXPECT_THAT(html, HasSubstr("<h1>reference <span class=\"version\">version 0.1.0</span></h1>"));
  EXPECT_THAT(html, HasSubstr("Passing is necessary, not sufficient"));
  EXPECT_THAT(html, HasSubstr("2026-11-20T19:40:00Z"));
  EXPECT_THAT(render_html(samples::passing_record()), HasSubstr("✓</span> Passed</p>"));
}

TEST(Html, HoldsEveryCheckOnceInItsCase) {
  const RunRecord record = samples::full_record();
  const std::string html = section(render_html(record), "cases");
  EXPECT_EQ(occurrences(html, "<tr id=\"check-"), 7);
  const auto second_case = html.find("id=\"case-2\"");
  ASSERT_NE(second_case, std::string::npos);
  for (int check = 1; check <= 6; ++check) {
    const std::string id = "id=\"check-1-" + std::to_string(check) + "\"";
    EXPECT_EQ(occurrences(html, id), 1);
    EXPECT_LT(html.find(id), second_case);
  }
  EXPECT_GT(html.find("id=\"check-2-1\""), second_case);
}

TEST(Html, HoldsEveryRequirementOnceInTheMatrix) {
  const RunRecord record = samples::full_record();
  const std::string html = section(render_html(record), "requirements");
  for (const auto& requirement : record.requirements)
    EXPECT_EQ(occurrences(html, "<th scope=\"row\"><code>" + requirement.id + "</code></th>"), 1)
        << requirement.id;
  EXPECT_EQ(occurrences(html, "class=\"gap-row\""), 2);  // The two without a check.
  for (const char* standard : {"ISO/IEC 16466:2025", "ISO/IEC 3532-2:2024", "ISO/ASTM TR 52916:2022"})
    EXPECT_THAT(html, HasSubstr(standard));
}

TEST(Html, ListsFirstWhatCountsAgainstTheRun) {
  const std::string html = render_html(samples::full_record());
  EXPECT_LT(html.find("id=\"failures\""), html.find("id=\"requirements\""));
  const std::string failures = section(html, "failures");
  // The failure, the inconclusive, the unexpected pass and the error; neither the waived one nor the other
  // two.
  EXPECT_EQ(occurrences(failures, "href=\"#check-"), 4);
  EXPECT_THAT(failures, HasSubstr("0.30001 mm"));
  EXPECT_THAT(failures, HasSubstr("[0.30001, 0.302]"));
  EXPECT_THAT(failures, HasSubstr("<td class=\"limit\">≤ 0.3 mm<"));
  EXPECT_THAT(failures, HasSubstr("± 0.02<span class=\"sub\">min -2 %, max 2 %</span>"));
  EXPECT_EQ(occurrences(failures, "<tr class=\"group\">"), 2);  // One a case.
}

TEST(Html, LetsALongCaseIdBreakAfterItsSlashes) {
  const std::string html = render_html(samples::full_record());
  EXPECT_THAT(html, HasSubstr("<span class=\"case-id\">sphere/<wbr>radius_mm=10<wbr></span>"));
}

TEST(Html, CountsTheRequirementsByStatus) {
  const RunRecord record = samples::full_record();
  const std::string html = render_html(record);
  const auto begin = html.find("<p class=\"chips\">");
  ASSERT_NE(begin, std::string::npos);
  const std::string chips = html.substr(begin, html.find("</p>", begin) - begin);
  int sum = 0;
  for (auto at = chips.find("</span> "); at != std::string::npos; at = chips.find("</span> ", at + 1))
    if (std::isdigit(static_cast<unsigned char>(chips[at + 8])) != 0) sum += std::stoi(chips.substr(at + 8));
  EXPECT_EQ(sum, static_cast<int>(record.requirements.size()));
}

TEST(Html, OpensTheCasesThatNeedAttentionAndFoldsTheOthers) {
  EXPECT_THAT(render_html(samples::full_record()), HasSubstr("id=\"case-1\" open>"));
  EXPECT_THAT(render_html(samples::passing_record()), HasSubstr("id=\"case-1\">"));
}

TEST(Html, DrawsABarForEveryCheckOnANumberThatHasAValue) {
  // bias, rms, volume error and components; not the undefined thickness, the truth value, or the crashed
  // case.
  const std::string html = render_html(samples::full_record());
  EXPECT_EQ(occurrences(section(html, "cases"), "<svg class=\"bar\""), 4);
  EXPECT_EQ(occurrences(section(html, "failures"), "<svg class=\"bar\""), 2);  // rms, volume error
}

TEST(Html, NamesACrashThatNoCheckSpeaksFor) {
  RunRecord record = samples::full_record();
  record.cases[1].checks.clear();
  const std::string html = render_html(record);
  EXPECT_THAT(section(html, "failures"), HasSubstr("<a href=\"#case-2\"><code>submission</code></a>"));
  EXPECT_THAT(html, HasSubstr("id=\"case-2\" open>"));
  EXPECT_THAT(render_junit(record), HasSubstr("name=\"submission\""));
}

TEST(Html, WithoutCasesIsNotPassed) {
  RunRecord record;
  record.summary.passed = true;
  const std::string html = render_html(record);
  EXPECT_THAT(html, HasSubstr("Not passed</p>"));
  EXPECT_THAT(html, HasSubstr("No case was graded"));
}

TEST(Html, NeedsNoNetworkAndNoScript) {
  const std::string html = render_html(samples::full_record());
  EXPECT_THAT(html, HasSubstr("content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\""));
  for (const char* forbidden : {"<script", "http://", "https://", "<link", "<img", "@import", "url("})
    EXPECT_THAT(html, Not(HasSubstr(forbidden)));
}

TEST(Html, HasTheSameTagsWhateverTheTextsOfTheRecordAre) {
  const std::string harmless = render_html(samples::with_every_text(samples::full_record(), "x"));
  const std::string attacked = render_html(samples::with_every_text(samples::full_record(), hostile));
  EXPECT_EQ(tags_of(attacked), tags_of(harmless));
  EXPECT_THAT(attacked, Not(HasSubstr("<script")));
  EXPECT_THAT(attacked, Not(HasSubstr("\x1B")));
  EXPECT_GT(occurrences(attacked, "{{meaning}} {{{style}}} {{#cases}} &amp;amp;"), 50);
}

TEST(Html, IsBalanced) {
  expect_balanced(render_html(samples::full_record()));
  expect_balanced(render_html(samples::passing_record()));
  expect_balanced(render_html(RunRecord{}));
  for (std::uint64_t seed = 0; seed < 50; ++seed) expect_balanced(render_html(samples::random_record(seed)));
}

TEST(Html, HasTheSameBytesForTheSameRecord) {
  EXPECT_EQ(render_html(samples::full_record()), render_html(samples::full_record()));
}

TEST(Html, OfFiveHundredCasesHoldsThemAll) {
  RunRecord record = samples::full_record();
  record.cases.resize(1);
  record.cases.resize(500, record.cases[0]);
  const std::string html = render_html(record);
  EXPECT_EQ(occurrences(html, "<details class=\"case\""), 500);
  EXPECT_LT(html.size(), 20u << 20);  // 6 checks and 8 measurements a case: what a browser opens at once.
}

TEST(Html, SampleIsWrittenForTheEye) {
  const std::filesystem::path folder = MESHASSAY_SAMPLES_DIR;
  io::write_file(folder / "report.html", render_html(samples::full_record()));
  io::write_file(folder / "study.html", render_study_html(samples::smoothing_study()));
  for (const auto& rendering : rendering_catalogue())
    io::write_file(folder / rendering.file_name, rendering.render(samples::full_record()));
  EXPECT_TRUE(std::filesystem::exists(folder / "junit.xml"));
}

}  // namespace
}  // namespace meshassay::reports
