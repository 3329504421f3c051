// SPDX-License-Identifier: GPL-3.0-or-later
#include "reports/section_panel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

#include "core/text.hpp"
#include "reports/base64.hpp"
#include "reports/utf8.hpp"

namespace meshassay::reports {
namespace {

using Pixel = Eigen::Vector2d;

constexpr std::array<char, 3> axis_names = {'x', 'y', 'z'};
/// Where the axes of the patient's frame (LPS) point to.
constexpr std::array<char, 3> axis_ends = {'L', 'P', 'S'};
constexpr double tick_px = 4.0;
constexpr double tick_distance_px = 80.0;

/// The sides of a panel, as bits, beyond which a point lies.
unsigned sides_beyond(const SectionPanel& panel, const Pixel& point) {
  constexpr double line_px = 3.0;
  return (point[0] < panel.left_px - line_px ? 1U : 0U) |
         (point[0] > panel.left_px + panel.width_px() + line_px ? 2U : 0U) |
         (point[1] < panel.top_px - line_px ? 4U : 0U) |
         (point[1] > panel.top_px + panel.height_px() + line_px ? 8U : 0U);
}

/// The points of a contour that can be seen: nearer than a sixth of a pixel to the last one, or on a way that
/// stays beyond one side of the panel, a point makes no difference.
std::vector<Pixel> visible_points(const SectionPanel& panel, const Contour& contour) {
  constexpr double too_near_px = 0.16;
  constexpr double largest_px = 1e5;
  std::vector<Pixel> points;
  points.reserve(contour.points_mm.size());
  for (const auto& point : contour.points_mm)
    points.push_back(panel.world_to_px(point).cwiseMax(-largest_px).cwiseMin(largest_px));
  std::vector<Pixel> kept;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const bool is_end = !contour.closed && (i == 0 || i + 1 == points.size());
    if (!kept.empty() && !is_end) {
      const Pixel& next = points[(i + 1) % points.size()];
      const unsigned all_beyond =
          sides_beyond(panel, kept.back()) & sides_beyond(panel, points[i]) & sides_beyond(panel, next);
      if (all_beyond != 0 || (points[i] - kept.back()).norm() < too_near_px) continue;
    }
    kept.push_back(points[i]);
  }
  return kept;
}

bool is_outside(const SectionPanel& panel, const std::vector<Pixel>& points) {
  unsigned all_beyond = ~0U;
  for (const auto& point : points) all_beyond &= sides_beyond(panel, point);
  return all_beyond != 0;
}

/// One path of all contours, so that the rule `evenodd` leaves cavities empty.
std::string path_data(const SectionPanel& panel, const std::vector<Contour>& contours) {
  std::string data;
  auto out = std::back_inserter(data);
  for (const auto& contour : contours) {
    const auto points = visible_points(panel, contour);
    if (is_outside(panel, points)) continue;
    for (std::size_t i = 0; i < points.size(); ++i)
      fmt::format_to(out, "{}{:.1f} {:.1f}", i == 0 ? "M" : i == 1 ? "L" : " ", points[i][0], points[i][1]);
    if (points.size() == 1) data += "h.1";  // Smaller than a pixel: a dot.
    if (contour.closed) data += 'Z';
  }
  return data;
}

std::string slice_image(const SectionPanel& panel, const CtSlice& slice, const Interval& window_hu) {
  const Pixel one = panel.to_px(slice.min_mm), other = panel.to_px(slice.max_mm);
  const Pixel low = one.cwiseMin(other), size = (one - other).cwiseAbs();
  return fmt::format(
      "<image x=\"{:.2f}\" y=\"{:.2f}\" width=\"{:.2f}\" height=\"{:.2f}\" preserveAspectRatio=\"none\" "
      "style=\"image-rendering:pixelated\" href=\"data:image/png;base64,{}\"/>\n",
      low[0], low[1], size[0], size[1], base64(ct_slice_png(slice, window_hu, panel.down_is_up)));
}

std::string lines(const SectionPanel& panel, const std::vector<Contour>& contours, const char* role,
                  bool on_grey) {
  const std::string data = path_data(panel, contours);
  if (data.empty()) return "";
  const bool bounds_an_area =
      std::all_of(contours.begin(), contours.end(), [](const Contour& contour) { return contour.closed; });
  const std::string id = fmt::format("{}-{}", panel.id, role);
  return fmt::format("<defs><path id=\"{0}\" d=\"{1}\"/></defs>\n{2}<use href=\"#{0}\" class=\"{3}{4}\"/>\n",
                     id, data, on_grey ? fmt::format("<use href=\"#{}\" class=\"halo\"/>", id) : "", role,
                     on_grey || !bounds_an_area ? "" : " filled");
}

std::string mark(const SectionPanel& panel, const Point3& at_mm, double half_side_mm) {
  const Pixel center = panel.world_to_px(at_mm);
  const double side_px = std::max(2.0 * half_side_mm * panel.px_per_mm, 6.0);
  return fmt::format("<rect class=\"mark\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>\n",
                     center[0] - side_px / 2, center[1] - side_px / 2, side_px, side_px);
}

std::string ticks(const SectionPanel& panel, int of_plane) {
  const double min_mm = panel.plane.min_mm[of_plane], max_mm = panel.plane.max_mm[of_plane];
  const double step_mm = round_length(tick_distance_px / panel.px_per_mm);
  const double bottom_px = panel.top_px + panel.height_px();
  std::string result;
  auto out = std::back_inserter(result);
  for (double k = std::ceil(min_mm / step_mm); k * step_mm <= max_mm; k += 1.0) {
    const std::string label = format_rounded(k * step_mm, 7);
    const Pixel at = panel.to_px(Pixel::Constant(k * step_mm));
    if (of_plane == 0)
      fmt::format_to(out,
                     "<path class=\"axis\" d=\"M{0:.1f} {1:.1f}v{2}\"/><text class=\"tick\" x=\"{0:.1f}\" "
                     "y=\"{3:.1f}\" text-anchor=\"middle\">{4}</text>\n",
                     at[0], bottom_px, tick_px, bottom_px + 16, label);
    else
      fmt::format_to(out,
                     "<path class=\"axis\" d=\"M{0:.1f} {1:.1f}h-{2}\"/><text class=\"tick\" x=\"{3:.1f}\" "
                     "y=\"{4:.1f}\" text-anchor=\"end\">{5}</text>\n",
                     panel.left_px, at[1], tick_px, panel.left_px - 6, at[1] + 4, label);
  }
  return result;
}

std::string axis_labels(const SectionPanel& panel) {
  const auto across = static_cast<std::size_t>(panel.plane.across);
  const auto down = static_cast<std::size_t>(panel.plane.down);
  const double bottom_px = panel.top_px + panel.height_px();
  const std::string vertical = panel.down_is_up
                                   ? fmt::format("{} (mm) → {}", axis_names[down], axis_ends[down])
                                   : fmt::format("{} ← {} (mm)", axis_ends[down], axis_names[down]);
  return fmt::format(
      "<text class=\"tick\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{} (mm) → {}</text>\n"
      "<text class=\"tick\" transform=\"translate({:.1f} {:.1f}) rotate(-90)\" "
      "text-anchor=\"middle\">{}</text>\n",
      panel.left_px + panel.width_px() / 2, bottom_px + 32, axis_names[across], axis_ends[across],
      panel.left_px - 38, panel.top_px + panel.height_px() / 2, vertical);
}

}  // namespace

