// SPDX-License-Identifier: GPL-3.0-or-later
#include "reports/sections.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

#include "core/text.hpp"
#include "reports/section_panel.hpp"
#include "reports/utf8.hpp"

namespace meshassay::reports {
namespace {

// Sizes in pixels.
constexpr double margin = 14.0, axis_width = 50.0, axis_height = 42.0, panel_title_height = 22.0;
constexpr double header_height = 56.0;
constexpr double row_width = 960.0, row_height = 340.0;  // Of the panels themselves.
constexpr double least_width = 170.0, least_height = 110.0;
constexpr double detail_side = 280.0;
constexpr double scale_bar_length = 110.0;  // At most.

constexpr const char* style = R"(<style>
text{font:13px sans-serif;fill:#222}
.title{font-size:16px;font-weight:bold}
.tick{font-size:11px;fill:#555}
.frame{fill:none;stroke:#777}
.axis{fill:none;stroke:#777}
.bar{fill:none;stroke:#222;stroke-width:2}
.reference{fill:none;stroke:#0072b2;stroke-width:2}
.measured{fill:none;stroke:#d55e00;stroke-width:1.6;stroke-dasharray:7 4}
.reference.filled{fill:#0072b2;fill-opacity:.08;fill-rule:evenodd}
.alone .measured.filled{fill:#d55e00;fill-opacity:.08;fill-rule:evenodd}
.alone .measured{stroke-dasharray:none}
.halo{fill:none;stroke:#fff;stroke-width:4;stroke-opacity:.75}
.mark{fill:none;stroke:#000;stroke-dasharray:2 2}
</style>
)";

struct PlaneOfWorld {
  const char* name;
  int axis, across, down;
  bool down_is_up;
};
// As radiologists see them: from the feet, from the front, from the patient's left.
constexpr std::array<PlaneOfWorld, 3> planes = {PlaneOfWorld{"axial", 2, 0, 1, false},
                                                PlaneOfWorld{"coronal", 1, 0, 2, true},
                                                PlaneOfWorld{"sagittal", 0, 1, 2, true}};

Box3 box_of(const std::optional<DrawnSurface>& surface) {
  Box3 box;
  if (surface)
    for (const auto* mesh : surface->meshes) box.add(bounding_box(*mesh));
  return box;
}

/// What there is to see, never without an extent.
Box3 view_of(const SectionsPicture& picture, const Point3& point_mm) {
  Box3 box = box_of(picture.reference);
  box.add(box_of(picture.measured));
  if (box.empty() && picture.ct_hu) box = box_of_voxels(picture.ct_hu->grid);
  box.add(point_mm);
  const double least_mm = std::max({0.01 * box.diagonal_mm(), 1e-6 * box.center_mm().norm(), 1e-3});
  const Vector3 pad_mm = (0.08 * box.size_mm()).cwiseMax(least_mm);
  return {.min_mm = box.min_mm - pad_mm, .max_mm = box.max_mm + pad_mm};
}

Point3 point_of(const SectionsPicture& picture) {
  if (picture.point_mm) return *picture.point_mm;
  for (const Box3& box : {box_of(picture.reference), box_of(picture.measured),
                          picture.ct_hu ? box_of_voxels(picture.ct_hu->grid) : Box3{}})
    if (!box.empty()) return box.center_mm();
  return Point3::Zero();
}

std::vector<Contour> contours_of(const std::optional<DrawnSurface>& surface, const SlicePlane& plane) {
  std::vector<Contour> contours;
  if (surface)
    for (const auto* mesh : surface->meshes) {
      auto of_mesh = plane_section(*mesh, plane.axis, plane.position_mm);
      std::move(of_mesh.begin(), of_mesh.end(), std::back_inserter(contours));
    }
  return contours;
}

/// Three panels of one scale beside each other.
struct Row {
  std::string heading;
  std::vector<SectionPanel> panels;
  double bottom_px = 0.0;  ///< With the axes.
};

/// Makes a range at least `least_mm` long, about its middle.
void widen(SlicePlane& plane, int of_plane, double least_mm) {
  const double missing_mm = least_mm - (plane.max_mm[of_plane] - plane.min_mm[of_plane]);
  if (missing_mm <= 0.0) return;
  plane.min_mm[of_plane] -= missing_mm / 2;
  plane.max_mm[of_plane] += missing_mm / 2;
}

Row row_of(const Box3& view, const Point3& point_mm, double px_per_mm, double top_px, const std::string& id) {
  Row row;
  double left_px = margin + axis_width;
  for (const auto& each : planes) {
    SlicePlane plane{.axis = each.axis,
                     .across = each.across,
                     .down = each.down,
                     .position_mm = point_mm[each.axis],
                     .min_mm = {view.min_mm[each.across], view.min_mm[each.down]},
                     .max_mm = {view.max_mm[each.across], view.max_mm[each.down]}};
    widen(plane, 0, least_width / px_per_mm);
    widen(plane, 1, least_height / px_per_mm);
    row.panels.push_back(
        {.id = id + each.name,
         .title = fmt::format("{}, {} = {} mm", each.name, "xyz"[each.axis],
                              format_number(std::round(100.0 * point_mm[each.axis]) / 100.0)),
         .plane = plane,
         .down_is_up = each.down_is_up,
         .left_px = left_px,
         .top_px = top_px + panel_title_height,
         .px_per_mm = px_per_mm});
    left_px += row.panels.back().width_px() + axis_width + margin;
    row.bottom_px =
        std::max(row.bottom_px, row.panels.back().top_px + row.panels.back().height_px() + axis_height);
  }
  return row;
}

Row overview_of(const Box3& view, const Point3& point_mm) {
  const Vector3 size_mm = view.size_mm();
  const double px_per_mm =
      std::min(row_width / (2.0 * size_mm[0] + size_mm[1]), row_height / std::max(size_mm[1], size_mm[2]));
  return row_of(view, point_mm, px_per_mm, header_height, "");
}

Row detail_of(const Point3& point_mm, double half_side_mm, double top_px) {
  const Box3 view{.min_mm = point_mm.array() - half_side_mm, .max_mm = point_mm.array() + half_side_mm};
  Row row = row_of(view, point_mm, detail_side / (2.0 * half_side_mm), top_px + 20.0, "detail-");
  row.heading = "Magnified about the marked place:";
  return row;
}

std::string scale_bar(const Row& row) {
  const SectionPanel& panel = row.panels.back();
  const double length_mm = round_length(scale_bar_length / panel.px_per_mm);
  const double right_px = panel.left_px + panel.width_px() + 12.0;
  const double y_px = panel.top_px + 12.0, length_px = length_mm * panel.px_per_mm;
  return fmt::format(
      "<path class=\"bar\" d=\"M{0:.1f} {1:.1f}v8m0 -4h{2:.1f}m0 -4v8\"/><text x=\"{0:.1f}\" "
      "y=\"{3:.1f}\">{4} mm</text>\n",
      right_px, y_px, length_px, y_px + 24.0, format_number(length_mm));
}

std::string legend_entry(const DrawnSurface& surface, const char* role, double& left_px) {
  const bool is_empty = std::all_of(surface.meshes.begin(), surface.meshes.end(),
                                    [](const TriangleMesh* mesh) { return mesh->triangles.empty(); });
  const std::string text = clean_line(surface.name) + (is_empty ? " (no triangles)" : "");
  const std::string entry =
      fmt::format("<path class=\"{}\" d=\"M{:.1f} 40h34\"/><text x=\"{:.1f}\" y=\"44\">{}</text>\n", role,
                  left_px, left_px + 40.0, escape_xml(text));
  left_px += 64.0 + 7.5 * static_cast<double>(text.size());
  return entry;
}

std::string header(const SectionsPicture& picture, const std::optional<Interval>& window_hu) {
  std::string result = fmt::format("<text class=\"title\" x=\"{:.0f}\" y=\"22\">{}</text>\n", margin,
                                   escape_xml(clean_line(picture.title)));
  double left_px = margin;
  if (picture.reference) result += legend_entry(*picture.reference, "reference", left_px);
  if (picture.measured) result += legend_entry(*picture.measured, "measured", left_px);
  std::string notes = "frame: LPS, mm";
  if (window_hu)
    notes += fmt::format("; CT voxels in grey, {} HU black to {} HU white", format_rounded(window_hu->lo, 4),
                         format_rounded(window_hu->hi, 4));
  return result + fmt::format("<text x=\"{:.1f}\" y=\"44\">{}</text>\n", left_px, notes);
}

/// From the least to the greatest value, within what bone and soft tissue need.
std::optional<Interval> window_of(const std::vector<PanelContent>& contents) {
  constexpr double least_hu = -1000.0, greatest_hu = 2000.0;
  std::optional<Interval> window;
  for (const auto& content : contents) {
    if (!content.slice) continue;
    for (const auto& hu : content.slice->hu) {
      if (!hu || std::isnan(*hu)) continue;
      const double value = std::clamp(static_cast<double>(*hu), least_hu, greatest_hu);
      if (!window) window = Interval{value, value};
      window->lo = std::min(window->lo, value);
      window->hi = std::max(window->hi, value);
    }
  }
  if (window && window->width() < 1.0) window->hi = window->lo + 1.0;
  return window;
}

std::string render_row(const Row& row, const std::vector<PanelContent>& contents) {
  std::string result;
  if (!row.heading.empty())
    result += fmt::format("<text x=\"{:.0f}\" y=\"{:.1f}\">{}</text>\n", margin,
                          row.panels.front().top_px - panel_title_height - 3.0, escape_xml(row.heading));
  for (std::size_t i = 0; i < row.panels.size(); ++i) result += render_panel(row.panels[i], contents[i]);
  return result + scale_bar(row);
}

double right_of(const Row& row) {
  const SectionPanel& last = row.panels.back();
  return last.left_px + last.width_px() + 12.0 + scale_bar_length + margin;
}

}  // namespace

std::string render_sections_svg(const SectionsPicture& picture) {
  const Point3 point_mm = point_of(picture);
  std::vector<Row> rows{overview_of(view_of(picture, point_mm), point_mm)};
  if (picture.detail_mm) rows.push_back(detail_of(point_mm, *picture.detail_mm, rows.front().bottom_px));

  std::vector<std::vector<PanelContent>> contents;
  for (const auto& row : rows) {
    contents.emplace_back();
    for (const auto& panel : row.panels) {
      PanelContent content{.reference = contours_of(picture.reference, panel.plane),
                           .measured = contours_of(picture.measured, panel.plane)};
      if (picture.ct_hu) content.slice = ct_slice(*picture.ct_hu, panel.plane);
      contents.back().push_back(std::move(content));
    }
  }
  const auto window_hu = window_of(contents.front());
  for (auto& of_row : contents)
    for (auto& content : of_row) content.window_hu = window_hu.value_or(Interval{0.0, 1.0});
  if (picture.detail_mm)
    for (auto& content : contents.front()) {
      content.marked_mm = picture.detail_mm;
      content.marked_at_mm = point_mm;
    }

  double width_px = 0.0;
  for (const auto& row : rows) width_px = std::max(width_px, right_of(row));
  std::string result = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" "
      "width=\"{0:.0f}\" "
      "height=\"{1:.0f}\" viewBox=\"0 0 {0:.0f} {1:.0f}\" class=\"{3}\">\n{2}<rect width=\"100%\" "
      "height=\"100%\" "
      "fill=\"#fff\"/>\n",
      width_px, rows.back().bottom_px + margin, style, picture.reference ? "compared" : "alone");
  result += header(picture, window_hu);
  for (std::size_t i = 0; i < rows.size(); ++i) result += render_row(rows[i], contents[i]);
  return result + "</svg>\n";
}

}  // namespace meshassay::reports
