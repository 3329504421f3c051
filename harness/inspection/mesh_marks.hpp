// SPDX-License-Identifier: GPL-3.0-or-later
// What is wrong with a mesh, on the mesh: tags of triangles and marked edges, for pictures and files.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/bridge_embree/surface_picture.hpp"
#include "core/triangle_mesh.hpp"
#include "metrics/meshes/printability.hpp"

namespace meshassay::harness {

/// Bits of a triangle's tag; the first of this list that a triangle has gives its colour.
struct TagName {
  const char* name;
  std::uint32_t bit;
  bridge_embree::Colour colour;
  const char* meaning;
};
/// In the order in which a colour is chosen.
[[nodiscard]] std::span<const TagName> tag_names();
/// By its name. \throw std::logic_error
[[nodiscard]] std::uint32_t tag_bit(std::string_view name);

using Edge = std::pair<std::uint32_t, std::uint32_t>;

struct MeshMarks {
  std::vector<std::uint32_t> tags;  ///< One for each triangle.
  std::vector<Edge> border;         ///< With one triangle; ascending.
  std::vector<Edge> crowded;        ///< With more than two.
  std::vector<Edge> misoriented;    ///< With triangles that run one way more often than the other.
  std::vector<std::pair<Point3, Point3>> wires;  ///< Triangles without area, as segments.
};

/// What a certificate knows beyond that: `internal` and `sheet` of triangles, whole or in part.
void add_hull_tags(MeshMarks& marks, const metrics::Certificate& certificate);
/// Tags that need no more than counting (border, crowded, misoriented, duplicate, degenerate), and
/// `intersecting`. \pre welded.
[[nodiscard]] MeshMarks marks_of(const TriangleMesh& mesh);

[[nodiscard]] bridge_embree::SurfacePictureOptions picture_options(const TriangleMesh& mesh,
                                                                   const MeshMarks& marks);
struct LegendText {
  bridge_embree::Colour colour;
  std::string text;
};
/// What of it can be seen in this mesh's picture.
[[nodiscard]] std::vector<LegendText> legend_of(const MeshMarks& marks);

/// Binary PLY: positions as doubles, and for each face red, green, blue and `tags`.
[[nodiscard]] std::string to_tagged_ply(const TriangleMesh& mesh, const MeshMarks& marks);

}  // namespace meshassay::harness