Pixel SectionPanel::to_px(const Eigen::Vector2d& in_plane_mm) const {
  const double down_mm = down_is_up ? plane.max_mm[1] - in_plane_mm[1] : in_plane_mm[1] - plane.min_mm[1];
  return {left_px + (in_plane_mm[0] - plane.min_mm[0]) * px_per_mm, top_px + down_mm * px_per_mm};
}

double round_length(double length) {
  const double power = std::pow(10.0, std::floor(std::log10(length)));
  for (const double factor : {5.0, 2.0})
    if (factor * power <= length) return factor * power;
  return power;
}

std::string render_panel(const SectionPanel& panel, const PanelContent& content) {
  const std::string frame = fmt::format("x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"",
                                        panel.left_px, panel.top_px, panel.width_px(), panel.height_px());
  std::string result =
      fmt::format("<g>\n<clipPath id=\"{0}-clip\"><rect {1}/></clipPath>\n<g clip-path=\"url(#{0}-clip)\">\n",
                  panel.id, frame);
  const bool on_grey = content.slice.has_value();
  if (on_grey) result += slice_image(panel, *content.slice, content.window_hu);
  result += lines(panel, content.reference, "reference", on_grey);
  result += lines(panel, content.measured, "measured", on_grey);
  if (content.marked_mm) result += mark(panel, content.marked_at_mm, *content.marked_mm);
  result += fmt::format("</g>\n<rect class=\"frame\" {}/>\n<text x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n",
                        frame, panel.left_px, panel.top_px - 7, escape_xml(panel.title));
  return result + ticks(panel, 0) + ticks(panel, 1) + axis_labels(panel) + "</g>\n";
}

}  // namespace meshassay::reports
