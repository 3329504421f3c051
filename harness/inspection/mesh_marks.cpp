// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness/inspection/mesh_marks.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>

#include "core/exact/self_intersection.hpp"

namespace meshassay::harness {
namespace {

using bridge_embree::Colour;

constexpr std::size_t most_pairs = 200'000;
constexpr Colour border_colour = {226, 26, 28}, crowded_colour = {255, 140, 0},
                 misoriented_colour = {190, 40, 190}, wire_colour = {20, 20, 20};
constexpr Colour plain = {214, 208, 196};

constexpr std::array names = {
    TagName{"degenerate", 1, {20, 20, 20}, "without area: its corners lie on one line"},
    TagName{"duplicate", 2, {255, 196, 60}, "there is another triangle with the same corners"},
    TagName{"intersecting", 4, {222, 60, 48}, "meets another in more than a common corner or edge"},
    TagName{"sheet", 8, {66, 170, 120}, "seen from both sides, as a whole or in part: zero thickness"},
    TagName{"internal", 16, {150, 110, 200}, "seen from neither side, as a whole or in part"},
    TagName{"misoriented", 32, {236, 150, 236}, "at an edge whose triangles do not run both ways"},
    TagName{"crowded", 64, {255, 190, 120}, "at an edge of more than two triangles"},
    TagName{"border", 128, {250, 170, 160}, "at an edge of one triangle"}};

struct Use {
  Edge edge;
  std::uint32_t triangle = 0;
  int direction = 1;
};

}  // namespace

std::span<const TagName> tag_names() { return names; }

std::uint32_t tag_bit(std::string_view name) {
  for (const auto& each : names)
    if (name == each.name) return each.bit;
  throw std::logic_error("no such tag: " + std::string(name));
}

MeshMarks marks_of(const TriangleMesh& mesh) {
  MeshMarks marks;
  marks.tags.assign(mesh.triangles.size(), 0);
  const auto degenerate = exact::degenerate_triangles(mesh);
  for (const auto t : degenerate) {
    marks.tags[t] |= tag_bit("degenerate");
    // The longest of its edges covers it.
    int longest = 0;
    for (int i = 1; i < 3; ++i)
      if ((mesh.corner(t, (i + 1) % 3) - mesh.corner(t, i)).norm() >
          (mesh.corner(t, (longest + 1) % 3) - mesh.corner(t, longest)).norm())
        longest = i;
    marks.wires.emplace_back(mesh.corner(t, longest), mesh.corner(t, (longest + 1) % 3));
  }
  std::vector<Use> uses;
  std::vector<std::pair<Triangle, std::uint32_t>> sorted;
  uses.reserve(3 * mesh.triangles.size());
  sorted.reserve(mesh.triangles.size());
  for (std::uint32_t t = 0; t < mesh.triangles.size(); ++t) {
    Triangle triangle = mesh.triangles[t];
    if (triangle[0] == triangle[1] || triangle[1] == triangle[2] || triangle[2] == triangle[0]) continue;
    for (std::size_t i = 0; i < 3; ++i) {
      const std::uint32_t a = triangle[i], b = triangle[(i + 1) % 3];
      uses.push_back({std::minmax(a, b), t, a < b ? 1 : -1});
    }
    std::sort(triangle.begin(), triangle.end());
    sorted.emplace_back(triangle, t);
  }
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t i = 1; i < sorted.size(); ++i)
    if (sorted[i].first == sorted[i - 1].first)
      for (const auto t : {sorted[i].second, sorted[i - 1].second}) marks.tags[t] |= tag_bit("duplicate");
  std::sort(uses.begin(), uses.end(), [](const Use& a, const Use& b) {
    return std::pair(a.edge, a.triangle) < std::pair(b.edge, b.triangle);
  });
  for (std::size_t first = 0, next = 0; first < uses.size(); first = next) {
    int sum = 0;
    for (next = first; next < uses.size() && uses[next].edge == uses[first].edge; ++next)
      sum += uses[next].direction;
    const std::size_t count = next - first;
    const auto mark = [&](std::vector<Edge>& edges, const char* tag) {
      edges.push_back(uses[first].edge);
      for (std::size_t i = first; i < next; ++i) marks.tags[uses[i].triangle] |= tag_bit(tag);
    };
    if (count == 1) mark(marks.border, "border");
    if (count > 2) mark(marks.crowded, "crowded");
    if (std::abs(sum) > static_cast<int>(count % 2)) mark(marks.misoriented, "misoriented");
  }
  for (const auto& [a, b] : exact::self_intersections(mesh, most_pairs).pairs)
    for (const auto t : {a, b}) marks.tags[t] |= tag_bit("intersecting");
  return marks;
}

