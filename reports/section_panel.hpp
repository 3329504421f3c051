// SPDX-License-Identifier: GPL-3.0-or-later
// One panel of a picture of sections: a plane of the world with contours, a CT slice and axes in mm.
#pragma once

#include <Eigen/Core>
#include <optional>
#include <string>
#include <vector>

#include "reports/ct_slice.hpp"
#include "reports/plane_section.hpp"

namespace meshassay::reports {

/// What a panel shows of the world, and where it stands in the picture.
struct SectionPanel {
  std::string id;  ///< Unique in the picture: "axial".
  std::string title;
  SlicePlane plane;
  bool down_is_up = false;  ///< The second axis grows towards the top (z).
  double left_px = 0.0, top_px = 0.0, px_per_mm = 1.0;

  [[nodiscard]] double width_px() const { return (plane.max_mm[0] - plane.min_mm[0]) * px_per_mm; }
  [[nodiscard]] double height_px() const { return (plane.max_mm[1] - plane.min_mm[1]) * px_per_mm; }
  [[nodiscard]] Eigen::Vector2d to_px(const Eigen::Vector2d& in_plane_mm) const;
  [[nodiscard]] Eigen::Vector2d world_to_px(const Point3& world_mm) const {
    return to_px(Eigen::Vector2d(world_mm[plane.across], world_mm[plane.down]));
  }
};

/// What lies in the plane of a panel.
struct PanelContent {
  std::vector<Contour> reference, measured;
  std::optional<CtSlice> slice;
  Interval window_hu;
  std::optional<double> marked_mm;  ///< Half the side of a square to mark, about `marked_at_mm`.
  Point3 marked_at_mm = Point3::Zero();
};

/// A length of 1, 2 or 5 times a power of ten, at most `length`.
[[nodiscard]] double round_length(double length);

/// An SVG group.
[[nodiscard]] std::string render_panel(const SectionPanel& panel, const PanelContent& content);

}  // namespace meshassay::reports
