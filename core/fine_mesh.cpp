// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fine_mesh.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/errors.hpp"

namespace meshassay {
namespace {

constexpr std::size_t most_triangles = std::size_t{1} << 22;

using Edge = std::pair<std::uint32_t, std::uint32_t>;  // The smaller vertex first.

// The middle of each edge that is too long, as a new vertex, by edge.
std::map<Edge, std::uint32_t> halve_long_edges(TriangleMesh& mesh, double longest_mm) {
  std::map<Edge, std::uint32_t> middles;
  for (const auto& triangle : mesh.triangles)
    for (std::size_t i = 0; i < 3; ++i) {
      const Edge edge = std::minmax(triangle[i], triangle[(i + 1) % 3]);
      const Point3 a = mesh.vertices_mm[edge.first], b = mesh.vertices_mm[edge.second];
      if ((b - a).norm() <= longest_mm) continue;
      if (middles.try_emplace(edge, static_cast<std::uint32_t>(mesh.vertices_mm.size())).second)
        mesh.vertices_mm.push_back(0.5 * (a + b));
    }
  return middles;
}

// A triangle cut through the middles of its edges, where they have one.
void cut(const Triangle& triangle, const std::map<Edge, std::uint32_t>& middles,
         std::vector<Triangle>& pieces) {
  std::array<std::optional<std::uint32_t>, 3> middle;  // Of the edge that begins at corner i.
  for (std::size_t i = 0; i < 3; ++i) {
    const auto found = middles.find(std::minmax(triangle[i], triangle[(i + 1) % 3]));
    if (found != middles.end()) middle[i] = found->second;
  }
  const auto halved =
      std::count_if(middle.begin(), middle.end(), [](const auto& m) { return m.has_value(); });
  if (halved == 0) {
    pieces.push_back(triangle);
  } else if (halved == 3) {
    pieces.push_back({triangle[0], *middle[0], *middle[2]});
    pieces.push_back({*middle[0], triangle[1], *middle[1]});
    pieces.push_back({*middle[2], *middle[1], triangle[2]});
    pieces.push_back({*middle[0], *middle[1], *middle[2]});
  } else {
    // Turned so that the first edge is halved and, where one is not, the last is not.
    std::size_t first = 0;
    while (!middle[first] || middle[(first + 2) % 3]) ++first;
    const std::uint32_t a = triangle[first], b = triangle[(first + 1) % 3], c = triangle[(first + 2) % 3];
    const std::uint32_t ab = *middle[first];
    pieces.push_back({a, ab, c});
    if (const auto bc = middle[(first + 1) % 3]) {
      pieces.push_back({ab, b, *bc});
      pieces.push_back({ab, *bc, c});
    } else {
      pieces.push_back({ab, b, c});
    }
  }
}

}  // namespace

TriangleMesh with_edges_up_to(TriangleMesh mesh, double longest_mm) {
  while (true) {
    const auto middles = halve_long_edges(mesh, longest_mm);
    if (middles.empty()) return mesh;
    std::vector<Triangle> pieces;
    for (const auto& triangle : mesh.triangles) cut(triangle, middles, pieces);
    if (pieces.size() > most_triangles)
      throw InvalidInput({.what = "edges as short as that take too many triangles",
                          .expected = "at most " + std::to_string(most_triangles) + " triangles",
                          .got = "edges of at most " + std::to_string(longest_mm) + " mm",
                          .mend = "take longer edges, or a smaller surface"});
    mesh.triangles = std::move(pieces);
  }
}

}  // namespace meshassay