void add_hull_tags(MeshMarks& marks, const metrics::Certificate& certificate) {
  for (const auto& share : certificate.witnesses.internal) marks.tags[share.triangle] |= tag_bit("internal");
  for (const auto& share : certificate.witnesses.sheet) marks.tags[share.triangle] |= tag_bit("sheet");
}

namespace {

Colour colour_of(std::uint32_t tags) {
  for (const auto& each : names)
    if ((tags & each.bit) != 0) return each.colour;
  return plain;
}

}  // namespace

bridge_embree::SurfacePictureOptions picture_options(const TriangleMesh& mesh, const MeshMarks& marks) {
  bridge_embree::SurfacePictureOptions options;
  for (const auto tags : marks.tags) options.triangle_colours.push_back(colour_of(tags));
  for (const auto& [edges, colour] : {std::pair{&marks.crowded, crowded_colour},
                                      {&marks.misoriented, misoriented_colour},
                                      {&marks.border, border_colour}})
    for (const auto& [a, b] : *edges)
      options.lines.push_back({mesh.vertices_mm[a], mesh.vertices_mm[b], colour});
  for (const auto& [from, to] : marks.wires) {
    if (from == to)
      options.points.push_back({from, wire_colour});
    else
      options.lines.push_back({from, to, wire_colour});
  }
  return options;
}

std::vector<LegendText> legend_of(const MeshMarks& marks) {
  std::vector<LegendText> legend;
  const auto add_lines = [&](bool any, const Colour& colour, const char* text) {
    if (any) legend.push_back({colour, text});
  };
  add_lines(!marks.border.empty(), border_colour, "line: border, an edge of one triangle");
  add_lines(!marks.crowded.empty(), crowded_colour, "line: an edge of more than two triangles");
  add_lines(!marks.misoriented.empty(), misoriented_colour,
            "line: an edge whose triangles do not run both ways");
  add_lines(!marks.wires.empty(), wire_colour, "black line or point: a triangle without area");
  for (const auto& each : names)
    if (std::any_of(marks.tags.begin(), marks.tags.end(),
                    [&](std::uint32_t tags) { return (tags & each.bit) != 0; }))
      legend.push_back({each.colour, std::string(each.name) + ": " + each.meaning});
  return legend;
}

std::string to_tagged_ply(const TriangleMesh& mesh, const MeshMarks& marks) {
  std::string bytes = "ply\nformat binary_little_endian 1.0\ncomment MeshAssay, LPS mm; tags: the sum of";
  for (const auto& each : names) bytes += " " + std::to_string(each.bit) + "=" + each.name;
  bytes += "\nelement vertex " + std::to_string(mesh.vertices_mm.size()) +
           "\nproperty double x\nproperty double y\nproperty double z\nelement face " +
           std::to_string(mesh.triangles.size()) +
           "\nproperty list uchar uint vertex_indices\nproperty uchar red\nproperty uchar green\nproperty "
           "uchar blue\nproperty uint tags\nend_header\n";
  for (const auto& vertex : mesh.vertices_mm)
    bytes.append(reinterpret_cast<const char*>(vertex.data()), 3 * sizeof(double));
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
    bytes.push_back(3);
    bytes.append(reinterpret_cast<const char*>(mesh.triangles[t].data()), 3 * sizeof(std::uint32_t));
    const Colour colour = colour_of(marks.tags[t]);
    for (const auto channel : {colour.red, colour.green, colour.blue})
      bytes.push_back(static_cast<char>(channel));
    bytes.append(reinterpret_cast<const char*>(&marks.tags[t]), sizeof marks.tags[t]);
  }
  return bytes;
}

}  // namespace meshassay::harness
