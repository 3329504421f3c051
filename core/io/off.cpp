// SPDX-License-Identifier: GPL-3.0-or-later
// OFF as text, with or without colours and normals behind the positions ("COFF", "NOFF").
#include <array>
#include <cmath>
#include <cstdint>

#include "core/io/mesh_formats.hpp"
#include "core/io/words.hpp"

namespace meshassay::io {
namespace {

std::uint64_t whole_number(const Words& words, std::string_view word, const char* what) {
  const auto number = parse_number(word);
  if (!number || *number < 0.0 || *number > 4294967295.0 || *number != std::floor(*number))
    words.refuse(what, word);
  return static_cast<std::uint64_t>(*number);
}

// Each item takes a line of at least so many bytes; without this, a header could ask for any memory.
void refuse_too_many(const Words& words, std::uint64_t count, std::uint64_t bytes_each, const char* what) {
  if (count <= words.bytes_left() / bytes_each + 1) return;
  words.refuse(std::string("a count of ") + what + " that the file has room for", std::to_string(count));
}

}  // namespace

TriangleMesh parse_off(std::string_view bytes, const std::string& where) {
  Words words(bytes, where, '#');
  auto word = words.next();
  if (!word.ends_with("OFF") || word.find_first_not_of("SCTNOF") != std::string_view::npos)
    words.refuse("'OFF', or 'COFF' or 'NOFF', as text in three dimensions", word);
  const bool texture_first = word.find("ST") != std::string_view::npos;
  if (texture_first) words.refuse("'OFF', 'COFF' or 'NOFF'", word);
  const auto first = words.next_in_line();
  if (first == "BINARY") words.refuse("OFF as text", first);
  const auto vertices = whole_number(words, first.empty() ? words.next() : first, "the number of vertices");
  const auto faces = whole_number(words, words.next(), "the number of faces");
  (void)whole_number(words, words.next(), "the number of edges, which may be 0");
  refuse_too_many(words, vertices, 6, "vertices");
  refuse_too_many(words, faces, 4, "faces");

  TriangleMesh soup;
  soup.vertices_mm.reserve(vertices);
  for (std::uint64_t v = 0; v < vertices; ++v) {
    Point3 point;
    point[0] = words.finite(words.next());
    for (int axis = 1; axis < 3; ++axis) point[axis] = words.finite(words.next_in_line());
    soup.vertices_mm.push_back(point);
    words.skip_line();
  }
  Polygon polygon;
  for (std::uint64_t f = 0; f < faces; ++f) {
    const auto corners = whole_number(words, words.next(), "the number of a face's corners");
    polygon.clear();
    for (std::uint64_t c = 0; c < corners; ++c) {
      const auto each = words.next_in_line();
      const auto corner = whole_number(words, each, "the number of a corner");
      if (corner >= vertices) words.refuse("a corner below " + std::to_string(vertices), each);
      polygon.add(static_cast<std::uint32_t>(corner));
    }
    polygon.cut_into(soup);  // One or two corners are a point or a line: no triangle.
    words.skip_line();
  }
  if (const auto more = words.next(); !more.empty())
    words.refuse("the end of the file after its faces", more);
  return soup;
}

std::string to_off(const TriangleMesh& mesh) {
  std::string text = "OFF\n" + std::to_string(mesh.vertices_mm.size()) + " " +
                     std::to_string(mesh.triangles.size()) + " 0\n";
  for (const auto& vertex : mesh.vertices_mm)
    text += format_number(vertex[0]) + " " + format_number(vertex[1]) + " " + format_number(vertex[2]) + "\n";
  for (const auto& [a, b, c] : mesh.triangles)
    text += "3 " + std::to_string(a) + " " + std::to_string(b) + " " + std::to_string(c) + "\n";
  return text;
}

}  // namespace meshassay::io
