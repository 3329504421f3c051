// SPDX-License-Identifier: GPL-3.0-or-later
// Surfaces cut by the three planes of the world through a point, as one SVG picture.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/ct_volume.hpp"
#include "core/triangle_mesh.hpp"

namespace meshassay::reports {

/// One side of the comparison: one mesh a target. Triangles share vertices by index (see welded()).
struct DrawnSurface {
  std::string name;  ///< For the legend: "truth".
  std::vector<const TriangleMesh*> meshes;
};

struct SectionsPicture {
  std::string title;
  std::optional<DrawnSurface> reference, measured;
  const Image<float>* ct_hu = nullptr;  ///< Shown behind the contours; voxels as they are, not interpolated.
  /// Where the planes cut; the middle of the reference's box where not given, else of the measured surface's,
  /// else of the CT's.
  std::optional<Point3> point_mm;
  /// Half the side of the squares about the point that are shown magnified in a second row.
  std::optional<double> detail_mm;
};

/// Three panels: axial, coronal and sagittal, at one scale, seen as radiologists do (the patient's left on
/// the right). The same picture gives the same bytes.
[[nodiscard]] std::string render_sections_svg(const SectionsPicture& picture);

}  // namespace meshassay::reports
