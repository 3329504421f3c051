// SPDX-License-Identifier: GPL-3.0-or-later
#include "reports/term_bars.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <regex>
#include <vector>

namespace meshassay::reports {
namespace {

using testing::HasSubstr;
using testing::Not;

TermBarsPanel panel_of(std::vector<TermBar> bars) {
  return {.title = "t", .unit = "mm", .bars = std::move(bars)};
}

std::string svg_of(const TermBarsPanel& panel) { return render_term_bars_svg(std::vector{panel}); }

// The x and width of each bar, in their order.
std::vector<std::pair<double, double>> bars_in(const std::string& svg) {
  static const std::regex bar("<rect x=\"([0-9.]+)\" y=\"[0-9.]+\" width=\"([0-9.]+)\"");
  std::vector<std::pair<double, double>> found;
  for (auto it = std::sregex_iterator(svg.begin(), svg.end(), bar); it != std::sregex_iterator(); ++it)
    found.emplace_back(std::stod((*it)[1]), std::stod((*it)[2]));
  return found;
}

TEST(TermBars, GoFromZeroToTheValueOnOneScaleAPanel) {
  const auto bars = bars_in(svg_of(panel_of({{.name = "a", .value = 2.0, .interval = {}, .note = {}},
                                             {.name = "b", .value = -1.0, .interval = {}, .note = {}}})));
  ASSERT_EQ(bars.size(), 2u);
  EXPECT_NEAR(bars[0].second, 2.0 * bars[1].second, 0.2);           // Pixels have one decimal.
  EXPECT_NEAR(bars[1].first + bars[1].second, bars[0].first, 0.2);  // They meet at zero.
}

TEST(TermBars, SayInWordsWhatIsUndefinedAndDrawNoBarForIt) {
  const auto svg = svg_of(panel_of({{.name = "a", .value = {}, .interval = {}, .note = "not_offered"}}));
  EXPECT_THAT(svg, HasSubstr("undefined: not_offered"));
  EXPECT_TRUE(bars_in(svg).empty());
}

TEST(TermBars, KeepHostileTextsAndEdgesOfTheDoubleOutOfTheMarkup) {
  const double huge = std::numeric_limits<double>::max();
  const auto svg = svg_of(panel_of({{.name = "<script>\"&\x01", .value = huge, .interval = {}, .note = {}},
                                    {.name = "b", .value = -huge, .interval = {{-huge, huge}}, .note = {}}}));
  EXPECT_THAT(svg, Not(HasSubstr("<script>")));
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
  EXPECT_THAT(svg, Not(HasSubstr("inf")));
  EXPECT_THAT(render_term_bars_svg({}), HasSubstr("</svg>"));
  EXPECT_EQ(svg_of(panel_of({{.name = "a", .value = 0.0, .interval = {{0.0, 0.0}}, .note = {}}})),
            svg_of(panel_of({{.name = "a", .value = 0.0, .interval = {{0.0, 0.0}}, .note = {}}})));
}

}  // namespace
}  // namespace meshassay::reports
