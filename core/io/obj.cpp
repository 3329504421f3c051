// SPDX-License-Identifier: GPL-3.0-or-later
// Wavefront OBJ: positions and polygons. What colours, names, groups or smooths them is passed over; curves
// and surfaces of higher order are refused, since their shape is not in the polygons.
#include <algorithm>
#include <array>
#include <cstdint>

#include "core/io/mesh_formats.hpp"
#include "core/io/words.hpp"

namespace meshassay::io {
namespace {

constexpr std::array passed_over = {"vt", "vn", "vp",     "o",      "g",   "s",    "mg",
                                    "l",  "p",  "usemtl", "mtllib", "lod", "bevel"};

// "7", "7/2", "7//3", "-1/-1/-1": the first number alone is the position.
std::uint32_t corner(Words& words, std::string_view word, std::size_t vertices) {
  const auto number = parse_number(word.substr(0, word.find('/')));
  const double count = static_cast<double>(vertices);
  if (!number ||
      *number != static_cast<double>(static_cast<std::int64_t>(std::clamp(*number, -1e15, 1e15))) ||
      *number == 0.0 || *number > count || *number < -count)
    words.refuse(
        "a vertex number between 1 and " + std::to_string(vertices) + " (or counted back from the end)",
        word);
  return static_cast<std::uint32_t>(*number > 0.0 ? *number - 1.0 : count + *number);
}

}  // namespace

TriangleMesh parse_obj(std::string_view bytes, const std::string& where) {
  TriangleMesh soup;
  Words words(bytes, where, '#');
  Polygon polygon;
  for (auto word = words.next(); !word.empty(); word = words.next()) {
    if (word == "v") {
      Point3 point;
      for (int axis = 0; axis < 3; ++axis) point[axis] = words.finite(words.next_in_line());
      soup.vertices_mm.push_back(point);
      words.skip_line();  // A weight or a colour.
    } else if (word == "f") {
      polygon.clear();
      for (auto each = words.next_in_line(); !each.empty(); each = words.next_in_line())
        polygon.add(corner(words, each, soup.vertices_mm.size()));
      if (polygon.size() < 3) words.refuse("at least three corners of a face", {});
      polygon.cut_into(soup);
    } else if (std::find(passed_over.begin(), passed_over.end(), word) != passed_over.end()) {
      words.skip_line();
    } else {
      words.refuse("'v', 'f' or another word of polygonal OBJ", word);
    }
  }
  return soup;
}

std::string to_obj(const TriangleMesh& mesh) {
  std::string text = "# MeshAssay, LPS mm\n";
  for (const auto& vertex : mesh.vertices_mm)
    text += "v " + format_number(vertex[0]) + " " + format_number(vertex[1]) + " " +
            format_number(vertex[2]) + "\n";
  for (const auto& [a, b, c] : mesh.triangles)
    text += "f " + std::to_string(a + 1) + " " + std::to_string(b + 1) + " " + std::to_string(c + 1) + "\n";
  return text;
}

}  // namespace meshassay::io
