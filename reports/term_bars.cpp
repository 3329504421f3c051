// SPDX-License-Identifier: GPL-3.0-or-later
#include "reports/term_bars.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "reports/bar.hpp"
#include "reports/presentation.hpp"
#include "reports/ticks.hpp"
#include "reports/utf8.hpp"

namespace meshassay::reports {
namespace {

constexpr double name_px = 130.0, plot_px = 420.0, value_px = 260.0;
constexpr double title_px = 34.0, bar_px = 24.0, axis_px = 40.0;
constexpr double width_px = name_px + plot_px + value_px;

Scale scale_with_zero(const TermBarsPanel& panel) {
  std::vector<double> numbers = {0.0};
  for (const auto& bar : panel.bars) {
    if (bar.value) numbers.push_back(*bar.value);
    if (bar.interval) numbers.insert(numbers.end(), {bar.interval->lo, bar.interval->hi});
  }
  return scale_of(numbers).value_or(Scale{-1.0, 1.0});
}

std::string in_words(const TermBar& bar, const std::string& unit) {
  if (!bar.value) return "undefined: " + bar.note;
  std::string text = number_text(*bar.value) + unit_text(unit);
  if (bar.interval)
    text += fmt::format("  [{}, {}]", number_text(bar.interval->lo), number_text(bar.interval->hi));
  return text;
}

double panel_height_px(const TermBarsPanel& panel) {
  return title_px + bar_px * static_cast<double>(panel.bars.size()) + axis_px;
}

class Panel {
 public:
  Panel(const TermBarsPanel& panel, double top) : panel_(panel), top_(top), scale_(scale_with_zero(panel)) {}

  [[nodiscard]] std::string svg() {
    fmt::format_to(out(), "<text x=\"{:.1f}\" y=\"{:.1f}\" font-weight=\"bold\">{}</text>\n", name_px,
                   top_ + 20.0, escape_xml(panel_.title));
    draw_axis();
    for (std::size_t n = 0; n < panel_.bars.size(); ++n) draw_bar(n);
    return svg_;
  }

 private:
  std::back_insert_iterator<std::string> out() { return std::back_inserter(svg_); }
  [[nodiscard]] double x_px(double value) const {
    return name_px + std::clamp((value - scale_.lo) / (scale_.hi - scale_.lo), 0.0, 1.0) * plot_px;
  }
  [[nodiscard]] double bar_top(std::size_t n) const {
    return top_ + title_px + bar_px * static_cast<double>(n);
  }

  void draw_axis() {
    const double bottom = bar_top(panel_.bars.size());
    for (const auto& [value, text] : ticks_between(scale_.lo, scale_.hi))
      fmt::format_to(out(),
                     "<path d=\"M{0:.1f} {1:.1f}V{2:.1f}\" stroke=\"#ddd\"/><text x=\"{0:.1f}\" "
                     "y=\"{3:.1f}\" text-anchor=\"middle\" fill=\"#555\">{4}</text>\n",
                     x_px(value), top_ + title_px, bottom, bottom + 16.0, text);
    fmt::format_to(out(), "<path d=\"M{:.1f} {:.1f}V{:.1f}\" stroke=\"#555\"/>\n", x_px(0.0),
                   top_ + title_px - 4.0, bottom + 4.0);
  }

  void draw_bar(std::size_t n) {
    const TermBar& bar = panel_.bars[n];
    const double top = bar_top(n), middle = top + 0.5 * bar_px;
    if (bar.is_apart && n > 0 && !panel_.bars[n - 1].is_apart)
      fmt::format_to(out(), "<path d=\"M10 {:.1f}H{:.1f}\" stroke=\"#bbb\"/>\n", top, width_px - 10.0);
    fmt::format_to(out(), "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n", name_px - 12.0,
                   middle + 4.0, escape_xml(bar.name));
    fmt::format_to(out(), "<text x=\"{:.1f}\" y=\"{:.1f}\" fill=\"#333\">{}</text>\n",
                   name_px + plot_px + 12.0, middle + 4.0, escape_xml(in_words(bar, panel_.unit)));
    if (!bar.value) return;
    const double from = x_px(std::min(0.0, *bar.value)), to = x_px(std::max(0.0, *bar.value));
    fmt::format_to(out(),
                   "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\"/>\n", from,
                   top + 5.0, std::max(to - from, 0.5), bar_px - 10.0,
                   bar.is_apart       ? "#8c8c8c"
                   : *bar.value < 0.0 ? "#1f77b4"
                                      : "#e07b39");
    if (bar.interval)
      fmt::format_to(out(),
                     "<path d=\"M{0:.1f} {2:.1f}H{1:.1f}M{0:.1f} {3:.1f}v8M{1:.1f} {3:.1f}v8\" "
                     "stroke=\"#000\"/>\n",
                     x_px(bar.interval->lo), x_px(bar.interval->hi), middle, middle - 4.0);
  }

  const TermBarsPanel& panel_;
  double top_;
  Scale scale_;
  std::string svg_;
};

}  // namespace

std::string render_term_bars_svg(std::span<const TermBarsPanel> panels) {
  double height_px = 8.0;
  std::string body;
  for (const auto& panel : panels) {
    body += Panel(panel, height_px).svg();
    height_px += panel_height_px(panel);
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" "
      "width=\"{0:.0f}\" height=\"{1:.0f}\" viewBox=\"0 0 {0:.0f} {1:.0f}\" font-family=\"sans-serif\" "
      "font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n{2}</svg>\n",
      width_px, height_px, body);
}

}  // namespace meshassay::reports
