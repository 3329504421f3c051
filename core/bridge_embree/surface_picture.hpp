// SPDX-License-Identifier: GPL-3.0-or-later
// A surface as people look at it: shaded, from two sides, with marks on it that shine through what hides
// them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/bridge_vtk/png.hpp"
#include "core/triangle_mesh.hpp"

namespace meshassay::bridge_embree {

struct Colour {
  std::uint8_t red = 0, green = 0, blue = 0;
  friend bool operator==(const Colour&, const Colour&) = default;
};

/// A line on the surface.
struct MarkedLine {
  Point3 from_mm, to_mm;
  Colour colour;
};

struct MarkedPoint {
  Point3 place_mm;
  Colour colour;
};

struct SurfacePictureOptions {
  /// Size of one view; two stand side by side.
  int view_width = 480, view_height = 480;
  /// From which the first view is seen; the second looks the other way along it.
  Vector3 towards_viewer = {0.55, -0.75, 0.45};
  /// One for each triangle, as seen from its front; none: a light grey. From behind every triangle is blue.
  std::vector<Colour> triangle_colours;
  std::vector<MarkedLine> lines;
  std::vector<MarkedPoint> points;
  /// Up to so many triangles their edges are drawn.
  std::size_t most_with_edges = 20'000;
};

/// Views in parallel projection of the whole mesh and all marks. Same input, same bytes, whatever the number
/// of threads. \pre At least one triangle or mark; finite coordinates. \throw MachineError where the
/// libraries cannot make it.
[[nodiscard]] bridge_vtk::ColourPicture surface_pixels(const TriangleMesh& mesh,
                                                       const SurfacePictureOptions& options = {});
/// The same as a PNG file.
[[nodiscard]] std::string surface_picture(const TriangleMesh& mesh,
                                          const SurfacePictureOptions& options = {});

}  // namespace meshassay::bridge_embree
