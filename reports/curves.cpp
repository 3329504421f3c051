// SPDX-License-Identifier: GPL-3.0-or-later
#include "reports/curves.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "reports/ticks.hpp"
#include "reports/utf8.hpp"

namespace meshassay::reports {
namespace {

constexpr double panel_width_px = 300.0, panel_height_px = 220.0;
constexpr double left_px = 58.0, top_px = 30.0, bottom_px = 46.0, gap_px = 20.0;

struct Interval {
  double low = 0.0, high = 1.0;
};

Interval interval_of(std::initializer_list<const std::vector<double>*> lists, bool from_zero) {
  Interval result{.low = from_zero ? 0.0 : INFINITY, .high = from_zero ? 0.0 : -INFINITY};
  for (const auto* list : lists)
    for (const double value : *list)
      if (std::isfinite(value)) {
        result.low = std::min(result.low, value);
        result.high = std::max(result.high, value);
      }
  if (!(result.high > result.low)) return {};
  return result;
}

std::string panel_svg(const CurvesPanel& panel, double x0) {
  const Interval x = interval_of({&panel.x}, false);
  const Interval y = interval_of({&panel.declared, &panel.measured}, true);
  const double bottom = top_px + panel_height_px;
  const auto x_px = [&](double value) {
    return x0 + left_px + (value - x.low) / (x.high - x.low) * panel_width_px;
  };
  const auto y_px = [&](double value) {
    return bottom - (value - y.low) / (y.high - y.low) * panel_height_px * 0.95;
  };
  std::string svg;
  const auto out = std::back_inserter(svg);
  fmt::format_to(out, "<text x=\"{:.1f}\" y=\"18\" font-weight=\"bold\">{}</text>\n", x0 + left_px,
                 escape_xml(panel.title));
  fmt::format_to(out,
                 "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"none\" "
                 "stroke=\"#888\"/>\n",
                 x0 + left_px, top_px, panel_width_px, panel_height_px);
  for (const auto& [value, text] : ticks_between(x.low, x.high))
    fmt::format_to(out,
                   "<path d=\"M{0:.1f} {1:.1f}v4\" stroke=\"#888\"/><text x=\"{0:.1f}\" y=\"{2:.1f}\" "
                   "text-anchor=\"middle\">{3}</text>\n",
                   x_px(value), bottom, bottom + 17.0, text);
  for (const auto& [value, text] : ticks_between(y.low, y.high))
    fmt::format_to(out,
                   "<path d=\"M{0:.1f} {1:.1f}h-4\" stroke=\"#888\"/><text x=\"{2:.1f}\" y=\"{3:.1f}\" "
                   "text-anchor=\"end\">{4}</text>\n",
                   x0 + left_px, y_px(value), x0 + left_px - 7.0, y_px(value) + 4.0, text);
  fmt::format_to(out, "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>\n",
                 x0 + left_px + 0.5 * panel_width_px, bottom + 36.0, escape_xml(panel.x_name));
  fmt::format_to(
      out, "<text transform=\"translate({:.1f} {:.1f}) rotate(-90)\" text-anchor=\"middle\">{}</text>\n",
      x0 + 12.0, top_px + 0.5 * panel_height_px, escape_xml(panel.y_name));
  std::string line;
  for (std::size_t n = 0; n < panel.x.size(); ++n) {
    if (std::isfinite(panel.declared[n]))
      line +=
          fmt::format("{}{:.1f} {:.1f}", line.empty() ? "M" : "L", x_px(panel.x[n]), y_px(panel.declared[n]));
    if (std::isfinite(panel.measured[n]))
      fmt::format_to(out, "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"1.8\" fill=\"#d62728\"/>\n",
                     x_px(panel.x[n]), y_px(panel.measured[n]));
  }
  fmt::format_to(out, "<path d=\"{}\" fill=\"none\" stroke=\"#1f77b4\" stroke-width=\"1.4\"/>\n", line);
  return svg;
}

}  // namespace

std::string render_curves_svg(std::span<const CurvesPanel> panels) {
  const double step_px = left_px + panel_width_px + gap_px;
  const double width_px = step_px * static_cast<double>(std::max<std::size_t>(panels.size(), 1));
  const double height_px = top_px + panel_height_px + bottom_px + 22.0;
  std::string svg = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" "
      "width=\"{0:.0f}\" height=\"{1:.0f}\" viewBox=\"0 0 {0:.0f} {1:.0f}\" font-family=\"sans-serif\" "
      "font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n",
      width_px, height_px);
  for (std::size_t n = 0; n < panels.size(); ++n)
    svg += panel_svg(panels[n], step_px * static_cast<double>(n));
  svg += fmt::format(
      "<path d=\"M{0:.1f} {1:.1f}h24\" stroke=\"#1f77b4\" stroke-width=\"1.4\"/><text x=\"{2:.1f}\" "
      "y=\"{3:.1f}\">declared</text>\n<circle cx=\"{4:.1f}\" cy=\"{1:.1f}\" r=\"1.8\" fill=\"#d62728\"/>"
      "<text x=\"{5:.1f}\" y=\"{3:.1f}\">measured</text>\n</svg>\n",
      left_px, height_px - 12.0, left_px + 30.0, height_px - 8.0, left_px + 112.0, left_px + 122.0);
  return svg;
}

}  // namespace meshassay::reports
